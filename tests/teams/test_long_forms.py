"""A form that comes again with more in it than a card of Teams can hold."""

from __future__ import annotations

import pytest

from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.teams.running import Running
from tests.teams.test_pickers import settings_form

TEXT = ("organisation", "provider_id", "contact_name", "contact_role", "ask_here", "ping_days", "ping_hour")


@pytest.mark.parametrize(
    "given",
    [
        {"nation": "x" * 19_000},
        {"ask_here": "é" * 9_500, "organisation": "x" * 9_000},
        {"ping_days": "Monday, " * 2_300},
        dict.fromkeys(TEXT, "x" * 2_900),
        dict.fromkeys(TEXT, "é" * 1_900),
    ],
    ids=["one", "two", "a list", "many", "many, each not long"],
)
def test_settings_that_are_too_long_come_again_within_a_card_and_stay_as_they_were(
    teams: FakeTeams, bot: Running, given
):
    """That no card was too large for Teams is looked at by the fake."""
    teams.say("settings organisation North Trust", "a:alex")
    bot.settle()
    before = bot.store.settings(teams.tenant)
    form = settings_form(teams, bot)
    teams.press(form, "Save", **given)
    bot.settle()
    assert "are too long to be shown again. To change it, open the form again." in form.text
    assert "kept as they are" not in form.text
    assert "⚠" in form.text
    assert teams.refusals == []
    longest = max(given, key=lambda name: len(given[name]))
    assert longest not in {node.get("id") for _, node in walk(form.card)}, "it would be sent empty"
    rest = {name: "" for name, text in given.items() if name in {n.get("id") for _, n in walk(form.card)}}
    teams.press(form, "Save", **rest | ({"nation": "England"} if "nation" in rest else {}))
    bot.settle()
    assert bot.store.settings(teams.tenant).get(longest) == before.get(longest)
