"""Through no door is anything of another organisation read or written: every word, button and form is tried
with its ids, and the store is watched meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.actions import adding, handover, lists, settings_dialogue
from bot.core.actions.table import ACTS
from bot.core.check import buttons
from bot.core.choosing import CHOOSE
from bot.core.gate_cards import ACTIONS as GATE
from bot.core.messages import Capabilities, Changed, Pressed, Said, Submitted, mark_of
from bot.core.word_table import WORDS
from storage.model import Person
from storage.sqlite import SqliteStore
from tests.core.cases.ward import ANA, BUTTONS, NOTIFY, TYPED, Ward

OTHER = "other-trust"
SECRET = "seen by the other trust alone"
NUMBERS = {"case": "C26-0007", "record": "2026-0009", "theme": "T26-0001"}
MARKS = ("", mark_of(OTHER), mark_of("trust"))


class Watched:
    """Statements that name the other organisation, as they are run on the store's connections."""

    def __init__(self, store: SqliteStore) -> None:
        self.statements: list[str] = []
        for conn in (store._connections._writer, store._connections._reader):
            assert conn is not None
            conn.set_trace_callback(self._note)

    def _note(self, statement: str) -> None:
        if OTHER in statement:
            self.statements.append(statement)


def filled(ward: Ward) -> str:
    """The other has many cases and records, a draft, a theme and a setting; this one has one case."""
    for _ in range(9):
        number = ward.record(NOTIFY, OTHER)
        if int(number[-1]) < 8:
            ward.say(f"open {number}", tenant=OTHER)
        ward.store.add_note(OTHER, number, SECRET, by=Person("U9"), now=ward.now)
    ward.store.add_note(OTHER, NUMBERS["case"], SECRET, by=Person("U9"), now=ward.now)
    ward.say("check wrong patient, CT head", tenant=OTHER)
    draft = ward.store.drafts(OTHER)[0].state["id"]
    ward.case()
    return str(draft)


def everything(ward: Ward, tenant: str) -> dict[str, list[tuple[Any, ...]]]:
    with ward.store._connections.read(None) as sql:  # type: ignore[attr-defined]
        tables = [
            row["name"]
            for row in sql.all("select name from sqlite_schema where type = 'table'")
            if "tenant" in sql.columns(row["name"])
        ]
        return {
            one: [tuple(row.values()) for row in sql.all(f"select * from {one} where tenant = ?", tenant)]
            for one in tables
        }


def words_of_every_act() -> Iterator[str]:
    for act in ACTS:
        for subject in NUMBERS.values():
            yield f"{act.verb} {subject}"
            yield f"{act.verb} {subject} 2026-11-23 some words of mine"
            yield f"{act.verb} {OTHER}:{subject}"
    for word in WORDS:
        yield word.verb
        yield f"{word.verb} {SECRET}"


def presses(draft: str) -> Iterator[tuple[str, str]]:
    for act in ACTS:
        for subject in NUMBERS.values():
            for key in (subject, f"{subject}:1", f"{subject}:1:notify", f"{subject}::report"):
                yield f"case.{act.name}", key
    for action in (*buttons._ON_DRAFT, *GATE):
        yield action, draft
        yield action, f"{draft}:1"
        yield action, f"{draft}:notify"
    for action in (CHOOSE, handover.ACCEPT, handover.DECLINE, settings_dialogue.FORM, lists.LOOK):
        for value in (OTHER, draft, f"case {NUMBERS['case']}", "cases"):
            yield action, value


FORMS = ("check", "verdict", "agreement", *(f"case.{act.name}" for act in ACTS), adding.FORM, handover.FORM)


@pytest.mark.parametrize("face", [BUTTONS, TYPED], ids=lambda face: face.name)
def test_no_word_button_or_form_reads_or_writes_anothers(tmp_path: Path, face: Capabilities) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    draft = filled(ward)
    ward.face = face
    before = everything(ward, OTHER)
    watched, tried, shown = Watched(ward.store), 0, []  # type: ignore[arg-type]
    for words in words_of_every_act():
        shown.append(ward.say(words))
        ward.ask(Said(words, mentioned=True))
        tried += 2
    for action, value in presses(draft):
        for mark in MARKS:
            ward.ask(Pressed(action, value, {"note": "x"}, "m1", mark))
            shown.append(ward.shown)
            tried += 1
    for form in FORMS:
        for key in (draft, *NUMBERS.values(), f"{NUMBERS['case']}:1:notify"):
            for mark in MARKS:
                ward.ask(Submitted(form, key, {"note": "x", "case": NUMBERS["case"]}, mark))
                ward.ask(Changed(form, key, "note", {"note": "x"}, mark))
                shown.append(ward.shown)
                tried += 2
    assert tried > 1000
    named = [one for one in watched.statements if not re.search(r"insert into (draft|remark|audit)", one)]
    assert [one for one in named if f"tenant = '{OTHER}'" in one or f"values ('{OTHER}'" in one] == []
    assert everything(ward, OTHER) == before
    assert not any("U9" in text or ":" + SECRET in text for text in shown)


def test_what_is_left_of_a_card_of_another_organisation_is_refused_and_says_why(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    filled(ward)
    ward.say(f"case {NUMBERS['case']}", tenant=OTHER)
    button = ward.cards[0].buttons[0]
    trail = ward.store.audit(OTHER)
    for user in (ANA, replace(ANA, id="U2")):
        ward.ask(Pressed(button.action, button.value, tenant=mark_of(OTHER)), user)
        assert "made in another organisation's name" in ward.shown
    assert ward.store.audit(OTHER) == trail


def test_what_was_merged_into_this_one_is_shown_by_its_name_and_not_changed(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "irmer.sqlite", BUTTONS)
    filled(ward)
    assert "seen by the other" not in ward.say(f"case {OTHER}:{NUMBERS['case']}")
    ward.store.merge(OTHER, "trust", by=Person("os:root"), now=ward.now)
    shown = ward.say(f"case {OTHER}:{NUMBERS['case']}")
    assert SECRET in shown
    assert f"{OTHER}:{NUMBERS['case']}" in shown
    assert not ward.cards[0].buttons
    trail = ward.store.audit(OTHER)
    assert "it can be shown, and not changed" in ward.say(f"note {OTHER}:{NUMBERS['case']} more")
    assert ward.store.audit(OTHER) == trail
    assert len(ward.store.cases("trust")) == 1 + 7  # those of both
    assert ward.store.verify() == []
