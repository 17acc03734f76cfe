"""What seems to tell who somebody is, held to two sets of phrases that were written before it and by somebody
else (`tests/privacy`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.identifying import LEFT_OUT, find, without
from storage import identifiers

PIECES = (
    "Mr ", "Smith", ", ", "Testina ", " had ", "dob 1/2/70", "\u200b", "ring 07700 900123", " ", "\n", "’s ",
    "０１/０２/１９７０", "-", "CT ",
    "ZZ99 3CZ", "é", ".", "9991234560", LEFT_OUT, "@", "^",
)  # fmt: skip
SETS = Path(__file__).parents[2] / "privacy"
PAGE = Path(__file__).parents[3] / "docs" / "data.md"


def phrases(name: str) -> list[str]:
    lines = (SETS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def noticed(text: str) -> bool:
    """Is it asked about, or masked as a patient's number?"""
    return bool(find(text) or identifiers.find(text))


def test_nine_of_ten_phrases_that_tell_who_it_is_are_noticed():
    told = phrases("identifying")
    assert len(told) == 200
    count = sum(map(noticed, told))
    assert count >= 0.9 * len(told)
    assert f"that identify somebody {count} are noticed" in PAGE.read_text(encoding="utf-8")


def test_of_a_hundred_neutral_phrases_five_are_asked_about_at_most():
    told = phrases("neutral")
    assert len(told) == 200
    assert sum(map(noticed, told)) <= 0.05 * len(told)


@pytest.mark.parametrize(
    ("text", "phrase", "what"),
    [
        ("seen by SMITH, Testina today", "SMITH, Testina", "a name"),
        ("mr smith had the scan", "mr smith", "a name"),
        ("name: John Smith", "John Smith", "a name"),
        ("d.o.b. 01-Feb-70, CT", "d.o.b. 01-Feb-70", "a date of birth"),
        ("lives at 7 Dummy Lane. CT", "lives at 7 Dummy Lane", "an address"),
        ("from ZZ99 3CZ", "ZZ99 3CZ", "a postcode"),
        ("accession RXX99912345678", "accession RXX99912345678", "a hospital number"),
        ("CRIS number: 999 8812", "CRIS number: 999 8812", "a hospital number"),
        ("ring 07700 900123", "ring 07700 900123", "a telephone number"),
        ("write to a.b@example.org", "a.b@example.org", "an e-mail address"),
        ("Mr Te\u200bstperson was told", "Mr Te\u200bstperson", "a name"),
        ("born ０１/０２/１９７０", "born ０１/０２/１９７０", "a date of birth"),
        # As it comes out of a web page or a typeset document, with blanks that keep words together.
        ("Mr\u00a0Testperson was told", "Mr\u00a0Testperson", "a name"),
        ("dob\u00a01\u00a0May\u00a01950", "dob\u00a01\u00a0May\u00a01950", "a date of birth"),
        ("lives at 7\u202fDummy\u2009Lane", "lives at 7\u202fDummy\u2009Lane", "an address"),
        ("ring 07700\u00a0900\u2007123", "ring 07700\u00a0900\u2007123", "a telephone number"),
    ],
)
def test_the_phrase_is_found_where_it_stands(text, phrase, what):
    found = find(text)
    assert [(text[one.start : one.end], one.what) for one in found] == [(phrase, what)]
    assert without(text, found) == text.replace(phrase, LEFT_OUT)
    assert phrase not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "Patient Scanned twice", "Siemens Force", "Mount Vernon", "Sjögren's syndrome", "Hodgkin lymphoma",
        "Colles fracture", "Crohn's", "Smith's fracture", "Duty Physicist Informed", "13.11.26 17.53",
        "22.6 52.9 38.6 59.9", "local incident number 12345678", "case C26-0001",
        "LFPSE number 12345678", "lfpse number: 12345", "DCIQ number 12345678", "ward 12 bed 3",
        "born by the linac 3", "total dose 12 mSv by Monte Carlo",
        "L4 5th rib, T12 5 mSv", "@irmer check 1.5 mSv @ 14:30", LEFT_OUT, identifiers.MASK, "",
    ],
)  # fmt: skip
def test_words_of_the_field_and_figures_are_nobody(text):
    assert find(text) == ()


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=60, deadline=None)
def test_what_is_found_stands_in_order_and_goes_whole(pieces):
    text = "".join(pieces)
    found = find(text)
    places = [place for one in found for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    left = without(text, found)
    assert left.count(LEFT_OUT) == text.count(LEFT_OUT) + len(found)
    assert not re.search(r"07700 900123(?!\d)", left)  # grown together with more figures it is no number
