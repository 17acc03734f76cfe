"""A case decided anew with what has been found out: the same edition, the same day of discovery."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from bot.core.cases.steps import take
from bot.core.drafts import Ending
from bot.core.reminders.placing import outcome_of, planner_of
from bot.core.turn import Turn
from bot.core.words.case_words import who
from bot.core.words.deadline_kinds import LEARNING, MPE
from bot.core.words.verdict_words import kept_verdict
from storage.case_states import ACTIVE
from storage.errors import Conflict
from storage.model import Case, Correction, Record, Step
from storage.plans import DeadlinePlan
from storage.theme_model import ThemeAnswer


class DecidedAnew(NamedTuple):
    """The case as it is now, and its record before and after."""

    case: Case
    before: Record
    after: Record


def active_case(turn: Turn, number: str) -> Case | None:
    """The case of a record that is not over: whoever corrects the record decides it anew."""
    cases = (turn.store.case(turn.tenant, ref) for ref in turn.store.record(turn.tenant, number).cases)
    return next((case for case in cases if case.state in ACTIVE), None)


def discovery(case: Case, stated: object) -> str:
    """The case's day, whatever was stated; with the hour that was, where it is the same day."""
    text = str(stated or "")
    return text if text[:10] == case.discovered_on.isoformat() else case.discovered_on.isoformat()


def decide_anew(
    turn: Turn, case: Case, found: Correction, ending: Ending, theme: ThemeAnswer | None = None
) -> DecidedAnew:
    """The record's next revision, the step, the deadlines. Raises storage.errors."""
    before = turn.store.record(turn.tenant, found.number)
    if before.revision != found.expected:
        raise Conflict(
            f"{case.ref} has changed meanwhile: {who(before.by)} decided it anew. Look at it again first"
        )
    was = outcome_of(turn.store, turn.tenant, case)
    others = tuple(number for number in case.records if number != found.number)
    rest = outcome_of(turn.store, turn.tenant, replace(case, records=others)) if others else ""
    this = kept_verdict(found.assessment).outcome
    outcome = _together(rest, this)
    plan = planner_of(turn, case.ref)
    deadlines: list[DeadlinePlan] = []
    meet: tuple[str, ...] = ()
    if outcome == "undecided" and was != "undecided":
        planned = plan.for_case(outcome, case.discovered_on, opened=turn.today)
        deadlines += [one for one in planned if one.kind == MPE]
    elif outcome != "undecided" and any(d.kind == MPE and d.state == "open" for d in case.deadlines):
        meet = (MPE,)
    withdraw = () if this == "do_not_notify" else (LEARNING,)
    step = Step("redecide", found.why, record=found.number, assessment=found.assessment)
    provisional = (plan.confirmation(turn.today),)  # as every new revision is
    case = take(
        turn, case, step, deadlines=deadlines, of_record=provisional, meet=meet, withdraw=withdraw,
        ending=ending, theme=theme,
    )  # fmt: skip
    return DecidedAnew(case, before, turn.store.record(turn.tenant, found.number))


def _together(others: str, this: str) -> str:
    for outcome in ("notify", "undecided"):
        if outcome in (others, this):
            return outcome
    return this
