"""Conversations in data: what somebody does, and what must have come of it. Every face plays them all.

A story is a TOML file. `answers` hold, by fact, what is answered when that fact is asked ("flags" lists
those that apply; a fact that is not there is answered with "don't know"), `details` what the record is
given. `steps` are done in order; see `Player` for what can be done. `expect` is compared with the store at
the end, key by key.
"""

from __future__ import annotations

import asyncio
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.core.actions.delivery_cards import CaseContents
from bot.core.messages import Capabilities
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Sender, Timings
from rules.deadlines import UK
from storage.store import Store

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Story:
    name: str
    now: datetime
    steps: tuple[Mapping[str, Any], ...]
    answers: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    nation: str = ""


class Player(Protocol):
    """One person on one face, over a real store in a file."""

    store: Store
    tenant: str
    now: datetime

    def check(self, text: str, answers: Mapping[str, Any]) -> None:
        """Begin a check and answer until the verdict is shown."""

    def keep(self, details: Mapping[str, str]) -> None:
        """Keep the verdict that is shown, and then tell these details of its record."""

    def say(self, command: str) -> str:
        """Give a command; what is shown, as plain text."""

    def wait(self, until: datetime) -> str:
        """Let time pass; what is posted by then that nobody asked for, as plain text."""

    def restart(self) -> None:
        """The program stops, and is started again on the same store."""


async def deliver(store: Store, sender: Sender, face: Capabilities, now: datetime) -> None:
    """What is due at a moment, sent as the program sends it."""
    begun = time.monotonic()
    clock = Clock(lambda: now + timedelta(seconds=time.monotonic() - begun), time.monotonic)
    clock.believe()  # the fakes go by a clock of their own
    quick = Timings(pace=0.0, settle=0.1, backoff=0.1)
    contents = CaseContents(store, face)
    delivery = Delivery(store, sender, contents, worker="story", clock=clock, timings=quick)
    while time.monotonic() < begun + 20:
        due = store.next_due(None, sender.platform)
        if due is None or due > clock.wall() + timedelta(seconds=30):
            return
        if not await delivery.step():
            await asyncio.sleep(0.02)
    raise AssertionError("something is due still")


def stories() -> list[Story]:
    return [_story(path) for path in sorted(HERE.glob("*.toml"))]


def _story(path: Path) -> Story:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    now = datetime.fromisoformat(raw.pop("now")).replace(tzinfo=UK)
    return Story(now=now, steps=tuple(raw.pop("steps")), **raw)


def play(story: Story, player: Player) -> None:
    """Do every step, then compare what the store holds with what is expected."""
    for step in story.steps:
        do = step["do"]
        if do == "check":
            player.check(step.get("text", ""), {**story.answers, **step.get("answers", {})})
        elif do == "keep":
            player.keep(story.details)
        elif do == "say":
            shown = player.say(step["words"])
            for text in step.get("shows", ()):
                assert text in shown, f"{story.name}: {step['words']} shows no {text!r} in:\n{shown}"
        elif do == "wait":
            shown = player.wait(datetime.fromisoformat(step["until"]).replace(tzinfo=UK))
            for text in step.get("shows", ()):
                assert text in shown, f"{story.name}: {step['until']} pings no {text!r} in:\n{shown}"
            assert step.get("shows") or not shown, f"{story.name}: {step['until']} pings:\n{shown}"
        elif do == "restart":
            player.restart()
        else:
            raise ValueError(f"{story.name}: {do} is nothing a player does")
    _compare(story, player)


def _compare(story: Story, player: Player) -> None:
    records = sorted(player.store.records(player.tenant), key=lambda record: record.number)
    expected = story.expect.get("records", [])
    assert [r.number for r in records] == [e["number"] for e in expected], story.name
    for record, wanted in zip(records, expected, strict=True):
        given = {one.field: one.value for one in record.details}
        for key, value in wanted.get("facts", {}).items():
            kept = given.get(key) or record.assessment.facts.get(key, "")
            if isinstance(value, list) and isinstance(kept, str):
                kept = kept.split(", ")
            assert kept == value, (story.name, key)
        for key, value in wanted.get("verdict", {}).items():
            assert record.assessment.verdict.get(key) == value, (story.name, key)
        for key, value in wanted.get("record", {}).items():
            assert (given.get(key) or getattr(record.assessment, key)) == value, (story.name, key)
        if "revision" in wanted:
            assert record.revision == wanted["revision"], story.name
    for wanted in story.expect.get("cases", []):
        case = player.store.case(player.tenant, wanted["ref"])
        for key, value in wanted.get("case", {}).items():
            assert getattr(case, key) == value, (story.name, key)
        pings = [p for p in player.store.outgoing(player.tenant, case.ref) if p.kind == "ping" and p.sent_at]
        assert [f"{p.rule} {p.offset}" for p in pings] == wanted["pings"], story.name
