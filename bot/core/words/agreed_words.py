"""The caution of a kept verdict that nobody need be told, on facts that came from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from bot.core.draft import source_of
from bot.core.words.outcomes import OUTCOMES
from rules.agree import NOBODY_IS_TOLD, to_agree
from rules.deadlines import uk_date
from rules.facts import FACTS
from rules.incident import InvalidFacts
from rules.parsing import parse
from storage.model import Record

_BY_NOBODY = "agreed to by nobody"


def agreed_to_by_nobody(record: Record, today: date) -> str:
    """The caution in a sentence; empty where it needs none."""
    if record.outcome not in NOBODY_IS_TOLD:
        return ""
    stated = [name for name in record.assessment.facts if name in FACTS]
    sources = {name: source_of(given) for name, given in record.assessment.sources.items()}
    vouched = {name for name in stated if name in sources and sources[name].vouched}
    read = {name for name in stated if name in sources and sources[name].how == "read"}
    if len(vouched) == len(stated):
        return ""
    hangs_on = stated  # where somebody vouches for none of them, which takes no deciding
    if vouched or read:
        with suppress(InvalidFacts):  # facts that are taken no longer settle nothing, and a list goes on
            facts = parse(record.assessment.facts, max(today, uk_date(record.at)))
            hangs_on = list(to_agree(facts, vouched))
    if not hangs_on:
        return ""
    return f"By {'what was read' if read.issuperset(hangs_on) else 'the facts of the source'}, {_BY_NOBODY}."


def every_caution(own: Iterable[str], record: Record, today: date) -> tuple[str, ...]:
    """A kept verdict's own, and then this one."""
    return tuple(filter(None, (*own, agreed_to_by_nobody(record, today))))


def agreed(record: Record) -> bool | None:
    """None of a verdict of which somebody is told."""
    nobody_is_told = record.outcome in NOBODY_IS_TOLD
    return not agreed_to_by_nobody(record, uk_date(record.at)) if nobody_is_told else None


def in_a_list(record: Record, today: date) -> str:
    """The caution in as few words as a line of many bears, after what it stands beside."""
    return f", {_BY_NOBODY}" if agreed_to_by_nobody(record, today) else ""


def outcome_in_a_list(record: Record, today: date) -> str:
    return f"{OUTCOMES.get(record.outcome, record.outcome)}{in_a_list(record, today)}"
