"""What a row's cells say under a mapping: values as `rules.parsing` takes them. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from bot.core.identifying import seeming
from bot.core.patient_numbers import holds_number
from bot.core.refused import LONGEST_TEXT
from bot.importing.mapping import FURTHER_WORDS, From, Mapping
from bot.importing.repeated import name_of, seems_somebody
from rules.fact_model import Kind
from rules.facts import CAUSES, DETAILS, FACTS, MODALITIES

_LISTS = {"cause": CAUSES, "modality": MODALITIES}
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}
_BARE = re.compile(r"[<>≤≥~]?\s*\d[\d.,]*")
_WITH_TIME = re.compile(r"(.{6,12}?)[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)")
_TIME = re.compile(r"(\d{1,2})[:.h]?(\d{2})(?::\d{2}(?:\.\d+)?)?")
_SERIAL = re.compile(r"[1-7]\d{4}")
_EPOCH = date(1899, 12, 30)
# Texts that people wrote, in which somebody may be named.
TEXTS = frozenset({"account", "immediate_actions", *(n for n, one in FURTHER_WORDS.items() if one.lines)})
# Short words, in which nobody should be, and somebody may be all the same.
_WORDS = frozenset(
    {"local_incident_number", "dose_as_measured", "dose_estimated_by", "dose_estimated_how"}
    | {name for name, allowed in DETAILS.items() if not allowed}
    | {name for name, one in FURTHER_WORDS.items() if not (one.choices or one.shape)}
)


class RowFails(ValueError):
    """One line: which column, and what of it, and nothing of what stands in a cell. `value` is what has no
    translation, where that is so."""

    def __init__(self, columns: Sequence[str], why: str, value: str = "") -> None:
        self.where = " and ".join(map(name_of, columns)) or "the row"
        self.value = value
        super().__init__(f"{self.where}: {why}")


class CellValue(NamedTuple):
    """None where it is not known. Does a patient's number stand in it, and does it seem to name somebody?"""

    value: Any
    number: bool
    somebody: bool


class Reader:
    """Of one fact or detail, its value in a row. The same cells are read once, but for those that hold what
    people wrote. `looks` for what seems to name somebody."""

    def __init__(self, name: str, of: From, mapping: Mapping, *, looks: bool) -> None:
        self.name, self.columns = name, of.column
        self._words = not (of.values or _options(name))
        self.written = self._words and name in TEXTS
        self._looks = looks and (self.written or (self._words and name in _WORDS))
        self._tells = seems_somebody if name == "local_incident_number" else seeming.find
        self._read = _reading(name, of, mapping)
        self._known: dict[tuple[str, ...], CellValue] = {}

    def of(self, texts: tuple[str, ...]) -> CellValue:
        """Raises RowFails."""
        found = self._known.get(texts)
        if found is None:
            if (size := sum(map(len, texts))) > LONGEST_TEXT:
                most = f"{size:,} characters, and {LONGEST_TEXT:,} are the most"
                raise RowFails(self.columns, most)
            value = self._read(texts)
            text = value if self._words and isinstance(value, str) else ""
            found = CellValue(value, holds_number(text), self._looks and bool(self._tells(text)))
            if not self.written and len(self._known) < 4096:
                self._known[texts] = found
        return found


def _reading(name: str, of: From, mapping: Mapping) -> Callable[[Sequence[str]], Any]:
    fact, options = FACTS.get(name), _options(name)
    flag = fact is not None and fact.kind is Kind.FLAG
    if of.value is not None:
        always = _flag(of.value) if flag and isinstance(of.value, str) else of.value
        return lambda _: always
    unknown = {one.casefold() for one in mapping.unknown}
    by = {said.casefold(): value for said, value in of.values.items()}

    def read(texts: Sequence[str]) -> Any:
        said = [text for text in texts if text.casefold() not in unknown]
        if not said:
            return None
        if fact is not None and fact.kind is Kind.DATE:
            return _day(of, texts, mapping)
        text = " ".join(said)
        if by:
            value = by.get(text.casefold())
            if value is None:
                raise RowFails(of.column, "a value has no translation", text)
            return _flag(value) if flag else value or None
        if flag:
            found = _flag(text)
            if not isinstance(found, bool):
                raise RowFails(of.column, "a value has no translation", text)
            return found
        if options:
            plain = text.casefold()
            found = next((one for one in options if plain in (one, one.replace("_", " "))), None)
            if found is None:
                raise RowFails(of.column, "a value has no translation", text)
            return found
        return f"{text} {of.unit}" if of.unit and _BARE.fullmatch(text) else text

    return read


def _flag(said: str) -> bool | str | None:
    """None where it is not known; what is neither is left as it is."""
    return _FLAGS.get(said.casefold(), said) if said else None


def _options(name: str) -> tuple[str, ...]:
    if name in _LISTS:
        return _LISTS[name]
    fact = FACTS.get(name)
    if fact is not None and fact.kind is Kind.CHOICE:
        return tuple(answer.value for answer in fact.answers)
    return DETAILS.get(name, ()) or (FURTHER_WORDS[name].choices if name in FURTHER_WORDS else ())


def _day(of: From, texts: Sequence[str], mapping: Mapping) -> str | None:
    """An ISO day, or day and time. Raises RowFails."""
    first, *rest = texts
    day, clock = first, ""
    if match := _WITH_TIME.fullmatch(first):
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
        raise RowFails(of.column, "no time of day")
    return f"{found.isoformat()}T{int(time[1]):02}:{time[2]}"


@lru_cache(4096)  # of a register there are fewer days than rows
def _day_by(text: str, order: str) -> date | None:
    try:
        return datetime.strptime(text, order).date()  # noqa: DTZ007 - a day in the UK
    except ValueError:
        return None


def _date(text: str, of: From, mapping: Mapping) -> date:
    if _SERIAL.fullmatch(text):
        if not mapping.excel_serial:
            number = "a number that may be a spreadsheet's of a day"
            raise RowFails(of.column[:1], f"{number}: excel_serial = true takes it")
        return _EPOCH + timedelta(days=int(text))
    for order in (*mapping.dates, "%Y-%m-%d"):
        if found := _day_by(text, order):
            return found
    if not mapping.dates:
        order = 'name the order of day and month in the mapping, such as dates = "%d/%m/%Y"'
        raise RowFails(of.column[:1], order)
    raise RowFails(of.column[:1], f"no day by {' or '.join(mapping.dates)}")
