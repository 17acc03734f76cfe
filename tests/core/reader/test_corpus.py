"""Sentences as staff write them: no certain fact is wrong, and few are overlooked."""

import re
from collections import Counter
from pathlib import Path

import pytest

import bot.core.reader
from bot.core.reader import read
from bot.core.reader.lexicon import paragraphs
from rules.facts import DETAILS
from tests.core.reader.composed import sentences
from tests.core.reader.corpus import NOW, outcomes, reading, rows
from tests.core.reader.messages import WRITTEN_APART, judged, messages

CODE = Path(bot.core.reader.__file__).parent
SETS = sorted({row.set for row in rows()})


def test_the_corpus_is_large_and_of_every_kind():
    assert len(rows()) >= 200
    assert len({row.text for row in rows()}) == len(rows())
    categories = Counter(row.facts.get("category") for row in rows())
    assert all(count >= 8 for count in categories.values())
    assert {row.facts.get("nation") for row in rows()} >= {"england", "scotland", "wales", "northern_ireland"}
    assert sum(not row.facts and not row.to_confirm for row in rows()) >= 30


@pytest.mark.parametrize("name", SETS)
def test_no_certain_fact_is_wrong(name):
    found = [one for row in rows() if row.set == name for one in outcomes(row)]
    assert [(one.row.text, one.fact, one.got) for one in found if one.how == "wrong"] == []


@pytest.mark.parametrize("name", SETS)
def test_at_least_85_of_100_facts_are_found(name):
    found = Counter(one.how for row in rows() if row.set == name for one in outcomes(row))
    assert found["missed"] <= 0.15 * found.total()


def test_at_least_85_of_100_certain_facts_need_no_asking():
    stated = [one.how for row in rows() for one in outcomes(row) if one.fact in row.facts]
    assert stated.count("right") >= 0.85 * len(stated)


@pytest.mark.parametrize(
    "row", [row for row in rows() if not row.facts and not row.to_confirm], ids=lambda row: row.text
)
def test_nothing_is_read_into_what_is_no_incident(row):
    found = reading(row.text)
    assert (found.facts, found.to_confirm) == ({}, [])


@pytest.mark.parametrize("seed", range(4))
def test_parts_are_understood_beside_each_other_in_any_order(seed):
    wrong, count, overlooked = [], 0, 0
    for sentence in sentences(seed, 100):
        found = read(sentence.text, NOW)
        said = {name: value for name, value in found.facts.items() if name not in DETAILS}
        wrong += [
            (sentence.text, name, value) for name, value in said.items() if sentence.facts.get(name) != value
        ]
        count += len(sentence.facts)
        overlooked += sum(name not in found.facts and name not in found.to_confirm for name in sentence.facts)
    assert wrong == []
    assert overlooked <= 0.02 * count


def test_a_fact_is_certain_or_asked_and_never_both():
    for row in rows():
        found = reading(row.text)
        assert not found.facts.keys() & set(found.to_confirm)
        assert found.candidates.keys() == found.doubts.keys() == set(found.to_confirm)
        assert all(found.doubts.values())
        assert found.phrases.keys() == found.facts.keys() | set(found.to_confirm)
        assert "exposure" not in found.facts


def test_why_something_is_asked_is_said_in_words():
    used = {name for path in CODE.glob("*.py") for name in re.findall(r'"\?(\w+)"', path.read_text())}
    used |= {head.split()[0][1:] for head, _ in paragraphs(CODE / "guards.txt")}
    roles, counts = {"extra", "each", "other_person"}, {"planning_scans", "images_in_fraction"}
    assert used | roles | counts == {name for name, _ in paragraphs(CODE / "doubts.txt")}
    assert all(" " in doubt for row in rows() for doubt in reading(row.text).doubts.values())


def test_the_same_words_always_give_the_same_facts():
    for row in rows()[::4]:
        assert read(row.text, NOW) == reading(row.text)


@pytest.mark.parametrize("name", WRITTEN_APART)
def test_of_messages_that_were_written_apart_from_the_reader_none_is_wrong_and_few_facts_are_missed(name):
    found = [one for message in messages(name) for one in judged(message)]
    assert [one for one in found if one.how == "wrong"] == []
    assert sum(one.how == "missed" for one in found) <= 0.05 * len(found)
