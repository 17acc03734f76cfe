"""Words in a case's own thread that do not call the bot: which of them are meant for it all the same.

People talk there among themselves. A step is taken for words that nobody would write for anything else:
`notified CQC-77`, `snooze tomorrow`, `assign @ben`; "Notified the ward" and "Done, thanks" take none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.core.actions.act import Act
from bot.core.actions.typed import without_particle
from bot.core.cards import Severity
from bot.core.days.until import read_until
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.reminders.placing import subject_here
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import kind_of, reference_in
from bot.core.words.references import named
from rules.quantities import find

LONGEST = 8  # words; more tell a story
_NUMBER = re.compile(r"[A-Za-z]{2,}[-/ ]?[\w/-]*\d[\w/-]*|\d{4,}")
_ROLE = re.compile(
    r"as (?:an? |the )?(?:mpe|rps|governance lead|medical physics expert)\b(?:,? (?:and )?compared)?", re.I
)
_PERSON = re.compile(r"(?:to\s+)?<@[^>\s]+>")


def is_meant(turn: Turn, act: Act, text: str, rest: str) -> bool:
    """In the thread of a case; anywhere else nothing is."""
    case = subject_here(turn)
    if not case:
        return False
    if act.name == "note":
        return not named(rest).wrong
    sure = _SURE.get(act.name)
    whole = text.strip().lower().startswith(act.verb)
    return bool(sure and whole and sure(turn, case, without_particle(act, rest).strip(" .!")))


def _reference(_turn: Turn, _case: str, rest: str) -> bool:
    reference, note = reference_in(rest)
    return bool(_NUMBER.fullmatch(reference)) and not note


def _until(turn: Turn, _case: str, rest: str) -> bool:
    try:
        return not read_until(rest, turn.request.written, Chosen(turn.settings).ping_hour)[1]
    except Refused:
        return False


def _deadline(turn: Turn, case: str, rest: str) -> bool:
    subjects = (case, *turn.store.case(turn.tenant, case).records)
    every = [d for one in subjects for d in turn.store.deadlines(turn.tenant, subject=one)]
    kind, after = kind_of(rest, every)
    return bool(kind) and not after


def _alone(_turn: Turn, _case: str, rest: str) -> bool:
    return not rest


_SURE: Mapping[str, Callable[[Turn, str, str], bool]] = {
    "notify": _reference,
    "snooze": _until,
    "done": _deadline,
    "take": _alone,
    "show": _alone,
    "investigate": _alone,
    "confirm": lambda _turn, _case, rest: bool(_ROLE.fullmatch(rest)),
    "assign": lambda _turn, _case, rest: bool(_PERSON.fullmatch(rest)),
    "redecide": lambda _turn, _case, rest: any(found.base != "times" for found in find(rest)),
}


def asked_back(turn: Turn, act: Act, text: str) -> list[Reply]:
    """What may have been meant is said to its author alone, in one line; what is longer was talk."""
    short = len(text.split()) <= LONGEST and text.strip().lower().startswith(act.verb)
    case = subject_here(turn) if short and turn.face.private_answers and not act.looks else ""
    if not case:
        return []
    meant = turn.command(act.of(case))
    line = f"That was taken as talk, and no step of {case} was taken. If it was meant for me: {meant}"
    return [turn.refuse(line, Severity.WAITING, private=True)]
