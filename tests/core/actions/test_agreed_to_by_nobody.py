"""A “no” on facts of a source, or on what was only read, says so wherever its verdict is shown or leaves."""

from dataclasses import replace

import pytest

from bot.core.messages import Command, Give, Pressed
from bot.core.papers.rendered import as_text
from bot.core.words.agreed_words import agreed, agreed_to_by_nobody
from rules.agree import to_agree
from rules.parsing import parse
from storage.model import Person, Record
from tests.core.cases.ward import BEN, NOT, NOTIFY, NOW, T, Ward

CAUTION = "By the facts of the source, agreed to by nobody."


def carried(ward: Ward, facts: dict[str, object] = NOT, how: str = "carried", *but: str) -> Record:
    """As it comes out of another system; somebody here answered `but`."""
    number = ward.record(facts)
    kept = ward.store.record(T, number).assessment
    sources = {name: {"id": "U1", "how": "answered" if name in but else how} for name in kept.facts}
    return ward.store.keep(T, replace(kept, sources=sources), by=Person("U1"), now=ward.now)


@pytest.mark.parametrize("words", ["case {0}", "case {0} reasons"])
def test_its_card_and_its_reasons_say_so(ward: Ward, words: str) -> None:
    assert f"! {CAUTION}" in ward.say(words.format(carried(ward).number))
    assert CAUTION not in ward.say(words.format(ward.record(NOT)))


def test_whoever_confirms_it_reads_it_first(pressed: Ward) -> None:
    pressed.name_roles()
    pressed.ask(Pressed("case.confirm", carried(pressed).number), BEN)
    assert CAUTION in str(pressed.form)


@pytest.mark.parametrize(
    ("words", "times"), [("incidents", 1), ("cases unconfirmed", 1), ("cases unlearnt", 1), ("digest", 2)]
)
def test_a_list_says_so_of_its_line_and_of_no_other(ward: Ward, words: str, times: int) -> None:
    number = carried(ward).number
    lines = [line for line in ward.say(words).splitlines() if "agreed to by nobody" in line]
    assert [number in line for line in lines] == [True] * times


def test_the_paper_that_leaves_says_so(ward: Ward) -> None:
    number = carried(ward).number
    (made,) = [one.paper for one in ward.ask(Command(f"paper {number} decision")) if isinstance(one, Give)]
    assert f"every criterion is ruled out\nCaution: {CAUTION}\n" in as_text(made)
    (made,) = [
        one.paper for one in ward.ask(Command(f"paper {ward.record(NOT)} decision")) if isinstance(one, Give)
    ]
    assert "Caution" not in as_text(made)


def test_a_case_that_rests_on_it_says_so_and_so_does_its_draft(ward: Ward) -> None:
    ref, record = ward.case(NOTIFY), carried(ward)
    there = ward.store.record(T, ward.store.case(T, ref).records[0])
    ward.store.correct(
        T, there.number, record.assessment, why="the source says so", expected=1, by=Person("U1"), now=NOW
    )
    assert f"! {CAUTION}" in ward.say(f"case {ref}")
    (made,) = [one.paper for one in ward.ask(Command(f"paper {ref} notification")) if isinstance(one, Give)]
    assert f"Notification codes: DO NOT NOTIFY — every criterion is ruled out. {CAUTION}" in as_text(made)


@pytest.mark.parametrize("how", ["carried", "read", "assumed", "answered", "settings"])
@pytest.mark.parametrize("but", [(), ("nation",), ("total_dose", "intended_dose"), tuple(NOT)])
def test_it_is_said_exactly_where_a_person_would_be_asked(ward: Ward, how: str, but: tuple[str, ...]) -> None:
    record = carried(ward, NOT, how, *but)
    asked = to_agree(
        parse(record.assessment.facts, NOW.date()),
        set(NOT) if how in ("answered", "settings") else set(but),
    )
    assert bool(asked) == bool(agreed_to_by_nobody(record, NOW.date())) == (not agreed(record))
    assert ("what was read" in agreed_to_by_nobody(record, NOW.date())) == (how == "read" and bool(asked))


def test_facts_that_are_taken_no_longer_are_no_answer_and_break_no_list(ward: Ward) -> None:
    kept = carried(ward, NOT, "read", "nation").assessment
    facts = {**kept.facts, "age_years": "many"}
    number = ward.store.keep(T, replace(kept, facts=facts), by=Person("U1"), now=ward.now).number
    (line,) = (line for line in ward.say("incidents").splitlines() if number in line)
    assert "do not notify, agreed to by nobody" in line


def test_where_somebody_is_told_there_is_nothing_to_agree_to(ward: Ward) -> None:
    record = carried(ward, NOTIFY)
    assert (agreed_to_by_nobody(record, NOW.date()), agreed(record)) == ("", None)
