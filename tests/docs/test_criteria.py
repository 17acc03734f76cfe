"""The review table is what the rules say today, and shows every limit, choice and reading that there is."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from rules.conditions import OneOf, RatioWithin, Within
from rules.editions import edition_for
from rules.facts import CATEGORIES
from rules.readings import READINGS
from rules.spans import plain
from tools.criteria.__main__ import PLACE
from tools.criteria.incidents import BESIDE, CHOSEN, MET, incident, judged
from tools.criteria.page import page
from tools.criteria.section import Section

EDITION = edition_for(None)


def limit_rows(code: str) -> list[list[str]]:
    """The lines of a row's table of limits: what is changed, just below, at, just above, not known."""
    lines = list(Section(EDITION.by_code[code]).lines())
    start = next((i for i, line in enumerate(lines) if line.startswith("| changed")), len(lines))
    rows = []
    for line in lines[start + 2 :]:
        if not line:
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_page_is_what_the_rules_say_today() -> None:
    assert Path(PLACE).read_text(encoding="utf-8") == page(), "stale: run `make criteria`"


@pytest.mark.parametrize("code", list(EDITION.by_code))
def test_every_limit_of_a_row_is_shown(code: str) -> None:
    shown = limit_rows(code)
    wanted = []
    for atom in dict.fromkeys(EDITION.by_code[code].when.atoms()):
        if isinstance(atom, Within | RatioWithin):
            factor = " x" if isinstance(atom, RatioWithin) else ""
            wanted += [atom.fact.replace("_", " ")] * len(
                BESIDE.get((code, f"{atom.fact} {plain(atom.limit)}{factor}"), ({},))
            )
    assert [row[0].split(",")[0] for row in shown] == wanted


@pytest.mark.parametrize("code", list(EDITION.by_code))
def test_every_line_of_limits_lies_around_its_limit_and_crosses_it(code: str) -> None:
    for changed, below, at, above, _ in limit_rows(code):
        cells = [cell.split(" → ") for cell in (below, at, above) if cell != "–"]
        numbers = [Decimal(number) for number, _ in cells]
        assert numbers == sorted(numbers), changed
        assert len({result for _, result in cells}) > 1, changed


@pytest.mark.parametrize("code", list(EDITION.by_code))
def test_every_choice_of_a_row_is_shown(code: str) -> None:
    text = "\n".join(Section(EDITION.by_code[code]).lines())
    for atom in EDITION.by_code[code].when.atoms():
        if isinstance(atom, OneOf) and atom.fact not in ("nation", "age_group"):
            assert atom.fact.replace("_", " ") in text


@pytest.mark.parametrize("code", list(EDITION.by_code))
def test_every_row_is_shown_met(code: str) -> None:
    category, change = CHOSEN[code]
    verdict = judged(incident(category, change, MET.get(code, {})))
    assert code in (*verdict.codes, *(label[0] for label in verdict.complementary))


@pytest.mark.parametrize("category", CATEGORIES)
def test_what_is_called_harmless_is(category: str) -> None:
    assert judged(incident(category)).outcome == "do_not_notify"


def test_every_reading_is_printed_with_its_text() -> None:
    text = page()
    assert all(f"| {r.id} | {r.point} | {r.reading} |" in text for r in READINGS.values())


def test_it_can_be_read_on_paper() -> None:
    lines = page().splitlines()
    assert len(lines) < 500
    # No table is wider than a page.
    assert max(line.count("|") for line in lines) <= 7


def test_every_result_is_one_that_the_page_explains() -> None:
    cells = re.findall(r"→ ([^|;\n]+)", page())
    assert len(cells) > 150
    assert all(re.fullmatch(r"\*\*.+\*\*|no( \(.+\))?|open", cell.strip()) for cell in cells)
