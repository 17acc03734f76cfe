"""Done and snooze: what a reminder can be answered with."""

from __future__ import annotations

from datetime import datetime

from bot.core import gate
from bot.core.answers import Refused
from bot.core.cases import life
from bot.core.cases.answering import sentence, told
from bot.core.cases.planning import updates
from bot.core.cases.schedule import CONFIRM, LEARNING, LOCAL, MPE, NOTIFY, REPORT
from bot.core.cases.settings import Chosen
from bot.core.cases.until import read_until
from bot.core.cases.words import REF, by_weight, kind_of, label
from bot.core.messages import Reply
from bot.core.turn import Turn
from bot.core.wording import day, listed, moment
from rules.deadlines import uk_date
from storage.errors import Conflict, NotFound
from storage.model import Deadline
from storage.plans import Also


def pick(turn: Turn, subject: str, text: str) -> tuple[Deadline, str]:
    """The open deadline that is meant, the one reminded of last where none is named, and what follows.
    Raises Refused, Conflict and NotFound."""
    every = turn.store.deadlines(turn.tenant, subject=subject, state="")
    kind, rest = kind_of(text, every)
    named = [d for d in every if not kind or d.kind == kind]
    still = [d for d in named if d.state == "open"]
    if still:
        return _meant(turn, subject, still), rest
    if not every:
        turn.store.notes(turn.tenant, subject)  # raises NotFound where there is no such case or record
        raise Refused(f"{subject} has no deadlines")
    if kind and not named:
        raise Refused(f"{subject} has these deadlines: {listed([label(d.kind) for d in every])}")
    last = max(named, key=lambda d: d.set_at)
    did = "marked it as met" if last.state == "met" else "withdrew it"
    raise Conflict(
        f"nothing of {subject} is due: {label(last.kind)} is over, {last.set_by.name or last.set_by.id} {did}"
    )


def _meant(turn: Turn, subject: str, still: list[Deadline]) -> Deadline:
    """The one that was reminded of last; else the first by weight."""
    sent = [one for one in turn.store.outgoing(turn.tenant, subject) if one.kind == "ping" and one.sent_at]
    for one in sorted(sent, key=lambda one: (one.sent_at, one.planned_at), reverse=True):
        if found := next((d for d in still if d.kind == one.rule), None):
            return found
    return by_weight(still)[0]


def snooze_typed(turn: Turn, subject: str, rest: str) -> list[Reply]:
    deadline, text = pick(turn, subject, rest)
    until, why = read_until(text, turn.request.now, Chosen(turn.settings).ping_hour)
    return turn.say(snooze(turn, deadline, until, why))


def snooze(turn: Turn, deadline: Deadline, until: datetime, why: str) -> str:
    """What is told of it. Raises Refused where it goes past the deadline without a reason."""
    gate.refuse_numbers(why)
    past = uk_date(until) > deadline.due_on
    if past and not why.strip():
        raise Refused(
            f"that is past the deadline of {day(deadline.due_on)}: say why after it, or choose another"
        )
    if until <= turn.request.now:
        raise Refused("a reminder can only be put off to a time that is still to come")
    turn.store.snooze(
        turn.tenant,
        deadline.subject,
        deadline.kind,
        until=until,
        why=why,
        by=turn.person,
        now=turn.request.now,
    )
    stays = f" The deadline stays {day(deadline.due_on)}." if past else ""
    return f"{deadline.subject}, {label(deadline.kind)}: the next reminder comes {moment(until)}.{stays}"


def done_typed(turn: Turn, subject: str, rest: str) -> list[Reply]:
    deadline, after = pick(turn, subject, rest)
    return done(turn, deadline, after)


def done(turn: Turn, deadline: Deadline, text: str = "") -> list[Reply]:
    """The step that meets the deadline; where it takes more than a word, what it takes. Raises Refused."""
    subject, kind = deadline.subject, deadline.kind
    if kind in (NOTIFY, REPORT):
        case = turn.store.case(turn.tenant, subject)
        if kind == NOTIFY:
            from bot.core.cases.commands import notified_words, reference_in

            after = life.notify(turn, case, *reference_in(text))
            return told(turn, after, notified_words(after))
        return told(turn, life.report(turn, case, text), "The report is submitted.")
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
    gate.refuse_numbers(note)
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
                raise Conflict(f"{label(kind)} of {subject} is over: {_ended(deadline)}")
            return deadline
    raise NotFound(f"{subject} has no such deadline any more")


def _ended(deadline: Deadline) -> str:
    did = "marked it as met" if deadline.state == "met" else "withdrew it"
    return f"{deadline.set_by.name or deadline.set_by.id} {did} on {moment(deadline.set_at)}"
