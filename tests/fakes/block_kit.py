"""Slack's limits on messages and views, as far as they are documented or have been measured.

`message_problems` and `view_problems` list in words what Slack would refuse; nothing found is an empty list.
What is not known here is a problem too: a block, an element or a key that no face of ours uses has not been
thought about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.block_kit_elements import ELEMENTS, Problems, json_size, keys, text

Block = Mapping[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS = 13_200  # measured, not documented
TABLE_CHARACTERS = 10_000
MARKDOWN_CHARACTERS = 12_000
VIEW_BYTES = 250_000
IN_INPUTS = frozenset(
    {
        "plain_text_input", "static_select", "multi_static_select", "radio_buttons", "checkboxes",
        "datepicker",
        "timepicker", "datetimepicker", "users_select", "multi_users_select", "conversations_select",
    }
)  # fmt: skip
IN_ACTIONS = frozenset(
    {"button", "static_select", "radio_buttons", "checkboxes", "datepicker", "users_select"}
)


def refusal_of(problems: Sequence[str]) -> str:
    """Slack's word for it."""
    if any("characters in all blocks" in problem for problem in problems):
        return "msg_blocks_too_long"
    return (
        "msg_too_long" if any(problem.startswith("text: has") for problem in problems) else "invalid_blocks"
    )


def message_problems(message: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse of a message's `text`, `blocks` and `metadata`."""
    found = Problems()
    blocks = message.get("blocks") or []
    fallback = message.get("text", "")
    if not fallback:
        found.add("text", "is empty: notifications and screen readers have nothing to show")
    if len(fallback) > 40_000:
        found.add("text", f"has {len(fallback)} characters, at most 40000")
    found.escaped("text", fallback)
    _blocks(found, blocks, "message")
    if len(blocks) > MESSAGE_BLOCKS:
        found.add("blocks", f"{len(blocks)} blocks, at most {MESSAGE_BLOCKS}")
    if (size := sum(len(part) for part in texts(blocks))) > MESSAGE_CHARACTERS:
        found.add("blocks", f"{size} characters in all blocks, at most {MESSAGE_CHARACTERS}")
    metadata = message.get("metadata")
    if metadata is not None and not (
        metadata.get("event_type") and isinstance(metadata.get("event_payload"), dict)
    ):
        found.add("metadata", "wants event_type and event_payload")
    return found.lines


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse of a modal or a Home tab."""
    found = Problems()
    kind = view.get("type")
    if kind not in ("modal", "home"):
        found.add("view", f"unknown type {kind!r}")
        return found.lines
    common = {"type", "blocks", "callback_id", "private_metadata", "external_id"}
    modal = {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
    keys(
        found,
        "view",
        view,
        required={"type", "blocks"},
        optional=(common | modal) if kind == "modal" else common,
    )
    blocks = view.get("blocks") or []
    _blocks(found, blocks, str(kind))
    if not 1 <= len(blocks) <= VIEW_BLOCKS:
        found.add("view", f"{len(blocks)} blocks, from 1 to {VIEW_BLOCKS}")
    if kind == "modal":
        for part in ("title", "submit", "close"):
            if part in view or part == "title":
                text(found, f"view.{part}", view.get(part), 24, plain=True)
        if any(block.get("type") == "input" for block in blocks) and "submit" not in view:
            found.add("view", "has inputs and no submit")
    if len(view.get("private_metadata", "")) > 3000:
        found.add("view.private_metadata", "more than 3000 characters")
    if len(view.get("callback_id", "")) > 255:
        found.add("view.callback_id", "more than 255 characters")
    if json_size(view) > VIEW_BYTES:
        found.add("view", f"more than {VIEW_BYTES} bytes")
    return found.lines


def texts(node: Any) -> Iterator[str]:
    """Every piece of text that is shown."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in ("text", "initial_value") and isinstance(value, str):
                yield value
            elif key not in ("private_metadata", "metadata"):
                yield from texts(value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for value in node:
            yield from texts(value)


def _blocks(found: Problems, blocks: Sequence[Block], surface: str) -> None:
    ids: set[str] = set()
    for number, block in enumerate(blocks):
        kind = block.get("type")
        where = f"blocks[{number}] {kind}"
        check = _CHECKS.get(str(kind))
        if check is None:
            found.add(where, "unknown block")
            continue
        if surface not in _SURFACES.get(str(kind), ("message", "modal", "home")):
            found.add(where, f"not allowed in a {surface}")
        block_id = block.get("block_id")
        if block_id is not None:
            if not 1 <= len(block_id) <= 255:
                found.add(where, "block_id wants 1 to 255 characters")
            if block_id in ids:
                found.add(where, f"block_id {block_id} stands twice")
            ids.add(block_id)
        check(found, where, block)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        found.add("blocks", "more than one table")
    if (
        sum(len(str(block.get("text"))) for block in blocks if block.get("type") == "markdown")
        > MARKDOWN_CHARACTERS
    ):
        found.add("blocks", f"more than {MARKDOWN_CHARACTERS} characters of markdown")
    if sum(_focused(block) for block in blocks) > 1:
        found.add("blocks", "more than one element asks for the focus")


def _focused(block: Block) -> bool:
    return bool(block.get("element", {}).get("focus_on_load"))


def _section(found: Problems, where: str, block: Block) -> None:
    keys(
        found, where, block, required={"type"}, optional={"text", "fields", "block_id", "accessory", "expand"}
    )
    if "text" not in block and "fields" not in block:
        found.add(where, "wants text or fields")
    if "text" in block:
        text(found, f"{where}.text", block["text"], 3000)
    if "fields" in block:
        if not 1 <= len(block["fields"]) <= 10:
            found.add(where, f"{len(block['fields'])} fields, from 1 to 10")
        for part in block["fields"]:
            text(found, f"{where}.fields", part, 2000)
    if "accessory" in block:
        _element(found, f"{where}.accessory", block["accessory"], IN_ACTIONS)


def _header(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type", "text"}, optional={"block_id"})
    text(found, where, block.get("text"), 150, plain=True)


def _context(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type", "elements"}, optional={"block_id"})
    if not 1 <= len(block.get("elements", [])) <= 10:
        found.add(where, f"{len(block.get('elements', []))} elements, from 1 to 10")
    for part in block.get("elements", []):
        text(found, where, part, 2000)


def _divider(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type"}, optional={"block_id"})


def _actions(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type", "elements"}, optional={"block_id"})
    elements = block.get("elements", [])
    if not 1 <= len(elements) <= 25:
        found.add(where, f"{len(elements)} elements, from 1 to 25")
    ids = [element.get("action_id") for element in elements]
    if len(set(ids)) != len(ids):
        found.add(where, "an action_id stands twice")
    for element in elements:
        _element(found, where, element, IN_ACTIONS)


def _input(found: Problems, where: str, block: Block) -> None:
    optional = {"hint", "block_id", "optional", "dispatch_action"}
    keys(found, where, block, required={"type", "label", "element"}, optional=optional)
    text(found, f"{where}.label", block.get("label"), 2000, plain=True)
    if "hint" in block:
        text(found, f"{where}.hint", block["hint"], 2000, plain=True)
    _element(found, where, block.get("element", {}), IN_INPUTS)


def _element(found: Problems, where: str, element: Mapping[str, Any], allowed: frozenset[str]) -> None:
    kind = element.get("type")
    check = ELEMENTS.get(str(kind))
    if check is None or kind not in allowed:
        found.add(where, f"no place for an element {kind!r}")
        return
    if not 1 <= len(element.get("action_id", "x")) <= 255:
        found.add(where, "action_id wants 1 to 255 characters")
    check(found, f"{where}.{kind}", element)


_STYLES = {"bold", "italic", "strike", "code"}


def _rich_text(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type", "elements"}, optional={"block_id"})
    if not block.get("elements"):
        found.add(where, "is empty")
    for part in block.get("elements", []):
        if part.get("type") == "rich_text_list":
            keys(
                found,
                where,
                part,
                required={"type", "elements", "style"},
                optional={"indent", "border", "offset"},
            )
            if part.get("style") not in ("bullet", "ordered") or not part.get("elements"):
                found.add(where, "a list wants a style and elements")
            for item in part.get("elements", []):
                _rich_section(found, where, item, {"rich_text_section"})
        else:
            _rich_section(
                found, where, part, {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}
            )


def _rich_section(found: Problems, where: str, part: Mapping[str, Any], allowed: set[str]) -> None:
    if part.get("type") not in allowed:
        found.add(where, f"no place for {part.get('type')!r}")
        return
    keys(found, where, part, required={"type", "elements"}, optional={"border"})
    if not part.get("elements"):
        found.add(where, f"an empty {part['type']}")
    for run in part.get("elements", []):
        kind = run.get("type")
        if kind == "text":
            keys(found, where, run, required={"type", "text"}, optional={"style"})
            if not run.get("text"):
                found.add(where, "an empty text")
            if set(run.get("style", {})) - _STYLES:
                found.add(where, f"unknown style {run['style']}")
        elif kind == "user":
            keys(found, where, run, required={"type", "user_id"}, optional={"style"})
            if not re.fullmatch(r"[UW][A-Z0-9]{2,}", str(run.get("user_id"))):
                found.add(where, f"no user id: {run.get('user_id')!r}")
        elif kind == "channel":
            keys(found, where, run, required={"type", "channel_id"}, optional={"style"})
            if not re.fullmatch(r"[CG][A-Z0-9]{2,}", str(run.get("channel_id"))):
                found.add(where, f"no channel id: {run.get('channel_id')!r}")
        elif kind == "link":
            keys(found, where, run, required={"type", "url"}, optional={"text", "style"})
            if not str(run.get("url")).startswith("https://"):
                found.add(where, f"no https link: {run.get('url')!r}")
        else:
            found.add(where, f"unknown rich text element {kind!r}")


def _table(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type", "rows"}, optional={"block_id", "column_settings"})
    rows = block.get("rows", [])
    if not 1 <= len(rows) <= 100:
        found.add(where, f"{len(rows)} rows, from 1 to 100")
    widths = {len(row) for row in rows}
    if len(widths) > 1 or not all(1 <= width <= 20 for width in widths):
        found.add(where, f"rows of {sorted(widths)} cells, from 1 to 20 and all alike")
    if len(block.get("column_settings", [])) > 20:
        found.add(where, "more than 20 column settings")
    for cell in (cell for row in rows for cell in row):
        keys(found, where, cell, required={"type", "text"}, optional=set())
        if cell.get("type") != "raw_text" or not cell.get("text"):
            found.add(where, f"no cell: {cell!r}")
    if sum(len(part) for part in texts(rows)) > TABLE_CHARACTERS:
        found.add(where, f"more than {TABLE_CHARACTERS} characters")


def _markdown(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type", "text"}, optional={"block_id"})


def _alert(found: Problems, where: str, block: Block) -> None:
    keys(found, where, block, required={"type", "text"}, optional={"block_id", "level"})
    text(found, where, block.get("text"), 3000)
    if block.get("level", "default") not in ("default", "info", "warning", "error", "success"):
        found.add(where, f"unknown level {block['level']!r}")


_CHECKS: dict[str, Callable[[Problems, str, Block], None]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "divider": _divider,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "table": _table,
    "markdown": _markdown,
    "alert": _alert,
}
_SURFACES = {"table": ("message",), "markdown": ("message",), "alert": ("modal",)}
