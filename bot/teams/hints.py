"""What can be typed, as it is typed where it is shown: with the mention where others talk, and without it in
somebody's own chat. What was asked in a channel, and what reminds, may be shown there too."""

from __future__ import annotations

import re
from typing import Any

from bot.core.commands import knows
from bot.teams.inputs import Element
from bot.teams.names import PERSON

MENTION = "@IRMER"
DIRECT = f"a:|{PERSON.pattern}$"  # the ids of conversations that are somebody's own
_CALLED = re.compile(rf"{MENTION} ([a-z]+)")
_READ = frozenset({"text", "title", "label", "placeholder", "errorMessage", "fallbackText", "summary"})


def is_own(conversation: str) -> bool:
    return bool(re.match(DIRECT, conversation))


def command_in(conversation: str) -> str:
    """How one types a command there, before its words."""
    return "" if is_own(conversation) else MENTION


def as_typed_in(conversation: str, drawn: Element) -> Element:
    """A message or a card as it is shown there."""
    return dict(_without_mention(drawn)) if is_own(conversation) else drawn


def _plain(text: str) -> str:
    """A mention before anything but a command was written by somebody, and stands."""
    return _CALLED.sub(lambda hint: hint[1] if knows(hint[1]) or hint[1] == "edit" else hint[0], text)


def _without_mention(drawn: Any) -> Any:
    if isinstance(drawn, list):
        return [_without_mention(one) for one in drawn]
    if not isinstance(drawn, dict):
        return drawn
    return {
        key: _plain(value)
        if isinstance(value, str) and key in _READ
        else [{name: _plain(said) for name, said in fact.items()} for fact in value]
        if key == "facts"
        else _without_mention(value)
        for key, value in drawn.items()
    }
