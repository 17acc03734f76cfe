"""`case 2026-0001 reasons`: why a kept verdict is what it is, where no card can fold that."""

from __future__ import annotations

from dataclasses import replace

from bot.core.cards import Card
from bot.core.check.verdict_card import verdict_card
from bot.core.check.verdict_reasons import reasons_card
from bot.core.turn import Turn
from bot.core.words.verdict_words import kept_verdict
from storage.model import Record

WHY = "reasons"


def reasons_of(turn: Turn, record: Record) -> Card:
    why = reasons_card(verdict_card(kept_verdict(record.assessment), today=turn.today, kept=True))
    return replace(why, title=f"Record {record.number}, {why.title[:1].lower()}{why.title[1:]}")
