"""What is said of a claimed message and what follows it; and how a fault in that costs a message's details,
and never the message."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from bot.core.cards import Block, Bullets, Card, Severity, Text, Weight
from bot.core.trouble import note
from bot.core.words.case_words import label
from bot.core.words.phrases import day
from storage.errors import Damaged, NotFound, StoreError
from storage.model import Destination
from storage.plans import Batch, Outgoing, PingPlan, PostPlan

REPEAT = "This may have reached you already: it is not certain that the first one arrived."
UNSURE = "perhaps arrived:"
"""With which the reason begins for which a message was given up that may be there."""
LOOK = "Tell whoever looks after me: irmer verify and irmer doctor say more."
MOST_NAMED = 3

log = logging.getLogger(__name__)
T = TypeVar("T")


class Contents(Protocol):
    """The part of a delivery that knows cases."""

    def card(self, batch: Batch, now: datetime, *, repeat: bool) -> Card: ...

    def unseen(self, batch: Batch) -> str:
        """Why it would be seen by nobody where it belongs: the direct messages of an owner who left."""

    def instead(self, batch: Batch) -> tuple[Destination, ...]:
        """Where what cannot be delivered goes, one place after the other, to be seen by somebody."""

    def beside(self, item: Outgoing) -> tuple[PostPlan, ...]:
        """What is brought up to date once this ping is there."""

    def copies(self, batch: Batch) -> tuple[PostPlan, ...]:
        """What goes out beside these pings, once each."""

    def follow(self, item: Outgoing, now: datetime) -> tuple[PingPlan, ...]:
        """The pings after this one: the next day's, once it is overdue, in one place or two."""


class Unfailing:
    """Contents that raise nothing but StoreError: what they cannot word they say in plain words, and `health`
    names it until they can."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._failed: dict[tuple[str, bool], str] = {}  # by subject, and whether it was a reminder

    @property
    def health(self) -> str:
        if not self._failed:
            return ""
        first = list(self._failed.items())[:MOST_NAMED]
        named = ", ".join(f"{subject or 'a message'} ({why})" for (subject, _), why in first)
        more = len(self._failed) - MOST_NAMED
        others = f" and {more} more" if more > 0 else ""
        return f"sent without its details, which cannot be shown: {named}{others}"

    def card(self, batch: Batch, now: datetime, *, repeat: bool, plain: bool = False) -> Card:
        """`plain`: the face could not show its details either."""
        if not plain and (card := self._worded(batch, batch.items, now, repeat)):
            return card
        good = [] if plain else [one for one in batch.items if self._worded(batch, (one,), now, repeat)]
        bad = [one for one in batch.items if one not in good]
        card = self._worded(batch, tuple(good), now, repeat) if good else None
        return _beside(card, bad) if card else plain_card(bad, repeat=repeat)

    def shown_plainly(self, batch: Batch, why: str) -> None:
        """The face has shown a message without its details."""
        self._failed |= dict.fromkeys(map(_name, batch.items), why)

    def unseen(self, batch: Batch) -> str:
        return self._tried(batch.items, lambda: self._contents.unseen(batch), "")

    def instead(self, batch: Batch) -> tuple[Destination, ...]:
        nowhere: tuple[Destination, ...] = ()
        return self._tried(batch.items, lambda: self._contents.instead(batch), nowhere)

    def beside(self, item: Outgoing) -> tuple[PostPlan, ...]:
        """A card that cannot be brought up to date costs nobody anything else: the log alone is told."""
        try:
            return self._contents.beside(item)
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(error, Damaged | NotFound):
                raise
            note(log, error)
            return ()

    def copies(self, batch: Batch) -> tuple[PostPlan, ...]:
        nothing: tuple[PostPlan, ...] = ()
        return self._tried(batch.items, lambda: self._contents.copies(batch), nothing)

    def follow(self, item: Outgoing, now: datetime) -> tuple[PingPlan, ...]:
        """Where that fails nothing follows: the watch plans what a deadline lacks."""
        nothing: tuple[PingPlan, ...] = ()
        return self._tried((item,), lambda: self._contents.follow(item, now), nothing)

    def _worded(self, batch: Batch, items: tuple[Outgoing, ...], now: datetime, repeat: bool) -> Card | None:
        if any(item.damaged for item in items):
            self._failed |= {_name(item): " ".join(item.damaged) for item in items if item.damaged}
            return None
        nothing: Card | None = None
        part = replace(batch, items=items)
        card = self._tried(items, lambda: self._contents.card(part, now, repeat=repeat), nothing)
        if card:
            for item in items:
                self._failed.pop(_name(item), None)
        return card

    def _tried(self, items: Iterable[Outgoing], work: Callable[[], T], instead: T) -> T:
        try:
            return work()
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(error, Damaged):
                raise
            note(log, error)
            self._failed |= dict.fromkeys(map(_name, items), type(error).__name__)
            return instead


def _name(item: Outgoing) -> tuple[str, bool]:
    return item.subject, item.kind == "ping"


def plain_card(items: Iterable[Outgoing], *, repeat: bool) -> Card:
    told = tuple(dict.fromkeys(map(plain_line, items)))
    blocks: list[Block] = [Text(REPEAT, Weight.WARNING)] if repeat else []
    if len(told) > 1:
        blocks.append(Bullets(told))
    title = told[0] if len(told) == 1 else f"{len(told)} deadlines, whose details cannot be shown"
    return Card(title, (*blocks, Text(LOOK)), severity=Severity.ALARM)


def _beside(card: Card, items: Iterable[Outgoing]) -> Card:
    """A message of which only a part could be worded."""
    told = tuple(dict.fromkeys(map(plain_line, items)))
    return replace(card.with_blocks(Bullets(told), Text(LOOK)), severity=Severity.ALARM)


def plain_line(item: Outgoing) -> str:
    """`C26-0001: notify the authority by Mon 7 December 2026, its details cannot be shown`. From the row
    alone."""
    by = f" by {day(item.due_on)}" if item.due_on else ""
    what = f"{label(item.rule)}{by}, " if item.rule else ""
    return f"{item.subject or 'A message'}: {what}its details cannot be shown"
