"""One story on every face: the same facts, verdicts, cases and pings come of it, whatever it looked like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.fakes.teams import FakeTeams
from tests.slack.player import FormPlayer, WordsPlayer
from tests.stories import Player, Story, play, stories
from tests.teams.player import TeamsPlayer
from tests.terminal.player import TerminalPlayer

Started = Callable[[Path, Story], Any]


@contextmanager
def terminal(path: Path, story: Story) -> Iterator[Player]:
    yield TerminalPlayer(path, story.now, story.nation)


@contextmanager
def slack(path: Path, story: Story) -> Iterator[Player]:
    player = FormPlayer(path, story.now, story.nation)
    yield player
    player.close()


@contextmanager
def slack_in_words(path: Path, story: Story) -> Iterator[Player]:
    player = WordsPlayer(path, story.now, story.nation)
    yield player
    player.close()


@contextmanager
def teams(path: Path, story: Story) -> Iterator[Player]:
    fake = FakeTeams().start()
    player = TeamsPlayer(fake, path, story.now, story.nation)
    yield player
    player.stop()
    fake.stop()
    assert fake.complaints == []


FACES: dict[str, Started] = {
    "terminal": terminal,
    "slack": slack,
    "slack in words": slack_in_words,
    "teams": teams,
}


def outcome(store: Store, tenant: str) -> dict[str, Any]:
    """What came of a story, without the ids of people, messages and conversations."""
    subjects = [r.number for r in store.records(tenant)] + [c.ref for c in store.cases(tenant)]
    return {
        "records": [(r.number, r.revision, r.status) for r in store.records(tenant)],
        "verdicts": [r.assessment.verdict["outcome"] for r in store.records(tenant)]
        + [code for r in store.records(tenant) for code in r.assessment.verdict["codes"]],
        "cases": [
            (c.ref, c.title, c.state, c.discovered_on, c.authority_reference) for c in store.cases(tenant)
        ],
        "deadlines": [
            (d.subject, d.kind, d.due_on, d.state)
            for subject in subjects
            for d in store.deadlines(tenant, subject=subject, state="")
        ],
        "pings": sorted(
            (p.subject, p.rule, p.offset, p.due_on, p.state)
            for subject in subjects
            for p in store.outgoing(tenant, subject)
            if p.kind == "ping"
        ),
    }


def facts(store: Store, tenant: str) -> dict[str, dict[str, Any]]:
    return {r.number: dict(r.assessment.facts) for r in store.records(tenant)}


def agree(one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]) -> bool:
    """The same records, and the same facts in them. A form asks some together that an interview, settled by
    then, no longer asks: those are on one side alone."""
    return one.keys() == other.keys() and all(
        one[number][name] == other[number][name]
        for number in one
        for name in one[number].keys() & other[number].keys()
    )


@pytest.fixture(scope="module")
def in_the_terminal(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """What comes of each story in the terminal, which the others are held against."""
    found: dict[str, tuple[Any, Any]] = {}
    for story in stories():
        with terminal(tmp_path_factory.mktemp("terminal") / "irmer.sqlite", story) as player:
            play(story, player)
            found[story.name] = outcome(player.store, player.tenant), facts(player.store, player.tenant)
    return found


@pytest.mark.parametrize("face", [face for face in FACES if face != "terminal"])
@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_same_comes_of_it_on_every_face(tmp_path: Path, in_the_terminal, story: Story, face: str):
    with FACES[face](tmp_path / "irmer.sqlite", story) as player:
        play(story, player)
        came, stated = in_the_terminal[story.name]
        assert outcome(player.store, player.tenant) == came
        assert agree(facts(player.store, player.tenant), stated)
        assert player.store.verify() == []
