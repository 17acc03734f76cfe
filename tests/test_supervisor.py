"""What a service manager hears of the process, at the far end of a real socket."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.core.reminders.turning import Turning
from bot.supervisor import Supervisor


@dataclass
class Manager:
    """systemd's end: what came, in order."""

    address: str
    ear: socket.socket
    heard: list[str] = field(default_factory=list)

    def listen(self) -> list[str]:
        while True:
            try:
                self.heard.append(self.ear.recv(4096).decode())
            except BlockingIOError:
                return self.heard


@pytest.fixture(params=["a path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    if request.param == "abstract" and not os.uname().sysname.startswith("Linux"):
        pytest.skip("abstract sockets are Linux's")
    name = f"irmer-{os.getpid()}"
    path = tmp_path / "n" if request.param == "a path" else f"\0{name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(path))
        ear.setblocking(False)
        yield Manager(str(path) if request.param == "a path" else f"@{name}", ear)


class Lane:
    """A loop that turns until it is told to hang."""

    def __init__(self) -> None:
        self.stuck = 0.0


async def run(
    manager: Manager, lane: Lane, problems: list[str], acts: list[object], usec: str = "40000"
) -> list[str]:
    """`acts`: numbers are seconds to wait, functions are called."""

    async def wrong() -> list[str]:
        return problems

    stop = asyncio.Event()
    supervisor = Supervisor(
        {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": usec, "WATCHDOG_PID": str(os.getpid())},
        [lane],  # type: ignore[list-item]
        wrong,
    )
    running = asyncio.create_task(supervisor.run(stop))
    for act in acts:
        if callable(act):
            act()
        else:
            await act  # type: ignore[misc]
    stop.set()
    await running
    return manager.listen()


async def fed(manager: Manager, times: int) -> None:
    """Until the dog was fed so often."""
    for _ in range(2000):
        if manager.listen().count("WATCHDOG=1") >= times:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"fed {manager.heard.count('WATCHDOG=1')} times")


async def told(manager: Manager, times: int) -> None:
    """Until it was told so often how we are."""
    for _ in range(2000):
        if sum(line.startswith("STATUS=") for line in manager.listen()) >= times:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it was told nothing")


async def test_it_is_told_that_we_listen_how_we_are_and_that_we_end(manager: Manager) -> None:
    heard = await run(manager, Lane(), [], [fed(manager, 2)])
    assert heard[0] == "READY=1"
    assert heard[-1] == "STOPPING=1"
    assert set(heard[1:-1]) == {"WATCHDOG=1", "STATUS=serving"}


async def test_a_lane_that_hangs_is_not_fed_for_and_one_that_goes_on_is(manager: Manager) -> None:
    lane = Lane()

    def hang() -> None:
        lane.stuck = 121.0
        manager.heard.clear()

    def go_on() -> None:
        manager.listen()
        assert "WATCHDOG=1" not in manager.heard[2:], "a beat that was under way may have come"
        lane.stuck = 0.0
        manager.heard.clear()

    await run(manager, lane, [], [fed(manager, 1), hang, told(manager, 5), go_on, fed(manager, 1)])


async def test_what_is_wrong_is_told_in_a_line(manager: Manager) -> None:
    heard = await run(manager, Lane(), ["Slack: not reached", "the disk is full"], [told(manager, 1)])
    assert "STATUS=Slack: not reached (and 1 more: /health)" in heard


async def test_another_s_watchdog_is_not_ours_to_feed(manager: Manager) -> None:
    stop = asyncio.Event()

    async def wrong() -> list[str]:
        stop.set()
        return []

    given = {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "40000", "WATCHDOG_PID": "1"}
    await Supervisor(given, [], wrong).run(stop)
    assert manager.listen() == ["READY=1", "STATUS=serving", "STOPPING=1"]


async def test_without_a_manager_nobody_is_told_and_nothing_waits() -> None:
    asked = []

    async def wrong() -> list[str]:
        asked.append("how we are")
        return []

    await asyncio.wait_for(Supervisor({}, [], wrong).run(asyncio.Event()), 10)
    assert asked == []


async def test_a_manager_that_is_gone_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()

    async def wrong() -> list[str]:
        stop.set()
        return []

    await Supervisor({"NOTIFY_SOCKET": str(tmp_path / "none")}, [], wrong).run(stop)
    assert "the service manager cannot be told" in caplog.text


def test_the_slowest_lane_tells_whether_all_turn() -> None:
    now = 100.0
    turning = Turning(60.0, lambda: now)
    assert turning.stuck == 0.0
    turning.turn(0)
    turning.turn(1)
    now = 150.0
    turning.turn(1)
    assert turning.stuck == 0.0
    now = 161.0
    assert turning.stuck == 61.0
    turning.end(0)
    assert turning.stuck == 0.0
