"""Slack and Teams in one process on one port, tied into one tenant."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.configuration import Settings
from bot.connectable import configured, delivery
from bot.core.bot import Bot
from bot.core.reminders.clock import Clock
from bot.core.reminders.sending import Timings
from bot.core.reminders.watch import Watch
from bot.serve import Server
from bot.slack.capabilities import FORMS
from bot.slack.service import connect
from bot.teams.asked import CAPABILITIES
from bot.teams.service import PATH, TeamsService
from bot.usage import NotReady
from storage.model import Destination, Person
from storage.sqlite import open_store
from storage.store import Store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.slack_state import Channel
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, CHANNEL
from tests.slack.conftest import settings_for as slack_settings_for
from tests.teams.running import settings_for

TRUST = "the-trust"
SLACK_CHANNEL = "C0INCIDENTS"
QUICK = Timings(request=5.0, lease=20.0, settle=0.5, poll=0.1, pace=0.02, backoff=0.5)
CHAT = "a:alex"


@dataclass
class Both:
    slack: FakeSlack
    teams: FakeTeams
    store: Store
    url: str

    async def say(self, text: str, where: str = CHAT) -> None:
        answer = await asyncio.to_thread(self.teams.say, text, where)
        assert answer.status == 200

    async def until(self, look: Callable[[], object]) -> None:
        await self.slack.until(look)


@asynccontextmanager
async def fakes() -> AsyncIterator[tuple[FakeSlack, FakeTeams]]:
    teams = FakeTeams().start()
    async with FakeSlack(began=None, seconds_a_message=0.02) as slack:
        yield slack, teams
        assert slack.complaints == []
    teams.stop()
    assert teams.complaints == []


@asynccontextmanager
async def serving(
    slack: FakeSlack, teams: FakeTeams, path: Path, *, tied: bool = True, ahead: timedelta = timedelta()
) -> AsyncIterator[Both]:
    """One process's worth; entered again later it is a restart, at another time."""

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    store = open_store(path)
    bot = Bot(store, nation="england", admins=(f"teams:{ALEX.object_id}",))
    settings = slack_settings_for(slack, socket=False)
    tenant = TRUST if tied else ""
    in_slack = await connect(settings, bot, store, now, tenant=tenant, seconds_a_message=0.02)
    in_teams = TeamsService(
        settings_for(teams), bot, store, now, tenant_of=lambda directory: tenant or directory
    )
    teams.ahead, slack.offset = ahead.total_seconds(), ahead.total_seconds()
    clock = Clock(now, time.monotonic)
    loops = [
        delivery(store, service.sender, face, clock=clock, timings=QUICK)
        for service, face in ((in_slack, FORMS), (in_teams, CAPABILITIES))
    ]
    async with Server([in_slack, in_teams], loops, port=0) as server:
        slack.bot_url, teams.bot = f"{server.url}/slack/events", server.url + PATH
        yield Both(slack, teams, store, server.url)
    await asyncio.to_thread(store.close)


@asynccontextmanager
async def both(path: Path, **how: Any) -> AsyncIterator[Both]:
    async with fakes() as (slack, teams), serving(slack, teams, path, **how) as made:
        yield made


async def opened_in_teams(made: Both) -> str:
    """A case that somebody opens in their chat in Teams; its reference."""
    today = datetime.now(UTC).date().isoformat()
    first = {"exposure": "accidental", "category": "diagnostic", "age_years": "40", "discovered_on": today}
    await made.say("check")
    asked = "Is it notifiable?"
    await made.until(lambda: any(asked in m.text for m in made.teams.posted(CHAT)))
    card = next(m for m in made.teams.posted(CHAT) if asked in m.text)
    for inputs in (first, {"total_dose": "5 mSv", "flags": "none"}):
        await asyncio.to_thread(made.teams.press, card, "Continue", **inputs)
    await asyncio.to_thread(made.teams.press, card, "Open a case")
    await made.until(lambda: any("Kept as record" in m.text for m in made.teams.posted(CHAT)))
    tenant = TRUST if made.store.cases(TRUST) else made.teams.tenant
    (case,) = made.store.cases(tenant)
    return case.ref


async def answered(made: Both, saying: Awaitable[object], where: Channel) -> None:
    before = len(where.messages)
    await saying
    await made.until(lambda: any(message.by_bot for message in where.messages[before:]))


async def opened_in_slack(made: Both) -> str:
    """A case that somebody opens in their direct message in Slack, in words; its reference."""
    person, direct = made.slack.radiographer, made.slack.direct(made.slack.radiographer.id)
    told = "check accidental CT of the wrong patient, found out today"
    for said in (told, "none", "5 mSv", "none", "keep", "done"):
        await answered(made, person.say(said), direct)
    (case,) = made.store.cases(TRUST)
    return case.ref


async def test_a_case_opened_in_slack_is_posted_and_pinged_in_teams_where_the_settings_say_so(
    tmp_path: Path,
) -> None:
    async with fakes() as (slack, teams):
        async with serving(slack, teams, tmp_path / "irmer.sqlite") as made:
            await made.say("settings incidents_channel here", CHANNEL)
            ref = await opened_in_slack(made)
            await made.until(lambda: any("Owner" in m.text for m in teams.posted(CHANNEL)))
            (root,) = [m for m in teams.posted(CHANNEL) if "Owner" in m.text]
            assert ref in root.text
        week = timedelta(days=7, hours=12)
        async with serving(slack, teams, tmp_path / "irmer.sqlite", ahead=week) as made:
            await made.until(lambda: any("Snooze" in m.text for m in teams.posted(CHANNEL)))
            (ping,) = [m for m in teams.posted(CHANNEL) if "Snooze" in m.text]
            assert (ping.thread, ping.called) == (root.id, [])
            await asyncio.to_thread(teams.press, ping, f"Take over {ref}")
            await made.until(lambda: ALEX.name in root.text)


async def test_a_case_opened_in_teams_is_seen_in_slack_and_taken_further_there(tmp_path: Path) -> None:
    async with both(tmp_path / "irmer.sqlite") as made:
        await made.say("settings incidents_channel here", CHANNEL)
        ref = await opened_in_teams(made)
        await made.until(lambda: any("Owner" in m.text for m in made.teams.posted(CHANNEL)))
        assert ref in words(await made.slack.radiographer.command("cases all"))
        await made.slack.radiographer.command(f"notified {ref} CQC-7")
        (card,) = [m for m in made.teams.posted(CHANNEL) if "Owner" in m.text]
        await made.until(lambda: "CQC-7" in card.text)


async def test_a_case_opened_in_teams_is_posted_and_pinged_in_slack_where_the_settings_say_so(
    tmp_path: Path,
) -> None:
    async with fakes() as (slack, teams):
        channel = slack.channels[SLACK_CHANNEL]
        async with serving(slack, teams, tmp_path / "irmer.sqlite") as made:
            await slack.radiographer.command("settings incidents_channel here", SLACK_CHANNEL)
            ref = await opened_in_teams(made)
            await made.until(lambda: any(ref in words(m) for m in channel.messages))
            root = next(m for m in channel.messages if ref in words(m))
            assert teams.posted(CHANNEL) == []
        week = timedelta(days=7, hours=12)
        async with serving(slack, teams, tmp_path / "irmer.sqlite", ahead=week) as made:
            await made.until(lambda: any("Snooze" in str(m.blocks) for m in channel.messages))
            ping = next(m for m in channel.messages if "Snooze" in str(m.blocks))
            assert ping.thread_ts == root.ts


async def test_without_the_tie_each_platform_is_a_tenant_of_its_own(tmp_path: Path) -> None:
    async with both(tmp_path / "irmer.sqlite", tied=False) as made:
        ref = await opened_in_teams(made)
        assert ref not in words(await made.slack.radiographer.command("cases all"))
        assert made.store.cases(TRUST) == ()


def status(url: str, body: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


async def test_one_port_serves_both_and_their_health(tmp_path: Path) -> None:
    async with both(tmp_path / "irmer.sqlite") as made:
        assert await asyncio.to_thread(status, f"{made.url}/health") == 200
        assert await asyncio.to_thread(status, f"{made.url}/slack/events", b"x") == 401
        assert await asyncio.to_thread(status, f"{made.url}/api/messages", b"{}") == 401
        assert await asyncio.to_thread(status, f"{made.url}/api/messages", b"{") == 400
        assert await asyncio.to_thread(status, f"{made.url}/elsewhere", b"x") == 404


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, ["SLACK_BOT_TOKEN", "TEAMS_CLIENT_ID"]),
        ({"TEAMS_CLIENT_ID": "x"}, ["TEAMS_CLIENT_SECRET", "TEAMS_TENANT_ID"]),
        ({"SLACK_BOT_TOKEN": "x"}, ["xoxb-"]),
    ],
)
def test_what_is_missing_is_named_before_anything_is_served(tmp_path: Path, given, named) -> None:
    store = open_store(tmp_path / "irmer.sqlite")
    with pytest.raises(NotReady) as raised:
        configured(Settings.of(given), Bot(store), store)
    assert all(name in str(raised.value) for name in named)
    store.close()


def test_a_place_on_a_platform_that_is_not_served_is_named_in_health(tmp_path: Path) -> None:
    store = open_store(tmp_path / "irmer.sqlite")
    away = {"platform": "teams", "conversation": "19:away@thread.tacv2"}
    store.change_settings(TRUST, {"escalation_channel": away}, by=Person("U1"), now=datetime.now(UTC))
    clock = Clock(lambda: datetime.now(UTC))
    clock.believe()

    def said(*served: str) -> str:
        mine = frozenset((TRUST, platform) for platform in served)
        return Watch(store, Destination("slack", "slack"), clock, mine=lambda: mine).look()

    assert said("slack") == (
        "the-trust: the escalation channel 19:away@thread.tacv2 is on teams, which is not served here: "
        "nothing is sent there"
    )
    assert said("slack", "teams") == ""
    store.close()
