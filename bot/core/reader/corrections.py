"""Corrections in words: "no, 12 mSv", "it was yesterday", "not pregnant", "actually 17", "Tuesday not
Monday"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.days.grammar import in_text
from bot.core.days.in_text import moments
from bot.core.days.numbers import NUMBER, whole
from bot.core.reader.ages import sex
from bot.core.reader.doses import UNITS, cut_quantities, in_unit
from bot.core.reader.findings import FactsRead, Finding, Findings, Value, reading
from bot.core.reader.page import Page
from bot.core.reader.reading import gather
from bot.core.reader.roles import Role, place
from bot.core.reader.settling import settle
from rules.deadlines import UK
from rules.facts import DETAILS, FACTS, Kind
from rules.incident import InvalidFacts
from rules.parsing import parse
from rules.quantities import Found
from storage.identifiers import mask, warnings

_LEAD = re.compile(
    r"^\W*(?:(?:no(?=\s*[,.:;!-]|\s+(?:\d|it|s?he|they|the|that|i|we)\b)|nope|sorry|actually|correction"
    r"|(?:i |we )?meant|i mean|oops|wait|ah|hang on|make that|that(?: is|'s) wrong|that was wrong|wrong"
    r"|rather"
    r"|to correct(?: that)?|change (?:that|it|this) to|it should (?:be|say|read)"
    r"|should (?:be|say|read)|should have said|not quite|well)\b[\s,:;.!-]*)+",
    re.I,
)
_NEW_NOT_OLD = re.compile(
    r"(?P<new>.{1,200}?)[,;]?\s+(?:and\s+)?not\s+(?P<old>[^,;]{1,60}?)[.!]?\s*$", re.I | re.S
)
_NOT_OLD_NEW = re.compile(
    r"(?:it (?:was|is) )?not\s+(?P<old>[^,;]{1,60}?)(?:\s*[,;]\s*(?:but\s+)?|\s+but\s+)(?P<new>.{1,200})$",
    re.I | re.S,
)
_BARE = re.compile(
    rf"(?:it (?:was|is|should be)|(?:s?he|they) (?:was|is|are|were)|(?:s?he|they|it)'s)?\s*(?P<n>{NUMBER}"
    rf"|\d{{1,5}}\.\d{{1,4}})\s*[.!]?\s*$",
    re.I,
)
_FORGET = re.compile(
    r"\b(?:forget|remove|delete|ignore|scrap|drop|take out|leave out|disregard)\s+(?:about\s+)?(?:the\s+"
    r"|that\s+)?(?P<what>intended dose|total dose|foetal dose|infant dose|dose|age|date|nation|category"
    r"|activity|ratio)\b"
)
_FORGOTTEN: dict[str, tuple[str, ...]] = {
    "dose": ("total_dose", "intended_dose"),
    "age": ("age_years", "age_group"),
    "date": ("occurred_on", "discovered_on"),
    "activity": ("prescribed_activity", "delivered_activity"),
    "ratio": ("dose_ratio", "target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio"),
}
_DATES = ("occurred_on", "discovered_on")
_COUNTS = tuple(name for name, fact in FACTS.items() if fact.kind is Kind.COUNT)
_OF_UNIT = {
    unit: tuple(n for n, f in FACTS.items() if f.unit == unit and f.kind is Kind.QUANTITY)
    for unit in UNITS.values()
}
WHICH = "which of them is to be changed?"
# A unit that says nothing of whose dose it is: only these are meant unless another was asked or stands
# already.
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
    said = _LEAD.sub("", masked)
    new, old = _split(said)
    page, found = gather(new, now, nation)
    _retarget(page, found, previous, asked, Page(old) if old else None, now)
    settle(page.tagged, found, now.astimezone(UK).date())
    withdrawn = _forgotten(page, previous)
    got = reading(found, masked, warnings(text), sex(page.tagged))
    withdrawn += _contradicted(got, previous, now)
    return replace(
        got,
        withdrawn=list(dict.fromkeys(withdrawn)),
        is_incident=bool(got.facts or got.to_confirm or withdrawn),
    )


def _split(said: str) -> tuple[str, str]:
    """The new and the old value of "12 mSv, not 2 mSv"; what only denies ("not pregnant") is all new."""
    for pattern in (_NOT_OLD_NEW, _NEW_NOT_OLD):
        match = pattern.match(said)
        if match and _valued(match["old"]) and _valued(match["new"]):
            return match["new"], match["old"]
    return said, ""


def _valued(words: str) -> bool:
    low = words.lower()
    return bool(re.search(r"\d|\b(?:adult|child)\b", low) or in_text().search(low) or _BARE.match(low))


def _retarget(
    page: Page,
    found: Findings,
    previous: Mapping[str, object],
    asked: str | None,
    old: Page | None,
    now: datetime,
) -> None:
    amounts = page.tagged.has(*UNITS)
    for base, unit in UNITS.items():
        for one in place(page.tagged, base):
            if one.role is not Role.NONE or one.found.span is None:
                continue
            names = _targets(unit, previous, asked, _old_amounts(old, one.found))
            found.all = [f for f in found.all if (f.start, f.end) != (one.found.start, one.found.end)]
            doubt = (
                f"“{one.found.text}” is not a limit: is it between two values?"
                if one.found.about
                else page.doubt(one.found.start, one.found.end)
            )
            _add(found, names, one.found.span.text(unit), one.found.start, one.found.end, doubt)
    _retarget_days(page, found, previous, asked, old, now)
    bare = _BARE.match(page.text)
    if bare and not amounts and "age_years" not in found.certain():
        found.drop("age_years")
        _add_number(found, bare, previous, asked, old)


def _add(found: Findings, names: tuple[str, ...], value: Value, start: int, end: int, doubt: str) -> None:
    for name in names:
        found.add(Finding(name, value, start, end, doubt or (WHICH if len(names) > 1 else "")))


def _targets(unit: str, previous: Mapping[str, object], asked: str | None, old: list[str]) -> tuple[str, ...]:
    own = _OF_UNIT[unit]
    if denied := tuple(name for name in own if name in previous and previous[name] in old):
        return denied
    if asked in own:
        return (str(asked),)
    have = tuple(name for name in own if name in previous)
    return have or _USUAL[unit]


def _old_amounts(old: Page | None, new: Found) -> list[str]:
    """What is denied, in the unit of the table; a bare number is in the unit of the new one."""
    if old is None:
        return []
    unit = UNITS[new.base]
    bare = _BARE.match(old.text)
    span = in_unit(bare["n"], new) if bare else None
    cut_quantities(old)
    said = [token.value.span for token in old.tagged.tokens if new.base in token.tags and token.value.span]
    return [one.text(unit) for one in (*said, *([span] if span else []))]


def _retarget_days(
    page: Page,
    found: Findings,
    previous: Mapping[str, object],
    asked: str | None,
    old: Page | None,
    now: datetime,
) -> None:
    """A day on its own changes the only date there is."""
    days = [f for f in found.all if f.fact in _DATES]
    if len(days) != 1 or re.search(
        r"\b(?:happen|occur|discover|found|notic|spotted|exposure|scann)\w*", page.low
    ):
        return
    (day,) = days
    if asked in _DATES:
        names: tuple[str, ...] = (str(asked),)
    else:
        names = tuple(name for name in _DATES if name in previous) or ("occurred_on",)
        if old and (denied := _denied_days(old, previous, now)):
            names = denied
    found.drop(day.fact)
    for name in names:
        found.add(replace(day, fact=name, doubt=day.doubt or (WHICH if len(names) > 1 else "")))


def _denied_days(old: Page, previous: Mapping[str, object], now: datetime) -> tuple[str, ...]:
    days = [moment.day.isoformat() for moment in moments(old.low, now)[:1] if moment.day]
    return tuple(name for name in _DATES if str(previous.get(name, ""))[:10] in days)


def _add_number(
    found: Findings, bare: re.Match[str], previous: Mapping[str, object], asked: str | None, old: Page | None
) -> None:
    """A number and nothing else: of the only count or age there is, or of the dose, which is then
    confirmed."""
    number, start, end = whole(bare["n"]), *bare.span("n")
    denied = _OLD_NUMBER.search(old.low) if old else None
    counts = [name for name in _COUNTS if name in previous] if number is not None else []
    amounts = [name for unit in UNITS.values() for name in _OF_UNIT[unit] if name in previous]
    if denied:
        counts = [name for name in counts if str(previous[name]) == denied[0]]
        amounts = [name for name in amounts if str(previous[name]).split()[0] == denied[0]]
    elif asked in _COUNTS:
        counts, amounts = ([asked] if number is not None else []), []
    elif asked and FACTS[asked].unit in _OF_UNIT:
        amounts = [asked]
    alone = bool(denied) and len(counts) + len(amounts) == 1
    if number is not None and counts:
        sure = alone or asked in _COUNTS or not amounts
        _add(
            found, tuple(counts), number, start, end, "" if sure else "is that the age or number, or a dose?"
        )
    for name in amounts:
        doubt = "" if alone else f"is that in {FACTS[name].unit}?"
        value = bare["n"] if number is None else number
        found.add(Finding(name, f"{value} {FACTS[name].unit}", start, end, doubt))


_OLD_NUMBER = re.compile(r"\d+(?:\.\d+)?(?=\D*$)")


def _forgotten(page: Page, previous: Mapping[str, object]) -> list[str]:
    names: list[str] = []
    for match in _FORGET.finditer(page.low):
        what = match["what"]
        names += _FORGOTTEN.get(what, (what.replace(" ", "_"),))
    return [name for name in names if name in previous]


def _contradicted(got: FactsRead, previous: Mapping[str, object], now: datetime) -> list[str]:
    """Former facts that the rules refuse beside the new ones: a foetal dose once there is no pregnancy."""
    kept = {n: v for n, v in previous.items() if n not in got.facts and n in {*FACTS, *DETAILS}}
    if "age_years" in got.facts:
        kept.pop("age_group", None)
    if "age_group" in got.facts:
        kept.pop("age_years", None)
    for _ in range(len(kept) + 1):
        try:
            parse({**kept, **got.facts}, now.astimezone(UK).date())
            break
        except InvalidFacts as invalid:
            blamed = [error.fact for error in invalid.errors if error.fact in kept]
            if not blamed:
                break
            for name in blamed:
                kept.pop(str(name), None)
    return [
        name for name in previous if name not in kept and name not in got.facts and name in {*FACTS, *DETAILS}
    ]
