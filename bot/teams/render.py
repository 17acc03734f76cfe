"""The conversation's cards and forms as Adaptive Cards 1.5, within the limits of Teams.

25 KB a card, text that wraps, a label on every input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.cards import (
    Block,
    Bullets,
    Card,
    Divider,
    Folded,
    Form,
    Heading,
    Input,
    Mention,
    Pairs,
    Severity,
    Table,
    Text,
    Weight,
)  # fmt: skip
from bot.teams.button_row import buttons, in_rows
from bot.teams.fitting import MAX_BYTES, fit, size
from bot.teams.inputs import NOTHING_OFFERED, Element, Offered, elements
from bot.teams.markup import bullets, lines, lines_of, plain, shorten, text_block
from bot.teams.names import in_names

# Characters of a fact's label, and of a word beside it, that a phone of 320 pixels has room for.
LONGEST_LABEL, LONGEST_WORD = 24, 24
LONG_VALUE = 200  # characters; what is shorter is not what makes a card too large
CARD = "application/vnd.microsoft.card.adaptive"
_LOOKS = {
    Severity.PLAIN: ("", "emphasis"),
    Severity.SETTLED: ("✓ ", "good"),
    Severity.WAITING: ("◷ ", "warning"),
    Severity.ALARM: ("⚠ ", "attention"),
}
_WEIGHTS: dict[Weight, Element] = {
    Weight.NORMAL: {},
    Weight.STRONG: {"weight": "Bolder"},
    Weight.SUBTLE: {"isSubtle": True},
    Weight.WARNING: {"weight": "Bolder", "color": "Attention"},
}


@dataclass(frozen=True)
class Mentionable:
    """Somebody who can be mentioned: what Teams calls them to this bot, and their name."""

    id: str
    name: str


@dataclass
class _Drawing:
    people: Mapping[str, Mentionable]
    offered: Offered = NOTHING_OFFERED
    mentions: dict[str, Element] = field(default_factory=dict)
    wide: bool = False
    folds: int = 0


def card(
    shown: Card | Form, people: Mapping[str, Mentionable] | None = None, offered: Offered = NOTHING_OFFERED
) -> Element:
    """The Adaptive Card. `people`, by the conversation's id for them, may be mentioned; what else stands in
    it by its id, a channel, is said by its name. `offered` may be chosen."""
    drawn = _drawn(shown, people or {}, offered)
    wrong = any(one.error for one in shown.inputs)
    while (large := size(drawn) > MAX_BYTES) and (long := _longest(shown)):
        less = _aside(long, of_wrong=wrong)
        shown = replace(shown, blocks=tuple(less if one is long else one for one in shown.blocks))
        drawn = _drawn(shown, people or {}, offered)
    return fit(drawn) if large else drawn


def _drawn(shown: Card | Form, people: Mapping[str, Mentionable], offered: Offered) -> Element:
    drawing = _Drawing(people, offered)
    body = [_title(shown)]
    divided = False
    for block in shown.blocks:
        if isinstance(block, Divider):
            divided = True
            continue
        drawn = _block(block, drawing)
        if drawn and divided:
            drawn[0] |= {"separator": True, "spacing": "Large"}
            divided = False
        body += drawn
    done: Element = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": "en",
        "fallbackText": shorten(summary(shown), 500),
        "body": in_names(body, {id_: known.name for id_, known in drawing.people.items()}),
        "actions": in_rows(buttons(shown)),
    }
    extras: Element = {"width": "Full"} if drawing.wide else {}
    if drawing.mentions:
        extras["entities"] = list(drawing.mentions.values())
    if extras:
        done["msteams"] = extras
    return done


def _longest(shown: Card | Form) -> Input | None:
    """The input that takes most of the card, where one takes much."""
    long = [one for one in shown.inputs if len(one.value) > LONG_VALUE]
    return max(long, key=lambda one: len(one.value), default=None)


def _aside(one: Input, *, of_wrong: bool) -> Input | Text:
    """In the place of an input whose text no card can hold. It does not come back, and so stays as it is. In
    a form that comes again, because something in it is wrong, nothing of it was kept."""
    long, label = f"{len(one.value):,} characters", one.label + ("" if one.label[-1:] in ".?:" else ":")
    if not of_wrong:
        return Text(f"{label} Too long to be shown here: {long}, kept as they are.")
    error = f"{one.error.rstrip('.')}. " if one.error else ""
    if one.required:
        again = f"{error}Too long to be shown again: {long}, not kept. Please write it once more."
        return replace(one, value="", error=again)
    again = f"It stays as it was: {long} are too long to be shown again. To change it, open the form again."
    return Text(f"{label} {'⚠ ' if error else ''}{error}{again}")


def summary(shown: Card | Form) -> str:
    """The one line for notifications, never blank."""
    own = shown.summary if isinstance(shown, Card) else ""
    return own.strip() or shown.title.strip() or "IRMER"


def message(
    shown: Card | Form, people: Mapping[str, Mentionable] | None = None, offered: Offered = NOTHING_OFFERED
) -> Element:
    """An activity that posts the card. Whom it mentions is notified by the card itself: of a text beside it
    Teams makes a message of its own, and tells the id of neither."""
    return {
        "type": "message",
        "summary": shorten(summary(shown), 500),
        "attachments": [{"contentType": CARD, "content": card(shown, people, offered)}],
    }


def says(text: str) -> Element:
    """An activity that says one thing."""
    return {"type": "message", "text": plain(text), "summary": shorten(text, 500)}


# Blocks


def _title(shown: Card | Form) -> Element:
    symbol, style = _LOOKS[shown.severity if isinstance(shown, Card) else Severity.PLAIN]
    heading = _text(f"{symbol}{shown.title}", size="Large", weight="Bolder", style="heading")
    return {"type": "Container", "style": style, "bleed": True, "items": [heading]}


def _text(text: str, **look: Any) -> Element:
    return text_block(plain(text), **look)


def _block(block: Block, drawing: _Drawing) -> list[Element]:
    match block:
        case Text(text, weight):
            prefix = "⚠ " if weight is Weight.WARNING else ""
            shown = [text_block(line, **_WEIGHTS[weight]) for line in lines(prefix + text)]
            return [item if n == 0 else item | {"spacing": "None"} for n, item in enumerate(shown)]
        case Heading(text):
            return [_text(text, weight="Bolder", size="Medium", spacing="Medium")]
        case Bullets(items):
            return [text_block(bullets(items))] if items else []
        case Pairs(pairs):
            return _pairs(pairs)
        case Table():
            if block.is_wide:
                return list(_entries(block))
            drawing.wide = True
            return [_table(block)] if block.headers else []
        case Mention():
            return [text_block(_mention(block, drawing))]
        case Input():
            return elements(block, drawing.offered)
        case Folded():
            return [_folded(block, drawing)]
        case Divider():
            return []


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[Element]:
    """Facts; lines where a label is too long for their first column, or a word, as of an address, for the
    second: it would make that wider than the card."""
    fits = all(
        len(label) <= LONGEST_LABEL and max(map(len, value.split()), default=0) <= LONGEST_WORD
        for label, value in pairs
    )
    if not fits:
        return [_line(label, value) for label, value in pairs]
    facts = [
        {"title": plain(label).strip() or "–", "value": plain(value).strip() or "–"} for label, value in pairs
    ]
    return [{"type": "FactSet", "facts": facts}] if facts else []


def _line(label: str, value: str) -> Element:
    bold = f"**{plain(label).strip()}:** " if label.strip() else ""
    return text_block(f"{bold}{plain(value).strip() or '–'}", spacing="Small")


def _folded(fold: Folded, drawing: _Drawing) -> Element:
    """Opened and closed on the spot: no press comes to us, so that it works on an old card too."""
    drawing.folds += 1
    id_ = f"folded-{drawing.folds}"
    shown: Element = {"type": "Action.ToggleVisibility", "title": f"{fold.label}: show or hide"}
    hidden = [element for block in fold.blocks for element in _block(block, drawing)]
    return {
        "type": "Container",
        "items": [
            {"type": "ActionSet", "actions": [shown | {"targetElements": [id_]}]},
            {"type": "Container", "id": id_, "isVisible": False, "items": hidden},
        ],
    }


def _entries(table: Table) -> Iterator[Element]:
    for head, rest in table.entries:
        yield _text(head, weight="Bolder", spacing="Medium")
        if rest:
            yield text_block(lines_of(rest), spacing="None")


def _table(table: Table) -> Element:
    rows = [(*row, *[""] * len(table.headers))[: len(table.headers)] for row in table.rows]

    def drawn(cells: tuple[str, ...], **look: Any) -> Element:
        return {
            "type": "TableRow",
            "cells": [{"type": "TableCell", "items": [_text(cell, **look)]} for cell in cells],
        }

    widths = [min(max(map(len, column)), 40) + 4 for column in zip(table.headers, *rows, strict=True)]
    return {
        "type": "Table",
        "columns": [{"width": width} for width in widths],
        "rows": [drawn(table.headers, weight="Bolder"), *map(drawn, rows)],
        "firstRowAsHeader": True,
        "showGridLines": False,
    }


def _mention(mention: Mention, drawing: _Drawing) -> str:
    called = []
    for user, name in mention.named:
        person = drawing.people.get(user)
        if person is None:
            called.append(plain(name))
            continue
        mark = f"<at>{plain(person.name)}</at>"
        drawing.mentions[user] = {
            "type": "mention", "text": mark, "mentioned": {"id": person.id, "name": person.name},
        }  # fmt: skip
        called.append(mark)
    return " ".join(called)
