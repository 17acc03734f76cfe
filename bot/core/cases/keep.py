"""Keeping a verdict: its record and, in the same transaction, the case that it calls for or its reminders."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.cases import opening
from bot.core.kept_drafts import Ending
from bot.core.turn import Turn
from bot.core.words.deadline_kinds import LEARNING
from bot.core.words.verdict_words import kept_verdict
from storage.model import Assessment, Case, Correction, Record
from storage.plans import Also


class Kept(NamedTuple):
    """`case` is the one that was opened with the record; `word` what its owner has to know of its dates."""

    record: Record
    case: Case | None = None
    word: str = ""


def keep(turn: Turn, verdict: Assessment | Correction, *, opens: bool, ending: Ending) -> Kept:
    """As a new record or as one's next revision. Raises storage.errors."""
    if opens:
        case = opening.open_new(turn, verdict, ending)
        assessment = verdict.assessment if isinstance(verdict, Correction) else verdict
        _, word = opening.discovery_of(turn, assessment)
        return Kept(turn.store.record(turn.tenant, case.records[0]), case, word)
    if isinstance(verdict, Assessment):
        also = _also(turn, verdict, ending)
        return Kept(turn.store.keep(turn.tenant, verdict, by=turn.person, now=turn.request.now, also=also))
    also = _also(turn, verdict.assessment, ending, verdict.number)
    return Kept(
        turn.store.correct(
            turn.tenant, verdict.number, verdict.assessment, why=verdict.why, expected=verdict.expected,
            by=turn.person, now=turn.request.now, also=also,
        )
    )  # fmt: skip


def _also(turn: Turn, kept: Assessment, ending: Ending, number: str = "") -> Also:
    outcome = kept_verdict(kept).outcome
    withdraw = () if outcome == "do_not_notify" else (LEARNING,)
    deadlines = opening.keep_plans(turn, outcome, number)
    return Also(
        ending.once, deadlines, withdraw=withdraw, drop_draft=ending.draft, draft_version=ending.version
    )
