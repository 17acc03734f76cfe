"""What people write in their own words, taken into a check: only what is certain, and shown as it was
understood."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.core.cards import Card, Text, Weight
from bot.core.check.interview import facts_of, next_of, state, stated, without
from bot.core.draft import Draft
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.turn import FROM_SETTINGS, Turn
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import listed
from rules.facts import DETAILS, FACTS, Kind
from rules.incident import Facts, InvalidFacts
from rules.parsing import changed

if TYPE_CHECKING:
    from bot.core.reader import Reading

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


def corrected_by(turn: Turn, draft: Draft, text: str, *, overheard: bool = False) -> Understood | None:
    """What was typed, taken for a correction or a further fact ("no, 12 mSv"); None where it is neither.

    What somebody else said is changed only by who says that it was wrong; else both are named, and it is
    asked. Overheard, only what is certain counts.
    """
    from bot.core.reader import correct

    asked = next_of(draft, turn.today) if draft.stage == "asking" else None
    got = correct(stated(draft), text, turn.request.now, asked=asked.name if asked else None)
    facts = {name: value for name, value in got.facts.items() if name in FACTS and _meant(name, text)}
    facts |= _pending(draft, got, text)
    if asked and asked.name == "exposure" and len(got.candidates.get("exposure", ())) == 1:
        facts["exposure"] = got.candidates["exposure"][0]  # "he wasn't due anything", in answer to just that
    gone = tuple(name for name in got.withdrawn if name in draft.facts) if facts or not got.facts else ()
    standing = asked.names if asked else ()
    unsure = tuple(n for n in got.to_confirm if _to_ask(n, got, draft, standing, text))
    if overheard or got.facts.keys() < facts.keys():
        unsure = ()
    if overheard:
        gone = ()
        own = {n for n, given in draft.sources.items() if given.get("id") == turn.person.id}
        own = set() if _LEAD.match(text) else own
        facts = {n: v for n, v in facts.items() if draft.facts.get(n) != v and n not in own}
    if not facts and not unsure and not gone:
        return None
    outright = bool(draft.number) or bool(_LEAD.match(text))
    try:
        against = () if outright else disputed(turn, draft, facts, got.sex)
        taken = {name: value for name, value in facts.items() if name not in {one.new for one in against}}
        after = draft if against else without(draft, gone)
        after = _with_facts(turn, after, taken, got.sex)
    except Refused:
        return None
    lines = (*_lines(turn, after, taken, draft.person), *_taken_out(turn, draft, after))
    if against:
        asks = dict.fromkeys("age_years" if one.new == "age_group" else one.new for one in against)
        why = {name: one.line for one, name in zip(reversed(against), reversed(asks), strict=False)}
        after = after.with_(doubts={**after.doubts, **why}).asked_aside((next(iter(asks)),))
    elif unsure:
        after, lines = _unsure(turn, after, got, unsure, lines)
    return Understood(after, lines)


class Disputed(NamedTuple):
    """A fact that somebody states against what somebody else gave, and the one line that names both."""

    new: str
    line: str


def disputed(turn: Turn, draft: Draft, facts: dict[str, Any], sex: str) -> tuple[Disputed, ...]:
    """Raises Refused where the facts cannot stand by themselves."""
    before = facts_of(draft, turn.today)
    found: dict[str, Disputed] = {}
    for name, value in facts.items():
        after = _with_facts(turn, draft, {name: value}, sex)
        for old in draft.facts:
            by = draft.sources.get(old, {})
            if by.get("id", turn.person.id) == turn.person.id or by.get("because") == FROM_SETTINGS:
                continue
            if old in after.facts and _adds_up(draft.facts[old], after.facts[old]):
                continue
            if (old, name) == ("age_group", "age_years") and _same_age(before, value, turn.today):
                continue
            said = f"{by.get('name') or by.get('id')} said {value_words(old, before)}"
            theirs = title(name).lower() + " " if title(name) != title(old) else ""
            now = value_words(name, facts_of(after, turn.today))
            mine = f"{turn.person.name or turn.person.id} says {theirs}{now}"
            found.setdefault(name, Disputed(name, f"{title(old)}: {said}, {mine}. Which holds?"))
    return tuple(found.values())


def _adds_up(old: object, new: object) -> bool:
    """The same, or the hour of the same day."""
    return old == new or (isinstance(new, str) and "T" in new and new[:10] == old)


def _same_age(before: Facts, age: object, today: date) -> bool:
    """Does an age in years fit what was said of adult or child?"""
    try:
        changed(before, today, age_years=age)
    except InvalidFacts:
        return False
    return True


def _pending(draft: Draft, got: Reading, text: str) -> dict[str, Any]:
    """After "about 2 mSv" it is that dose of which "no, 12 mSv" speaks, whichever else it could be."""
    from bot.core.reader.corrections import WHICH

    waiting = [
        name for name in got.to_confirm
        if name in draft.doubts and name not in draft.facts and _meant(name, text)
        and got.doubts[name] == WHICH and len(got.candidates[name]) == 1
    ]  # fmt: skip
    return {waiting[0]: got.candidates[waiting[0]][0]} if len(waiting) == 1 else {}


def _to_ask(name: str, got: Reading, draft: Draft, standing: tuple[str, ...], text: str) -> bool:
    """Is it an uncertain fact that is meant, and not just the answer that stands?"""
    if name not in FACTS or name in standing or not _meant(name, text):
        return False
    known = draft.facts.get(name)
    if known is None:
        return FACTS[name].kind in (Kind.QUANTITY, Kind.DATE)
    return known not in got.candidates[name]


def _unsure(
    turn: Turn, draft: Draft, got: Reading, unsure: tuple[str, ...], lines: tuple[str, ...]
) -> tuple[Draft, tuple[str, ...]]:
    """One fact that is uncertain is asked; a value that could be of several is handed back."""
    known = facts_of(draft, turn.today)
    so_far = [title(name).lower() + _so_far(name, known) for name in unsure]
    if len(unsure) > 1:
        return draft, (*lines, f"That could be {listed(so_far, 'or')}: name the one that is meant.")
    (name,) = unsure
    doubt = f"{title(name)}{_so_far(name, known)}: {got.doubts[name]}"
    aside = draft.asked_aside((name,))
    return aside.with_(doubts={**draft.doubts, aside.asking[0]: doubt}), lines


def _so_far(name: str, known: Facts) -> str:
    return f" (so far {value_words(name, known)})" if name in known.stated else ""


def _taken_out(turn: Turn, before: Draft, after: Draft) -> tuple[str, ...]:
    """What was known and does not stand beside the new facts."""
    known = facts_of(before, turn.today)
    ages = {"age_years", "age_group"}
    gone = [n for n in before.facts if n not in after.facts and not (n in ages and ages & after.facts.keys())]
    return tuple(f"{title(name)} taken out: it was {value_words(name, known)}" for name in gone)


# What a correction begins with.
_LEAD = re.compile(
    r"\W*(?:no(?=\s*[,.:;!-]|\s+\d|\s+(?:it|s?he|they|the|that|we|i)\b)"
    r"|(?:nope|sorry|actually|correction|i mean|i meant|make that|wait|oops|rather)\b)",
    re.I,
)


# What a day is said of: "see you on Monday" is no day of an incident.
_OF_A_DAY = re.compile(
    r"^\W*(?:it|that|this)(?:'s| was| is)\b|\bnot\b|happen|occur|discover|f[oi]und|notic|spotted|expos"
    r"|incident|scan|came to light|known|aware|realis",
    re.I,
)


def _meant(name: str, text: str) -> bool:
    """A quantity or a day alone is an answer, perhaps a wrong one; it changes another fact only where it says
    so."""
    if FACTS[name].kind not in (Kind.QUANTITY, Kind.DATE):
        return True
    if FACTS[name].kind is Kind.DATE:
        return bool(_LEAD.match(text) or _OF_A_DAY.search(text))
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


def _lines(turn: Turn, draft: Draft, facts: dict[str, Any], person: str = "") -> tuple[str, ...]:
    """How it was understood; `person` is what was known of the person before."""
    known = facts_of(draft, turn.today)
    lines = [f"{title(name)}: {value_words(name, known)}" for name in facts if name in known.stated]
    if draft.person == "male" and not person:
        lines.append("The person is male")
    return ("\n".join(("Understood so far (edit changes it):", *lines)),) if lines else ()
