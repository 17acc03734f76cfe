"""Buttons and forms of cases, records and reminders, as instructions. A button's value and a form's key hold
a subject, the version that was seen, and a deadline's kind; they are user input like any other."""

from __future__ import annotations

from dataclasses import replace

from bot.core import patient_numbers
from bot.core.actions import adding, handover, linking, settings_dialogue
from bot.core.actions.act import About, Instruction
from bot.core.actions.carry_out import answered, carry_out, form_again, open_form
from bot.core.actions.denied import NOT_SO, denied
from bot.core.actions.table import BY_ACTION, BY_NAME
from bot.core.cards import Card, Severity
from bot.core.messages import Done, Pressed, Reply, Submitted
from bot.core.refused import Refused
from bot.core.settings.permissions import NotAllowed
from bot.core.turn import Turn
from bot.core.words.references import is_subject

NO_LONGER = "That button is no longer in use."


def pressed(turn: Turn, what: Pressed) -> list[Reply]:
    if what.action == settings_dialogue.FORM:
        return answered(turn, "", lambda: settings_dialogue.opened(turn))
    if what.action in (handover.ACCEPT, handover.DECLINE):
        return answered(turn, "", lambda: handover.pressed(turn, what))
    if what.action == linking.PRIVATE:
        return answered(turn, "", lambda: linking.pressed(turn, what))
    act = BY_ACTION.get(what.action)
    asked = Instruction.with_key(act.name if act else "", what.value)
    if act is None or not _is_ours(asked):
        return turn.say(NO_LONGER, severity=Severity.WAITING)
    if asked.deadline and act.about is not About.DEADLINE:
        # On a reminder, which may be older than a step that says nothing against this one.
        asked = replace(asked, version="")
    return answered(turn, asked.subject, lambda: open_form(turn, asked))


def submitted(turn: Turn, what: Submitted) -> list[Reply]:
    if what.form == settings_dialogue.FORM:
        return answered(turn, "", lambda: settings_dialogue.submitted(turn, what.key, what.inputs))
    if what.form == adding.FORM:
        return answered(turn, what.inputs.get("case", ""), lambda: adding.submitted(turn, what.inputs))
    if what.form == handover.FORM:
        return answered(turn, "", lambda: handover.submitted(turn, what.inputs))
    act = BY_ACTION.get(what.form)
    given = {name: text.strip() for name, text in what.inputs.items()}
    asked = Instruction.with_key(act.name if act else "", what.key, given)
    if act is None or act.form is None or not _is_ours(asked):
        close: list[Reply] = [Done()] if turn.face.dialogs else []
        return [*close, turn.show(Card("That form is no longer in use.", severity=Severity.WAITING))]

    def work() -> list[Reply]:
        try:
            _refuse_denied(asked)
            return carry_out(turn, asked)
        except NotAllowed:
            raise
        except Refused as refused:
            return form_again(turn, asked, refused)

    return answered(turn, asked.subject, work, asked)


def _refuse_denied(asked: Instruction) -> None:
    """Raises Refused where what was written into a form denies what it is sent off for."""
    for name in ("note", "analysis", "learning"):
        if denied(BY_NAME[asked.act], asked[name], asked.deadline):
            raise Refused(NOT_SO, about=name)


def _is_ours(asked: Instruction) -> bool:
    """Could it stand on a button or in a form of ours? What stands there may be shown again."""
    return is_subject(asked.subject) and not patient_numbers.holds_number(asked.key)
