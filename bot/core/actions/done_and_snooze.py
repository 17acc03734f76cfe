"""Done and snooze: what a reminder can be answered with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.actions.act import Instruction, Outcome
from bot.core.actions.told_on import in_its_note, told_on
from bot.core.cases.steps import refuse_to_come
from bot.core.days.until import WANTED, read_until
from bot.core.refused import Refused
from bot.core.reminders.late_and_lost import is_past_its_day
from bot.core.reminders.placing import answered, planner_of, updates
from bot.core.reminders.schedule import STATUTORY
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import (
    by_weight,
    deadline_word,
    kind_of,
    label,
    reference_in,
    who,
)
from bot.core.words.deadline_kinds import LOCAL, is_weekly
from bot.core.words.phrases import day, listed, moment
from bot.core.words.references import REF
from rules.deadlines import UK, uk_date
from storage.errors import Conflict, NotFound
from storage.model import Deadline
from storage.plans import Also, PingPlan

LONGEST = timedelta(days=7)
OWN = "own"  # chosen in the form: the day and the time that stand beside it


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
    among = named if to_end else still or named
    last = _reminded_last(turn, among)
    meant = last or by_weight(among)[0]
    if to_end:
        _one_at_a_time(turn, subject, kind, rest, every)
        others = [d for d in every if d.state == "open" and d is not meant]
        _not_another(turn, subject, text, kind, meant, others, reminded=last is not None)
    if meant.state == "open":
        return meant, rest
    left = f": name what is done, such as {_done_words(turn, subject, still[0])}" if still else ""
    over = f"nothing of {subject} is due: {label(meant.kind)}" if not still else label(meant.kind)
    raise Conflict(f"{over} is over, {ended(meant)}{left}")


def _records(turn: Turn, subject: str) -> tuple[str, ...]:
    return turn.store.case(turn.tenant, subject).records if REF.fullmatch(subject) else ()


def _not_another(
    turn: Turn, subject: str, text: str, kind: str, meant: Deadline, others: list[Deadline], *, reminded: bool
) -> None:
    """Raises Refused where words that name no deadline may be of another than the statutory one that they
    would end."""
    if meant.kind not in STATUTORY or meant.state != "open" or not (text.strip() or others):
        return
    if reminded and not text.strip():  # it answers the reminder
        return
    own = _stems(f"{label(meant.kind)} {deadline_word(meant.kind)}")
    # Where it is named: but so begins what the trust calls its own, in another order.
    among = [d for d in others if not kind or (d.kind.startswith(LOCAL) and own & _stems(label(d.kind)))]
    theirs = set[str]().union(*(_stems(f"{label(d.kind)} {deadline_word(d.kind)}") for d in among))
    if (theirs - own) & _stems(text) or not (kind or reminded or reference_in(text)[0]):
        ways = [_done_words(turn, subject, d) for d in by_weight([meant, *others])]
        raise Refused(f"which of these is done: {listed(ways, 'or')}? What follows its name is a note")


_AND = re.compile(r"(?:and|plus|&|\+|/)\s*(?:the\s+)?", re.I)


def _one_at_a_time(turn: Turn, subject: str, kind: str, rest: str, every: list[Deadline]) -> None:
    """Raises Refused for "notification and report": the second would be a note."""
    joined = _AND.match(rest) if kind else None
    second = kind_of(rest[joined.end() :], every)[0] if joined else ""
    named = [d for d in every if d.kind in (kind, second)]
    if second and len(named) > 1:
        raise Refused(f"one at a time: {listed([_done_words(turn, subject, d) for d in named], 'or')}")


def _stems(words: str) -> set[str]:
    """What a word of four letters and more begins with: `report` and `reported` are one."""
    return {word[:5] for word in re.findall(r"[a-z]{4,}", words.lower())}


def _reminded_last(turn: Turn, among: list[Deadline]) -> Deadline | None:
    found = {(d.subject, d.kind): d for d in among}
    every = [
        one for subject in {d.subject for d in among} for one in turn.store.outgoing(turn.tenant, subject)
    ]
    sent = [one for one in every if one.sent_at and (one.subject, one.rule) in found]
    if not sent:
        return None
    last = max(sent, key=lambda one: (one.sent_at, one.planned_at))
    return found[last.subject, last.rule]


def _done_words(turn: Turn, subject: str, deadline: Deadline) -> str:
    return turn.command(f"done {subject} {deadline_word(deadline.kind)}")


def as_until(text: str) -> Mapping[str, str]:
    return {"until": text}


def snooze(turn: Turn, asked: Instruction) -> Outcome:
    """For a week at most. Past the deadline's day it wants the reason and, unless it still comes today, a
    second place that is reminded all the while. Raises Refused."""
    # "T15:00" is a time whose day was left empty, and "Thursday" is none.
    deadline, own = current(turn, asked), re.sub(r"^T(?=\d|$)", "", asked["day"])
    choice = "" if asked["until"] == OWN else asked["until"]
    words, about = own or choice, "day" if own or asked["until"] == OWN else "until"
    if own and choice:
        raise Refused("a choice and a day or time of your own: which is it?", about="day")
    if not words:
        raise Refused(WANTED, about=about)
    until, rest = read_until(words, turn.request.written, Chosen(turn.settings).ping_hour)
    why = asked["why"] or rest
    on, past = uk_date(until), uk_date(until) > deadline.due_on
    if until <= turn.request.now:
        raise Refused("a reminder can only be put off to a time that is still to come", about=about)
    if on > turn.today + LONGEST:
        last = day(turn.today + LONGEST)
        raise Refused(f"a reminder is put off for a week at most: until {last}", about=about)
    if past and not why.strip():
        problem = f"that is past the deadline of {day(deadline.due_on)}: say why after it, or choose another"
        raise Refused(problem, about="why")
    # Of what is overdue by the week, or still comes today, nothing is withheld by it.
    withholds = past and on > turn.today and not is_weekly(deadline.kind)
    if withholds and not Chosen(turn.settings).place("escalation_channel"):
        names = turn.command("settings escalation_channel")
        raise Refused(
            f"nothing is put off past the deadline of {day(deadline.due_on)} where nobody else is reminded "
            f"meanwhile: {names} names who is",
            about=about,
        )
    then = tuple(_meanwhile(turn, deadline, on)) if past else ()
    turn.store.snooze(
        turn.tenant, deadline.subject, deadline.kind, until=until, why=why, by=turn.person,
        now=turn.request.now, then=then,
    )  # fmt: skip
    by = f"put off until {moment(until)} by {who(turn.person)}"
    for post in answered(turn.store, turn.tenant, deadline.subject, deadline.kind, by):
        turn.store.post(turn.tenant, post, now=turn.request.now)
    stays = f" The deadline stays {day(deadline.due_on)}." if past else ""
    return Outcome(
        f"{deadline.subject}, {label(deadline.kind)}: the next reminder comes {moment(until)}.{stays}"
    )


def _meanwhile(turn: Turn, deadline: Deadline, until: date) -> Iterator[PingPlan]:
    """Whoever puts it off past the deadline does not put off those who lead: they are reminded on its day, if
    that is still to come, and from then on as of anything overdue."""
    planner = planner_of(turn, deadline.subject)
    place, hour = planner.channels.escalation, planner.chosen.ping_hour
    if place and datetime.combine(deadline.due_on, hour, UK) > turn.request.now:
        yield PingPlan("0d!", deadline.due_on, place, hour, escalation=True)
    while (then := planner.escalation(deadline.kind, deadline.due_on)) and then[0].on <= until:
        yield from then
        planner = replace(planner, today=then[0].on)


def put_off(turn: Turn, deadline: Deadline) -> datetime | None:
    """Until when somebody has put its reminder off, where that is past the deadline's day."""
    for ping in turn.store.outgoing(turn.tenant, deadline.subject):
        snoozed = ping.rule == deadline.kind and ping.offset.startswith("snooze ") and not ping.sent_at
        if snoozed and ping.state in ("due", "unknown") and is_past_its_day(ping):
            return ping.planned_at
    return None


def done(turn: Turn, asked: Instruction) -> Outcome:
    """For a trust's own deadline, which takes no more than the word."""
    deadline = current(turn, asked)
    refuse_to_come(turn, told_on(turn, asked).on)
    posts = (
        *answered(turn.store, turn.tenant, deadline.subject, deadline.kind),
        *updates(turn.store, turn.tenant, deadline.subject),
    )
    also = Also(turn.request.delivery, posts=posts)
    turn.store.meet(
        turn.tenant, deadline.subject, deadline.kind, note=asked["note"], by=turn.person,
        now=turn.request.now, also=also,
    )  # fmt: skip
    told = in_its_note(turn, asked["note"])
    if REF.fullmatch(deadline.subject):
        case = turn.store.case(turn.tenant, deadline.subject)
        return Outcome(f"{label(deadline.kind)}: done.{told}", case)
    return Outcome(f"{label(deadline.kind)} of {deadline.subject}: done.{told}")


def current(turn: Turn, asked: Instruction) -> Deadline:
    """The deadline that an instruction names. Raises NotFound, and Conflict where somebody has ended it."""
    subject, kind = asked.subject, asked.deadline
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
