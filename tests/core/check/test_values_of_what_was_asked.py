"""A value that is of something else than what was asked is not taken for it: asked, or refused with why."""

import pytest

from rules.facts import FACTS
from rules.incident import InvalidFacts
from rules.parsing import parse
from tests.core.cases.ward import NOW, TYPED, T, Ward
from tests.core.check.asked import NAMES, UNINTENDED

PLANNING = "check Patient 40, England, planning CT repeated by mistake"
CHEST = "check Patient 55, England had CT chest instead of CT head today"


@pytest.fixture
def ward(tmp_path):
    made = Ward(tmp_path / "a.sqlite", TYPED)
    yield made
    made.store.close()


def known(ward):
    (draft,) = ward.store.drafts(T)
    return draft.state["facts"]


def asked(ward):
    title = ward.cards[-1].title
    return "flags" if title == "Which of these apply?" else NAMES.get(title, title)


def until(ward, first, name, **answers):
    """Tells an incident, and answers what is asked until that is asked."""
    ward.tell(first)
    for _ in range(20):
        if asked(ward) == name:
            return
        ward.tell({**UNINTENDED, **answers}.get(asked(ward), "don't know"))
    raise AssertionError(f"{name} was not asked")


@pytest.mark.parametrize(
    "words",
    ["2 extra scans", "2 repeat scans", "1 more scan", "2 additional", "two further images", "2 repeats",
     "1 repeat", "2 more", "2 scans more", "2 extra", "2 on top", "2 scans repeated"],
)  # fmt: skip
def test_so_many_more_is_not_how_many_in_all(ward, words):
    until(ward, PLANNING, "planning_scans")
    shown = ward.tell(words)
    assert asked(ward) == "planning_scans"
    assert "planning_scans" not in known(ward)
    assert "how many in all" in shown


@pytest.mark.parametrize("words", ["three of them", "3 scans", "3 planning scans", "3 in all", "3 scans in total"])
def test_a_number_in_all_is_taken(ward, words):
    until(ward, PLANNING, "planning_scans")
    ward.tell(words)
    assert known(ward)["planning_scans"] == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("individuals_exposed", "1 additional person"),
        ("individuals_exposed", "1 more patient"),
        ("images_in_fraction", "2 extra images"),
        ("intended_images", "10 additional images"),
        ("additional_images", "12 images in total"),
        ("additional_images", "12 in all"),
    ],
)
def test_a_number_of_another_kind_is_refused_wherever_it_comes_from(name, value):
    category = {} if name == "individuals_exposed" else {"category": "radiotherapy_verification"}
    with pytest.raises(InvalidFacts, match="how many"):
        parse({**category, name: value}, NOW.date())


@pytest.mark.parametrize("value", ["2 repeats", "2 extra", "2 more", "2 extra images", "2 repeat images", "2"])
def test_so_many_more_is_what_is_asked_of_the_images_beyond_what_was_intended(value):
    facts = parse({"category": "radiotherapy_verification", "additional_images": value}, NOW.date())
    assert facts.stated["additional_images"] == 2


def test_a_dose_pasted_with_the_spaces_of_a_web_page_is_that_dose_and_no_age(ward):
    ward.tell("check Patient had 25&nbsp;mSv from CT chest instead of CT head today, England")
    assert known(ward)["total_dose"] == "25 mSv"
    assert "age_years" not in known(ward)
