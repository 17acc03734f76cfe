"""One file and one bot, and what has to be there before somebody comes in by a door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.bot import Bot
from bot.core.draft import Draft, new
from bot.core.messages import (
    Capabilities,
    Command,
    Place,
    Reply,
    Request,
    User,
    What,
)  # fmt: skip
from bot.core.turn import Defaults, Turn
from bot.slack.capabilities import FORMS as SLACK
from bot.teams.asked import PERSONAL as TEAMS
from bot.terminal.chat import FACE as TERMINAL
from rules.deadlines import UK
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person, Standing
from storage.sqlite import open_store

T, NOW = "trust", datetime(2026, 11, 24, 9, 30, tzinfo=UK)
ANA = User("U1", "Radiographer A", "member")
PEOPLE: dict[str, Standing] = dict.fromkeys(("U1", "U6", "U7", "U8", "U9"), "member")
CHAT, THREAD = Place("c1", personal=True), Place("c1", thread="th1")
NOTIFY: dict[str, Any] = {
    "nation": "england", "discovered_on": "2026-11-23", "exposure": "accidental", "category": "diagnostic",
    "total_dose": "40 mSv", "age_years": 40, "individuals_exposed": 1, "clinically_significant": False,
    "unintended_foetal_exposure": False, "equipment_fault": False,
}  # fmt: skip
SETTLED = {**NOTIFY, "exposure": "unintended", "total_dose": "4 mSv", "intended_dose": "2 mSv"}
OPEN = {name: value for name, value in SETTLED.items() if name != "total_dose"}
# What has to be done before, so that the case is at the step.
BEFORE = {
    "report": ("notified",),
    "close": ("notified", "reported"),
    "reopen": ("notified", "reported", "close"),
}


@dataclass
class Ward:
    """One file, one bot, and what each door needs in it."""

    path: Path
    now: datetime = NOW
    logged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = open_store(self.path)
        faces = (TERMINAL, SLACK, TEAMS)
        self.bot = Bot(self.store, admins=tuple(f"{face.name}:{ANA.id}" for face in faces))
        for role in ("role_mpe", "role_governance", "may_settings"):
            self.store.set_setting(T, role, [ANA.id], by=Person("U9"), now=self.now)

    before: str = ""
    seq: int = 0

    def ask(
        self,
        what: What,
        face: Capabilities = TERMINAL,
        place: Place = CHAT,
        user: User = ANA,
        delivery: str = "",
    ) -> list[Reply]:
        """The last of a door's requests is the one that brings the words."""
        self.before = self.state()
        return self.bot.handle(Request(T, user, place, self.now, what, delivery, people=PEOPLE), face)

    def record(self) -> str:
        facts = parse(NOTIFY, self.now.date())
        assessment = Assessment({**facts.stated, "account": "wrong patient"}, decide(facts).as_dict(), {})
        return self.store.keep(T, assessment, by=Person("U9", "Radiographer B"), now=self.now).number

    def case(self, act: str = "") -> str:
        self.ask(Command(f"open {self.record()}"))
        ref = self.store.cases(T)[0].ref
        for word in BEFORE.get(act, ()):
            self.ask(Command(f"{word} {ref}"))
        return ref

    def draft(self, facts: dict[str, Any], face: Capabilities = TERMINAL, **more: Any) -> Draft:
        """A check that stands here, at the stage that a door is about."""
        turn = Turn(self.store, Request(T, ANA, CHAT, self.now, Command(""), people=PEOPLE), face, Defaults())
        for one in turn.drafts.all():
            turn.drafts.drop(one)
        begun = new(turn.request, typed=more.pop("typed", True))
        return turn.save(begun.with_(facts=facts, **more))

    def state(self) -> str:
        """What is stored, but for the settings of the file."""
        entries = self.store.audit(T, after=self.seq)
        self.seq = entries[-1].seq if entries else self.seq
        return f"{self.seq} {self.store.drafts(T)}"

    def holds(self, words: str) -> bool:
        mark = words.split()[0]  # which is in no other door's words
        files = [one.read_bytes() for one in self.path.parent.glob(f"{self.path.name}*")]
        return any(mark.encode() in content for content in files) or any(mark in line for line in self.logged)
