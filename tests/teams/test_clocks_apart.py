"""This machine's clock beside Teams' own: whoever answers a question is heard, whichever of the two is wrong,
and what was written before it is no answer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL
from tests.teams.player import TeamsPlayer

NOON = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
NOT_TAKEN = "was written before this stood here"


class Talk:
    """A verdict stands in a thread; `fast` is by how much this machine's clock is ahead of Teams'."""

    def __init__(self, teams: FakeTeams, path: Any, fast: timedelta, *, tells: bool = True) -> None:
        self.teams, self.fast = teams, fast
        self.player = TeamsPlayer(teams, path, NOON, "england", where=CHANNEL)
        self.tells(fast if tells else timedelta())
        teams.say("hello", CHANNEL)
        self.root = teams.messages[0].id
        self.word("check")
        form = teams.last(CHANNEL)
        told: dict[str, Any] = {"exposure": "accidental", "category": "diagnostic", "age_years": "40"}
        teams.press(form, "Continue", **told, discovered_on="2026-12-02")
        teams.press(form, "Continue", total_dose="1 mSv", flags="none")
        self.player.bot.settle()
        assert "Not notifiable" in form.text

    def tells(self, fast: timedelta) -> None:
        """What the answers say the time is."""
        self.teams.clock = lambda: self.player.now - self.fast
        self.teams.ahead = (self.fast - fast).total_seconds()

    def anew(self) -> None:
        self.player.restart()
        self.teams.clock = lambda: self.player.now - self.fast

    def word(self, text: str, *, after: float = 20, late: float = 0) -> str:
        """What is said to it, `late` seconds after it was written."""
        self.player.now += timedelta(seconds=after)
        at = self.teams.clock() - timedelta(seconds=late)
        stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.teams.say(text, CHANNEL, thread=self.root, timestamp=stamp)
        self.player.bot.settle()
        return self.teams.last(CHANNEL).text

    @property
    def in_the_record(self) -> int:
        return len(self.player.store.records(self.teams.tenant))


Begin = Callable[..., Talk]


@pytest.fixture
def begin(teams: FakeTeams, tmp_path: Any) -> Iterator[Begin]:
    begun: list[Talk] = []

    def of(fast: float, **how: Any) -> Talk:
        begun.append(Talk(teams, tmp_path / "irmer.sqlite", timedelta(seconds=fast), **how))
        return begun[-1]

    yield of
    for one in begun:
        one.player.stop()


@pytest.mark.parametrize("fast", [0, 90, 240, 4000, -90, -4000])
def test_quick_answers_are_taken_whichever_clock_is_wrong(begin: Begin, fast: float) -> None:
    talk = begin(fast)
    assert NOT_TAKEN not in talk.word("yes")
    assert talk.in_the_record == 1


@pytest.mark.parametrize("fast", [0, 90, 4000, -90])
def test_what_was_written_long_before_is_refused_whichever_clock_is_wrong(begin: Begin, fast: float) -> None:
    talk = begin(fast)
    assert NOT_TAKEN in talk.word("yes", late=150)
    assert talk.in_the_record == 0
    assert NOT_TAKEN not in talk.word("yes")
    assert talk.in_the_record == 1


@pytest.mark.parametrize("anew", [False, True])
def test_nobody_is_refused_twice_where_no_answer_tells_the_right_time(begin: Begin, anew: bool) -> None:
    talk = begin(90, tells=False)
    assert NOT_TAKEN in talk.word("yes")
    if anew:
        talk.anew()
    assert NOT_TAKEN not in talk.word("yes")
    assert talk.in_the_record == 1


@pytest.mark.parametrize("apart", [0.5, 4, 30])
def test_several_that_come_late_together_are_refused_each(begin: Begin, apart: float) -> None:
    talk = begin(0)
    for number in range(4):
        assert NOT_TAKEN in talk.word("yes", after=0.3, late=200 - number * apart)
    assert talk.in_the_record == 0
