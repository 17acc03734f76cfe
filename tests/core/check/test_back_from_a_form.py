"""A check that forms led and that goes on in words: each answer of a form is gone back to by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.cards import Card
from bot.core.check.facts_for_the_record import TICKED
from bot.core.messages import Command, Pressed, Replace, Said, Show, Submitted
from tests.core.cases.ward import NOW
from tests.core.players import CARDS, CorePlayer

NEW = {"exposure": "accidental", "category": "diagnostic", "age_years": "40", "discovered_on": "2026-11-23"}
SCANS = {**NEW, "category": "radiotherapy_planning"}


@pytest.fixture
def player(tmp_path) -> Iterator[CorePlayer]:
    made = CorePlayer(CARDS, tmp_path / "a.sqlite", NOW, "england")
    yield made
    made.store.close()


def shown(player: CorePlayer, what) -> Card:
    return [reply.card for reply in player.do(what) if isinstance(reply, Show | Replace)][-1]


def state(player: CorePlayer) -> dict[str, Any]:
    (draft,) = player.store.drafts(player.tenant)
    return dict(draft.state)


def in_words(player: CorePlayer, *forms: dict[str, str]) -> Card:
    """As many forms, and the check is gone on with from a question that was typed for."""
    player.do(Command("check"))
    for given in forms:
        form = player.form
        assert form is not None
        inputs = {one.name: one.value for one in form.inputs} | {
            name: text for name, text in given.items() if name in {one.name for one in form.inputs}
        }
        player.do(Submitted(form.name, form.key, inputs))
    (draft,) = player.store.drafts(player.tenant)
    typed = {**draft.state, "typed": True}
    player.store.save_draft(player.tenant, draft.key, typed, now=NOW, expected=draft.version)
    return shown(player, Pressed("check.resume", str(typed["id"])))


def asked_in(card: Card) -> list[str]:
    """The facts that the card's buttons answer."""
    (names,) = {b.value.split(":")[1] for b in card.buttons if b.action == "check.answer"}
    return names.split("+")


@pytest.mark.parametrize(
    "forms",
    [
        (NEW,),
        (NEW, {"total_dose": "5 mSv", "flags": "none"}),
        (SCANS, {"planning_scans": "3", "flags": "none"}),
    ],
    ids=["the first", "doses", "scans"],
)
def test_going_back_asks_for_each_answer_of_a_form_by_itself(player, forms):
    in_words(player, *forms)
    while (before := state(player))["path"]:
        asked = asked_in(shown(player, Said("back", mentioned=True)))
        gone = {*before["facts"]} - {*state(player)["facts"]}
        assert len(asked) == 1 or {*asked} <= TICKED
        assert gone <= {*asked}, "nothing else is taken back"
    assert before["facts"] == {}


def test_none_of_these_says_nothing_of_what_was_no_tick(player):
    in_words(player, SCANS, {"planning_scans": "3", "flags": "none"})
    shown(player, Said("back", mentioned=True))
    old = f"{state(player)['id']}:planning_scans+total_dose+clinically_significant:none"
    shown(player, Pressed("check.answer", old))
    assert state(player)["facts"].get("planning_scans") == 3
    assert "total_dose" not in state(player)["facts"]
