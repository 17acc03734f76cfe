"""Inputs as Block Kit elements, and what stands in them when they come back.

A client keeps what was typed as long as an input's block keeps its id, whatever the new initial value. So
the id carries a revision: it stays where the input is as the person left it, and moves on where core says
otherwise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pydantic import Field

from bot.core.cards import Input, InputKind, Option
from bot.incoming import Incoming, Text
from bot.slack.text import CHANNEL, PERSON, Element, cut, plain

RADIO_BUTTONS, CHECKBOXES, SELECT = 5, 10, 100
LONGEST_TEXT = 3_000
NOTHING = "-"  # stands for the empty value, which Slack refuses
# What stood between the parts of a text that one field could not hold: it is in the name of the later part.
WORD, LINE, NOTHING_BETWEEN = ".word", ".line", ".part"
BETWEEN = {WORD: " ", LINE: "\n", NOTHING_BETWEEN: ""}
_CONTINUED = re.compile(r"(?P<name>.+)(?P<joined>\.(?:word|line|part))(?P<number>\d{1,3})", re.DOTALL)
LABEL = 75  # characters of an option's label, and of its description


class _Option(Incoming):
    value: Text = ""


class InputState(Incoming):
    """What stands in an input: which of these it has follows from its kind."""

    value: Text = ""
    day: Text = Field("", alias="selected_date")
    time: Text = Field("", alias="selected_time")
    user: Text = Field("", alias="selected_user")
    users: list[str] | None = Field(None, alias="selected_users")
    channel: Text = Field("", alias="selected_conversation")
    option: _Option | None = Field(None, alias="selected_option")
    options: list[_Option] | None = Field(None, alias="selected_options")

    @property
    def text(self) -> str:
        chosen = [*(self.options or []), *([self.option] if self.option else [])]
        picked = [one.value for one in chosen if one.value != NOTHING] or self.users or []
        return ",".join(picked) or self.value or self.day or self.time or self.user or self.channel


State = dict[str, dict[str, InputState]]  # by block, then by name


@dataclass(frozen=True)
class ShownInput:
    """An input as it stands in the person's client: its (first) block's id and its value; `whole` where that
    stands in one field."""

    block_id: str
    value: str
    whole: bool = True


class _Field(NamedTuple):
    """A part of a text, and how it goes on from the one before it."""

    joined: str
    text: str


def input_blocks(spec: Input, shown: ShownInput | None, *, in_modal: bool) -> Iterator[Element]:
    """The blocks of one input, and what is wrong with it above: one block, or two for a day with a time, or
    as many as a text needs that is longer than a field holds."""
    if spec.error:
        yield from _wrong(spec, in_modal)
    first, *more = _fields(spec.value) if _is_typed(spec) else [_Field("", spec.value)]
    block_id = _block_id(spec, shown, whole=not more)
    block: Element = {
        "type": "input", "block_id": block_id, "label": plain(spec.label, 2_000),
        "element": _element(spec, first.text), "optional": not spec.required,
    }  # fmt: skip
    if spec.hint:
        block["hint"] = plain(spec.hint, 2_000)
    if spec.live and spec.kind not in (InputKind.TEXT, InputKind.LINES):
        block["dispatch_action"] = True
    yield block
    for number, field in enumerate(more, 2):
        element = {**_element(spec, field.text), "action_id": f"{spec.name}{field.joined}{number}"}
        label = plain(f"{cut(spec.label, 1_900)} (continued, {number} of {len(more) + 1})", 2_000)
        yield {
            "type": "input", "block_id": f"{block_id}~{number}", "label": label, "element": element,
            "optional": True,
        }  # fmt: skip
    if spec.kind is InputKind.DATETIME:
        time: Element = {"type": "timepicker", "action_id": f"{spec.name}.time"}
        if found := re.fullmatch(r"(?:[0-9-]{10})?T(\d\d:\d\d).*", spec.value):
            time["initial_time"] = found[1]
        label = plain("At what time, if known? (UK time)", 2_000)
        yield {
            "type": "input",
            "block_id": f"{block_id}~t",
            "label": label,
            "element": time,
            "optional": True,
        }


def _fields(text: str) -> list[_Field]:
    """A text in as many fields as it needs."""
    found, joined = [], ""
    while len(text) > LONGEST_TEXT:
        head = text[:LONGEST_TEXT]
        at = max(head.rfind("\n"), head.rfind(" "))
        at = at if at > LONGEST_TEXT // 2 else LONGEST_TEXT
        found.append(_Field(joined, text[:at]))
        joined = {"\n": LINE, " ": WORD}.get(text[at], NOTHING_BETWEEN)
        text = text[at:] if joined == NOTHING_BETWEEN else text[at + 1 :]
    return [*found, _Field(joined, text)]


def values(state: State) -> dict[str, str]:
    """Inputs by name, from the state of a view or a message; the empty string for what is left empty."""
    found = {name: one.text for elements in state.values() for name, one in elements.items()}
    for name in [name for name in found if name.endswith(".time")]:
        time, day = found.pop(name), name.removesuffix(".time")
        if time:  # without its day it is for whoever reads it to refuse
            found[day] = f"{found.get(day, '')}T{time}"
    parts = [match for name in found if (match := _CONTINUED.fullmatch(name))]
    for part in sorted(parts, key=lambda part: int(part["number"])):
        if more := found.pop(part[0]):
            found[part["name"]] = f"{found.get(part['name'], '')}{BETWEEN[part['joined']]}{more}"
    return found


def people(state: State) -> frozenset[str]:
    """Who was chosen in it."""
    inputs = [one for elements in state.values() for one in elements.values()]
    return frozenset(user for one in inputs for user in (one.user, *(one.users or ())) if user)


def shown(state: State) -> dict[str, ShownInput]:
    """Where each input stands in the person's client, to be given back to `input_blocks`."""
    inputs = values(state)
    names = [name for elements in state.values() for name in elements]
    parted = {match["name"] for name in names if (match := _CONTINUED.fullmatch(name))}
    return {
        name: ShownInput(block_id, inputs[name], name not in parted)
        for block_id, elements in state.items()
        for name in elements
        if name in inputs
    }


def _block_id(spec: Input, shown: ShownInput | None, *, whole: bool) -> str:
    made_of = repr((spec.kind, spec.label, [(o.value, o.label) for o in spec.options]))
    kind = hashlib.sha256(made_of.encode()).hexdigest()[:6]
    if shown is None:
        return f"{spec.name}~{kind}~0"
    revision = shown.block_id.rsplit("~", 1)[-1]
    if whole and shown.whole and shown.value == spec.value and f"~{kind}~" in shown.block_id:
        return shown.block_id
    return f"{spec.name}~{kind}~{int(revision) + 1 if revision.isdecimal() else 1}"


def _wrong(spec: Input, in_modal: bool) -> Iterator[Element]:
    text = cut(f"{spec.label} – {spec.error}", 2_000)
    if in_modal:
        yield {"type": "alert", "level": "error", "text": plain(text, 3_000)}
    else:
        yield {"type": "context", "elements": [plain(f"⚠ {text}", 2_000)]}


def _element(spec: Input, value: str) -> Element:
    match spec.kind:
        case InputKind.CHOICE:
            return _choice(spec)
        case InputKind.CHOICES:
            return _choices(spec)
        case InputKind.DATE | InputKind.DATETIME:
            element: Element = {"type": "datepicker", "action_id": spec.name}
            if _is_day(spec.value[:10]):
                element["initial_date"] = spec.value[:10]
            return element
        case InputKind.USER:
            element = {"type": "users_select", "action_id": spec.name}
            if PERSON.fullmatch(spec.value):
                element["initial_user"] = spec.value
            return element
        case InputKind.USERS if not _is_typed(spec):
            element = {"type": "multi_users_select", "action_id": spec.name}
            if ids := _ids(spec):
                element["initial_users"] = ids
            return element
        case InputKind.CHANNEL if not _is_typed(spec):
            shown = {"include": ["public", "private"], "exclude_bot_users": True}
            element = {"type": "conversations_select", "action_id": spec.name, "filter": shown}
            if spec.value:
                element["initial_conversation"] = spec.value
            return element
        case InputKind.TEXT | InputKind.LINES | InputKind.USERS | InputKind.CHANNEL:
            element = {"type": "plain_text_input", "action_id": spec.name, "max_length": LONGEST_TEXT}
            if spec.kind is InputKind.LINES:
                element["multiline"] = True
            if value:
                element["initial_value"] = value
            return element


def _is_typed(spec: Input) -> bool:
    """A text; and people or a channel that Slack's pickers cannot show, as of another platform."""
    match spec.kind:
        case InputKind.USERS:
            return not all(map(PERSON.fullmatch, _ids(spec)))
        case InputKind.CHANNEL:
            return bool(spec.value) and not CHANNEL.fullmatch(spec.value)
        case kind:
            return kind in (InputKind.TEXT, InputKind.LINES)


def _ids(spec: Input) -> list[str]:
    return [one.strip() for one in spec.value.split(",") if one.strip()]


def _choice(spec: Input) -> Element:
    options = [as_option(option) for option in spec.options[:SELECT]]
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
    options = [as_option(option) for option in spec.options[:SELECT]]
    few = len(options) <= CHECKBOXES
    element: Element = {"type": "checkboxes" if few else "multi_static_select", "action_id": spec.name}
    element["options"] = options
    ticked = set(spec.value.split(",")) if spec.value else set()
    if chosen := [option for option in options if option["value"] in ticked]:
        element["initial_options"] = chosen
    return element


def as_option(option: Option) -> Element:
    """A label that is longer than an option holds goes on in its description."""
    head, parted, tail = option.label.partition("; ")
    value = {"value": option.value or NOTHING}
    if len(option.label) <= LABEL or not parted:
        return {"text": plain(option.label, LABEL), **value}
    return {"text": plain(head, LABEL), "description": plain(tail, LABEL), **value}


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
