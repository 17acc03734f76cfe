"""Done and snooze: what a reminder can be answered with."""

from __future__ import annotations

from datetime import datetime

from bot.core import patient_numbers
from bot.core.actions.replies import sentence, told
from bot.core.cases import steps
from bot.core.days.until import read_until
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.reminders.placing import planner_of, updates
from bot.core.settings.definitions import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import (
    by_weight,
    deadline_word,
    kind_of,
    label,
    notified_words,
    reference_in,
    who,
)
from bot.core.words.deadline_kinds import CONFIRM, LEARNING, LOCAL, MPE, NOTIFY, REPORT
from bot.core.words.phrases import day, listed, moment
from bot.core.words.references import REF
from rules.deadlines import uk_date
from storage.errors import Conflict, NotFound
from storage.model import Deadline
from storage.plans import Also


def pick(turn: Turn, subject: str, text: str, *, to_end: bool = False) -> tuple[Deadline, str]:
    """The open deadline that is meant, of a case or of its records, and what follows. Where none is named it
    is the one reminded of last; with `to_end` that one alone, so that what somebody else has done meanwhile
    is not taken for the next. Raises Refused, Conflict and NotFound."""
    subjects = (subject, *_records(turn, subject))
    every = [d for one in subjects for d in turn.store.deadlines(turn.tenant, subject=one, state="")]
    if not every:
        turn.store.notes(turn.tenant, subject)  # raises NotFound where there is no such case or record
        raise Refused(f"{subject} has no deadlines")
    kind, rest = kind_of(text, every)
    named = [d for d in every if not kind or d.kind == kind]
    if not named:
        raise Refused(f"{subject} has these deadlines: {listed([label(d.kind) for d in every])}")
    still = [d for d in named if d.state == "open"]
    meant = _meant(turn, named if to_end else still or named)
    if meant.state == "open":
        return meant, rest
    left = f": name what is done, such as {_done_words(turn, subject, still[0])}" if still else ""
    over = f"nothing of {subject} is due: {label(meant.kind)}" if not still else label(meant.kind)
    raise Conflict(f"{over} is over, {ended(meant)}{left}")


def _records(turn: Turn, subject: str) -> tuple[str, ...]:
    return turn.store.case(turn.tenant, subject).records if REF.fullmatch(subject) else ()


def _meant(turn: Turn, among: list[Deadline]) -> Deadline:
    """The one that was reminded of last; else the first by weight."""
    found = {(d.subject, d.kind): d for d in among}
    every = [
        one for subject in {d.subject for d in among} for one in turn.store.outgoing(turn.tenant, subject)
    ]
    sent = [one for one in every if one.sent_at and (one.subject, one.rule) in found]
    if sent:
        last = max(sent, key=lambda one: (one.sent_at, one.planned_at))
        return found[last.subject, last.rule]
    return by_weight(among)[0]


def _done_words(turn: Turn, subject: str, deadline: Deadline) -> str:
    return turn.command(f"done {subject} {deadline_word(deadline.kind)}")


def snooze_typed(turn: Turn, subject: str, rest: str) -> list[Reply]:
    deadline, text = pick(turn, subject, rest)
    until, why = read_until(text, turn.request.now, Chosen(turn.settings).ping_hour)
    return turn.say(snooze(turn, deadline, until, why))


def snooze(turn: Turn, deadline: Deadline, until: datetime, why: str) -> str:
    """What is told of it. Raises Refused where it goes past the deadline without a reason."""
    patient_numbers.refuse_numbers(why)
    past = uk_date(until) > deadline.due_on
    if past and not why.strip():
        raise Refused(
            f"that is past the deadline of {day(deadline.due_on)}: say why after it, or choose another"
        )
    if until <= turn.request.now:
        raise Refused("a reminder can only be put off to a time that is still to come")
    # Whoever puts it off past the deadline does not put off those who lead.
    then = planner_of(turn, deadline.subject).escalation(deadline.kind, deadline.due_on) if past else ()
    turn.store.snooze(
        turn.tenant, deadline.subject, deadline.kind, until=until, why=why, by=turn.person,
        now=turn.request.now, then=then,
    )  # fmt: skip
    stays = f" The deadline stays {day(deadline.due_on)}." if past else ""
    return f"{deadline.subject}, {label(deadline.kind)}: the next reminder comes {moment(until)}.{stays}"


def done_typed(turn: Turn, subject: str, rest: str) -> list[Reply]:
    deadline, after = pick(turn, subject, rest, to_end=True)
    return done(turn, deadline, after)


def done(turn: Turn, deadline: Deadline, text: str = "") -> list[Reply]:
    """The step that meets the deadline; where it takes more than a word, what it takes. Raises Refused."""
    subject, kind = deadline.subject, deadline.kind
    if kind in (NOTIFY, REPORT):
        case = turn.store.case(turn.tenant, subject)
        if kind == NOTIFY:
            after = steps.notify(turn, case, *reference_in(text))
            return told(turn, after, notified_words(after))
        return told(turn, steps.report(turn, case, text), "The report is submitted.")
    if kind == MPE:
        raise Refused(
            "the estimate is done once the case is decided with it: "
            f"{turn.command(f'redecide {subject} total dose 12 mSv')}"
        )
    if kind == CONFIRM:
        raise Refused(f"the MPE, RPS or governance lead does it: {turn.command(f'confirm {subject}')}")
    if kind == LEARNING:
        raise Refused(
            f"write what was found: {turn.command(f'analysis {subject} <text>')}, then "
            f"{turn.command(f'learning {subject} <text>')}"
        )
    assert kind.startswith(LOCAL)
    return meet_local(turn, deadline, text)


def meet_local(turn: Turn, deadline: Deadline, note: str) -> list[Reply]:
    patient_numbers.refuse_numbers(note)
    also = Also(turn.request.delivery, posts=updates(turn.store, turn.tenant, deadline.subject))
    turn.store.meet(
        turn.tenant,
        deadline.subject,
        deadline.kind,
        note=note,
        by=turn.person,
        now=turn.request.now,
        also=also,
    )
    if REF.fullmatch(deadline.subject):
        return told(
            turn, turn.store.case(turn.tenant, deadline.subject), sentence(f"{label(deadline.kind)}: done")
        )
    return turn.say(sentence(f"{label(deadline.kind)} of {deadline.subject}: done"))


def current(turn: Turn, subject: str, kind: str) -> Deadline:
    """The deadline that a button stands for. Raises NotFound, and Conflict where somebody has ended it."""
    for deadline in turn.store.deadlines(turn.tenant, subject=subject, state=""):
        if deadline.kind == kind:
            if deadline.state != "open":
                raise Conflict(f"{label(kind)} of {subject} is over: {ended(deadline)}")
            return deadline
    raise NotFound(f"{subject} has no such deadline any more")


def ended(deadline: Deadline) -> str:
    """Who ended it, and when."""
    did = "marked it as met" if deadline.state == "met" else "withdrew it"
    return f"{who(deadline.set_by)} {did} on {moment(deadline.set_at)}"
