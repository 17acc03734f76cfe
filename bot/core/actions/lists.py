"""`cases` and `due`: lists in pages, what is due soonest first. What is looked for is found before it is
counted, and counted before it is cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.core.actions.done_and_snooze import put_off
from bot.core.actions.pages import LOOK, PAGE, ListPage, numbered, split_page, subject_buttons
from bot.core.actions.table import BY_NAME
from bot.core.cards import Button, Card, Severity, Table, Text, Weight
from bot.core.cases.measures import mine, whose
from bot.core.organisation import OURS
from bot.core.refused import Refused
from bot.core.reminders.placing import measure_due
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.agreed_words import outcome_in_a_list
from bot.core.words.case_words import STATES, by_weight, case_title, label, who
from bot.core.words.phrases import capitalised, day, days, moment
from bot.core.words.references import REF
from storage.case_states import ACTIVE, OVER
from storage.errors import NotFound
from storage.model import Case, Deadline

WHICH = ("open", "mine", "overdue", "closed", "all", "unconfirmed", "unlearnt")
UNCONFIRMED, UNLEARNT = "Unconfirmed verdicts", "Not notifiable, without learning"


def which_cases(text: str) -> tuple[str, int]:
    """The list and its page, of `overdue 2`, `overdue page 2`. Raises Refused where there is no such list."""
    named, at = split_page(text.lower(), WHICH)
    if (which := named or WHICH[0]) not in WHICH:
        raise Refused(f"there are these lists: {', '.join(WHICH)}")
    return which, at


def is_list(text: str) -> bool:
    try:
        which_cases(text)
    except Refused:
        return False
    return True


def cases_card(turn: Turn, text: str) -> Card:
    """Raises Refused where there is no such list, or no such page of it."""
    permissions.require_ours(turn)
    which, at = which_cases(text)
    if which == "unconfirmed":
        how = f"{turn.command('confirm 2026-0001')} confirms one."
        return _records(turn, which, at, UNCONFIRMED, how, status="provisional")
    if which == "unlearnt":
        how = f"{turn.command('learning 2026-0001 <text>')} keeps what was learnt."
        return _records(turn, which, at, UNLEARNT, how, outcome="do_not_notify", lacking="learning")
    states = {"closed": OVER, "all": ()}.get(which, ACTIVE)
    owner = turn.request.user.id if which == "mine" else ""
    before = turn.today if which == "overdue" else None
    count = turn.store.count_cases(turn.tenant, states=states, owner=owner, due_before=before)
    page = ListPage(f"cases {which}", at, count)
    found = turn.store.cases(
        turn.tenant, states=states, owner=owner, due_before=before, soonest=which not in ("closed", "all"),
        offset=page.begin, limit=PAGE,
    )  # fmt: skip
    title = {"mine": "Your open cases", "all": "All cases"}.get(which, f"{which.capitalize()} cases")
    if not found:
        return Card(f"{title}: none", (_others(turn),))
    rows = tuple((f"{n}.", *_row(turn, case)) for n, case in enumerate(found, page.begin + 1))
    table = Table(("No.", "Case", "What", "State", "Next deadline", "Owner"), rows)
    late = any(_late(case, turn.today) for case in found)
    refs = [case.ref for case in found]
    return Card(
        f"{title}: {page.title}", (table, *page.ways(turn), _others(turn)), subject_buttons(turn, refs, page),
        Severity.ALARM if late else Severity.PLAIN, picks=numbered(refs, page),
    )  # fmt: skip


def _late(case: Case, today: date) -> bool:
    return any(d.state == "open" and d.due_on < today for d in case.deadlines)


def _row(turn: Turn, case: Case) -> tuple[str, ...]:
    today = turn.today
    waiting = [d for d in case.deadlines if d.state == "open"]
    late = [d for d in by_weight(waiting) if d.due_on < today]  # what no law dates hides none that one does
    first = next(iter(late or waiting), None)
    due = f"{label(first.kind)}: {_when(first, today)}" if first else "none"
    return (case.ref, _readable(turn, case.ref, case.title), STATES[case.state], due, who(case.owner))


def _when(deadline: Deadline, today: date) -> str:
    left = (deadline.due_on - today).days
    words = "today" if left == 0 else f"{days(left)} left" if left > 0 else f"{days(-left)} OVERDUE"
    return f"{day(deadline.due_on)} ({words})"


def _others(turn: Turn) -> Text:
    return Text(f"{turn.command('cases')} {' · '.join(WHICH)}", Weight.SUBTLE)


def _records(turn: Turn, which: str, at: int, title: str, how: str, **lacking: Any) -> Card:
    """Records that lack something, and how it is given."""
    count = turn.store.count_records(turn.tenant, **lacking)
    page = ListPage(f"cases {which}", at, count)
    found = turn.store.records(turn.tenant, **lacking, offset=page.begin, limit=PAGE)
    if not found:
        return Card(f"{title}: none", (_others(turn),))
    rows = tuple(
        (
            f"{n}.", r.number, _readable(turn, r.number, case_title(r.assessment.facts)),
            outcome_in_a_list(r, turn.today),
            ", ".join(r.cases) or "none",
        )
        for n, r in enumerate(found, page.begin + 1)
    )  # fmt: skip
    table = Table(("No.", "Record", "What", "Verdict", "Case"), rows)
    numbers = [record.number for record in found]
    return Card(
        f"{title}: {page.title}", (table, *page.ways(turn), Text(how, Weight.SUBTLE)),
        tuple(page.buttons(turn)), Severity.WAITING, picks=numbered(numbers, page),
    )  # fmt: skip


def due_card(turn: Turn, text: str) -> Card:
    """Every open deadline, soonest first. Raises Refused where there is no such page."""
    permissions.require_ours(turn)
    page = ListPage("due", split_page(text)[1], turn.store.count_deadlines(turn.tenant))
    found = turn.store.deadlines(turn.tenant, offset=page.begin, limit=PAGE)
    if not found:
        return Card("Nothing falls due")
    rows = tuple((f"{n}.", *_due_row(turn, one)) for n, one in enumerate(found, page.begin + 1))
    late = turn.store.count_deadlines(turn.tenant, until=turn.today - timedelta(days=1))
    title = f"Due, soonest first: {page.title}{f', {late} overdue' if late else ''}"
    subjects = [deadline.subject for deadline in found]
    return Card(
        title, (Table(("No.", "Due", "What", "Of", "Owner"), rows), *page.ways(turn)),
        subject_buttons(turn, subjects, page), Severity.ALARM if late else Severity.WAITING,
        picks=numbered(subjects, page),
    )  # fmt: skip


def _due_row(turn: Turn, deadline: Deadline) -> tuple[str, ...]:
    what, owner = _subject_words(turn, deadline.subject)
    until = put_off(turn, deadline)
    late = f", PUT OFF past its day, to {moment(until)}" if until else ""
    when = f"{_when(deadline, turn.today)}{late}"
    if measure := measure_due(turn.store, turn.tenant, deadline.subject, deadline.kind):
        owner = whose(measure)
    return (when, label(deadline.kind), f"{deadline.subject} {what}", owner)


def _subject_words(turn: Turn, subject: str) -> tuple[str, str]:
    """What a case or a record is about, and whose it is."""
    try:
        if REF.fullmatch(subject):
            case = turn.store.case(turn.tenant, subject)
            return _readable(turn, subject, case.title), who(case.owner)
        record = turn.store.record(turn.tenant, subject)
    except NotFound:
        return "", ""
    return _readable(turn, subject, case_title(record.assessment.facts)), who(record.by)


def _readable(turn: Turn, subject: str, title: str) -> str:
    """What a list says of a case or a record, to somebody who may not read it too."""
    return title if permissions.may_read(turn, subject) else "(for those who may read it)"


NEAR = timedelta(days=7)
AT_HOME = 5


def next_words(turn: Turn) -> Iterator[str]:
    """What waits for somebody who has just come: what is overdue or falls due within a week, else the next
    date alone; then what is theirs. Each says how many more there are, and where."""
    if turn.request.user.standing not in OURS:
        return
    near = turn.store.count_deadlines(turn.tenant, until=turn.today + NEAR)
    for one in turn.store.deadlines(turn.tenant, limit=min(near, AT_HOME) or 1):
        yield f"{capitalised(label(one.kind))}, {one.subject}: {_when(one, turn.today)}"
    if near > AT_HOME:
        yield f"{near - AT_HOME} more within a week: {turn.command('due')} shows them all"
    me = turn.request.user.id
    if measures := mine(turn):
        others = f" and {len(measures) - AT_HOME} more" if len(measures) > AT_HOME else ""
        yield f"Your corrective measures: {', '.join(measures[:AT_HOME])}{others}"
    cases = turn.store.cases(turn.tenant, states=ACTIVE, owner=me, soonest=True, limit=AT_HOME)
    if cases:
        more = turn.store.count_cases(turn.tenant, states=ACTIVE, owner=me) - len(cases)
        rest = f" and {more} more: {turn.command('cases mine')} shows them all" if more else ""
        yield f"Your open cases: {', '.join(case.ref for case in cases)}{rest}"


def home_buttons(turn: Turn) -> Iterator[Button]:
    """What is due, and the person's own cases, where there are any."""
    if turn.request.user.standing not in OURS:
        return
    if turn.store.deadlines(turn.tenant, limit=1):
        yield Button("What is due", LOOK, "due")
    cases = turn.store.cases(
        turn.tenant, states=ACTIVE, owner=turn.request.user.id, soonest=True, limit=AT_HOME + 1
    )
    yield from (BY_NAME["show"].press(case.ref, case.ref) for case in cases[:AT_HOME])
    if len(cases) > AT_HOME:
        yield Button("All your cases", LOOK, "cases mine")
