"""Whole incidents, as somebody has them in mind: every fact, what is known at once, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any

from bot.core.patient_numbers import holds_number
from rules.deciding import decide
from rules.facts import DEFAULTS, FACTS, FLAGS, Kind
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from rules.spans import Span
from rules.values import take
from tests.rules.incidents import complete_incident, raw

HERE = Path(__file__).parent
TODAY = date(2026, 12, 1)
FLAGGED = (*FLAGS, "individuals_exposed", "clinically_significant", "equipment_fault")
ADULT = {"scotland": 16}


@dataclass(frozen=True)
class Incident:
    """`facts` are all that there are; `knows` those that the one who tells it knows."""

    title: str
    facts: Mapping[str, Any]
    story: str
    knows: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def parsed(self) -> Facts:
        return parse(dict(self.facts), TODAY)

    @cached_property
    def outcome(self) -> str:
        """What all of it comes to."""
        return decide(self.parsed).outcome

    @cached_property
    def _held(self) -> dict[tuple[str, str], bool]:
        return {}

    def holds(self, name: str, value: object) -> bool:
        """Is that so, as far as it goes? What the incident says nothing of is not."""
        asked = name, repr(value)
        if asked not in self._held:
            self._held[asked] = self._holds(name, value)
        return self._held[asked]

    def _holds(self, name: str, value: object) -> bool:
        if name == "age_group":
            age = self.parsed.known.get("age_years")
            limit = ADULT.get(str(self.facts.get("nation")), 18)
            group = "child" if isinstance(age, Span) and age.low.value < limit else "adult"
            return value == self.facts.get("age_group", group)
        if name == "dose_ratio":
            return self._with(dose_ratio=value)
        if name not in self.facts:
            if name in DEFAULTS:
                return str(value).lower() in DEFAULTS[name]
            return value is False or value in ("none", [])
        if FACTS[name].kind is Kind.DATE:
            return str(value)[:10] == str(self.facts[name])[:10]
        if FACTS[name].many:
            return set(value) <= set(self.facts[name])  # type: ignore[call-overload]
        said, true = take(name, value, TODAY).known, self.parsed.known[name]
        if isinstance(said, Span) and isinstance(true, Span):
            return said & true == true
        return said == true

    def flagged(self, name: str) -> bool:
        """Is it so, of what is asked for in ticks?"""
        return name in self.facts and applies(name, self.facts[name])

    def _with(self, **more: object) -> bool:
        try:
            parse({**self.facts, **more}, TODAY)
        except InvalidFacts:
            return False
        return True


def applies(name: str, value: object) -> bool:
    """Is the flag's box to be ticked?"""
    return value is True or (name == "individuals_exposed" and str(value) != "1") or value == "observable"


@cache
def told() -> tuple[Incident, ...]:
    """Those of the file, each with the words that it would be told in."""
    rows = (HERE / "incidents.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for row in map(json.loads, rows):
        facts = {**row["facts"], "discovered_on": row["facts"]["discovered_on"]}
        for knows in (row["knows"], [*row["knows"], *row["later"]]):
            found.append(Incident(row["title"], facts, row["story"], frozenset(knows)))
    return tuple(found)


WORDS = {
    "diagnostic": "a scan", "interventional": "an interventional procedure",
    "nuclear_medicine": "a nuclear medicine scan", "radiotherapy_planning": "a planning scan",
    "radiotherapy_verification": "verification images", "radiotherapy_treatment": "radiotherapy treatment",
    "nuclear_medicine_therapy": "a radionuclide therapy",
}  # fmt: skip


# What somebody says beside it, of other people and of other days.
BESIDE = (
    "her daughter, 5, waited outside", "the one before was a 9 year old boy", "typical dose here is 8 mSv",
    "mum of a neonate", "last year we had the same with 2 patients", "grandmother of a 3 year old",
    "the planning scan in 2024 was repeated 3 times", "no foetus, she says", "usually 0.5 mSv",
    "not pregnant as far as we know", "DLP 850 mGycm", "there was a fault on the other scanner",
    "the next on the list had 12 mSv",
    "206 patients went through last week", "her visitor had a scan too", "nobody else exposed",
)  # fmt: skip


def drawn(random: Random) -> Incident:
    """Of the file or around a threshold, told with something that is beside it now and then."""
    incident = _drawn(random)
    if random.random() < 0.3:  # just what makes it one is not known
        incident = replace(incident, knows=incident.knows - {*filter(incident.flagged, FLAGGED)})
    if not incident.story or random.random() < 0.6:
        return incident
    words = [incident.story, random.choice(BESIDE)]
    random.shuffle(words)
    return replace(incident, story=". ".join(words))


def _drawn(random: Random) -> Incident:
    """One of the file, or one around a threshold that nobody wrote a story of."""
    if random.random() < 0.6:
        return random.choice(told())
    facts = {**raw(complete_incident(random), random), "discovered_on": "2026-11-20"}
    facts = {n: v for n, v in facts.items() if v is not None and not holds_number(str(v))}
    carries = facts.get("unintended_foetal_exposure") or facts.get("breastfed_infant_exposed")
    if carries and str(facts.get("age_years", 30)).isdecimal() and int(facts.get("age_years", 30)) < 12:
        facts["age_years"] = 31
        facts.pop("age_group", None)
    share = random.choice((1.0, 0.9, 0.6))
    knows = frozenset(name for name in facts if random.random() < share)
    story = f"something went wrong with {WORDS[facts['category']]}"
    return Incident("drawn", facts, random.choice(("", story)), knows)
