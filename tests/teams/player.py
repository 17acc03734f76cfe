"""A person in Teams: fills in the cards that the bot sends, and presses their buttons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.check.answers import read_answer
from bot.core.check.form import ENOUGH_INPUT, FLAGS_INPUT, NONE, PERSON, UNKNOWN
from bot.teams.asked import CAPABILITIES
from bot.teams.inputs import TIME
from storage.store import Store
from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import Message, shown_values
from tests.stories import deliver
from tests.teams.running import Running

CHAT = "a:alex"
MOST_STEPS = 4


class TeamsPlayer:
    """`where` is the conversation that commands are given in; cards are answered wherever they come."""

    def __init__(
        self, teams: FakeTeams, path: Path, now: datetime, nation: str = "", where: str = CHAT, **running: Any
    ) -> None:
        self.teams, self.now, self.where, self.tenant = teams, now, where, teams.tenant
        self._path, self._running = path, {"clock": lambda: self.now, "nation": nation, **running}
        self.steps = 0
        self._start()

    def _start(self) -> None:
        self.bot = Running(self.teams, self._path, **self._running)

    @property
    def store(self) -> Store:
        return self.bot.store

    def restart(self) -> None:
        self.bot.stop()
        self._start()

    def stop(self) -> None:
        self.bot.stop()

    @property
    def card(self) -> Message:
        return self.teams.last(CHAT)

    def press(self, title: str, **inputs: str) -> None:
        answer = self.teams.press(self.card, title, **inputs)
        assert answer.status == 200
        assert answer.body["statusCode"] == 200
        self.bot.settle()

    def say(self, command: str) -> str:
        before = len(self.teams.posted())
        assert self.teams.say(command, self.where).status == 200
        self.bot.settle()
        return "\n".join(message.text for message in self.teams.posted()[before:])

    def wait(self, until: datetime) -> str:
        self.now, before = until, len(self.teams.posted())
        self.bot.run(deliver(self.store, self.bot.service.sender, CAPABILITIES, until))
        return "\n".join(message.text for message in self.teams.posted()[before:])

    def check(self, text: str, answers: Mapping[str, Any]) -> None:
        self.say(f"check {text}".strip())
        self.steps = 0
        while any(action["title"] == "Continue" for action in self.card.card["actions"]):
            self.steps += 1
            assert self.steps <= MOST_STEPS, self.card.text
            self.press("Continue", **self.filled(self.card.card, answers))
        if any(action["title"] == "Yes, all of it" for action in self.card.card["actions"]):
            self.press("Yes, all of it")

    def keep(self, details: Mapping[str, str]) -> None:
        if not any(action["title"] == "Change an answer" for action in self.card.card["actions"]):
            self.say("check")
            self.press("Continue", next=first_choice(self.card.card))
        self.press(self.card.card["actions"][0]["title"])
        assert "Kept as record" in self.card.text
        if details:
            self.press("Add details")
            inputs = shown_values(self.card.card)
            self.press("Keep", **{name: value for name, value in details.items() if name in inputs})
            assert "Kept with" in self.card.text

    def filled(self, card: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for _, node in walk(card):
            if str(node.get("type", "")).startswith("Input.") and not node["id"].endswith(TIME):
                found |= self._value(node, answers)
        return found

    def _value(self, node: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
        name, offered = node["id"], [choice["value"] for choice in node.get("choices", [])]
        if name == PERSON:
            return {name: str(answers.get("person", UNKNOWN)).replace(" ", "_")}
        if name == ENOUGH_INPUT:
            return {}
        if name == FLAGS_INPUT:
            return {name: ",".join((*(n for n in answers.get("flags", ()) if n in offered), NONE))}
        if name == "age_years" and "age_group" in answers:
            return {name: answers["age_group"]}
        if name not in answers:
            return {name: node.get("value") or (UNKNOWN if offered else "")}
        value = read_answer(name, str(answers[name]), self.now)[1]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if node["type"] != "Input.Date":
            return {name: text}
        day, _, clock = text.partition("T")
        return {name: day, name + TIME: clock[:5]}


def first_choice(card: Mapping[str, Any]) -> str:
    """The first answer of the card's list."""
    return next(str(node["choices"][0]["value"]) for _, node in walk(card) if "choices" in node)
