"""A reader that is sure of what is not so: a "no" must not rest on it, however well the real one reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import bot.core.reader
from bot.core.reader import FactsRead
from rules.facts import FACTS, Kind
from rules.incident import InvalidFacts
from rules.parsing import parse
from tests.truthful.hand import typed_value

OF_ALL = tuple(name for name, fact in FACTS.items() if fact.kind is not Kind.DATE and not fact.many)


@contextmanager
def misread(random: Random) -> Iterator[None]:
    """Now and then one fact, or two, of a text is read as it is not."""
    read = bot.core.reader.read

    def wrongly(text: str, now: datetime, nation: str | None = None) -> FactsRead:
        got = read(text, now, nation)
        if not got.is_incident or random.random() < 0.5:
            return got
        facts, phrases = dict(got.facts), dict(got.phrases)
        for name in random.sample(OF_ALL, random.choice((1, 2, 3))):
            more = {**facts, name: _any(name, random)}
            if _fits(more, now):
                facts, phrases[name] = more, text[:20]
        sure = [name for name in got.to_confirm if name not in facts]
        return replace(got, facts=facts, phrases=phrases, to_confirm=sure)

    bot.core.reader.read = wrongly
    try:
        yield
    finally:
        bot.core.reader.read = read


def _any(name: str, random: Random) -> Any:
    fact = FACTS[name]
    if fact.answers:
        return typed_value(random.choice(fact.answers).value)
    if fact.kind is Kind.COUNT:
        return random.choice((1, 2, 3, 40))
    return f"{random.choice(('0.01', '0.9', '2', '30'))} {fact.unit}".strip()


def _fits(facts: dict[str, Any], now: datetime) -> bool:
    try:
        parse({name: value for name, value in facts.items() if name in FACTS}, now.date())
    except InvalidFacts:
        return False
    return True
