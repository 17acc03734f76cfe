"""What was typed into a form that was closed before it was sent: there again when the same form is opened.

It is held in the process alone, for some hours: what nobody sent is not to be found on disk.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.cards import Block, Form, Input, Text, Weight
from bot.slack.inputs import values
from bot.slack.payloads import Interaction
from bot.slack.views import FORM, Origin

KEPT = timedelta(hours=12)
# A check begun anew goes on with what was closed only just before: later it may well be another incident.
JUST_NOW = timedelta(minutes=15)
THERE = "You closed this form before it was sent. What you had typed is filled in again: look through it."
MOST = 1_000  # forms
Key = tuple[str, str, str]


class Unsent:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[datetime, dict[str, str]]] = OrderedDict()

    def closed(self, form: Interaction) -> None:
        origin = Origin.loaded(form.private_metadata)
        if form.callback_id != FORM or not origin.form:
            return
        key = (form.user, origin.form, origin.key)
        self._kept[key] = (self._clock(), dict(values(form.state)))
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def sent(self, user: str, form: str, key: str) -> None:
        self._kept.pop((user, form, key), None)

    def again(self, user: str, form: Form, *, anew: bool) -> Form:
        """The form with what this person had typed into it; what is wrong in it is left as it is shown.
        `anew`: it is a check of which nothing was said yet, under another key than before."""
        typed = self._typed(user, form, anew=anew)
        if not any(typed.values()):
            return form

        def filled(block: Block) -> Block:
            mine = isinstance(block, Input) and not block.error and block.name in typed
            return replace(block, value=typed[block.name]) if mine and isinstance(block, Input) else block

        blocks = (Text(THERE, Weight.STRONG), *map(filled, form.blocks))
        return replace(form, blocks=blocks)

    def _typed(self, user: str, form: Form, *, anew: bool) -> dict[str, str]:
        key, within = (user, form.name, form.key), KEPT
        if key not in self._kept and anew:
            same = [one for one in self._kept if one[:2] == (user, form.name)]
            key, within = (same[-1], JUST_NOW) if same else (key, KEPT)
        at, typed = self._kept.get(key, (None, {}))
        return typed if at is not None and self._clock() - at <= within else {}
