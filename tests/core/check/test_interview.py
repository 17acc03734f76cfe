"""The interview as pure functions: what is asked, what an answer does, and who said what."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.check.check import Check, sources_of
from bot.core.check.interview import answer, back, next_of, question
from bot.core.check.question_card import question_card
from bot.core.draft import Draft, Source
from bot.core.messages import Capabilities
from bot.core.refused import Refused
from rules.facts import FACTS, Kind

TODAY = date(2026, 11, 5)
ANN = Source("u1", "Radiographer", "2026-11-05T10:00:00+00:00")
BEN = Source("u2", "Physicist", "2026-11-05T11:00:00+00:00")


def check(**facts):
    return Check(Draft("d1", ANN.at, facts=facts, sources=dict.fromkeys(facts, ANN)), TODAY)


def say(begun, *typed, source=ANN):
    for text in typed:
        begun = answer(begun, next_of(begun), text, source=source)
    return begun


UNINTENDED = {"category": "diagnostic", "exposure": "unintended", "nation": "england", "total_dose": "1 mSv"}


def test_the_flags_come_as_one_question_and_none_answers_them_all():
    asked = next_of(check(**UNINTENDED, intended_dose="1 mSv"))
    deciding = ("unintended_foetal_exposure", "individuals_exposed", "clinically_significant")
    assert asked.names == (*deciding, "equipment_fault")  # a label, which would be asked by itself later
    done = say(check(**UNINTENDED, intended_dose="1 mSv"), "none")
    assert done.draft.facts["individuals_exposed"] == 1
    assert done.draft.facts["clinically_significant"] is False


def test_a_ticked_theme_is_more_than_one_person():
    done = say(check(**UNINTENDED, intended_dose="1 mSv"), "2")
    assert done.draft.facts["individuals_exposed"] == ">=2"
    assert done.verdict.outcome == "notify"


def test_pregnancy_is_not_asked_of_a_male_and_the_record_names_who_said_so():
    done = say(check(**UNINTENDED, intended_dose="1 mSv"), "male", source=BEN)
    assert "unintended_foetal_exposure" not in next_of(done).names
    assert done.facts.stated["unintended_foetal_exposure"] is False
    assert sources_of(done.draft)["unintended_foetal_exposure"] == replace(
        BEN, words="the person is said to be male"
    )


def test_pregnancy_is_not_asked_of_a_child_under_ten_and_is_from_ten_on():
    flags = {}
    for age in (9, 10):
        asked = next_of(check(**UNINTENDED, intended_dose="1 mSv", age_years=age))
        flags[age] = "unintended_foetal_exposure" in asked.names
    assert flags == {9: False, 10: True}


def test_an_age_that_is_only_known_within_limits_counts_by_its_upper_one():
    wide = check(**UNINTENDED, intended_dose="1 mSv", age_years="8-12 years")
    assert "unintended_foetal_exposure" in next_of(wide).names


def test_a_foetus_that_was_exposed_is_never_argued_away():
    exposed = check(**UNINTENDED, intended_dose="1 mSv", unintended_foetal_exposure=True)
    with pytest.raises(Refused, match="said to be exposed"):
        answer(exposed.with_(asking=("person",)), question(("person",), exposed.draft), "male", source=ANN)
    male = check(**UNINTENDED).with_(person="male", sources={"person": ANN})
    said = male.with_(asking=("unintended_foetal_exposure",))
    assert say(said, "yes").draft.person == ""


def test_not_knowing_takes_out_what_was_said_before():
    begun = check(**UNINTENDED).with_(asking=("total_dose",))
    done = say(begun, "don't know")
    assert "total_dose" not in done.draft.facts
    assert done.draft.skipped == ("total_dose",)
    assert done.verdict.outcome == "undecided"


def test_what_is_not_known_is_not_asked_again_and_leaves_it_undecided():
    begun = check(category="diagnostic", exposure="unintended", nation="england")
    asked = []
    while (one := next_of(begun)) is not None:
        assert one.names not in asked
        asked.append(one.names)
        begun = say(begun, "?")
    assert begun.verdict.outcome == "undecided"


def test_going_back_asks_the_last_question_again_without_its_answer():
    done = say(check(), "1", "yes")
    before = back(done)
    assert before.draft.facts == {"category": "diagnostic"}
    assert next_of(before).name == "exposure"
    assert back(back(before)) is None


def test_every_fact_names_who_gave_it():
    done = say(say(check(), "1"), "yes", source=BEN)
    assert {name: given.id for name, given in sources_of(done.draft).items()} == {
        "category": "u1",
        "exposure": "u2",
    }


def test_a_change_that_contradicts_other_facts_makes_them_give_way():
    begun = check(category="radiotherapy_planning", planning_scans=2).with_(asking=("category",))
    done = say(begun, "diagnostic")
    assert done.draft.facts == {"category": "diagnostic"}


def test_where_one_of_several_codes_is_met_a_fact_that_tells_which_is_asked():
    begun = check(
        category="radiotherapy_treatment", exposure="unintended", nation="wales", discovered_on="2026-11-01",
        target_dose_ratio="0.85", geographical_miss="partial",
    )  # fmt: skip
    assert begun.verdict.codes == ()
    assert next_of(begun).name == "miss_margin_ratio"


def test_labels_and_the_day_of_discovery_are_asked_once_the_outcome_is_settled():
    begun = check(
        category="nuclear_medicine", exposure="unintended", nation="wales", wrong_radiopharmaceutical=True
    )
    asked = []
    for text in ("yesterday", "4 only"):
        asked.append(next_of(begun).names)
        begun, before = say(begun, text), begun
    assert asked == [
        ("discovered_on",),
        ("individuals_exposed", "clinically_significant", "equipment_fault", "licence_held"),
    ]
    assert begun.draft.facts["licence_held"] is False  # what is chosen is that none was held
    assert next_of(begun) is None
    assert [told.body for told in begun.verdict.also_tell][:1] == ["ARSAC"]
    none = say(before, "none")
    assert none.draft.facts["licence_held"] is True
    assert none.verdict.also_tell == ()


def test_of_what_another_regulator_has_only_the_nation_is_asked():
    assert next_of(check(exposed_person="worker")).name == "nation"
    assert next_of(check(exposed_person="worker", nation="wales")) is None


def _typed(data, asked):
    if asked.several:
        return data.draw(st.sampled_from(["none", "1", "?", "male"]))
    fact = FACTS[asked.name]
    if fact.kind is Kind.DATE:
        return data.draw(st.sampled_from(["yesterday", "2026-10-01", "?"]))
    if fact.answers:
        return data.draw(st.sampled_from([*(str(n) for n in range(1, len(fact.answers) + 1)), "?"]))
    return data.draw(st.sampled_from(["0.1", "1", "2", "3-5", "11", "<40", "?"]))


@settings(max_examples=80)
@given(st.data())
def test_every_interview_ends_and_going_back_through_it_all_leaves_nothing_said(data):
    begun, count = check(), 0
    while (asked := next_of(begun)) is not None:
        count += 1
        assert count < 60, begun
        try:
            begun = answer(begun, asked, _typed(data, asked), source=ANN)
        except Refused:
            begun = answer(begun, asked, "?", source=ANN)
    assert begun.verdict.outcome in ("notify", "do_not_notify", "undecided")
    while (before := back(begun)) is not None:
        begun = before
    assert begun.draft.facts == {}


@pytest.mark.parametrize(
    ("hears", "personal", "said"), [(False, False, True), (False, True, False), (True, False, False)]
)
def test_where_not_all_is_heard_the_question_says_how_words_reach_the_bot(hears, personal, said):
    face = Capabilities(dialogs=False, private_answers=False, hears_everything=hears, command="@IRMER")
    begun = check(category="diagnostic")
    card = question_card(next_of(begun), begun.draft, face, personal=personal)
    assert ("words that begin with @IRMER" in str(card)) is said
