"""`add to case <text>`: words, such as a message's, kept as a note of a case that is picked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.core import patient_numbers
from bot.core.actions.act import Instruction
from bot.core.actions.carry_out import carry_out
from bot.core.actions.step_forms import NO_NAMES
from bot.core.actions.table import BY_NAME
from bot.core.cards import Form, Input, InputKind, Option
from bot.core.messages import Open, Reply
from bot.core.refused import Refused
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.phrases import one_line
from storage.case_states import ACTIVE

FORM = "case.add"
MOST = 100  # options that every face can show
_PARTICLE = re.compile(r"(?:this\s+)?to\s+(?:the\s+|a\s+)?case\b[\s:,]*", re.I)


def begin(turn: Turn, rest: str) -> list[Reply]:
    """Raises Refused where there is nothing to add to, and where no form can be shown."""
    text = _PARTICLE.sub("", rest, count=1).strip()
    if not turn.face.buttons:
        note = turn.command(f"note C26-0001 {one_line(text, 40) or 'what is to be noted'}")
        raise Refused(f"say which case it belongs to: {note}")
    return [Open(_form(turn, "", text))]


def _form(turn: Turn, case: str, text: str) -> Form:
    permissions.require_ours(turn)
    every = turn.store.cases(turn.tenant, states=ACTIVE, soonest=True, limit=MOST)
    found = [one for one in every if permissions.may_read(turn, one.ref)]
    if not found:
        raise Refused("there is no open case to add it to")
    options = tuple(Option(one.ref, one_line(f"{one.ref} {one.title}", 70)) for one in found)
    which = Input(
        "case", "Which case does it belong to?", InputKind.CHOICE, options, value=case, required=True
    )
    note = Input("note", "What is kept as a note", InputKind.LINES, value=text, hint=NO_NAMES, required=True)
    return Form(FORM, "", "Add to a case?", (which, note), "Add")


def submitted(turn: Turn, inputs: Mapping[str, str]) -> list[Reply]:
    """Raises Refused and storage.errors."""
    case, text = inputs.get("case", ""), inputs.get("note", "").strip()
    try:
        return carry_out(turn, Instruction(BY_NAME["note"].name, case, given={"note": text}))
    except Refused as refused:
        form = _form(turn, case, patient_numbers.without_numbers({"note": text})["note"])
        *others, note = form.blocks
        assert isinstance(note, Input)
        return [Open(replace(form, blocks=(*others, replace(note, error=str(refused)))))]
