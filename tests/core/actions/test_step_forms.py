"""The buttons and forms of cases: what each opens, takes, and refuses beside its input."""

import pytest

from bot.core.cards import InputKind
from bot.core.messages import Done, Home, HomeOpened, Pressed
from tests.core.cases.ward import BEN, CAUTIONED, NOT, UNDECIDED, T, Ward


def card(pressed: Ward, ref: str) -> None:
    pressed.ask(Pressed("case.show", ref))


def labels(pressed: Ward) -> list[str]:
    return [button.label for one in pressed.cards for button in one.buttons]


def test_a_card_offers_the_steps_that_its_state_allows(pressed: Ward) -> None:
    ref = pressed.case()
    card(pressed, ref)
    assert labels(pressed) == [
        "Begin investigation",
        "Confirm the verdict",
        "Notified",
        "New estimate",
        "Assign",
        "Discovery date",
        "Note",
        "Papers",
    ]
    pressed.say(f"notified {ref}")
    card(pressed, ref)
    assert labels(pressed)[0] == "Reference number"
    pressed.say(f"reported {ref}")
    pressed.say(f"close {ref}")
    card(pressed, ref)
    assert labels(pressed) == ["Reopen", "Note", "Papers"]


def test_the_whole_life_by_buttons(pressed: Ward) -> None:
    ref = pressed.case()
    card(pressed, ref)
    pressed.press("Begin investigation")
    assert "under preliminary investigation" in pressed.shown
    pressed.press("Notified")
    replies = pressed.ask_submit(reference="CQC-1")
    assert isinstance(replies[0], Done)
    assert "the authority's reference CQC-1" in pressed.shown
    card(pressed, ref)
    pressed.press("Report submitted")
    pressed.submit(note="sent by the portal")
    card(pressed, ref)
    pressed.press("Close")
    assert f"{ref} Diagnostic, accidental exposure, 40 years: closed" in pressed.shown
    pressed.press("Reopen")
    pressed.submit(note="")
    assert pressed.errors == {"note": "say why it is reopened"}
    pressed.submit(note="one more patient")
    assert pressed.store.case(T, ref).state == "reported"


def test_a_form_asks_in_its_title_what_is_not_so_before_it_was_sent(pressed: Ward) -> None:
    """Teams shows the title as a message as soon as the form is opened."""
    ref, asked = pressed.case(), set()
    for step in ("note", "notified", "reported", "close"):
        pressed.say(f"{step} {ref}{' read it' if step == 'note' else ''}")
        card(pressed, ref)
        for button in [button for shown in pressed.cards for button in shown.buttons]:
            pressed.ask(Pressed(button.action, button.value))
            if pressed.form and button.label != "Papers":  # which are looked at
                asked.add(button.label)
                assert pressed.form.title.endswith("?"), pressed.form.title
        pressed.ask(Pressed("case.show", ref))
    assert asked >= {
        "Notified",
        "Reference number",
        "Report submitted",
        "Assign",
        "Discovery date",
        "Note",
        "Reopen",
    }


def test_every_step_queues_the_update_of_the_posted_card(pressed: Ward) -> None:
    ref = pressed.case()
    (post,) = [p for p in pressed.store.outgoing(T, ref) if p.kind == "post"]
    batch = pressed.store.claim(T, "pressed", worker="w", now=pressed.now, lease=pressed.minute)
    assert batch is not None
    pressed.store.sent(T, batch, message="m1", now=pressed.now)
    for words in (f"investigate {ref}", f"note {ref} seen", f"notified {ref} X"):
        pressed.say(words)
        updates = [p for p in pressed.store.outgoing(T, ref) if p.kind == "update"]
        assert [p.state for p in updates].count("due") == 1
    assert post.body == {"shows": "case"}
    assert len(updates) == 3


def test_a_new_owner_by_the_form(pressed: Ward) -> None:
    ref = pressed.case()
    card(pressed, ref)
    pressed.press("Assign")
    pressed.submit(user="")
    assert pressed.errors == {"user": "name one person as the new owner: mention them, or give their id"}
    pressed.submit(user="U7", note="on leave")
    assert pressed.store.case(T, ref).owner.id == "U7"  # type: ignore[union-attr]


def test_the_discovery_date_by_the_form(pressed: Ward) -> None:
    ref = pressed.case()
    card(pressed, ref)
    pressed.press("Discovery date")
    pressed.submit(day="2026-11-20")
    assert "say why" in pressed.errors["why"]
    pressed.submit(day="2026-11-20", why="it stood in the log")
    assert "was Mon 7 December 2026" in pressed.shown


def test_a_confirmation_with_a_caution_by_the_form(pressed: Ward) -> None:
    pressed.name_roles(mpe="U2", rps="U2")
    number = pressed.record(CAUTIONED)
    pressed.ask(Pressed("case.confirm", number), BEN)
    assert pressed.form is not None
    assert [one.name for one in pressed.form.inputs] == ["role", "compared", "note"]
    pressed.submit(BEN, role="mpe", compared="")
    assert "live table" in pressed.errors["compared"]
    pressed.submit(BEN, role="mpe", compared="compared")
    assert f"Record {number} is confirmed by the MPE, compared with the live table." in pressed.shown


def test_a_record_that_was_corrected_meanwhile_is_not_confirmed_by_an_old_form(pressed: Ward) -> None:
    pressed.name_roles()
    number = pressed.record(NOT)
    pressed.ask(Pressed("case.confirm", number), BEN)
    kept = pressed.store.record(T, number)
    pressed.store.correct(T, number, kept.assessment, why="again", expected=1, by=kept.by, now=pressed.now)
    pressed.submit(BEN, role="mpe")
    assert pressed.store.record(T, number).status == "provisional"
    assert "Radiographer A" in pressed.shown


def test_what_was_written_into_a_form_that_comes_too_late_is_shown_once_more(pressed: Ward) -> None:
    """Its dialog is gone."""
    ref = pressed.case()
    card(pressed, ref)
    pressed.press("Notified")
    form = pressed.form
    pressed.say(f"notified {ref}", BEN)
    pressed.form = form
    said = pressed.submit(reference="CQC-77", note="Told by telephone, the inspector rings back.")
    assert "Physicist B notified the authority" in said
    assert "The authority's reference number: CQC-77" in said
    assert "A note, if any: Told by telephone, the inspector rings back." in said
    assert pressed.store.case(T, ref).authority_reference == ""


def test_analysis_and_learning_by_one_form(pressed: Ward) -> None:
    number = pressed.record(NOT)
    pressed.ask(Pressed("case.learning", number))
    pressed.submit()
    assert "write the analysis" in pressed.errors["analysis"]
    pressed.submit(analysis="the list was misread", learning="two read it", delivery="d1")
    assert [n.kind for n in pressed.store.notes(T, number)] == ["analysis", "learning"]


def test_the_estimates_button_begins_with_what_is_known(pressed: Ward) -> None:
    ref = pressed.case(UNDECIDED)
    card(pressed, ref)
    pressed.press("New estimate")
    assert "Intended dose: 2 mSv" in pressed.shown or pressed.cards[0].title.startswith("What effective")


def test_settings_by_the_form_are_taken_whole_or_not_at_all(pressed: Ward) -> None:
    pressed.say("settings")
    pressed.press("Change")
    pressed.submit(ping_hour="25", nation="Wales")
    assert set(pressed.errors) == {"ping_hour"}
    assert pressed.store.settings(T) == {}
    pressed.submit(ping_hour="08:30", nation="Wales", role_mpe="U2, U3")
    assert pressed.store.setting(T, "ping_hour") == "08:30"
    assert pressed.store.setting(T, "role_mpe") == ["U2", "U3"]
    pressed.ask(Pressed("case.settings"), BEN)
    assert "Settings are changed by an administrator" in pressed.shown
    pressed.ask(Pressed("case.settings"))
    pressed.submit(BEN, nation="England")
    assert "Settings are changed by an administrator" in pressed.shown
    assert pressed.store.setting(T, "nation") == "wales"


def test_who_may_read_is_picked_in_the_form(pressed: Ward) -> None:
    pressed.ask(Pressed("case.settings"))
    assert pressed.form is not None
    kinds = {one.name: one.kind for one in pressed.form.inputs}
    assert (kinds["may_read"], kinds["may_read_people"]) == (InputKind.CHOICE, InputKind.USERS)
    pressed.submit(may_read_people="U4")
    assert "choose named" in pressed.errors["may_read"]
    pressed.submit(may_read="named", may_read_people="U4")
    assert pressed.store.setting(T, "may_read") == ["U4"]
    pressed.ask(Pressed("case.settings"))
    assert {one.name: one.value for one in pressed.form.inputs}["may_read_people"] == "U4"
    assert "Nothing was changed" in pressed.submit()
    pressed.ask(Pressed("case.settings"))
    pressed.submit(may_read="named", may_read_people="")
    assert pressed.store.setting(T, "may_read") == []
    pressed.ask(Pressed("case.settings"))
    pressed.submit(may_read="everybody")
    assert pressed.store.setting(T, "may_read") == "everybody"


@pytest.mark.parametrize("name", ["case.notify", "case.nonsense", "case.snooze"])
def test_a_form_for_nothing_is_answered_in_a_line(pressed: Ward, name: str) -> None:
    from bot.core.messages import Submitted

    pressed.ask(Submitted(name, "nothing:1", {"note": "x"}))
    assert pressed.shown == "That form is no longer in use."


def test_a_patients_number_in_a_form_is_refused_beside_its_input_and_not_kept(pressed: Ward) -> None:
    ref = pressed.case()
    card(pressed, ref)
    pressed.press("Note")
    pressed.submit(note="seen with 999 000 0026")
    assert "was not kept" in pressed.errors["note"]
    assert pressed.form is not None
    assert [one.value for one in pressed.form.inputs] == [""]


def test_the_bots_own_page_shows_what_waits_and_leads_there(pressed: Ward) -> None:
    ref = pressed.case()
    (home,) = pressed.ask(HomeOpened())
    assert isinstance(home, Home)
    assert [b.label for b in home.card.buttons] == ["Check an incident", "What is due", ref]
    pressed.cards = [home.card]
    assert "as soon as possible" in pressed.press(ref)
    pressed.cards = [home.card]
    assert "notify the authority" in pressed.press("What is due")
