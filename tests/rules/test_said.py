"""Every sentence that the incidents in `cases/` bring the bot to say, kept in `cases/said/` to be read.

Written anew with `IRMER_SAID=write pytest tests/rules/test_said.py`: read the difference before you keep it.
"""

import os
import tomllib
from collections import defaultdict
from datetime import date

import pytest

from rules.deciding import decide
from rules.incident import InvalidFacts
from rules.parsing import parse
from tests.rules.test_cases import ALL, CASES

TODAY = date(2026, 11, 23)
SAID = CASES / "said"


def said_in_verdicts() -> dict[str, set[str]]:
    found = defaultdict(set)
    for param in ALL:
        verdict = decide(parse(param.values[0]["facts"], TODAY))
        for reason in verdict.reasons:
            found["reasons"].add(f"{reason.code} {reason.status}: {reason.sentence} [{reason.where}]")
        found["what would change the answer"].update(verdict.would_change)
        found["cautions"].update(verdict.cautions)
        found["who else is told"].update(f"{told.body}: {told.reason}" for told in verdict.also_tell)
        if verdict.authority:
            found["who is told"].add(f"{verdict.authority.name}: {verdict.authority.how}")
    return found


def said_in_refusals() -> set[str]:
    lines = set()
    for name in ("refused", "contradictory"):
        content = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
        every = [case["facts"] for case in content["case"]]
        every += [
            {"category": each["category"], **fact}
            for each in content.get("beside_category", ())
            for fact in each["facts"]
        ]
        for facts in every:
            with pytest.raises(InvalidFacts) as refused:
                parse(facts, TODAY)
            lines.update(f"{error.fact}: {error.message}" for error in refused.value.errors)
    return lines


def by_code(line: str) -> tuple[float, str]:
    head = line.split(maxsplit=1)[0]
    number = "".join(c for c in head if c.isdigit() or c == ".")
    return (float(number) if head[:1].isdigit() else 99.0), line


def check(name: str, lines: set[str]) -> None:
    path = SAID / f"{name.replace(' ', '_')}.txt"
    text = "".join(f"{line}\n" for line in sorted(lines, key=by_code))
    if os.environ.get("IRMER_SAID") == "write":
        SAID.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text.splitlines() == path.read_text("utf-8").splitlines()


def test_what_is_said_in_verdicts_is_what_was_read():
    said = said_in_verdicts()
    assert {*said} == {
        "reasons",
        "what would change the answer",
        "cautions",
        "who else is told",
        "who is told",
    }
    for name, lines in said.items():
        check(name, lines)


def test_what_is_said_of_refused_facts_is_what_was_read():
    check("refusals", said_in_refusals())
