"""What the buttons and forms of cases do. A button's value is a reference, the version of the case that was
seen, and a deadline's kind; it is user input like any other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from bot.core import patient_numbers
from bot.core.actions import done_and_snooze, lists, settings_dialogue, step_forms, typed
from bot.core.actions.replies import answered, card_of, case_of, changed, told
from bot.core.cards import Card, Severity
from bot.core.cases import steps
from bot.core.cases.confirm import add_note, confirm
from bot.core.check import of_record
from bot.core.days.until import read_until
from bot.core.messages import Done, Pressed, Reply, Submitted
from bot.core.refused import Refused
from bot.core.settings.definitions import Chosen
from bot.core.settings.permissions import NotAllowed
from bot.core.turn import Turn
from bot.core.words.case_words import confirmed_words, notified_words
from bot.core.words.deadline_kinds import CONFIRM, LEARNING, MPE, NOTIFY, REPORT
from bot.core.words.references import is_subject
from storage.model import NoteKind

NO_LONGER = "That button is no longer in use."


def pressed(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action == "case.due":
        return [turn.show(lists.due_card(turn))]
    if what.action == "case.settings":
        return [settings_dialogue.form(turn)]
    subject, version, kind = (*what.value.split(":", 2), "", "")[:3]
    act = _PRESSED.get(what.action)
    if act is None or not is_subject(subject):
        return turn.say(NO_LONGER, severity=Severity.WAITING)
    return answered(turn, subject, lambda: act(turn, subject, version, kind))


def _show(turn: Turn, subject: str, _version: str, _kind: str) -> list[Reply]:
    from bot.core.actions import record_card

    if subject.startswith("C"):
        return [turn.show(card_of(turn, turn.store.case(turn.tenant, subject), whole=True))]
    return record_card.show(turn, subject)


def _investigate(turn: Turn, subject: str, version: str, _kind: str) -> list[Reply]:
    case = steps.investigate(turn, case_of(turn, subject, version))
    return changed(turn, case, "The preliminary investigation has begun.")


def _close(turn: Turn, subject: str, version: str, _kind: str) -> list[Reply]:
    return changed(turn, steps.close(turn, case_of(turn, subject, version)), "Closed.")


def _take(turn: Turn, subject: str, version: str, kind: str) -> list[Reply]:
    # From a reminder the version may be old by a step that says nothing about who owns the case.
    case = case_of(turn, subject, "" if kind else version)
    case = steps.assign(turn, case, turn.person.id, turn.person.name)
    said = f"{case.ref} is {turn.person.name or turn.person.id}'s now."
    return [turn.show(card_of(turn, case, said=said))] if kind else changed(turn, case, said)


def _redecide(turn: Turn, subject: str, _version: str, _kind: str) -> list[Reply]:
    return of_record.redecide(turn, case_of(turn, subject, ""))


def _open(turn: Turn, subject: str, _version: str, _kind: str) -> list[Reply]:
    return typed.open_(turn, subject, "")


def _done(turn: Turn, subject: str, version: str, kind: str) -> list[Reply]:
    """What it takes depends on the deadline; a step asks for what belongs to it."""
    deadline = done_and_snooze.current(turn, subject, kind)
    if kind in (NOTIFY, REPORT):
        # A reminder may be days old: what counts is the case as it is when its form opens.
        return _form("case.notify" if kind == NOTIFY else "case.report")(turn, subject, version, kind)
    if kind == MPE:
        return of_record.redecide(turn, case_of(turn, subject))
    if kind == CONFIRM:
        return _confirm(turn, subject, "", "")
    if kind == LEARNING:
        return [step_forms.learning(turn, subject)]
    return done_and_snooze.meet_local(turn, deadline, "")


def _snooze(turn: Turn, subject: str, version: str, kind: str) -> list[Reply]:
    return [step_forms.snooze(turn, done_and_snooze.current(turn, subject, kind), version)]


def _confirm(turn: Turn, subject: str, _version: str, _kind: str) -> list[Reply]:
    number = subject
    if subject.startswith("C"):
        records = [turn.store.record(turn.tenant, n) for n in turn.store.case(turn.tenant, subject).records]
        number = next((r.number for r in records if r.status == "provisional"), records[-1].number)
    return [step_forms.confirm(turn, turn.store.record(turn.tenant, number))]


def _form(name: str) -> Callable[[Turn, str, str, str], list[Reply]]:
    def opened(turn: Turn, subject: str, _version: str, _kind: str) -> list[Reply]:
        case = turn.store.case(turn.tenant, subject)
        step_forms.require(
            turn, name, case
        )  # what the case is no longer for is said before anything is typed
        return [step_forms.FORMS[name](turn, subject, str(case.version))]

    return opened


def _learning(turn: Turn, subject: str, _version: str, _kind: str) -> list[Reply]:
    return [step_forms.learning(turn, subject)]


_PRESSED: dict[str, Callable[[Turn, str, str, str], list[Reply]]] = {
    "case.show": _show,
    "case.investigate": _investigate,
    "case.close": _close,
    "case.take": _take,
    "case.redecide": _redecide,
    "case.open": _open,
    "case.done": _done,
    "case.snooze": _snooze,
    "case.confirm": _confirm,
    "case.learning": _learning,
    **{f"case.{name}": _form(f"case.{name}") for name in ("notify", "report", "stand_down", "reopen")},
    **{f"case.{name}": _form(f"case.{name}") for name in ("assign", "note", "discovered")},
}


# Forms


def submitted(turn: Turn, what: Submitted) -> list[Reply]:
    if what.form == settings_dialogue.FORM:
        return answered(turn, "", lambda: settings_dialogue.submitted(turn, what.inputs))
    subject, version, kind = (*what.key.split(":", 2), "", "")[:3]
    take = _SUBMITTED.get(what.form)
    if take is None or not is_subject(subject):
        close: list[Reply] = [Done()] if turn.face.dialogs else []
        return [*close, turn.show(Card("That form is no longer in use.", severity=Severity.WAITING))]
    inputs = {name: text.strip() for name, text in what.inputs.items()}

    def work() -> list[Reply]:
        for text in inputs.values():
            patient_numbers.refuse_numbers(text)
        return take(turn, subject, version, defaultdict(str, {**inputs, "kind": kind}))

    def guarded() -> list[Reply]:
        try:
            return work()
        except NotAllowed:
            raise
        except Refused as refused:
            return [step_forms.again(turn, what, str(refused))]

    return answered(turn, subject, guarded)


Inputs = dict[str, str]


def _notify(turn: Turn, subject: str, version: str, inputs: Inputs) -> list[Reply]:
    case = steps.notify(turn, case_of(turn, subject, version), inputs["reference"], inputs.get("note", ""))
    return told(turn, case, notified_words(case))


def _report(turn: Turn, subject: str, version: str, inputs: Inputs) -> list[Reply]:
    case = steps.report(turn, case_of(turn, subject, version), inputs.get("note", ""))
    return told(turn, case, "The report is submitted.")


def _stand_down(turn: Turn, subject: str, version: str, inputs: Inputs) -> list[Reply]:
    return told(turn, steps.stand_down(turn, case_of(turn, subject, version), inputs["note"]), "Stood down.")


def _reopen(turn: Turn, subject: str, version: str, inputs: Inputs) -> list[Reply]:
    case = steps.reopen(turn, case_of(turn, subject, version), inputs["note"])
    return told(turn, case, "Reopened: its dates run again.")


def _assign(turn: Turn, subject: str, version: str, inputs: Inputs) -> list[Reply]:
    if not inputs.get("user"):
        raise Refused("name the new owner")
    case = steps.assign(turn, case_of(turn, subject, version), inputs["user"], note=inputs.get("note", ""))
    return told(turn, case, "It has a new owner.")


def _note(turn: Turn, subject: str, _version: str, inputs: Inputs) -> list[Reply]:
    case = turn.store.case(turn.tenant, subject)
    said = add_note(turn, case.ref, inputs["note"])
    return told(turn, case, f"{said}.")


def _discovered(turn: Turn, subject: str, version: str, inputs: Inputs) -> list[Reply]:
    if not inputs.get("day"):
        raise Refused("give the day on which anybody first knew")
    return typed.discovered(turn, case_of(turn, subject, version), inputs["day"], inputs.get("why", ""))


def _snoozed(turn: Turn, subject: str, _version: str, inputs: Inputs) -> list[Reply]:
    deadline = done_and_snooze.current(turn, subject, inputs["kind"])
    words = inputs.get("day") or inputs.get("until", "")
    if not words:
        raise Refused("choose until when")
    until, _ = read_until(words.replace("T", " "), turn.request.now, Chosen(turn.settings).ping_hour)
    close: list[Reply] = [Done()] if turn.face.dialogs else []
    return [*close, *turn.say(done_and_snooze.snooze(turn, deadline, until, inputs.get("why", "")))]


def _confirmed(turn: Turn, subject: str, version: str, inputs: Inputs) -> list[Reply]:
    compared = "compared" in inputs.get("compared", "")
    revision = int(version) if version.isdecimal() else 0
    said, note = inputs.get("role", ""), inputs.get("note", "")
    record = confirm(turn, subject, said=said, compared=compared, note=note, revision=revision)
    words = confirmed_words(subject, record.confirmations[-1].role, compared)
    close: list[Reply] = [Done()] if turn.face.dialogs else []
    return [*close, *turn.say(words)]


def _learned(turn: Turn, subject: str, _version: str, inputs: Inputs) -> list[Reply]:
    kinds: tuple[NoteKind, ...] = ("analysis", "learning")
    given = [(kind, inputs[kind]) for kind in kinds if inputs.get(kind)]
    if not given:
        raise Refused("write the analysis, the learning, or both")
    said = step_forms.keep_learning(turn, subject, given)
    close: list[Reply] = [Done()] if turn.face.dialogs else []
    return [*close, *turn.say(said)]


_SUBMITTED: dict[str, Callable[[Turn, str, str, Inputs], list[Reply]]] = {
    "case.notify": _notify,
    "case.report": _report,
    "case.stand_down": _stand_down,
    "case.reopen": _reopen,
    "case.assign": _assign,
    "case.note": _note,
    "case.discovered": _discovered,
    "case.snooze": _snoozed,
    "case.confirm": _confirmed,
    "case.learning": _learned,
}
