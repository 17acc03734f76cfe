"""Inputs as Block Kit elements, and what stands in them when they come back.

A client keeps what was typed as long as an input's block keeps its id, whatever the new initial value. So
the id carries a revision: it stays where the input is as the person left it, and moves on where core says
otherwise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.cards import Input, Kind, Option
from bot.slack.text import Element, cut, plain

RADIO_BUTTONS, CHECKBOXES, SELECT = 5, 10, 100
LONGEST_TEXT = 3_000
NOTHING = "-"  # stands for the empty value, which Slack refuses


@dataclass(frozen=True)
class Shown:
    """An input as it stands in the person's client: its block's id and its value."""

    block_id: str
    value: str


def input_blocks(spec: Input, shown: Shown | None, *, in_modal: bool) -> Iterator[Element]:
    """The blocks of one input: one, or two for a day with a time; and what is wrong with it above."""
    if spec.error:
        yield from _wrong(spec, in_modal)
    block_id = _block_id(spec, shown)
    block: Element = {
        "type": "input", "block_id": block_id, "label": plain(spec.label, 2_000), "element": _element(spec),
        "optional": not spec.required,
    }  # fmt: skip
    if spec.hint:
        block["hint"] = plain(spec.hint, 2_000)
    if spec.live and spec.kind not in (Kind.TEXT, Kind.LINES):
        block["dispatch_action"] = True
    yield block
    if spec.kind is Kind.DATETIME:
        time: Element = {"type": "timepicker", "action_id": f"{spec.name}.time"}
        if found := re.fullmatch(r"[0-9-]{10}T(\d\d:\d\d).*", spec.value):
            time["initial_time"] = found[1]
        label = plain("At what time, if known? (UK time)", 2_000)
        yield {
            "type": "input",
            "block_id": f"{block_id}~t",
            "label": label,
            "element": time,
            "optional": True,
        }


def values(state: Mapping[str, Any]) -> dict[str, str]:
    """Inputs by name, from `state.values` of a view or a message; the empty string for what is left empty.

    ValueError where it is not of Slack's shape.
    """
    found: dict[str, str] = {}
    times: dict[str, str] = {}
    for name, element in _elements(state):
        if name.endswith(".time"):
            times[name.removesuffix(".time")] = str(element.get("selected_time") or "")
        else:
            found[name] = _value(element)
    for name, time in times.items():
        if time and found.get(name):
            found[name] = f"{found[name]}T{time}"
    return found


def people(state: Mapping[str, Any]) -> frozenset[str]:
    """Who was chosen in it."""
    chosen = (element.get("selected_user") for _, element in _elements(state))
    return frozenset(user for user in chosen if isinstance(user, str))


def shown(state: Mapping[str, Any]) -> dict[str, Shown]:
    """Where each input stands in the person's client, to be given back to `input_blocks`."""
    inputs = values(state)
    return {
        name: Shown(block_id, inputs[name])
        for block_id, elements in state.items()
        for name in elements
        if name in inputs
    }


def _elements(state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        for elements in state.values():
            for name, element in elements.items():
                yield str(name), dict(element)
    except (AttributeError, TypeError, ValueError):
        raise ValueError("no state of inputs") from None


def _value(element: Mapping[str, Any]) -> str:
    if "selected_options" in element:
        return ",".join(_option(option) for option in element["selected_options"] or ())
    if "selected_option" in element:
        return _option(element["selected_option"])
    for key in ("value", "selected_date", "selected_user", "selected_time"):
        if key in element:
            return str(element[key] or "")
    return ""


def _option(option: Mapping[str, Any] | None) -> str:
    value = str((option or {}).get("value", ""))
    return "" if value == NOTHING else value


def _block_id(spec: Input, shown: Shown | None) -> str:
    made_of = repr((spec.kind, spec.label, [(o.value, o.label) for o in spec.options]))
    kind = hashlib.sha256(made_of.encode()).hexdigest()[:6]
    if shown is None:
        return f"{spec.name}~{kind}~0"
    revision = shown.block_id.rsplit("~", 1)[-1]
    if shown.value == spec.value and f"~{kind}~" in shown.block_id:
        return shown.block_id
    return f"{spec.name}~{kind}~{int(revision) + 1 if revision.isdecimal() else 1}"


def _wrong(spec: Input, in_modal: bool) -> Iterator[Element]:
    text = cut(f"{spec.label} – {spec.error}", 2_000)
    if in_modal:
        yield {"type": "alert", "level": "error", "text": plain(text, 3_000)}
    else:
        yield {"type": "context", "elements": [plain(f"⚠ {text}", 2_000)]}


def _element(spec: Input) -> Element:
    match spec.kind:
        case Kind.CHOICE:
            return _choice(spec)
        case Kind.CHOICES:
            return _choices(spec)
        case Kind.DATE | Kind.DATETIME:
            element: Element = {"type": "datepicker", "action_id": spec.name}
            if _is_day(spec.value[:10]):
                element["initial_date"] = spec.value[:10]
            return element
        case Kind.USER:
            element = {"type": "users_select", "action_id": spec.name}
            if re.fullmatch(r"[UW][A-Z0-9]{2,}", spec.value):
                element["initial_user"] = spec.value
            return element
        case Kind.TEXT | Kind.LINES:
            element = {"type": "plain_text_input", "action_id": spec.name, "max_length": LONGEST_TEXT}
            if spec.kind is Kind.LINES:
                element["multiline"] = True
            if spec.value:
                element["initial_value"] = cut(spec.value, LONGEST_TEXT)
            return element


def _choice(spec: Input) -> Element:
    options = [_as_option(option) for option in spec.options[:SELECT]]
    few = len(options) <= RADIO_BUTTONS
    element: Element = {"type": "radio_buttons" if few else "static_select", "action_id": spec.name}
    element["options"] = options
    if not few:
        element["placeholder"] = plain("Choose one", 150)
    offered = {option.value for option in spec.options}
    chosen = [option for option in options if option["value"] == (spec.value or NOTHING)]
    if chosen and spec.value in offered:
        element["initial_option"] = chosen[0]
    return element


def _choices(spec: Input) -> Element:
    options = [_as_option(option) for option in spec.options[:SELECT]]
    few = len(options) <= CHECKBOXES
    element: Element = {"type": "checkboxes" if few else "multi_static_select", "action_id": spec.name}
    element["options"] = options
    ticked = set(spec.value.split(",")) if spec.value else set()
    if chosen := [option for option in options if option["value"] in ticked]:
        element["initial_options"] = chosen
    return element


def _as_option(option: Option) -> Element:
    return {"text": plain(option.label, 75), "value": option.value or NOTHING}


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
