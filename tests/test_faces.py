"""Every story on every face: what it tells of comes of it, and the same facts, verdicts, cases and pings as
in the terminal, whatever it looked like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL
from tests.slack.player import FormPlayer, WordsPlayer
from tests.stories import Player, Story, play, stories
from tests.teams.player import CHAT, TeamsPlayer
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
def teams(path: Path, story: Story, where: str = CHAT) -> Iterator[Player]:
    fake = FakeTeams().start()
    player = TeamsPlayer(fake, path, story.now, story.nation, where)
    yield player
    player.stop()
    fake.stop()
    assert fake.complaints == []


FACES: dict[str, Started] = {
    "terminal": terminal,
    "slack": slack,
    "slack in words": slack_in_words,
    "teams": teams,
    "a channel of teams": partial(teams, where=CHANNEL),
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
            (p.subject, p.rule, p.offset, p.due_on, {"sending": "due"}.get(p.state, p.state))
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


Came = tuple[dict[str, Any], dict[str, dict[str, Any]]]


def played(face: str, story: Story, path: Path) -> Came:
    with FACES[face](path, story) as player:
        play(story, player)
        assert player.store.verify() == []
        return outcome(player.store, player.tenant), facts(player.store, player.tenant)


@pytest.fixture(scope="module")
def in_the_terminal(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Story], Came]:
    """What comes of a story in the terminal, which the others are held against; each is played there once."""
    found: dict[str, Came] = {}

    def of(story: Story) -> Came:
        if story.name not in found:
            path = tmp_path_factory.mktemp("terminal") / "irmer.sqlite"
            found[story.name] = played("terminal", story, path)
        return found[story.name]

    return of


@pytest.mark.parametrize("face", [face for face in FACES if face != "terminal"])
@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_story_comes_out_as_told_on_every_face(tmp_path: Path, in_the_terminal, story: Story, face: str):
    came, stated = in_the_terminal(story)
    result, theirs = played(face, story, tmp_path / "irmer.sqlite")
    assert result == came
    assert agree(theirs, stated)
