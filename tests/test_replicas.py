"""Two processes that serve one store: what each knows of the other, who does what once, how one leaves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot import presence, process
from bot.core.reminders.clock import Clock
from bot.core.reminders.watch import Watch
from bot.site import Pages
from bot.slack import socket, socket_client
from bot.slack.once import Recently
from storage.errors import Busy
from storage.memory_model import RunningProcess
from storage.model import Destination
from storage.sqlite import SqliteStore
from tests.core.reminders.platform import Time
from tests.fakes.slack import FakeSlack
from tests.storage.helpers import NOW, open_case
from tests.test_start_and_stop import LOOPBACK, Served, page, serving, slack_of, until

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "EVERY", 0.1)
    monkeypatch.setattr(socket_client, "GREETING", 0.1)
    monkeypatch.setattr(socket_client, "LOOK_AGAIN", 0.3)
    monkeypatch.setattr(process, "NOTICE", 1.0)


@asynccontextmanager
async def two(path: Path, given: dict[str, str]) -> AsyncIterator[tuple[Served, Served, AsyncExitStack]]:
    """The second may be ended before the first, by its stack."""
    async with serving(path, given, admin=LOOPBACK) as first, AsyncExitStack() as second:
        yield first, await second.enter_async_context(serving(path, given, admin=LOOPBACK)), second


def socketed(slack: FakeSlack) -> dict[str, str]:
    return slack_of(slack, SLACK_APP_TOKEN=slack.app_token)


async def told(served: Served) -> dict[str, Any]:
    return dict((await page(f"{served.admin}/health"))[1])


async def comes_to_tell(served: Served, fits: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """/health, once it fits."""
    for _ in range(100):
        if fits(health := await told(served)):
            return health
        await asyncio.sleep(0.05)
    raise AssertionError(health)


def faces(health: dict[str, Any]) -> list[str]:
    return [face.split()[0] for one in health["processes"] for face in one["faces"]]


async def test_two_on_one_app_token_are_right_and_each_shows_both(tmp_path: Path) -> None:
    async with (
        FakeSlack(began=None) as slack,
        two(tmp_path / "a.sqlite", socketed(slack)) as (first, second, ending),
    ):
        await until(lambda: len(slack.sockets.open) == 2)
        for one in (first, second):
            health = await comes_to_tell(one, lambda health: faces(health) == ["slack", "slack"])
            assert health["problems"] == []
        await asyncio.sleep(1)  # several looks at who is connected
        assert [await told(one) for one in (first, second) if (await told(one))["problems"]] == []
        assert len(slack.sockets.hellos) == 2, "neither connects anew to look who else is there"
        await ending.aclose()
        await until(lambda: len(slack.sockets.open) == 1)
        health = await comes_to_tell(first, lambda health: len(health["processes"]) == 1)
        assert (health["problems"], health["notes"]) == ([], [])
        assert await slack.radiographer.command("threshold foetal") is not None


async def test_one_on_another_store_is_red(tmp_path: Path) -> None:
    async with (
        FakeSlack(began=None) as slack,
        serving(tmp_path / "a.sqlite", socketed(slack)),
        serving(tmp_path / "b.sqlite", socketed(slack), admin=LOOPBACK) as other,
    ):
        health = await comes_to_tell(other, lambda health: health["problems"])
        assert health["problems"] == [f"{socket.SHARED}: each hears only a part"]


async def test_what_is_wrong_with_one_is_said_by_the_other(tmp_path: Path) -> None:
    async with (
        FakeSlack(began=None) as slack,
        serving(tmp_path / "a.sqlite", socketed(slack), admin=LOOPBACK) as first,
    ):
        store = SqliteStore(tmp_path / "a.sqlite", alone=False)
        now = process.wall()
        lost = RunningProcess("killed", "0.1", now, now, {})
        other = RunningProcess("other", "0.2", now, now, {"teams": 0}, ("Teams: gone",))
        store.runs(lost, now=now - 2 * MINUTE)
        store.runs(other, now=now)
        health = await comes_to_tell(first, lambda health: health["problems"])
        assert health["problems"] == ["Teams: gone"]
        assert [one["release"] for one in health["processes"][1:]] == ["0.2"]
        assert [note.startswith("process killed was last seen at ") for note in health["notes"]] == [True]
        store.close()


async def test_whoever_ends_is_not_ready_while_another_can_be_called_instead(tmp_path: Path) -> None:
    async with (
        FakeSlack(began=None) as slack,
        two(tmp_path / "a.sqlite", slack_of(slack)) as (first, second, _),
    ):
        assert (await page(f"{second.admin}/ready"))[0] == 200
        await asyncio.sleep(0.3)  # each has heard of the other
        second.stop.set()
        await asyncio.sleep(0.2)
        assert await page(f"{second.admin}/ready") == (503, {"ok": False, "waits": ["it is ending"]})
        assert (await page(f"{second.admin}/live"))[0] == 200
        assert (await page(f"{first.admin}/ready"))[0] == 200
        await comes_to_tell(first, lambda health: len(health["processes"]) == 1)


async def test_what_was_heard_is_acknowledged_before_the_socket_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, begun = socket.run_async_bolt_app, asyncio.Event()

    async def slowly(*given: Any) -> Any:
        begun.set()
        await asyncio.sleep(0.5)
        return await run(*given)

    async with FakeSlack(began=None) as slack, serving(tmp_path / "a.sqlite", socketed(slack)) as made:
        monkeypatch.setattr(socket, "run_async_bolt_app", slowly)
        typed = asyncio.create_task(slack.radiographer.command("threshold foetal"))
        await begun.wait()
        made.stop.set()
        assert await typed is not None


async def test_the_store_out_of_reach_is_not_ready_and_a_loop_that_stands_still_is_not_alive() -> None:
    class Still:
        health, notes, repeats, stuck, outcomes = "", (), 0, 130.0, {}

    answers: list[Exception | None] = [Busy("held"), None]

    def reaches() -> None:
        if problem := answers.pop(0):
            raise problem

    pages = Pages([], [Still()], reaches=reaches)  # type: ignore[list-item]
    assert await pages._ready() == (False, {"waits": ["the store: held"]})
    assert await pages._ready() == (True, {"waits": []})
    assert await pages._live() == (False, {"stuck_seconds": 130})


# The watch


def test_of_two_one_looks_for_all_and_the_other_goes_on_when_it_has_gone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.sqlite")
    open_case(store)
    time = Time(NOW)
    clock = Clock(time.wall, time.monotonic)
    clock.believe()

    def watch(name: str) -> Watch:
        def turn(length: timedelta) -> bool:
            return store.takes_turn("watch", name, now=time.wall(), length=length)

        made = Watch(store, Destination("chat", "here"), clock, my_turn=turn)
        monkeyed = made._forget
        made._forget = lambda now: looked.append(name) or monkeyed(now)  # type: ignore[method-assign, func-returns-value]
        return made

    looked: list[str] = []
    one, two = watch("one"), watch("two")
    for _ in range(3):
        for each in (one, two):
            assert each.look() == ""
        time.pass_(MINUTE)
    assert looked == ["one"] * 3
    store.has_ended("one")
    two.look()
    assert looked[3:] == ["two"]
    time.pass_(2 * MINUTE)  # it was killed, and says nothing more
    one.look()
    time.pass_(MINUTE)
    one.look()
    assert looked[4:] == ["one"]
    store.close()


def test_late_reminders_are_seen_by_whoever_has_not_the_turn(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.sqlite")
    open_case(store)
    time = Time(NOW + timedelta(days=30))
    clock = Clock(time.wall, time.monotonic)
    clock.believe()
    watch = Watch(store, Destination("chat", "here"), clock, my_turn=lambda _: False)
    assert "should have left" in watch.look()
    store.close()


# The heartbeat


@contextmanager
def watchman(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/ping/canary-7", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 404])
async def test_a_full_look_is_told_outside_and_health_says_where_that_fails(
    tmp_path: Path, status: int
) -> None:
    async with FakeSlack(began=None) as slack:
        with watchman(status) as (url, asked):
            given = socketed(slack) | {"IRMER_HEARTBEAT_URL": url}
            async with serving(tmp_path / "a.sqlite", given, admin=LOOPBACK) as made:
                await until(lambda: asked)
                fits = lambda health: bool(health["problems"]) == (status != 200)  # noqa: E731
                health = await comes_to_tell(made, fits)
                wrong = ["the heartbeat does not reach 127.0.0.1: it answers 404"]
                assert health["problems"] == ([] if status == 200 else wrong)
            assert set(asked) == {"/ping/canary-7"}


# The clocks


def test_a_clock_apart_from_the_stores_is_told_and_then_not_believed() -> None:
    time = Time(NOW)
    clock = Clock(time.wall, time.monotonic)
    clock.believe()
    for apart, trusted, says in (
        (0, True, ""), (5, True, ""), (-7, True, "is 7 s behind the database's: set it right"),
        (31, False, "is 31 s ahead of the database's: nothing is sent until they agree"),
    ):  # fmt: skip
        clock.hold_against(NOW - apart * SECOND)
        assert (clock.trusted, says in clock.trouble, bool(clock.trouble)) == (trusted, True, bool(says))
    clock.hold_against(None)
    assert clock.trusted


# What people do twice


async def test_a_second_press_that_reaches_another_process_is_still_a_second_press(tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / "a.sqlite", alone=False) for _ in range(2)]
    time = Time(NOW)
    one, two = (Recently(store, time.wall) for store in stores)
    assert not await one.again("T1", "U1", "command", "check")
    assert await two.again("T1", "U1", "command", "check")
    assert not await two.again("T1", "U2", "command", "check")
    await two.forget("T1", "U1")
    assert not await one.again("T1", "U1", "command", "check")
    time.pass_(timedelta(seconds=5))
    assert not await two.again("T1", "U1", "command", "check")
    for store in stores:
        store.close()
    assert not await one.again("T1", "U1", "command", "check"), "it is done, where the store does not say"
