"""`case 2026-0001`: a decision record as it stands, and how it came to be so."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.actions.act import Act
from bot.core.actions.pages import LOOK
from bot.core.actions.record_reasons import WHY
from bot.core.actions.table import BY_NAME
from bot.core.cards import Block, Bullets, Button, Card, Heading, Pairs, Text, Weight
from bot.core.cases.confirm import settled
from bot.core.cases.measures import measure_line, whose
from bot.core.cases.opening import TO_OPEN
from bot.core.check.keeping import OF_ESTIMATE
from bot.core.check.record_details import held, words
from bot.core.check.verdict_card import verdict_card, whom_to_ask
from bot.core.draft import source_of
from bot.core.papers.dossier import Dossier
from bot.core.register.alike_words import alike_to_record
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.agreed_words import agreed_to_by_nobody
from bot.core.words.case_words import confirmed_by, who
from bot.core.words.draft_words import source_words
from bot.core.words.fact_words import title
from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import day, moment
from bot.core.words.verdict_words import kept_verdict
from rules.deadlines import uk_date
from rules.facts import FACTS
from rules.parsing import parse
from storage.model import Record

SHOW_WHY = "Show reasons"


def record_card(turn: Turn, record: Record) -> Card:
    facts = parse(record.assessment.facts, max(turn.today, uk_date(record.at)))
    verdict = kept_verdict(record.assessment)
    sources = {name: source_of(given) for name, given in record.assessment.sources.items()}
    card = verdict_card(verdict, today=turn.today, facts=facts, sources=sources, kept=True)
    cautioned = bool(verdict.cautions)
    head: list[Block] = [Pairs(tuple(_head(record)))]
    details = tuple(_details(turn, record))
    body: list[Block] = [Heading("What happened"), Pairs(details)] if details else []
    if body and not cautioned:  # a card with cautions has its outcome as a heading
        body.append(Heading("The verdict"))
    history = (Heading("History"), Bullets(tuple(_history(turn, record))))
    line = f"Record {record.number}: {'read this before acting' if cautioned else card.summary}"
    summary = f"Record {record.number}: {card.summary}"
    warned = card.blocks[: len(verdict.cautions)]
    rest = card.blocks[len(warned) :]
    warned = (*warned, *_corrected(turn, record))
    if by_nobody := agreed_to_by_nobody(record, turn.today):
        warned = (*warned, Text(by_nobody, Weight.WARNING))
    alike = alike_to_record(turn, record)
    rest = (*rest, *whom_to_ask(turn), *alike.texts)
    if measures := turn.store.measures(turn.tenant, record.number):
        rest = (*rest, Heading("Corrective measures"), Bullets(tuple(map(measure_line, measures))))
    more = (*body, *rest, Heading("Who gave what"), Bullets(tuple(_sources(record))))
    done = Card(line, (*warned, *head, *more, *history), severity=card.severity, summary=summary)
    shows_why = not turn.face.folds and done.without_folds != done
    if shows_why:
        done = done.without_folds
    why = f"{BY_NAME['show'].verb} {record.number} {WHY}"
    if not turn.face.buttons:
        typed = tuple(_typed(turn, record, alike.asks))
        asked = (f"{turn.command(why)}: why the verdict is what it is",) if shows_why else ()
        return done.with_blocks(Heading("What can be typed"), Bullets((*typed, *asked)))
    asks = (Button(SHOW_WHY, LOOK, why),) if shows_why else ()
    return done.with_buttons(*_buttons(turn, record, alike.asks), *asks)


def _corrected(turn: Turn, record: Record) -> Iterator[Text]:
    """A case's day of discovery may be corrected after the verdict: then its dates count."""
    stated = str(record.assessment.facts.get("discovered_on") or "")[:10]
    for case in (turn.store.case(turn.tenant, ref) for ref in record.cases):
        if stated and stated != case.discovered_on.isoformat():
            since = (
                f"{case.ref} runs from {day(case.discovered_on)}, the day of discovery as it was corrected"
            )
            yield Text(f"{since}: its dates hold, and not those below.", Weight.WARNING)


def _offered(turn: Turn, record: Record, asks: bool) -> Iterator[Act]:
    if asks:
        yield BY_NAME["theme"]
    yield from (BY_NAME["details"], BY_NAME["correct"], BY_NAME["paper"])
    if not settled(record):
        yield BY_NAME["confirm"]
    if record.outcome in TO_OPEN and not record.cases:
        yield BY_NAME["open"]
    if record.outcome == "do_not_notify":
        yield from (BY_NAME["analysis"], BY_NAME["learning"])
    yield BY_NAME["measure"]
    if permissions.is_governance_lead(turn):
        yield BY_NAME["redact"]


def _typed(turn: Turn, record: Record, asks: bool) -> Iterator[str]:
    for act in _offered(turn, record, asks):
        yield f"{turn.command(act.of(record.number))}: {act.does}"


def _buttons(turn: Turn, record: Record, asks: bool) -> Iterator[Button]:
    yield from (act.press(record.number) for act in _offered(turn, record, asks) if act.button)
    for ref in record.cases[:1]:
        yield BY_NAME["show"].press(ref, f"Show {ref}")


def _head(record: Record) -> Iterator[tuple[str, str]]:
    yield "Kept", f"{moment(record.at)} by {who(record.by)}"
    program = f"; decided by irmer-bot {record.program}" if record.program else ""
    corrects = f", corrects revision {record.corrects}: {record.why}" if record.corrects else ""
    yield "Revision", f"{record.revision}{corrects}{program}"
    if not record.confirmations:
        yield "Status", "provisional: nobody has confirmed it yet"
    for one in record.confirmations:
        yield "Confirmed", confirmed_by(one)
    if record.cases:
        yield "Case", ", ".join(record.cases)


def _details(turn: Turn, record: Record) -> Iterator[tuple[str, str]]:
    older = Dossier.of(turn, record.number).is_older_than_dose
    for name, one in held(record).items():
        of_another = ", said of an earlier dose" if name in OF_ESTIMATE and older(name) else ""
        yield title(name), f"{words(name, one.value)} — {source_words(one.source)}{of_another}"


def _sources(record: Record) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    kept = record.assessment
    for name, given in kept.sources.items():
        if name in kept.facts and name in FACTS:
            by = source_words(source_of(given))
            groups.setdefault(by, []).append(title(name))
    return (f"{by}: {', '.join(names)}" for by, names in groups.items())


def _history(turn: Turn, record: Record) -> Iterator[str]:
    for revision in turn.store.revisions(turn.tenant, record.number):
        why = f": {revision.why}" if revision.why else ""
        line = f"{moment(revision.at)}, {who(revision.by)}, {OUTCOMES[revision.outcome]}{why}"
        yield f"Revision {revision.revision}, {line}"
    for one in record.details:
        yield f"{title(one.field)} told, {moment(one.at)}, {who(one.by)}"
    for measure in turn.store.measure_history(turn.tenant, record.number):
        did = "set" if measure.change == 1 else "changed"
        made = f"{moment(measure.at)}, {who(measure.by)}: {measure.what} ({whose(measure)})"
        yield f"Measure {measure.seq} {did}, {made}"
    for note in turn.store.notes(turn.tenant, record.number):
        yield f"{note.kind.capitalize()}, {moment(note.at)}, {who(note.by)}: {note.text}"
