"""No patient's number gets past the gate, whatever it is written into: the file of the store is searched for
it afterwards, and the log, and what was answered."""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import fields, is_dataclass, replace
from itertools import cycle

import pytest

from bot.core.actions import settings_dialogue
from bot.core.actions.table import BY_ACTION, BY_WORD
from bot.core.bot import Bot
from bot.core.check import buttons, correcting
from bot.core.check.free_text import REMOVED
from bot.core.check.further_fields import SECTIONS
from bot.core.check.record_fields import BY_NAME, FIELDS
from bot.core.messages import (
    Changed,
    Command,
    HomeOpened,
    Open,
    Place,
    Pressed,
    Request,
    Said,
    Show,
    Submitted,
    User,
)
from bot.core.patient_numbers import NOT_KEPT
from bot.core.reader import read
from bot.core.settings.definitions import SETTINGS
from bot.core.word_table import WORDS
from rules.facts import FACTS
from storage.model import Person
from tests.core.cases.ward import ANA, BUTTONS, CAUTIONED, NOT, NOTIFY, NOW, TYPED, UNDECIDED, T, Ward
from tests.storage.test_identifiers import SEPARATORS

NUMBER = "9991234560"
GROUPS = ("999", "123", "4560")
WAYS = {
    **{name: mark.join(GROUPS) for name, mark in SEPARATORS.items() if name != "comma"},
    "full-width": NUMBER.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    "with its name": f"NHS no: {NUMBER}",
    "in pairs": "99 91 23 4560",
    "in a sentence": f"wrong patient had CT head, NHS {NUMBER}, total dose 12 mSv",
    "against letters": f"x{NUMBER}x",
}
HERE = "{here}"
THREAD = Place("c1", thread="th1")


class Digits(dict[int, str | None]):
    """What becomes of a character where digits alone are left, whatever they are written in."""

    def __missing__(self, code: int) -> str | None:
        digit = unicodedata.digit(chr(code), None)
        self[code] = None if digit is None else str(digit)
        return self[code]


DIGITS = Digits()


def digits(text: object) -> str:
    return str(text).translate(DIGITS)


def filled(what, way):
    """The same with the number in its place."""
    if isinstance(what, str):
        return what.replace(HERE, way)
    if isinstance(what, dict):
        return {filled(key, way): filled(value, way) for key, value in what.items()}
    if is_dataclass(what):
        return replace(what, **{f.name: filled(getattr(what, f.name), way) for f in fields(what)})
    return what


class Gate:
    """Sends everything through the bot, the number written in another way each time, and looks at what is
    answered."""

    way = HERE

    def __init__(self, path, face, ways):
        self.path, self.ways, self.ward = path, cycle(ways), Ward(path, face)
        self.sent = 0

    def send(self, what, place=None, user=ANA, delivery=""):
        self.sent += 1
        way = next(self.ways)
        what, user = filled(what, way), filled(user, way)
        replies = self.ward.ask(what, user, place=place, delivery=filled(delivery, way))
        assert NUMBER not in digits(replies), what
        return replies

    def told(self, what, place=None):
        """As `send`, and the author hears of the number, alone: also in a form, which nobody else sees."""
        replies = self.send(what, place)
        alone = str([r for r in replies if isinstance(r, Open) or (isinstance(r, Show) and r.private)])
        shown = str([r.card for r in replies if isinstance(r, Show)])
        assert REMOVED in alone or NOT_KEPT[1:] in alone, (what, shown)
        return replies

    def forget(self):
        """The checks that are under way, none of which holds the number: a hundred of them would be read anew
        for every word."""
        for held in self.ward.store.drafts(T):
            assert NUMBER not in digits(held)
            self.ward.store.drop_draft(T, held.key)

    def afresh(self, facts=UNDECIDED, **more):
        """A check in the thread that is under way, and its id."""
        self.forget()
        self.send(Said("check new", mentioned=True), THREAD)
        (draft,) = (d for d in self.ward.store.drafts(T) if d.key.holder.startswith("thread"))
        state = {**draft.state, "facts": {n: v for n, v in facts.items() if v is not None}, **more}
        self.ward.store.save_draft(T, draft.key, state, now=self.ward.now)
        return str(state["id"])

    def commands(self, subjects):
        for word in (*BY_WORD, *(word.verb for word in WORDS)):
            for subject in subjects:
                for words in (f"{word} {self.way}", f"{word} {subject} {self.way}", f"{self.way} {word}"):
                    self.told(Command(words))
                    self.forget()
                    self.send(Command("check new"))
                    self.told(Said(words, mentioned=True))
        for name in SETTINGS:
            self.told(Command(f"settings {name} {self.way}"))

    def conversation(self):
        for name in FACTS:
            key = self.afresh(asking=[name])
            self.told(Said(self.way, mentioned=True), THREAD)
            self.told(Said(f"no, {name.replace('_', ' ')} 12 {self.way}", mentioned=True), THREAD)
            self.send(Said(self.way), THREAD)
            for value in (f"{key}:{name}:{self.way}", f"{key}:{name}", f"{key}:{self.way}:yes", self.way):
                self.send(Pressed("check.answer", value, {"answer": self.way}), THREAD)
        for name in BY_NAME:
            self.told(Command(f"details 2026-0001 {name}: {self.way}"))
        self.afresh(UNDECIDED, stage="why", number="2026-0001", revision=1)
        self.told(Said(self.way, mentioned=True), THREAD)
        self.afresh(NOT, stage="verdict")
        self.told(Said(self.way, mentioned=True), THREAD)

    def forms(self):
        """Each input of the check and of the record, changed and sent off, with the way in it."""
        self.send(Command("check new"))
        key = self.ward.form.key
        names = [*FACTS, "flags", "person", *(field.name for field in FIELDS), "why", self.way]
        for name in names:
            inputs = {name: self.way}
            self.refused(Changed("check", key, name, inputs))
            for form in ("check", correcting.FORM, "check.verdict"):
                self.forget()
                self.send(Command("check new"))
                key = self.ward.form.key
                self.refused(Submitted(form, key, inputs))
        self.send(Submitted("check", self.way, {"total_dose": self.way}))

    def refused(self, what):
        """What is shown again does not hold what was sent, and nothing of it was taken."""
        for reply in self.send(what):
            if isinstance(reply, Open):
                assert NUMBER not in digits(reply.form)

    def of_cases(self, refs):
        inputs = {"note": self.way, "reference": self.way, "why": self.way, "until": self.way,
                  "day": self.way,
                  "user": self.way, "role": self.way, "text": self.way, "analysis": self.way,
                  "learning": self.way, "compared": self.way,
                  **{field.name: self.way for field in FIELDS}}  # fmt: skip
        for ref in refs:
            for form in (*BY_ACTION, "settings"):
                for kind in ("", "notify", "local", self.way):
                    self.refused(Submitted(form, f"{ref}:1:{kind}", inputs))
                for name in inputs if ref == refs[0] else ():
                    self.refused(Submitted(form, f"{ref}::notify", {name: self.way}))
            for part in (*SECTIONS, self.way):
                self.refused(Submitted("case.details", f"{ref}/{part}:0:", dict.fromkeys(BY_NAME, self.way)))
            for action in (*BY_ACTION, *buttons._ON_DRAFT, "case.settings"):
                for value in (f"{ref}:1:{self.way}", f"{ref}:{self.way}", self.way, f"{self.way}:a:b"):
                    self.send(Pressed(action, value, inputs))
        self.refused(Submitted(settings_dialogue.FORM, "all", dict.fromkeys(SETTINGS, self.way)))

    def by_somebody(self, case):
        """In a name, and in what the platform calls a delivery."""
        named = User("U9", f"Somebody {self.way}", "member")
        self.send(Command(f"note {case} all is well"), user=named, delivery=f"d {self.way}")
        self.send(HomeOpened(), user=named)


def everything(gate):
    case = gate.ward.case(NOTIFY)
    gate.commands([case, gate.ward.record(NOT)])
    gate.conversation()
    if gate.ward.face.buttons:
        gate.forms()
    gate.of_cases([case, gate.ward.record(CAUTIONED)])
    gate.by_somebody(case)


@pytest.mark.long
@pytest.mark.parametrize("face", [TYPED, BUTTONS], ids=["typed", "with forms"])
def test_no_input_of_any_kind_takes_a_number_into_the_file_or_the_log(tmp_path, caplog, face):
    caplog.set_level(0)
    ways = list(WAYS.values())
    gate = Gate(tmp_path / "a.sqlite", face, ways[13:] + ways[:13] if face.buttons else ways)
    everything(gate)
    assert gate.sent > 20 * len(WAYS)
    gate.ward.store.close()
    assert kept_numbers(gate.path) == []
    assert NUMBER not in digits(caplog.text)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_way_of_writing_it_gets_into_what_is_kept(tmp_path, caplog, way):
    caplog.set_level(0)
    gate = Gate(tmp_path / "a.sqlite", BUTTONS, [way])
    case = gate.ward.case(NOTIFY)
    gate.told(Command(f"check wrong patient, {HERE}, had a CT head"))
    gate.refused(Submitted("check", gate.ward.form.key, {"total_dose": HERE, "nation": "england"}))
    gate.told(Command(f"note {case} {HERE}"))
    gate.refused(Submitted("case.note", f"{case}:1", {"note": HERE}))
    gate.afresh(NOT, stage="details")
    gate.told(Said(HERE, mentioned=True), THREAD)
    gate.by_somebody(case)
    gate.ward.store.close()
    assert kept_numbers(gate.path) == []
    assert NUMBER not in digits(caplog.text)


def kept_numbers(path):
    """The columns of the file in which the number stands, in whatever figures and whatever between them."""
    base = sqlite3.connect(path)
    tables = [name for (name,) in base.execute("select name from sqlite_schema where type = 'table'")]
    found = []
    for table in tables:
        rows = base.execute(f"select * from {table}")
        columns = [column[0] for column in rows.description]
        found += [
            f"{table}.{column}"
            for row in rows
            for column, cell in zip(columns, row, strict=True)
            if NUMBER in digits(cell)
        ]
    base.close()
    return found


def test_the_search_finds_a_number_that_is_in_the_file(tmp_path):
    path = tmp_path / "a.sqlite"
    Ward(path).record(NOT)
    base = sqlite3.connect(path)
    base.execute("create table told (words text)")
    base.execute("insert into told values (?)", ("NHS 999-123 4560",))
    base.commit()
    base.close()
    assert kept_numbers(path) == ["told.words"]


def test_what_is_taken_in_by_the_store_itself_is_masked(tmp_path):
    """Whoever calls it: a face, an import, the loop that reminds."""
    ward = Ward(tmp_path / "a.sqlite")
    ref = ward.case(NOTIFY)
    for way in WAYS.values():
        ward.store.add_note(T, ref, f"seen by {way}", by=Person("U1", f"Physicist {way}"), now=NOW)
    ward.store.close()
    assert kept_numbers(tmp_path / "a.sqlite") == []


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_reading_a_line_stores_nothing_and_repeats_no_number(way):
    told = read(f"wrong patient had CT head, {way}, 2 mSv", NOW)
    assert NUMBER not in digits(told)


def test_a_number_said_among_people_where_no_check_is_open_is_let_be(tmp_path):
    ward = Ward(tmp_path / "a.sqlite")
    said = Request(T, User("U1", standing="member"), THREAD, NOW, Said(f"call {NUMBER}"))
    assert Bot(ward.store).handle(said, TYPED) == []
