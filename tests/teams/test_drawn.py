"""What is drawn once for many, and how long it is held."""

from __future__ import annotations

import gc

from bot.core.bot import Bot
from bot.core.cards import Card, Text
from bot.core.messages import Command, Place, Request, Show, User
from bot.teams.asked import CAPABILITIES, PERSONAL
from bot.teams.named import Drawn
from tests.core.cases.ward import NOW


class NoStore:
    """Whoever asks it something fails."""

    def __getattr__(self, verb: str) -> object:
        raise AssertionError(f"the store was asked: {verb}")


def looked_up(words: str, tenant: str = "trust", face=PERSONAL) -> Card:
    place = Place("a:alex", personal=face is PERSONAL)
    request = Request(tenant, User("8c1e"), place, NOW, Command(f"threshold {words}"))
    (shown,) = Bot(NoStore()).handle(request, face)  # type: ignore[arg-type]
    assert isinstance(shown, Show)
    return shown.card


def test_a_look_up_asks_the_store_nothing() -> None:
    for face in (PERSONAL, CAPABILITIES):
        assert looked_up("foetal", face=face).title == "10 mGy or more"


def test_a_look_up_is_drawn_once_for_each_organisation() -> None:
    drawn = Drawn()
    shown = looked_up("foetal")
    drawn.note(shown, {"drawn": 1}, own=True)
    assert drawn.of(looked_up("foetal"), own=True) == {"drawn": 1}
    assert drawn.of(looked_up("foetal", "another"), own=True) is None
    assert drawn.of(looked_up("foetal"), own=False) is None
    assert drawn.of(looked_up("4.2b"), own=True) is None


def test_what_is_drawn_is_held_no_longer_than_what_it_shows() -> None:
    drawn = Drawn()
    for number in range(50):
        card = Card(f"Case {number}", (Text("Two scans of one person."),))
        drawn.note(card, {"drawn": number}, own=True)
        assert drawn.of(card, own=True) == {"drawn": number}
        assert drawn.of(Card(f"Case {number}", (Text("Two scans of one person."),)), own=True) is None
        del card
    gc.collect()
    assert len(drawn._by) == 0
