"""What Teams delivers late is taken as of when it was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL, SAM
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
