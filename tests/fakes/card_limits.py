"""What Teams refuses, cuts off or leaves unreadable in an Adaptive Card, in plain words.

`complaints` looks at the limits, always. `schema_complaints` holds a card against the published schema, where
a copy of it is at hand: the file that ADAPTIVE_CARD_SCHEMA names, or schema/adaptive-card-1.5.0.json in a
directory `shared` beside the checkout.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

MAX_BYTES = 25 * 1024
MAX_ACTIONS = 6
MAX_MENTIONS = 20
MAX_TITLE = 80  # longer button labels are cut on a phone
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")
REFUSED = {
    "Action.Submit": "answers cannot replace the card: use Action.Execute",
    "Action.OpenUrlDialog": "is not in version 1.5",
    "Media": "is not shown on every client",
    "Data.Query": "belongs in `choices.data` alone",
}
ICONS = "https://"


def walk(node: Any, path: str = "card") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a card, with the path to it."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            if key != "data":  # a button's payload is not drawn
                yield from walk(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from walk(item, f"{path}[{index}]")


def size(card: Mapping[str, Any]) -> int:
    """Bytes of the card as JSON, as it goes over the wire."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())


def complaints(card: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    if card.get("type") != "AdaptiveCard":
        found.append("card: the type is not AdaptiveCard")
    if card.get("version") not in VERSIONS:
        found.append(f"card: version {card.get('version')!r} is above 1.5 or missing")
    if size(card) > MAX_BYTES:
        found.append(f"card: {size(card)} bytes are more than {MAX_BYTES}")
    if not str(card.get("fallbackText", "")).strip():
        found.append("card: no fallbackText for clients that cannot draw it")
    if not card.get("body"):
        found.append("card: no body")
    names = Counter(node["id"] for _, node in walk(card) if node.get("id"))
    found += [f"card: the id {name!r} is used {count} times" for name, count in names.items() if count > 1]
    for path, node in walk(card):
        if node.get("type") == "Action.ToggleVisibility":
            aimed = node.get("targetElements") or ["nothing"]
            found += [f"{path}: it shows {one!r}, which is not there" for one in aimed if one not in names]
        found += [f"{path}: {text}" for text in _node(node)]
    return found + _mentions(card)


def _node(node: dict[str, Any]) -> Iterator[str]:
    kind = node.get("type", "")
    if kind in REFUSED and not (kind == "Data.Query" and "dataset" in node):
        yield f"{kind} {REFUSED[kind]}"
    if "actions" in node and len(node["actions"]) > MAX_ACTIONS:
        yield f"{len(node['actions'])} actions are more than {MAX_ACTIONS}"
    if kind == "TextBlock":
        if node.get("wrap") is not True:
            yield "text without wrap is cut off"
        if not str(node.get("text", "")).strip():
            yield "empty text"
    if kind == "Action.Execute":
        if not node.get("verb"):
            yield "an Execute without a verb"
        if not isinstance(node.get("data", {}), dict):
            yield "an Execute whose data is no object loses the inputs"
    if str(kind).startswith("Action."):
        if not str(node.get("title", "")).strip():
            yield "a button without a title"
        if len(node.get("title", "")) > MAX_TITLE:
            yield f"a title of {len(node['title'])} characters is cut"
        if "iconUrl" in node and not node["iconUrl"].startswith(ICONS):
            yield "an icon without https"
    if str(kind).startswith("Input."):
        yield from _input(node)
    if kind == "FactSet":
        for fact in node.get("facts", []):
            if not str(fact.get("title", "")).strip() or not str(fact.get("value", "")).strip():
                yield "a fact without a title or a value"
    if kind == "Table":
        widths = {len(row.get("cells", [])) for row in node.get("rows", [])}
        if widths != {len(node.get("columns", []))}:
            yield f"a table of {len(node.get('columns', []))} columns has rows of {sorted(widths)}"


def _input(node: dict[str, Any]) -> Iterator[str]:
    if not node.get("id"):
        yield "an input without an id"
    if not str(node.get("label", "")).strip():
        yield "an input without a label"
    if node.get("isRequired") and not str(node.get("errorMessage", "")).strip():
        yield "a required input without an error message"
    if node["type"] == "Input.ChoiceSet":
        if node.get("wrap") is not True:
            yield "choices without wrap are cut off"
        if not node.get("choices") and "choices.data" not in node:
            yield "a choice of nothing"
        offered = [choice.get("value") for choice in node.get("choices", [])]
        if len(set(offered)) != len(offered):
            yield "two choices with one value"
        if any("," in str(value) for value in offered) and node.get("isMultiSelect"):
            yield "a value with a comma among several choices"
        chosen = [value for value in str(node.get("value", "")).split(",") if value]
        if "choices.data" not in node and not set(chosen) <= set(offered):
            yield f"the value {node.get('value')!r} is not offered"


def _mentions(card: Mapping[str, Any]) -> list[str]:
    entities = (card.get("msteams") or {}).get("entities", [])
    found = []
    if len(entities) > MAX_MENTIONS:
        found.append(f"msteams: {len(entities)} mentions are more than {MAX_MENTIONS}")
    texts = [str(node.get("text", "")) for _, node in walk(card.get("body", []))]
    for entity in entities:
        if not any(entity.get("text", "?") in text for text in texts):
            found.append(f"msteams: the mention {entity.get('text')!r} is not in the text")
        if not (entity.get("mentioned") or {}).get("id"):
            found.append("msteams: a mention of nobody")
    named = {entity.get("text") for entity in entities}
    found += [
        f"msteams: {mark!r} in the text names nobody"
        for text in texts
        for mark in re.findall(r"<at>.*?</at>", text)
        if mark not in named
    ]
    return found


@cache
def schema_file() -> Path | None:
    named = os.environ.get("ADAPTIVE_CARD_SCHEMA")
    beside = Path(__file__).parents[3] / "shared" / "schema" / "adaptive-card-1.5.0.json"
    for path in ([Path(named)] if named else []) + [beside]:
        if path.is_file():
            return path
    return None


@cache
def _validators() -> tuple[Any, Any]:
    """One that says quickly whether a card fits, and one that says well where it does not: twelve
    microseconds and twenty-eight milliseconds a card, and nearly all of thousands fit."""
    import jsonschema_rs
    from jsonschema import validators

    path = schema_file()
    assert path is not None
    schema = json.loads(path.read_text(encoding="utf-8-sig"))
    return jsonschema_rs.validator_for(schema), validators.validator_for(schema)(schema)


def schema_complaints(card: Mapping[str, Any]) -> list[str]:
    """Empty where the card fits, or where there is no schema (`schema_file()` tells)."""
    if schema_file() is None:
        return []
    quick, thorough = _validators()
    if quick.is_valid(plain := _without_extensions(card)):
        return []
    return [
        f"schema: {'/'.join(map(str, leaf.absolute_path))}: {leaf.message[:160]}"
        for error in thorough.iter_errors(plain)
        for leaf in _leaves(error)
    ] or ["schema: it does not fit, and the other validator does not say where"]


def _without_extensions(node: Any) -> Any:
    """The card without what Teams adds to the schema: its own object at the root, and the people picker."""
    if isinstance(node, dict):
        return {k: _without_extensions(v) for k, v in node.items() if k not in ("msteams", "choices.data")}
    if isinstance(node, list):
        return [_without_extensions(item) for item in node]
    return node


def _leaves(error: Any) -> Iterator[Any]:
    """The schema is a tree of alternatives: follow the one that names the element's own type."""
    if not error.context:
        yield error
        return
    branches: dict[Any, list[Any]] = {}
    for sub in error.context:
        branches.setdefault(sub.schema_path[0], []).append(sub)

    def about_type(sub: Any) -> bool:
        return bool(sub.absolute_path) and sub.absolute_path[-1] == "type"

    own = [subs for subs in branches.values() if not any(map(about_type, subs))]
    deepest = max(branches.values(), key=lambda subs: max(len(sub.absolute_path) for sub in subs))
    for sub in (own or [deepest])[0]:
        yield from _leaves(sub)
