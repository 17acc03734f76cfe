"""Plays stories in the terminal: the real chat over a real file, with somebody at the keyboard who reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.bot import Bot
from bot.core.cards import Card
from bot.core.check.answers import flag_label
from bot.core.messages import User
from bot.terminal.chat import FACE, TENANT, Chat
from bot.terminal.pings import Printer
from bot.terminal.plain import lines
from rules.facts import FACTS
from storage.databases import open_database
from storage.postgres.server import ServerAddress
from storage.store import Store
from tests.stories import deliver

ASKS = {fact.ask: name for name, fact in FACTS.items()}


class Keyboard:
    """A screen that types what `answer` says to what is shown; None when there is nothing more to type."""

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.answer: Callable[[Card], str | None] = lambda _card: None

    def show(self, card: Card) -> None:
        self.cards.append(card)

    def line(self) -> str:
        typed = self.answer(self.cards[-1])
        if typed is None:
            raise EOFError
        return typed


class TerminalPlayer:
    tenant = TENANT

    def __init__(
        self, where: Path | ServerAddress, now: datetime, nation: str = "",
        opened: Callable[[Any], Store] = open_database,
    ) -> None:  # fmt: skip
        self._where, self._nation, self.now, self._opened = where, nation, now, opened
        self._start()

    def _start(self) -> None:
        self.store = self._opened(self._where)
        self.screen = Keyboard()
        bot = Bot(self.store, nation=self._nation, where=str(self._where))
        self.chat = Chat(bot, self.screen, lambda: self.now, User("u1", "Radiographer", "admin"))

    def restart(self) -> None:
        self.store.close()
        self._start()

    def type(self, *typed: str) -> list[Card]:
        """Type lines one after the other, whatever is shown; what was shown after."""
        begun = len(self.screen.cards)
        rest = iter(typed)
        self.screen.answer = lambda _card: next(rest, None)
        assert self.chat.run() == 0
        return self.screen.cards[begun + 1 :]

    def wait(self, until: datetime) -> str:
        self.now, begun = until, len(self.screen.cards)
        asyncio.run(deliver(self.store, Printer(self.screen, FACE.name), FACE, until))
        return "\n".join(line for card in self.screen.cards[begun:] for line in lines(card))

    def say(self, command: str) -> str:
        return "\n".join(line for card in self.type(command) for line in lines(card))

    def check(self, text: str, answers: Mapping[str, Any]) -> None:
        first = iter([f"check {text}".strip()])
        asked: list[str] = []

        def answer(card: Card) -> str | None:
            if (begin := next(first, None)) is not None:
                return begin
            if "Keep it" in " ".join(lines(card)):
                return None
            asked.append(card.title)
            assert len(asked) < 40, asked
            return typed_answer(card, answers)

        self.screen.answer = answer
        assert self.chat.run() == 0
        assert "Keep it" in " ".join(lines(self.screen.cards[-1]))

    def keep(self, details: Mapping[str, str]) -> None:
        def answer(card: Card) -> str | None:
            if card.title == "Why is the record corrected?":
                return details["why"]
            if "Another check is unfinished" in card.title:
                return "1"
            return "yes" if "Keep it" in " ".join(lines(card)) else None

        self.type_until(answer)
        kept = next(card.title for card in self.screen.cards if card.title.startswith("Kept as record"))
        told = {name: text for name, text in details.items() if name != "why"}
        number = kept.split()[3].strip(",")
        for name, text in told.items():
            assert "Kept with" in self.say(f"details {number} {name}: {text}")

    def type_until(self, answer: Callable[[Card], str | None]) -> None:
        """Take up the unfinished check, then answer."""
        first = iter(["check"])
        self.screen.answer = lambda card: next(first, None) or answer(card)
        assert self.chat.run() == 0


def typed_answer(card: Card, answers: Mapping[str, Any]) -> str:
    if card.title == "Is this right?":
        return "yes"
    if card.title.startswith("Which of these apply?"):
        text = " ".join(lines(card))
        labels = [flag_label(name) for name in answers.get("flags", ()) if flag_label(name) in text]
        if (
            "male or a young child" in text
            and "person" in answers
            and flag_label("unintended_foetal_exposure") in text
        ):
            return str(answers["person"])
        ticked = [label.split("(")[0].strip() for label in labels]
        return ", ".join([*ticked, "none of the others"]) if ticked else str(answers.get("no_flags", "none"))
    name = ASKS[card.title]
    if name not in answers and name in answers.get("flags", ()):
        return "yes"
    return str(answers.get(name, answers.get("age_group") if name == "age_years" else None) or "don't know")
