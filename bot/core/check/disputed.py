"""Facts that one person states against what another one gave: both are named, and it is asked which holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bot.core.check.check import Check
from bot.core.check.facts_for_the_record import AGES
from bot.core.check.free_text import with_facts
from bot.core.draft import Source
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
            called = title(name).lower() + " " if title(name) != title(old) else ""
            mine = f"{turn.person.called} says {called}{value_words(name, after.facts)}"
            found.setdefault(name, Disputed(name, which_holds(check, old, by, mine)))
    return tuple(found.values())


def against_another(turn: Turn, before: Check, after: Check, names: tuple[str, ...]) -> Disputed | None:
    """Where an answer changes what somebody else has said."""
    was, now = before.draft.facts, after.draft.facts
    for name in (*names, *(AGES - {*names} if AGES & {*names} else ())):
        by = before.draft.sources.get(name)
        if name not in was or was[name] == now.get(name) or (name in AGES - now.keys() and AGES & now.keys()):
            continue
        if by is not None and by.how != "settings" and by.id not in ("", turn.person.id):
            said = value_words(name, after.facts) if name in now else "that it is not known"
            return Disputed(name, which_holds(before, name, by, f"{turn.person.called} says {said}"))
    return None


def which_holds(check: Check, name: str, by: Source, mine: str) -> str:
    """Names both: what somebody gave, and what is said against it."""
    said = f"{Person(by.id, by.name).called} said {value_words(name, check.facts)}"
    return f"{title(name)}: {said}, {mine}. Which holds?"


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
