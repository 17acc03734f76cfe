"""The stage that asks for a record's details, one after the other: pure steps from a check to the next."""

from __future__ import annotations

from bot.core import patient_numbers
from bot.core.cards import Block, Bullets, Card, Text, Weight
from bot.core.check.answers import choose, read_answer, read_several
from bot.core.check.check import Check
from bot.core.check.record_fields import OPEN_CASE, Field, fields_for
from bot.core.check.stating import state
from bot.core.draft import Draft
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.draft_words import about
from rules.facts import FACTS

SKIP = frozenset({"", "-", "skip", "none", "?", "don't know", "dont know"})
FINISH = frozenset({"done", "finish", "that's all", "thats all", "enough"})


def begun(check: Check) -> Check:
    return check.with_(stage="details", detail_path=())


def next_field(draft: Draft) -> Field | None:
    """The next to be asked in words; whether to open a case was asked with the verdict."""
    if draft.stage == "complete":
        return None
    return next(
        (f for f in fields_for(draft) if f.name not in draft.detail_path and f is not OPEN_CASE), None
    )


def detail_card(draft: Draft, field: Field, problem: str = "") -> Card:
    blocks: list[Block] = [Text(problem[:1].upper() + problem[1:] + ".", Weight.WARNING)] if problem else []
    blocks = [*about(draft), *blocks]
    if field.hint:
        blocks.append(Text(field.hint, Weight.SUBTLE))
    if field.choices:
        blocks.append(Bullets(tuple(f"{n}. {option.label}" for n, option in enumerate(field.options, 1))))
    if have := draft.details.get(field.name) or str(draft.facts.get(field.name) or ""):
        blocks.append(Text(f"So far: {have}", Weight.SUBTLE))
    ways = "back · quit" if field.required else "empty line skips · done skips all that follow · back · quit"
    blocks.append(Text(ways, Weight.SUBTLE))
    return Card(field.ask, tuple(blocks))


def told(turn: Turn, check: Check, text: str) -> Check:
    """The check after a detail was typed, or a word about the details. Raises Refused."""
    field = next_field(check.draft)
    plain = " ".join(text.lower().split())
    if field is None:
        return check
    if plain == "back":
        return _back(check)
    if plain in FINISH and not field.required:
        return check.with_(stage="complete")
    passed = check.with_(detail_path=(*check.draft.detail_path, field.name))
    if plain in SKIP and not field.required:
        return passed
    return put(turn, passed, field, text.strip())


def put(turn: Turn, check: Check, field: Field, text: str) -> Check:
    """The check with one detail in it. Raises Refused, without repeating the text."""
    if not text:
        if field.required:
            raise Refused("a reason is wanted: it stands in the record beside the correction")
        return check
    if field.name in FACTS:
        name, value = read_answer(field.name, text, turn.request.now)
        return state(check, {name: value}, source=turn.source())
    if field.many:
        text = ", ".join(read_several(text, field.options))
    elif field.choices:
        text = choose(text, field.options)
    else:
        patient_numbers.refuse_numbers(text)
    return check.with_(
        details={**check.draft.details, field.name: text},
        sources={**check.draft.sources, field.name: turn.source()},
    )


def _back(check: Check) -> Check:
    if not check.draft.detail_path:
        return check.with_(stage="asking")
    return check.with_(detail_path=check.draft.detail_path[:-1])
