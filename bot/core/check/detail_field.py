"""One detail of a record: how it is asked for, what it takes, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from bot.core import patient_numbers
from bot.core.cards import Option
from bot.core.check.answers import choose, dont_know, read_answer, read_several
from bot.core.days.written import leading_day, read_day
from bot.core.refused import Refused
from bot.core.words.fact_words import MODALITY_WORDS, when_words
from bot.core.words.phrases import capitalised, iso_day
from rules.deadlines import uk_date
from rules.facts import FACTS, Kind
from storage.seals import TAKEN

# What a detail takes beside a choice: words; a day; or a day on which something was done, or why not.
Takes = Literal["words", "day", "done"]
NOT_DONE = "not: "
_NOT = re.compile(
    r"(?:not?|none)\b(?P<yet> yet\b)?"
    r"(?: (?:needed|told|done|required|applicable|possible|necessary|due)\b)?[\s,:;-]*"
    r"(?:because|since|as)?\b[\s,:;-]*(?P<why>.*)",
    re.I | re.S,
)
_REFERENCE = re.compile(r"[\s,;:(]*(?:(?:with )?(?:the )?(?:reference|ref|number|no)\b[\s.:]*)?", re.I)


def _always(_: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True)
class Field:
    """One detail of a record. `choices` where it is one (or several, `many`) of a list kept in one place;
    `shape` where it is a code, with `wanted` to say what is. `reference`: a number may follow its day.
    `knows` says who can tell it, `where` for which facts and details it is wanted at all; one that is `rare`
    stands in no form before it is wanted or told."""

    name: str
    ask: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    lines: bool = False
    doses_only: bool = False
    takes: Takes = "words"
    reference: bool = False
    rare: bool = False
    shape: str = ""
    wanted: str = ""
    knows: str = ""
    where: Callable[[Mapping[str, Any]], bool] = _always

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(Option(one, _LABELS.get(one) or capitalised(one)) for one in self.choices)

    def words(self, value: str | list[str]) -> str:
        """What was kept, as a person reads it: `CT`, `Mon 2 November 2026 at 14:05`."""
        if isinstance(value, list):
            return ", ".join(value)
        if value.startswith(TAKEN):
            return value
        if self.takes == "done":
            return _done_words(value)
        if self.takes == "day" or (self.name in FACTS and FACTS[self.name].kind is Kind.DATE):
            return when_words(value)
        return next((option.label for option in self.options if option.value == value), value)

    def left_open(self, text: str) -> bool:
        """Is nothing told by it?"""
        return not text.strip() or (dont_know(text) and NOT_KNOWN not in self.choices)


NOT_KNOWN = "not known"
_LABELS = {**MODALITY_WORDS, "medical physics expert": "Medical physics expert (MPE)"}


def read(field: Field, text: str, now: datetime) -> str:
    """What is kept of it. Raises Refused, without repeating the text."""
    if field.name in FACTS:
        value = read_answer(field.name, text, now)[1]
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    if field.many:
        return ", ".join(read_several(text, field.options))
    if field.choices:
        return NOT_KNOWN if dont_know(text) else choose(text, field.options)
    patient_numbers.refuse_numbers(text)
    if field.takes == "day":
        return _past(read_day(text, now)[:10], now)
    if field.takes == "done":
        return _done(field, text, now)
    if field.shape and not re.fullmatch(field.shape, text.strip(), re.I):
        raise Refused(field.wanted)
    return text.strip()


def _past(day: str, now: datetime) -> str:
    if date.fromisoformat(day) > uk_date(now):
        raise Refused("that day lies in the future: give it once it is done")
    return day


def _done(field: Field, text: str, now: datetime) -> str:
    """`2026-12-03`, with a reference after it where one may stand, or `not: the reason`."""
    reference = ", and its reference after it if there is one" if field.reference else ""
    wanted = f"give the day{reference}; or write: not needed, because and the reason"
    if denied := _NOT.fullmatch(text.strip()):
        if denied["yet"]:
            raise Refused("leave it open until it is done")
        if not denied["why"].strip():
            raise Refused(f"say why not: {wanted}")
        return NOT_DONE + " ".join(denied["why"].split())
    try:
        day, rest = leading_day(re.sub(r"^(?:yes|on|done|told)\b[\s,:]*", "", text.strip(), flags=re.I), now)
    except Refused as refused:
        raise Refused(str(refused) if "wanted" in str(refused) else wanted) from None
    day, rest = _past(day[:10], now), rest[_lead(rest) :].rstrip(" .)")
    if rest and not field.reference:
        raise Refused("give the day alone: what else there is to say is a note")
    return f"{day} {rest}".strip()


def _lead(rest: str) -> int:
    found = _REFERENCE.match(rest)
    return found.end() if found else 0


def _done_words(value: str) -> str:
    if value.startswith(NOT_DONE):
        return f"not done: {value.removeprefix(NOT_DONE)}"
    day, _, reference = value.partition(" ")
    return iso_day(day) + (f", reference {reference}" if reference else "")
