"""A note decides nothing: where it tells what the verdict does not know, whoever writes it hears so."""

import pytest

from tests.core.cases.ward import BEN, NOT, NOTIFY, UNDECIDED, T, Ward


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("the total dose was 60 mSv", "total dose 60 mSv (decided with: 4 mSv)"),
        ("the MPE puts it at 12 to 15 mSv", "total dose 12 to 15 mSv (decided with: 4 mSv)"),
        ("two patients were exposed", "individuals exposed 2 (decided with: 1)"),
        ("she was pregnant", "unintended foetal exposure Yes (decided with: No)"),
        ("the patient was 12 years old", "age 12 years (decided with: 40 years)"),
        ("an equipment fault after all", "equipment fault Yes (decided with: No)"),
    ],
)
@pytest.mark.parametrize("verb", ["note", "analysis"])
def test_what_the_verdict_does_not_know_is_named(ward: Ward, verb: str, text: str, says: str) -> None:
    number = ward.record(NOT)
    said = ward.say(f"{verb} {number} {text}")
    assert f"The verdict of {number} does not know of it: " in said
    assert says in said
    assert f"correct {number} decides anew" in said
    assert [note.text for note in ward.store.notes(T, number)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "rang the family, who are content", "total dose 4 mSv, as before", "the MPE saw it on 25 November",
        "asked for the dose report; CT 2 is checked on Friday", "one person, 40 years old",
    ],
)  # fmt: skip
def test_a_note_of_nothing_new_is_noted_and_no_more(ward: Ward, text: str) -> None:
    number = ward.record(NOT)
    assert ward.say(f"note {number} {text}").rstrip(".").endswith(f"Noted on {number}")


def test_of_a_case_it_is_its_last_record_and_the_way_leads_there(ward: Ward) -> None:
    ref = ward.case(NOTIFY)
    said = ward.say(f"note {ref} the physicist says 3 mSv in all")
    assert "The verdict of 2026-0001 does not know of it: total dose 3 mSv (decided with: 40 mSv)" in said
    assert "Total dose" in ward.say("correct 2026-0001 total dose 3 mSv")


@pytest.mark.parametrize("typed", ["total dose: 50 mSv", "Total dose 50 mSv"])
def test_a_fact_among_the_details_is_refused_with_the_way_that_takes_it(ward: Ward, typed: str) -> None:
    number = ward.record(NOT)
    said = ward.say(f"details {number} {typed}")
    assert "Total dose is what the verdict hangs on, and no detail" in said
    assert f"correct {number} total dose: 50 mSv" in said
    assert "50 mSv" in ward.say(f"correct {number} total dose: 50 mSv")


STEPS = {
    "investigate": (), "notified": (), "reported": ("notified {}",), "close": ("notified {}", "reported {}"),
    "reopen": ("notified {}",), "discovered": (),
}  # fmt: skip


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_that_tells_it_says_so_too_and_is_taken(ward: Ward, verb: str) -> None:
    ref = ward.case(NOTIFY)
    for one in STEPS[verb]:
        ward.say(one.format(ref))
    before = ward.store.case(T, ref).version
    on = "2026-11-20" if verb == "discovered" else ""
    said = ward.say(f"{verb} {ref} {on} the MPE now puts the total dose at 3 mSv")
    assert "The verdict of 2026-0001 does not know of it: total dose 3 mSv (decided with: 40 mSv)" in said
    assert ward.store.case(T, ref).version == before + 1
    assert "does not know" not in ward.say(f"note {ref} as was said")


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("CQC-7 under code 4.1", "code 4.1 (decided with: code 1)"),
        ("CQC-7 as codes 1 and 2.2", "code 2.2 (decided with: code 1)"),
        ("CQC-7 under code 1", ""), ("CQC-7, code 2.2 is ruled out", ""),
    ],
)  # fmt: skip
def test_another_code_than_was_decided_is_named(ward: Ward, note: str, says: str) -> None:
    ref = ward.case(NOTIFY)
    said = ward.say(f"notified {ref} {note}")
    assert (says in said) if says else ("does not know" not in said)
    assert ward.store.case(T, ref).state == "notified"


def test_no_verdict_is_confirmed_beside_another_dose_than_it_was_decided_with(pressed: Ward) -> None:
    pressed.name_roles()
    number = pressed.record(NOT)
    said = pressed.say(f"confirm {number} as MPE, the total dose was 60 mSv", BEN)
    assert "total dose 60 mSv (decided with: 4 mSv)" in said
    assert "nothing is confirmed" in said.lower()
    assert pressed.store.record(T, number).status == "provisional"
    pressed.say(f"case {number}", BEN)
    pressed.press("Confirm it", BEN)
    pressed.submit(BEN, note="two patients were exposed")
    assert "individuals exposed 2" in pressed.errors["note"]
    pressed.submit(BEN, note="4 mSv, one patient, as before")
    assert pressed.store.record(T, number).status == "confirmed"


def test_no_case_is_stood_down_for_what_its_verdict_does_not_know(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case(UNDECIDED)
    ward.decide_anew(ref, "total dose 4 mSv")
    ward.say("confirm 2026-0001 as MPE", BEN)
    said = ward.say(f"stand down {ref} the total dose was 60 mSv")
    assert "total dose 60 mSv (decided with: 4 mSv)" in said
    assert ward.store.case(T, ref).state == "opened"
    ward.say(f"stand down {ref} 4 mSv, ruled out")
    assert ward.store.case(T, ref).state == "stood_down"
