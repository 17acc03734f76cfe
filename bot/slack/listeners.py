"""The bolt app: who hears what, and that every request is acknowledged whatever happens."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack import parse
from bot.slack.face import VISITOR, SlackFace
from bot.slack.parse import Malformed
from bot.slack.trouble import TROUBLE, note

Body = dict[str, Any]


def listening(face: SlackFace) -> AsyncApp:
    """An app that hears what `face` answers. Tenancy is checked here, with no call to Slack."""

    async def authorize() -> AuthorizeResult:
        mine = face.installation
        return AuthorizeResult(
            enterprise_id=mine.enterprise or None,
            team_id=mine.team,
            bot_user_id=mine.bot_user,
            bot_token="-",
        )

    quiet = logging.getLogger("irmer.slack.bolt")
    quiet.setLevel(logging.CRITICAL)  # its warnings print payloads
    app = AsyncApp(
        authorize=authorize, logger=quiet, process_before_response=True, request_verification_enabled=False,
        attaching_function_token_enabled=False, attaching_conversation_kwargs_enabled=False,
        name="irmer.slack.bolt",
    )  # fmt: skip
    for name, command in face.commands.items():
        app.command(name)(_guarded(face, command))
    app.command(re.compile(".*"))(_guarded(face, face.unknown_command))
    for callback_id, shortcut in face.shortcuts.items():
        app.shortcut(callback_id)(_guarded(face, shortcut))
    app.shortcut(re.compile(".*"))(_guarded(face, face.unknown_shortcut))
    app.action(re.compile(".*", re.DOTALL))(_guarded(face, face.action))
    app.view(re.compile(".*"))(_guarded(face, face.submission))
    for name, event in face.events.items():
        app.event(name)(_heard(face, event))
    return app


def _guarded(
    face: SlackFace, listener: Callable[[AsyncAck, Body], Awaitable[None]]
) -> Callable[[AsyncAck, Body], Awaitable[None]]:
    """A listener for people of our own workspace."""

    async def listen(ack: AsyncAck, body: Body) -> None:
        face.heard(body)
        command = "command" in body
        try:
            if not parse.is_ours(body, face.installation):
                await ack()
            elif parse.is_visitor(body, face.installation):
                await ack(text=VISITOR) if command else await ack()
            else:
                await listener(ack, body)
        except Exception as error:  # noqa: BLE001 - whatever it was, the person is told and Slack gets its 200
            note(error)
            if ack.response is None:
                told = command and not isinstance(error, Malformed)
                await ack(text=TROUBLE) if told else await ack()

    return listen


def _heard(
    face: SlackFace, listener: Callable[[Body], Awaitable[None]]
) -> Callable[[AsyncAck, Body], Awaitable[None]]:
    """A listener for an event."""

    async def listen(ack: AsyncAck, body: Body) -> None:
        face.heard(body)
        try:
            if parse.is_ours(body, face.installation):
                await listener(body)
        except Exception as error:  # noqa: BLE001 - a repeat of the event would end in the same way
            note(error)
        await ack()

    return listen
