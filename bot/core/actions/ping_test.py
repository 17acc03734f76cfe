"""`settings test_ping`: a message marked as a test, by the way that reminders go, to each channel that is set
and to whoever asked; and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.core.actions.pages import LOOK
from bot.core.cards import Button, Card, Pairs, Severity, Text, Weight
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import who
from bot.core.words.phrases import moment
from storage.model import Destination
from storage.plans import Outgoing, PostPlan

KEY = "test-ping"
RECENT = timedelta(minutes=10)  # within them it is told what became of the last one
AGAIN = "new"
YOU = "you, by direct message"
_STATES = {
    "due": "still to be sent", "sending": "being sent", "unknown": "perhaps arrived: it is being looked for",
    "sent": "arrived", "dead": "not delivered",
}  # fmt: skip


def words(by: str) -> str:
    return f"TEST by {by}: reminders come here by this way. Nothing is due, and nothing has to be done."


def card(turn: Turn, rest: str) -> Card:
    """Sends them, or says what became of those that were sent just now."""
    last = [] if rest.strip().lower() == AGAIN else _last(turn)
    if not last:
        for number, (what, place) in enumerate(_places(turn)):
            plan = PostPlan(f"{KEY}:{turn.request.now:%Y%m%dT%H%M%S}:{number}", place, _body(turn, what))
            turn.store.post(turn.tenant, plan, now=turn.request.now)
        last = _last(turn)
    lost = any(one.state == "dead" for one in last)
    waits = any(one.state not in ("sent", "dead") for one in last)
    how = Text(f"{turn.command('settings test_ping')} says what has become of it by then.", Weight.SUBTLE)
    pairs = Pairs(tuple(_told(one, {place: what for what, place in _places(turn)}) for one in last))
    shown = Card(
        f"Test of the reminders, {moment(last[0].planned_at)}",
        (pairs, *((how,) if waits else ())),
        severity=Severity.ALARM if lost else Severity.WAITING if waits else Severity.SETTLED,
    )
    if not turn.face.buttons or not waits:
        return shown
    return shown.with_buttons(Button("What became of it", LOOK, "settings test_ping"))


def _body(turn: Turn, what: str) -> dict[str, str]:
    return {"text": words(who(turn.person)), "test": what}


def _places(turn: Turn) -> Iterator[tuple[str, Destination]]:
    """Each place once, under all that it is for."""
    by_place: dict[Destination, list[str]] = {}
    for what, place in Chosen(turn.settings).places.items():
        by_place.setdefault(place, []).append(f"the {what}")
    by_place.setdefault(Destination(turn.face.name, turn.request.user.id), []).append(YOU)
    return ((", ".join(names), place) for place, names in by_place.items())


def _last(turn: Turn) -> list[Outgoing]:
    since = turn.request.now - RECENT
    found = [one for one in turn.store.outgoing(turn.tenant, "") if one.key.startswith(f"{KEY}:")]
    found = [one for one in found if one.planned_at > since]
    run = found[-1].key.rpartition(":")[0] if found else ""
    return [one for one in found if one.key.rpartition(":")[0] == run]


def _told(one: Outgoing, places: Mapping[Destination, str]) -> tuple[str, str]:
    """What it was for, and what became of it; of one that stands in for another, where it went to."""
    what = str(one.body.get("test", ""))
    if not one.fallback_for:
        return what, _became(one)
    return f"instead of {what}", f"{places.get(one.place, 'another place')}: {_became(one)}"


def _became(one: Outgoing) -> str:
    said = _STATES.get(one.state, one.state)
    return f"{said}: {one.error}" if one.error and one.state != "sent" else said
