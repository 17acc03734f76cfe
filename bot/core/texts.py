"""What people write in their own words, taken into a check: only what is certain, and shown as it was
understood."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from bot.core.answers import Refused
from bot.core.cards import Card, Text, Weight
from bot.core.drafts import Draft
from bot.core.facts_in_words import title, value_words
from bot.core.interview import facts_of, next_of, state, stated
from bot.core.messages import Reply
from bot.core.turn import Turn
from rules.facts import DETAILS, FACTS, Kind

REMOVED = "A patient's number was taken out of what you wrote: leave such numbers out of the chat."


class Understood(NamedTuple):
    """The draft with what was read, how it was understood, and what is for the author's eyes alone."""

    draft: Draft
    notes: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def read_text(turn: Turn, draft: Draft, text: str) -> Understood:
    """What a first message says. It begins the account, patients' numbers masked; what is uncertain is
    asked."""
    from bot.core.reader import read

    got = read(text, turn.request.now, turn.nation or None)
    told = {"account": got.masked, **{n: str(v) for n, v in got.facts.items() if n in DETAILS}}
    given = turn.source("read from what was written")
    doubts = {name: why[:1].upper() + why[1:] for name, why in got.doubts.items() if name in FACTS}
    draft = draft.with_(details=told, sources={**draft.sources, **dict.fromkeys(told, given)}, doubts=doubts)
    warnings = (*((REMOVED,) if got.masked != text else ()), *got.warnings)
    facts = {name: value for name, value in got.facts.items() if name in FACTS}
    try:
        draft = _with_facts(turn, draft, facts, got.sex)
    except Refused as refused:
        return Understood(draft, (f"What was written could not be taken as it is: {refused}.",), warnings)
    nothing = ("Nothing of an incident could be read from this; the questions follow.",)
    return Understood(draft, nothing if not got.is_incident else _lines(turn, draft, facts), warnings)


def corrected_by(turn: Turn, draft: Draft, text: str) -> Understood | None:
    """What was typed, taken for a correction or a further fact ("no, 12 mSv"); None where it is neither."""
    from bot.core.reader import correct

    asked = next_of(draft, turn.today) if draft.stage == "asking" else None
    got = correct(stated(draft), text, turn.request.now, asked=asked.name if asked else None)
    facts = {name: value for name, value in got.facts.items() if name in FACTS and _meant(name, text)}
    if not facts:
        return None
    try:
        draft = _with_facts(turn, draft, facts, got.sex)
    except Refused:
        return None
    return Understood(draft, _lines(turn, draft, facts))


# What a correction begins with.
_LEAD = re.compile(
    r"\W*(?:no|nope|sorry|actually|correction|i mean|i meant|make that|wait|oops|rather)\b", re.I
)


def _meant(name: str, text: str) -> bool:
    """A quantity alone is an answer, perhaps a wrong one; it changes another fact only where it says so."""
    if FACTS[name].kind is not Kind.QUANTITY:
        return True
    return bool(_LEAD.match(text)) or title(name).lower().split()[0] in text.lower()


def alone(turn: Turn, warnings: tuple[str, ...]) -> list[Reply]:
    """A word to the author that nobody else needs to see."""
    if not warnings:
        return []
    blocks = tuple(Text(warning, Weight.WARNING) for warning in warnings)
    return [turn.show(Card("About what you wrote", blocks), private=True)]


def _with_facts(turn: Turn, draft: Draft, facts: dict[str, Any], sex: str) -> Draft:
    given = turn.source("read from what was written")
    if sex == "male" and not draft.person:
        draft = draft.with_(person="male", sources={**draft.sources, "person": given})
    return state(draft, facts, source=given, today=turn.today, keep=False)


def _lines(turn: Turn, draft: Draft, facts: dict[str, Any]) -> tuple[str, ...]:
    known = facts_of(draft, turn.today)
    lines = [f"{title(name)}: {value_words(name, known)}" for name in facts if name in known.stated]
    if draft.person == "male":
        lines.append("The person is male")
    return ("\n".join(("Understood so far (edit changes it):", *lines)),) if lines else ()
