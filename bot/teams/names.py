"""Machines' ids in what is shown, said as names where they are known: people and channels in `settings`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.core.cards import Card, Form
from bot.teams.markup import plain

PERSON = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SHARED = r"19:[\w.:-]{1,300}@[\w.-]{0,39}\w"  # the ids of conversations that others are in
_ID = re.compile(rf"{PERSON.pattern}|{SHARED}", re.IGNORECASE)


def ids_in(shown: Card | Form) -> frozenset[str]:
    """The ids of people and conversations anywhere in it."""
    return frozenset(_ID.findall(str(shown)))


def in_names(drawn: Any, names: Mapping[str, str]) -> Any:
    """An Adaptive Card with names for ids where somebody reads them, and nowhere else."""
    if isinstance(drawn, list):
        return [in_names(item, names) for item in drawn]
    if not isinstance(drawn, dict):
        return drawn
    return {
        key: _said(value, names)
        if (drawn.get("type"), key) == ("TextBlock", "text")
        else [fact | {"value": _said(fact["value"], names)} for fact in value]
        if key == "facts"
        else in_names(value, names)
        for key, value in drawn.items()
    }


def _said(text: str, names: Mapping[str, str]) -> str:
    for id_, name in names.items():  # but not where it is to be typed as it is
        text = plain(name).join(re.split(rf"(?<!teams:){re.escape(plain(id_))}", text))
    return text
