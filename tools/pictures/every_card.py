"""Every kind of card that the bot shows: a ward's weeks, played through the core as one face has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bot.core.cards import Card, Form
from bot.core.messages import Capabilities, Command, HomeOpened, Place, Pressed, Submitted, User, What
from tests.core.cases.ward import ANA, BEN, NOTIFY, UNDECIDED, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain

Shown = Card | Form
LONG = "Cardiac CT angiography of a patient who was to have a chest radiograph, of a similar-sounding name"
NUCLEAR = {
    "nation": "scotland", "discovered_on": "2026-11-23", "exposure": "unintended", "age_years": 40,
    "category": "nuclear_medicine", "wrong_radiopharmaceutical": True, "total_dose": "12 mSv",
}  # fmt: skip
FIRST_STEP = {
    "exposure": "unintended",
    "category": "diagnostic",
    "age_years": "9",
    "discovered_on": "2026-11-22",
}


def every_card(face: Capabilities, folder: Path) -> dict[str, Shown]:
    """By a name for its picture; each once, in the order in which they were met."""
    weeks = Weeks(Ward(folder / "irmer.sqlite", face))
    try:
        return weeks.play()
    finally:
        weeks.ward.store.close()


class Weeks:
    def __init__(self, ward: Ward) -> None:
        self.ward, self.seen = ward, dict[str, Shown]()

    def play(self) -> dict[str, Shown]:
        self._looks_up()
        self._checks()
        self._cases()
        self._forms()
        self._lists()
        self._reminders()
        return self.seen

    def _looks_up(self) -> None:
        self._say("help", "help")
        self._say("unknown word", "frobnicate")
        for name, words in {
            "foetal": "foetal", "4.2b": "4.2b", "imaging": "imaging", "repeat CT child": "repeat CT child",
            "CT head": "CT head", "DLP": "DLP 850", "skin dose": "skin dose 5 Gy", "candour": "C",
            "radiotherapy": "radiotherapy", "all": "",
        }.items():  # fmt: skip
            self._say(f"threshold {name}", f"threshold {words}".strip())
        self._say("what is", "what is CSAUE")
        self._say("settings", "settings")
        self._say("refused", "close C26-9999")
        self.ward.name_roles(mpe=BEN.id, governance=BEN.id, rps=BEN.id)
        for what, channel in {"incidents": "C0INC", "escalation": "C0LEADS"}.items():
            self.ward.say(f"settings {what}_channel {channel}")

    def _checks(self) -> None:
        self._say("a check's question or first step", "check")
        if form := self.ward.form:
            self._submit("a second step", form, FIRST_STEP)
            assert self.ward.form, "it goes on"
            self._submit(
                "what is wrong beside its field",
                self.ward.form,
                {"total_dose": "about three", "intended_dose": "0.02"},
            )
            self._submit(
                "a verdict in a form",
                self.ward.form,
                {"total_dose": "3 mSv", "intended_dose": "0.02 mSv", "flags": "none"},
            )
        self._say("an unfinished check and another", f"check {LONG}, 40 years, 5 mSv")
        self._say(
            "who somebody is",
            "check CT head of the wrong patient, Mrs Smith, 42 High Street, 5 mSv, 40 years",
        )
        thread = Place("c1", "t1")
        self.ward.ask(Command("check"), place=thread)
        self._keep("a question in a thread")
        for name, words in {
            "told of what was read": f"{LONG}, 40 years old, total dose 5 mSv, discovered yesterday",
        }.items():
            self.ward.ask(Command(f"check {words}"), place=Place("c1", name))
            self._keep(name)

    def _cases(self) -> None:
        for name, facts in {"to be notified": NOTIFY, "undecided": UNDECIDED, "nuclear": NUCLEAR}.items():
            number = self.ward.record(
                {**facts, "examination_performed": LONG} if name == "nuclear" else facts
            )
            self._say(f"a record {name}", f"case {number}")
            self._say(f"a case {name}", f"open {number}")
        for name, words, who in (
            ("a step", "investigate C26-0001", ANA), ("confirmed", "confirm 2026-0001", BEN),
            ("not allowed", "confirm 2026-0001", ANA),
            ("notified", "notified C26-0001 CQC-123456 by the portal", ANA),
            ("a note", "note C26-0001 The scanner is out of use.", ANA),
            ("snoozed", "snooze C26-0001 tomorrow", ANA), ("reported", "reported C26-0001", ANA),
            ("a learning", "learning C26-0001 Check the identity with three questions", ANA),
            ("handed over", "hand over to <@U2>", ANA), ("accepted", "hand over accept", BEN),
            ("stood down", "stand down C26-0002 The same incident as C26-0001", BEN),
            ("a closed case", "close C26-0001 nothing is left", BEN),
            ("a reopened case", "reopen C26-0001 a new estimate", BEN),
            ("a text taken out", "redact C26-0001 note 1 It named somebody", BEN),
            ("a setting", "settings ping_days 7, 3, 1", ANA), ("a test ping", "settings test_ping", ANA),
            ("a new discovery date", "discovered C26-0003 20 November 2026 The log says so", BEN),
            ("a new estimate", "redecide C26-0003", BEN), ("a correction", "correct 2026-0002", BEN),
        ):  # fmt: skip
            self._say(name, words, who)
            self.ward.later(minutes=1)

    def _forms(self) -> None:
        """What the buttons of a case, a record and the settings open, each pressed once."""
        for name, words in {
            "case": "case C26-0003", "record": "case 2026-0003", "confirmed": "case 2026-0001",
            "closed": "case C26-0001", "settings": "settings", "hand over": "hand over",
        }.items():  # fmt: skip
            self._say(f"before {name}", words, BEN)
            who = ANA if name == "settings" else BEN
            for button in [button for card in self.ward.cards for button in card.buttons]:
                self.ward.ask(Pressed(button.action, button.value), who)
                self._keep(f"{name}, {button.label.lower()}")

    def _lists(self) -> None:
        for _ in range(12):
            self.ward.say(f"open {self.ward.record({**NUCLEAR, 'examination_performed': LONG})}")
        for words in (
            "cases", "cases all", "cases mine", "due", "digest", "incidents", "incidents wrong patient",
            "themes",
        ):  # fmt: skip
            self._say(f"list {words}", words, BEN)
        self.ward.ask(HomeOpened(), BEN)
        self._keep("home")

    def _reminders(self) -> None:
        platform = Platform(Time(self.ward.now), self.ward.face.name)
        worker = delivery(self.ward.store, platform, self.ward.face)
        for days in (5, 6, 7, 9, 15, 30):
            platform.time.now = self.ward.now + timedelta(days=days)
            drain(worker)
        for message in platform.messages:
            self._add(
                f"sent {message.key.split('/')[1] if '/' in message.key else message.key.split(':')[0]}",
                message.card,
            )

    def _say(self, name: str, words: str, who: User = ANA) -> None:
        self.ward.ask(Command(words), who)
        self._keep(name)

    def _submit(self, name: str, form: Form, given: Mapping[str, str]) -> None:
        values = {one.name: given.get(one.name, one.value) for one in form.inputs}
        self._ask(name, Submitted(form.name, form.key, values))

    def _ask(self, name: str, what: What) -> None:
        self.ward.ask(what)
        self._keep(name)

    def _keep(self, name: str) -> None:
        for card in self.ward.cards:
            self._add(name, card)
        if self.ward.form:
            self._add(name, self.ward.form)

    def _add(self, name: str, shown: Shown) -> None:
        if shown in self.seen.values():
            return
        more = sum(one == name or one.startswith(f"{name} (") for one in self.seen)
        if more < 4:
            self.seen[f"{name} ({more + 1})" if more else name] = shown
