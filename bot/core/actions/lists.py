"""`cases` and `due`: lists, soonest or newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.core.actions.table import BY_NAME
from bot.core.cards import Block, Card, Severity, Table, Text, Weight
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.case_words import STATES, case_title, label, who
from bot.core.words.phrases import day, days
from bot.core.words.references import REF
from storage.errors import NotFound
from storage.model import ACTIVE, OVER, Case, Deadline

WHICH = ("open", "mine", "overdue", "closed", "all", "unconfirmed")
MOST = 50


def cases_card(turn: Turn, which: str) -> Card:
    """Raises Refused where there is no such list."""
    which = which.strip().lower() or "open"
    if which not in WHICH:
        raise Refused(f"there are these lists: {', '.join(WHICH)}")
    if which == "unconfirmed":
        return _unconfirmed(turn)
    found = _cases(turn, which)
    title = {"mine": "Your open cases", "all": "All cases"}.get(which, f"{which.capitalize()} cases")
    if not found:
        return Card(f"{title}: none", (_others(turn),))
    rows = tuple(_row(case, turn.today) for case in found[:MOST])
    blocks: list[Block] = [Table(("Case", "What", "State", "Next deadline", "Owner"), rows)]
    if len(found) > MOST:
        blocks.append(Text(f"and {len(found) - MOST} more", Weight.SUBTLE))
    late = any(_late(case, turn.today) for case in found)
    return Card(
        f"{title}: {len(found)}",
        (*blocks, _others(turn)),
        tuple(BY_NAME["show"].press(case.ref, case.ref) for case in found[:5]) if turn.face.buttons else (),
        Severity.ALARM if late else Severity.PLAIN,
    )


def _cases(turn: Turn, which: str) -> list[Case]:
    states = {"closed": OVER, "all": ()}.get(which, ACTIVE)
    owner = turn.request.user.id if which == "mine" else ""
    found = turn.store.cases(turn.tenant, states=states, owner=owner)
    return [case for case in found if which != "overdue" or _late(case, turn.today)]


def _late(case: Case, today: date) -> bool:
    return any(d.state == "open" and d.due_on < today for d in case.deadlines)


def _row(case: Case, today: date) -> tuple[str, ...]:
    first = next((d for d in case.deadlines if d.state == "open"), None)
    due = f"{label(first.kind)}: {_when(first, today)}" if first else "none"
    return (case.ref, case.title, STATES[case.state], due, who(case.owner))


def _when(deadline: Deadline, today: date) -> str:
    left = (deadline.due_on - today).days
    words = "today" if left == 0 else f"{days(left)} left" if left > 0 else f"{days(-left)} OVERDUE"
    return f"{day(deadline.due_on)} ({words})"


def _others(turn: Turn) -> Text:
    return Text(f"{turn.command('cases')} {' · '.join(WHICH)}", Weight.SUBTLE)


def _unconfirmed(turn: Turn) -> Card:
    found = turn.store.records(turn.tenant, status="provisional")
    if not found:
        return Card("Unconfirmed verdicts: none", (_others(turn),))
    rows = tuple(
        (r.number, case_title(r.assessment.facts), r.outcome.replace("_", " "), ", ".join(r.cases) or "none")
        for r in found[:MOST]
    )
    how = Text(f"{turn.command('confirm 2026-0001')} confirms one.", Weight.SUBTLE)
    return Card(
        f"Unconfirmed verdicts: {len(found)}", (Table(("Record", "What", "Verdict", "Case"), rows), how),
        severity=Severity.WAITING,
    )  # fmt: skip


def due_card(turn: Turn) -> Card:
    """Every open deadline, soonest first."""
    found = turn.store.deadlines(turn.tenant, limit=MOST + 1)
    if not found:
        return Card("Nothing falls due")
    rows = tuple(_due_rows(turn, found[:MOST]))
    late = sum(d.due_on < turn.today for d in found)
    blocks: list[Block] = [Table(("Due", "What", "Of", "Owner"), rows)]
    if len(found) > MOST:
        blocks.append(Text("These are the first; more follow later.", Weight.SUBTLE))
    title = f"Due, soonest first{f': {late} overdue' if late else ''}"
    refs = list(dict.fromkeys(d.subject for d in found))[:5]
    buttons = tuple(BY_NAME["show"].press(ref, ref) for ref in refs) if turn.face.buttons else ()
    severity = Severity.ALARM if late else Severity.WAITING
    return Card(title, tuple(blocks), buttons, severity)


NEAR = 7  # days
MOST_AT_HOME = 5


def next_words(turn: Turn) -> Iterator[str]:
    """What waits for somebody who has just come: what is overdue or falls due within a week, else the next
    date alone; then what is theirs."""
    found = turn.store.deadlines(turn.tenant, limit=MOST_AT_HOME + 1)
    if not found:
        return
    near = [one for one in found if (one.due_on - turn.today).days <= NEAR] or found[:1]
    for one in near[:MOST_AT_HOME]:
        what = label(one.kind)
        yield f"{what[:1].upper()}{what[1:]}, {one.subject}: {_when(one, turn.today)}"
    if len(near) > MOST_AT_HOME:
        yield f"There is more: {turn.command('due')} shows it all"
    mine = turn.store.cases(turn.tenant, states=ACTIVE, owner=turn.request.user.id)
    if mine:
        refs = ", ".join(case.ref for case in mine[:5])
        yield f"Your open cases: {refs}{' and more' if len(mine) > 5 else ''}"


def _due_rows(turn: Turn, found: tuple[Deadline, ...]) -> Iterator[tuple[str, ...]]:
    for deadline in found:
        what, owner = subject_words(turn, deadline.subject)
        yield (_when(deadline, turn.today), label(deadline.kind), f"{deadline.subject} {what}", owner)


def subject_words(turn: Turn, subject: str) -> tuple[str, str]:
    """What a case or a record is about, and whose it is."""
    try:
        if REF.fullmatch(subject):
            case = turn.store.case(turn.tenant, subject)
            return case.title, who(case.owner)
        record = turn.store.record(turn.tenant, subject)
    except NotFound:
        return "", ""
    return case_title(record.assessment.facts), who(record.by)
