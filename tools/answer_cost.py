"""What one plain answer in a check costs, followed call by call."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from bot.core.bot import Bot
from bot.core.messages import Capabilities, Place, Request, Said, User
from storage.sqlite import open_store

ROOT = Path(__file__).parents[1]
OURS = ("rules/", "storage/", "bot/")


class Cost(NamedTuple):
    """What one plain answer in a check costs: our files that it enters, facts parsed, verdicts decided."""

    files: int
    parses: int
    decisions: int


PARSES = {("rules/incident.py", "parse"), ("rules/parsing.py", "parse")}
DECISIONS = {("rules/deciding.py", "decide")}
NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
CHECK = ("check", "diagnostic", "unintended", "none of these", "12.{:03} mSv", "4 mSv")
_DOSES = count(1)  # of each check another, since what was decided is remembered


def answer_cost(face: Capabilities) -> Cost:
    """Follows the answers of a check typed one by one, and gives the dearest. The second of two checks of
    other doses: what the first answers of a process bring into memory would count in whichever came first."""
    _followed_check(face)
    return _followed_check(face)


def _followed_check(face: Capabilities) -> Cost:
    here = Place("terminal", personal=True)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "irmer.sqlite")
        bot = Bot(store, nation="england")
        costs = []
        dose = next(_DOSES)
        for text in CHECK:
            words = Said(text.format(dose), mentioned=True)
            said = Request("here", User("u1", standing="member"), here, NOON, words)
            costs.append(_followed(lambda said=said: bot.handle(said, face)))  # type: ignore[misc]
        store.close()
    return Cost(*map(max, zip(*costs[1:], strict=True)))


def _followed(work: Callable[[], object]) -> Cost:
    calls: list[tuple[str, str]] = []

    def follow(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT)):
            calls.append((frame.f_code.co_filename.removeprefix(f"{ROOT}/"), frame.f_code.co_name))

    threading.setprofile(follow)
    sys.setprofile(follow)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    ours = {name for name, _ in calls if name.startswith(OURS)}
    return Cost(len(ours), *(sum(call in kind for call in calls) for kind in (PARSES, DECISIONS)))
