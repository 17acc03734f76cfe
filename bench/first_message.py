"""How many questions are left after a first message? `python -m bench.first_message`, or `make bench`.

Incidents are drawn as for `bench.questions`. Of each a sentence is written that names what kind of exposure
it was, the age and the doses (for therapy the ratio or the activities); the reader reads it, and the planner
asks what is left. The nation is that of the settings. That an exposure was intended at all is never taken
from a message, so it is one of the questions unless the outcome does without. Counted until the outcome is
settled, every question single and with the yes/no flags in one message, and as one more the agreement to what
was read, where a verdict that nobody need be told rests on it; and until the verdict is shown, with what only
the deadlines and the record need (the day of discovery, the labels).
"""

from __future__ import annotations

import argparse
from datetime import datetime
from decimal import Decimal
from random import Random
from statistics import mean

from bench.questions_world import WAYS_IN, Truth, draw, rows_met
from bot.core.check.check import Check
from bot.core.check.interview import answered, next_of
from bot.core.check.stating import flag_value, state
from bot.core.draft import Draft, Source
from bot.core.reader import read
from rules.deadlines import UK
from rules.deciding import outcome_and_codes
from rules.facts import FACTS
from rules.planner import next_question
from rules.spans import Span

NOW = datetime(2026, 11, 10, 14, 0, tzinfo=UK)
TODAY = NOW.date()
GIVEN = Source("u", at=NOW.isoformat())
READ = Source("u", at=NOW.isoformat(), how="read")
WORDS = {
    "diagnostic": ("CT head", "chest x-ray", "CT abdomen and pelvis", "mammogram"),
    "interventional": ("coronary angiogram in the cath lab", "interventional radiology procedure"),
    "nuclear_medicine": ("bone scan", "FDG PET-CT", "V/Q scan"),
    "radiotherapy_planning": ("radiotherapy planning CT", "planning scan"),
    "radiotherapy_verification": ("verification images on the linac", "kV verification imaging"),
    "radiotherapy_treatment": ("external beam radiotherapy treatment", "brachytherapy"),
    "nuclear_medicine_therapy": ("radioiodine therapy", "Lu-177 PRRT"),
}
HEADS = ("single", "flags in one", "verdict shown", "facts read", "misread")


# What is a dose there, and how it is said.
EFFECTIVE = {"intended_dose": "intended dose {} mSv", "total_dose": "total dose {} mSv"}
DOSES = {
    "radiotherapy_treatment": {
        "target_dose_ratio": "target received {} times the intended dose over the whole course"
    },
    "nuclear_medicine_therapy": {
        "prescribed_activity": "prescribed {} MBq",
        "delivered_activity": "delivered {} MBq",
    },
}


def sentence(truth: Truth, random: Random) -> str:
    category = truth.frame.category
    sirt = category == "nuclear_medicine_therapy" and truth.answer("nm_therapy") == "sirt"
    parts = ["SIRT" if sirt else random.choice(WORDS[category]), age(truth, random)]
    for name, words in DOSES.get(category, EFFECTIVE).items():
        if name != "intended_dose" or truth.frame.exposure == "unintended":
            parts.append(words.format(f"{Decimal(str(truth.answer(name))):f}"))
    random.shuffle(parts)
    return f"incident: {', '.join(parts)}"


def age(truth: Truth, random: Random) -> str:
    adult = truth.answer("age_group") == "adult"
    # From ten to fifteen everybody is a child, and a pregnancy is asked about.
    years = random.randint(18, 90) if adult else random.randint(10, 15)
    return f"{years} years old"


def begun(truth: Truth, random: Random) -> tuple[Check, int, int]:
    """The check after the message, how many facts were read, and how many of them are not so."""
    got = read(sentence(truth, random), NOW, truth.frame.nation)
    facts = {name: value for name, value in got.facts.items() if name in FACTS}
    blank = Check(Draft("d", NOW.isoformat()), TODAY)
    check = state(blank, {"nation": truth.frame.nation}, source=GIVEN)
    check = state(check, facts, source=READ, keep=False)
    known = check.facts.known
    wrong = sum(
        name not in ("age_years", *truth.frame._fields) and known[name] != truth.facts[name] for name in facts
    )
    return check, len(facts), wrong


def told(check: Check, truth: Truth, names: tuple[str, ...]) -> Check:
    given: dict[str, object] = {}
    for name in names:
        if name in truth.frame._fields:
            given[name] = getattr(truth.frame, name)
        elif name == "discovered_on":
            given[name] = "2026-11-09"
        elif name == "individuals_exposed":
            have = truth.facts[name]
            given[name] = flag_value(name, isinstance(have, Span) and have.low.value > 1)
        else:
            given["age_group" if name == "age_years" else name] = truth.answer(name)
    return state(check, given, source=GIVEN, keep=False)


def until_settled(check: Check, truth: Truth, together: bool) -> int:
    asked = 0
    while names := next_question(check.facts, skip=answered(check.draft), together=together):
        check, asked = told(check, truth, names), asked + 1
    outcome, _ = outcome_and_codes(check.facts)
    assert outcome == ("notify" if rows_met(truth) else "do_not_notify"), (truth, check.facts, outcome)
    return asked + bool(check.to_agree)


def until_shown(check: Check, truth: Truth) -> int:
    asked = 0
    while question := next_of(check):
        check, asked = told(check, truth, question.names), asked + 1
    return asked + bool(check.to_agree)


def row(exposure: str, category: str, count: int) -> list[float]:
    random = Random(f"{exposure} {category}")
    columns: list[tuple[int, ...]] = []
    for _ in range(count):
        truth = draw(exposure, category, random)
        check, read_, wrong = begun(truth, random)
        asked = (until_settled(check, truth, together) for together in (False, True))
        columns.append((*asked, until_shown(check, truth), read_, wrong))
    return [mean(column) for column in zip(*columns, strict=True)]


def main(count: int) -> None:
    print(f"{'Questions after a first message':40}" + "".join(f"{head:>15}" for head in HEADS))
    table = []
    for exposure, category in WAYS_IN:
        table.append(row(exposure, category, count))
        print(f"{f'{exposure}, {category}':40}" + "".join(f"{v:15.2f}" for v in table[-1]), flush=True)
    print(f"{'mean':40}" + "".join(f"{mean(column):15.2f}" for column in zip(*table, strict=True)))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--incidents", type=int, default=100)
    main(options.parse_args().incidents)
