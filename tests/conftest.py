"""Settings that hold for the whole suite."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from storage import connection
from storage.file import connect
from tests.beginnings import certificates_once, quick_ends, quick_stores

# How long an example takes says nothing about whether it is right, least of all on a busy machine. Before a
# release `--hypothesis-profile=long`.
settings.register_profile("usual", deadline=None, max_examples=40)
settings.register_profile("long", deadline=None, max_examples=1000)
settings.load_profile("usual")

if TYPE_CHECKING:
    from tools.postgres import Databases


def put_off_the_grammars_of_addresses() -> None:
    """jsonschema imports 38 grammars of web addresses, which takes longer than all else that a worker
    imports. One document of the tests has such an address; what is held against them fetches them."""
    later = ModuleType("rfc3987_syntax")

    def is_valid_syntax(rule: str, text: str) -> bool:
        if sys.modules.get(later.__name__) is later:
            del sys.modules[later.__name__]
        return bool(importlib.import_module(later.__name__).is_valid_syntax(rule, text))

    vars(later)["is_valid_syntax"] = is_valid_syntax
    sys.modules.setdefault(later.__name__, later)


put_off_the_grammars_of_addresses()


def keep_files_in_memory() -> None:
    """Tests write two gigabytes, a few megabytes at a time. A disk takes longer for the same calls: half of
    what the system does for a store that is begun, filled and thrown away."""
    with suppress(OSError):  # not on every system
        there = os.statvfs(MEMORY)
        room = there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC
        if room and os.access(MEMORY, os.W_OK) and "TMPDIR" not in os.environ:
            os.environ["TMPDIR"] = tempfile.tempdir = MEMORY


MEMORY, ROOM = "/dev/shm", 2**30
keep_files_in_memory()

# While thousands of tests are collected nothing is thrown away, and what was collected stays to the end:
# to look through it again and again is a sixth of what collecting takes.
gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    """A worker tells how a test came out, not that it begins, nor that a set-up or an end went well, where
    nobody asks how long those take: half of what it would send, and each costs two processes something."""
    quiet = hasattr(config, "workerinput") and config.option.durations is None
    for plugin in config.pluginmanager.get_plugins() if quiet else ():
        if type(plugin).__name__ == "WorkerInteractor":
            plugin.sendevent = partial(_send, plugin.sendevent)


def _send(send: Callable[..., None], name: str, **more: Any) -> None:
    report = more.get("data") if name == "testreport" else None
    went_well = report and report["when"] != "call" and report["outcome"] == "passed"
    if name != "logstart" and not went_well:
        send(name, **more)


def pytest_collection(session: pytest.Session) -> None:
    """In a fresh clone each module of tests is compiled by one worker: all collect all of them, in the same
    order, and would each compile what the others do at that moment."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != ["tests"]:
        return
    number, count = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    for path in sorted(Path("tests").rglob("test_*.py"))[number::count]:
        # What is wrong with one, or why it is passed over, is told where it is collected.
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(path.with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those that take seconds come first with every worker: begun last, one keeps the others waiting, and in
    one worker's share all of them stand behind one another."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    seconds = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    share = -(-len(others) // workers)
    items[:] = [
        item
        for worker in range(workers)
        for item in seconds[worker::workers] + others[worker * share : (worker + 1) * share]
    ]


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def shared_beginnings() -> Iterator[None]:
    """Thousands of stores and bots are begun within the tests' own process. Processes of their own do as
    everywhere; so does what asks for `real_stores`."""
    with certificates_once(), quick_stores(), quick_ends():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A server for the whole run of this process. Where none can be had, what wants one is passed over, and
    fails where WANT_POSTGRES is set."""
    from tools import postgres as own

    try:
        with own.databases() as found:
            yield found
    except LookupError as none:
        if os.environ.get("WANT_POSTGRES"):
            raise
        pytest.skip(str(none))


@pytest.fixture(scope="module")
def real_stores() -> Iterator[None]:
    """Made step by step and written to the disk, as everywhere but here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "connect", connect)
        yield
