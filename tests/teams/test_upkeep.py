"""What whoever looks after it does in Teams: tries the way of the reminders, and asks for the digest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.teams.deliver import IN_OUR_CHAT
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL, OTHER_CHANNEL
from tests.teams.player import CHAT
from tests.teams.running import until
from tests.teams.test_cases import BEGAN, Ward


@pytest.fixture
def ward(teams: FakeTeams, tmp_path: Path) -> Iterator[Ward]:
    made = Ward(teams, tmp_path / "irmer.sqlite")
    made.open()
    yield made
    made.stop()


def tried_in(teams: FakeTeams, where: str) -> list[str]:
    return [one.text for one in teams.posted(where) if "TEST by" in one.text]


def test_a_test_of_the_reminders_goes_where_they_go_and_says_what_became_of_it(ward: Ward, teams: FakeTeams):
    teams.conversations[OTHER_CHANNEL].installed = False
    ward.say("settings test_ping")
    until(lambda: bool(tried_in(teams, CHANNEL) and tried_in(teams, CHAT)))
    assert "Nothing is due" in tried_in(teams, CHANNEL)[0]
    # Two minutes on, whatever is still on its way then counts as lost.
    until(lambda: "sending" not in {one.state for one in ward.bot.store.outgoing(teams.tenant, "")})
    ward.at(BEGAN + timedelta(minutes=2))
    until(lambda: "instead of the fallback channel" in ward.say("settings test_ping"))
    until(lambda: "by then" not in ward.say("settings test_ping"))
    assert "**the fallback channel:** not delivered" in ward.card.text
    assert "**instead of the fallback channel:** the incidents channel: arrived" in ward.card.text
    assert "What became of it" not in ward.card.text
    assert len(tried_in(teams, CHAT)) == 1


def test_the_digest_is_shown_to_who_asks_in_their_own_chat(ward: Ward, teams: FakeTeams):
    teams.say("digest", CHANNEL)
    ward.bot.settle()
    assert "1 case open" in teams.last(CHAT).text
    assert teams.last(CHANNEL).text == IN_OUR_CHAT


def test_reminders_come_to_the_owner_as_well_where_a_setting_says_so(ward: Ward, teams: FakeTeams):
    ward.say("settings owner_reminders also by direct message")
    seen = len(teams.posted(CHAT))
    ward.later(BEGAN + timedelta(days=12))
    until(lambda: any("C26-0001" in one.text for one in teams.posted(CHAT)[seen:]))
