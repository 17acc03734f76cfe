"""Why a record is corrected: asked once its new verdict is to be kept, and kept beside it."""

from __future__ import annotations

from bot.core import patient_numbers
from bot.core.cards import Block, Card, Form, Input, InputKind, Text, Weight
from bot.core.check.check import Check
from bot.core.draft import Draft
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.draft_words import about
from bot.core.words.phrases import sentence

FORM, WHY = "check.why_corrected", "why"
ASK = "Why is the record corrected?"
HINT = "The earlier revision stays, with this beside it."
WANTED = "give a reason: it is kept in the record beside the correction"


def kept(check: Check) -> Check:
    """The check once its verdict is to be kept: at the question why, where that is wanted. What nobody has
    agreed to yet is asked first, whatever led here."""
    if check.to_agree:
        return check.with_(stage="asking")
    lacks = check.draft.number and not check.draft.details.get(WHY)
    return check.with_(stage="why" if lacks else "keeping")


def card(draft: Draft, problem: str = "") -> Card:
    blocks: list[Block] = [Text(sentence(problem), Weight.WARNING)] if problem else []
    hints = (Text(HINT, Weight.SUBTLE), Text("back · quit", Weight.SUBTLE))
    return Card(ASK, (*about(draft), *blocks, *hints))


def form(draft: Draft, key: str, *, typed: str = "", error: str = "") -> Form:
    asks = Input(WHY, ASK, InputKind.LINES, value=typed, hint=HINT, error=error, required=True)
    title = "Correct and open a case" if draft.opens else "Keep the correction"
    return Form(FORM, key, title, (*about(draft), asks), "Keep")


def told(turn: Turn, check: Check, text: str) -> Check:
    """Raises Refused, without repeating the text."""
    if text.lower().strip(" .!") == "back":
        return check.with_(stage="asking")
    return said(turn, check, text)


def said(turn: Turn, check: Check, text: str) -> Check:
    """Raises Refused, without repeating the text."""
    if not text.strip():
        raise Refused(WANTED)
    patient_numbers.refuse_numbers(text)
    draft = check.draft
    return check.with_(
        stage="keeping",
        details={**draft.details, WHY: text.strip()},
        sources={**draft.sources, WHY: turn.source()},
    )
