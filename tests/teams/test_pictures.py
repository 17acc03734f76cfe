"""Trends in Teams: the picture stands within its message, with words that say the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rules.deadlines import UK
from storage.model import Assessment, Person
from tests.fakes.teams import FakeTeams
from tests.teams.player import CHAT, TeamsPlayer

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UK)


@pytest.fixture
def player(tmp_path: Path) -> Iterator[TeamsPlayer]:
    fake = FakeTeams().start()
    made = TeamsPlayer(fake, tmp_path / "a.sqlite", NOW, "england")
    for n in range(100):
        facts = {
            "category": "diagnostic",
            "occurred_on": (date(2026, 1, 1) - timedelta(days=7 * n)).isoformat(),
        }
        kept = Assessment(facts, {"outcome": "do_not_notify"})
        made.store.keep(made.tenant, kept, by=Person("U1"), now=NOW)
    yield made
    made.stop()
    fake.stop()
    assert fake.complaints == []


def test_a_picture_comes_beside_the_words(player: TeamsPlayer) -> None:
    player.say("trends 2025")
    card, picture = player.teams.posted(CHAT)[-2:]
    assert "Incidents, 2025: nothing unusual" in card.text
    (attachment,) = picture.activity["attachments"]
    assert attachment["contentType"] == "image/png"
    assert picture.activity["text"].startswith("Incidents, 2025 by month, January 2025 to December 2025")


def test_where_none_can_be_drawn_a_word_says_what_is_wanted(
    player: TeamsPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    player.say("trends 2025")
    assert "install irmer-bot\\[charts\\]" in player.teams.posted(CHAT)[-1].activity["text"]
