"""A governance lead fills in what the papers want over three weeks, in short forms of each platform and by
typing: what was told stays, what is emptied says so, and what was promised is reminded of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from rules.deadlines import UK
from storage.model import Person
from tests.core.cases.ward import NOTIFY
from tests.fakes.slack_people import words
from tests.fakes.slack_state import elements_of
from tests.fakes.teams_world import shown_values
from tests.slack.player import SlackPlayer
from tests.teams.player import TeamsPlayer
from tests.test_acts import Hospital, of_slack, of_teams, slack, teams

FACTS = {**NOTIFY, "clinically_significant": True, "equipment_fault": True}


class Filling(Protocol):
    """How a person does it on one platform."""

    hospital: Hospital

    def type(self, words: str) -> str: ...

    def form(self, card: str, button: str) -> dict[str, str]:
        """The inputs of the form that a button on the card of `card` opens."""

    def send(self, **inputs: str) -> str:
        """Sends the form off, what is not named as it stood; what is said then."""

    def later(self, days: int) -> str:
        """What has been posted since."""


class InSlack:
    def __init__(self, player: SlackPlayer) -> None:
        self.player, self.hospital = player, of_slack(player)

    def type(self, words: str) -> str:
        return self.player.say(words)

    def form(self, card: str, button: str) -> dict[str, str]:
        return self.player._runner.run(self._form(card, button))

    async def _form(self, card: str, button: str) -> dict[str, str]:
        person, slack = self.player.person, self.player.slack
        slack.advance(10)
        message, view = await person.command(card), person.view
        await person.press(button, message)
        await slack.until(lambda: person.view is not view and person.view.content["callback_id"] == "form")
        found = {}
        for _, element in elements_of(person.view.content["blocks"]):
            if element["type"] != "button":
                option = element.get("initial_option") or {}
                found[element["action_id"]] = str(
                    element.get("initial_value") or element.get("initial_date") or option.get("value") or ""
                )
        return found

    def send(self, **inputs: str) -> str:
        return self.player._runner.run(self._send(inputs))

    async def _send(self, inputs: dict[str, str]) -> str:
        person, view = self.player.person, self.player.view
        for _, element in list(elements_of(view.content["blocks"])):
            if element["action_id"] in inputs:
                await self.player._put(element, inputs[element["action_id"]])
        before = words(view)
        assert await person.submit() == {}, person.errors
        await self.player.slack.until(lambda: person.view is None or words(person.view) != before)
        said = words(person.view) if person.view else ""
        while person.view is not None:
            await person.close()
        return said

    def later(self, days: int) -> str:
        self.player.now += timedelta(days=days)
        return self.player.wait(self.player.now)


class InTeams:
    def __init__(self, player: TeamsPlayer) -> None:
        self.player, self.hospital = player, of_teams(player)

    def type(self, words: str) -> str:
        return self.player.say(words)

    def form(self, card: str, button: str) -> dict[str, str]:
        self.player.say(card)
        self.player.press(button)
        return {name: str(value or "") for name, value in shown_values(self.player.card.card).items()}

    def send(self, **inputs: str) -> str:
        self.player.press("Keep", **inputs)
        return self.player.card.text

    def later(self, days: int) -> str:
        return self.player.wait(self.player.now + timedelta(days=days))


@contextmanager
def in_slack(path: Path) -> Iterator[Filling]:
    with slack(path) as player:
        yield InSlack(player)


@contextmanager
def in_teams(path: Path) -> Iterator[Filling]:
    with teams(path) as player:
        yield InTeams(player)


DOORS: dict[str, Any] = {"slack": in_slack, "teams": in_teams}


@pytest.mark.parametrize("door", DOORS)
def test_three_weeks_of_a_governance_lead_with_a_colleague(tmp_path: Path, door: str) -> None:
    with DOORS[door](tmp_path / "a.sqlite") as filling:
        hospital: Hospital = filling.hospital
        ref = hospital.case(facts=FACTS)
        (number,) = hospital.store.case(hospital.tenant, ref).records

        def told() -> dict[str, str]:
            held = {}
            for one in hospital.store.record(hospital.tenant, number).details:
                held[one.field] = one.value
            return held

        shown = filling.type(f"details {ref}")
        assert "missing: root cause" in shown
        assert filling.form(f"details {ref}", "Causes and learning").keys() == {
            "root_cause", "contributory_factors", "contributory_causes", "similar_incidents",
            "learning_shared",
        }  # fmt: skip
        said = filling.send(root_cause="two lists with one name", contributory_factors="task,people")
        assert f"Kept with {number}" in said
        filling.later(7)
        # A colleague tells something while the form is open: it stands.
        assert filling.form(f"details {ref}", "Who was told")["candour"] == ""
        hospital.store.give_details(
            hospital.tenant,
            number,
            {"candour": "2026-11-30"},
            by=Person(hospital.other, "Colleague"),
            now=datetime(2026, 12, 1, 9, 40, tzinfo=UK),
        )
        assert "Kept with" in filling.send(person_told="30 November 2026")
        assert {"candour": "2026-11-30", "person_told": "2026-11-30"}.items() <= told().items()
        filling.later(7)
        assert filling.form(f"details {ref}", "Causes and learning")["root_cause"] == (
            "two lists with one name"
        )
        said = filling.send(root_cause="", similar_incidents="none")
        assert "Root cause is taken out (it was two lists with one name" in said
        assert told()["contributory_factors"] == "task, people"
        assert filling.form(f"measure {ref}", "Corrective measure").keys() >= {"what", "user", "role", "day"}
        said = filling.send(what="one list", user=hospital.other, day="2026-12-20")
        assert "corrective measure 1. one list" in said
        (measure,) = hospital.store.measures(hospital.tenant, number)
        assert hospital.who(measure.owner) == "other"
        assert "corrective measure 1" in filling.later(7)
        assert "done" in filling.type(f"done {ref} measure 1 printed")
        assert hospital.store.measures(hospital.tenant, number)[0].state == "met"
        assert hospital.store.verify() == []
