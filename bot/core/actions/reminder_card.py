"""What a reminder says: one deadline or several in one message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.actions.done_and_snooze import ended
from bot.core.actions.pages import LOOK
from bot.core.actions.table import BY_NAME
from bot.core.cards import Block, Bullets, Button, Card, Mention, Severity, Text, Weight
from bot.core.cases.measures import whose
from bot.core.messages import Capabilities
from bot.core.reminders.placing import measure_due, outcome_of
from bot.core.settings.chosen import Chosen
from bot.core.settings.definitions import ROLES
from bot.core.words.case_words import (
    ACCOUNT_WORDS,
    NOTIFY_LATE,
    NOTIFY_NOW,
    case_title,
    deadline_word,
    inspector_words,
    label,
    used,
    who,
)
from bot.core.words.deadline_kinds import ACCOUNT, CONFIRM, LEARNING, MPE, NOTIFY, REPORT
from bot.core.words.phrases import day, days
from bot.core.words.references import REF
from storage.errors import NotFound
from storage.measure_model import CorrectiveMeasure
from storage.model import Case, Deadline, Json, Person
from storage.plans import Batch, Outgoing
from storage.store import Store

MOST_WITH_BUTTONS = 3
MOST_IN_FULL = 10


@dataclass(frozen=True)
class Reminder:
    """One item with what it is about. `case` is the record's where the deadline is a record's, if it has one;
    `deadline` is a case's own. A corrective measure's owner is its own, where that is a person."""

    item: Outgoing
    title: str
    owner: Person | None
    case: Case | None
    deadline: Deadline | None
    outcome: str
    measure: CorrectiveMeasure | None = None

    def overdue(self, today: date) -> bool:
        return self.item.due_on is not None and self.item.due_on < today


def reminders(store: Store, batch: Batch) -> list[Reminder]:
    return [_reminder(store, item) for item in batch.items]


def _reminder(store: Store, item: Outgoing) -> Reminder:
    try:
        if REF.fullmatch(item.subject):
            case = store.case(item.tenant, item.subject)
            deadline = next((d for d in case.deadlines if d.kind == item.rule), None)
            return Reminder(
                item, case.title, case.owner, case, deadline, outcome_of(store, item.tenant, case)
            )
        record = store.record(item.tenant, item.subject)
    except NotFound:
        return Reminder(item, "", None, None, None, "")
    measure = measure_due(store, item.tenant, item.subject, item.rule)
    title, owner = case_title(record.assessment.facts), record.by
    of = store.case(item.tenant, record.cases[-1]) if record.cases else None
    if of is not None:
        title, owner = f"of {of.ref} {of.title}", of.owner or record.by
    owner = measure.owner if measure and measure.owner else owner
    return Reminder(item, title, owner, of, None, record.outcome, measure)


def ping_card(
    store: Store, found: list[Reminder], today: date, face: Capabilities, chosen: Chosen, *,
    warnings: Iterable[str] = (), orphaned: bool = False,
) -> Card:  # fmt: skip
    """One message. `orphaned`: its owner cannot be reached, so that those who lead are called as well."""
    late = any(one.overdue(today) for one in found)
    blocks: list[Block] = [Text(line, Weight.WARNING) for line in warnings]
    users = _called(found, chosen)
    if orphaned:
        users = tuple(dict.fromkeys((*chosen.people("role_governance"), *users)))
    # Where one channel is for both, the escalation stands for the two.
    found = list({(one.item.subject, one.item.rule): one for one in _escalated_last(found)}.values())
    if users:
        blocks.append(Mention(users, tuple(_name(store, found, user) for user in users)))
    if len(found) == 1:
        title = _head(found[0], today)
        blocks += [Text(line) for line in _lines(found[0], today)]
    else:
        title = f"{len(found)} deadlines{': some are OVERDUE' if late else ' to keep'}"
        whole = len(found) <= MOST_IN_FULL  # of very many each has its line, so that none is cut off
        lines = ([_head(one, today), *(_lines(one, today) if whole else ())] for one in found)
        blocks.append(Bullets(tuple(". ".join(part.rstrip(".") for part in parts) + "." for parts in lines)))
    if not face.buttons:
        blocks.append(Text(_typed(found, face), Weight.SUBTLE))
    return Card(title, tuple(blocks), _buttons(found), Severity.ALARM if late else Severity.WAITING, title)


def answered_card(
    store: Store, tenant: str, subject: str, body: Json, today: date, face: Capabilities, chosen: Chosen
) -> Card:
    """A reminder that was answered: by whom, without the buttons of what is over. What stood in the same
    message and is still open stays as it was. `body` is an update's, as `placing.answered` plans it."""
    lines, left = [], []
    for item in _of_message(store, tenant, subject, str(body.get("message") or "")):
        one = _reminder(store, item)
        every = store.deadlines(tenant, subject=item.subject, state="")
        deadline = next((d for d in every if d.kind == item.rule), None)
        said = str(body.get("said") or "") if (item.subject, item.rule) == (subject, body.get("rule")) else ""
        if not said and deadline and deadline.state != "open":
            said = ended(deadline)
        elif not said and deadline and deadline.version != item.round:
            said = f"by {day(deadline.due_on)} now"
        if said or deadline is None:
            what = f"{item.subject} {one.title}".strip()
            lines.append(f"{what}: {label(item.rule)}, {said or 'over'}")
        else:
            left.append(one)
    lines = list(dict.fromkeys(lines))
    if left:
        return ping_card(store, left, today, face, chosen).headed(
            *(Text(line, Weight.STRONG) for line in lines)
        )
    title, *more = lines or [f"{subject}: this reminder is over"]
    return Card(title, tuple(map(Text, more)), severity=Severity.SETTLED)


def _of_message(store: Store, tenant: str, subject: str, message: str) -> list[Outgoing]:
    """What stood in one message: of this subject, and of the others that still have something open."""
    subjects = dict.fromkeys([subject, *(d.subject for d in store.deadlines(tenant))])
    every = (one for name in subjects for one in store.outgoing(tenant, name))
    return [one for one in every if one.kind == "ping" and one.message == message]


def _escalated_last(found: list[Reminder]) -> list[Reminder]:
    return sorted(found, key=lambda one: one.item.escalation)


def _name(store: Store, found: list[Reminder], user: str) -> str:
    """As an owner's case has it, or as the platform was last heard to call them."""
    owners = {one.owner.id: one.owner.name for one in found if one.owner}
    known = None if owners.get(user) else store.person(found[0].item.tenant, user)
    return known.name if known else owners.get(user, "")


def _called(found: list[Reminder], chosen: Chosen) -> tuple[str, ...]:
    """The owners; where it has come to the second place, and where nobody owns it, those who lead."""
    called: list[str] = []
    for one in found:
        lead = chosen.people("role_governance")
        if one.item.escalation and lead:
            called += lead
        elif one.owner is not None:
            called.append(one.owner.id)
        else:
            called += lead
        if one.item.rule == MPE:
            called += chosen.people("role_mpe")
        if one.item.rule == CONFIRM:
            called += next((named for role in ROLES if (named := chosen.people(f"role_{role}"))), ())
    return tuple(dict.fromkeys(called))


def _head(one: Reminder, today: date) -> str:
    """`C26-0001 CT head: notify the authority by Mon 7 December 2026 (3 of 14 days used, 11 left)`."""
    item = one.item
    assert item.due_on is not None
    what = f"{item.subject} {one.title}".strip()
    if one.overdue(today):
        over = days((today - item.due_on).days)
        return f"{what}: {label(item.rule)} is OVERDUE by {over} (was due {day(item.due_on)})"
    if one.case is not None and one.deadline is not None:
        left = used(one.case, one.deadline, today)
    else:
        ahead = (item.due_on - today).days
        left = "today" if ahead == 0 else f"{days(ahead)} left"
    soon = "as soon as possible, " if item.rule == NOTIFY else ""
    return f"{what}: {label(item.rule)}, {soon}by {day(item.due_on)} ({left})"


def _lines(one: Reminder, today: date) -> Iterator[str]:
    item, case = one.item, one.case
    if item.escalation:
        yield f"Escalated: {who(one.owner)} was reminded, and it is not done."
    if item.body.get("about") == ACCOUNT:
        yield ACCOUNT_WORDS
    if item.rule == REPORT and case is not None and (words := inspector_words(case, today)):
        yield words
    if item.rule == NOTIFY and one.outcome == "undecided" and item.due_on is not None:
        if item.due_on <= today:
            yield NOTIFY_NOW if item.due_on == today else NOTIFY_LATE
        else:
            yield "It is undecided, which is not a no: unless notifying can be ruled out by then, notify."
    elif item.rule == NOTIFY and one.outcome in ("do_not_notify", "not_irmer"):
        yield "Its verdict now rules notifying out: stand the case down with the reason, once confirmed."
    if one.measure is not None:
        yield f"To be done by {whose(one.measure)}: {one.measure.what}"
    if item.rule == MPE:
        yield "The medical physics expert's estimate is asked for: the verdict depends on it, the clock runs."
    if item.rule == CONFIRM:
        yield "The verdict is provisional: the MPE, the RPS or the governance lead confirms it."
    if item.rule == LEARNING:
        yield "Not notifiable is a result too: analysis and learning are still to come (regulation 8(3))."


def _typed(found: list[Reminder], face: Capabilities) -> str:
    first, case = found[0].item, found[0].case
    what = f"{first.subject} {deadline_word(first.rule)}"
    ways = [f"{BY_NAME['done'].verb} {what}", f"{BY_NAME['snooze'].verb} {what} tomorrow"]
    ways += [BY_NAME["take"].of(case.ref)] if case is not None else []
    return " · ".join(f"{face.command} {way}".strip() for way in ways)


def _buttons(found: list[Reminder]) -> tuple[Button, ...]:
    """Done, snooze and take over for each, where they are few; else the list."""
    if len(found) > MOST_WITH_BUTTONS:
        return (Button("What is due", LOOK, "due"),)
    made: list[Button] = []
    subjects = [one.item.subject for one in found]
    owned: set[str] = set()
    for one in found:
        subject, rule = one.item.subject, one.item.rule
        version = one.case.version if one.case is not None else 0
        mark = f" {subject}" if len(found) > 1 else ""
        what = f": {label(rule)}" if subjects.count(subject) > 1 else ""
        for name in ("done", "snooze"):
            act = BY_NAME[name]
            made.append(act.press(f"{subject}:{version}:{rule}", f"{act.button}{mark}{what}"))
        if one.case is not None and one.case.ref not in owned:
            owned.add(one.case.ref)
            take, mark = BY_NAME["take"], f" {one.case.ref}" if len(found) > 1 else ""
            made.append(take.press(f"{one.case.ref}:{version}:{rule}", f"{take.button}{mark}"))
    return tuple(made)
