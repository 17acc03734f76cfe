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
from bot.core.reader.findings import FactsRead, Finding, Findings, why
from bot.core.reader.guards import judge
from bot.core.reader.lexicon import expression
from bot.core.reader.page import Page
from bot.core.reader.patterns import tagset
from bot.core.reader.reading import gather, reading
from bot.core.reader.roles import place
from bot.core.reader.settling import refused, settle
from rules.deadlines import UK
from rules.facts import DETAILS, FACTS, Kind
from rules.quantities import Found
from storage.identifiers import mask

_LEAD, _BARE = expression("lead", re.I), expression("bare", re.I)
_BLANKS = re.compile(r"\s{2,}")  # from each place in a run of them a pattern would go to its end again
_NEW_AND_OLD = expression("not_old_but_new", re.I | re.S), expression("new_not_old", re.I | re.S)
_LAST_NUMBER = re.compile(r"\d+(?:\.\d+)?(?=\D*$)")
_OF_WHICH_DAY, _FORGET = expression("of_which_day"), expression("forget")
_DATES = ("occurred_on", "discovered_on")
_COUNTS = tuple(name for name, fact in FACTS.items() if fact.kind is Kind.COUNT)
_AMOUNTS = {name: fact.unit for name, fact in FACTS.items() if fact.kind is Kind.QUANTITY}
WHICH = why("?which_to_change")


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
    one_blank = _BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", masked)
    new, old = _new_and_old(_LEAD.sub("", one_blank))
    page, found = gather(new, now, nation)
    _Change(page, found, previous, asked, Page(old) if old else None, now).retarget()
    today = now.astimezone(UK).date()
    settle(page.tagged, found, today)
    got = reading(page, found, masked, [])
    withdrawn = dict.fromkeys([*_forgotten(page, previous), *_contradicted(got, previous, today)])
    return replace(got, withdrawn=[*withdrawn], is_incident=bool(got.facts or got.to_confirm or withdrawn))


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
                if one.role == "none" and one.found.span is not None:
                    self._quantity(one.found, unit, one.found.span.text(unit))
        days = [f for f in self.found.all if f.fact in _DATES]
        if len(days) == 1 and not _OF_WHICH_DAY.search(self.page.low):
            denied = moments(self.old.low, self.now)[:1] if self.old else []
            names = self._meant(_DATES, [one.day.isoformat() for one in denied if one.day], _DATES[:1])
            self.found.drop(days[0].fact)
            self._add(names, days[0])
        bare = _BARE.match(self.page.text)
        if bare and not self.page.tagged.has(*UNITS) and "age_years" not in self.found.certain():
            self.found.drop("age_years")
            self._number(bare)

    def _meant(self, names: Sequence[str], old: Sequence[str], usual: Sequence[str]) -> Sequence[str]:
        """The facts whose old value is denied, or the one asked about, or those that there are; a total that
        nobody knew is told as well."""
        denied = [n for n in names if n in self.previous and str(self.previous[n]).startswith(tuple(old))]
        asked = [name for name in names if name == self.asked]
        known = {name for name in names if name in self.previous}
        return denied or asked or [n for n in names if known and n in {*known, "total_dose"}] or usual

    def _add(self, names: Sequence[str], one: Finding) -> None:
        doubt = one.doubt or ("?which_to_change" if len(names) > 1 else "")
        self.found.all += (replace(one, fact=name, doubt=doubt) for name in names)

    def _quantity(self, new: Found, unit: str, value: str) -> None:
        self.found.all = [f for f in self.found.all if (f.start, f.end) != (new.start, new.end)]
        names = [name for name, own in _AMOUNTS.items() if own == unit]
        usual = [name for name in names if name != "infant_dose"]
        meant, t = self._meant(names, self._old_amounts(new), usual), self.page.tagged
        doubt = not_a_limit(new) or judge(t, meant[0], t.at(new.start), t.after(new.end))
        self._add(meant, Finding("", value, new.start, new.end, doubt))

    def _old_amounts(self, new: Found) -> list[str]:
        """What is denied, in the unit of the table; a bare number is in the unit of the new one."""
        if self.old is None:
            return []
        bare = _BARE.match(self.old.text)
        cut_quantities(self.old)
        spans = [token.value.span for token in self.old.tagged.tokens if new.base in token.tags]
        spans.append(in_unit(bare["n"], new) if bare else None)
        return [one.text(UNITS[new.base]) for one in spans if one]

    def _number(self, bare: re.Match[str]) -> None:
        """A number and nothing else: of the only count or age there is, or of the dose, which is then
        confirmed."""
        number, (start, end) = whole(bare["n"]), bare.span("n")
        denied = _LAST_NUMBER.search(self.old.low) if self.old else None
        names = [n for n in (*_COUNTS, *_AMOUNTS) if n in self.previous or n == self.asked]
        if denied:
            names = [n for n in names if str(self.previous.get(n, "")).split()[:1] == [denied[0]]]
        elif self.asked in names:
            names = [self.asked]
        counts = [n for n in names if n in _COUNTS and number is not None]
        amounts = [n for n in names if n in _AMOUNTS]
        alone = bool(denied) and len(counts) + len(amounts) == 1
        doubt = "?number_or_dose" if amounts else ""
        if number is not None:
            self._add(counts, Finding("", number, start, end, doubt))
        for name in amounts:
            value = f"{bare['n'] if number is None else number} {_AMOUNTS[name]}".strip()
            doubt = f"is that in {_AMOUNTS[name]}?" if _AMOUNTS[name] else "is that the ratio?"
            doubt = "" if alone else doubt
            self._add([name], Finding("", value, start, end, doubt))


def _forgotten(page: Page, previous: Mapping[str, object]) -> list[str]:
    said = [match["what"].replace(" ", "_") for match in _FORGET.finditer(page.low)]
    names = {*said, *tagset(" ".join(f"any_{what}" for what in said))}
    return [name for name in previous if name in names]


def _contradicted(got: FactsRead, previous: Mapping[str, object], today: date) -> list[str]:
    """Former facts that the rules refuse beside the new ones: a foetal dose once there is no pregnancy."""
    known = {*FACTS, *DETAILS}
    ages = tagset("any_age")
    gone = {*got.facts, *(ages if ages & got.facts.keys() else ())}
    kept = {n: v for n, v in previous.items() if n in known and n not in gone}
    while blamed := kept.keys() & refused({**kept, **got.facts}, today):
        kept = {n: v for n, v in kept.items() if n not in blamed}
    return [name for name in previous if name in known and name not in kept and name not in got.facts]
