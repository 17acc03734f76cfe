"""`irmer serve` from its first moment to its last: a real process, or its own within this one, and platforms
that answer, are silent, or refuse."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot import connecting
from bot.configuration import Settings
from bot.process import serve
from bot.serve import CannotListen
from bot.usage import NotReady
from storage.sqlite import open_store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.teams import FakeTeams
from tests.processes import irmer_here
from tests.slack.conftest import PACE
from tests.test_metrics import figures

ROOT = Path(__file__).parents[1]
LOOPBACK = ("127.0.0.1", 0)
ID = "11111111-2222-4333-8444-555555555555"


@dataclass
class Served:
    said: list[str] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return self._address("Serving at ")

    @property
    def admin(self) -> str:
        return self._address("How it is: ").removesuffix("/health")

    def _address(self, before: str) -> str:
        (line,) = [line for line in self.said if line.startswith(before)]
        return line.removeprefix(before).split()[0].rstrip(".")


async def until(look: Callable[[], Any]) -> Any:
    for _ in range(600):
        if found := look():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come to that")


@asynccontextmanager
async def serving(path: Path, given: dict[str, str], **how: Any) -> AsyncIterator[Served]:
    """`irmer serve` within this process, without its signals."""
    where = how.pop("where", LOOPBACK)
    store, made = await asyncio.to_thread(open_store, path), Served()
    running = asyncio.create_task(
        serve(Settings.of(given), store, where, says=made.said.append, stop=made.stop, grace=1.0, **how)
    )
    try:
        await until(lambda: running.done() or any(line.startswith("Serving at") for line in made.said))
        if running.done():
            running.result()
        yield made
    finally:
        made.stop.set()
        await asyncio.gather(running, return_exceptions=True)
        await asyncio.to_thread(store.close)


def get(url: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def plain(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


async def page(url: str) -> tuple[int, Any]:
    return await asyncio.to_thread(get, url)


def slack_of(slack: FakeSlack, **more: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url, **more,
    }  # fmt: skip


def teams_of(teams: FakeTeams) -> dict[str, str]:
    return {
        "TEAMS_CLIENT_ID": teams.app_id, "TEAMS_CLIENT_SECRET": teams.secret,
        "TEAMS_TENANT_ID": teams.tenant, "TEAMS_LOGIN_URL": teams.connector.address,
        "TEAMS_SERVICE_URL": teams.service_url,
    }  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(connecting, "LONGEST_PAUSE", 0.1)


@pytest.fixture
def teams() -> Iterator[FakeTeams]:
    fake = FakeTeams().start()
    yield fake
    fake.stop()
    assert fake.complaints == []


@contextmanager
def nobody_there() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.create_server(LOOPBACK) as silent:
        yield f"http://127.0.0.1:{silent.getsockname()[1]}/api/"


# One does not take the other down


@pytest.mark.usefixtures("quick")
async def test_slack_is_asked_until_it_answers_and_teams_is_served_meanwhile(
    tmp_path: Path, teams: FakeTeams
) -> None:
    async with FakeSlack(began=None, seconds_a_message=PACE) as slack:
        slack.fault("auth.test", "500", times=8)
        async with serving(tmp_path / "a.sqlite", slack_of(slack) | teams_of(teams)) as made:
            (_,) = [line for line in made.said if line.startswith("Slack: not reached since ")]
            teams.bot = f"{made.url}/api/messages"
            assert (await asyncio.to_thread(teams.say, "help", "a:alex")).status == 200
            assert (await page(f"{made.url}/ready"))[0] == 200
            status, health = await page(f"{made.url}/health")
            assert status == 200 or any(line.startswith("Slack: not reached") for line in health["problems"])
            await until(lambda: any(line.startswith("Slack: workspace") for line in made.said))
            slack.bot_url = f"{made.url}/slack/events"
            assert "10 mGy" in words(await slack.radiographer.command("threshold foetal"))


@pytest.mark.usefixtures("quick")
async def test_a_refused_token_is_final_for_its_platform_alone(tmp_path: Path, teams: FakeTeams) -> None:
    async with FakeSlack(began=None) as slack:
        given = slack_of(slack, SLACK_BOT_TOKEN="xoxb-canary") | teams_of(teams)
        async with serving(tmp_path / "a.sqlite", given) as made:
            told = "Slack refuses SLACK_BOT_TOKEN: invalid_auth"
            told += ": Slack is not served until irmer serve is started anew"
            assert told in made.said
            teams.bot = f"{made.url}/api/messages"
            assert (await asyncio.to_thread(teams.say, "help", "a:alex")).status == 200
            status, health = await page(f"{made.url}/health")
            assert (status, told in health["problems"]) == (503, True)
            assert (await page(f"{made.url}/ready"))[0] == 200
            assert [call.method for call in slack.calls].count("auth.test") == 1


async def test_where_every_token_is_refused_it_ends_and_says_so(tmp_path: Path) -> None:
    async with FakeSlack(began=None) as slack:
        with pytest.raises(NotReady, match="Slack refuses SLACK_BOT_TOKEN: invalid_auth"):
            async with serving(tmp_path / "a.sqlite", slack_of(slack, SLACK_BOT_TOKEN="xoxb-canary")):
                pass


async def test_before_slack_has_answered_its_events_are_sent_back_to_come_again(tmp_path: Path) -> None:
    async with FakeSlack(began=None) as slack:
        slack.fault("auth.test", "500", times=1000)
        async with serving(tmp_path / "a.sqlite", slack_of(slack)) as made:
            assert (await page(f"{made.url}/live")) == (200, {"ok": True})
            status, said = await page(f"{made.url}/ready")
            assert (status, said["waits"][0].startswith("Slack: not reached since ")) == (503, True)
            assert (await page(f"{made.url}/health"))[0] == 503
            request = urllib.request.Request(f"{made.url}/slack/events", data=b"x")
            with pytest.raises(urllib.error.HTTPError) as raised:
                await asyncio.to_thread(urllib.request.urlopen, request, timeout=10)
            assert (raised.value.code, raised.value.headers["retry-after"]) == (503, "5")


# Where it listens


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_where_the_database_is_moved_away_nobody_is_served_and_every_page_says_so(
    tmp_path: Path, teams: FakeTeams, platform: str
) -> None:
    """What is written to a file without a name is gone with the process; and a store that cannot be asked
    takes no page with it."""
    database, gone = tmp_path / "a.sqlite", "is not the file any more"
    async with FakeSlack(began=None, seconds_a_message=PACE) as slack:
        given = slack_of(slack) if platform == "slack" else teams_of(teams)
        async with serving(database, given, admin=LOOPBACK, database=database) as made:
            assert (await page(f"{made.admin}/health"))[0] == 200
            database.rename(tmp_path / "aside.sqlite")
            for path, where in (("ready", "waits"), ("health", "problems")):
                status, told = await page(f"{made.admin}/{path}")
                assert (status, gone in str(told[where])) == (503, True), told
            assert (await page(f"{made.admin}/metrics"))[0] == 503
            assert (await page(f"{made.admin}/live"))[0] == 200
            (tmp_path / "aside.sqlite").rename(database)
            assert (await page(f"{made.admin}/ready"))[0] == 200


async def test_on_a_port_of_its_own_it_says_how_it_is_and_beside_the_platforms_nothing(
    tmp_path: Path, teams: FakeTeams
) -> None:
    database = tmp_path / "a.sqlite"
    given = teams_of(teams) | {"TEAMS_SECRET_EXPIRES": "2030-01-01"}
    async with serving(database, given, admin=LOOPBACK, database=database) as made:
        for path in ("/live", "/ready", "/health"):
            assert (await page(f"{made.admin}{path}"))[0] == 200
            assert (await page(f"{made.url}{path}"))[0] == 404
        assert (await page(f"{made.admin}/api/messages"))[0] == 404
        teams.bot = f"{made.url}/api/messages"
        assert (await asyncio.to_thread(teams.say, "help", "a:alex")).status == 200
        assert (await page(f"{made.url}/api/messages"))[0] == 405
        told = figures(await asyncio.to_thread(plain, f"{made.admin}/metrics"))
        assert told["irmer_connected"] == {"teams": 1}
        assert told["irmer_ack_seconds"]["teams"] >= 1
        assert told["irmer_refused_total"] == {"teams another method": 1}
        heard = told["irmer_last_heard_timestamp_seconds"]["teams"]
        assert abs(heard - time.time()) < 600
        assert told["irmer_token_expiry_timestamp_seconds"] == {"teams": 1_893_456_000}
        assert (await page(f"{made.url}/metrics"))[0] == 404, "never where the platforms call"
        assert (await page(f"{made.admin}/health"))[1].keys() == {
            "ok",
            "problems",
            "notes",
            "faces",
            "repeats",
            "processes",
        }


async def test_an_address_that_other_machines_reach_is_said(tmp_path: Path, teams: FakeTeams) -> None:
    async with serving(tmp_path / "a.sqlite", teams_of(teams), where=("0.0.0.0", 0)) as made:
        told = "0.0.0.0 is reached by other machines: put a proxy before it that speaks TLS."
        assert told in made.said
        assert (await page(f"{made.url}/live"))[0] == 200


async def test_a_port_that_is_taken_is_named(tmp_path: Path, teams: FakeTeams) -> None:
    with socket.create_server(LOOPBACK) as taken:
        there = taken.getsockname()
        with pytest.raises(CannotListen, match=f"port {there[1]} cannot be served: another program has"):
            async with serving(tmp_path / "a.sqlite", teams_of(teams), admin=there):
                pass


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--port", "70000"], "--port wants a number from 0 to 65535"),
        (["--port", "²"], "--port wants a number from 0 to 65535"),
        (["--host", "all"], "--host wants an address of this machine: 127.0.0.1, or 0.0.0.0 for all it has"),
        (["--host", "192.0.2.1", "--port", "0"],
         "port 0 of 192.0.2.1 cannot be served: this machine has no such address: choose one that it has, "
         "or 0.0.0.0 for all"),
        (["--port", "4999", "--admin-port", "4999"],
         "--admin-port is the port that the platforms call: give it another"),
        (["--admin-port", "x"], "--admin-port wants a number from 0 to 65535"),
        (["--admin-port", "all:90"],
         "--admin-port wants a port, or an address and a port: 9090, 0.0.0.0:9090"),
    ],
)  # fmt: skip
def test_what_it_cannot_listen_on_is_said_in_one_line(tmp_path: Path, given: list[str], told: str) -> None:
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    found = irmer_here("serve", *given, database=tmp_path / "a.sqlite", **settings)
    assert found == (2, "", f"irmer: {told}\n")


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    where = tmp_path / "file" / "irmer.sqlite"
    found = irmer_here("serve", database=where, **settings)
    assert found == (2, "", f"irmer: {where} cannot be written to (File exists): choose another place\n")


# In a process of its own


def environment(path: Path, **given: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "IRMER_DATABASE": str(path), **given}


START = [sys.executable, "-m", "bot", "serve", "--port", "0"]


@contextmanager
def process(path: Path, given: dict[str, str], *, args: list[str] | None = None) -> Iterator[Any]:
    made = subprocess.Popen(
        args or START, env=environment(path, **given), cwd=path.parent, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield made
    finally:
        made.kill()
        made.communicate()


def test_while_slack_is_silent_it_heeds_the_signal_and_the_next_start_finds_everything(
    tmp_path: Path,
) -> None:
    with nobody_there() as url:
        given = {
            "HOME": str(tmp_path),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": url,
        }
        with process(tmp_path / "a.sqlite", given, args=[*START[:-1], "0", "--admin-port", "0"]) as made:
            while not (tmp_path / "a.sqlite").exists():
                time.sleep(0.05)
            made.send_signal(signal.SIGTERM)
            _, err = made.communicate(timeout=20)
    assert (made.returncode, err) == (0, "")
    assert irmer_here("verify", database=tmp_path / "a.sqlite")[0] == 0


TOLD_TO_END = """
import os, signal, sys
class Told:
    def find_spec(self, name, path=None, target=None):
        if name == "bot.cli_serve":
            os.kill(os.getpid(), signal.SIGTERM)
sys.meta_path.insert(0, Told())
from bot.cli import main
main(["--port", "0", "serve"])
"""
ALONE = ["unshare", "--user", "--map-root-user", "--fork", "--pid", "--kill-child"]


@pytest.mark.parametrize("before", [[], ALONE], ids=["a process among others", "the first of its container"])
def test_told_to_end_while_it_is_still_starting_it_ends_well(tmp_path: Path, before: list[str]) -> None:
    if before and subprocess.run([*before, "true"], capture_output=True).returncode:
        pytest.skip("no process can be the first of anything here")
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "HOME": str(tmp_path)}
    args = [*before, sys.executable, "-c", TOLD_TO_END]
    with process(tmp_path / "a.sqlite", given, args=args) as made:
        out, err = made.communicate(timeout=60)
    assert (made.returncode, out, err) == (0, "", "")
    assert not (tmp_path / "a.sqlite").exists()


WITHOUT_A_HOME = """
import os, pwd, sys
os.environ.pop("HOME", None)
os.environ["XDG_DATA_HOME"] = "/nonexistent"
def nobody(_):
    raise KeyError("uid not found")
pwd.getpwuid = nobody
from bot.cli import main
sys.exit(main(["serve", "--port", "0"]))
"""


def test_a_user_without_a_home_is_asked_where_the_database_lies(tmp_path: Path) -> None:
    code = WITHOUT_A_HOME.replace('["serve", "--port", "0"]', '["cases"]').replace(
        'os.environ["XDG_DATA_HOME"] = "/nonexistent"', ""
    )
    with process(tmp_path / "a.sqlite", {"IRMER_DATABASE": ""}, args=[sys.executable, "-c", code]) as made:
        out, err = made.communicate(timeout=60)
    told = "this user has no home: say where the database lies, by IRMER_DATABASE or --database"
    assert (made.returncode, out, err) == (2, "", f"irmer: {told}\n")
    assert not list(tmp_path.iterdir())


def test_a_database_in_the_home_of_nobody_is_refused(tmp_path: Path) -> None:
    told = "nobody of that name has a home here: give the whole path of the database"
    assert irmer_here("cases", database="~nobody-here/a.sqlite") == (2, "", f"irmer: {told}\n")


async def test_a_user_without_a_home_may_serve(tmp_path: Path) -> None:
    async with FakeSlack(began=None) as slack:
        with process(
            tmp_path / "a.sqlite", slack_of(slack), args=[sys.executable, "-c", WITHOUT_A_HOME]
        ) as made:
            first = await asyncio.to_thread(made.stdout.readline)
            assert first.startswith("Slack: workspace")
            made.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(made.wait, 20) == 0
