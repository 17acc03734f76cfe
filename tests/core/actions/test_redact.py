"""A governance lead takes out what somebody wrote: by typed words, in one line each, whatever is wrong."""

from dataclasses import replace

import pytest

from storage.model import Destination, Person
from tests.core.cases.ward import ANA, BEN, T, Ward

NAME = "Testperson"


@pytest.fixture
def lead(ward: Ward) -> Ward:
    """Ben is the governance lead; Ana keeps a record with a name in it, and its case."""
    ward.store.set_setting(T, "role_governance", [BEN.id], by=Person(BEN.id), now=ward.now)
    ward.case()
    by, text = Person(ANA.id, ANA.name), "it was Mr Testperson of Testtown"  # somebody kept it all the same
    ward.store.give_details(T, "2026-0001", {"account": text}, by=by, now=ward.now)
    ward.store.add_note(T, "C26-0001", f"told: {text}", by=by, now=ward.now)
    return ward


def test_the_account_goes_and_who_took_it_out_and_why_stays(lead: Ward) -> None:
    assert NAME in lead.say("case 2026-0001")
    shown = lead.say("redact 2026-0001 account it names a person", BEN)
    assert "The account of 2026-0001 is taken out, in 2 places." in shown
    assert "What somebody wrote in a chat stands there until it is deleted there." in shown
    again = lead.say("case 2026-0001")
    assert NAME not in again
    assert "[taken out " in again
    assert "Notify" in again
    shown = lead.say("redact C26-0001 note 1: the same", BEN)
    assert "Note 1 of C26-0001 is taken out." in shown
    assert NAME not in lead.say("case C26-0001")
    said = [(e.by.id, e.said) for e in lead.store.audit(T) if e.what == "erased"]
    assert said == [(BEN.id, "it names a person"), (BEN.id, "the same")]
    assert lead.store.verify() == []


def test_copies_and_other_places_are_named(lead: Ward, tmp_path) -> None:
    lead.store.backup(tmp_path / "nightly.sqlite", now=lead.now)
    by = Person(ANA.id, ANA.name)
    lead.store.add_note(T, "2026-0001", "it was Mr Testperson of Testtown", by=by, now=lead.now)
    shown = lead.say("redact 2026-0001 account it names a person", BEN)
    assert "The same words still stand in the note 1 of 2026-0001 and note 1 of C26-0001." in shown
    assert "Still with it: the backup of " in shown
    assert "(nightly.sqlite)." in shown


@pytest.mark.parametrize(("words", "who", "told"), [
    ("redact 2026-0001 account x", ANA, "Only a governance lead named in the settings may take a text out"),
    ("redact 2026-0001 account", BEN, "Say why it goes: "),
    ("redact 2026-0001", BEN, "Say which text and why it goes: "),
    ("redact 2026-0001 everything please", BEN, "Say which text and why it goes: "),
    ("redact 2026-0001 title a name", BEN, "Name the text that goes: account, "),
    ("redact 2026-0001 equipment a name", BEN, "2026-0001 has no equipment: nothing was taken out"),
    ("redact C26-0001 note 9 a name", BEN, "C26-0001 has no note 9: nothing was taken out"),
    ("redact 2026-0009 account a name", BEN, "There is no record 2026-0009 here"),
    ("redact 2026-0001 account it names 999 000 0026", BEN, "was not kept"),
])  # fmt: skip
def test_what_cannot_be_is_said_in_a_line(lead: Ward, words: str, who, told: str) -> None:
    before = lead.store.record(T, "2026-0001").assessment
    shown = lead.say(words, who)
    assert told in shown
    assert "999 000" not in shown
    assert lead.store.record(T, "2026-0001").assessment == before


def test_what_is_taken_out_is_taken_out_once(lead: Ward) -> None:
    lead.say("redact 2026-0001 account a name", BEN)
    assert "The account of 2026-0001 was taken out already." in lead.say("redact 2026-0001 account x", BEN)


def test_while_there_is_no_governance_lead_nobody_takes_out(ward: Ward) -> None:
    ward.case()
    assert "settings role_governance <person>" in ward.say("redact 2026-0001 account a name")
    ward.face = replace(ward.face, command="@IRMER")
    assert "@IRMER settings role_governance <person> names one" in ward.say("redact 2026-0001 account a name")
    assert "Take a text out" not in ward.say("case 2026-0001")


def test_cards_that_were_posted_are_shown_anew(lead: Ward) -> None:
    lead.store.remember_address(T, "C26-0001", Destination("chat", "c1"), "m1", now=lead.now)
    lead.say("redact C26-0001 title it names a person", BEN)
    assert lead.store.case(T, "C26-0001").title.startswith("[taken out ")
    updates = [one for one in lead.store.outgoing(T, "C26-0001") if one.kind == "update"]
    assert [one.state for one in updates] == ["due"]
