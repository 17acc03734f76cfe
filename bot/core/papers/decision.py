"""The decision record: the written assessment against the criteria, as it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.cards import Block, Bullets, Folded, Heading, Text
from bot.core.check.verdict_reasons import reasons
from bot.core.draft import Source, source_of
from bot.core.paper import PaperLine, PaperPart
from bot.core.papers.common import as_of
from bot.core.papers.dossier import Dossier, at_moment, part
from bot.core.words.case_words import confirmed_by, who
from bot.core.words.draft_words import source_words
from bot.core.words.fact_words import title, value_words
from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import moment
from bot.core.words.verdict_words import outcome_line
from rules.facts import FACTS

TITLE = "Decision record"
LONGEST_LABEL = 90
_STORY = ("account", "immediate_actions", "cause", "site", "equipment")


def decision(known: Dossier) -> tuple[PaperPart, ...]:
    return (
        part("The verdict", tuple(_verdict(known))),
        part("Confirmation", tuple(_confirmed(known))),
        part("The facts that it rests on, and who gave them", tuple(_facts(known))),
        *(part(heading, lines) for heading, lines in _reasons(known)),
        part("What happened", known.details_there(*_STORY)),
        part("Analysis and learning", _analysed(known), note="Regulation 8(3) wants it of every incident."),
        part("How it was arrived at", tuple(_history(known))),
    )  # fmt: skip


def _verdict(known: Dossier) -> Iterator[PaperLine]:
    yield PaperLine("Verdict", outcome_line(known.verdict, known.discovered))
    cautions = filter(None, (*known.verdict.cautions, known.by_nobody))
    yield from (PaperLine("Caution", caution) for caution in cautions)
    yield as_of(known)
    yield from (PaperLine("Also to tell", f"{one.body}: {one.reason}") for one in known.verdict.also_tell)


def _confirmed(known: Dossier) -> Iterator[PaperLine]:
    if not known.record.confirmations:
        yield PaperLine("Confirmed", gap="the MPE, the RPS or the governance lead")
    for one in known.record.confirmations:
        yield PaperLine("Confirmed", confirmed_by(one))
        if one.note:
            yield PaperLine("Note", one.note, theirs=True)


def _facts(known: Dossier) -> Iterator[PaperLine]:
    for name in known.facts.stated:
        if name in FACTS:
            given = known.record.assessment.sources.get(name)
            by = f" — {_by(source_of(given))}" if given else ""
            yield PaperLine(title(name), f"{value_words(name, known.facts)}{by}")


def _by(source: Source) -> str:
    """Without the words that it was read from: they may name somebody."""
    return source_words(replace(source, words="" if source.how in ("answered", "read") else source.words))


def _reasons(known: Dossier) -> Iterator[tuple[str, tuple[PaperLine, ...]]]:
    """The reasons in full, heading by heading as the verdict's card folds them."""
    folded = [one for block in reasons(known.verdict) if isinstance(block, Folded) for one in block.blocks]
    heading, items = "", list[str]()
    for block in (*folded, Heading("")):
        if isinstance(block, Heading):
            if items:
                yield heading, tuple(map(_reason, items))
            heading, items = block.text, []
        else:
            items += _texts(block)


def _texts(block: Block) -> tuple[str, ...]:
    return block.items if isinstance(block, Bullets) else (block.text,) if isinstance(block, Text) else ()


def _reason(item: str) -> PaperLine:
    """`2.1: the total is …`: the code, and what is said of it."""
    code, colon, said = item.partition(": ")
    return PaperLine(code, said) if colon and len(code) <= LONGEST_LABEL else PaperLine("", item)


def _analysed(known: Dossier) -> tuple[PaperLine, ...]:
    who_knows = "whoever analyses it"
    return known.noted("analysis", "Analysis", who_knows), known.noted("learning", "Learning", who_knows)


def _history(known: Dossier) -> Iterator[PaperLine]:
    for one in known.turn.store.revisions(known.turn.tenant, known.record.number):
        line = f"{moment(one.at)}, {who(one.by)}, {OUTCOMES[one.outcome]}"
        yield PaperLine(f"Revision {one.revision}", line)
        if one.why:
            yield PaperLine(f"Why revision {one.revision}", one.why, theirs=True)
    if known.case:
        yield at_moment(f"{known.case.ref} opened", known.case.opened_at)
