"""From the first word to the kept record in five clicks, for the seven commonest incidents, on both
platforms.

A click is a press of a button or a choice in an input. A question is what somebody has to answer on the way,
by a choice or by typing. What is left empty is not known. `python -m tests.test_clicks` prints the table.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.core.check.form import FLAGS_INPUT, NONE
from rules.facts import FACTS
from tests.fakes.card_limits import walk
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person, words
from tests.fakes.slack_state import View
from tests.fakes.teams import FakeTeams
from tests.slack.conftest import PACE, bot_for
from tests.teams.running import Running

MOST = 5
CHAT = "a:alex"


@dataclass
class Way:
    clicks: int = 0
    questions: int = 0
    kept: str = ""
    steps: list[str] = field(default_factory=list)

    def press(self, label: str) -> None:
        self.clicks += 1
        self.steps.append(f"[{label}]")

    def answer(self, name: str, *, typed: bool) -> None:
        self.questions += 1
        self.clicks += not typed
        self.steps.append(name)


@dataclass(frozen=True)
class Incident:
    """What somebody writes, what they answer where it is asked, and what is kept."""

    words: str
    outcome: str
    answers: Mapping[str, str] = field(default_factory=dict)


ACCIDENTAL, OTHER, INTENDED = ({"exposure": one} for one in ("accidental", "unintended", "as_intended"))
COMMONEST = {
    "wrong patient CT": Incident(
        "wrong patient had a CT head this morning, found today, not due any scan, man of 45, 2 mSv",
        "do_not_notify", ACCIDENTAL,
    ),
    "repeat CT": Incident(
        "CT abdomen repeated on the same patient, found today, man of 60, intended 8 mSv, 16 mSv in all",
        "do_not_notify", OTHER,
    ),
    "wrong side": Incident(
        "x-rayed the wrong ankle, found today, right instead of left, man of 30",
        "do_not_notify", {**OTHER, "total_dose": "0.002 mSv", "intended_dose": "0.001 mSv"},
    ),
    "pregnancy afterwards": Incident(
        "CT abdomen, patient found to be pregnant afterwards, found today, foetal dose 12 mGy, aged 28",
        "notify", INTENDED,
    ),
    "CBCT repeats": Incident(
        "CBCT 4 times for one fraction, found today, one was intended, set-up error, man of 70",
        "notify", OTHER,
    ),
    "wrong tracer": Incident(
        "wrong radiopharmaceutical given, found today: MDP bone scan instead of MIBI, woman of 58, 4 mSv",
        "notify", OTHER,
    ),
    "partial miss": Incident(
        "partial geographical miss found today in one fraction of breast radiotherapy, woman of 62",
        "do_not_notify",
        {**OTHER, "target_dose_ratio": "0.97", "organ_dose_ratio": "1", "fraction_dose_ratio": "0.97"},
    ),
}  # fmt: skip


def by_teams(incident: Incident, folder: Path) -> Way:
    teams, way = FakeTeams().start(), Way()
    bot = Running(teams, folder / "teams.sqlite")
    try:
        teams.say(f"check {incident.words}", CHAT)
        bot.settle()
        while way.clicks <= MOST and not bot.store.records(teams.tenant):
            card = teams.last(CHAT)
            given = _filled_in(way, card.card, incident)
            label = card.card["actions"][0]["title"]
            way.press(label)
            teams.press(card, label, **given)
            bot.settle()
        way.kept = _kept(bot.store, teams.tenant)
        assert teams.complaints == []
    finally:
        bot.stop()
        teams.stop()
    return way


def _filled_in(way: Way, card: Mapping[str, Any], incident: Incident) -> dict[str, str]:
    given = {}
    for _, node in walk(card):
        name = node.get("id", "")
        if str(node.get("type", "")).startswith("Input.") and not node.get("value"):
            wanted = NONE if name == FLAGS_INPUT else incident.answers.get(name, "")
            if wanted:
                given[name] = wanted
                way.answer(name, typed=node["type"] == "Input.Text")
    return given


async def by_slack(incident: Incident, folder: Path) -> Way:
    way = Way()
    async with FakeSlack(seconds_a_message=PACE) as slack, bot_for(slack, folder / "slack.sqlite") as world:
        person = slack.radiographer
        await slack.governance.command("settings nation england")
        await world.form(person, f"check {incident.words}")
        while way.clicks <= MOST and not world.store.records(world.tenant):
            while await _one_filled_in(way, slack, person, incident):
                pass
            assert person.view is not None
            way.press(person.view.content["submit"]["text"])
            assert await person.submit() == {}
        await slack.until(lambda: "Kept as record" in words(person.view))
        way.kept = _kept(world.store, world.tenant)
    return way


async def _one_filled_in(way: Way, slack: FakeSlack, person: Person, incident: Incident) -> bool:
    """The first that is open and can be answered; another answer may make another form."""
    asks = {FACTS[name].ask: name for name in incident.answers}
    assert person.view is not None
    for block in [b for b in person.view.content["blocks"] if b["type"] == "input"]:
        label, view = block["label"]["text"], person.view
        if person.value(label):
            continue
        if label == "Which of these apply?":
            name, wanted = FLAGS_INPUT, ["None of these, or none of the others"]
        elif label in asks:
            name, wanted = asks[label], incident.answers[asks[label]]
        else:
            continue
        way.answer(name, typed=block["element"]["type"] == "plain_text_input")
        was = view.hash
        await person.fill(label, wanted)
        if block.get("dispatch_action"):
            await slack.until(partial(_changed, view, was))
        return True
    return False


def _changed(view: View, was: str) -> bool:
    return view.hash != was


def _kept(store: Any, tenant: str) -> str:
    return ", ".join(record.outcome for record in store.records(tenant))


@pytest.mark.parametrize("name", COMMONEST)
def test_five_clicks_at_most_in_teams(name: str, tmp_path: Path) -> None:
    way = by_teams(COMMONEST[name], tmp_path)
    assert way.kept == COMMONEST[name].outcome, way.steps
    assert way.clicks <= MOST, way.steps
    assert way.questions <= len(COMMONEST[name].answers) + 1


@pytest.mark.parametrize("name", COMMONEST)
async def test_five_clicks_at_most_in_slack(name: str, tmp_path: Path) -> None:
    way = await by_slack(COMMONEST[name], tmp_path)
    assert way.kept == COMMONEST[name].outcome, way.steps
    assert way.clicks <= MOST, way.steps
    assert way.questions <= len(COMMONEST[name].answers) + 1


def main() -> None:
    print(f"{'incident':22} {'Slack clicks':>12} {'questions':>9} {'Teams clicks':>12} {'questions':>9}")
    for name, incident in COMMONEST.items():
        with tempfile.TemporaryDirectory() as folder:
            slack = asyncio.run(by_slack(incident, Path(folder)))
            teams = by_teams(incident, Path(folder))
        print(f"{name:22} {slack.clicks:12} {slack.questions:9} {teams.clicks:12} {teams.questions:9}")


if __name__ == "__main__":
    main()
