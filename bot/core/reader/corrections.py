"""Corrections in words: "no, 12 mSv", "it was yesterday", "not pregnant", "actually 17", "Tuesday not
Monday"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.days.grammar import in_text
from bot.core.days.in_text import moments
from bot.core.days.numbers import whole
from bot.core.reader.amounts import UNITS, cut_quantities, in_unit
from bot.core.reader.doses import not_a_limit
from bot.core.reader.expressions import expression
from bot.core.reader.findings import FactsRead, Finding, Findings, Value
from bot.core.reader.page import Page
from bot.core.reader.reading import gather, reading
from bot.core.reader.roles import Role, place
from bot.core.reader.settling import settle
from rules.deadlines import UK
from rules.facts import DETAILS, FACTS, Kind
from rules.incident import InvalidFacts
from rules.parsing import parse
from rules.quantities import Found
from storage.identifiers import mask

_LEAD, _BARE = expression("lead", re.I), expression("bare", re.I)
_BLANKS = re.compile(r"\s{2,}")  # from each place in a run of them a pattern would go to its end again
_NEW_AND_OLD = expression("not_old_but_new", re.I | re.S), expression("new_not_old", re.I | re.S)
_LAST_NUMBER = re.compile(r"\d+(?:\.\d+)?(?=\D*$)")
_OF_WHICH_DAY, _FORGET = expression("of_which_day"), expression("forget")
_DATES = ("occurred_on", "discovered_on")
_FORGOTTEN: dict[str, tuple[str, ...]] = {
    "dose": ("total_dose", "intended_dose"),
    "age": ("age_years", "age_group"),
    "date": _DATES,
    "activity": ("prescribed_activity", "delivered_activity"),
    "ratio": ("dose_ratio", "target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio"),
}
_COUNTS = tuple(name for name, fact in FACTS.items() if fact.kind is Kind.COUNT)
_OF_UNIT = {
    unit: tuple(n for n, f in FACTS.items() if f.unit == unit and f.kind is Kind.QUANTITY)
    for unit in UNITS.values()
}
WHICH = "which of them is to be changed?"
# What is meant by a unit alone, unless another was asked or stands already.
_USUAL = {
    "mSv": ("total_dose", "intended_dose"),
    "mGy": ("foetal_dose",),
    "MBq": ("prescribed_activity", "delivered_activity"),
}


def correct(
    previous: Mapping[str, object],
    text: str,
    now: datetime,
    *,
    asked: str | None = None,
    nation: str | None = None,
) -> FactsRead:
    """What `text` changes of `previous`, the facts as the contract writes them.

    `facts` holds what is newly stated, `withdrawn` the names in `previous` that cannot stand beside it. A
    value without a word on what it is goes to the fact `asked` about last, to the one whose old value is
    denied, or to the only one of its kind; where that leaves more than one, all are to be confirmed.
    `is_incident` is false where nothing was understood. `now` is aware.
    """
    masked = mask(text)
    new, old = _new_and_old(_LEAD.sub("", _BLANKS.sub(_one_blank, masked)))
    page, found = gather(new, now, nation)
    _Change(page, found, previous, asked, Page(old) if old else None, now).retarget()
    today = now.astimezone(UK).date()
    settle(page.tagged, found, today)
    got = reading(page, found, masked, [])
    withdrawn = dict.fromkeys([*_forgotten(page, previous), *_contradicted(got, previous, today)])
    understood = bool(got.facts or got.to_confirm or withdrawn)
    return replace(got, withdrawn=list(withdrawn), is_incident=understood)


def _one_blank(run: re.Match[str]) -> str:
    return "\n" if "\n" in run[0] else " "


def _new_and_old(said: str) -> tuple[str, str]:
    """The new and the old value of "12 mSv, not 2 mSv"; what only denies ("not pregnant") is all new."""
    for pattern in _NEW_AND_OLD:
        match = pattern.match(said)
        if match and _valued(match["old"]) and _valued(match["new"]):
            return match["new"], match["old"]
    return said, ""


def _valued(words: str) -> bool:
    low = words.lower()
    return bool(re.search(r"\d|\b(?:adult|child)\b", low) or in_text().search(low) or _BARE.match(low))


@dataclass
class _Change:
    """Values without a word on what they are, each brought to the fact that is meant."""

    page: Page
    found: Findings
    previous: Mapping[str, object]
    asked: str | None
    old: Page | None
    now: datetime

    def retarget(self) -> None:
        for base, unit in UNITS.items():
            for one in place(self.page.tagged, base):
                if one.role is Role.NONE and one.found.span is not None:
                    self._quantity(one.found, unit, one.found.span.text(unit))
        self._day()
        bare = _BARE.match(self.page.text)
        if bare and not self.page.tagged.has(*UNITS) and "age_years" not in self.found.certain():
            self.found.drop("age_years")
            self._number(bare)

    def _add(self, names: Sequence[str], value: Value | None, start: int, end: int, doubt: str) -> None:
        doubt = doubt or (WHICH if len(names) > 1 else "")
        self.found.extend(Finding(name, value, start, end, doubt) for name in names)

    def _quantity(self, new: Found, unit: str, value: str) -> None:
        self.found.all = [f for f in self.found.all if (f.start, f.end) != (new.start, new.end)]
        old = self._old_amounts(new)
        denied = [name for name in _OF_UNIT[unit] if self.previous.get(name) in old]
        asked = [self.asked] if self.asked in _OF_UNIT[unit] else []
        have = [name for name in _OF_UNIT[unit] if name in self.previous]
        doubt = not_a_limit(new) or self.page.doubt(new.start, new.end)
        self._add(denied or asked or have or _USUAL[unit], value, new.start, new.end, doubt)

    def _old_amounts(self, new: Found) -> list[str]:
        """What is denied, in the unit of the table; a bare number is in the unit of the new one."""
        if self.old is None:
            return []
        bare = _BARE.match(self.old.text)
        cut_quantities(self.old)
        spans = [token.value.span for token in self.old.tagged.tokens if new.base in token.tags]
        spans.append(in_unit(bare["n"], new) if bare else None)
        return [one.text(UNITS[new.base]) for one in spans if one]

    def _day(self) -> None:
        """A day on its own changes the only date there is."""
        days = [f for f in self.found.all if f.fact in _DATES]
        if len(days) != 1 or _OF_WHICH_DAY.search(self.page.low):
            return
        denied = moments(self.old.low, self.now)[:1] if self.old else []
        no_longer = [moment.day.isoformat() for moment in denied if moment.day]
        names = (
            [self.asked] if self.asked in _DATES
            else [name for name in _DATES if str(self.previous.get(name, ""))[:10] in no_longer]
            or [name for name in _DATES if name in self.previous]
            or ["occurred_on"]
        )  # fmt: skip
        self.found.drop(days[0].fact)
        self._add(names, days[0].value, days[0].start, days[0].end, days[0].doubt)

    def _number(self, bare: re.Match[str]) -> None:
        """A number and nothing else: of the only count or age there is, or of the dose, which is then
        confirmed."""
        number, span = whole(bare["n"]), bare.span("n")
        denied = _LAST_NUMBER.search(self.old.low) if self.old else None
        counts = [name for name in _COUNTS if name in self.previous]
        amounts = [name for names in _OF_UNIT.values() for name in names if name in self.previous]
        if denied:
            counts = [name for name in counts if str(self.previous[name]) == denied[0]]
            amounts = [name for name in amounts if str(self.previous[name]).split()[0] == denied[0]]
        elif self.asked in _COUNTS:
            counts, amounts = [self.asked], []
        elif self.asked and FACTS[self.asked].unit in _OF_UNIT:
            amounts = [self.asked]
        counts = counts if number is not None else []
        alone = bool(denied) and len(counts) + len(amounts) == 1
        if number is not None and counts:
            sure = alone or self.asked in _COUNTS or not amounts
            self._add(counts, number, *span, "" if sure else "is that the age or number, or a dose?")
        for name in amounts:
            unit = FACTS[name].unit
            value = f"{bare['n'] if number is None else number} {unit}"
            self._add([name], value, *span, "" if alone else f"is that in {unit}?")


def _forgotten(page: Page, previous: Mapping[str, object]) -> list[str]:
    said = [match["what"] for match in _FORGET.finditer(page.low)]
    names = [name for what in said for name in _FORGOTTEN.get(what, (what.replace(" ", "_"),))]
    return [name for name in names if name in previous]


def _contradicted(got: FactsRead, previous: Mapping[str, object], today: date) -> list[str]:
    """Former facts that the rules refuse beside the new ones: a foetal dose once there is no pregnancy."""
    known = {*FACTS, *DETAILS}
    other_age = {"age_years": "age_group", "age_group": "age_years"}
    gone = {other_age[name] for name in got.facts if name in other_age}
    kept = {n: v for n, v in previous.items() if n in known and n not in got.facts and n not in gone}
    for _ in range(len(kept) + 1):
        try:
            parse({**kept, **got.facts}, today)
            break
        except InvalidFacts as invalid:
            blamed = [str(error.fact) for error in invalid.errors if error.fact in kept]
            if not blamed:
                break
            for name in blamed:
                kept.pop(name, None)
    return [name for name in previous if name in known and name not in kept and name not in got.facts]
