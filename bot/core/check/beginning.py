"""How a check begins: a new one, or an unfinished one that is taken up again."""

from __future__ import annotations

from datetime import datetime

from bot.core import patient_numbers
from bot.core.cards import Button, Card, Text, Weight
from bot.core.check.answers import yes_or_no
from bot.core.check.check import Check
from bot.core.check.free_text import alone, read_text
from bot.core.check.going_on import go_on
from bot.core.check.stating import state
from bot.core.draft import Draft, OldDraft, new
from bot.core.messages import Reply
from bot.core.turn import Turn
from bot.core.words.draft_words import old_draft_words
from bot.core.words.phrases import moment

TAKEN_FOR_GRANTED = (
    "A patient's exposure on equipment in clinical use is taken for granted; for anything else type edit "
    "exposed person, or edit equipment in clinical use."
)
WAITING = "What you wrote is kept, and read once you start a new one."
AFRESH = frozenset({"new", "afresh", "start again", "start afresh", "restart"})


def start(turn: Turn, text: str) -> list[Reply]:
    """`check`, `check new` or `check <what happened>`."""
    if text.lower() in AFRESH:
        turn.drafts.drop()
        return begin(turn)
    try:
        draft = turn.drafts.load()
    except OldDraft as old:
        turn.drafts.drop()
        return begin(turn, text, notes=(f"{old_draft_words(old)}.",))
    if draft is None:
        return begin(turn, text)
    draft = turn.save(draft.with_(paused=True, waiting=patient_numbers.masked(text) or draft.waiting))
    return [turn.show(_unfinished(draft))]


def begin(turn: Turn, text: str = "", notes: tuple[str, ...] = ()) -> list[Reply]:
    """A new check, with what the settings know already."""
    check = blank(turn, typed=True)
    if not text:
        return go_on(turn, check, notes=(*notes, TAKEN_FOR_GRANTED))
    read = read_text(turn, check, text)
    return [*alone(turn, read.warnings), *go_on(turn, read.check, notes=(*notes, *read.notes))]


def blank(turn: Turn, *, typed: bool) -> Check:
    """Nothing said yet: what the settings know."""
    check = Check(new(turn.request, typed=typed), turn.today)
    return state(check, {"nation": turn.nation}, source=turn.source("settings")) if turn.nation else check


def _unfinished(draft: Draft) -> Card:
    since = moment(datetime.fromisoformat(draft.started))
    return Card(
        f"There is an unfinished check from {since}. Take up where you left off?",
        (*((Text(WAITING),) if draft.waiting else ()), Text("yes · no (start a new one)", Weight.SUBTLE)),
        (
            Button("Take it up", "check.resume", draft.id, "primary"),
            Button("Start a new one", "check.afresh", draft.id),
        ),
    )


def take_up(turn: Turn, check: Check, plain: str) -> list[Reply]:
    """What is said to an unfinished check, before anything is taken for an answer to it."""
    wanted = yes_or_no(plain)
    if wanted or plain in ("continue", "resume", "take it up"):
        return go_on(turn, check.with_(paused=False, typed=True, waiting=""))
    if wanted is False or plain in AFRESH:
        turn.drafts.drop()
        return begin(turn, check.draft.waiting)
    return [turn.show(_unfinished(check.draft))]
