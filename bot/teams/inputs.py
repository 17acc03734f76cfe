"""A form's inputs as Adaptive Card elements, and what comes back as the values that the conversation knows.

A date-time is two elements, a date and a time; `values` puts them together again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.cards import Input, InputKind
from bot.core.refused import LONGEST_TEXT
from bot.teams.markup import plain, shorten, text_block
from bot.teams.names import PERSON

TIME = "~time"  # added to the id of the date
NAMELESS = "Somebody whose name Teams does not give"
AS_SET, NOT_SET, NONE = "The channel that is set now", "None", "none"
FEW = 5  # so many choices are shown at once, more in a drop-down list
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"\d{2}:\d{2}")

Element = dict[str, Any]


@dataclass(frozen=True)
class Offered:
    """What a card's inputs let somebody choose from, names by ids: people who are known already, and
    channels. `alone`: in a chat with the bot alone, where Teams searches the whole organisation; elsewhere it
    is those who are there."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False


NOTHING_OFFERED = Offered()


def elements(item: Input, offered: Offered) -> list[Element]:
    """The input, what is wrong with it, and the hint."""
    shown = [_element(item, offered)]
    if item.kind is InputKind.DATETIME:
        shown.append({"type": "Input.Time", "id": item.name + TIME, "label": "Time (UK)", "spacing": "Small"})
        if clock := _CLOCK.search(item.value.partition("T")[2]):
            shown[-1]["value"] = clock[0]
    if item.error.strip():
        shown.append(_note(f"⚠ {item.error}", color="Attention", weight="Bolder"))
    if item.hint.strip():
        shown.append(_note(item.hint, isSubtle=True))
    return shown


def _note(text: str, **look: Any) -> Element:
    return text_block(plain(text), **{"spacing": "Small", "size": "Small", **look})


def _element(item: Input, offered: Offered) -> Element:
    element: Element = {"id": item.name, "label": item.label, "spacing": "Medium"}
    if item.required:
        element |= {"isRequired": True, "errorMessage": f"{shorten(item.label, 120)} This is needed."}
    match item.kind:
        case InputKind.CHOICE | InputKind.CHOICES:
            return element | _choices(item)
        case InputKind.USER:
            return element | _people(item, offered)
        case InputKind.USERS if all(map(PERSON.fullmatch, filter(None, item.value.split(",")))):
            return element | _people(item, offered) | {"isMultiSelect": True}
        case InputKind.CHANNEL if offered.channels:
            return element | _channels(item, offered)
        case InputKind.DATE | InputKind.DATETIME:
            day = _DATE.match(item.value)
            return element | {"type": "Input.Date"} | ({"value": day[0]} if day else {})
        case InputKind.TEXT | InputKind.LINES | InputKind.USERS | InputKind.CHANNEL:
            several = {"isMultiline": True} if item.kind is InputKind.LINES else {}
            value = {"value": item.value} if item.value else {}
            return element | {"type": "Input.Text", "maxLength": LONGEST_TEXT} | several | value


def _choices(item: Input) -> Element:
    offered = {option.value for option in item.options}
    several = item.kind is InputKind.CHOICES
    chosen = [v for v in (item.value.split(",") if several else [item.value]) if v in offered]
    compact = len(item.options) > FEW and not several
    return {
        "type": "Input.ChoiceSet",
        "style": "compact" if compact else "expanded",
        "wrap": True,
        "choices": [{"title": option.label, "value": option.value} for option in item.options],
        **({"isMultiSelect": True} if several else {}),
        **({"placeholder": "Choose one"} if compact else {}),
        **({"value": ",".join(chosen)} if chosen else {}),
    }


def _people(item: Input, offered: Offered) -> Element:
    """Those already known can be chosen at once; others by typing a name. What comes back are the directory's
    ids of those who were picked: what was typed and not picked does not."""
    chosen = [user for user in item.value.split(",") if user]
    known = dict(offered.people) | {user: NAMELESS for user in chosen if user not in offered.people}
    where = "" if offered.alone else "?scope=currentContext"
    return {
        "type": "Input.ChoiceSet",
        "style": "compact",
        "wrap": True,
        "placeholder": "Type a name",
        "choices": [{"title": name, "value": user} for user, name in known.items()],
        "choices.data": {"type": "Data.Query", "dataset": f"graph.microsoft.com/users{where}"},
        **({"value": item.value} if item.value else {}),
    }


def _channels(item: Input, offered: Offered) -> Element:
    """Teams has no picker of channels: those that the bot can write to, and none."""
    chosen = item.value or NONE
    channels = {NONE: NOT_SET, **offered.channels}
    channels.setdefault(chosen, AS_SET)
    choices = [(name, id_) for id_, name in channels.items()]
    return {
        "type": "Input.ChoiceSet",
        "style": "compact",
        "wrap": True,
        "placeholder": "Choose one",
        "choices": [{"title": title, "value": value} for title, value in choices],
        "value": chosen,
    }


def values(data: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by the input's name. It comes from outside: anything but text is left out."""
    given = {
        str(name): value.strip()
        for name, value in data.items()
        if isinstance(value, str) and len(str(name)) <= 200
    }
    for name, value in given.items():
        if all(PERSON.fullmatch(one.strip()) for one in value.split(",")):
            given[name] = ",".join(one.strip().lower() for one in value.split(","))
    for name in [name for name in given if name.endswith(TIME)]:
        clock, day = given.pop(name), name.removesuffix(TIME)
        if clock:  # without its day it is for whoever reads it to refuse
            given[day] = f"{given.get(day, '')}T{clock}"
    return given
