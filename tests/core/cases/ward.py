"""A small hospital for the tests of cases: people, a store in a file, the bot, and kept records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from bot.core.bot import Bot
from bot.core.cards import Button, Card, Form
from bot.core.messages import (
    Capabilities,
    Command,
    Open,
    Place,
    Pressed,
    Refresh,
    Replace,
    Reply,
    Request,
    Said,
    Show,
    Submitted,
    User,
    What,
)
from bot.terminal.plain import lines
from rules.deadlines import UK
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person, Standing
from storage.sqlite import open_store

TYPED = Capabilities(
    dialogs=False, private_answers=True, hears_everything=True, buttons=False, command="", name="typed"
)
BUTTONS = Capabilities(dialogs=True, private_answers=True, hears_everything=True, name="pressed")
ANA, BEN = User("U1", "Radiographer A", "member"), User("U2", "Physicist B", "member")
# Whom the platform of these wards knows.
PEOPLE: dict[str, Standing] = dict.fromkeys(("U1", "U2", "U3", "U4", "U7", "U9"), "member")
PEOPLE |= {"U5GUEST": "guest", "U5OTHER": "outsider", "U5GONE": "gone", "U5BOT": "bot", "U5NOBODY": "nobody"}
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UK)
T = "trust"
NOTIFY = {
    "nation": "england",
    "discovered_on": "2026-11-23",
    "exposure": "accidental",
    "category": "diagnostic",
    "total_dose": "40 mSv",
    "age_years": 40,
    "individuals_exposed": 1,
    "clinically_significant": False,
    "unintended_foetal_exposure": False,
    "equipment_fault": False,
}
UNDECIDED = {
    **{n: v for n, v in NOTIFY.items() if n != "total_dose"},
    "exposure": "unintended",
    "intended_dose": "2 mSv",
}
NOT = {**UNDECIDED, "total_dose": "4 mSv"}
CAUTIONED = {
    "nation": "england",
    "discovered_on": "2026-11-23",
    "exposure": "unintended",
    "category": "interventional",
    "intended_dose": "20 mSv",
    "total_dose": "30 mSv",
    "age_years": 50,
    "deterministic_effect": "observable",
    "effect_predicted": True,
    "procedural_failure": False,
    "clinically_significant": False,
    "individuals_exposed": 1,
    "unintended_foetal_exposure": False,
    "equipment_fault": False,
}


class Ward:
    """Ana administers it, and Ben is its medical physics expert once `name_roles` says so. What somebody
    does, and what they are shown: the text of every card, one after the other."""

    minute = timedelta(minutes=1)

    def __init__(self, path: Path, face: Capabilities = TYPED) -> None:
        self.store, self.face, self.now = open_store(path), face, NOW
        self.bot = Bot(self.store, admins=(f"{face.name}:{ANA.id}",))
        self.posts = 0  # messages that a test has posted in the place of a delivery
        self.cards: list[Card] = []
        self.form: Form | None = None

    def ask(
        self, what: What, user: User = ANA, *, place: Place | None = None, tenant: str = T, delivery: str = ""
    ) -> list[Reply]:
        place = place or Place("c1", personal=True)
        request = Request(tenant, user, place, self.now, what, delivery, people=PEOPLE)
        replies = self.bot.handle(request, self.face)
        self.cards = [reply.card for reply in replies if isinstance(reply, Show | Replace | Refresh)]
        self.form = next((reply.form for reply in replies if isinstance(reply, Open)), None)
        return replies

    def say(self, words: str, user: User = ANA, **how: object) -> str:
        self.ask(Command(words), user, **how)  # type: ignore[arg-type]
        return self.shown

    def tell(self, words: str, user: User = ANA) -> str:
        """In the middle of an interview."""
        self.ask(Said(words, mentioned=True), user)
        return self.shown

    def decide_anew(self, ref: str, words: str, why: str = "the physicist estimated it") -> str:
        """Whatever is asked is agreed to, or not known, up to the verdict, which is kept."""
        self.say(f"redecide {ref} {words}")
        while "Keep it" not in self.shown:
            self.tell("yes" if "Is this right?" in self.shown else "don't know")
        self.tell("yes")
        return self.tell(why)

    @property
    def shown(self) -> str:
        return "\n".join(line for card in self.cards for line in lines(card))

    def button(self, label: str) -> Button:
        return next(b for card in self.cards for b in card.buttons if b.label == label)

    def press(self, label: str, user: User = ANA, **how: object) -> str:
        button = self.button(label)
        self.ask(Pressed(button.action, button.value), user, **how)  # type: ignore[arg-type]
        return self.shown

    def submit(self, by: User = ANA, delivery: str = "", **inputs: str) -> str:
        self.ask_submit(by, delivery, **inputs)
        return self.shown

    def ask_submit(self, by: User = ANA, delivery: str = "", **inputs: str) -> list[Reply]:
        assert self.form is not None
        given = {one.name: inputs.get(one.name, one.value) for one in self.form.inputs}
        return self.ask(Submitted(self.form.name, self.form.key, given), by, delivery=delivery)

    @property
    def errors(self) -> dict[str, str]:
        assert self.form is not None
        return {one.name: one.error for one in self.form.inputs if one.error}

    # What is there already

    def name_roles(self, **roles: str) -> None:
        """Ben is the MPE, unless it is said who is what."""
        for role, user in (roles or {"mpe": BEN.id}).items():
            self.store.set_setting(T, f"role_{role}", [user], by=Person(ANA.id, ANA.name), now=self.now)

    def record(self, facts: dict[str, object], tenant: str = T) -> str:
        parsed = parse(facts, self.now.date())
        by, at = Person(ANA.id, ANA.name), self.now.isoformat(timespec="seconds")
        said = {name: {"id": ANA.id, "name": ANA.name, "at": at, "how": "answered"} for name in parsed.stated}
        kept = {**parsed.stated, "account": "wrong patient"}
        assessment = Assessment(kept, decide(parsed).as_dict(), said)
        return self.store.keep(tenant, assessment, by=by, now=self.now).number

    def case(self, facts: dict[str, object] = NOTIFY) -> str:
        """A case of Ana's, opened by the bot."""
        self.say(f"open {self.record(facts)}")
        return self.store.cases(T)[0].ref

    def later(self, **much: float) -> None:
        self.now += timedelta(**much)

    def due(self, ref: str) -> dict[str, date]:
        return {d.kind: d.due_on for d in self.store.case(T, ref).deadlines if d.state == "open"}

    def states(self, ref: str) -> dict[str, str]:
        return {d.kind: d.state for d in self.store.case(T, ref).deadlines}

    def trail(self, ref: str) -> list[str]:
        return [entry.what for entry in self.store.audit(T, subject=ref)]
