"""`irmer serve` as a process of its own, with Slack configured."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.core.cases.ward import Ward
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.slack_state import TEAM
from tests.processes import irmer_here
from tests.slack.conftest import PACE

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]


@dataclass
class Running:
    process: asyncio.subprocess.Process
    said: list[str]

    @property
    def url(self) -> str:
        return next(
            word.rstrip(".") for line in self.said for word in line.split() if word.startswith("http://")
        )


def environment(slack: FakeSlack, file: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "HOME": str(file.parent), "IRMER_DATABASE": str(file),
        "IRMER_NATION": "wales",
        "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url, "PYTHONPATH": str(ROOT), **more,
    }  # fmt: skip


async def started(slack: FakeSlack, file: Path, **more: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", "--port", "0",
        env=environment(slack, file, **more), cwd=file.parent,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@asynccontextmanager
async def serving(slack: FakeSlack, file: Path, **more: str) -> AsyncIterator[Running]:
    process = await started(slack, file, **more)
    said: list[str] = []
    assert process.stdout is not None
    try:
        while not said or "http://" not in said[-1]:
            line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
            assert line, (await process.stderr.read()).decode() if process.stderr else ""
            said.append(line.strip())
        yield Running(process, said)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def test_http_mode_is_chosen_and_said_and_ends_cleanly(file: Path) -> None:
    async with FakeSlack(began=None, seconds_a_message=PACE) as slack:
        async with serving(slack, file, SLACK_SIGNING_SECRET=slack.signing_secret) as running:
            assert any("HTTP" in line for line in running.said)
            slack.bot_url = f"{running.url}/slack/events"
            assert "10 mGy" in words(await slack.radiographer.command("threshold foetal"))
            async with slack.http.get(f"{running.url}/health") as answer:
                health = await answer.json()
            assert (answer.status, health["ok"]) == (200, True)
            assert "last heard of at" in health["faces"][0]
            assert "in the place of Slack" in health["faces"][0]  # nobody takes a test for the real thing
        assert running.process.returncode == 0
        assert slack.complaints == []


async def test_socket_mode_is_chosen_where_there_is_an_app_token_and_serves_no_events_by_http(
    file: Path,
) -> None:
    """A socket that Slack does not give at first is waited for."""
    async with FakeSlack(began=None, seconds_a_message=PACE) as slack:
        slack.fault("apps.connections.open", "500", times=2)
        both = {"SLACK_SIGNING_SECRET": slack.signing_secret, "SLACK_APP_TOKEN": slack.app_token}
        async with serving(slack, file, **both) as running:
            assert any("Socket Mode" in line for line in running.said)
            await slack.until(lambda: slack.sockets.open)
            assert "10 mGy" in words(await slack.radiographer.command("threshold foetal"))
            async with slack.http.post(f"{running.url}/slack/events", data=b"x") as answer:
                assert answer.status == 404
        assert running.process.returncode == 0


async def test_a_start_under_an_id_without_data_names_whose_there_are_and_so_does_health(file: Path) -> None:
    ward = Ward(file)
    ward.case()
    ward.store.close()
    async with FakeSlack(began=None, seconds_a_message=PACE) as slack:
        async with serving(slack, file, SLACK_SIGNING_SECRET=slack.signing_secret) as running:
            told = f"in that of trust. Where it is one of these, irmer org bind trust slack workspace {TEAM}"
            assert any(told in line for line in running.said)
            problems: list[str] = []
            for _ in range(40):
                async with slack.http.get(f"{running.url}/health") as answer:
                    problems = (await answer.json())["problems"]
                if any("open deadlines" in line for line in problems):
                    break
                await asyncio.sleep(0.2)
            assert any(told in line for line in problems)
            assert any(
                line.startswith("trust has 2 open deadlines, and nobody serves it") for line in problems
            )
        joined = {"SLACK_SIGNING_SECRET": slack.signing_secret, "IRMER_TENANT": "trust"}
        async with serving(slack, file, **joined) as running:
            assert not any("IRMER_TENANT" in line for line in running.said)


async def test_a_process_that_is_killed_leaves_the_check_to_the_next(file: Path) -> None:
    async with FakeSlack(began=None, seconds_a_message=PACE) as slack:
        person = slack.radiographer
        async with serving(slack, file, SLACK_APP_TOKEN=slack.app_token) as running:
            await person.say("check")
            await slack.until(lambda: slack.direct(person.id).messages[-1].by_bot)
            await person.say("diagnostic")
            await slack.until(lambda: "Was any exposure" in words(slack.direct(person.id).messages[-1]))
            running.process.kill()
            await running.process.wait()
        async with serving(slack, file, SLACK_APP_TOKEN=slack.app_token):
            await person.say("no, none at all")
            await slack.until(lambda: slack.direct(person.id).messages[-1].by_bot)
            assert "Was any exposure" not in words(slack.direct(person.id).messages[-1])
    assert slack.complaints == []


WRONG = [
    ({"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN: invalid_auth"),
    ({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN: invalid_auth"),
]


@pytest.mark.parametrize(("given", "named"), [
    ({"SLACK_BOT_TOKEN": "xoxp-wrong", "SLACK_APP_TOKEN": "xapp-1"}, "xoxb-"),
    ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
    ({"SLACK_BOT_TOKEN": ""}, "no chat platform is configured"),
])  # fmt: skip
def test_what_is_wrong_before_slack_is_asked_is_said_in_one_line(
    file: Path, given: dict[str, str], named: str
) -> None:
    status, out, err = irmer_here("serve", "--port", "0", database=file, **given)
    assert (status, out) == (2, "")
    assert named in err
    assert len(err.strip().splitlines()) == 1
    assert "wrong" not in err


@contextmanager
def beside() -> Iterator[FakeSlack]:
    """Slack on a thread of its own, while a command is run here that listens for signals."""
    loop, slack = asyncio.new_event_loop(), FakeSlack(began=None)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(slack.__aenter__(), loop).result(30)
        yield slack
        asyncio.run_coroutine_threadsafe(slack.__aexit__(), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def refused(slack: FakeSlack, file: Path, port: str = "0", **given: str) -> str:
    """What `serve` says where it does not begin; one line."""
    said = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url, "IRMER_NATION": "wales"}
    status, out, err = irmer_here("serve", "--port", port, database=file, **said | given)
    assert (status, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    return err


@pytest.mark.parametrize(("given", "named"), WRONG)
def test_what_is_wrong_is_said_in_one_line(file: Path, given: dict[str, str], named: str) -> None:
    with beside() as slack:
        said = refused(slack, file, **given)
    assert named in said
    assert "wrong" not in said


def test_a_port_that_is_taken_is_said_in_one_line(file: Path) -> None:
    with beside() as slack:
        taken = slack.base.rsplit(":", 1)[1]
        assert taken in refused(slack, file, taken, SLACK_SIGNING_SECRET="s")
