"""What is said to who is not of the organisation: guests, visitors of shared channels, deactivated people."""

from __future__ import annotations

from bot.core.cards import Card, Severity, Text
from bot.core.commands import is_from_memory
from bot.core.messages import Command, Home, HomeOpened, Pressed, Reply, Said, Submitted
from bot.core.organisation import NOT_OURS
from bot.core.turn import Turn

TITLE = "This bot serves the staff of the organisation that it is installed in"
ASK = "Please ask one of them. Nothing of any incident is shown to guests and visitors; thresholds are."


def is_not_ours(turn: Turn) -> bool:
    return turn.request.user.standing in NOT_OURS and not _looks_up(turn)


def _looks_up(turn: Turn) -> bool:
    """What the guidance says, and how commands are typed, holds nothing of any incident."""
    what = turn.request.what
    asked = isinstance(what, Command) or (isinstance(what, Said) and (what.mentioned or _alone(turn)))
    return asked and isinstance(what, Command | Said) and is_from_memory(what.text, turn.face)


def turned_away(turn: Turn) -> list[Reply]:
    """Said each time to who asks the bot alone, and once where others hear it too."""
    request, standing = turn.request, turn.request.user.standing
    what = request.what
    if isinstance(what, HomeOpened):
        return [Home(Card(TITLE, (Text(ASK),), severity=Severity.WAITING))]
    heard = _alone(turn) or not isinstance(what, Said) or what.mentioned
    if not heard:
        return []
    first = turn.store.first_time(turn.tenant, f"turned away:{request.user.id}", now=request.now)
    if first and not turn.unlinked:
        told = {"what": _door(turn), "why": NOT_OURS[standing]}
        turn.store.log(turn.tenant, "refused", "", told, by=turn.person, now=request.now)
    elif not _alone(turn) and not isinstance(what, Command | Pressed | Submitted):
        return []
    # It holds nothing of any incident, and a chat with the bot alone is nothing that visitors have.
    openly = isinstance(what, Command | Said) and not turn.face.private_answers
    return [turn.refuse(f"{TITLE}. {ASK}", Severity.WAITING, private=not openly)]


def _alone(turn: Turn) -> bool:
    return turn.request.place.personal


def _door(turn: Turn) -> str:
    return {Command: "a command", Pressed: "a button", Submitted: "a form"}.get(
        type(turn.request.what), "words"
    )
