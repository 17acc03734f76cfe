"""A paper in Teams: offered in the personal chat, put where its owner said yes; or its words, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest

from bot.teams.files import is_for_files
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, NewCase, Person
from tests.core.cases.ward import NOTIFY
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_files import Place
from tests.fakes.teams_world import ALEX, CHANNEL, SAM, Message
from tests.teams.player import CHAT, TeamsPlayer
from tests.teams.running import NOW


@pytest.fixture
def player(teams: FakeTeams, tmp_path: Path) -> Iterator[TeamsPlayer]:
    made = TeamsPlayer(teams, tmp_path / "irmer.sqlite", NOW, "england")
    made.say("help")
    yield made
    made.stop()


@pytest.fixture
def ref(player: TeamsPlayer) -> str:
    me, now = Person(ALEX.object_id, ALEX.name), player.now
    kept = Assessment(NOTIFY, decide(parse(NOTIFY, now.date())).as_dict())
    number = player.store.keep(player.tenant, kept, by=me, now=now).number
    new = NewCase("CT head", date(2026, 11, 23), (number,), owner=me)
    return player.store.open_case(player.tenant, new, by=me, now=now).ref


def offer(player: TeamsPlayer) -> Message:
    (found,) = [message for message in player.teams.posted(CHAT) if message.file]
    return found


def answered(player: TeamsPlayer, message: Message, **how: object) -> None:
    answer = player.teams.files.answer(message, ALEX, **how)  # type: ignore[arg-type]
    assert answer.status == 200
    player.bot.settle()


def text_of(place: Place) -> str:
    assert place.made is not None
    made = docx.Document(BytesIO(place.made))
    return "\n".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)


def in_chat(player: TeamsPlayer) -> str:
    return "\n".join(message.text for message in player.teams.posted(CHAT))


@pytest.mark.parametrize("where", [CHAT, CHANNEL])
def test_a_paper_is_offered_in_the_personal_chat_and_put_where_its_owner_said_yes(
    player: TeamsPlayer, ref: str, where: str
) -> None:
    player.where = where
    player.say(f"paper {ref} report")
    offered = offer(player)
    assert offered.file == f"{ref}-report-r1.docx"
    assert "0 of 8 points filled" in in_chat(player)
    if where == CHANNEL:
        assert "I have answered in our own chat" in player.teams.last(CHANNEL).text
    answered(player, offered)
    (place,) = player.teams.files.places.values()
    assert "MISSING. Ask the medical physics expert." in text_of(place)
    assert f"{ref}-report-r1.docx is in your files." in offered.text
    assert player.teams.last(CHAT).file == f"{ref}-report-r1.docx"


def test_what_comes_is_what_was_offered_whatever_was_told_since(player: TeamsPlayer, ref: str) -> None:
    player.say(f"paper {ref} report")
    player.say(f"details {ref} dose estimated by MPE")
    answered(player, offer(player))
    (place,) = player.teams.files.places.values()
    assert "Estimated by (role)\nMISSING" in text_of(place)


def test_declined_it_goes_nowhere_and_says_how_its_words_come(player: TeamsPlayer, ref: str) -> None:
    player.say(f"paper {ref} mpe")
    message = offer(player)
    answered(player, message, accept=False)
    assert f"paper {ref} mpe as text" in message.text
    assert player.teams.files.places == {}


def test_an_offer_is_its_owner_s_alone_and_does_not_stand_for_ever(player: TeamsPlayer, ref: str) -> None:
    player.say(f"paper {ref} report")
    message = offer(player)
    assert player.teams.files.answer(message, SAM).status == 200
    player.bot.settle()
    assert [one.made for one in player.teams.files.places.values()] == [None]
    assert "no longer at hand" in message.text


def test_an_offer_that_is_old_is_asked_for_anew(player: TeamsPlayer, ref: str) -> None:
    player.say(f"paper {ref} candour")
    message = offer(player)
    player.now += timedelta(hours=2)
    answered(player, message)
    assert "no longer at hand" in message.text
    assert [one.made for one in player.teams.files.places.values()] == [None]


@pytest.mark.parametrize(
    "host", ["https://files.example.org", "http://169.254.169.254", "https://evil.sharepoint.com@example.org"]
)
def test_bytes_go_to_no_address_that_is_not_one_of_teams(player: TeamsPlayer, ref: str, host: str) -> None:
    player.say(f"paper {ref} candour")
    answered(player, offer(player), host=host)
    assert [one.made for one in player.teams.files.places.values()] == [None]
    assert "Your files did not take it (an address that is not one of Teams)" in in_chat(player)


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://ward-my.sharepoint.com/personal/a/upload?x=1", True),
        ("http://ward-my.sharepoint.com/personal/a", False),
        ("https://ward-my.sharepoint.com.example.org/a", False),
        ("https://sharepoint.com.example.org/a", False),
        ("https://a@ward-my.sharepoint.com/a", False),
        ("https://ward-my.sharepoint.com:8443/a", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_an_address_for_files_is_microsoft_s(url: str, is_one: bool) -> None:
    assert is_for_files(url, frozenset()) is is_one


@pytest.mark.parametrize("statuses", [[503], [429, 500]])
def test_what_passes_where_files_go_is_tried_again(
    player: TeamsPlayer, ref: str, statuses: list[int]
) -> None:
    player.teams.files.statuses = statuses
    player.say(f"paper {ref} candour")
    answered(player, offer(player))
    assert [one.made is None for one in player.teams.files.places.values()] == [False]


def test_where_the_files_do_not_take_it_its_words_come(player: TeamsPlayer, ref: str) -> None:
    player.teams.files.statuses = [403]
    player.say(f"paper {ref} candour")
    answered(player, offer(player))
    assert "Your files did not take it (403). Here it is as text." in in_chat(player)
    assert "To tick by hand" in in_chat(player)


def test_an_app_whose_package_gives_no_files_gives_the_words(player: TeamsPlayer, ref: str) -> None:
    player.teams.files.allowed = False
    player.say(f"paper {ref} report")
    assert "an administrator uploads its package anew" in in_chat(player)
    assert "8 Corrective measures" in in_chat(player)


def test_without_the_library_the_words_come(
    player: TeamsPlayer, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    player.say(f"paper {ref} decision")
    assert "python-docx" in in_chat(player)
    assert "How it was arrived at" in in_chat(player)


def test_an_answer_that_is_none_is_left(player: TeamsPlayer, ref: str) -> None:
    player.say(f"paper {ref} report")
    answered(player, offer(player), context={})
    answered(player, offer(player), action="perhaps")
    assert [one.made for one in player.teams.files.places.values()] == [None, None]
