"""The facts: each with a question, a reason for it, the answers it offers, and what it can be."""

import pytest

from rules.fact_model import Answer, Fact, Kind, choice, count, flag, number
from rules.facts import FACTS
from rules.spans import above, at_least, between

ASK, WHY = "How many?", "Because."


def test_each_kind_of_fact_is_made_with_its_question_reason_and_answers():
    fact = flag("a", ASK, WHY, flag="words")
    assert fact == Fact(
        "a",
        Kind.FLAG,
        ASK,
        WHY,
        answers=(Answer("true", "Yes", 0.1), Answer("false", "No", 0.9)),
        flag="words",
    )
    assert flag("a", ASK, WHY, prior=0.25).answers == (
        Answer("true", "Yes", 0.25),
        Answer("false", "No", 0.75),
    )
    fact = choice("b", ASK, WHY, ("x", "An x", 2), ("y", "A y", 1), example="x")
    assert fact == Fact(
        "b", Kind.CHOICE, ASK, WHY, answers=(Answer("x", "An x", 2), Answer("y", "A y", 1)), example="x"
    )
    assert number("c", ASK, WHY, "mSv", example="3") == Fact("c", Kind.QUANTITY, ASK, WHY, "mSv", example="3")
    assert number("c", ASK, WHY).unit == ""
    assert count("d", ASK, WHY, lowest=1) == Fact("d", Kind.COUNT, ASK, WHY, lowest=1)


def test_an_answer_is_labelled_in_words_and_anything_else_is_its_own_label():
    assert FACTS["nation"].label("northern_ireland") == "Northern Ireland"
    assert FACTS["equipment_fault"].label("false") == "No"
    assert FACTS["equipment_fault"].label("perhaps") == "perhaps"


def test_what_a_fact_can_be_follows_from_its_kind_and_limits():
    assert FACTS["total_dose"].domain == at_least(0)
    assert FACTS["prescribed_activity"].domain == above(0)
    assert FACTS["planning_scans"].domain == at_least(1)
    assert FACTS["age_years"].domain == between(0, 120)
    assert FACTS["equipment_fault"].domain == {"true", "false"}
    assert FACTS["geographical_miss"].domain == {"none", "partial", "total"}


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_a_fact_is_asked_for_by_a_question_and_says_why(fact):
    assert "?" in fact.ask
    assert fact.ask[-1] in "?."
    assert fact.why.endswith(".") or not fact.why
    assert len({answer.label for answer in fact.answers}) == len(fact.answers)
    assert fact.numeric == (fact.kind in (Kind.QUANTITY, Kind.COUNT))
    assert bool(fact.answers) == (fact.kind in (Kind.CHOICE, Kind.FLAG))
