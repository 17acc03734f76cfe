"""From provisional to confirmed, by a person with the role; and what a verdict of "do not notify" still
wants: analysis and learning."""

from __future__ import annotations

from bot.core import patient_numbers
from bot.core.refused import Refused
from bot.core.reminders.placing import answered, updates
from bot.core.settings import confirming
from bot.core.turn import Turn
from bot.core.words.deadline_kinds import CONFIRM, LEARNING
from bot.core.words.verdict_words import kept_verdict
from storage.errors import Duplicate
from storage.model import NoteKind, Record
from storage.plans import Also

COMPARED = "compared with the live table"


def confirm(
    turn: Turn, number: str, *, said: str = "", compared: bool = False, note: str = "", revision: int = 0
) -> Record:
    """`said` is the role that the person names, `revision` the one that they saw (0: the latest). Raises
    Refused and storage.errors."""
    record = turn.store.record(turn.tenant, number)
    role, own = confirming.role_for(turn, said, number)
    if kept_verdict(record.assessment).cautions and not compared:
        raise Refused(
            "this verdict has a caution: compare it with the authority's live table first, then confirm that "
            f"it was {COMPARED}",
            about="compared",
        )
    patient_numbers.refuse_numbers(note)
    posts = tuple(post for ref in record.cases for post in updates(turn.store, turn.tenant, ref))
    posts += answered(turn.store, turn.tenant, number, CONFIRM)
    also = Also(turn.request.delivery, meet=(CONFIRM,), posts=posts)
    return turn.store.confirm(
        turn.tenant, number, revision=revision or record.revision, role=role, compared=compared, note=note,
        same_person=own, by=turn.person, now=turn.request.now, also=also,
    )  # fmt: skip


def settled(record: Record) -> bool:
    """Confirmed, and compared where a caution asks for it."""
    return record.status == "confirmed" and (record.compared or not kept_verdict(record.assessment).cautions)


def add_note(turn: Turn, subject: str, text: str, kind: NoteKind = "note") -> str:
    """What is told of it. Analysis and learning, once both are there, meet the record's reminder."""
    if not text.strip():
        raise Refused("write the note after it")
    patient_numbers.refuse_numbers(text)
    kinds = {note.kind for note in turn.store.notes(turn.tenant, subject)} | {kind}
    whole = {"analysis", "learning"} <= kinds
    delivery = turn.request.delivery and f"{turn.request.delivery}:{kind}"  # one form may bring two
    posts = updates(turn.store, turn.tenant, subject)
    posts += answered(turn.store, turn.tenant, subject, LEARNING) if whole else ()
    also = Also(delivery, meet=(LEARNING,) if whole else (), posts=posts)
    try:
        turn.store.add_note(
            turn.tenant, subject, text.strip(), kind=kind, by=turn.person, now=turn.request.now, also=also
        )
    except Duplicate:
        pass  # the same delivery again: it was kept
    if kind == "note":
        return f"Noted on {subject}"
    lacking = [one for one in ("analysis", "learning") if one not in kinds]
    return f"{kind.capitalize()} of {subject} kept" + (
        f"; the {lacking[0]} is still to come" if lacking else ""
    )
