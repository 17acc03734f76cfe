"""Several people at one card: what stands there in the end is what was said last."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_connector import Fault
from tests.fakes.teams_world import CHANNEL, SAM, Message
from tests.teams.running import Running, until

NEW = {"exposure": "accidental", "category": "diagnostic", "age_years": "40"}


@pytest.fixture
def form(teams: FakeTeams, bot: Running) -> Message:
    """In a thread, for whoever is in it."""
    teams.say("hello", CHANNEL)
    bot.settle()
    teams.say("check", CHANNEL, thread=teams.messages[0].id)
    bot.settle()
    return teams.last(CHANNEL)


def inputs(message: Message) -> set[str]:
    return {node["id"] for _, node in walk(message.card) if str(node.get("type")).startswith("Input.")}


@pytest.mark.parametrize("fault", [Fault(429, retry_after=1), Fault(504)], ids=["429", "504"])
def test_a_change_of_a_card_that_is_late_does_not_take_the_place_of_a_later_one(
    teams: FakeTeams, bot: Running, form: Message, fault: Fault
):
    teams.faults.append(fault)
    teams.press(form, "Continue", **NEW)
    until(lambda: not teams.faults)
    teams.press(form, "Continue", SAM, total_dose="5 mSv", flags="none")
    until(lambda: form.edits > 0)
    bot.settle()
    assert form.edits == 1
    assert "NOTIFY" in form.text


def test_what_was_pressed_last_is_worked_on_and_shown_last(
    teams: FakeTeams, bot: Running, form: Message, monkeypatch
):
    handle, calls = bot.bot.handle, []

    def slow(*args: Any) -> Any:
        calls.append(time.monotonic())
        replies = handle(*args)
        time.sleep(0.5 if len(calls) == 1 else 0.0)
        return replies

    monkeypatch.setattr(bot.bot, "handle", slow)
    with ThreadPoolExecutor(2) as people:
        first = people.submit(teams.press, form, "Continue", **NEW)
        until(lambda: bool(calls))
        second = people.submit(teams.press, form, "Continue", SAM, **NEW | {"age_years": "9"})
        answers = [one.result() for one in (first, second)]
    bot.settle()
    assert all(answer.status == 200 for answer in answers)
    assert "Age: 40 years (Alex Radiographer)" in form.text, "what Sam is shown, who sent it off too late"
    assert "total_dose" not in inputs(form)
