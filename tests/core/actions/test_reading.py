"""Who reads cases and records, and which readings are written down."""

from __future__ import annotations

import pytest

from bot.core.messages import ChannelFacts, Command, HomeOpened, Place, Request, Said, Show, User
from storage.model import Standing
from tests.core.cases.ward import ANA, BEN, NOTIFY, T, Ward

CLEO = User("U4", "Radiographer D", "member")
GUEST = User("U5GUEST", "Guest", "guest")
SHARED = Place("C0SHARED")


def read_by(ward: Ward) -> list[tuple[str, str]]:
    return [(entry.by.id, entry.subject) for entry in ward.store.audit(T) if entry.what == "read"]


def test_everybody_of_the_organisation_reads_and_who_has_no_part_in_it_is_written_down(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"case {ref}")
    ward.say("cases", BEN)
    ward.say("due", BEN)
    assert read_by(ward) == []
    assert "as soon as possible" in ward.say(f"case {ref}", BEN)
    ward.say("case 2026-0001", BEN)
    assert read_by(ward) == [("U2", ref), ("U2", "2026-0001")]
    ward.say(f"take over {ref}", BEN)
    ward.say(f"case {ref}", BEN)
    assert len(read_by(ward)) == 2


def test_named_leaves_owner_those_who_gave_facts_roles_and_whom_it_names(ward: Ward) -> None:
    ref = ward.case()
    assert "May read cases and records: named" in ward.say("settings may_read named")
    ward.name_roles()
    assert "as soon as possible" in ward.say(f"case {ref}", ANA)
    assert "as soon as possible" in ward.say(f"case {ref}", BEN)
    line = f"{ref} is read by its owner, whoever gave facts to it, whoever has a role, and may_read"
    for words in (f"case {ref}", f"take over {ref}", f"note {ref} seen", f"redecide {ref} total dose 1 mSv"):
        assert line in ward.say(words, CLEO), words
    assert ward.store.case(T, ref).owner.id == "U1"  # type: ignore[union-attr]
    shown = ward.say("cases", CLEO) + ward.say("due", CLEO)
    assert ref in shown
    assert "Diagnostic" not in shown
    assert "(for those who may read it)" in shown
    assert "May read cases and records: named, U4" in ward.say("settings may_read named, <@U4>")
    assert "as soon as possible" in ward.say(f"case {ref}", CLEO)
    assert "May read cases and records: everybody" in ward.say("settings may_read everybody")


def test_in_need_to_know_a_case_that_is_past_a_step_is_not_shown_by_its_form(pressed: Ward) -> None:
    from bot.core.messages import Pressed

    ref = pressed.case()
    pressed.say(f"notified {ref} X")
    pressed.say("settings may_read named")
    pressed.ask(Pressed("case.investigate", f"{ref}:1:"), CLEO)
    pressed.ask(Pressed("case.notify", f"{ref}:1:"), CLEO)
    assert "is read by its owner" in pressed.shown
    assert "Diagnostic" not in pressed.shown


@pytest.mark.parametrize("standing", ["guest", "outsider", "gone", "bot", "nobody"])
def test_who_is_not_of_the_organisation_reads_nothing_and_looks_up_thresholds(ward: Ward, standing: Standing):
    ref = ward.case()
    other = User("U5", "Somebody", standing)
    asked = (
        f"case {ref}",
        "cases",
        "due",
        "settings",
        "check wrong patient, CT",
        f"notified {ref}",
        "settings nation wales",
    )
    for words in asked:
        shown = ward.say(words, other)
        assert shown.startswith("This bot serves the staff of the organisation"), words
        assert ref not in shown
    assert ward.store.drafts(T) == ()
    assert ward.store.case(T, ref).state == "opened"
    (home,) = ward.ask(HomeOpened(), other)
    assert ref not in str(home)
    assert "4.2b" in ward.say("threshold 4.2b", other)
    assert [(e.by.id, e.detail["what"]) for e in ward.store.audit(T) if e.what == "refused"] == [
        ("U5", "a command")
    ]


def test_a_visitor_who_calls_the_bot_before_others_is_told_once(ward: Ward) -> None:
    first = ward.ask(Said("cases", mentioned=True), GUEST, place=SHARED)
    assert [isinstance(reply, Show) and reply.private for reply in first] == [True]
    assert ward.ask(Said("cases", mentioned=True), GUEST, place=SHARED) == []
    assert ward.ask(Said("they talk among themselves"), GUEST, place=SHARED) == []


def test_of_somebody_of_whom_nothing_is_known_yet_the_check_is_taken_and_nothing_is_shown(ward: Ward) -> None:
    ref = ward.case()
    unknown = User("U8", "Somebody")
    for words in (f"case {ref}", "cases", "due", "settings", f"take over {ref}"):
        assert "Who you are cannot be found out now" in ward.say(words, unknown), words
    assert ward.say("check CT of the wrong patient", unknown)
    assert len(ward.store.drafts(T)) == 1


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (ChannelFacts(public=True, shared=False, joined=True), ["is public: everybody here may join it"]),
        (ChannelFacts(public=False, shared=True, joined=True), ["is shared with another organisation"]),
        (ChannelFacts(public=False, shared=False, joined=False), ["the bot is not in the incidents channel"]),
        (ChannelFacts(True, True, False), ["is public", "is shared", "is not in"]),
        (ChannelFacts(public=False, shared=False, joined=True), []),
        (ChannelFacts(), []),
    ],
)
def test_who_else_reads_the_channel_that_is_set_is_said(ward: Ward, facts, told) -> None:
    asked = Command("settings incidents_channel here")
    (reply,) = ward.bot.handle(
        Request(T, ANA, Place("C0INC"), ward.now, asked, channels={"C0INC": facts}), ward.face
    )
    said = str(reply)
    assert all(one in said for one in told)
    assert ("Careful" in said) == bool(told)
    assert ward.store.setting(T, "incidents_channel")["conversation"] == "C0INC"


def test_need_to_know_beside_a_channel_is_warned_of(ward: Ward) -> None:
    ward.say("settings may_read named")
    asked = Command("settings incidents_channel here")
    facts = {"C0INC": ChannelFacts(public=False, shared=False, joined=True)}
    (reply,) = ward.bot.handle(Request(T, ANA, Place("C0INC"), ward.now, asked, channels=facts), ward.face)
    assert "Careful: may_read is named, but whoever is in the incidents channel reads" in str(reply)


def test_a_record_is_read_by_who_gave_a_fact_to_it(ward: Ward) -> None:
    number = ward.record(NOTIFY)
    kept = ward.store.record(T, number)
    given = {**kept.assessment.sources, "total_dose": {"id": "U4", "name": "D", "at": "2026-11-24T09:30"}}
    from dataclasses import replace

    number = ward.store.keep(T, replace(kept.assessment, sources=given), by=kept.by, now=ward.now).number
    ward.say("settings may_read named")
    assert f"Record {number}" in ward.say(f"case {number}", CLEO)
    assert "is read by" in ward.say("case 2026-0001", CLEO)
