"""A fake Teams and the bot, each on its own port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.teams import FakeTeams
from tests.teams import running
from tests.teams.running import Running


@pytest.fixture
def real_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second is one."""
    monkeypatch.setattr(running, "SECOND", 1.0)


@pytest.fixture
def teams() -> Iterator[FakeTeams]:
    fake = FakeTeams().start()
    yield fake
    fake.stop()
    assert fake.complaints == []
    assert [message.text for message in fake.messages if message.answered] == []


@pytest.fixture
def bot(teams: FakeTeams, tmp_path) -> Iterator[Running]:
    made = Running(teams, tmp_path / "irmer.sqlite")
    yield made
    made.stop()
