"""Plays stories through the core alone, as faces with dialogs, with cards, or with buttons would."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.bot import Bot
from bot.core.cards import Card, Form, Input
from bot.core.check.answers import read_answer
from bot.core.check.form import ENOUGH_INPUT, FLAGS_INPUT, NONE, PERSON, UNKNOWN
from bot.core.messages import (
    Capabilities,
    Changed,
    Command,
    Done,
    Open,
    Place,
    Pressed,
    Replace,
    Reply,
    Request,
    Said,
    Show,
    Submitted,
    User,
    What,
)
from bot.terminal.pings import Printer
from bot.terminal.plain import lines
from rules.facts import FACTS
from storage.sqlite import open_store
from tests.stories import deliver

DIALOGS = Capabilities(dialogs=True, private_answers=True, hears_everything=False, live_inputs=True, name="d")
CARDS = Capabilities(dialogs=False, private_answers=False, hears_everything=False, name="c")


class Collected:
    """A screen that keeps what is shown."""

    def __init__(self) -> None:
        self.cards: list[Card] = []

    def show(self, card: Card) -> None:
        self.cards.append(card)

    def line(self) -> str:
        raise EOFError


class CorePlayer:
    """A person whose face turns everything into requests and remembers what is shown."""

    tenant = "t1"

    def __init__(self, face: Capabilities, path: Path, now: datetime, nation: str = "") -> None:
        self.face, self._path, self._nation, self.now = face, path, nation, now
        self.user, self.place = User("u1", "Radiographer", "admin"), Place("c1")
        self._start()

    def _start(self) -> None:
        self.store = open_store(self._path)
        self.bot = Bot(self.store, nation=self._nation)
        self.form: Form | None = None
        self.card: Card | None = None

    def restart(self) -> None:
        self.store.close()
        self._start()

    def do(self, what: What) -> list[Reply]:
        """One request, and what the face shows after it."""
        replies = self.bot.handle(Request(self.tenant, self.user, self.place, self.now, what), self.face)
        for reply in replies:
            if isinstance(reply, Open):
                self.form = reply.form
            elif isinstance(reply, Done):
                self.form = None
            elif isinstance(reply, Show | Replace):
                self.card = reply.card
                if isinstance(reply, Replace) and not self.face.dialogs:
                    self.form = None
        return replies

    def wait(self, until: datetime) -> str:
        self.now, printed = until, Collected()
        asyncio.run(deliver(self.store, Printer(printed, self.face.name), self.face, until))
        return "\n".join(line for card in printed.cards for line in lines(card))

    def say(self, command: str) -> str:
        shown = self.do(Command(command))
        return "\n".join(line for r in shown if isinstance(r, Show | Replace) for line in lines(r.card))

    def _press_keep(self) -> None:
        assert self.card is not None
        self.press(next(button.label for button in self.card.buttons if button.action == "check.keep"))

    def press(self, label: str) -> list[Reply]:
        buttons = [*(self.card.buttons if self.card else ()), *(self.form.buttons if self.form else ())]
        button = next(button for button in buttons if button.label == label)
        return self.do(Pressed(button.action, button.value))

    def tell(self, details: Mapping[str, str]) -> None:
        """It is kept, and its details come after."""
        if self.form:
            assert self.form.name == "check.why_corrected"
            self.submit(why=details["why"])
        assert self.card is not None
        assert self.card.title.startswith("Kept as record")
        if details.keys() - {"why"}:
            self.press("Add details")
            assert self.form is not None
            self.submit(**{one.name: details.get(one.name, one.value) for one in self.form.inputs})
            assert self.card.title.startswith("Kept with")

    def agree(self) -> None:
        """To what a verdict that nobody need be told rests on, where that was not all answered."""
        if self.form and self.form.name == "check.agree":
            self.submit()
        elif self.card and any(button.label == "Yes, all of it" for button in self.card.buttons):
            self.press("Yes, all of it")

    def go_on(self) -> None:
        """With the check that is unfinished, where one is asked which."""
        assert self.form is not None
        (pick,) = self.form.inputs
        self.submit(next=pick.options[0].value)

    def submit(self, **inputs: str) -> list[Reply]:
        assert self.form is not None
        return self.do(Submitted(self.form.name, self.form.key, inputs))


class FormPlayer(CorePlayer):
    """Fills in forms: dialogs that change as they are filled in, or cards in steps."""

    def check(self, text: str, answers: Mapping[str, Any]) -> None:
        self.do(Command(f"check {text}".strip()))
        self.steps = 0
        while self.form and self.form.name == "check":
            self.steps += 1
            assert self.steps <= 5, self.form.inputs
            self._fill(answers)
        self.agree()

    def _fill(self, answers: Mapping[str, Any]) -> None:
        assert self.form is not None
        filled: dict[str, str] = {}
        changed = True
        while changed and self.face.live_inputs:
            changed = False
            for one in self.form.inputs:
                value = self._value(one, answers)
                if one.live and filled.get(one.name) != value:
                    filled = {i.name: self._value(i, answers) for i in self.form.inputs}
                    self.do(Changed(self.form.name, self.form.key, one.name, filled))
                    changed = True
                    break
        self.submit(**{one.name: self._value(one, answers) for one in self.form.inputs})

    def _value(self, one: Input, answers: Mapping[str, Any]) -> str:
        if one.name == PERSON:
            return str(answers.get("person", UNKNOWN)).replace(" ", "_")
        if one.name == ENOUGH_INPUT:
            return ""
        if one.name == FLAGS_INPUT:
            offered = [option.value for option in one.options]
            ticked = [name for name in answers.get("flags", ()) if name in offered]
            return ",".join((*ticked, NONE))
        name = one.name
        if name == "age_years" and "age_group" in answers:
            return str(answers["age_group"])
        if name not in answers:
            return one.value or (UNKNOWN if one.options else "")
        value = read_answer(name, str(answers[name]), self.now)[1]
        return str(value).lower() if isinstance(value, bool) else str(value)

    def keep(self, details: Mapping[str, str]) -> None:
        if self.form is None and self.card is None:
            self.do(Command("check"))
            self.go_on()
        self.submit() if self.form else self._press_keep()
        self.tell(details)


class ButtonPlayer(CorePlayer):
    """Answers questions in a conversation: by button where there is one, by the card's input, or in words."""

    def check(self, text: str, answers: Mapping[str, Any]) -> None:
        self.place = Place("c1", thread="th1")
        self.do(Said(f"check {text}".strip(), mentioned=True))
        for _ in range(40):
            assert self.card is not None
            self.agree()
            if any(button.action == "check.keep" for button in self.card.buttons):
                return
            self._answer(answers)
        raise AssertionError("no verdict after 40 questions")

    def _answer(self, answers: Mapping[str, Any]) -> None:
        assert self.card is not None
        buttons = {b.value.split(":", 2)[2]: b for b in self.card.buttons if b.value.count(":") == 2}
        answer = next(b for b in self.card.buttons if b.action == "check.answer")
        names = answer.value.split(":")[1].split("+")
        if len(names) > 1:
            if "person" in answers and "male" in buttons:
                self.do(Pressed("check.answer", buttons[str(answers["person"])].value))
                return
            ticked = [name for name in names if name in answers.get("flags", ())]
            said = ",".join([*ticked, "none of the others"]) if ticked else "none"
            self.do(Pressed("check.answer", f"{':'.join(answer.value.split(':')[:2])}:{said}"))
            return
        (name,) = names
        given = answers.get(name, answers.get("age_group") if name == "age_years" else None)
        if name not in answers and name in answers.get("flags", ()):
            given = "yes"
        if given is None:
            self.do(Pressed("check.answer", buttons["?"].value))
        elif str(given) in buttons:
            self.do(Pressed("check.answer", buttons[str(given)].value))
        elif FACTS[name].answers:
            self.do(Said(str(given)))
        else:
            self.do(Pressed("check.answer", answer.value, {"answer": str(given)}))

    def keep(self, details: Mapping[str, str]) -> None:
        if self.card is None:
            self.do(Said("check", mentioned=True))
            self.press("Go on with it")
        self._press_keep()
        self.tell(details)
