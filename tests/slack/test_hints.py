"""What can be typed is shown as it is typed there: Slack takes no command of its own in a thread, and with
the bot alone words need neither that nor a mention."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.actions.table import ACTS
from bot.core.word_table import WORDS
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_seen import words
from tests.fakes.slack_state import Message
from tests.slack.conftest import World, bot_for
from tests.slack.test_cases import opened

COMMAND, MENTION = re.compile(r"(?<![\w./-])/irmer\b"), re.compile(r"@IRMER\b")
SUBJECTS = ("C26-0001", "2026-0001", "")


def said() -> Iterator[str]:
    for act in ACTS:
        yield from (f"{act.verb} {one}".strip() for one in SUBJECTS)
        yield f"{act.verb} 2026-11-23 some words of mine"
    for word in WORDS:
        yield from (word.verb, f"{word.verb} xyz", f"{word.verb} page 9")


def in_thread(ward: World) -> str:
    """All that the bot has said in threads, to all and to one alone."""
    open_to_all = [
        words(message)
        for place in ward.slack.channels.values()
        for message in place.messages
        if message.by_bot and message.thread_ts
    ]
    alone = [call.arguments for call in ward.slack.calls if call.method == "chat.postEphemeral"]
    return "\n".join([*open_to_all, *(str(one) for one in alone if one.get("thread_ts"))])


@asynccontextmanager
async def ward_with_case(path: Path) -> AsyncIterator[tuple[World, Message]]:
    async with (
        FakeSlack(seconds_a_message=0.0, limits=False, strict=False) as slack,
        bot_for(slack, path, pace=0.0) as ward,
    ):
        yield ward, await opened(ward)


async def test_no_hint_in_a_thread_is_a_command_that_slack_refuses_there(tmp_path: Path) -> None:
    async with ward_with_case(tmp_path / "irmer.sqlite") as (ward, card):
        for text in said():
            await ward.slack.radiographer.mention(text, card.channel, thread=card.ts)
            await ward.slack.radiographer.say(text, card.channel, thread=card.ts)
        await ward.service.face.work.rest()
        assert not COMMAND.search(in_thread(ward))
        assert len(MENTION.findall(in_thread(ward))) > 20


async def test_with_the_bot_alone_a_hint_is_the_words_and_nothing_else(tmp_path: Path) -> None:
    async with ward_with_case(tmp_path / "irmer.sqlite") as (ward, _):
        person = ward.slack.radiographer
        for text in said():
            await person.say(text)
        await ward.service.face.work.rest()
        shown = "\n".join(
            words(message) for message in ward.slack.direct(person.id).messages if message.by_bot
        )
        assert not COMMAND.search(shown)
        assert not MENTION.search(shown)
        assert "name the case, such as investigate C26-0001" in shown
