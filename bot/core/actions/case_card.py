"""A case as a card: where it stands, what its deadlines are, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.actions.act import Act
from bot.core.actions.table import ACTS, BY_NAME
from bot.core.cards import Block, Bullets, Button, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.cases.confirm import settled
from bot.core.cases.measures import measure_line
from bot.core.cases.steps import ALLOWS_STANDING_DOWN
from bot.core.messages import Capabilities
from bot.core.reminders.placing import outcome_of
from bot.core.words.agreed_words import agreed_to_by_nobody
from bot.core.words.case_words import (
    ACCOUNT_WORDS,
    NOTIFY_LATE,
    NOTIFY_NOW,
    STATES,
    by_weight,
    inspector_words,
    label,
    line,
    who,
)
from bot.core.words.deadline_kinds import LOCAL, MPE, NOTIFY
from bot.core.words.fact_words import title
from bot.core.words.outcomes import EMPLOYER_DECIDES
from bot.core.words.phrases import capitalised, day, moment
from bot.core.words.verdict_words import contact, kept_verdict, outcome_line
from storage.case_rows import DID
from storage.case_states import ACTIVE, STEPS, StepKind
from storage.model import Case, CaseStep, Deadline, Record
from storage.store import Store


@dataclass(frozen=True)
class View:
    """What a case's card is made from, read once."""

    store: Store
    case: Case
    records: tuple[Record, ...]
    today: date
    face: Capabilities

    @property
    def outcome(self) -> str:
        return outcome_of(self.store, self.case.tenant, self.case)

    @property
    def verdict(self) -> Record:
        """The record that the outcome rests on."""
        return next((r for r in self.records if r.outcome == self.outcome), self.records[-1])

    @property
    def nation(self) -> str:
        return str(self.verdict.assessment.facts.get("nation") or "")

    @property
    def active(self) -> bool:
        return self.case.state in ACTIVE

    @property
    def overdue(self) -> bool:
        return any(d.state == "open" and d.due_on < self.today for d in self.case.deadlines)

    @property
    def waiting(self) -> tuple[Deadline, ...]:
        """What its records still wait for, and by when."""
        found = (self.store.deadlines(self.case.tenant, subject=one) for one in self.case.records)
        return tuple(deadline for of_record in found for deadline in of_record)

    def open(self, kind: str) -> bool:
        return any(d.kind == kind and d.state == "open" for d in self.case.deadlines)

    def command(self, words: str) -> str:
        return f"{self.face.command} {words}".strip()


def view(store: Store, case: Case, today: date, face: Capabilities) -> View:
    return View(store, case, tuple(store.record(case.tenant, one) for one in case.records), today, face)


def case_card(seen: View, *, whole: bool = False, warning: str = "") -> Card:
    """`whole`: with its history, its notes and what can be typed."""
    case = seen.case
    blocks: list[Block] = [Text(warning, Weight.WARNING)] if warning else []
    blocks += [Text(text, Weight.WARNING) for text in _warnings(seen)]
    blocks.append(Pairs(tuple(_pairs(seen))))
    if seen.active:
        blocks += [Text(f"Next: {_next(seen)}", Weight.STRONG)]
    if whole:
        blocks += _history(seen)
        if not seen.face.buttons:
            blocks += [Heading("What can be typed"), Bullets(tuple(_typed(seen)))]
    blocks.append(Text(EMPLOYER_DECIDES, Weight.SUBTLE))
    title = f"{case.ref} {case.title}: {STATES[case.state]}"
    return Card(title, tuple(blocks), _buttons(seen), _severity(seen), title)


def _severity(seen: View) -> Severity:
    if not seen.active:
        return Severity.SETTLED
    urgent = seen.overdue or any(
        d.kind == NOTIFY and d.state == "open" and d.due_on <= seen.today for d in seen.case.deadlines
    )
    return Severity.ALARM if urgent else Severity.WAITING


def _warnings(seen: View) -> Iterator[str]:
    if by_nobody := agreed_to_by_nobody(seen.verdict, seen.today):
        yield by_nobody
    if not seen.active:
        return
    notify = next((d for d in seen.case.deadlines if d.kind == NOTIFY and d.state == "open"), None)
    if notify and seen.outcome == "undecided" and notify.due_on <= seen.today:
        yield NOTIFY_NOW if notify.due_on == seen.today else NOTIFY_LATE
    elif notify and seen.outcome == "undecided":
        yield (
            f"Undecided is not a no: the clock has been running since {day(seen.case.discovered_on)}. What "
            f"is still undecided on {day(notify.due_on)} is notified then."
        )
    if notify and seen.nation == "scotland":
        yield ACCOUNT_WORDS
    if words := inspector_words(seen.case, seen.today):
        yield words
    for record in seen.records:
        if kept_verdict(record.assessment).cautions and not record.compared:
            yield f"Record {record.number} has a caution, and nobody has compared it with the live table yet."


def _pairs(seen: View) -> Iterator[tuple[str, str]]:
    case, verdict = seen.case, kept_verdict(seen.verdict.assessment)
    yield "Verdict", outcome_line(verdict, case.discovered_on)
    yield "Discovered", day(case.discovered_on)
    for deadline in by_weight(case.deadlines):
        yield capitalised(label(deadline.kind)), line(deadline, seen.today, case)
    for deadline in seen.waiting:
        name = f"{label(deadline.kind)}, {deadline.subject}"
        yield capitalised(name), line(deadline, seen.today)
    yield "Owner", who(case.owner)
    if authority := verdict.authority:
        yield from contact(authority)
    if case.authority_reference:
        yield "Its reference", case.authority_reference
    elif case.state in ("notified", "reported"):
        yield "Its reference", "not known yet"
    yield "Record", ", ".join(f"{r.number} ({_status(r)})" for r in seen.records)


def _status(record: Record) -> str:
    if record.status == "provisional":
        return "provisional"
    return "confirmed" if settled(record) else "confirmed, not compared with the live table"


def _next(seen: View) -> str:
    state = seen.case.state
    first = "" if all(settled(record) for record in seen.records) else "confirm the verdict, then "
    if state == "notified" and seen.outcome in ALLOWS_STANDING_DOWN:
        return f"{first}tell the authority and stand the case down with the reason."
    if state == "notified":
        more = "" if seen.case.authority_reference else ", and give the authority's reference number"
        return f"submit the report of the investigation{more}."
    if state == "reported":
        return "close the case once nothing is left to do."
    if seen.outcome == "notify":
        return "notify the authority as soon as possible; the report follows."
    notify = next((d for d in seen.case.deadlines if d.kind == NOTIFY), None)
    if seen.outcome == "undecided" and notify and notify.due_on <= seen.today:
        return "notify the authority now; what is found out later follows."
    if seen.outcome == "undecided":
        wanted = kept_verdict(seen.verdict.assessment).missing
        what = f" First of all: {title(wanted[0]).lower()}." if wanted else ""
        whom = "the medical physics expert's estimate" if seen.open(MPE) else "what is missing"
        return f"a preliminary investigation, with {whom}.{what} If it cannot be ruled out in time, notify."
    return f"{first}stand the case down with the reason."


def _history(seen: View) -> Iterator[Block]:
    steps = seen.store.steps(seen.case.tenant, seen.case.ref)
    old = seen.store.deadlines(seen.case.tenant, subject=seen.case.ref, state="", history=True)
    told = [(s.at, f"{who(s.by)} {DID[s.kind]}{_to(s)}", s.note) for s in steps]
    told += _own_deadlines(old)
    told.sort(key=lambda one: one[0])
    yield Heading("History")
    yield Bullets(tuple(f"{moment(at)}, {did}" + (f": {note}" if note else "") for at, did, note in told))
    measures = [one for r in seen.records for one in seen.store.measures(r.tenant, r.number)]
    if measures:
        yield Heading("Corrective measures")
        yield Bullets(tuple(map(measure_line, measures)))
    last = {d.kind: d.version for d in seen.case.deadlines}
    moved = {(d.kind, d.version): d for d in old if d.version < last.get(d.kind, 0)}
    if moved:
        yield Heading("Dates that were")
        yield Bullets(tuple(f"{label(d.kind)}: by {day(d.due_on)}" for d in moved.values()))
    if notes := seen.store.notes(seen.case.tenant, seen.case.ref):
        yield Heading("Notes")
        yield Bullets(tuple(f"{moment(n.at)}, {who(n.by)}: {n.text}" for n in notes))


def _own_deadlines(every: Sequence[Deadline]) -> Iterator[tuple[datetime, str, str]]:
    """Who said that one of the trust's own is done, and who took it back: no step of the case tells it."""
    before: dict[str, str] = {}
    for one in sorted(every, key=lambda d: d.set_at):
        if one.kind.startswith(LOCAL) and one.state == "met":
            yield one.set_at, f"{who(one.set_by)} marked {label(one.kind)} as met", one.why
        elif one.kind.startswith(LOCAL) and one.state == "open" and before.get(one.kind) == "met":
            yield one.set_at, f"{who(one.set_by)} took back that {label(one.kind)} is met", one.why
        before[one.kind] = one.state


def _to(step: CaseStep) -> str:
    """What a step set, where its name does not say it."""
    set_to = {
        "assign": who(step.owner), "correct_discovery": day(step.discovered_on),
        "notify": step.authority_reference, "reference": step.authority_reference,
    }.get(step.kind)  # fmt: skip
    on = f"on {day(step.done_on)}" if step.done_on else ""
    said = ", ".join(filter(None, (set_to, on)))
    return f" ({said})" if said else ""


# What can be done


def offered(seen: View) -> Iterator[tuple[Act, StepKind]]:
    """The acts that the state and the verdict allow, each with the step that it takes."""
    for act in ACTS:
        allowed = (kind for kind in act.steps if seen.case.state in STEPS[kind][0])
        kind = next((k for k in allowed if k != "reference" or not seen.case.authority_reference), None)
        if kind == "reopen" and seen.active:
            continue  # what was told by mistake is taken back in words
        if kind and (kind != "stand_down" or seen.outcome in ALLOWS_STANDING_DOWN):
            yield act, kind


def _buttons(seen: View) -> tuple[Button, ...]:
    value = f"{seen.case.ref}:{seen.case.version}"
    made = [act.press(value, label) for act, kind in offered(seen) if (label := act.steps[kind])]
    if seen.active and any(record.status == "provisional" for record in seen.records):
        made.insert(1, BY_NAME["confirm"].press(seen.case.ref, "Confirm the verdict"))
    if seen.active and seen.outcome == "undecided":
        made.append(BY_NAME["estimate"].press(value))
    return (*made, BY_NAME["note"].press(value), BY_NAME["paper"].press(seen.case.ref))


def _typed(seen: View) -> Iterator[str]:
    for act, _ in offered(seen):
        yield seen.command(act.of(seen.case.ref))
    for record in seen.records:
        if not settled(record):
            yield seen.command(BY_NAME["confirm"].of(record.number))
    yield from (
        seen.command(BY_NAME[name].of(seen.case.ref)) for name in ("details", "measure", "paper", "note")
    )
