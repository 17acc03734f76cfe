"""Dialogs: opened while their trigger lives, and filled once there is something to show."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable

from bot.core.cards import Card, Severity, Text
from bot.slack.parse import Asked
from bot.slack.text import Element
from bot.slack.views import NOWHERE, card_modal
from bot.slack.web import NOT_SHOWN, Failed, Unsure, Web

log = logging.getLogger("irmer.slack")

EXTERNAL = "external:"  # before the id of a dialog that only we have named
_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})
REFUSED = card_modal(
    Card(
        "Slack would not show this",
        (Text("Nothing is lost: say check in a direct message with me, and it goes on there."),),
        severity=Severity.WAITING,
    ),
    NOWHERE,
)


class Dialogs:
    """`named` puts names in the place of ids."""

    def __init__(self, web: Web, named: Callable[[Element], Awaitable[Element]]) -> None:
        self._web, self._named = web, named

    async def open(self, view: Element, asked: Asked) -> str:
        """The dialog's id; a name of our own where Slack's answer was lost: it may be open all the same."""
        name = uuid.uuid4().hex
        try:
            answer = await self._web.call(
                "views.open", trigger_id=asked.context.trigger, view={**view, "external_id": name}
            )
        except Failed as failed:
            if failed.error in _LATE:
                log.info("a dialog did not open: %(error)s", {"error": failed})
            else:
                log.warning("a dialog did not open: %(error)s", {"error": failed})
            return ""
        except Unsure:
            return EXTERNAL + name
        return str((answer.get("view") or {}).get("id") or EXTERNAL + name)

    async def fill(self, view: Element, asked: Asked) -> bool:
        """False where it was closed meanwhile, or never opened."""
        which: Element = {"view_id": asked.context.view}
        if asked.context.view.startswith(EXTERNAL):
            which = {"external_id": asked.context.view.removeprefix(EXTERNAL)}
        try:
            view = await self._named(view)
            await self._web.call("views.update", view={**view, **_external(which)}, **which)
        except Failed as failed:
            if failed.error in NOT_SHOWN:
                log.warning("a dialog could not be shown: %(error)s", {"error": failed})
                await self._web.call("views.update", view={**REFUSED, **_external(which)}, **which)
                return True
            if failed.error != "not_found":
                raise
            return False
        return True


def _external(which: Element) -> Element:
    return {name: value for name, value in which.items() if name == "external_id"}
