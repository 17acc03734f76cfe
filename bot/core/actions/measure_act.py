"""`measure`: a corrective measure, set with its owner and its day, changed, or given up."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.actions.act import Instruction, Outcome
from bot.core.cards import Block, Button, Card, Form, Input, InputKind, Text
from bot.core.cases.measures import (
    WANTED,
    give_up,
    measure_line,
    one_of,
    set_measure,
)
from bot.core.refused import Refused
from bot.core.turn import Turn
from storage.measure_model import CorrectiveMeasure
from storage.model import Record

_SEQ = re.compile(r"(?:measure )?(\d{1,4})\b[.:,]?\s*", re.I)
_GIVEN_UP = re.compile(
    r"(?:given up|give up|dropped|drop|withdrawn|not needed)\b[\s,:]*(?:because\b)?\s*(.*)", re.I | re.S
)
_SET = re.compile(r"(?P<who>\S.*?)\s+by\s+(?P<day>[^:\n]+?)\s*:\s*(?P<what>\S.*)", re.I | re.S)
_MENTION = re.compile(r"<@([^|>]+)(?:\|([^>]*))?>")
# An id of a platform has figures in it or a mark before it, and a word for a role has none.
_ID = re.compile(r"me|@\S+|\S*[\d:]\S*", re.I)
_NO_NAMES = "No names, numbers or dates of birth of anybody"


def as_measure(text: str) -> Mapping[str, str]:
    """`<@U1> by 20 December: two people check`, `2 me by Friday: …`, `2 given up: why`. Whatever does not
    read so stands whole under `typed`."""
    text = text.strip()
    seq = _SEQ.match(text)
    rest = text[seq.end() :] if seq else text
    of = {"seq": seq[1]} if seq else {}
    if seq and (up := _GIVEN_UP.fullmatch(rest)):
        return {**of, "why": up[1], "given_up": "yes"}
    found = _SET.fullmatch(rest)
    if not found:
        return {**of, "typed": rest}
    return {**of, "user": found["who"].strip(), "day": found["day"], "what": found["what"].strip()}


def measure(turn: Turn, asked: Instruction) -> Outcome:
    record = turn.store.record(turn.tenant, asked.subject)
    named = asked["seq"] or asked.part
    before = one_of(turn, record, int(named)) if named.isdecimal() else None
    if "typed" in asked.given:
        if not asked["typed"] and before is None:
            return Outcome(replies=(turn.show(measures_card(turn, record)),))
        raise Refused(f"{WANTED}: {_how(turn, record)}")
    user, name, role = _whose(asked)
    given = (" ".join(asked["what"].split()), user, role, asked["day"])
    if before and (asked["given_up"] or asked["why"].strip()):
        if not asked["given_up"] and given != _given(before):
            raise Refused("change it or give it up, and not both at once", about="why")
        give_up(turn, record, before.seq, asked["why"])
        return Outcome(f"Measure {before.seq} of {record.number} is given up: {before.what}")
    if before and before.state == "open" and given == _given(before):
        return Outcome(f"Nothing new was said about measure {before.seq} of {record.number}")
    made = set_measure(
        turn, record, user=user, name=name, role=role, by=asked["day"], what=asked["what"],
        seq=before.seq if before else 0,
        expected=int(asked.version[:9]) if asked.version.isdecimal() and before else None,
    )  # fmt: skip
    was = f" (it was {measure_line(before)})" if before else ""
    return Outcome(f"{record.number}, corrective measure {measure_line(made)}{was}")


def _given(kept: CorrectiveMeasure) -> tuple[str, str, str, str]:
    return kept.what, kept.owner.id if kept.owner else "", kept.role, kept.due_on.isoformat()


def _whose(asked: Instruction) -> tuple[str, str, str]:
    """The person's id, the name with it, and a role. What was typed names a person by a mention, by an id, or
    `me`, and after a comma the role; words alone are a role."""
    given = asked["user"].strip()
    if "role" in asked.given:
        mention = _MENTION.fullmatch(given)
        user, name = (mention[1], mention[2] or "") if mention else (given, "")
        return user, name, " ".join(asked["role"].split())
    first, _, role = given.partition(",")
    if mention := _MENTION.match(given):
        return mention[1], mention[2] or "", given[mention.end() :].strip(" ,()")
    if _ID.fullmatch(first.strip()):
        return first.strip().removeprefix("@"), "", role.strip(" ()")
    return "", "", given


def _how(turn: Turn, record: Record) -> str:
    what = f"measure {record.number} <person or role> by 20 December: two people check the list"
    return turn.command(what)


def measures_card(turn: Turn, record: Record) -> Card:
    """All of a record, each with what becomes of it."""
    there = turn.store.measures(turn.tenant, record.number)
    blocks: list[Block] = [Text(measure_line(one)) for one in there]
    title = f"Corrective measures of {record.number}: {len(there) or 'none'}"
    if turn.face.buttons:
        change = tuple(measure_button(record.number, one.seq) for one in there if one.state == "open")
        return Card(title, tuple(blocks), (measure_button(record.number), *change))
    blocks.append(Text(_how(turn, record)))
    for one in there:
        if one.state == "open":
            blocks.append(Text(turn.command(f"done {record.number} measure {one.seq}")))
            blocks.append(Text(turn.command(f"measure {record.number} {one.seq} given up: <why>")))
    return Card(title, tuple(blocks))


def measure_button(subject: str, seq: int = 0) -> Button:
    key = Instruction("measure", subject, part=str(seq) if seq else "").key
    return Button(f"Change measure {seq}" if seq else "Corrective measure", "case.measure", key)


def form(turn: Turn, asked: Instruction) -> Form:
    record = turn.store.record(turn.tenant, asked.subject)
    kept = one_of(turn, record, int(asked.part)) if asked.part.isdecimal() else None
    seq = kept.seq if kept else 0
    inputs: list[Block] = [
        Input("what", "What is done?", InputKind.LINES, value=kept.what if kept else "", hint=_NO_NAMES,
              required=True),
        Input("user", "Whose is it?", InputKind.USER, value=kept.owner.id if kept and kept.owner else ""),
        Input("role", "In which role?", value=kept.role if kept else "",
              hint="Papers show it instead of a name; enough where nobody here does it"),
        Input("day", "By when?", InputKind.DATE, value=kept.due_on.isoformat() if kept else "",
              required=True),
    ]  # fmt: skip
    if kept:
        inputs.append(Input("why", "Or why it is given up", hint="It is not reminded of any more then"))
    version = str(kept.change) if kept else ""
    key = Instruction("measure", record.number, version, part=str(seq) if seq else "").key
    head = f"Measure {seq}, {record.number}" if seq else f"Measure, {record.number}"
    return Form("case.measure", key, head, tuple(inputs), "Keep")
