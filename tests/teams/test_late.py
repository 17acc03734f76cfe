"""What Teams delivers late is taken as of when it was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.teams.execute import LINE
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL, GROUP, SAM
from tests.teams.player import CHAT, TeamsPlayer
from tests.teams.running import Running

MIDNIGHT = datetime(2026, 12, 2, 0, 0, 20, tzinfo=UTC)
TOLD = "check CT head of the wrong patient, found today"
NEW = {"exposure": "accidental", "category": "diagnostic", "age_years": "40"}


def discovered(bot: Running, teams: FakeTeams) -> str:
    bot.settle()
    (draft,) = bot.store.drafts(teams.tenant)
    return str(draft.state["facts"]["discovered_on"])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-01T23:59:50.123Z", "2026-12-01"),
        ("2026-12-01T23:59:50.1234567Z", "2026-12-01"),
        ("2026-12-01T20:00:00Z", "2026-12-01"),
        ("2026-12-02T00:00:19Z", "2026-12-02"),
        ("2026-12-02T00:03:00Z", "2026-12-02"),
        ("2026-12-01T23:59:50", "2026-12-02"),
        ("yesterday", "2026-12-02"),
        (None, "2026-12-02"),
    ],
)
def test_today_is_the_day_on_which_it_was_written(teams: FakeTeams, tmp_path: Any, written, day):
    bot = Running(teams, tmp_path / "irmer.sqlite", clock=lambda: MIDNIGHT)
    teams.deliver(teams.activity(where=CHAT, text=TOLD, timestamp=written))
    assert discovered(bot, teams) == day
    bot.stop()


def test_a_yes_that_was_written_before_a_verdict_stood_there_keeps_nothing(teams: FakeTeams, tmp_path: Any):
    """Another in the thread has given another answer meanwhile."""
    player = TeamsPlayer(teams, tmp_path / "irmer.sqlite", MIDNIGHT, "england", where=CHANNEL)
    teams.say("hello", CHANNEL)
    root = teams.messages[0].id
    teams.say("check", CHANNEL, thread=root)
    player.bot.settle()
    form = teams.last(CHANNEL)
    teams.press(form, "Continue", **NEW, discovered_on="2026-12-01")
    teams.press(form, "Continue", total_dose="1 mSv", flags="none")
    player.bot.settle()
    assert "Not notifiable" in form.text
    written = player.now + timedelta(minutes=1)
    player.now += timedelta(minutes=3)
    teams.say("edit total dose", CHANNEL, thread=root, who=SAM)
    player.bot.settle()
    teams.press(teams.last(CHANNEL), "Continue", SAM, total_dose="5 mSv")
    player.bot.settle()
    assert "NOTIFY" in teams.last(CHANNEL).text
    player.now += timedelta(seconds=20)
    late = written.isoformat().replace("+00:00", "Z")
    teams.say("yes", CHANNEL, thread=root, timestamp=late)
    player.bot.settle()
    assert player.store.records(teams.tenant) == ()
    assert "was written before this stood here" in teams.last(CHANNEL).text
    teams.say("yes", CHANNEL, thread=root)
    player.bot.settle()
    assert len(player.store.records(teams.tenant)) == 1
    player.stop()


@pytest.mark.parametrize("where", [CHAT, CHANNEL, GROUP])
def test_what_a_process_before_this_one_had_begun_is_said_to_be_so(
    teams: FakeTeams, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, where: str
):
    """Whether it was done is not known here: it was not."""
    first = Running(teams, tmp_path / "irmer.sqlite", clock=lambda: MIDNIGHT)
    monkeypatch.setattr(first.bot, "handle", lambda request, face: [])  # and is ended over it
    teams.say(TOLD, where)
    sent = teams.messages[-1].activity
    first.stop()
    second = Running(teams, tmp_path / "irmer.sqlite", clock=lambda: MIDNIGHT)
    for _ in range(2):
        assert teams.deliver(sent).status == 200
    second.settle()
    told = [one.conversation for one in teams.posted() if "came to me twice" in one.text]
    assert told == [CHAT]
    assert second.store.drafts(teams.tenant) == ()
    teams.say(TOLD, CHAT)
    assert discovered(second, teams) == "2026-12-02"
    second.stop()


def test_a_press_that_came_to_a_process_before_this_one_is_not_said_to_be_done(
    teams: FakeTeams, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
):
    first = Running(teams, tmp_path / "irmer.sqlite", clock=lambda: MIDNIGHT)
    teams.say("check", CHAT)
    first.settle()
    data = {**teams.last(CHAT).card["actions"][0]["data"], **NEW}
    value = {"action": {"type": "Action.Execute", "verb": "submit", "data": data}}
    pressed = teams.activity("invoke", CHAT, name="adaptiveCard/action", value=value)
    monkeypatch.setattr(first.bot, "handle", lambda request, face: [])
    teams.deliver(pressed)
    first.stop()
    second = Running(teams, tmp_path / "irmer.sqlite", clock=lambda: MIDNIGHT)
    answer = teams.deliver(pressed)
    assert (answer.body["type"], "came to me twice" in answer.body["value"]) == (LINE, True), "the form stays"
    second.stop()
