"""What people type in the place of an answer that is offered is taken where it says the same, and nothing
more is taken with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.words.fact_words import title
from tests.core.cases.ward import T, Ward

KIND = {
    "target_dose_ratio": "radiotherapy treatment", "fraction_dose_ratio": "radiotherapy treatment",
    "organ_dose_ratio": "radiotherapy treatment", "miss_margin_ratio": "radiotherapy treatment",
    "geographical_miss": "radiotherapy treatment", "planning_scans": "radiotherapy planning",
    "activity_ratio": "nuclear medicine therapy", "deterministic_effect": "interventional",
}  # fmt: skip
TAKEN = [
    ("exposure", "not intended at all", "accidental"),
    ("exposure", "Nothing was intended.", "accidental"),
    ("exposure", "yes, but they got a different exposure", "unintended"),
    ("deterministic_effect", "no", "none"),
    ("deterministic_effect", "No reaction", "none"),
    ("geographical_miss", "partial miss", "partial"),
    ("geographical_miss", "complete miss", "total"),
    ("clinically_significant", "not significant", False),
    ("clinically_significant", "yes per our procedure", True),
    ("equipment_fault", "human error", False),
    ("equipment_fault", "no, operator error", False),
    ("equipment_fault", "No - human error", False),
    ("procedural_failure", "yes - no ID check", True),
    ("procedural_failure", "procedure not followed", True),
    ("individuals_exposed", "just one", 1),
    ("individuals_exposed", "only this patient", 1),
    ("individuals_exposed", "just the one", 1),
    ("clinically_significant", "yes, significant", True),
    ("age_years", "34 yo F", 34),
    ("planning_scans", "3 only", 3),
    ("age_years", "34 yr old male", 34),
    ("age_years", "a 34 year old woman", 34),
    ("target_dose_ratio", "10% over", "1.1"),
    ("target_dose_ratio", "10% too high", "1.1"),
    ("target_dose_ratio", "2.5 % less than prescribed", "0.975"),
    ("organ_dose_ratio", "20% more", "1.2"),
    ("fraction_dose_ratio", "50% under", "0.5"),
    ("activity_ratio", "12 percent low", "0.88"),
    ("dose_ratio", "x2", "2"),
    ("miss_margin_ratio", "twice the margin", "2"),
    ("miss_margin_ratio", "3 x the margin", "3"),
]
NOT_TAKEN = [
    ("target_dose_ratio", "within 5%"),
    ("target_dose_ratio", "about 10% over"),
    ("target_dose_ratio", "not 10% over"),
    ("target_dose_ratio", "10% over?"),
    ("target_dose_ratio", "110% over"),
    ("deterministic_effect", "not yet"),
    ("deterministic_effect", "none so far"),
    ("deterministic_effect", "no effects yet"),
    ("deterministic_effect", "no effects to date"),
    ("deterministic_effect", "no skin reaction seen today"),
    ("equipment_fault", "no human error"),
    ("dose_ratio", "twice the margin"),
    ("exposure", "nobody"),
    ("exposure", "caught"),
    ("exposure", "caught it"),
    ("equipment_fault", "human error and a fault"),
    ("equipment_fault", "human error?"),
    ("clinically_significant", "not significant yet"),
    ("clinically_significant", "probably not significant"),
    ("procedural_failure", "perhaps not followed"),
    ("individuals_exposed", "just one more"),
    ("individuals_exposed", "only 2 so far"),
    ("age_years", "about 18"),
    ("exposure", "not intended"),
    ("miss_margin_ratio", "the margin"),
    ("dose_ratio", "twice the margin?"),
]
NOBODY_KNOWS = [
    "waiting for physics",
    "awaiting the MPE",
    "being assessed",
    "not decided yet",
    "tbc",
    "not known yet",
    "waiting for MPE to calculate",
    "physics will calculate it",
    "ask physics",
    "physics are calculating",
]


def asked(path: Path, name: str) -> Ward:
    ward = Ward(path / "a.sqlite")
    kind = KIND.get(name, "1")
    first = {"nation": "england", "category": kind, "exposure": "1"} | (
        {"geographical miss": "2"} if name == "miss_margin_ratio" else {}
    )
    ward.tell("check")
    for fact, answer in first.items():
        if fact != name:
            ward.tell(f"edit {fact}")
            ward.tell(answer)
    ward.tell(f"edit {title(name)}")
    return ward


def facts(ward: Ward) -> dict[str, object]:
    return ward.store.drafts(T)[0].state["facts"]


@pytest.mark.parametrize(("name", "words", "value"), TAKEN)
def test_words_that_say_the_same_as_an_answer_are_one(
    tmp_path: Path, name: str, words: str, value: object
) -> None:
    ward = asked(tmp_path, name)
    before = facts(ward)
    ward.tell(words)
    assert facts(ward) == {**before, name: value}
    ward.store.close()


@pytest.mark.parametrize(("name", "words"), NOT_TAKEN)
def test_words_that_say_more_or_less_are_none(tmp_path: Path, name: str, words: str) -> None:
    ward = asked(tmp_path, name)
    before = facts(ward)
    ward.tell(words)
    assert facts(ward) == before
    ward.store.close()


def test_an_age_that_is_about_right_is_an_adult_s_where_it_is_far_from_a_child_s(tmp_path: Path) -> None:
    for n, words in enumerate(("about 60", "60ish", "around 25")):
        (tmp_path / str(n)).mkdir()
        ward = asked(tmp_path / str(n), "age_years")
        ward.tell(words)
        assert facts(ward)["age_group"] == "adult"
        assert "age_years" not in facts(ward)
        ward.store.close()


@pytest.mark.parametrize("words", NOBODY_KNOWS)
def test_who_waits_for_it_does_not_know(tmp_path: Path, words: str) -> None:
    ward = asked(tmp_path, "total_dose")
    ward.tell(words)
    assert "total_dose" in ward.store.drafts(T)[0].state["skipped"]
    ward.store.close()


STORY = "check chest xray done twice on a 45 year old man, England, today, intended 0.02 mSv, total 0.04 mSv"


def at(path: Path, wanted: str) -> Ward:
    """A check that has come to these words."""
    ward = Ward(path / "a.sqlite")
    ward.tell(STORY)
    for _ in range(9):
        if wanted in ward.shown:
            return ward
        ward.tell("none" if "Which of these apply" in ward.shown else "yes")
    raise AssertionError(ward.shown)


@pytest.mark.parametrize(
    "words",
    ["no none", "No, none of them.", "no - none", "none thanks", "none of those apply", "no, nothing"],
)
def test_none_of_the_lines_is_said_in_many_ways(tmp_path: Path, words: str) -> None:
    ward = at(tmp_path, "Which of these apply?")
    ward.tell(words)
    known = facts(ward)
    assert (known["individuals_exposed"], known["clinically_significant"], known["equipment_fault"]) == (
        1, False, False,
    )  # fmt: skip
    ward.store.close()


def test_a_line_is_named_by_its_number(tmp_path: Path) -> None:
    ward = at(tmp_path, "Which of these apply?")
    ward.tell("number 2")
    assert facts(ward)["clinically_significant"] is True
    assert "equipment_fault" not in facts(ward)
    ward.store.close()


@pytest.mark.parametrize("words", ["looks right", "all correct", "Yes, that's correct.", "yes it is"])
def test_what_is_right_is_agreed_to_in_many_ways(tmp_path: Path, words: str) -> None:
    ward = at(tmp_path, "Is this right?")
    assert "DO NOT NOTIFY" in ward.tell(words)
    ward.store.close()


@pytest.mark.parametrize("words", ["not right", "looks right?", "right but the dose", "is it right", "sure"])
def test_less_than_that_agrees_to_nothing(tmp_path: Path, words: str) -> None:
    ward = at(tmp_path, "Is this right?")
    assert "DO NOT NOTIFY" not in ward.tell(words)
    ward.store.close()


@pytest.mark.parametrize("words", ["save it", "yes, keep it", "record it"])
def test_a_verdict_is_kept_in_many_ways(tmp_path: Path, words: str) -> None:
    ward = at(tmp_path, "DO NOT NOTIFY")
    assert "Kept as record" in ward.tell(words)
    ward.store.close()
