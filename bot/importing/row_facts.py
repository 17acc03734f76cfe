"""A row of a source as facts and verdict, or why it fails: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.core.identifying import seeming
from bot.core.patient_numbers import holds_number, masked
from bot.core.words.fact_words import title
from bot.importing.mapping import FURTHER_WORDS, From, Mapping
from rules.deadlines import notify_by, report_by
from rules.deciding import decide
from rules.fact import Kind
from rules.facts import CAUSES, DETAILS, FACTS, MODALITIES
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from storage import masking
from storage.imports import BroughtIn, ref_digest
from storage.model import Assessment

# What is said of a dose that is measured; the incident system's number. Not facts of the rules.
_BESIDE = ("local_incident_number", "dose_as_measured", "dose_estimated_by", "dose_estimated_how",
           "immediate_actions")  # fmt: skip
_LISTS = {"cause": CAUSES, "modality": MODALITIES}
_TIME = re.compile(r"(\d{1,2})[:.h]?(\d{2})(?::\d{2}(?:\.\d+)?)?")
_SERIAL = re.compile(r"[1-7]\d{4}")
_DAY = re.compile(r"[\d/.-]{4,10}")  # of the incident, as the column says, and nobody's birth
_EPOCH = date(1899, 12, 30)
QUOTED = 30
# Texts that people wrote, in which somebody may be named.
TEXTS = frozenset({"account", "immediate_actions", *(n for n, one in FURTHER_WORDS.items() if one.lines)})


class RowFails(ValueError):
    """One line: which column, and what of it. Repeats no patient's number and nothing that may be a name."""


@dataclass
class Verdicts:
    """Verdicts by the facts that decide: most rows of a register are alike."""

    today: date
    _known: dict[tuple[object, ...], dict[str, object]] = field(default_factory=dict)

    def of(self, facts: Facts) -> dict[str, object]:
        key = (
            facts.edition.published,
            facts.discovered_on is None,
            *sorted((name, str(value)) for name, value in facts.known.items()),
        )
        if key not in self._known:
            self._known[key] = decide(facts).as_dict()
        found = self._known[key]
        if found.get("notify_by") and facts.discovered_on:
            day = facts.discovered_on
            return found | {
                "notify_by": notify_by(day).isoformat(), "report_by": report_by(day).isoformat(),
            }  # fmt: skip
        return found


@dataclass(frozen=True)
class RowTaken:
    """`flagged`: texts that seem to name somebody, and so were left behind; `masked`: numbers taken out."""

    row: BroughtIn
    outcome: str
    missing: tuple[str, ...]
    flagged: int
    masked: int


def take(line: Map[str, str], mapping: Mapping, verdicts: Verdicts, *, keep_texts: bool) -> RowTaken:
    """Raises RowFails."""
    given: dict[str, Any] = {}
    flagged = hidden = 0
    ref = line[mapping.ref]
    if holds_number(ref):  # what is kept of it can be tried against every number that there is
        raise RowFails(f"{mapping.ref}: holds a patient's number, by which no row is known again")
    for name, of in mapping.fields:
        value = of.value if of.value is not None else _value(name, of, line, mapping)
        if isinstance(value, str) and not (of.values or _options(name)):
            hidden += holds_number(value)
            if name in TEXTS and not keep_texts and seeming.find(value):
                flagged += 1
                value = f"[text left in {mapping.source}, {masked(ref)}]"
        if value is not None:
            given[name] = value
    beside = {name: str(given.pop(name)) for name in _BESIDE if name in given}
    beside.setdefault("local_incident_number", ref)
    told = {name: _told(name, str(given.pop(name)), mapping) for name in FURTHER_WORDS if name in given}
    try:
        facts = parse(given, verdicts.today)
    except InvalidFacts as invalid:
        first = invalid.errors[0]
        raise RowFails(f"{_columns(mapping, first.fact)}: {masked(first.message)}") from None
    verdict = verdicts.of(facts)
    source = {"id": mapping.source, "name": f"{mapping.source} (imported)", "how": "carried"}
    assessment = Assessment(facts.stated, verdict, dict.fromkeys(facts.stated, source), **beside)
    content = masking.dump([dict(sorted(given.items())), beside, *([told] if told else [])])
    missing = verdict.get("missing") or ()
    return RowTaken(
        BroughtIn(ref_digest(mapping.source, ref), content, assessment, told), str(verdict["outcome"]),
        tuple(missing) if isinstance(missing, list | tuple) else (), flagged, hidden,
    )  # fmt: skip


def _told(name: str, text: str, mapping: Mapping) -> str:
    """Raises RowFails where it is no such code."""
    of = FURTHER_WORDS[name]
    if of.shape and not re.fullmatch(of.shape, text.strip(), re.I):
        raise RowFails(f"{_columns(mapping, name)}: {of.wanted}")
    return text.strip()


def _columns(mapping: Mapping, name: str | None) -> str:
    if not name:
        return "the row"
    of = mapping.fact.get(name) or mapping.detail.get(name)
    return " and ".join(of.column) if of and of.column else title(name)


def _value(name: str, of: From, line: Map[str, str], mapping: Mapping) -> Any:
    texts = [line[column] for column in of.column]
    unknown = {one.casefold() for one in mapping.unknown}
    if all(text.casefold() in unknown for text in texts):
        return None
    fact = FACTS.get(name)
    if fact is not None and fact.kind is Kind.DATE:
        return _day(of, texts, mapping)
    text = " ".join(text for text in texts if text.casefold() not in unknown)
    if of.values:
        return _translated(name, of, text)
    options = _options(name)
    if options:
        plain = text.casefold()
        found = next((one for one in options if plain in (one, one.replace("_", " "))), None)
        if found is None:
            raise RowFails(f"{' and '.join(of.column)}: {_quoted(text)} has no translation")
        return found
    if of.unit and re.fullmatch(r"[<>≤≥~]?\s*\d[\d.,]*", text):
        return f"{text} {of.unit}"
    return text


def _options(name: str) -> tuple[str, ...]:
    if name in _LISTS:
        return _LISTS[name]
    fact = FACTS.get(name)
    if fact is not None and fact.kind is Kind.CHOICE:
        return tuple(answer.value for answer in fact.answers)
    return DETAILS.get(name, ()) or (FURTHER_WORDS[name].choices if name in FURTHER_WORDS else ())


def _translated(name: str, of: From, text: str) -> Any:
    by = {said.casefold(): value for said, value in of.values.items()}
    if text.casefold() not in by:
        raise RowFails(f"{' and '.join(of.column)}: {_quoted(text)} has no translation")
    value = by[text.casefold()]
    fact = FACTS.get(name)
    if fact is not None and fact.kind is Kind.FLAG:
        return {"yes": True, "true": True, "no": False, "false": False}.get(value.casefold(), value)
    return value or None


def _quoted(text: str) -> str:
    """A cell as it may be repeated: not where it may tell who somebody is."""
    if holds_number(text) or (seeming.find(text) and not _DAY.fullmatch(text)):
        return "a value that is not repeated here"
    return f"“{text[:QUOTED]}{'…' if len(text) > QUOTED else ''}”"


def _day(of: From, texts: list[str], mapping: Mapping) -> str | None:
    """An ISO day, or day and time. Raises RowFails."""
    first, *rest = texts
    day, clock = first, ""
    if match := re.fullmatch(r"(.{6,12}?)[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)", first):
        day, clock = match[1], "" if match[2].startswith(("00:00", "0:00")) else match[2]
    for text in rest:
        clock = text or clock
    if not day:
        return None
    found = _date(day, of, mapping)
    if not clock:
        return found.isoformat()
    time = _TIME.fullmatch(clock)
    if not time or int(time[1]) > 23 or int(time[2]) > 59:
        raise RowFails(f"{' and '.join(of.column)}: {_quoted(clock)} is no time of day")
    return f"{found.isoformat()}T{int(time[1]):02}:{time[2]}"


@lru_cache(4096)  # of a register there are fewer days than rows
def _day_by(text: str, order: str) -> date | None:
    try:
        return datetime.strptime(text, order).date()  # noqa: DTZ007 - a day in the UK
    except ValueError:
        return None


def _date(text: str, of: From, mapping: Mapping) -> date:
    where = of.column[0]
    if _SERIAL.fullmatch(text):
        if not mapping.excel_serial:
            raise RowFails(
                f"{where}: {text} may be a spreadsheet's number of a day: excel_serial = true takes it"
            )
        return _EPOCH + timedelta(days=int(text))
    for order in (*mapping.dates, "%Y-%m-%d"):
        if found := _day_by(text, order):
            return found
    orders = (
        " or ".join(mapping.dates) or 'no order of day and month; name it in the mapping: dates = "%d/%m/%Y"'
    )
    raise RowFails(f"{where}: {_quoted(text)} is no day by {orders}")
