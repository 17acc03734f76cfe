"""What can be typed about cases: lists, steps, notes, reminders. Every button has its words here."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.core import patient_numbers
from bot.core.actions import lists
from bot.core.actions.replies import answered, card_of, case_of, sentence, told, with_subject
from bot.core.cases import opening, steps
from bot.core.cases.confirm import add_note, confirm
from bot.core.check import of_record
from bot.core.days.typed import leading_day
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.reminders.placing import home_of
from bot.core.turn import Turn
from bot.core.words.case_words import confirmed_words, notified_words, reference_in, who
from bot.core.words.references import NUMBER, REF
from storage.errors import NotFound
from storage.model import Case, Destination, NoteKind

Act = Callable[[Turn, str, str], list[Reply]]


def run(turn: Turn, name: str, rest: str) -> list[Reply]:
    """One command of `WORDS`."""
    if name in ("cases", "due", "settings"):
        return answered(turn, "", lambda: _list(turn, name, rest))
    wanted, act = _ACTS[name]

    def work() -> list[Reply]:
        subject, after = with_subject(turn, _without_particle(name, rest), wanted)
        patient_numbers.refuse_numbers(after)
        return act(turn, subject, after)

    first = _without_particle(name, rest).partition(" ")[0].upper()
    return answered(turn, first, work)


def _list(turn: Turn, name: str, rest: str) -> list[Reply]:
    if name == "settings":
        from bot.core.actions import settings_dialogue

        return settings_dialogue.command(turn, rest)
    return [turn.show(lists.cases_card(turn, rest) if name == "cases" else lists.due_card(turn))]


def _without_particle(name: str, rest: str) -> str:
    """`stand down C26-0001` and `take over C26-0001` are two words."""
    particle = {"stand": "down", "take": "over"}.get(name, "")
    return re.sub(rf"^{particle}\b\s*", "", rest.strip(), flags=re.I) if particle else rest.strip()


def show(turn: Turn, ref: str) -> list[Reply]:
    """Raises NotFound."""
    return [turn.show(card_of(turn, turn.store.case(turn.tenant, ref), whole=True))]


def _case(turn: Turn, subject: str) -> Case:
    if not REF.fullmatch(subject):
        raise Refused(
            f"{subject} is a record: name the case, such as C26-0001. case {subject} shows which it has"
        )
    return case_of(turn, subject)


def open_(turn: Turn, subject: str, _rest: str) -> list[Reply]:
    if not NUMBER.fullmatch(subject):
        raise Refused("a case is opened from a record: name it, such as 2026-0001")
    record = turn.store.record(turn.tenant, subject)
    case = opening.open_from(turn, record)
    _, word = opening.discovery_of(turn, record.assessment)
    said = f"Opened as case {case.ref}, and it is yours. {word}".strip()
    here = Destination(turn.face.name, turn.request.place.conversation)
    if home_of(turn.store, turn.tenant, case.ref) == here:  # its card is about to be posted here
        return turn.say(said)
    return told(turn, case, said)


def _investigate(turn: Turn, subject: str, rest: str) -> list[Reply]:
    case = steps.investigate(turn, _case(turn, subject), rest)
    return told(turn, case, "The preliminary investigation has begun.")


def _notified(turn: Turn, subject: str, rest: str) -> list[Reply]:
    reference, note = reference_in(rest)
    case = steps.notify(turn, _case(turn, subject), reference, note)
    return told(turn, case, notified_words(case))


def _reported(turn: Turn, subject: str, rest: str) -> list[Reply]:
    return told(turn, steps.report(turn, _case(turn, subject), rest), "The report is submitted.")


def _close(turn: Turn, subject: str, rest: str) -> list[Reply]:
    return told(turn, steps.close(turn, _case(turn, subject), rest), "Closed.")


def _stand(turn: Turn, subject: str, rest: str) -> list[Reply]:
    first, _, after = rest.partition(" ")
    number, reason = (first, after) if NUMBER.fullmatch(first) else ("", rest)
    return told(turn, steps.stand_down(turn, _case(turn, subject), reason, number), "Stood down.")


def _reopen(turn: Turn, subject: str, rest: str) -> list[Reply]:
    return told(turn, steps.reopen(turn, _case(turn, subject), rest), "Reopened: its dates run again.")


def _assign(turn: Turn, subject: str, rest: str) -> list[Reply]:
    named = re.fullmatch(r"(?:to\s+)?(?:<@([^|>]+)(?:\|([^>]*))?>|@?(\S+))", rest.strip())
    user = (named[1] or named[3]) if named else ""
    if not named or not user or len(user) > 200:
        raise Refused(f"name one person, such as {turn.command(f'assign {subject} <person>')}")
    if user.lower() == "me":
        return _take(turn, subject, "")
    case = steps.assign(turn, _case(turn, subject), user, named[2] or "")
    return told(turn, case, f"It is {who(case.owner)}'s now.")


def _take(turn: Turn, subject: str, _rest: str) -> list[Reply]:
    case = steps.assign(turn, _case(turn, subject), turn.person.id, turn.person.name)
    return told(turn, case, "It is yours now.")


def _note_of(kind: NoteKind) -> Act:
    def note(turn: Turn, subject: str, rest: str) -> list[Reply]:
        if kind != "note" and REF.fullmatch(subject):
            subject = turn.store.case(turn.tenant, subject).records[-1]
        said = add_note(turn, subject, rest, kind)
        return turn.say(sentence(" ".join([said, *(f"({w})" for w in patient_numbers.warnings(rest))])))

    return note


def _redecide(turn: Turn, subject: str, rest: str) -> list[Reply]:
    first, _, after = rest.partition(" ")
    number, text = (first, after) if NUMBER.fullmatch(first) else ("", rest)
    return of_record.redecide(turn, _case(turn, subject), text, number)


def _discovered(turn: Turn, subject: str, rest: str) -> list[Reply]:
    before = _case(turn, subject)
    stated, why = leading_day(rest, turn.request.now)
    return discovered(turn, before, stated, why)


def discovered(turn: Turn, before: Case, stated: str, why: str) -> list[Reply]:
    case = steps.correct_discovery(turn, before, stated, why)
    moved = "; ".join(steps.moved_words(before, case)) or "no date that is still open has moved"
    return told(
        turn, case, f"The day of discovery is corrected. {moved}. What the dates were stays in the record."
    )


def _snooze(turn: Turn, subject: str, rest: str) -> list[Reply]:
    from bot.core.actions import done_and_snooze

    return done_and_snooze.snooze_typed(turn, subject, rest)


def _done(turn: Turn, subject: str, rest: str) -> list[Reply]:
    from bot.core.actions import done_and_snooze

    return done_and_snooze.done_typed(turn, subject, rest)


_ROLES = {
    **dict.fromkeys(("mpe", "medical physics expert", "physicist"), "mpe"),
    **dict.fromkeys(("rps", "radiation protection supervisor"), "rps"),
    **dict.fromkeys(("governance lead", "governance"), "governance"),
}


def _confirm(turn: Turn, subject: str, rest: str) -> list[Reply]:
    if REF.fullmatch(subject):
        records = [
            turn.store.record(turn.tenant, one) for one in turn.store.case(turn.tenant, subject).records
        ]
        subject = next((r.number for r in records if r.status == "provisional"), records[-1].number)
    text, compared = re.subn(
        r"\b(?:and |having )?compared(?: it)?(?: with the live table)?\b", "", rest, flags=re.I
    )
    text = re.sub(r"^(?:as (?:an? |the )?)", "", text.strip(), flags=re.I)
    name = next((name for name in _ROLES if re.match(rf"{name}\b", text, re.I)), "")
    note = text[len(name) :].strip(" ,.:;")
    record = confirm(turn, subject, said=_ROLES.get(name, ""), compared=bool(compared), note=note)
    return turn.say(confirmed_words(record.number, record.confirmations[-1].role, bool(compared)))


# What each wants after it, and what it does.
_ACTS: dict[str, tuple[str, Act]] = {
    "open": ("open 2026-0001", open_),
    "investigate": ("investigate C26-0001", _investigate),
    "notified": ("notified C26-0001 REF123", _notified),
    "reported": ("reported C26-0001", _reported),
    "close": ("close C26-0001", _close),
    "stand": ("stand down C26-0001 the reason", _stand),
    "reopen": ("reopen C26-0001 why", _reopen),
    "assign": ("assign C26-0001 person", _assign),
    "take": ("take over C26-0001", _take),
    "note": ("note C26-0001 the text", _note_of("note")),
    "analysis": ("analysis 2026-0001 the text", _note_of("analysis")),
    "learning": ("learning 2026-0001 the text", _note_of("learning")),
    "redecide": ("redecide C26-0001", _redecide),
    "discovered": ("discovered C26-0001 yesterday found in the log", _discovered),
    "snooze": ("snooze C26-0001 tomorrow", _snooze),
    "done": ("done C26-0001", _done),
    "confirm": ("confirm 2026-0001", _confirm),
}


def missing_case(turn: Turn) -> NotFound:
    return NotFound(f"name a case or a record by its number, such as {turn.command('case C26-0001')}")
