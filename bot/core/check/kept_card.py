"""What is said of a verdict that was kept: its number, its case, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.cards import Block, Button, Card, Pairs, Text, Weight
from bot.core.cases.keep import Kept
from bot.core.cases.opening import lacks_case
from bot.core.check.record_details import add_details, not_told
from bot.core.register.alike_words import alike_to_record
from bot.core.turn import Turn
from bot.core.words.case_words import line
from bot.core.words.deadline_kinds import NOTIFY, REPORT
from bot.core.words.verdict_words import kept_verdict, outcome_line
from storage.model import Case, Record


def kept_card(turn: Turn, kept: Kept) -> Card:
    record, case = kept.record, kept.case
    outcome = outcome_line(kept_verdict(record.assessment))
    where = (("Where", turn.defaults.where),) if turn.defaults.where else ()
    revision = f", revision {record.revision}" if record.revision > 1 else ""
    opened = f", case {case.ref} opened" if case else ""
    alike = alike_to_record(turn, record)
    blocks: list[Block] = [
        *((Text(kept.word, Weight.WARNING),) if kept.word else ()),
        Pairs((("Outcome", outcome), ("Status", "provisional"), *where)),
        Text(
            "It is the written assessment against the criteria. "
            f"{turn.command(f'case {record.number}')} shows it; "
            "it stays provisional until the MPE, the RPS or the governance lead confirms it."
        ),
        *_next(turn, kept),
        *alike.texts,
        *_still_to_tell(turn, record),
    ]
    show = (Button("Show the case", "case.show", case.ref),) if case else ()
    ask = (Button("Is it a theme?", "case.theme", record.number, "primary"),) if alike.asks else ()
    buttons = (*ask, *show, add_details(record.number)) if turn.face.buttons else ()
    return Card(f"Kept as record {record.number}{revision}{opened}", tuple(blocks), buttons)


def _next(turn: Turn, kept: Kept) -> Iterator[Text]:
    number, outcome = kept.record.number, kept.record.outcome
    if kept.case:
        yield Text(_deadlines(turn, kept.case), Weight.STRONG)
    elif lacks_case(turn, kept.record):
        lacks = f"{kept.record.cases[-1]} is stood down" if kept.record.cases else "It has no case"
        yield Text(
            f"{lacks}, so nobody is reminded of its deadlines: {turn.command(f'open {number}')} opens one.",
            Weight.WARNING,
        )
    elif outcome == "do_not_notify":
        yield Text(
            "Not notifiable is a result too: analysis and learning are still to come (regulation 8(3)). "
            f"{turn.command(f'analysis {number}')} <text> and "
            f"{turn.command(f'learning {number}')} <text> keep them."
        )


def _still_to_tell(turn: Turn, record: Record) -> Iterator[Text]:
    if still := not_told(record):
        how = turn.command(f"details {record.number}")
        yield Text(f"Still to be added by whoever knows it, in any order ({how}): {still}.", Weight.SUBTLE)


def _deadlines(turn: Turn, case: Case) -> str:
    by = {deadline.kind: line(deadline, turn.today) for deadline in case.deadlines}
    late = any(one.kind == NOTIFY and one.due_on < turn.today for one in case.deadlines)
    now = ": notify now" if late else ""
    return (
        f"Its case {case.ref} is yours: notify {by[NOTIFY]}{now}; report {by[REPORT]}. "
        f"Reminders follow; {turn.command('case ' + case.ref)} shows it."
    )
