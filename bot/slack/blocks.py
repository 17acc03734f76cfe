"""Core's cards as Block Kit.

Words go out as rich text or plain text, in which Slack reads no markup: what somebody typed comes out as
typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

from bot.core.cards import (
    Block,
    Bullets,
    Button,
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
)
from bot.slack.inputs import ShownInput, input_blocks
from bot.slack.text import PERSON, Element, cut, escape, pieces, plain, runs

T = TypeVar("T")
Surface = Literal["message", "modal", "home"]

BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
# One message's blocks hold about 13,200 characters, a view 250 KB.
CHARACTERS: Mapping[Surface, int] = {"message": 12_000, "modal": 60_000, "home": 60_000}
PAGES = 4
TABLE_CHARACTERS, TABLE_ROWS, TABLE_COLUMNS = 6_000, 100, 20
RICH_TEXT = 2_900
HEADER = 150
_SHOWN = frozenset({"text", "initial_value", "url"})
BUTTONS_A_BLOCK = 25

SYMBOLS = {Severity.PLAIN: "", Severity.SETTLED: "✔ ", Severity.WAITING: "⏳ ", Severity.ALARM: "❗ "}


def messages(card: Card) -> list[Element]:
    """`text` and `blocks` of one message, or of several where one cannot hold it all; the buttons are on the
    last."""
    body, buttons = _rendered(card, "message", {})
    pages = _pages(body, buttons, "message")
    rest = [block for page in pages[PAGES - 1 :] for block in page]
    pages = (
        [*pages[: PAGES - 1], _cut(rest, buttons, "message")]
        if rest
        else [*pages[:-1], [*pages[-1], *buttons]]
    )
    return [{"text": summary(card), "blocks": page} for page in pages]


def message(card: Card) -> Element:
    """The same where there can be one only: what is too much is cut, and says so."""
    return {"text": summary(card), "blocks": blocks(card, "message")}


def blocks(card: Card, surface: Surface, shown: Mapping[str, ShownInput] | None = None) -> list[Element]:
    body, buttons = _rendered(card, surface, shown or {})
    return _cut(body, buttons, surface)


def summary(card: Card) -> str:
    return escape(cut(SYMBOLS[card.severity] + (card.summary or card.title), 2_900)) or "–"


def form_blocks(form: Form, shown: Mapping[str, ShownInput]) -> list[Element]:
    """The inside of a modal. A heading that it begins with stands out: a modal's own title holds 24
    characters."""
    rest, head = list(form.blocks), []
    if rest and isinstance(first := rest[0], Heading) and 0 < len(first.text) <= HEADER:
        head = [{"type": "header", "text": plain(first.text, HEADER)}]
        del rest[0]
    tail = list(_actions(form.buttons, form.tenant))
    return _cut([*head, *_body(rest, "modal", shown)], tail, "modal")


def size(node: Any) -> int:
    """Characters that are shown, as Slack counts them against a message's limit."""
    if isinstance(node, dict):
        return sum(
            len(value) if isinstance(value, str) and key in _SHOWN else size(value)
            for key, value in node.items()
        )
    return sum(map(size, node)) if isinstance(node, list) else 0


def _rendered(
    card: Card, surface: Surface, shown: Mapping[str, ShownInput]
) -> tuple[list[Element], list[Element]]:
    title = SYMBOLS[card.severity] + card.title
    head: list[Element] = [{"type": "header", "text": plain(title, HEADER)}]
    if len(title) > HEADER:  # it is said once, and whole
        head = list(_rich(runs(part, bold=True) for part in pieces(title, RICH_TEXT)))
    return [*head, *_body(card.blocks, surface, shown)], list(_actions(card.buttons, card.tenant))


def _pages(
    body: list[Element], tail: list[Element], surface: Surface, *, more: int = 0
) -> list[list[Element]]:
    """Each has room for the tail, and for `more` blocks besides."""
    pages: list[list[Element]] = [[]]
    room, count = CHARACTERS[surface] - size(tail), BLOCKS[surface] - len(tail) - more
    filled = 0
    for block in body:
        length = size(block)
        if pages[-1] and (len(pages[-1]) >= count or filled + length > room):
            pages.append([])
            filled = 0
        pages[-1].append(block)
        filled += length
    return pages


def _cut(body: list[Element], tail: list[Element], surface: Surface) -> list[Element]:
    """As much as fits, and the tail."""
    first, *more = _pages(body, tail, surface, more=1)
    if not more:
        return [*first, *tail]
    missing = sum(len(page) for page in more)
    note = f"Cut here: {missing} more part{'s' * (missing > 1)} did not fit into one message."
    return [*first, {"type": "context", "elements": [plain(note, 200)]}, *tail]


def _body(parts: Iterable[Block], surface: Surface, shown: Mapping[str, ShownInput]) -> Iterator[Element]:
    tables = 0
    for part in parts:
        match part:
            case Text(text, weight):
                yield from _text(text, weight, surface)
            case Heading(text):
                yield from _rich(runs(piece, bold=True) for piece in pieces(text, RICH_TEXT))
            case Bullets(items):
                yield from _list(items)
            case Pairs(pairs):
                yield from _pairs(pairs)
            case Table():
                tables += 1
                one = surface == "message" and tables == 1 and not part.is_wide
                yield from _table(part) if one else _entries(part)
            case Mention():
                people = [element for one in part.named for element in (_gap(), _person(*one))]
                yield from _rich([people[1:]] if people else [])
            case Divider():
                yield {"type": "divider"}
            case Folded(label, folded):
                yield from _body((Heading(label), *folded), surface, shown)
            case Input():
                yield from input_blocks(part, shown.get(part.name), in_modal=surface == "modal")


def _person(user: str, name: str) -> Element:
    """Called by name where the id is none of Slack's, with which Slack would refuse the whole message."""
    known = PERSON.fullmatch(user)
    return {"type": "user", "user_id": user} if known else {"type": "text", "text": cut(name, 80) or "–"}


def _gap() -> Element:
    return {"type": "text", "text": " "}


def _text(text: str, weight: Weight, surface: Surface) -> Iterator[Element]:
    if weight is Weight.SUBTLE:
        for piece in pieces(text, 1_900):
            yield {"type": "context", "elements": [plain(piece, 2_000)]}
    elif weight is Weight.WARNING and surface == "modal":
        for piece in pieces(text, RICH_TEXT):
            yield {"type": "alert", "level": "warning", "text": plain(piece, 3_000)}
    elif weight is Weight.WARNING:
        for number, piece in enumerate(pieces(text, RICH_TEXT)):
            mark = runs("⚠ ", bold=True) if not number else []
            section = {"type": "rich_text_quote", "elements": [*mark, *runs(piece, bold=True)]}
            yield {"type": "rich_text", "elements": [section]}
    else:
        yield from _rich(runs(piece, bold=weight is Weight.STRONG) for piece in pieces(text, RICH_TEXT))


def _rich(sections: Iterable[list[Element]]) -> Iterator[Element]:
    for section in sections:
        yield {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": section}]}


def _list(items: Sequence[str]) -> Iterator[Element]:
    for group in _groups([piece for item in items for piece in pieces(item, RICH_TEXT)], len):
        entries = [{"type": "rich_text_section", "elements": runs(item)} for item in group]
        yield {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "bullet", "elements": entries}],
        }


def _pairs(pairs: Sequence[tuple[str, str]]) -> Iterator[Element]:
    lines = [(label, piece) for label, value in pairs for piece in pieces(value or "–", RICH_TEXT - 200)]
    for group in _groups(lines, lambda line: len(line[0]) + len(line[1])):
        found: list[Element] = []
        for number, (label, value) in enumerate(group):
            before = "\n" if number else ""
            found += [*runs(f"{before}{cut(label, 200)}: ", bold=True), *runs(value)]
        yield from _rich([found])


def _groups(items: Sequence[T], length: Callable[[T], int]) -> Iterator[list[T]]:
    group: list[T] = []
    for item in items:
        if group and sum(map(length, group)) + length(item) > RICH_TEXT:
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _table(table: Table) -> Iterator[Element]:
    columns = min(len(table.headers), TABLE_COLUMNS)
    rows = [_row(table.headers, columns)]
    left = TABLE_CHARACTERS
    for row in table.rows:
        cells = _row(row, columns)
        left -= sum(len(cell["text"]) for cell in cells)
        if left < 0 or len(rows) == TABLE_ROWS:
            break
        rows.append(cells)
    yield {"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True}] * columns}
    if missing := len(table.rows) - len(rows) + 1:
        yield {"type": "context", "elements": [plain(f"… and {missing} more.", 200)]}


def _row(cells: Sequence[str], columns: int) -> list[Element]:
    padded = [*cells, *[""] * columns][:columns]
    return [{"type": "raw_text", "text": cut(cell, 500) or "–"} for cell in padded]


def _entries(table: Table) -> Iterator[Element]:
    """Where there can be no table, or it would be too wide: what a row is of, and below it the rest."""
    entries = [(cut(head, 500), cut(" · ".join(rest), RICH_TEXT - 600)) for head, rest in table.entries]
    for group in _groups(entries, lambda entry: len(entry[0]) + len(entry[1]) + 2):
        found: list[Element] = []
        for number, (head, rest) in enumerate(group):
            found += runs(f"{chr(10) if number else ''}{head}", bold=True)
            found += runs(f"{chr(10)}{rest}") if rest else []
        yield from _rich([found])


def _actions(buttons: Sequence[Button], tenant: str) -> Iterator[Element]:
    for start in range(0, len(buttons), BUTTONS_A_BLOCK):
        group = buttons[start : start + BUTTONS_A_BLOCK]
        yield {
            "type": "actions",
            "elements": [_button(button, start + n, tenant) for n, button in enumerate(group)],
        }


def _button(button: Button, number: int, tenant: str) -> Element:
    """The number keeps action ids apart; `Interaction.action` takes it away again, and the tenant's mark."""
    found: Element = {
        "type": "button",
        "text": plain(button.label, 75),
        "action_id": f"{number}{'.' if tenant else ''}{tenant}:{button.action}",
    }
    if button.value:
        found["value"] = button.value
    if button.style in ("primary", "danger"):
        found["style"] = button.style
    if button.ask:
        found["confirm"] = {
            "title": plain(button.label, 100), "text": plain(button.ask, 300),
            "confirm": plain(button.label, 30), "deny": plain("Cancel", 30),
        }  # fmt: skip
    return found
