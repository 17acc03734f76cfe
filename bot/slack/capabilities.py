"""What Slack can do, where: with a trigger, in a thread, in a direct message."""

from __future__ import annotations

from dataclasses import replace

from bot.core.commands import is_from_memory, split
from bot.core.messages import Capabilities
from bot.slack.parse import Asked
from bot.slack.sender import PLATFORM
from bot.slack.text import CHANNEL

FORMS = Capabilities(
    dialogs=True,
    private_answers=True,
    hears_everything=True,
    live_inputs=True,
    command="/irmer",
    direct="[DUW]",
    channels=CHANNEL.pattern,
    administrators="an owner or administrator of the workspace",
    name=PLATFORM,
)
# Slack refuses its commands in threads.
IN_THREAD = replace(FORMS, command="@IRMER")
# A message brings no trigger, so no dialog can follow it: the interview is typed and clicked.
TALK = replace(IN_THREAD, dialogs=False, live_inputs=False)
DIRECT = replace(TALK, command="")


def talking(asked: Asked) -> Capabilities:
    return DIRECT if asked.context.personal else TALK


def acting(asked: Asked) -> Capabilities:
    return IN_THREAD if asked.context.thread else FORMS


def opens_form(text: str) -> bool:
    return split(text, FORMS)[0] == "check"


def is_look_up(text: str) -> bool:
    """Answered from memory: a thread of its own would cost more than it."""
    return len(text) <= 200 and is_from_memory(text, FORMS)
