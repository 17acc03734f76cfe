"""Words that are kept as a note of a case that is picked."""

from tests.core.cases.ward import NOTIFY, T, Ward

TOLD = "The list was read wrongly by the night team"


def test_what_is_added_becomes_a_note_of_the_case_that_was_picked(pressed: Ward) -> None:
    first, second = pressed.case(), pressed.case()
    pressed.say(f"add to case {TOLD}")
    assert pressed.form is not None
    case, note = pressed.form.inputs
    assert {option.value for option in case.options} == {first, second}
    assert note.value == TOLD
    pressed.submit(case=first)
    assert [one.text for one in pressed.store.notes(T, first)] == [TOLD]
    assert pressed.store.notes(T, second) == ()


def test_what_will_not_do_stands_beside_its_input(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.say("add this to the case: x")
    pressed.submit(case=ref, note="")
    assert "write the note after it" in pressed.errors["note"]
    assert pressed.store.notes(T, ref) == ()


def test_without_a_case_it_says_so(pressed: Ward) -> None:
    assert "There is no open case to add it to" in pressed.say("add to case something")


def test_where_there_are_no_forms_it_says_what_to_type(ward: Ward) -> None:
    ward.record(NOTIFY)
    assert "note C26-0001 something" in ward.say("add to case something")


def test_other_words_that_begin_so_are_none(pressed: Ward) -> None:
    pressed.say("add a dose")
    assert pressed.form is None
