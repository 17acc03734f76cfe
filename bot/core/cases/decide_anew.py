"""A case decided anew with what has been found out: the same edition, the same day of discovery."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from bot.core.cases.opening import TO_OPEN, cases_of
from bot.core.cases.steps import take
from bot.core.cases.taken_back import run_again
from bot.core.draft import Source, source_of
from bot.core.kept_drafts import Ending
from bot.core.reminders.placing import nation_of, outcome_of, planner_of
from bot.core.reminders.schedule import STATUTORY, Planner
from bot.core.turn import Turn
from bot.core.words.case_words import who
from bot.core.words.deadline_kinds import LEARNING, MPE, REPORT
from bot.core.words.verdict_words import AnyVerdict, kept_verdict
from storage.case_states import ACTIVE
from storage.errors import Conflict
from storage.model import Case, Correction, Record, Step
from storage.plans import DeadlinePlan
from storage.theme_model import ThemeAnswer


class DecidedAnew(NamedTuple):
    """The case as it is now, and its record before and after. `told`: the authority that had been notified
    of it, where it falls to another one now."""

    case: Case
    before: Record
    after: Record
    told: str = ""


def active_case(turn: Turn, number: str) -> Case | None:
    """The case of a record that is not over: whoever corrects the record decides it anew."""
    cases = cases_of(turn, turn.store.record(turn.tenant, number))
    return next((case for case in cases if case.state in ACTIVE), None)


def discovery(case: Case, stated: object) -> str:
    """The case's day, whatever was stated; with the hour that was, where it is the same day."""
    text = str(stated or "")
    return text if text[:10] == case.discovered_on.isoformat() else case.discovered_on.isoformat()


def day_of_case(turn: Turn, case: Case, record: Record) -> tuple[str, Source]:
    """The case's day as a fact of its record, and who gave it: whoever told the record of it or corrected it
    for the case; else it is the day of opening, that was taken for it."""
    told = record.assessment.facts.get("discovered_on")
    found = discovery(case, told)
    if found == told:
        return found, source_of(record.assessment.sources.get("discovered_on", {}))
    steps = reversed(turn.store.steps(turn.tenant, case.ref))
    moved = next((step for step in steps if step.kind == "correct_discovery"), None)
    by, at = (moved.by, moved.at) if moved else (case.opened_by, case.opened_at)
    given = Source(by.id, by.name, at.isoformat(timespec="seconds"))
    return found, given if moved else replace(given, how="assumed", words="the day of opening")


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
    told = ""
    was_told = other_authority(kept_verdict(before.assessment), kept_verdict(found.assessment))
    if was_told and outcome in TO_OPEN:
        deadlines += _run_again(turn, case, plan, nation_of(turn, found.assessment))
        told = was_told if case.state in ("notified", "reported") else ""
    step = Step(
        "redecide", found.why, record=found.number, assessment=found.assessment, to_another=bool(told)
    )
    provisional = (plan.confirmation(turn.today),)  # as every new revision is
    case = take(
        turn, case, step, deadlines=deadlines, of_record=provisional, meet=meet, withdraw=withdraw,
        ending=ending, theme=theme,
    )  # fmt: skip
    return DecidedAnew(case, before, turn.store.record(turn.tenant, found.number), told)


def other_authority(before: AnyVerdict, after: AnyVerdict) -> str:
    """Whose it was, where that is known and it is another's now."""
    was, is_ = before.authority, after.authority
    return was.name if was and is_ and was.name != is_.name else ""


def _run_again(turn: Turn, case: Case, plan: Planner, nation: str) -> list[DeadlinePlan]:
    """What was done towards one authority is to be done towards the other, by the same dates; what is asked
    about that one on the first day is asked."""
    again = []
    for one in case.deadlines:
        if one.kind not in STATUTORY or (one.kind == REPORT and one.state == "open"):
            continue
        again.append(run_again(turn, case, plan, one, nation))
    return again


def _together(others: str, this: str) -> str:
    for outcome in ("notify", "undecided"):
        if outcome in (others, this):
            return outcome
    return this
