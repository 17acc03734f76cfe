"""A case as a card: where it stands, what its deadlines are, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.cards import Block, Bullets, Button, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.cases.confirm import settled
from bot.core.cases.steps import ALLOWS_STANDING_DOWN
from bot.core.check.verdict_card import as_of, outcome_line
from bot.core.messages import Capabilities
from bot.core.reminders.placing import outcome_of
from bot.core.words.case_words import (
    ACCOUNT_WORDS,
    INSPECTOR_WORDS,
    NOTIFY_LATE,
    NOTIFY_NOW,
    STATES,
    by_weight,
    label,
    line,
    speak_to_inspector,
    who,
)
from bot.core.words.deadline_kinds import MPE, NOTIFY
from bot.core.words.phrases import EMPLOYER_DECIDES, day, days, moment
from storage.cases import DID
from storage.model import ACTIVE, STEPS, Case, CaseStep, Deadline, Record, StepKind
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
    if speak_to_inspector(seen.case, seen.today):
        yield INSPECTOR_WORDS
    for record in seen.records:
        if record.assessment.verdict.get("cautions") and not record.compared:
            yield f"Record {record.number} has a caution, and nobody has compared it with the live table yet."


def _pairs(seen: View) -> Iterator[tuple[str, str]]:
    case, verdict = seen.case, seen.verdict.assessment.verdict
    yield "Verdict", outcome_line(verdict, case.discovered_on)
    gone = (seen.today - case.discovered_on).days
    ago = "today" if gone == 0 else f"{days(gone)} ago"
    yield "Discovered", f"{day(case.discovered_on)}, {ago}"
    for deadline in by_weight(case.deadlines):
        name = label(deadline.kind)
        yield name[:1].upper() + name[1:], line(case, deadline, seen.today)
    for deadline in seen.waiting:
        name = f"{label(deadline.kind)}, {deadline.subject}"
        yield name[:1].upper() + name[1:], line(case, deadline, seen.today)
    yield "Owner", who(case.owner)
    if authority := verdict.get("authority"):
        yield "Authority", f"{authority['name']}. {authority['how']}"
        yield "Contact as of", f"{as_of(authority['as_of'])}; contacts age, so check it before sending"
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
        first = seen.verdict.assessment.verdict.get("missing") or []
        from bot.core.words.fact_words import title

        what = f" First of all: {title(first[0]).lower()}." if first else ""
        whom = "the medical physics expert's estimate" if seen.open(MPE) else "what is missing"
        return f"a preliminary investigation, with {whom}.{what} If it cannot be ruled out in time, notify."
    first = "" if all(settled(record) for record in seen.records) else "confirm the verdict, then "
    return f"{first}stand the case down with the reason."


def _history(seen: View) -> Iterator[Block]:
    steps = seen.store.steps(seen.case.tenant, seen.case.ref)
    told = [
        f"{moment(s.at)}, {who(s.by)} {DID[s.kind]}{_to(s)}" + (f": {s.note}" if s.note else "")
        for s in steps
    ]
    yield Heading("History")
    yield Bullets(tuple(told))
    old = seen.store.deadlines(seen.case.tenant, subject=seen.case.ref, state="", history=True)
    last = {d.kind: d.version for d in seen.case.deadlines}
    moved = {(d.kind, d.version): d for d in old if d.version < last.get(d.kind, 0)}
    if moved:
        yield Heading("Dates that were")
        yield Bullets(tuple(f"{label(d.kind)}: by {day(d.due_on)}" for d in moved.values()))
    if notes := seen.store.notes(seen.case.tenant, seen.case.ref):
        yield Heading("Notes")
        yield Bullets(tuple(f"{moment(n.at)}, {who(n.by)}: {n.text}" for n in notes))


def _to(step: CaseStep) -> str:
    """What a step set, where its name does not say it."""
    set_to = {
        "assign": who(step.owner), "correct_discovery": day(step.discovered_on),
        "notify": step.authority_reference, "reference": step.authority_reference,
    }.get(step.kind)  # fmt: skip
    return f" ({set_to})" if set_to else ""


# What can be done

_BUTTONS: dict[StepKind, tuple[str, str]] = {
    "investigate": ("Begin investigation", "case.investigate"),
    "notify": ("Notified", "case.notify"),
    "reference": ("Reference number", "case.notify"),
    "report": ("Report submitted", "case.report"),
    "close": ("Close", "case.close"),
    "redecide": ("New estimate", "case.redecide"),
    "stand_down": ("Stand down", "case.stand_down"),
    "assign": ("Assign", "case.assign"),
    "correct_discovery": ("Discovery date", "case.discovered"),
    "reopen": ("Reopen", "case.reopen"),
}
_PRIMARY = ("notify", "report", "close", "reopen")
_TYPED: dict[StepKind, str] = {
    "investigate": "investigate {ref} [a note]",
    "notify": "notified {ref} [the authority's number]",
    "reference": "notified {ref} <the authority's number>",
    "report": "reported {ref} [a note]",
    "close": "close {ref} [a note]",
    "redecide": "redecide {ref} [what was found out]",
    "stand_down": "stand down {ref} <the reason>",
    "assign": "assign {ref} <person>, or take over {ref}",
    "correct_discovery": "discovered {ref} <day> <why>",
    "reopen": "reopen {ref} <why>",
}


def steps_now(seen: View) -> list[StepKind]:
    """The steps that the state and the verdict allow, in the order in which they are offered."""
    now = [kind for kind in _BUTTONS if seen.case.state in STEPS[kind][0]]
    if seen.case.authority_reference and "reference" in now:
        now.remove("reference")
    if seen.outcome not in ALLOWS_STANDING_DOWN and "stand_down" in now:
        now.remove("stand_down")
    return now


def _buttons(seen: View) -> tuple[Button, ...]:
    value, now = f"{seen.case.ref}:{seen.case.version}", steps_now(seen)
    made = [
        Button(
            _BUTTONS[kind][0],
            _BUTTONS[kind][1],
            value,
            "primary" if kind in _PRIMARY else "default",
            ask="Nothing is left to do, and the case is closed?" if kind == "close" else "",
        )
        for kind in now
    ]
    if seen.active and any(record.status == "provisional" for record in seen.records):
        number = next(r.number for r in seen.records if r.status == "provisional")
        made.insert(1, Button("Confirm the verdict", "case.confirm", number))
    return (*made, Button("Note", "case.note", value))


def _typed(seen: View) -> Iterator[str]:
    for kind in steps_now(seen):
        yield seen.command(_TYPED[kind].format(ref=seen.case.ref))
    for record in seen.records:
        if not settled(record):
            yield seen.command(f"confirm {record.number}")
    yield seen.command(f"note {seen.case.ref} <text>")
