"""What can be done with a record, and what is written down beside a record or a case."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.core.actions.act import Instruction, Outcome
from bot.core.actions.beside_the_verdict import not_in_the_verdict, refuse_other_facts
from bot.core.cases.confirm import add_note, confirm
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.case_words import confirmed_words
from bot.core.words.references import REF
from storage.model import NoteKind

_ROLES = {
    **dict.fromkeys(("mpe", "medical physics expert", "physicist"), "mpe"),
    **dict.fromkeys(("rps", "radiation protection supervisor"), "rps"),
    **dict.fromkeys(("governance lead", "governance"), "governance"),
}
_COMPARED = re.compile(r"\b(?:and |having )?compared(?: it)?(?: with the live table)?\b", re.I)


def to_confirm(turn: Turn, asked: Instruction) -> Instruction:
    """Of a case it is the first record that is provisional; the revision is the one that it is at now,
    unless a form was opened on another."""
    if not REF.fullmatch(asked.subject):
        return asked
    numbers = turn.store.case(turn.tenant, asked.subject).records
    records = [turn.store.record(turn.tenant, number) for number in numbers]
    meant = next((record.number for record in records if record.status == "provisional"), records[-1].number)
    return replace(asked, subject=meant, version="")


def as_confirmation(text: str) -> Mapping[str, str]:
    """`as MPE, compared with the live table, and a note`, in any order."""
    text, compared = _COMPARED.subn("", text)
    text = re.sub(r"^(?:as (?:an? |the )?)", "", text.strip(), flags=re.I)
    name = next((name for name in _ROLES if re.match(rf"{name}\b", text, re.I)), "")
    note = text[len(name) :].strip(" ,.:;")
    return {"role": _ROLES.get(name, ""), "compared": "compared" if compared else "", "note": note}


def confirmed(turn: Turn, asked: Instruction) -> Outcome:
    compared = "compared" in asked["compared"]
    revision = int(asked.version[:9]) if asked.version.isdecimal() else 0
    refuse_other_facts(turn, asked.subject, asked["note"])
    record = confirm(
        turn, asked.subject, said=asked["role"], compared=compared, note=asked["note"], revision=revision
    )
    last = record.confirmations[-1]
    return Outcome(confirmed_words(record.number, last.role, compared, bool(last.same_person)))


def noted(turn: Turn, asked: Instruction) -> Outcome:
    return _kept(turn, asked, {"note": asked["note"]})


def as_text(name: str) -> Callable[[str], Mapping[str, str]]:
    return lambda text: {name: text}


def to_last_record(turn: Turn, asked: Instruction) -> Instruction:
    """Of a case it is the last record."""
    if not REF.fullmatch(asked.subject):
        return asked
    return replace(asked, subject=turn.store.case(turn.tenant, asked.subject).records[-1], version="")


def learned(turn: Turn, asked: Instruction) -> Outcome:
    kinds: tuple[NoteKind, ...] = ("analysis", "learning")
    given = {kind: asked[kind] for kind in kinds if asked[kind]}
    if not given:
        raise Refused("write the analysis, the learning, or both", about="analysis")
    return _kept(turn, asked, given)


def _kept(turn: Turn, asked: Instruction, given: Mapping[NoteKind, str]) -> Outcome:
    said = [add_note(turn, asked.subject, text, kind) for kind, text in given.items()]
    beside = [not_in_the_verdict(turn, asked.subject, text) for text in given.values()]
    return Outcome(". ".join(dict.fromkeys(filter(None, (*said, *beside)))))
