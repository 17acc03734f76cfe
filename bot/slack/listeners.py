"""The bolt app: who hears what, and that every request is acknowledged whatever happens."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.trouble import note
from bot.incoming import Malformed
from bot.slack.face import SlackFace
from bot.slack.payloads import Event, Interaction, Payload, SlashCommand, event_of
from bot.slack.working import TROUBLE

Body = dict[str, Any]
P = TypeVar("P", bound=Payload)
log = logging.getLogger("irmer.slack")


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
        app.command(name)(_guarded(face, SlashCommand, command))
    app.command(re.compile(".*"))(_guarded(face, SlashCommand, face.unknown_command))
    for callback_id, shortcut in face.shortcuts.items():
        app.shortcut(callback_id)(_guarded(face, Interaction, shortcut))
    app.shortcut(re.compile(".*"))(_guarded(face, Interaction, face.unknown_shortcut))
    app.action(re.compile(".*", re.DOTALL))(_guarded(face, Interaction, face.action))
    app.view(re.compile(".*"))(_guarded(face, Interaction, face.submission))
    app.view_closed(re.compile(".*"))(_guarded(face, Interaction, face.closed))
    for name, event in face.events.items():
        app.event(name)(_heard(face, event))
    return app


def _guarded(
    face: SlackFace, kind: type[P], listener: Callable[[AsyncAck, P], Awaitable[None]]
) -> Callable[[AsyncAck, Body], Awaitable[None]]:
    """A listener for people of our own workspace."""

    async def listen(ack: AsyncAck, body: Body) -> None:
        told = kind is SlashCommand
        try:
            payload = kind.read(face.moved.before(body))
            face.heard(payload)
            if not face.installation.is_for(payload):
                await ack()
            else:
                await listener(ack, payload)
        except Malformed as malformed:
            log.warning("a payload was left: %(error)s", {"error": malformed})
            await ack()
        except Exception as error:  # noqa: BLE001 - whatever it was, the person is told and Slack gets its 200
            note(log, error)
            if ack.response is None:
                await ack(text=TROUBLE) if told else await ack()
        if ack.response is not None:
            ack.response.body = face.moved.now(ack.response.body)

    return listen


def _heard(
    face: SlackFace, listener: Callable[[Event], Awaitable[None]]
) -> Callable[[AsyncAck, Body], Awaitable[None]]:
    """A listener for an event."""

    async def listen(ack: AsyncAck, body: Body) -> None:
        try:
            event = event_of(face.moved.before(body))
            if event is not None:
                face.heard(event)
                if face.installation.is_for(event):
                    await listener(event)
        except Malformed as malformed:
            log.warning("an event was left: %(error)s", {"error": malformed})
        except Exception as error:  # noqa: BLE001 - a repeat of the event would end in the same way
            note(log, error)
        await ack()

    return listen
