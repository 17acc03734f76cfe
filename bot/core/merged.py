"""What an organisation knew that was merged into this one is looked at under its own name: `case
northern:C26-0001`. Nothing of it is changed any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.core.actions.table import BY_WORD
from bot.core.cards import Card, Severity
from bot.core.commands import split
from bot.core.messages import Command, Reply, Said, Show
from bot.core.turn import Turn

_NAMED = re.compile(r"(?<!\S)([^\s:]{1,64}):((?:[CT]\d\d|\d{4})-\d{4,})\b", re.I)
Answer = Callable[[Turn], list[Reply]]


def looked_at(turn: Turn, answer: Answer) -> list[Reply] | None:
    """None where the words name nothing of one that was merged into this."""
    what = turn.request.what
    found = _NAMED.search(what.text) if isinstance(what, Command | Said) else None
    if found is None or not isinstance(what, Command | Said):
        return None
    name = found[1]
    if name not in turn.store.merged(turn.tenant):
        return None
    act = BY_WORD.get(split(what.text, turn.face)[0])
    if act is None or not act.looks:
        line = f"{found[0]} is of an organisation that was merged into this one"
        return [turn.refuse(f"{line}: it can be shown, and not changed", Severity.WAITING)]
    text = what.text.replace(found[0], found[2])
    there = replace(turn, request=replace(turn.request, tenant=name, what=replace(what, text=text)))
    return [_named(reply, found[2].upper(), name) for reply in answer(there)]


def _named(reply: Reply, subject: str, name: str) -> Reply:
    """Under its own name, and with nothing to press: that would be about a case of this one."""
    if not isinstance(reply, Show):
        return reply
    card: Card = replace(reply.card, buttons=(), picks=())
    title = card.title if f"{name}:" in card.title else card.title.replace(subject, f"{name}:{subject}")
    return replace(reply, card=replace(card, title=title), case="", leads_to="")
