"""A case's steps, each one transaction with its deadlines, its pings and the update of its card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.core.cases.opening import learning_plans
from bot.core.kept_drafts import Ending
from bot.core.refused import Refused
from bot.core.reminders.moving import to_owner
from bot.core.reminders.not_twice import not_twice
from bot.core.reminders.placing import answered, nation_of, planner_of, updates
from bot.core.settings import confirming
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import label, who
from bot.core.words.deadline_kinds import LOCAL, MPE, NOTIFY, REPORT
from bot.core.words.fact_words import in_words
from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import capitalised, day
from bot.core.words.references import NUMBER, REF, THEME
from bot.core.words.verdict_words import kept_verdict
from rules.deadlines import notify_by, uk_date
from rules.incident import InvalidFacts
from rules.parsing import parse
from storage.errors import Duplicate, NotFound
from storage.model import Case, Person, Record, Step
from storage.plans import Also, DeadlinePlan, PostPlan
from storage.register_rows import known_of
from storage.theme_model import ThemeAnswer

ALLOWS_STANDING_DOWN = ("do_not_notify", "not_irmer")


def take(
    turn: Turn, case: Case, step: Step, *, deadlines: Iterable[DeadlinePlan] = (),
    of_record: tuple[DeadlinePlan, ...] = (), meet: tuple[str, ...] = (), withdraw: tuple[str, ...] = (),
    ending: Ending | None = None, posts: tuple[PostPlan, ...] = (), theme: ThemeAnswer | None = None,
) -> Case:  # fmt: skip
    """One step, of the version of the case that the person saw. Raises storage.errors."""
    also = replace(beside(turn, case, step, deadlines, of_record, meet, withdraw, posts), theme=theme)
    if ending:
        also = replace(also, delivery=ending.once, drop_draft=ending.draft, draft_version=ending.version)
    try:
        return turn.store.take_step(
            turn.tenant,
            case.ref,
            step,
            expected=case.version,
            by=turn.person,
            now=turn.request.now,
            also=also,
        )
    except Duplicate as again:
        if again.result != case.ref:
            raise
        return turn.store.case(turn.tenant, case.ref)  # the same delivery again: it was done


def beside(
    turn: Turn, case: Case, step: Step, deadlines: Iterable[DeadlinePlan] = (),
    of_record: tuple[DeadlinePlan, ...] = (), meet: tuple[str, ...] = (), withdraw: tuple[str, ...] = (),
    posts: tuple[PostPlan, ...] = (),
) -> Also:  # fmt: skip
    """What is committed together with a step: also the update of the case's card, and of its reminders."""
    deadlines = tuple(deadlines)
    moved = [p.kind for p in deadlines] if step.kind != "assign" else []
    over = dict.fromkeys((*meet, *withdraw, *moved))
    said = (post for kind in over for post in answered(turn.store, turn.tenant, case.ref, kind))
    posts = (*posts, *said, *updates(turn.store, turn.tenant, case.ref))
    return Also(turn.request.delivery, deadlines, of_record, meet, withdraw, posts)


def open_kinds(case: Case) -> tuple[str, ...]:
    return tuple(deadline.kind for deadline in case.deadlines if deadline.state == "open")


def investigate(turn: Turn, case: Case, note: str = "") -> Case:
    return take(turn, case, Step("investigate", note))


def notify(turn: Turn, case: Case, reference: str, note: str = "", on: date | None = None) -> Case:
    """Notified; or, where it was before its number was known, the number. `on` where that was on an earlier
    day. Raises Refused where that cannot be."""
    told = case.state in ("notified", "reported")
    _refuse_own(turn, case, reference)
    if reference and not any(mark.isdigit() for mark in reference):  # "tbc", "awaited"
        if told:
            raise Refused(
                "an authority's number has figures in it: give it once it is known", about="reference"
            )
        reference, note = "", " ".join(filter(None, (reference, note)))
    if told and reference:
        if reference == case.authority_reference:
            raise Refused(f"{case.ref} has {reference} as its reference already")
        return take(turn, case, Step("reference", note, reference))
    step = Step("notify", note, reference, done_on=_day_of(turn, case, on))
    return take(turn, case, step, meet=(NOTIFY,))


_OWN_NUMBERS = ("local_incident_number", "lfpse_number")


def _refuse_own(turn: Turn, case: Case, reference: str) -> None:
    """Raises Refused of a number that this program, or the hospital's own system, gave."""
    known = [known_of(turn.store.record(turn.tenant, number)) for number in case.records]
    theirs = {str(one[name]).casefold() for one in known for name in _OWN_NUMBERS if one.get(name)}
    for word in reference.split():
        own = word.casefold() in theirs or REF.fullmatch(word) or THEME.fullmatch(word)
        if own or (NUMBER.fullmatch(word) and _is_record(turn, word)):
            raise Refused(
                f"{word} is a number of your own, and not the authority's: nothing was changed. Leave it out "
                "until the authority gives one",
                about="reference",
            )


def _is_record(turn: Turn, number: str) -> bool:
    try:
        turn.store.record(turn.tenant, number)
    except NotFound:
        return False
    return True


def report(turn: Turn, case: Case, note: str = "", on: date | None = None) -> Case:
    """As `notify`; also of a day before the one that was told for the notification."""
    notified = case.done_on.get(NOTIFY)
    if on and notified and on < notified:
        raise Refused(
            f"{day(on)} is before it was notified, on {day(notified)}: which of them is right?", about="day"
        )
    return take(turn, case, Step("report", note, done_on=_day_of(turn, case, on)), meet=(REPORT,))


def as_told(turn: Turn, case: Case, kind: str, on: date) -> None:
    """Raises Refused of another day than that from which what is done already counts."""
    if not any(one.kind == kind and one.state == "met" for one in case.deadlines):
        return
    step = next(one for one in reversed(turn.store.steps(turn.tenant, case.ref)) if one.kind == kind)
    told, did = step.done_on or uk_date(step.at), "notified" if kind == NOTIFY else "submitted"
    if told != on and case.state in ("notified", "reported"):
        raise Refused(
            f"it was {did} on {day(told)}, as {who(step.by)} told it: which of them is right? "
            f"{turn.command(f'reopen {case.ref} <why>')} takes it back",
            about="day",
        )


def _day_of(turn: Turn, case: Case, on: date | None) -> date | None:
    """None for today. Raises Refused of a day that is still to come, and of one before the discovery."""
    if on is None or on == turn.today:
        return None
    refuse_to_come(turn, on)
    _known_by(on, case.discovered_on)
    return on


def refuse_to_come(turn: Turn, on: date) -> None:
    """Raises Refused of what is said to be done on a day that is none yet."""
    if on > turn.today:
        raise Refused(f"{day(on)} is still to come: it is told once it is done", about="day")


def _known_by(done: date, found: date) -> None:
    """Raises Refused of what was done before anybody knew of it."""
    if done < found:
        raise Refused(
            f"{day(done)} is before anybody knew of it, on {day(found)}: which of them is right?", about="day"
        )


def close(turn: Turn, case: Case, note: str = "") -> Case:
    return take(turn, case, Step("close", note), withdraw=open_kinds(case))


def stand_down(turn: Turn, case: Case, reason: str, number: str = "") -> Case:
    """Raises Refused where no verdict of the case allows it."""
    if not reason.strip():
        raise Refused("standing a case down needs the reason", about="note")
    if number and number not in case.records:
        raise Refused(f"record {number} does not belong to {case.ref}")
    records = [turn.store.record(turn.tenant, one) for one in case.records]
    for record in records:
        _allows(record, case)
    record = next((one for one in records if one.number == number), records[-1])
    plan = planner_of(turn, case.ref)
    found = [
        replace(one, subject=record.number)
        for one in learning_plans(turn, plan, record.outcome, record.number)
    ]
    step = Step("stand_down", reason, record=record.number)
    return take(turn, case, step, deadlines=found, withdraw=open_kinds(case))


def _allows(record: Record, case: Case) -> None:
    if record.outcome not in ALLOWS_STANDING_DOWN:
        raise Refused(
            f"record {record.number} of {case.ref} says {OUTCOMES[record.outcome]}: only a verdict "
            "that rules notifying out allows standing down. Decide it anew first, with what was found out"
        )
    if record.status == "provisional":
        raise Refused(
            f"record {record.number} is provisional: the MPE, RPS or governance lead confirms it first"
        )
    if not confirming.confirmed_by_right(record):
        raise Refused(
            f"record {record.number} was confirmed by a release that did not ask who did: somebody with a "
            "role who neither kept nor changed it confirms it again first"
        )
    if kept_verdict(record.assessment).cautions and not record.compared:
        raise Refused(
            f"record {record.number} has a caution: somebody confirms having compared it with the live table "
            "first"
        )


def nation_of_case(turn: Turn, case: Case) -> str:
    kept = turn.store.record(turn.tenant, case.records[0]).assessment if case.records else None
    return nation_of(turn, kept) if kept else turn.nation


def assign(turn: Turn, case: Case, user: str, name: str = "", note: str = "") -> Case:
    if case.owner is not None and case.owner.id == user:
        whose = "yours" if user == turn.request.user.id else "theirs"
        raise Refused(f"{case.ref} is {whose} already")
    name = name or turn.name_of(user)
    if not name:  # by which they acted on this case before, if they did
        steps = turn.store.steps(turn.tenant, case.ref)
        name = next((step.by.name for step in reversed(steps) if step.by.id == user), "")
    plans, posts = to_owner(turn, case, user)
    return take(turn, case, Step("assign", note, owner=Person(user, name)), deadlines=plans, posts=posts)


def correct_discovery(turn: Turn, case: Case, stated: str, why: str) -> Case:
    """`stated` is an ISO date or date-time, UK time. Moves what runs from discovery and is still open; what
    the dates were stays in the record. Raises Refused."""
    if not why.strip():
        raise Refused("say why the day of discovery is corrected", about="why")
    found = _checked(turn, case, stated)
    if found == case.discovered_on:
        raise Refused(f"{case.ref} has {day(found)} as its day of discovery already")
    plan, chosen = planner_of(turn, case.ref), Chosen(turn.settings)
    still = set(open_kinds(case))
    moved = [p for p in plan.for_case("", found, nation=nation_of_case(turn, case)) if p.kind in still]
    # The estimate is wanted from the day of opening on, but never after the last day to notify.
    last = max(notify_by(found), turn.today)
    moved += [plan.plan(MPE, last) for d in case.deadlines if d.kind == MPE in still and d.due_on > last]
    moved += [
        plan.plan(kind, found + (d.due_on - case.discovered_on))
        for d in case.deadlines
        if (kind := d.kind) in still
        and kind.startswith(LOCAL)
        and kind.removeprefix(LOCAL) not in chosen.local_deadlines
    ]
    said = f"discovery corrected: {why}"
    deadlines = [replace(not_twice(turn, plan, case.ref, one), why=said) for one in moved]
    return take(turn, case, Step("correct_discovery", why, discovered_on=found), deadlines=deadlines)


def _checked(turn: Turn, case: Case, stated: str) -> date:
    """The day, where it is possible beside everything else that is known. Raises Refused."""
    for number in case.records:
        record = turn.store.record(turn.tenant, number)
        facts = {**record.assessment.facts, "discovered_on": stated}
        if occurred := known_of(record).get("occurred_on"):
            facts["occurred_on"] = occurred
        try:
            parse(facts, turn.today)
        except InvalidFacts as invalid:
            raise Refused(in_words(invalid)) from None
    found = date.fromisoformat(stated[:10])
    if found > turn.today:
        raise Refused("the day of discovery lies in the future")
    opened = uk_date(case.opened_at)
    if found > opened:
        raise Refused(f"{case.ref} was opened on {day(opened)}, and was known of by then", about="day")
    for done in case.done_on.values():
        _known_by(done, found)
    return found


def moved_words(before: Case, after: Case) -> tuple[str, ...]:
    """Which dates a correction moved, and from where."""
    was = {d.kind: d.due_on for d in before.deadlines}
    return tuple(
        f"{capitalised(label(d.kind))}: by {day(d.due_on)}, was {day(was[d.kind])}"
        for d in after.deadlines
        if d.kind in was and was[d.kind] != d.due_on
    )
