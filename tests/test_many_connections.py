"""Several hospitals in one process, each with an app of its own: each gets its own and none another's, and
what happens to one happens to no other."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import connecting, running
from bot.usage import NotReady
from storage.chat_connection_model import ChatConnection, ConnectionPlan
from storage.model import MACHINE, Person
from storage.secret_box import SecretBox
from storage.sqlite import open_store
from storage.store import Store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.teams import FakeTeams
from tests.processes import irmer_here
from tests.test_start_and_stop import Served, page, serving, until

pytestmark = pytest.mark.long

KEY = urlsafe_b64encode(b"k" * 32).decode()
ROOT = Person("os:root", "root")
CHECK = ("check accidental CT of the wrong patient, found out today", "none", "5 mSv", "none", "keep", "done")
SEALED = {"IRMER_SECRETS_KEY": KEY, "IRMER_NATION": "england"}
CANARY = "canary"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(connecting, "LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(running, "LOOK", 0.1)


def slack_of(name: str) -> FakeSlack:
    """A workspace whose people and channels have the very ids that those of the others have."""
    return FakeSlack(
        began=None, seconds_a_message=0.02, team=f"T0{name}", called=name.title(), app=f"A0{name}",
        bot_token=f"xoxb-{CANARY}-{name}", app_token=f"xapp-{CANARY}-{name}",
        signing_secret=f"{CANARY}-{name}",
    )  # fmt: skip


def kept_slack(
    store: Store, slack: FakeSlack, organisation: str, *, socket: bool = False, box: SecretBox | None = None
) -> ChatConnection:
    plan = ConnectionPlan(
        "slack", slack.app, slack.team, "", "U0IRMER", slack.called, "", organisation,
        (("SLACK_API_URL", slack.api_url),),
    )  # fmt: skip
    way = {"SLACK_APP_TOKEN": slack.app_token} if socket else {"SLACK_SIGNING_SECRET": slack.signing_secret}
    return kept(store, plan, {"SLACK_BOT_TOKEN": slack.bot_token, **way}, box)


def kept_teams(store: Store, teams: FakeTeams, organisation: str) -> ChatConnection:
    settings = {
        "TEAMS_CLIENT_ID": teams.app_id, "TEAMS_TENANT_ID": teams.tenant,
        "TEAMS_LOGIN_URL": teams.connector.address, "TEAMS_SERVICE_URL": teams.service_url,
    }  # fmt: skip
    plan = ConnectionPlan(
        "teams", teams.app_id, teams.tenant, organisation=organisation, settings=tuple(settings.items())
    )
    return kept(store, plan, {"TEAMS_CLIENT_SECRET": teams.secret}, None)


def kept(
    store: Store, plan: ConnectionPlan, secrets: Mapping[str, str], box: SecretBox | None
) -> ChatConnection:
    now = datetime.now(UTC)
    return store.connect(plan, secrets, box or SecretBox([KEY]), installed_at=now, by=ROOT, now=now)


@asynccontextmanager
async def two() -> AsyncIterator[tuple[FakeSlack, FakeSlack]]:
    async with slack_of("WARD") as ward, slack_of("CITY") as city:
        yield ward, city


def begun(file: Path, *organisations: str) -> Store:
    store = open_store(file)
    for one in organisations:
        store.add_organisation(one, one.title(), by=ROOT, now=datetime.now(UTC))
    return store


async def opened(slack: FakeSlack, store: Store, tenant: str) -> str:
    """A case that somebody opens in their own chat; its reference."""
    before = {case.ref for case in store.cases(tenant)}
    direct = slack.direct(slack.radiographer.id)
    for said in CHECK:
        seen = len(direct.messages)
        await slack.radiographer.say(said)
        await slack.until(lambda seen=seen: any(m.by_bot for m in direct.messages[seen + 1 :]))
    (ref,) = {case.ref for case in store.cases(tenant)} - before
    return ref


async def problems(made: Served) -> str:
    _, health = await page(f"{made.url}/health")
    return "\n".join(health["problems"])


def holding(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.iterdir() if text.encode() in path.read_bytes()]


async def told(made: Served, wanted: str) -> str:
    for _ in range(300):
        if wanted in (said := await problems(made)):
            return said
        await asyncio.sleep(0.05)
    raise AssertionError(f"it does not say {wanted}, but {said}")


async def untold(made: Served, gone: str) -> None:
    for _ in range(300):
        if gone not in await problems(made):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it still says {gone}")


@pytest.mark.usefixtures("quick")
async def test_each_gets_its_own_and_one_that_is_removed_and_installed_again_goes_on_as_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, teams = tmp_path / "a.sqlite", FakeTeams().start()
    store = begun(file, "ward", "city", "hills")
    async with two() as (ward, city):
        for slack, name in ((ward, "ward"), (city, "city")):
            kept_slack(store, slack, name, socket=name == "city")
        kept_teams(store, teams, "hills")
        async with serving(file, SEALED) as made:
            ward.bot_url, teams.bot = f"{made.url}/slack/events/slack-1", f"{made.url}/api/messages/teams-1"
            for slack in (ward, city):
                await slack.radiographer.command("settings incidents_channel here")
            theirs = await opened(ward, store, "ward")
            await ward.until(lambda: any(theirs in words(m) for m in ward.incidents.messages))
            assert store.cases("city") == store.cases("hills") == ()
            assert theirs not in words(await city.radiographer.command("cases all"))
            assert not [m for m in city.incidents.messages if theirs in words(m)]
            assert (await asyncio.to_thread(teams.say, "cases all")).status == 200
            await ward.until(lambda: any(m.by_bot for m in teams.messages))
            assert theirs not in "".join(m.text for m in teams.messages)
            assert await opened(city, store, "city") == theirs, "each has numbers of its own"
            assert len(store.cases("ward")) == 1

            # What is signed for one is nothing to another.
            ward.bot_url, ward.strict = f"{made.url}/slack/events/slack-2", False
            with pytest.raises(Exception, match="404"):
                await ward.radiographer.command("cases all")
            ward.bot_url = f"{made.url}/slack/events/slack-1"
            ward.complaints.clear()

            # Removed: named, and the others go on.
            removed = ward.now()
            await ward.uninstall()
            await until(lambda: store.connections()[0].state == "revoked")
            said = await told(made, "slack-1 (Ward), of ward, is not served since")
            assert "slack-2" not in said
            assert theirs in words(await city.radiographer.command("cases all"))

            # Installed again: the same connection, the same cases; what is told late changes nothing.
            ward.reinstall(f"xoxb-{CANARY}-again")
            ward.advance(60)
            again = kept_slack(store, ward, "")
            assert (again.id, again.organisation) == ("slack-1", "ward")
            await untold(made, "slack-1")
            await ward.event({"type": "app_uninstalled"}, at=removed)
            assert theirs in words(await ward.radiographer.command("cases all"))
            assert store.connections()[0].state == "live"

            # Ended, while it runs.
            await asyncio.to_thread(
                store.end_connection, "slack-2", "ended", "", by=ROOT, now=datetime.now(UTC)
            )
            await until(lambda: not city.sockets.open)
        assert CANARY not in caplog.text + "".join(made.said)
    teams.stop()
    became = [entry.what for entry in store.audit("ward") if entry.what.startswith("connect")]
    assert [what for what in became if what != "connection changed"] == [
        "connected", "connection revoked", "connected",
    ]  # fmt: skip
    assert store.verify() == []
    store.close()
    assert not holding(tmp_path, CANARY)


@pytest.mark.usefixtures("quick")
async def test_one_that_cannot_be_opened_or_is_refused_takes_no_other_down(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    store = begun(file, "ward", "city")
    async with two() as (ward, city), slack_of("LOST") as lost, slack_of("HILL") as hill:
        kept_slack(store, ward, "ward")
        kept_slack(store, lost, "city", box=SecretBox([urlsafe_b64encode(b"x" * 32).decode()]))
        kept_slack(store, city, "city")
        kept_slack(store, hill, "ward")
        city.revoked = True
        async with serving(file, SEALED) as made:
            said = await problems(made)
            assert "SLACK_BOT_TOKEN of slack-2 is sealed by a key that is not there: slack-2 (Lost)" in said
            assert "Slack refuses SLACK_BOT_TOKEN: token_revoked: slack-3 (City) is not served until" in said
            ward.bot_url = f"{made.url}/slack/events/slack-1"
            assert await ward.radiographer.command("threshold foetal")
            # Of two workspaces of one organisation each message goes by the one that knows its channel.
            hill.bot_url = f"{made.url}/slack/events/slack-4"
            there = hill.add_channel("governance", "C0HILL")
            await hill.radiographer.command("settings incidents_channel #governance")
            ref = await opened(ward, store, "ward")
            await hill.until(lambda: any(ref in words(m) for m in there.messages))
            assert f"case {ref}" not in str([m.text for m in ward.incidents.messages])

            # The workspace comes to be part of an enterprise: written down, told, and it leads where it led.
            ward.enterprise = "E0TRUST"
            await ward.radiographer.command("settings incidents_channel here")
            await until(lambda: store.connections()[0].plan.enterprise == "E0TRUST")
            _, health = await page(f"{made.url}/health")
            (note,) = health["notes"]
            assert "slack-1 (Ward): the workspace T0WARD belongs to the enterprise E0TRUST now" in note
            assert store.settings("ward")
            changes = [one.detail for one in store.audit("ward") if one.what == "connection changed"]
            assert [one["enterprise"] for one in changes if one["enterprise"]] == ["E0TRUST"]
    store.close()


async def test_without_the_key_nothing_begins_and_says_so_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    store = begun(file, "ward")
    async with two() as (ward, city):
        for slack in (ward, city):
            kept_slack(store, slack, "ward")
        with pytest.raises(NotReady) as refused:
            async with serving(file, {}):
                raise AssertionError("it serves")
    assert str(refused.value).startswith("IRMER_SECRETS_KEY_FILE is not set")
    assert len(refused.value.lines) == 1
    store.close()


async def test_the_commands_connect_list_seal_anew_and_end(tmp_path: Path) -> None:
    file, key = tmp_path / "a.sqlite", tmp_path / "secrets.key"
    begun(file, "ward").close()

    async def run(*args: str, status: int = 0, **more: str) -> str:
        given = {"IRMER_SECRETS_KEY_FILE": str(key), **more}
        got, out, err = await asyncio.to_thread(lambda: irmer_here(*args, database=file, **given))
        assert got == status, err
        assert CANARY not in out + err
        assert status == 0 or args == ("doctor",) or err.count("\n") == 1
        return out + err

    await run("secrets", "new-key", str(key))
    async with slack_of("WARD") as ward:
        asked = tmp_path / "asked"
        asked.write_text(f"SLACK_BOT_TOKEN={ward.bot_token}\nSLACK_APP_TOKEN={ward.app_token}\n")
        asked.chmod(0o600)
        by_file = ("connect", "slack", "--file", str(asked))
        where = {"SLACK_API_URL": ward.api_url}
        assert "asks at a terminal" in await run("connect", "slack", status=2)
        assert "there is no organisation north" in await run(
            *by_file, "--organisation", "north", status=1, **where
        )
        said = await run(*by_file, "--organisation", "ward", **where)
        assert "slack-1 (Ward): slack T0WARD is connected, app A0WARD\nIt leads to Ward (ward)." in said
        ward.revoked = True
        assert "Slack refuses SLACK_BOT_TOKEN: token_revoked" in await run(*by_file, status=2, **where)
    assert "slack-1 (Ward): slack T0WARD, app A0WARD, live" in await run("connect", "list")
    assert "there is no connection slack-9" in await run("connect", "end", "slack-9", status=1)
    assert "irmer connect wants one of" in await run("connect", f"xoxb-{CANARY}", status=2)
    await run("secrets", "new-key", str(key))
    assert "SLACK_BOT_TOKEN of slack-1 is sealed by the key" in await run("doctor", status=1)
    assert "2 sealed anew" in await run("secrets", "rotate")
    assert "slack-1 is ended" in await run("connect", "end", "slack-1")
    store = open_store(file)
    assert [entry.what for entry in store.audit(MACHINE)] == [
        "connected", "secrets sealed anew", "connection ended",
    ]  # fmt: skip
    assert [one.outside.external for one in store.bindings("ward")] == ["T0WARD"]
    store.close()
