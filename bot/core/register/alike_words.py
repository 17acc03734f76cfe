"""What is alike, as it is said beside a verdict, a record and a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.cards import Text, Weight
from bot.core.register.alike import ALOUD, AlikeSet, Likeness, counts, likeness
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.phrases import day
from storage.model import Record
from storage.register import known_of, sketch

SHOWN = 6


def alike_to_record(turn: Turn, record: Record) -> tuple[Text, ...]:
    return _texts(turn, known_of(record), record.number)


def alike_to_check(turn: Turn, known: Mapping[str, Any]) -> tuple[Text, ...]:
    """To what is being checked, from the facts that stand in its draft; it is kept nowhere yet."""
    return _texts(turn, known, "")


def _texts(turn: Turn, known: Mapping[str, Any], number: str) -> tuple[Text, ...]:
    if not permissions.reads_everything(turn):
        return ()
    now = sketch(known, at=turn.request.now, by=turn.person, number=number)
    found = likeness(turn.store, turn.tenant, now)
    weight = Weight.STRONG if found.asked else Weight.SUBTLE
    return tuple(Text(line, weight) for line in alike_lines(found))


def alike_lines(found: Likeness) -> Iterator[str]:
    """A line for each set; nothing where there is none."""
    for one in found.near:
        yield f"Alike since {day(one.members[-1].day)} ({shared_words(one)}): {_numbers(one)}."
    if found.asked:
        yield asked_words(found.asked)


def shared_words(one: AlikeSet) -> str:
    """`wrong side, equipment CT 2`."""
    value = one.value.upper() if len(one.value) < 4 else one.value.replace("_", " ")
    return f"{one.cause}, {one.shared} {value}"


def _numbers(one: AlikeSet) -> str:
    numbers = [member.number for member in one.members if member.number]
    more = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
    return ", ".join(numbers[:SHOWN]) + more


def asked_words(one: AlikeSet) -> str:
    """Why it may be a theme, and what only people can tell."""
    exposed = sum(1 for member in one.members if counts(member))
    never = len(one.members) - exposed
    but = f"; {never} of them exposed nobody who counts for it" if never else ""
    return (
        f"{len(one.members)} within {ALOUD.days} days ({shared_words(one)}): {_numbers(one)}{but}. Is it one "
        "cause, and were they different people? Two or more people exposed by one cause are notifiable "
        "whatever the dose (code M). The incidents of before keep what was judged."
    )
