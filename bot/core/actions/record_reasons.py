"""`case 2026-0001 reasons`: why a kept verdict is what it is, where no card can fold that."""

from __future__ import annotations

from dataclasses import replace

from bot.core.cards import Card, Text, Weight
from bot.core.check.verdict_card import verdict_card
from bot.core.check.verdict_reasons import reasons_card
from bot.core.turn import Turn
from bot.core.words.agreed_words import every_caution
from bot.core.words.verdict_words import kept_verdict
from storage.model import Record

WHY = "reasons"


def reasons_of(turn: Turn, record: Record) -> Card:
    kept = kept_verdict(record.assessment)
    why = reasons_card(verdict_card(kept, today=turn.today, kept=True))
    said = every_caution(kept.cautions, record, turn.today)
    blocks = (*(Text(caution, Weight.WARNING) for caution in said), *why.blocks)
    return replace(
        why, blocks=blocks, title=f"Record {record.number}, {why.title[:1].lower()}{why.title[1:]}"
    )
