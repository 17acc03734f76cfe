"""How a step is answered: what was done, the case as it stands now, and what is wrong in one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.actions.case_card import case_card, view
from bot.core.cards import Card, Severity, Text, Weight
from bot.core.messages import Done, Replace, Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.references import REF, is_subject
from storage.errors import Conflict, Duplicate, NotFound, OutOfOrder
from storage.model import Case, Destination


def case_of(turn: Turn, ref: str, version: str = "") -> Case:
    """The case; with the version that somebody saw, so that what happened since is told to them. Raises
    NotFound and Conflict."""
    case = turn.store.case(turn.tenant, ref)
    return replace(case, version=int(version)) if version.isdecimal() else case


def card_of(turn: Turn, case: Case, *, said: str = "", whole: bool = False) -> Card:
    card = case_card(view(turn.store, case, turn.today, turn.face), whole=whole)
    return replace(card, blocks=(Text(said, Weight.STRONG), *card.blocks)) if said else card


def told(turn: Turn, case: Case, said: str) -> list[Reply]:
    """After a step that was typed or sent off: what was done, and the case as it is now."""
    close: list[Reply] = [Done()] if turn.face.dialogs and _of_form(turn) else []
    return [*close, turn.show(card_of(turn, case, said=said))]


def changed(turn: Turn, case: Case, said: str) -> list[Reply]:
    """After a button: its message shows the case as it is now."""
    return [Replace(card_of(turn, case, said=said))]


def _of_form(turn: Turn) -> bool:
    from bot.core.messages import Submitted

    return isinstance(turn.request.what, Submitted)


def answered(turn: Turn, subject: str, work: Callable[[], list[Reply]]) -> list[Reply]:
    """The replies; or what was wrong in one line, with the case as the other person left it."""
    close: list[Reply] = [Done()] if turn.face.dialogs and _of_form(turn) else []
    try:
        return work()
    except Refused as refused:
        return [*close, turn.refuse(sentence(str(refused)), Severity.WAITING, private=True)]
    except (Conflict, OutOfOrder, Duplicate) as error:
        told_ = turn.refuse(sentence(str(error)), private=True)
        other = error.result if isinstance(error, Duplicate) else ""
        ref = other if REF.fullmatch(other) else subject
        try:
            now = turn.store.case(turn.tenant, ref) if REF.fullmatch(ref) else None
        except NotFound:
            now = None
        if now is None:
            return [*close, told_]
        return [*close, told_, turn.show(card_of(turn, now), private=True)]


def sentence(line: str) -> str:
    line = line.strip()
    return line[:1].upper() + line[1:] + ("" if line.endswith((".", "?", "!")) else ".")


def subject_here(turn: Turn) -> str:
    """The case whose thread this is, or ""."""
    place = turn.request.place
    if not place.thread:
        return ""
    return (
        turn.store.subject_at(turn.tenant, Destination(turn.face.name, place.conversation, place.thread))
        or ""
    )


def with_subject(turn: Turn, rest: str, wanted: str) -> tuple[str, str]:
    """The reference or number that the words begin with, or the thread's own, and what follows. Raises
    Refused."""
    first, _, after = rest.strip().partition(" ")
    if is_subject(first.rstrip(":,")):
        return first.rstrip(":,").upper(), after.strip()
    if here := subject_here(turn):
        return here, rest.strip()
    raise Refused(f"name the case by its reference, such as {turn.command(wanted)}")
