"""How many images: so many more, or so many in all, as each fact asks."""

from datetime import date

import pytest

from rules.incident import InvalidFacts
from rules.parsing import parse

TODAY = date(2026, 11, 23)
COURSE = {"exposure": "unintended", "category": "radiotherapy_verification"}


def taken(name, text):
    return parse({**COURSE, name: text}, TODAY).stated[name]


@pytest.mark.parametrize("text", ["3", "3 extra", "3 more", "3 repeats", "3 additional"])
def test_so_many_more_are_counted_where_they_are_asked(text):
    assert taken("additional_images", text) == 3


ALL, MORE = "that is how many more: write how many in all, such as 3", "not how many in all"


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("additional_images", "3 in all", f": write how many more than intended, {MORE}"),
        ("intended_images", "20 in total", f": write how many were intended, {MORE}"),
        ("intended_images", "3 extra", f": {ALL}"),
        ("images_in_fraction", "2 more", f": {ALL}"),
        ("images_in_fraction", True, " wants a number, or limits such as 2"),
        ("images_in_fraction", "0", " wants a whole number of at least 1"),
    ],
)
def test_the_other_count_is_refused_with_what_is_wanted(name, text, wanted):
    with pytest.raises(InvalidFacts) as refused:
        taken(name, text)
    assert str(refused.value) == name + wanted


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("age_years", 999, "a whole number from 0 to 120"),
        ("prescribed_activity", "0 MBq", "an activity above 0 MBq"),
    ],
)
def test_what_is_wanted_of_a_quantity_names_its_limits(name, text, wanted):
    with pytest.raises(InvalidFacts) as refused:
        parse({name: text}, TODAY)
    assert str(refused.value) == f"{name} wants {wanted}"
