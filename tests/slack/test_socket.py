"""Socket Mode: a connection that breaks is replaced at once, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.core.bot import Bot
from bot.core.messages import Capabilities, Reply, Request
from bot.slack import socket, socket_client
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person as SlackPerson
from tests.fakes.slack_people import words
from tests.fakes.slack_state import NotAcknowledged
from tests.slack.conftest import PACE, World, bot_for
from tests.storage.helpers import open_case


async def reconnected(world: World, before: int) -> None:
    await world.slack.until(lambda: len(world.slack.sockets.hellos) > before and world.slack.sockets.open)


@pytest.fixture
def no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK looks at its connection by its pings: so seldom that no test lives to see it."""
    monkeypatch.setattr("bot.slack.socket_client.PING", 3600.0)


@pytest.mark.usefixtures("no_look")
@pytest.mark.parametrize("how", ["reset", "shut", "refresh"])
async def test_a_broken_connection_is_replaced_at_once_and_not_at_the_next_look(
    socketed: World, how: str
) -> None:
    assert await socketed.slack.radiographer.command("threshold foetal") is not None
    for _ in range(3):
        before = len(socketed.slack.sockets.hellos)
        done = getattr(socketed.slack.sockets, how)()
        if done is not None:
            await done
        await reconnected(socketed, before)
        socketed.slack.advance(10)
        assert await socketed.slack.radiographer.command("threshold foetal") is not None
        assert await socketed.server.problems() == []


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_nothing_is_lost_while_a_connection_that_slack_is_to_end_is_replaced(
    socketed: World, reason: str
) -> None:
    """Commands come once, and are to be acknowledged by the connection that they came by: the one that is to
    end works on until it does."""
    sockets = socketed.slack.sockets
    sockets.handshake = 0.2
    person = socketed.slack.radiographer
    old = sockets.open[-1]
    began = len(sockets.hellos)
    under_way = asyncio.create_task(person.command("threshold foetal"))
    await sockets.refresh(reason, lives=1.0)
    while len(sockets.hellos) == began:  # nobody else is there for them
        assert await person.command("threshold foetal") is not None
        assert await socketed.server.problems() == []
        socketed.slack.advance(10)
    assert await under_way is not None
    assert sockets.open[0] is old
    await socketed.slack.until(lambda: old not in sockets.open)
    assert await person.command("threshold foetal") is not None
    assert await socketed.server.problems() == []
    assert len(sockets.hellos) == began + 1


async def test_of_too_many_connections_one_is_closed_before_another_is_made(socketed: World) -> None:
    sockets = socketed.slack.sockets
    began = len(sockets.hellos)
    sockets.handshake = 0.2
    await sockets.refresh("too_many_websockets", lives=0)
    await socketed.slack.until(lambda: not sockets.open)
    await socketed.slack.until(lambda: len(sockets.hellos) > began)
    assert await socketed.slack.radiographer.command("threshold foetal") is not None


async def test_slack_out_of_reach_for_a_while_is_waited_for(socketed: World) -> None:
    before = len(socketed.slack.sockets.hellos)
    socketed.slack.fault("apps.connections.open", "reset_before", times=2)
    socketed.slack.fault("apps.connections.open", "500", times=1)
    socketed.slack.fault("apps.connections.open", "error", error="internal_error")
    socketed.slack.sockets.reset()
    await socketed.slack.until(lambda: len(socketed.slack.sockets.hellos) > before)
    assert await socketed.slack.radiographer.command("threshold foetal") is not None


async def test_health_is_red_while_there_is_no_connection(socketed: World) -> None:
    socketed.slack.fault("apps.connections.open", "500", times=3)
    socketed.slack.sockets.reset()
    await socketed.slack.until(lambda: not socketed.slack.sockets.open)
    await asyncio.sleep(0.05)
    assert "not connected" in (await socketed.server.problems())[0]
    await socketed.slack.until(lambda: socketed.slack.sockets.open)
    await asyncio.sleep(0.05)
    assert await socketed.server.problems() == []


async def test_an_event_that_fell_into_the_gap_comes_again_and_is_answered_once(socketed: World) -> None:
    person = socketed.slack.radiographer
    socketed.slack.fault("apps.connections.open", "slow_before", seconds=0.5)
    socketed.slack.sockets.reset()
    await socketed.slack.until(lambda: not socketed.slack.sockets.open)
    await person.say("threshold foetal")
    direct = socketed.slack.direct(person.id)
    await socketed.slack.until(lambda: [m for m in direct.messages if m.by_bot])
    await socketed.slack.quiet()
    assert len([m for m in direct.messages if m.by_bot]) == 1


async def test_an_event_whose_acknowledgement_was_lost_is_answered_once(socketed: World) -> None:
    person = socketed.slack.radiographer
    sending = asyncio.ensure_future(person.say("threshold foetal"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    socketed.slack.sockets.reset()
    await sending
    direct = socketed.slack.direct(person.id)
    await socketed.slack.until(lambda: [m for m in direct.messages if m.by_bot])
    await socketed.slack.quiet()
    await socketed.slack.redeliver()
    await socketed.slack.quiet()
    assert len([m for m in direct.messages if m.by_bot]) == 1


async def test_resets_in_a_hail_of_messages_lose_none_and_double_none(socketed: World) -> None:
    people = [socketed.slack.add_person(f"person{n}") for n in range(20)]
    for number, person in enumerate(people):
        await person.say(f"threshold {number % 9 + 1}")
        if number % 5 == 4:
            socketed.slack.sockets.reset()
    directs = [socketed.slack.direct(person.id) for person in people]
    await socketed.slack.until(lambda: all(any(m.by_bot for m in d.messages) for d in directs))
    await socketed.slack.quiet()
    assert [len([m for m in d.messages if m.by_bot]) for d in directs] == [1] * len(directs)


async def test_a_check_acknowledged_before_a_reset_is_not_lost(socketed: World) -> None:
    person = socketed.slack.radiographer
    await person.command("check")
    socketed.slack.sockets.reset()
    assert "What kind of exposure" in words(await socketed.filled(person))


async def test_a_second_process_on_the_same_token_is_noticed(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_client, "GREETING", 0.05)
    async with FakeSlack(seconds_a_message=PACE) as slack, bot_for(slack, file, socket=True) as first:
        async with bot_for(slack, tmp_path / "other.sqlite", socket=True) as second:
            await slack.until(lambda: second.service._socket and second.service._socket.client.shared)
            assert "another process" in (await second.server.problems())[0]
        assert await first.server.problems() == []


async def test_another_process_is_forgotten_once_it_has_gone(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_client, "LOOK_AGAIN", 0.2)
    monkeypatch.setattr(socket_client, "GREETING", 0.1)
    async with FakeSlack(seconds_a_message=PACE) as slack, AsyncExitStack() as old:
        await old.enter_async_context(bot_for(slack, file, socket=True))
        async with bot_for(slack, tmp_path / "new.sqlite", socket=True) as new:
            await slack.until(lambda: new.service._socket and new.service._socket.client.shared)
            assert "another process" in (await new.server.problems())[0]
            await old.aclose()
            await slack.until(lambda: not new.service._socket.client.shared)  # type: ignore[union-attr]
            await asyncio.sleep(0.1)
            assert await new.server.problems() == []
            assert await slack.radiographer.command("threshold foetal") is not None


async def test_a_connection_of_its_own_that_slack_still_counts_is_no_other_process(
    socketed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = socketed.slack
    monkeypatch.setattr(slack.sockets, "lingering", 1)
    before = len(slack.sockets.hellos)
    slack.sockets.reset()
    await reconnected(socketed, before)
    await asyncio.sleep(0.1)
    assert await socketed.server.problems() == []


async def test_a_bot_that_is_gone_acknowledges_nothing(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        async with bot_for(slack, file, socket=True):
            pass
        with pytest.raises(NotAcknowledged):
            await slack.radiographer.command("threshold foetal")


class Unhurried(Bot):
    """As on a machine that is busy."""

    def handle(self, request: Request, face: Capabilities) -> list[Reply]:
        time.sleep(0.1)
        return super().handle(request, face)


async def test_a_process_that_ends_while_people_leave_it_no_moment_acknowledges_what_it_does(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "QUIET", 0.2)
    async with FakeSlack(seconds_a_message=PACE, limits=False, strict=False) as slack:
        refused: list[str] = []
        noted, ended = 0, False

        async def talk(person: SlackPerson, ref: str) -> None:
            nonlocal noted
            while not ended:
                noted += 1
                text = f"bed {noted}"
                try:
                    await person.command(f"note {ref} {text}")
                except NotAcknowledged:
                    refused.append(text)
                    return

        async with bot_for(slack, file, socket=True, make_bot=Unhurried) as world:
            ref = open_case(world.store, tenant=world.tenant)
            people = [slack.add_person(f"person{number}") for number in range(4)]
            talking = [asyncio.create_task(talk(person, ref)) for person in people]
            await asyncio.sleep(1)
        ended = True
        await asyncio.gather(*talking)
        async with bot_for(slack, file, socket=True) as world:
            kept = {note.text for note in world.store.notes(world.tenant, ref)}
        assert refused
        assert not kept & set(refused)
        assert len(kept) == noted - len(refused)
