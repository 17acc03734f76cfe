"""Facts and verdict of many rows: most rows of a register are alike in all that decides, so that is read and
decided once. What is of each row alone, its days and its texts, is put beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from rules.deadlines import notify_by, report_by
from rules.deciding import decide
from rules.editions import edition_for
from rules.fact_model import Kind
from rules.facts import DETAILS, FACTS
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from rules.values import take
from storage.quick_json import as_json

Verdict = dict[str, object]
_DAYS = frozenset(name for name, fact in FACTS.items() if fact.kind is Kind.DATE)
_APART = _DAYS | {name for name, allowed in DETAILS.items() if not allowed}
_HOUR = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d")
# Of what was read and decided so much is remembered, whatever the length of the file. Then it begins anew.
MOST_REMEMBERED = 2048
_PLACE = {name: place for place, name in enumerate((*FACTS, *DETAILS))}


@dataclass
class Judging:
    today: date
    _read: dict[tuple[object, ...], tuple[Facts, dict[bool, Verdict]]] = field(default_factory=dict)
    _days: dict[tuple[str, str], date | datetime] = field(default_factory=dict)
    _same: dict[tuple[str, bool], Verdict] = field(default_factory=dict)

    def of(self, given: Mapping[str, Any]) -> tuple[Facts, Verdict]:
        """As `parse` and `decide` have it. Raises InvalidFacts."""
        found = self._put_together(given)
        if found is None:  # something is wrong with it, or its days are of one edition and of another
            facts = parse(given, self.today)
            return facts, decide(facts).as_dict()
        facts, verdicts = found
        known = facts.discovered_on is not None
        if known not in verdicts:
            made = decide(facts).as_dict()
            alike = as_json({**made, "notify_by": None, "report_by": None}), bool(made.get("notify_by"))
            verdicts[known] = self._same.setdefault(alike, made)  # one in memory, and one to be masked
        verdict = verdicts[known]
        if verdict.get("notify_by") and (day := facts.discovered_on):
            verdict = verdict | _by_when(day)
        return facts, verdict

    def _put_together(self, given: Mapping[str, Any]) -> tuple[Facts, dict[bool, Verdict]] | None:
        """None where this way might not see what `parse` sees."""
        alike = {name: value for name, value in given.items() if name not in _APART}
        try:
            days = {name: self._day(name, given[name]) for name in _DAYS if name in given}
            key = (*alike, *alike.values(), *map(type, alike.values()))
            found = self._read.get(key)
        except (TypeError, ValueError):  # a list, say
            return None
        if not _in_order(days):
            return None
        if found is None:
            if len(self._read) >= MOST_REMEMBERED:
                self._read.clear()
                self._same.clear()
            try:
                found = self._read[key] = parse(alike, self.today), {}
            except InvalidFacts:
                return None
        alone, verdicts = found
        plain = {name: day.date() if isinstance(day, datetime) else day for name, day in days.items()}
        if edition_for(plain.get("discovered_on")) is not alone.edition:
            return None
        texts = {name: value for name, value in given.items() if name in DETAILS and name in _APART}
        if not all(isinstance(text, str) for text in texts.values()):
            return None
        stated = {**alone.stated, **{name: day.isoformat() for name, day in days.items()}, **texts}
        stated = {name: stated[name] for name in _in_their_order(tuple(stated))}
        discovered, occurred = plain.get("discovered_on"), plain.get("occurred_on")
        return replace(alone, stated=stated, discovered_on=discovered, occurred_on=occurred), verdicts

    def _day(self, name: str, value: str) -> date | datetime:
        """Raises ValueError, and TypeError where it is no text. There are many hours, and few days: of a day
        with its hour the day is looked at."""
        if match := _HOUR.fullmatch(value):
            self._day(name, match[1])
            return datetime.fromisoformat(value)
        if (name, value) not in self._days:
            if len(self._days) >= MOST_REMEMBERED:
                self._days.clear()
            moment = take(name, value, self.today).moment
            assert moment is not None
            self._days[name, value] = moment
        return self._days[name, value]


@lru_cache(256)
def _in_their_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=_PLACE.__getitem__))


@lru_cache(4096)  # of a register there are fewer days than rows
def _by_when(discovered: date) -> Verdict:
    return {"notify_by": notify_by(discovered).isoformat(), "report_by": report_by(discovered).isoformat()}


def _in_order(days: Mapping[str, date | datetime]) -> bool:
    """Is it sure that it was discovered after it occurred, by the day, or by one of two days with no hour?"""
    if any(isinstance(day, datetime) and day.tzinfo for day in days.values()):
        return False
    if len(days) < 2:
        return True
    occurred, discovered = (days[name].isoformat() for name in ("occurred_on", "discovered_on"))
    both = len(occurred) > len("2026-11-02") < len(discovered)
    return occurred[:10] < discovered[:10] or (occurred[:10] == discovered[:10] and not both)
