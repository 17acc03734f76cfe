"""What would change the answer: each line is taken at its word."""

import re
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from rules.clauses import PLACED
from rules.deciding import Verdict, decide
from rules.facts import FACTS, Kind
from rules.incident import Facts, InvalidFacts
from rules.parsing import changed, parse
from tests.rules.incidents import at_least, complete_incident, forgetful, many, raw, sometimes

TODAY = date(2026, 11, 23)
PLACES = {words: name for name, words in PLACED.items()}
LINE = re.compile(
    r"(From|Above|Up to|Below) ([\d.]+)(?: mSv| mGy| MBq)? (.+?) (it would be|no criterion|it could no)(.*)"
)
HAIR = Decimal("1e-8")


def codes_of(verdict: Verdict) -> list[str]:
    letters = [code[0] for code in verdict.complementary if code[0] in "MC"]
    return [*verdict.codes, *letters]


def comes_true(facts: Facts, line: str) -> None:
    """The line holds at the value it names, and not yet just before it."""
    now = decide(facts).outcome
    there, before, rest = places(facts, line)
    verdict = decide(there)
    if "it would be" in line:
        wanted = [code for code in re.split(", | and ", rest.strip()) if code != "notifiable"]
        assert (verdict.outcome, codes_of(verdict)) == ("notify", wanted), line
    else:
        assert verdict.outcome == ("undecided" if "no longer" in line else "do_not_notify"), line
    assert verdict.outcome != now
    if before is not None:
        assert decide(before).outcome in (now, "undecided" if now == "notify" else now), line


def places(facts: Facts, line: str) -> tuple[Facts, Facts | None, str]:
    """The incident as the line supposes it, and as it would be just short of that."""
    if "people exposed" in line or "person exposed" in line or "one person alone" in line:
        count = 2 if "more than one" in line else 1
        return changed(facts, TODAY, individuals_exposed=count), None, line.split("it would be")[-1]
    if line.startswith("If no exposure"):
        there = changed(facts, TODAY, exposure="accidental", intended_dose=None, dose_ratio=None)
        return there, None, line.split("it would be")[-1]
    side, number, place, _, rest = LINE.fullmatch(line).groups()
    name = PLACES[place]
    # A limit of more than eight digits is said rounded.
    step = 1 if FACTS[name].kind is Kind.COUNT else max(HAIR, Decimal(number) / 5_000_000)
    value = Decimal(number)
    at = value + {"Above": HAIR, "Below": -HAIR}.get(side, 0)
    short = value + {"From": -step, "Up to": step}.get(side, 0)
    try:
        before = changed(facts, TODAY, **{name: short})
    except InvalidFacts:
        before = None
    return changed(facts, TODAY, **{name: at}), before, rest


@pytest.mark.parametrize("seed", range(3))
def test_every_line_is_true(seed):
    rng, lines = Random(10_000 + seed), 0
    for _ in many(250):
        incident = complete_incident(rng)
        facts = parse(raw(forgetful(rng, incident) if sometimes(rng, 0.5) else incident, rng), TODAY)
        for line in decide(facts).would_change:
            comes_true(facts, line)
            lines += 1
    assert lines >= at_least(100)


USUAL = {
    "nation": "england", "age_group": "adult", "category": "diagnostic", "exposure": "unintended",
    "individuals_exposed": 1, "clinically_significant": False, "unintended_foetal_exposure": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (
            {"intended_dose": "8 mSv", "total_dose": "24 mSv"},
            [
                "From 25 mSv in total it would be 2.3",
                "Up to 2.4 mSv intended it would be 2.2",
                "With more than one person exposed it would be M",
                "If no exposure of this person had been intended at all, it would be 1",
            ],
        ),
        (
            {"intended_dose": "8 mSv", "total_dose": "25 mSv"},
            [
                "Below 25 mSv in total no criterion would be met",
                "Above 10 mSv intended no criterion would be met",
            ],
        ),
        (
            {"intended_dose": "0.1 mSv", "dose_ratio": "<=2.5"},
            [
                "From 10 mSv intended it could no longer be ruled out",
                "With more than one person exposed it would be M",
            ],
        ),
        (
            {"intended_dose": "0.1 mSv", "dose_ratio": 4},
            [
                "From 6.25 mSv intended it would be 2.3",
                "With more than one person exposed it would be M",
            ],
        ),
        (
            {"intended_dose": "2.5-2.6 mSv", "total_dose": "20 mSv"},
            [
                "From 25 mSv in total it would be notifiable",
                "With more than one person exposed it would be M",
                "If no exposure of this person had been intended at all, it would be 1",
            ],
        ),
        (
            {"dose_ratio": 2, "total_dose": "24 mSv"},
            [
                "With more than one person exposed it would be M",
                "If no exposure of this person had been intended at all, it would be 1",
            ],
        ),
        (
            {
                "category": "nuclear_medicine_therapy",
                "nm_therapy": "sirt",
                "wrong_radiopharmaceutical": False,
                "breastfed_infant_exposed": False,
                "prescribed_activity": 400,
                "delivered_activity": 400,
            },
            [
                "Above 500 MBq prescribed it would be 10.1",
                "Up to 333.33333 MBq prescribed it would be 10.1",
                "Above 480 MBq delivered it would be 10.1",
                "Below 320 MBq delivered it would be 10.1",
                "With more than one person exposed it would be M",
            ],
        ),
        (
            {"intended_dose": "12 mSv", "dose_ratio": 2, "total_dose": "24 mSv"},
            [
                "With more than one person exposed it would be M",
                "If no exposure of this person had been intended at all, it would be 1",
            ],
        ),
        ({"exposure": "near_miss"}, []),
        ({"exposed_person": "worker", "intended_dose": "8 mSv", "total_dose": "25 mSv"}, []),
        ({}, []),
    ],
)
def test_what_would_change_the_answer(facts, lines):
    assert list(decide(parse({**USUAL, **facts}, TODAY)).would_change) == lines
