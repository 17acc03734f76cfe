"""What somebody does and sees at one bot, and what the store holds meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NoReturn

from bot.core.bot import Bot
from bot.core.cards import Block, Bullets, Button, Card, Form, Text, Weight
from bot.core.messages import (
    Capabilities,
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
from rules.deadlines import UK
from rules.facts import FACTS, NOT_FOR_MALE_OR_YOUNG_CHILD
from storage.store import Store
from tests.truthful.incident import Incident

BEGIN = datetime(2026, 1, 1, 9, 0, tzinfo=UK)
State = dict[str, Any]


class Found(AssertionError):
    """Something that must not be, with how it came to it."""


@dataclass
class Screen:
    """What stands before somebody, and the buttons further up."""

    card: Card | None = None
    form: Form | None = None
    old: list[Button] = field(default_factory=list)


class Hand:
    """One person, or two in a thread. `of` says which incident each check is about, by its id; `slips` what
    was said wrong in it."""

    def __init__(self, store: Store, face: Capabilities, tenant: str, random: Random) -> None:
        self.store, self.face, self.tenant, self.random = store, face, tenant, random
        self.bot, self.now, self.screen = Bot(store), BEGIN, Screen()
        threaded = face.buttons and not face.dialogs and random.random() < 0.4
        self.place = Place("c1", thread="th1") if threaded else Place("d1", personal=True)
        self.users = [User("u1", "Radiographer"), *([User("u2", "Physicist")] if threaded else [])]
        self.by_forms = face.dialogs or face.forms_in_messages
        self.incident: Incident
        self.of: dict[str, Incident] = {}
        self.slips: dict[str, set[str]] = {}
        self.log: list[str] = []
        self.told_kept: list[str] = []
        self.counted: Counter[str] = Counter()

    def do(self, what: What) -> None:
        self.now += timedelta(seconds=20)
        self.counted["requests"] += 1
        self.log.append(f"> {_short(what)}")
        user = self.random.choice(self.users)
        for reply in self.bot.handle(Request(self.tenant, user, self.place, self.now, what), self.face):
            self._see(reply)
        for draft in self.store.drafts(self.tenant):
            self.of.setdefault(str(draft.state["id"]), self.incident)

    def _see(self, reply: Reply) -> None:
        screen = self.screen
        if isinstance(reply, Open):
            screen.form = reply.form
            self.log.append(f"  [{reply.form.title}] {[one.name for one in reply.form.inputs]}")
        elif isinstance(reply, Done):
            screen.form = None
        elif isinstance(reply, Show | Replace):
            screen.old += screen.card.buttons if screen.card else ()
            screen.card, screen.form = reply.card, None
            self.log.append(f"  {reply.card.title}")
            if reply.card.title.startswith("Kept as record "):  # looked up once it is over
                self.told_kept.append(reply.card.title.split()[3].rstrip(","))
                self.counted["kept"] += 1

    def say(self, words: str) -> None:
        self.do(Said(words, mentioned=True))

    def command(self, words: str) -> None:
        """As one begins here: by a command where that opens a form."""
        self.do(Command(words) if self.by_forms else Said(words, mentioned=True))

    def press(self, button: Button, **inputs: str) -> None:
        self.do(Pressed(button.action, button.value, inputs))

    def send(self, form: Form, **inputs: str) -> None:
        if not self.face.dialogs:
            self.screen.form = None
        self.do(Submitted(form.name, form.key, inputs))

    def say_or_press(self, words: str, wanted: str) -> None:
        """The button of this label or action, where there is one."""
        buttons = self.screen.card.buttons if self.screen.card else ()
        button = next((b for b in buttons if wanted in (b.label, b.action)), None)
        self.press(button) if button else self.say(words)

    def come_back(self) -> None:
        """`check` again, and the choice that may come of it."""
        self.screen.form = None
        self.command("check")

    def fail(self, what: str) -> NoReturn:
        raise Found("\n".join([what, *self.log[-60:]]))

    # What the store holds, which the person does not see

    def standing(self) -> State:
        """The state of the check that is before the person."""
        states = [draft.state for draft in self.store.drafts(self.tenant)]
        known = self._key()
        found = [dict(state) for state in states if state["id"] == known]
        found += [dict(state) for state in states if not state["paused"]]
        return found[0] if found else self.fail("nothing stands that this could be of")

    def _key(self) -> str:
        if self.screen.form:
            return self.screen.form.key.partition(":")[0]
        buttons = self.screen.card.buttons if self.screen.card else ()
        return next((b.value.partition(":")[0] for b in buttons if b.action.startswith("check.")), "")

    def wrong(self, state: State, *, with_assumed: bool = False) -> list[str]:
        """The facts of a check that are not so."""
        assumed = dict.fromkeys(NOT_FOR_MALE_OR_YOUNG_CHILD, False) if with_assumed else {}
        said, incident = {**assumed, **state["facts"]}, self.of[state["id"]]
        return [name for name, value in said.items() if not incident.holds(name, value)]


def text_of(blocks: tuple[Block, ...]) -> str:
    return " ".join(str(block) for block in blocks)


def bullets(card: Card) -> list[str]:
    """The last list on a card."""
    found = [block.items for block in card.blocks if isinstance(block, Bullets)]
    return list(found[-1]) if found else []


def warns(card: Card) -> bool:
    return any(isinstance(block, Text) and block.weight is Weight.WARNING for block in card.blocks)


def typed_value(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def applies(name: str, value: object) -> bool:
    """Is the flag's box to be ticked?"""
    return value is True or (name == "individuals_exposed" and str(value) != "1") or value == "observable"


def fact_by_name(name: str) -> str:
    """How `edit` names a fact."""
    return ("age_years" if name == "age_group" else name).replace("_", " ") if name in FACTS else name


def _short(what: What) -> str:
    return f"{type(what).__name__} {what.text!r}" if isinstance(what, Said | Command) else repr(what)
