"""Facts that one person states against what another one gave: both are named, and it is asked which holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bot.core.check.check import Check
from bot.core.check.free_text import with_facts
from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words
from rules.incident import InvalidFacts
from rules.parsing import changed
from storage.model import Person

if TYPE_CHECKING:
    from bot.core.reader import FactsRead


class Disputed(NamedTuple):
    """A fact that somebody states against what somebody else gave, and the one line that names both."""

    new: str
    line: str


def disputed(turn: Turn, check: Check, facts: dict[str, Any], got: FactsRead) -> tuple[Disputed, ...]:
    """Raises Refused where the facts cannot stand by themselves."""
    draft = check.draft
    theirs = {
        name: by
        for name, by in draft.sources.items()
        if name in draft.facts and by.how != "settings" and by.id not in ("", turn.person.id)
    }
    found: dict[str, Disputed] = {}
    for name, value in facts.items() if theirs else ():
        after = with_facts(check, {name: value}, got, turn.source)
        for old, by in theirs.items():
            if old in after.draft.facts and _adds_up(draft.facts[old], after.draft.facts[old]):
                continue
            if (old, name) == ("age_group", "age_years") and _same_age(check, value):
                continue
            said = f"{Person(by.id, by.name).called} said {value_words(old, check.facts)}"
            called = title(name).lower() + " " if title(name) != title(old) else ""
            mine = f"{turn.person.called} says {called}{value_words(name, after.facts)}"
            found.setdefault(name, Disputed(name, f"{title(old)}: {said}, {mine}. Which holds?"))
    return tuple(found.values())


def _adds_up(old: object, new: object) -> bool:
    """The same, or the hour of the same day."""
    return old == new or (isinstance(new, str) and "T" in new and new[:10] == old)


def _same_age(check: Check, age: object) -> bool:
    """Does an age in years fit what was said of adult or child?"""
    try:
        changed(check.facts, check.day, age_years=age)
    except InvalidFacts:
        return False
    return True
