"""The parts that blocks are made of: text, options, buttons, inputs, with Slack's limits on each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Part = Mapping[str, Any]

# What may follow "<" in Slack's markup: a person, a channel, a special mention, a date, a link.
_TOKEN = re.compile(r"<(@[UW][A-Z0-9]+|#C[A-Z0-9]+|!date\^\d+\^[^|>]+\|[^>]+|https?://[^|>]+(\|[^>]+)?)>")
_ENTITY = re.compile(r"&(amp|lt|gt);")


class Problems:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, where: str, what: str) -> None:
        self.lines.append(f"{where}: {what}")

    def escaped(self, where: str, value: str) -> None:
        """Markup that nobody meant: a bare &, < or > of somebody's words."""
        bare = _ENTITY.sub("", _TOKEN.sub("", value))
        if set("&<>") & set(bare):
            self.add(where, f"not escaped: {value[:80]!r}")


def json_size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def keys(found: Problems, where: str, part: Part, *, required: set[str], optional: set[str]) -> None:
    if missing := required - set(part):
        found.add(where, f"lacks {', '.join(sorted(missing))}")
    if unknown := set(part) - required - optional:
        found.add(where, f"unknown {', '.join(sorted(unknown))}")


def text(found: Problems, where: str, part: Any, longest: int, *, plain: bool = False) -> None:
    if not isinstance(part, Mapping):
        found.add(where, f"wants a text object, not {part!r}")
        return
    kind, value = part.get("type"), part.get("text")
    if kind == "plain_text":
        keys(found, where, part, required={"type", "text"}, optional={"emoji"})
    elif kind == "mrkdwn" and not plain:
        keys(found, where, part, required={"type", "text"}, optional={"verbatim"})
        found.escaped(where, str(value))
    else:
        found.add(where, f"no place for {kind!r} text")
    if not isinstance(value, str) or not value:
        found.add(where, "is empty")
    elif len(value) > longest:
        found.add(where, f"{len(value)} characters, at most {longest}")


def _options(found: Problems, where: str, element: Part, most: int) -> None:
    options = element.get("options", [])
    if not 1 <= len(options) <= most:
        found.add(where, f"{len(options)} options, from 1 to {most}")
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        found.add(where, "two options with one value")
    for option in options:
        keys(found, where, option, required={"text", "value"}, optional={"description"})
        text(found, f"{where} option", option.get("text"), 75, plain=True)
        if not 1 <= len(str(option.get("value", ""))) <= 150:
            found.add(where, f"option value wants 1 to 150 characters: {option.get('value')!r}")
    initial = element.get(
        "initial_options", [element["initial_option"]] if "initial_option" in element else None
    )
    if initial is not None:
        if not initial:
            found.add(where, "initial_options is empty")
        found.lines += [
            f"{where}: initial option is none of the options" for part in initial if part not in options
        ]


def _placeholder(found: Problems, where: str, element: Part) -> None:
    if "placeholder" in element:
        text(found, f"{where}.placeholder", element["placeholder"], 150, plain=True)


def _confirm(found: Problems, where: str, part: Part) -> None:
    keys(found, where, part, required={"title", "text", "confirm", "deny"}, optional={"style"})
    for name, longest in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        text(found, f"{where}.{name}", part.get(name), longest, plain=name != "text")


def _button(found: Problems, where: str, element: Part) -> None:
    optional = {"value", "style", "confirm", "url", "accessibility_label"}
    keys(found, where, element, required={"type", "text", "action_id"}, optional=optional)
    text(found, where, element.get("text"), 75, plain=True)
    if len(element.get("value", "")) > 2000:
        found.add(where, "value of more than 2000 characters")
    if "value" in element and not element["value"]:
        found.add(where, "an empty value")
    if element.get("style", "primary") not in ("primary", "danger"):
        found.add(where, f"unknown style {element['style']!r}")
    if len(element.get("url", "")) > 3000:
        found.add(where, "url of more than 3000 characters")
    if "confirm" in element:
        _confirm(found, f"{where}.confirm", element["confirm"])


_COMMON = {"focus_on_load", "confirm"}


def _static_select(found: Problems, where: str, element: Part) -> None:
    optional = {"placeholder", "initial_option", *_COMMON}
    keys(found, where, element, required={"type", "action_id", "options"}, optional=optional)
    _placeholder(found, where, element)
    _options(found, where, element, 100)


def _multi_static_select(found: Problems, where: str, element: Part) -> None:
    optional = {"placeholder", "initial_options", "max_selected_items", *_COMMON}
    keys(found, where, element, required={"type", "action_id", "options"}, optional=optional)
    _placeholder(found, where, element)
    _options(found, where, element, 100)


def _radio_buttons(found: Problems, where: str, element: Part) -> None:
    keys(
        found,
        where,
        element,
        required={"type", "action_id", "options"},
        optional={"initial_option", *_COMMON},
    )
    _options(found, where, element, 10)


def _checkboxes(found: Problems, where: str, element: Part) -> None:
    keys(
        found,
        where,
        element,
        required={"type", "action_id", "options"},
        optional={"initial_options", *_COMMON},
    )
    _options(found, where, element, 10)


def _plain_text_input(found: Problems, where: str, element: Part) -> None:
    optional = {
        "placeholder", "initial_value", "multiline", "min_length", "max_length", "focus_on_load",
        "dispatch_action_config",
    }  # fmt: skip
    keys(found, where, element, required={"type", "action_id"}, optional=optional)
    _placeholder(found, where, element)
    longest = element.get("max_length", 3000)
    if not 1 <= longest <= 3000:
        found.add(where, "max_length from 1 to 3000")
    if len(element.get("initial_value", "")) > longest:
        found.add(where, f"initial_value has {len(element['initial_value'])} characters, at most {longest}")


def _datepicker(found: Problems, where: str, element: Part) -> None:
    optional = {"placeholder", "initial_date", *_COMMON}
    keys(found, where, element, required={"type", "action_id"}, optional=optional)
    _placeholder(found, where, element)
    if "initial_date" in element:
        try:
            if date.fromisoformat(element["initial_date"]).isoformat() != element["initial_date"]:
                raise ValueError
        except (TypeError, ValueError):
            found.add(where, f"no date: {element['initial_date']!r}")


def _timepicker(found: Problems, where: str, element: Part) -> None:
    optional = {"placeholder", "initial_time", "timezone", *_COMMON}
    keys(found, where, element, required={"type", "action_id"}, optional=optional)
    if "initial_time" in element and not re.fullmatch(
        r"([01]\d|2[0-3]):[0-5]\d", str(element["initial_time"])
    ):
        found.add(where, f"no time: {element['initial_time']!r}")


def _datetimepicker(found: Problems, where: str, element: Part) -> None:
    keys(found, where, element, required={"type", "action_id"}, optional={"initial_date_time", *_COMMON})
    moment = element.get("initial_date_time", 1_700_000_000)
    if not isinstance(moment, int) or len(str(moment)) != 10:
        found.add(where, f"no moment of 10 digits: {moment!r}")


def _users_select(found: Problems, where: str, element: Part) -> None:
    keys(
        found,
        where,
        element,
        required={"type", "action_id"},
        optional={"placeholder", "initial_user", *_COMMON},
    )
    _placeholder(found, where, element)
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", element.get("initial_user", "U00")):
        found.add(where, f"no user id: {element['initial_user']!r}")


def _multi_users_select(found: Problems, where: str, element: Part) -> None:
    optional = {"placeholder", "initial_users", "max_selected_items", *_COMMON}
    keys(found, where, element, required={"type", "action_id"}, optional=optional)
    _placeholder(found, where, element)
    users = element.get("initial_users", ["U00"])
    if not users:
        found.add(where, "initial_users is empty")
    found.lines += [
        f"{where}: no user id: {user!r}" for user in users if not re.fullmatch(r"[UW][A-Z0-9]{2,}", user)
    ]


def _conversations_select(found: Problems, where: str, element: Part) -> None:
    optional = {"placeholder", "initial_conversation", "filter", *_COMMON}
    keys(found, where, element, required={"type", "action_id"}, optional=optional)
    _placeholder(found, where, element)
    if not re.fullmatch(r"[CG][A-Z0-9]{2,}", element.get("initial_conversation", "C00")):
        found.add(where, f"no channel id: {element['initial_conversation']!r}")
    kept = element.get("filter", {"include": ["public"]})
    keys(
        found, f"{where}.filter", kept, required=set(),
        optional={"include", "exclude_bot_users", "exclude_external_shared_channels"},
    )  # fmt: skip
    if not kept or not set(kept.get("include", ["im"])) <= {"im", "mpim", "private", "public"}:
        found.add(where, f"no filter: {kept!r}")


ELEMENTS: dict[str, Callable[[Problems, str, Part], None]] = {
    "button": _button,
    "static_select": _static_select,
    "multi_static_select": _multi_static_select,
    "radio_buttons": _radio_buttons,
    "checkboxes": _checkboxes,
    "plain_text_input": _plain_text_input,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
    "users_select": _users_select,
    "multi_users_select": _multi_users_select,
    "conversations_select": _conversations_select,
}
