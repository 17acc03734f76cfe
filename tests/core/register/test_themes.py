"""The three questions, answered: one cause, different people, how many? Yes with two or more is code M."""

import re
from pathlib import Path

import pytest

from bot.core.actions.theme_acts import as_answer
from tests.core.cases.ward import ANA, BEN, BUTTONS, NOT, NOTIFY, UNDECIDED, T, Ward


def alike(ward: Ward, count: int = 3, facts: dict[str, object] = NOT, **more: object) -> list[str]:
    """So many of one cause on one scanner, kept one after the other."""
    numbers = []
    for _ in range(count):
        number = ward.record({**facts, **more})
        ward.store.give_details(
            T, number, {"cause": "wrong side", "equipment": "CT 2"}, by=ward.store.record(T, number).by,
            now=ward.now,
        )  # fmt: skip
        numbers.append(number)
    return numbers


def outcome(ward: Ward, number: str) -> tuple[str, object, int]:
    record = ward.store.record(T, number)
    return record.outcome, record.assessment.facts.get("individuals_exposed"), record.revision


def test_three_people_by_one_cause_are_code_m_and_a_case_and_the_earlier_ones_stay(ward: Ward) -> None:
    first, second, third = alike(ward)
    assert "3 within 90 days (wrong side, equipment CT 2)" in ward.say(f"record {third}")
    said = ward.say(f"theme {third} yes, 3 different people: the same template")
    assert "T26-0001: one cause, 3 people exposed." in said
    by = "notify as soon as possible, by Mon 7 December 2026 at the latest"
    assert f"{third} is decided anew (code M), in case C26-0001; {by}." in said
    assert f"{first} and {second} keep what was judged." in said
    assert outcome(ward, third) == ("notify", 3, 2)
    assert ward.store.record(T, third).assessment.verdict["complementary"] == ["M2.2"]
    assert outcome(ward, first) == outcome(ward, second) == ("do_not_notify", 1, 1)
    assert {"notify", "report"} <= ward.due("C26-0001").keys()
    theme = ward.store.theme(T, "T26-0001")
    assert (theme.cases, theme.answer.why, theme.answer.by.id) == (
        ("C26-0001",), "the same template", ANA.id,
    )  # fmt: skip
    assert "Theme T26-0001" in ward.say("case C26-0001")
    assert ward.store.verify() == []


def test_it_is_not_asked_again_until_a_new_one_joins(ward: Ward) -> None:
    third = alike(ward)[-1]
    ward.say(f"theme {third} no, three different rooms")
    theme = ward.store.theme(T, "T26-0001")
    assert (theme.state, theme.answer.by.id, ward.store.cases(T)) == ("apart", ANA.id, ())
    shown = ward.say(f"record {third}")
    assert "Is it one" not in shown
    assert "not one cause, said Radiographer A on Tue 24 November 2026: three different rooms" in shown
    (fourth,) = alike(ward, 1)
    asked = ward.say(f"record {fourth}")
    assert "T26-0001 was said to be not one cause, and there are 4 now" in asked
    ward.say(f"theme {fourth} yes, 4 people")
    theme = ward.store.theme(T, "T26-0001")
    assert (theme.state, len(theme.numbers), theme.cases) == ("one_cause", 4, ("C26-0001",))
    assert outcome(ward, fourth) == ("notify", 4, 2)


def test_what_nobody_knows_is_undecided_and_no_no(ward: Ward) -> None:
    third = alike(ward)[-1]
    said = ward.say(f"theme {third} don't know")
    assert "whether code M is met is not known, which is not a “no”" in said
    assert outcome(ward, third) == ("undecided", None, 2)
    assert ward.store.case(T, "C26-0001").records == (third,)
    ward.say("theme T26-0001 yes, the same person")
    assert ward.store.theme(T, "T26-0001").answer.people == 1
    ward.say("theme T26-0001 yes, 2 people")
    assert outcome(ward, third) == ("notify", 2, 3)
    assert [case.ref for case in ward.store.cases(T)] == ["C26-0001"]


def test_the_same_person_each_time_is_not_m(ward: Ward) -> None:
    third = alike(ward)[-1]
    assert "the same one each time" in ward.say(f"theme {third} yes, same patient each time")
    assert outcome(ward, third) == ("do_not_notify", 1, 1)
    assert ward.store.cases(T) == ()


@pytest.mark.parametrize("words", ["yes, the same person", "no, the causes are different"])
def test_an_answer_that_takes_code_m_back_says_that_its_case_runs_on(ward: Ward, words: str) -> None:
    first, second = (ward.record({**NOT, "cause": ["wrong side"]}) for _ in range(2))
    ward.say(f"theme {first} yes, 2 different people, with {second}")
    says = "C26-0001 stays as it is: redecide it where its verdict changes"
    assert says not in ward.shown
    assert says in ward.say(f"theme {first} {words}", BEN)
    assert "notify" in ward.due("C26-0001")


def test_one_who_was_not_exposed_is_in_the_theme_and_never_counted(ward: Ward) -> None:
    """The clock is that of the latest in whom somebody was exposed."""
    exposed = alike(ward, 2)
    missed = {"exposure": "near_miss", "category": "diagnostic", "nation": "england",
              "discovered_on": "2026-11-24"}  # fmt: skip
    (near,) = alike(ward, 1, missed)
    shown = ward.say(f"record {near}")
    assert "1 of them exposed nobody who counts for it" in shown
    assert "2 people exposed, if no two" in shown
    ward.say(f"theme {near} yes, different people")
    assert outcome(ward, near)[0] == "do_not_notify"
    assert outcome(ward, exposed[-1]) == ("notify", 2, 2)
    assert ward.store.theme(T, "T26-0001").answer.people == 2
    assert "nobody who counts" in ward.say("theme T26-0001")


def test_one_exposed_beside_two_near_misses_is_no_theme_of_people(ward: Ward) -> None:
    missed = {"exposure": "near_miss", "category": "diagnostic", "nation": "england",
              "discovered_on": "2026-11-24"}  # fmt: skip
    alike(ward, 2, missed)
    (number,) = alike(ward, 1)
    assert "one cause, 1 person exposed" in ward.say(f"theme {number} yes, different people")
    assert outcome(ward, number) == ("do_not_notify", 1, 1)


def test_a_carer_is_counted(ward: Ward) -> None:
    carers = alike(ward, 3, {**UNDECIDED, "total_dose": "4 mSv", "exposed_person": "carer_or_comforter"})
    ward.say(f"theme {carers[-1]} yes, 3 people")
    assert outcome(ward, carers[-1]) == ("notify", 3, 2)


def test_an_open_case_is_decided_anew_and_keeps_its_dates(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    (number,) = ward.store.case(T, ref).records
    due = ward.due(ref)
    alike(ward, 2)
    ward.say(f"details {number} cause: wrong side")
    ward.say(f"details {number} equipment: CT 2")
    ward.say(f"theme {number} yes, 3 people, with 2026-0002, 2026-0003")
    # The latest bears it: of one day, that which was kept last.
    latest = ward.store.theme(T, "T26-0001").numbers[-1]
    assert outcome(ward, latest)[:2] == ("notify", 3)
    assert {kind: on for kind, on in ward.due(ref).items() if kind in due} == due


def test_a_new_one_is_asked_whether_it_is_part_of_the_theme_that_is_known(ward: Ward) -> None:
    third = alike(ward)[-1]
    ward.say(f"theme {third} yes, 3 people")
    (fourth,) = alike(ward, 1)
    assert "Is it part of T26-0001" in ward.say(f"record {fourth}")
    ward.say(f"theme {fourth} no, it was a wrong request")
    assert ward.store.theme(T, "T26-0001").state == "one_cause"
    assert ward.store.theme(T, "T26-0002").state == "apart"
    assert "Is it" not in ward.say(f"record {fourth}")
    (fifth,) = alike(ward, 1)
    assert "Is it part of T26-0001" in ward.say(f"record {fifth}")
    assert "4 people exposed, if no two" in ward.shown
    ward.say(f"theme {fifth} yes, different people")
    assert ward.store.theme(T, "T26-0001").answer.people == 4
    assert outcome(ward, fifth) == ("notify", 4, 2)


def test_what_nobody_asked_about_can_be_answered_with_the_incidents_named(ward: Ward) -> None:
    one, two = ward.record(NOT), ward.record(NOT)
    assert "Nothing that is kept is alike" in ward.say(f"theme {two}")
    assert "two incidents at least" in ward.say(f"theme {two} yes, 2 people")
    assert "no record 2026-0099 here" in ward.say(f"theme {two} yes, 2 people, with 2026-0099")
    assert "in case C26-0001" in ward.say(f"theme {two} yes, 2 people, with {one}")
    assert ward.store.theme(T, "T26-0001").numbers == (one, two)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("perhaps", "say whether it is one cause"), ("yes", "were they different people, and how many?"),
        ("no", "say why it is not one cause"), ("yes, 2 people, the same person", "which is it?"),
        ("yes, 1 person, not the same people", "two at least: which is it?"),
        ("yes, 0 people", "a whole number from 1"),
    ],
)  # fmt: skip
def test_an_answer_that_leaves_something_open_is_asked_for_and_nothing_is_kept(
    ward: Ward, words: str, wanted: str
) -> None:
    third = alike(ward)[-1]
    assert wanted in ward.say(f"theme {third} {words}").lower()
    assert ward.store.count_themes(T) == 0


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("yes, 3 different people", ("yes", "yes", "3", "")),
        ("one cause: the template. 2 patients", ("yes", "yes", "2", "the template")),
        ("yes the same patient each time", ("yes", "no", "", "")),
        ("yes, different people", ("yes", "yes", "", "")),
        ("yes, not known how many", ("yes", "not_known", "", "")),
        ("not known", ("not_known", "", "", "")),
        ("no, two rooms", ("no", "", "", "two rooms")),
        ("yes, not the same people", ("yes", "yes", "", "")),
    ],
)
def test_an_answer_is_read_in_words(text: str, read: tuple[str, ...]) -> None:
    given = as_answer(text)
    assert (given["one_cause"], given["different"], given["people"], given["why"]) == read


@pytest.mark.parametrize("between", [" ", ", ", " and ", ", and ", " & ", "; ", "  "])
def test_all_that_stand_after_with_are_of_the_theme_whatever_is_between_them(between: str) -> None:
    given = as_answer(f"yes, 4 different people with 2026-0001{between}2026-0002: one rota")
    assert re.findall(r"\d{4}-\d{4}", given["incidents"]) == ["2026-0001", "2026-0002"]
    assert (given["people"], given["why"]) == ("4", "one rota")


@pytest.mark.parametrize(
    "text", ["yes, 2 people, 2026-0001 too", "yes, 2 people with 2026-0001, also 2026-0002"]
)
def test_a_record_that_is_named_elsewhere_is_asked_about_and_no_reason(tmp_path: Path, text: str) -> None:
    ward = Ward(tmp_path / "b.sqlite")
    third = alike(ward)[-1]
    said = ward.say(f"theme {third} {text}")
    assert "one of them? Name all that are together, after “with”: with 2026-0001" in said
    assert ward.store.themes(T) == ()
    assert "2026-0001" in as_answer("no, another machine than in 2026-0001")["why"]


def test_its_form_shows_what_is_known_and_what_was_wrong(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "b.sqlite", BUTTONS)
    third = alike(ward)[-1]
    ward.say(f"record {third}")
    ward.press("Is it a theme?")
    assert ward.form is not None
    shown = {one.name: one.value for one in ward.form.inputs}
    assert (shown["people"], shown["incidents"]) == ("3", "2026-0003, 2026-0002, 2026-0001")
    ward.submit(one_cause="yes", different="no", people="3", why="a template")
    assert ward.errors == {"people": "the same person each time is one person: which is it?"}
    ward.submit(one_cause="yes", different="yes", people="3", delivery="d1")
    assert "in case C26-0001" in ward.shown
    assert outcome(ward, third) == ("notify", 3, 2)


def test_a_theme_that_changed_meanwhile_is_shown_first(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "b.sqlite", BUTTONS)
    third = alike(ward)[-1]
    ward.say(f"theme {third} yes, 3 people")
    ward.say("theme T26-0001")
    ward.press("Answer again")
    form = ward.form
    ward.say("theme T26-0001 no, two templates", BEN)
    ward.form = form
    assert "has changed meanwhile: Physicist B answered it" in ward.submit(one_cause="yes", different="yes")


def test_it_is_closed_with_learning_and_listed_by_its_state(ward: Ward) -> None:
    third = alike(ward)[-1]
    ward.say(f"theme {third} yes, 3 people")
    assert "T26-0001" in ward.say("themes")
    assert "say what was learnt" in ward.say("close T26-0001").lower()
    assert "Closed, with what was learnt." in ward.say("close T26-0001 the template is locked")
    assert "Themes that are open: none" in ward.say("themes")
    assert "T26-0001" in ward.say("themes closed")
    assert "there are these lists" in ward.say("themes tomorrow").lower()
    assert "is a theme: name a case" in ward.say("confirm T26-0001 as MPE")
    assert "there is no theme T26-0009 here" in ward.say("theme T26-0009").lower().replace("t26", "T26")
    assert ward.store.case(T, "C26-0001").state == "opened"


def test_who_may_not_read_every_record_answers_none_and_is_told_whom_to_ask(ward: Ward) -> None:
    alike(ward, 2)
    ward.store.set_setting(T, "may_read", [BEN.id], by=ward.store.record(T, "2026-0001").by, now=ward.now)
    (third,) = alike(ward, 1)
    shown = ward.say(f"record {third}")
    assert "alike to this one, and may have one cause with it: ask somebody with a role" in shown
    assert "2026-0001" not in shown
    assert "themes are for whoever has a role" in ward.say(f"theme {third} yes, 3 people").lower()
    assert "3 within 90 days" in ward.say(f"record {third}", BEN)


def test_a_check_of_the_same_record_does_not_take_it_for_another(ward: Ward) -> None:
    (number,) = alike(ward, 1)
    assert "Alike" not in ward.say(f"correct {number}")


def test_the_second_fault_of_a_machine_is_asked_whatever_else_is_told(ward: Ward) -> None:
    for category in ("diagnostic", "interventional"):
        number = ward.record({**NOTIFY, "category": category, "equipment_fault": True})
        ward.store.give_details(
            T, number, {"equipment": "C-arm 3"}, by=ward.store.record(T, number).by, now=ward.now
        )
    assert "2 within 90 days (equipment fault, equipment c-arm 3)" in ward.say(f"record {number}")


def test_a_digest_names_the_themes_that_are_open(ward: Ward) -> None:
    third = alike(ward)[-1]
    assert "Themes that are open" not in ward.say("digest")
    ward.say(f"theme {third} yes, 3 people")
    assert "Themes that are open: 1" in ward.say("digest")
    assert "T26-0001 (wrong side, equipment CT 2): one cause, 3 people exposed" in ward.shown
