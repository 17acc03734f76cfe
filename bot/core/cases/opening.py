"""Opening a case: from a verdict that is being kept, or from a record that was."""

from __future__ import annotations

from datetime import date, datetime

from bot.core.kept_drafts import Ending
from bot.core.refused import Refused
from bot.core.reminders.placing import CARD, SHOWS_CASE, nation_of, planner
from bot.core.reminders.schedule import Planner
from bot.core.turn import Turn
from bot.core.words.case_words import case_title
from bot.core.words.deadline_kinds import LEARNING
from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import day
from bot.core.words.verdict_words import kept_verdict
from rules.deadlines import UK
from storage.errors import Duplicate
from storage.model import Assessment, Case, Correction, NewCase, Record
from storage.plans import Also, DeadlinePlan, PostPlan
from storage.theme_model import ThemeAnswer

# What a case is for: everything else is kept as a record.
TO_OPEN = ("notify", "undecided")


def discovery_of(turn: Turn, assessment: Assessment) -> tuple[date, str]:
    """The day that the clock runs from, and a word where nobody said it."""
    stated = str(assessment.facts.get("discovered_on") or "")
    if stated:
        return date.fromisoformat(stated[:10]), ""
    return turn.today, (
        f"The day of discovery was not given. {day(turn.today)} was taken, the latest that it can be: "
        "if anybody knew earlier, correct it now."
    )


def open_new(
    turn: Turn, kept: Assessment | Correction, ending: Ending, theme: ThemeAnswer | None = None
) -> Case:
    """Keep a verdict, as a new record or as one's next revision, and open its case at once. Raises Duplicate
    where it was kept before, and Conflict where the record has changed meanwhile."""
    plan, assessment = planner(turn), kept.assessment if isinstance(kept, Correction) else kept
    found, _ = discovery_of(turn, assessment)
    outcome = kept_verdict(assessment).outcome
    deadlines = plan.for_case(outcome, found, nation=nation_of(turn, assessment), opened=turn.today)
    also = Also(
        ending.once, deadlines, (plan.confirmation(turn.today),), withdraw=(LEARNING,),
        posts=(_card_post(plan),), drop_draft=ending.draft, draft_version=ending.version, theme=theme,
    )  # fmt: skip
    return _open(turn, assessment, found, kept, also)


def open_from(turn: Turn, record: Record, theme: ThemeAnswer | None = None) -> Case:
    """Raises Refused where its verdict needs no case; Duplicate, with the case, where it has one."""
    if record.outcome not in TO_OPEN:
        raise Refused(
            f"record {record.number} says {OUTCOMES[record.outcome]}: a case is for what is "
            "notifiable or undecided. Correct the record where the facts have changed"
        )
    if not lacks_case(turn, record):
        raise Duplicate(f"record {record.number} has its case already", result=record.cases[-1])
    plan, kept = planner(turn), record.assessment
    found, _ = discovery_of(turn, kept)
    deadlines = plan.for_case(record.outcome, found, nation=nation_of(turn, kept), opened=turn.today)
    # Two people who open the same record at once open one case: the record is the key, and how many of its
    # cases were stood down by then.
    key = f"open:{record.number}" + (f":{len(record.cases)}" if record.cases else "")
    also = Also(key, deadlines, posts=(_card_post(plan),), theme=theme)
    return _open(turn, kept, found, record.number, also)


def cases_of(turn: Turn, record: Record) -> tuple[Case, ...]:
    return tuple(turn.store.case(turn.tenant, ref) for ref in record.cases)


def lacks_case(turn: Turn, record: Record) -> bool:
    """Is it one that a case is for, without any but those that were stood down on another verdict?"""
    return record.outcome in TO_OPEN and all(c.state == "stood_down" for c in cases_of(turn, record))


def _card_post(plan: Planner) -> PostPlan:
    return PostPlan(CARD, plan.channels.own, SHOWS_CASE, remember=True)


def _open(
    turn: Turn, kept: Assessment, found: date, record: str | Assessment | Correction, also: Also
) -> Case:
    new = NewCase(case_title(kept.facts), found, (record,), _moment(kept), owner=turn.person)
    return turn.store.open_case(turn.tenant, new, by=turn.person, now=turn.request.now, also=also)


def _moment(kept: Assessment) -> datetime | None:
    stated = str(kept.facts.get("discovered_on") or "")
    when = datetime.fromisoformat(stated) if len(stated) > 10 else None
    return when.replace(tzinfo=UK) if when and not when.tzinfo else when


def keep_plans(turn: Turn, outcome: str, number: str = "") -> tuple[DeadlinePlan, ...]:
    """The deadlines of a verdict that is kept without a case; `number` is the record's, once it has one."""
    plan = planner(turn)
    return (plan.confirmation(turn.today), *learning_plans(turn, plan, outcome, number))


def learning_plans(turn: Turn, plan: Planner, outcome: str, number: str) -> tuple[DeadlinePlan, ...]:
    """Of what is not notifiable, unless its analysis and learning are there already."""
    notes = turn.store.notes(turn.tenant, number) if number else ()
    learnt = {"analysis", "learning"} <= {note.kind for note in notes}
    return (plan.learning(turn.today),) if outcome == "do_not_notify" and not learnt else ()
