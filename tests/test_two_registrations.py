"""One organisation with two registrations in one directory, a bot for each of its sites: what is sent goes by
the one that is there, and what is pressed may come by either."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.model import Destination
from storage.organisation_model import Outside
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.sqlite import open_store
from storage.store import Store
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, SAM, TENANT, Member, Message
from tests.processes import irmer_here
from tests.storage.helpers import open_case
from tests.test_many_connections import KEY, ROOT, SEALED, kept_teams
from tests.test_start_and_stop import Served, page, serving, until

pytestmark = pytest.mark.long

NORTH, SOUTH = "19:north@thread.tacv2", "19:south@thread.tacv2"
NORTH_CHANNEL, SOUTH_CHANNEL = "19:north-incidents@thread.tacv2", "19:south-incidents@thread.tacv2"
SHARED = {"IRMER_SHARED_DIRECTORIES": TENANT}
GIVEN = {**SEALED, **SHARED}
NOW = datetime.now(UTC)


@pytest.fixture
def sites() -> Iterator[tuple[FakeTeams, FakeTeams]]:
    """Each in a team of its own, and in the chat of one person: nothing of the other's is there for it."""
    both = (
        FakeTeams(app_id="11111111-0000-0000-0000-000000000001"),
        FakeTeams(app_id="22222222-0000-0000-0000-000000000002"),
    )
    for teams, team, channel, who in zip(
        both, (NORTH, SOUTH), (NORTH_CHANNEL, SOUTH_CHANNEL), (ALEX, SAM), strict=True
    ):
        teams.conversations = {chat(who): teams.conversations[chat(who)]}
        teams.unreachable = {one.object_id for one in teams.people.values() if one is not who}
        teams.teams = {}
        teams.add_team(team, channel, ALEX, SAM)
        teams.start()
    yield both
    for teams in both:
        teams.stop()


def chat(who: Member) -> str:
    return f"a:{who.id[3:]}"


def begun(file: Path, north: FakeTeams, south: FakeTeams) -> Store:
    store = open_store(file)
    store.add_organisation("trust", "Trust", by=ROOT, now=NOW)
    store.set_setting("trust", "ping_hour", "00:00", by=ROOT, now=NOW)  # whenever this is run
    for teams, team in ((north, NORTH), (south, SOUTH)):
        kept_teams(store, teams, "")
        store.bind("trust", Outside("teams", "team", team), how="", by=ROOT, now=NOW)
    return store


async def heard(made: Served, *both: FakeTeams) -> None:
    """Each of the bots, in its channel and in its person's chat."""
    for number, (teams, channel, who) in enumerate(
        zip(both, (NORTH_CHANNEL, SOUTH_CHANNEL), (ALEX, SAM), strict=True)
    ):
        teams.bot = f"{made.url}/api/messages/teams-{number + 1}"
        for where in (channel, chat(who)):
            assert (await asyncio.to_thread(teams.say, "cases", where, who=who)).status == 200
            await until(lambda where=where, teams=teams: teams.posted(where))


def due(store: Store, *places: str) -> str:
    """A case with a reminder in each of these places, due by now, and a card in the first."""
    today = NOW.date()
    deadlines = tuple(
        DeadlinePlan(
            f"local:{n}", today, (PingPlan("0d", today - timedelta(days=1), Destination("teams", one)),)
        )
        for n, one in enumerate(places)
    )
    card = PostPlan("card", Destination("teams", places[0]), {"shows": "case"}, remember=True)
    return open_case(store, tenant="trust", also=Also(deadlines=deadlines, posts=(card,)))


def _sent(store: Store, ref: str) -> bool:
    """What is due; each has another one after it."""
    wanted = [one for one in store.outgoing("trust", ref) if one.kind == "post" or one.offset == "0d"]
    return all(one.sent_at for one in wanted)


def _owner(store: Store, ref: str) -> str:
    owner = store.case("trust", ref).owner
    return owner.id if owner else ""


def _card(teams: FakeTeams) -> Message:
    return next(m for m in teams.posted(SOUTH_CHANNEL) if "Begin investigation" in m.text)


async def test_each_reminder_goes_once_by_the_registration_that_is_there_and_either_is_pressed(
    sites: tuple[FakeTeams, FakeTeams], tmp_path: Path
) -> None:
    north, south = sites
    store = begun(tmp_path / "a.sqlite", north, south)
    async with serving(tmp_path / "a.sqlite", GIVEN) as made:
        await heard(made, north, south)
        places = (SOUTH_CHANNEL, NORTH_CHANNEL, SAM.object_id, ALEX.object_id)
        ref = due(store, *places)
        await until(lambda: _sent(store, ref))
        sent = {
            where: len([m for m in teams.posted(where)[1:] if "due today" in m.text and ref in m.text])
            for teams in sites
            for where in teams.conversations
        }
        assert sent == dict.fromkeys((NORTH_CHANNEL, SOUTH_CHANNEL, chat(SAM), chat(ALEX)), 1) | {
            NORTH: 0,
            SOUTH: 0,
        }
        entries = [entry.what for entry in store.audit("trust")]
        assert not {"ping undeliverable", "post undeliverable", "conversation reference dead"} & {*entries}

        # The buttons of either are good, and what is done by one of them changes the other's card.
        for teams, where, who in ((north, NORTH_CHANNEL, ALEX), (south, SOUTH_CHANNEL, SAM)):
            (reminder,) = (m for m in teams.posted(where) if "due today" in m.text)
            assert (await asyncio.to_thread(teams.press, reminder, "Take over", who)).status == 200
            await until(lambda who=who: _owner(store, ref) == f"{who.object_id}")
            await until(lambda who=who: f"Owner\n{who.name}" in _card(south).text)
        assert north.complaints == south.complaints == []
        _, health = await page(f"{made.url}/health")
        assert not [line for line in health["problems"] if "should have left" not in line]
    status, out, err = await asyncio.to_thread(
        lambda: irmer_here("doctor", database=tmp_path / "a.sqlite", IRMER_SECRETS_KEY=KEY, **SHARED)
    )
    assert (status, err) == (0, "")
    assert "0 overdue, 0 given up" in out
    assert "Teams:" not in out
    store.close()
