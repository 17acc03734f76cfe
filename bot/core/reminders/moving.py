"""Reminders that go elsewhere from now on: to a case's new owner, or to a channel that was set later."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.core.messages import Capabilities
from bot.core.reminders.placing import CARD, SHOWS_CASE, here, home_of, measure_due
from bot.core.reminders.replan import ALL, place_of, planned_at
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.references import REF
from storage.model import Case, Deadline, Destination, Person
from storage.plans import DeadlinePlan, PostPlan

Moves = Callable[[Destination, Deadline], Destination]


def is_direct(face: Capabilities, place: Destination, owner: Person | None) -> bool:
    """Somebody's direct messages: the owner's, by their id, or what this face knows for one."""
    if owner is not None and place.conversation == owner.id:
        return True
    known = face.direct and place.platform == face.name
    return bool(known and re.match(face.direct, place.conversation))


def to_owner(turn: Turn, case: Case, user: str) -> tuple[tuple[DeadlinePlan, ...], tuple[PostPlan, ...]]:
    """What goes to the direct messages of a case's owner goes to the new owner's; with the case's card."""
    new, chosen = Destination(turn.face.name, user), Chosen(turn.settings)
    plans = []
    for subject in (case.ref, *case.records):
        for deadline in turn.store.deadlines(turn.tenant, subject=subject):
            measure = measure_due(turn.store, turn.tenant, subject, deadline.kind)
            if measure and measure.owner:
                continue  # which has an owner of its own
            place = place_of(turn.store, turn.tenant, deadline, chosen, here(turn))
            if place != new and is_direct(turn.face, place, case.owner):
                plans.append(planned_at(turn.store, turn.tenant, chosen, deadline, turn.today, new))
    return tuple(plans), _card(turn, case.ref, new) if plans else ()


def to_channel(turn: Turn, before: Chosen, after: Chosen) -> tuple[Moves, tuple[PostPlan, ...]]:
    """What goes to somebody's direct messages, or to the incidents channel that was, goes to the one that is
    set now; with the card of each case. What is talked over in a thread elsewhere stays there."""
    was, now = before.place("incidents_channel"), after.place("incidents_channel")
    if now is None or was == now:
        return lambda place, _: place, ()
    owners: dict[str, Person | None] = {}

    def owner(subject: str) -> Person | None:
        if subject not in owners:
            owners[subject] = _owner(turn, subject)
        return owners[subject]

    def moved(place: Destination, deadline: Deadline) -> Destination:
        return now if place == was or is_direct(turn.face, place, owner(deadline.subject)) else place

    posts: list[PostPlan] = []
    for ref in dict.fromkeys(one.subject for one in turn.store.deadlines(turn.tenant, limit=ALL)):
        home = home_of(turn.store, turn.tenant, ref) if REF.fullmatch(ref) else None
        if home and (home == was or is_direct(turn.face, home, owner(ref))):
            posts += _card(turn, ref, now)
    return moved, tuple(posts)


def _owner(turn: Turn, subject: str) -> Person | None:
    if REF.fullmatch(subject):
        return turn.store.case(turn.tenant, subject).owner
    record = turn.store.record(turn.tenant, subject)
    return turn.store.case(turn.tenant, record.cases[-1]).owner if record.cases else record.by


def _card(turn: Turn, ref: str, place: Destination) -> tuple[PostPlan, ...]:
    """The case's card there, unless it stands there already or is on its way."""
    there = {
        (one.place.platform, one.place.conversation)
        for one in turn.store.outgoing(turn.tenant, ref)
        if one.kind == "post" and one.state not in ("dead", "cancelled")
    }
    if (place.platform, place.conversation) in there:
        return ()
    key = f"{CARD}@{place.platform}:{place.conversation}"
    return (PostPlan(key, place, SHOWS_CASE, remember=True, subject=ref),)
