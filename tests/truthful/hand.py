"""What somebody does and sees at one bot, and what the store holds meanwhile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NoReturn

from bot.core.cards import Block, Bullets, Button, Card, Form, Pairs, Text, Weight
from bot.core.messages import (
    Command,
    Done,
    Open,
    Pressed,
    Replace,
    Reply,
    Said,
    Show,
    Submitted,
    What,
)
from rules.deadlines import UK
from rules.facts import FACTS, NOT_FOR_MALE_OR_YOUNG_CHILD
from tests.truthful.doors import Door, Gone
from tests.truthful.incident import Incident

BEGIN = datetime(2026, 1, 1, 9, 0, tzinfo=UK)
KEPT = re.compile(r"Kept (?:already, as|as record) (\d{4}-\d{4}|C\d\d-\d{4})")
REFERENCE = re.compile(r"\b(?:C\d\d|\d{4})-\d{4}\b")
State = dict[str, Any]


class Found(AssertionError):
    """Something that must not be, with how it came to it."""


@dataclass
class Screen:
    """What stands before somebody, and what stood there before."""

    card: Card | None = None
    form: Form | None = None
    old: list[Button] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


class Hand:
    """One person, or two in a thread. `errands` are the moves that are to be made; others are made by chance.
    `of` says which incident each check is about, by its id; `slips` what was said wrong in it."""

    def __init__(self, door: Door, random: Random, errands: Iterable[str]) -> None:
        self.door, self.random, self.errands = door, random, [*errands]
        self.store, self.face, self.tenant = door.store, door.face, door.tenant
        self.now, self.screen = BEGIN, Screen()
        self.by_forms = door.face.dialogs or door.face.forms_in_messages
        self.incident: Incident
        self.of: dict[str, Incident] = {}
        self.slips: dict[str, set[str]] = {}
        self.log: list[str] = []
        self.told_kept: list[str] = []
        self.counted: Counter[str] = Counter()
        self.taken_up = False  # it was just shown what the check before one holds
        self._standing: list[State] | None = None  # the checks in the store, once looked up
        self._touched, self._entries = self._kept_now(), 0

    # What is done on purpose, or by chance

    def wants(self, move: str, chance: float) -> bool:
        """Is this to be done now? An errand soon, anything else by chance."""
        errand = move in self.errands or (move == "slips" and "corrects" in self.errands)
        if errand and self.random.random() < 0.7:
            return True
        return self.random.random() < chance

    def did(self, move: str) -> bool:
        self.counted[move] += 1
        if move in self.errands:
            self.errands.remove(move)
        return True

    # One thing done

    def do(self, what: What) -> None:
        """Raises Gone where that stands nowhere any more."""
        self.now += timedelta(seconds=20)
        self.log.append(f"> {_short(what)}")
        named = self._named(what) if self._touched else set()
        self._standing = None
        pressed = isinstance(what, Pressed | Submitted)
        if pressed and self.door.people > 1 and self.wants("both press", 0.05):
            replies = self.door.both(what, self.now)
            self.did("both press")
        else:
            replies = self.door.do(what, self.random.randrange(self.door.people), self.now)
        self.counted["requests"] += 1
        self.taken_up = False
        for reply in replies:
            self._see(reply)
        for state in self._states():
            if says_anything(state):  # one that says nothing yet is of whatever is told there first
                self.of.setdefault(str(state["id"]), self.incident)
        if entries := self.store.audit(self.tenant, after=self._entries):
            self._entries = entries[-1].seq
            self.look_at_what_was_touched(named)

    def tried(self, what: What) -> bool:
        """False where it stands nowhere any more."""
        try:
            self.do(what)
        except Gone:
            self.log.append("  (it stands nowhere any more)")
            return False
        return True

    def _see(self, reply: Reply) -> None:
        screen = self.screen
        if isinstance(reply, Open):
            self._put_away()
            screen.form = reply.form
            self.log.append(f"  [{reply.form.title}] {[one.name for one in reply.form.inputs]}")
        elif isinstance(reply, Done):
            self._put_away()
        elif isinstance(reply, Show | Replace):
            screen.old += screen.card.buttons if screen.card else ()
            self._put_away()
            screen.card = reply.card
            self.log.append(f"  {reply.card.title}")
            told_whose = "This is about" in text_of(reply.card.blocks)
            self.taken_up |= told_whose or reply.card.title.startswith("What this check holds")
            if kept := KEPT.match(reply.card.title):
                self._told_kept(kept[1])

    def _put_away(self) -> None:
        """The form that is open is so no longer, here at least."""
        if form := self.screen.form:
            self.screen.forms.append(form)
            self.screen.old += form.buttons
        self.screen.form = None

    def _told_kept(self, subject: str) -> None:
        """Looked up once it is over; where it is the case that is named, its record."""
        is_case = subject.startswith("C")
        number = self.store.case(self.tenant, subject).records[0] if is_case else subject
        if number not in self.told_kept:
            self.told_kept.append(number)
            self.counted["kept"] += 1

    # No case and no record is touched that was not named

    def _named(self, what: What) -> set[str]:
        """What is named in the words, or on the card or the form that is answered."""
        screen = self.screen
        shown = [screen.form.title, *map(str, screen.form.blocks)] if screen.form else []
        shown += [screen.card.title, *map(str, screen.card.blocks)] if screen.card else []
        shown = [] if isinstance(what, Said | Command) else shown
        return set(REFERENCE.findall(" ".join([repr(what), *shown])))

    def _kept_now(self) -> dict[str, object]:
        cases = {one.ref: (one.version, one.state, one.records) for one in self.store.cases(self.tenant)}
        records = {
            one.number: (one.revision, one.confirmations, one.notes, one.details)
            for one in self.store.records(self.tenant)
        }
        return {**cases, **records}

    def look_at_what_was_touched(self, named: set[str]) -> None:
        before, self._touched = self._touched, self._kept_now()
        for subject, was in before.items():
            if self._touched.get(subject) != was and subject not in named:
                self.fail(f"{subject} was touched, and only these were named: {sorted(named)}")

    # The ways in which it is done

    def say(self, words: str) -> None:
        self.do(Said(words, mentioned=True))

    def command(self, words: str) -> None:
        """As one begins here: by a command where that opens a form."""
        self.do(Command(words) if self.by_forms else Said(words, mentioned=True))

    def press(self, button: Button, **inputs: str) -> None:
        self.do(Pressed(button.action, button.value, inputs))

    def send(self, form: Form, **inputs: str) -> None:
        if not self.face.dialogs:
            self._put_away()
        self.do(Submitted(form.name, form.key, inputs))

    def say_or_press(self, words: str, wanted: str) -> None:
        """The button of this action, where there is one; in words now and then all the same."""
        buttons = self.screen.card.buttons if self.screen.card else ()
        button = next((b for b in buttons if b.action == wanted), None)
        self.press(button) if button else self.say(words)

    def come_back(self) -> None:
        """`check` again, and the choice that may come of it."""
        self._put_away()
        self.command("check")

    def shown(self) -> str:
        """What stands on the card that came last."""
        card = self.screen.card
        return f"{card.title} {text_of(card.blocks)}" if card else ""

    def fail(self, what: str) -> NoReturn:
        raise Found("\n".join([what, *self.log[-60:]]))

    # What the store holds, which the person does not see

    def standing(self) -> State:
        """The state of the check that is before the person."""
        return self._of(self._key()) or self.fail("nothing stands that this could be of")

    def _states(self) -> list[State]:
        """Nothing changes them but what is done."""
        if self._standing is None:
            self._standing = [dict(draft.state) for draft in self.store.drafts(self.tenant)]
        return self._standing

    def _of(self, known: str) -> State | None:
        states = self._states()
        known_or_up = [*(s for s in states if s["id"] == known), *(s for s in states if not s["paused"])]
        return known_or_up[0] if known_or_up else None

    def _key(self) -> str:
        if self.screen.form:
            return self.screen.form.key.partition(":")[0]
        buttons = self.screen.card.buttons if self.screen.card else ()
        return next((b.value.partition(":")[0] for b in buttons if b.action.startswith("check.")), "")

    def wrong(self, state: State, *, with_assumed: bool = False) -> list[str]:
        """The facts of a check that are not so."""
        assumed = dict.fromkeys(NOT_FOR_MALE_OR_YOUNG_CHILD, False) if with_assumed else {}
        said, incident = {**assumed, **state["facts"]}, self.of.get(state["id"], self.incident)
        return [name for name, value in said.items() if not incident.holds(name, value)]


def says_anything(state: Mapping[str, Any]) -> bool:
    told = any(source["how"] != "settings" for source in state["sources"].values())
    return told or any(state[what] for what in ("details", "skipped", "waiting", "number", "case", "enough"))


def text_of(blocks: tuple[Block, ...]) -> str:
    return " ".join(str(block) for block in blocks)


def shows_pair(blocks: tuple[Block, ...], label: str, value: str) -> bool:
    return any((label, value) in block.pairs for block in blocks if isinstance(block, Pairs))


def bullets(card: Card) -> list[str]:
    """The last list on a card."""
    found = [block.items for block in card.blocks if isinstance(block, Bullets)]
    return list(found[-1]) if found else []


def warns(card: Card) -> bool:
    return any(isinstance(block, Text) and block.weight is Weight.WARNING for block in card.blocks)


def typed_value(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def fact_by_name(name: str) -> str:
    """How `edit` names a fact."""
    return ("age_years" if name == "age_group" else name).replace("_", " ") if name in FACTS else name


def _short(what: What) -> str:
    return f"{type(what).__name__} {what.text!r}" if isinstance(what, Said | Command) else repr(what)
