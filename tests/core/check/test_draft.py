"""An unfinished check as the store keeps it: taken up whole, or named and not half-read."""

from datetime import datetime

import pytest

from bot.core.messages import Capabilities, Place, Said, Show
from rules.deadlines import UK
from tests.core.players import CorePlayer

NOW = datetime(2026, 11, 6, 3, 10, tzinfo=UK)
TYPED = Capabilities(dialogs=False, private_answers=True, hears_everything=True, buttons=False, name="x")
ANN = {"id": "u1", "name": "Radiographer", "at": "2026-11-06T03:00:00+00:00"}
# As the first release wrote it.
FIRST_RELEASE = {
    "id": "d1", "started": "2026-11-06T03:00:00+00:00",
    "facts": {"nation": "england", "category": "diagnostic", "age_years": 34},
    "sources": {
        "nation": {**ANN, "because": "from the settings"},
        "category": ANN,
        "age_years": {**ANN, "because": "read from what was written"},
    },
    "skipped": ["total_dose"], "path": [["category"]], "asking": [], "aside": False, "shown": [],
    "doubts": {}, "person": "", "stage": "asking", "details": {"account": "CT head"}, "detail_path": [],
    "opens": False, "typed": True, "paused": False, "number": "", "revision": 0, "why": "", "case": "",
    "waiting": "",
}  # fmt: skip


@pytest.fixture
def chat(tmp_path):
    player = CorePlayer(TYPED, tmp_path / "a.sqlite", NOW, "england")
    player.place = Place("t", personal=True)
    yield player
    player.store.close()


def left(chat, state):
    """An unfinished check that is in the store already."""
    chat.do(Said("check"))
    (kept,) = chat.store.drafts(chat.tenant)
    chat.store.save_draft(chat.tenant, kept.key, state, now=NOW)


def titles(replies):
    return [reply.card.title for reply in replies if isinstance(reply, Show)]


def test_a_check_that_the_first_release_left_goes_on_and_means_the_same(chat):
    left(chat, FIRST_RELEASE)
    chat.do(Said("near miss"))
    (kept,) = chat.store.drafts(chat.tenant)
    assert kept.state["facts"] == {**FIRST_RELEASE["facts"], "exposure": "near_miss"}
    assert kept.state["skipped"] == ["total_dose"]
    hows = {name: given["how"] for name, given in kept.state["sources"].items()}
    assert hows == {"nation": "settings", "category": "answered", "age_years": "read", "exposure": "answered"}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"mood": "good"},
        {"facts": ["england"]},
        {"facts": {"category": "alchemy"}},
        {"typed": "yes"},
        {"format": 99},
        {"stage": "weighing"},
        {"sources": {"nation": "somebody"}},
    ],
    ids=str,
)
def test_a_check_that_does_not_fit_any_more_is_named_and_stands_in_the_way_of_nothing(chat, spoilt):
    left(chat, {**FIRST_RELEASE, **spoilt})
    told = "The unfinished check from Fri 6 November 2026 at 03:00 was made by an earlier version"
    assert titles(chat.do(Said("threshold 4.2b")))[0].startswith("50% more images")
    shown = str(chat.do(Said("check a chest x-ray was given to the wrong patient")))
    assert told in shown or told in str(chat.do(Said("go on")))
    chat.do(Said("check new"))
    (standing,) = (one for one in chat.store.drafts(chat.tenant) if not one.state["paused"])
    assert standing.state["facts"] == {"nation": "england"}
