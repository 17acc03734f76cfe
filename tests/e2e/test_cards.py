"""Every kind of card, drawn as Slack and Teams do: nothing breaks inside a word or is wider than its card.

`make teams-e2e` installs what draws and runs this; elsewhere it is skipped, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.core.cards import Card, Pairs, Table, Text
from bot.teams import render
from tests.e2e.playground import MODULES, missing
from tools.pictures import slack_page, teams_page
from tools.pictures.cards import KEPT, WIDTHS, Measure, in_slack, looked_at, measuring

LONG = "Radiopharmaceuticaladministration" * 2


@pytest.fixture(scope="module")
def measure() -> Iterator[Measure]:
    if problem := missing(browser=True):
        pytest.skip(problem)
    with measuring() as one:
        yield one


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_breaks_inside_a_word_or_is_wider_than_its_card_in_slack_and_teams(
    measure: Measure, width: int
) -> None:
    """A test for each: all of it took 285 s beside other suites, and what hangs is ended at 300."""
    assert looked_at(measure, width, kept=KEPT) == []


@pytest.mark.parametrize(
    "card",
    [Card("One", (Text(f"It was a {LONG}"),)), Card("Two", (Table(("Is", "Of"), (("1", LONG),)),))],
    ids=["a word that breaks", "a cell that breaks"],
)
def test_what_is_wrong_is_seen(measure: Measure, card: Card) -> None:
    slack = slack_page.every({"one": in_slack(card)}, 320, people={})
    assert any(LONG in line for line in measure.look(slack, 320))
    teams = teams_page.page({"one": render.card(card)}, MODULES)
    assert any(LONG[:30] in line for line in measure.look(teams, 320))


def test_what_is_wider_than_its_card_is_seen(measure: Measure) -> None:
    drawn = render.card(Card("One", (Pairs((("Address", "short"),)),)))
    next(one for one in drawn["body"] if one["type"] == "FactSet")["facts"][0]["value"] = LONG
    assert any("wider" in line for line in measure.look(teams_page.page({"one": drawn}, MODULES), 320))
