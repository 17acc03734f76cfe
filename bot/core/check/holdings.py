"""Everything that an unfinished check holds, for whoever takes it up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.cards import Block, Card, Heading, Pairs, Text, Weight
from bot.core.check.check import PERSON_WORDS, Check, sources_of
from bot.core.draft import Draft
from bot.core.messages import Open, Reply
from bot.core.turn import Turn
from bot.core.words.draft_words import called, source_words
from bot.core.words.fact_words import title, value_words


def holdings_card(check: Check) -> Card:
    return Card(f"What this check holds: {called(check.draft)}", tuple(holdings(check)))


def taken_up_by(turn: Turn, draft: Draft, replies: Sequence[Reply]) -> list[Reply]:
    """With what the check held, where a press or a form took it up again while another one stood: what is
    asked now is asked of this one."""
    now, opens = turn.drafts.of(draft.id), any(isinstance(reply, Open) for reply in replies)
    if not draft.paused or not draft.holds or now is None or (now.paused and not opens):
        return list(replies)
    card = holdings_card(Check(draft, turn.today))
    if not opens:
        return [turn.show(card), *replies]
    head = (Heading(card.title), *card.blocks)
    return [
        Open(replace(reply.form, blocks=(*head, *reply.form.blocks))) if isinstance(reply, Open) else reply
        for reply in replies
    ]


def holdings(check: Check) -> Iterator[Block]:
    draft = check.draft
    pairs = tuple(_pairs(check))
    if pairs:
        yield Pairs(pairs)
    if draft.skipped:
        yield Text(f"Not known: {', '.join(title(name).lower() for name in draft.skipped)}.")
    if draft.waiting:
        yield Text(f"Not read yet: {draft.waiting}")
    if not (pairs or draft.skipped or draft.waiting):
        yield Text("Nothing has been said yet.", Weight.SUBTLE)


def _pairs(check: Check) -> Iterator[tuple[str, str]]:
    sources = sources_of(check.draft)
    for name in check.facts.stated:
        by = f" ({source_words(sources[name])})" if name in sources else ""
        yield title(name), f"{value_words(name, check.facts)}{by}"
    if check.draft.person:
        yield title("person"), PERSON_WORDS[check.draft.person]
    for name, value in check.draft.details.items():
        yield title(name), value
