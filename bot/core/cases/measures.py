"""Corrective measures: what is done so that it does not happen again, by whom and by when."""

from __future__ import annotations

from datetime import date, timedelta

from bot.core import patient_numbers
from bot.core.days.until import WANTED as WANTED_UNTIL
from bot.core.days.until import read_until
from bot.core.refused import Refused
from bot.core.reminders.moving import is_direct
from bot.core.reminders.placing import answered, here, home_of, planner, updates
from bot.core.settings import permissions
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import who
from bot.core.words.phrases import day, moment
from rules.deadlines import uk_date
from storage.errors import Duplicate
from storage.measure_model import MEASURE, CorrectiveMeasure, MeasurePlan
from storage.model import Destination, Person, Record
from storage.plans import Also

LONGEST = timedelta(days=5 * 365)
DAY = "write by which day, such as Friday, in 3 weeks, 20 December or 2026-12-20"
WANTED = "a measure wants its owner, its day and what is done"


def set_measure(
    turn: Turn, record: Record, *, user: str, name: str, role: str, by: str, what: str, seq: int = 0,
    expected: int | None = None,
) -> CorrectiveMeasure:  # fmt: skip
    """`user` is a platform's id, with the name that a mention brings; `role` whose it is in words, which
    papers say, and enough where nobody here owns it; `by` a day to come. Raises Refused and
    storage.errors."""
    if not what.strip():
        raise Refused(f"{WANTED}: say what is done", about="what")
    for about, text in (("what", what), ("role", role)):
        if patient_numbers.holds_number(text):
            raise Refused(patient_numbers.NOT_KEPT, about=about)
    owner = _owner(turn, user, name, role)
    due = read_due(turn, by)
    plan = planner(turn, _place(turn, record, owner)).plan(MEASURE, due)
    posts = [post for ref in record.cases for post in updates(turn.store, turn.tenant, ref)]
    if seq:
        posts += answered(turn.store, turn.tenant, record.number, f"{MEASURE}{seq}")
    given = MeasurePlan(" ".join(what.split()), plan, owner, role.strip())
    also = Also(turn.request.delivery, posts=tuple(posts))
    try:
        return turn.store.set_measure(
            turn.tenant, record.number, given, seq=seq, expected=expected, by=turn.person,
            now=turn.request.now, also=also,
        )  # fmt: skip
    except Duplicate:  # the same delivery again: it was kept
        there = turn.store.measures(turn.tenant, record.number)
        return next((one for one in there if one.seq == seq), there[-1])


def _place(turn: Turn, record: Record, owner: Person | None) -> Destination | None:
    """Where its case's reminders go; what would go to somebody's direct messages goes to its owner's."""
    case = turn.store.case(turn.tenant, record.cases[-1]) if record.cases else None
    home = home_of(turn.store, turn.tenant, case.ref) if case else None
    place = home or Chosen(turn.settings).place("incidents_channel") or here(turn)
    if owner is not None and is_direct(turn.face, place, case.owner if case else turn.person):
        return Destination(turn.face.name, owner.id)
    return place


def _owner(turn: Turn, user: str, name: str, role: str) -> Person | None:
    if not user and not role.strip():
        raise Refused(f"{WANTED}: name a person, a role, or both", about="user")
    if not user:
        return None
    if user.lower() == "me" or user == turn.person.id:
        return turn.person
    try:
        permissions.require_people(turn, (user,), "own a measure")
    except Refused as refused:
        raise Refused(str(refused), about="user") from None
    return Person(user, name or turn.name_of(user))


def read_due(turn: Turn, text: str) -> date:
    """A day to come. Raises Refused."""
    if not text.strip():
        raise Refused(f"{WANTED}: say by when", about="day")
    try:
        until, rest = read_until(text, turn.request.written, Chosen(turn.settings).ping_hour)
    except Refused as refused:
        said = DAY if WANTED_UNTIL in str(refused) else str(refused)
        raise Refused(said, about="day") from None
    due = uk_date(until)
    if rest:
        raise Refused(DAY, about="day")
    if due < turn.today:
        raise Refused(f"{day(due)} is over: give a day that is still to come", about="day")
    if due > turn.today + LONGEST:
        raise Refused(f"{day(due)} is more than five years ahead: check the year", about="day")
    return due


def give_up(turn: Turn, record: Record, seq: int, why: str) -> CorrectiveMeasure:
    """It is not done, and not reminded of any more. Raises Refused and storage.errors."""
    if not why.strip():
        raise Refused("say why it is given up", about="why")
    patient_numbers.refuse_numbers(why)
    kind = f"{MEASURE}{seq}"
    posts = [*answered(turn.store, turn.tenant, record.number, kind)]
    posts += [post for ref in record.cases for post in updates(turn.store, turn.tenant, ref)]
    turn.store.withdraw(
        turn.tenant, record.number, kind, why=why, by=turn.person, now=turn.request.now,
        also=Also(turn.request.delivery, posts=tuple(posts)),
    )  # fmt: skip
    return one_of(turn, record, seq)


def one_of(turn: Turn, record: Record, seq: int) -> CorrectiveMeasure:
    """Raises Refused."""
    there = turn.store.measures(turn.tenant, record.number)
    found = next((one for one in there if one.seq == seq), None)
    if found is None:
        have = f"it has {len(there)}" if there else "it has none"
        raise Refused(f"{record.number} has no measure {seq}: {have}")
    return found


def mine(turn: Turn) -> list[str]:
    """The open measures of the person who asks: `1 of 2026-0001`."""
    owners = turn.store.measure_owners(turn.tenant)
    return [f"{seq} of {number}" for owner, number, seq in owners if owner == turn.request.user.id]


def whose(measure: CorrectiveMeasure) -> str:
    """The person, by role where one is said; or the role alone."""
    role = f" ({measure.role})" if measure.owner and measure.role else ""
    return f"{who(measure.owner)}{role}" if measure.owner else measure.role


def measure_line(measure: CorrectiveMeasure) -> str:
    """`1. Two people check the list: Radiographer A, by Fri 18 December 2026`."""
    return f"{measure.seq}. {measure.what}: {whose(measure)}, {_state(measure)}"


def _state(measure: CorrectiveMeasure) -> str:
    if measure.state == "open" or measure.ended_at is None:
        return f"by {day(measure.due_on)}"
    did = "done" if measure.state == "met" else "given up"
    note = f": {measure.note}" if measure.note else ""
    return f"{did} {moment(measure.ended_at)} by {who(measure.ended_by)}{note}"
