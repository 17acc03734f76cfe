"""The review table for a medical physics expert: every row, and every reading, as the rules have them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.deadlines import NOTIFY_DAYS, REPORT_DAYS
from rules.readings import READINGS
from tools.criteria.incidents import COMPLEMENTARY, EDITION, SHOWN, Said, incident, judged
from tools.criteria.section import Section, result

DISCOVERED = (date(2026, 3, 16), date(2026, 10, 12), date(2026, 12, 24))  # over both changes of the clocks


def page() -> str:
    """All of docs/criteria.md."""
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    touched: dict[str, list[str]] = {}
    yield from _head()
    for criterion in EDITION.criteria:
        section = Section(criterion)
        yield from section.lines()
        for reading in section.readings:
            touched.setdefault(reading, []).append(criterion.code)
    yield from _table("Complementary codes", COMPLEMENTARY)
    yield from _table("Incidents that show a reading or a caution", SHOWN)
    yield from _newer()
    yield from _dates()
    yield from _readings(touched)
    yield from _signature()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _head() -> Iterator[str]:
    ages = EDITION.child_ages
    yield f"""# The criteria, for review

Edition of {_day(EDITION.published)}: {EDITION.title}.
It judges every incident discovered since that day.

The program itself writes this page, from the rules that it decides by: `make criteria`. A test fails when the
two differ. It is for a medical physics expert to compare with the guidance, line by line, and to sign.

## How to read it

- For each row of the guidance's table: our wording, where it stands, and the condition that the program
  evaluates.
- Below that an incident in which nothing else is notifiable, and what becomes of it when one fact is changed.
  The function that answers in the chat computes the results. **Bold** is *notify*, with the codes; *no* is
  *do not notify*; *open* is *undecided*: it cannot be ruled out, and the clock runs.
- What is not named is known and harmless: England, aged 40, no foetus exposed, one person, not clinically
  significant, an unintended exposure of 1 mSv where 1 mSv was intended.
- A child is under {ages["england"]} in England, Wales and Northern Ireland and under {ages["scotland"]} in
  Scotland, by the age at exposure.
- Numbers are compared as exact decimals. A multiple is multiplied, not divided.
- R1 to R24 name readings of passages that can be read in two ways. They stand at the end.

## The rows
"""


def _table(title: str, examples: tuple[tuple[str, str, Said], ...]) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| incident | category | result | readings | caution |"
    yield "|---|---|---|---|---|"
    for words, category, change in examples:
        verdict = judged(incident(category, change))
        readings = ", ".join(reading for reading in verdict.readings if reading != "R17") or "–"
        caution = "yes" if verdict.cautions else "–"
        yield f"| {words} | {category.replace('_', ' ')} | {result(verdict)} | {readings} | {caution} |"
    yield ""


def _newer() -> Iterator[str]:
    yield "## Known to be newer than this edition\n"
    yield "Unseen in full, so the answers go by this edition, and say so:\n"
    for criterion in EDITION.criteria:
        if criterion.newer:
            yield f"- Code {criterion.code}: {criterion.newer}."
    cautions = [c for _, category, change in SHOWN for c in judged(incident(category, change)).cautions]
    for caution in dict.fromkeys(cautions):
        yield f"- Said above the outcome: “{caution}”"
    yield ""


def _dates() -> Iterator[str]:
    yield "## Dates\n"
    yield (
        f"Notify by day {NOTIFY_DAYS} after the day of discovery, report by day {REPORT_DAYS}: calendar days "
        "in UK time, weekends and holidays included (R14).\n"
    )
    yield "| discovered | notify by | report by |"
    yield "|---|---|---|"
    for day in DISCOVERED:
        verdict = judged(incident("diagnostic", {"individuals_exposed": 2, "discovered_on": day.isoformat()}))
        assert verdict.notify_by
        assert verdict.report_by
        days = (day, verdict.notify_by, verdict.report_by)
        yield f"| {' | '.join(f'{one:%A} {_day(one)}' for one in days)} |"
    yield ""


def _readings(touched: dict[str, list[str]]) -> Iterator[str]:
    yield "## Readings\n"
    yield "Where the text allows two readings, the one that notifies is taken.\n"
    yield "| | point | reading | rows |"
    yield "|---|---|---|---|"
    elsewhere = {"R14": "dates", "R17": "every open result"}
    for reading in READINGS.values():
        rows = ", ".join(touched.get(reading.id, [])) or elsewhere.get(reading.id, "incidents above")
        yield f"| {reading.id} | {reading.point} | {reading.reading} | {rows} |"
    yield ""


def _signature() -> Iterator[str]:
    yield f"""## Confirmed

I have compared the rows, limits, results and readings on these pages with the guidance of
{_day(EDITION.published)}, and confirm that they say what it says, and that the readings are those that this
organisation applies. What is not confirmed is struck out or noted here:

| | |
|---|---|
| Edition | {_day(EDITION.published)} |
| Exceptions | |
| Name | |
| Role | |
| Organisation | |
| Date | |
| Signature | |
"""
