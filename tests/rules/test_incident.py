"""What cannot be taken, what only looks so, and what is kept of the facts."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rules.deciding import decide
from rules.facts import DETAILS, FACTS
from rules.incident import InvalidFacts
from rules.parsing import changed, parse

TODAY = date(2026, 11, 23)
CASES = Path(__file__).parent / "cases"
REFUSED, CONTRADICTORY, FINE = (
    tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
    for name in ("refused", "contradictory", "odd_but_fine")
)
BESIDE = [(each["category"], fact) for each in CONTRADICTORY["beside_category"] for fact in each["facts"]]


def errors_of(facts):
    with pytest.raises(InvalidFacts) as refused:
        parse(facts, TODAY)
    return refused.value.errors


@pytest.mark.parametrize("case", REFUSED["case"] + CONTRADICTORY["case"], ids=lambda case: case["name"])
def test_facts_are_refused_and_named(case):
    errors = errors_of(case["facts"])
    assert sorted({error.fact for error in errors}) == case["named"]
    said = "\n".join(error.message for error in errors)
    assert [words for words in case.get("says", ()) if words not in said] == [], said
    assert all("\n" not in error.message and len(error.message) < 250 for error in errors)


@pytest.mark.parametrize(
    ("category", "fact"), BESIDE, ids=lambda x: x if isinstance(x, str) else next(iter(x))
)
def test_a_category_beside_a_fact_of_another_is_refused(category, fact):
    (name,) = fact
    assert {error.fact for error in errors_of({"category": category, **fact})} == {"category", name}
    implied = decide(parse(fact, TODAY))
    assert "category" not in implied.missing or len(FACTS[name].categories) > 1


def test_every_fact_that_belongs_to_a_category_is_tried_beside_another():
    tried = {name for _, fact in BESIDE for name in fact}
    assert tried == {name for name, fact in FACTS.items() if fact.categories}


@pytest.mark.parametrize("case", FINE["case"], ids=lambda case: case["name"])
def test_facts_that_only_look_odd_are_taken(case):
    verdict = decide(parse(case["facts"], TODAY))
    assert verdict.outcome == case.get("outcome", verdict.outcome)


def test_none_means_unknown():
    facts = parse({"nation": None, "total_dose": None, "exposed_person": None, "account": None}, TODAY)
    assert facts.stated == {}
    assert facts.known == {}
    assert decide(facts).outcome == "undecided"


def test_what_is_kept_is_in_the_units_of_the_table():
    facts = parse(
        {
            "total_dose": "300 µSv",
            "intended_dose": Decimal("0.020"),
            "foetal_dose": "1 cGy",
            "prescribed_activity": "0.4 GBq",
            "dose_ratio": "15",
            "target_dose_ratio": None,
            "age_years": 44,
            "individuals_exposed": ">=2",
            "voluntary": False,
            "cause": ["wrong side"],
            "discovered_on": "2026-11-03T14:30",
        },
        TODAY,
    )
    assert facts.stated == {
        "total_dose": "0.3 mSv",
        "intended_dose": "0.02 mSv",
        "foetal_dose": "10 mGy",
        "prescribed_activity": "400 MBq",
        "dose_ratio": "15",
        "age_years": 44,
        "individuals_exposed": ">=2",
        "voluntary": False,
        "cause": ["wrong side"],
        "discovered_on": "2026-11-03T14:30:00",
    }
    assert facts.discovered_on == date(2026, 11, 3)
    assert facts.occurred_on is None
    assert changed(facts, TODAY, occurred_on="2026-11-02").occurred_on == date(2026, 11, 2)
    assert list(facts.stated) == [name for name in (*FACTS, *DETAILS) if name in facts.stated]


@pytest.mark.parametrize("modality", ["ct", "spect_ct", "spect ct"])
def test_a_detail_of_two_words_is_taken_with_and_without_the_line_between_them(modality):
    assert parse({"modality": modality}, TODAY).stated == {"modality": modality}


def test_facts_can_be_changed_one_by_one():
    facts = parse({"exposure": "unintended", "intended_dose": 8, "total_dose": 24}, TODAY)
    more = changed(facts, TODAY, total_dose=25, nation="wales")
    assert more.stated == {
        "nation": "wales", "exposure": "unintended", "total_dose": "25 mSv", "intended_dose": "8 mSv",
    }  # fmt: skip
    assert changed(facts, TODAY, total_dose=None).stated == {
        "exposure": "unintended",
        "intended_dose": "8 mSv",
    }
    with pytest.raises(InvalidFacts):
        changed(facts, TODAY, exposure="accidental")
    with pytest.raises(InvalidFacts, match="in the future"):
        changed(facts, TODAY, discovered_on="2026-11-24")


def test_one_value_is_left_where_the_others_would_contradict():
    facts = parse({"planning_scans": 2, "intended_dose": 1, "total_dose": 2}, TODAY)
    assert facts.only("category") == "radiotherapy_planning"
    assert facts.only("exposure") == "unintended"
    assert facts.only("nation") is None
    assert facts.only("nm_therapy") is None


def test_an_age_and_an_age_group_leave_the_nations_in_which_they_agree():
    def nations(age, group):
        facts = parse({"age_years": age, "age_group": group}, TODAY)
        return {case.frame.nation for case in facts.scenarios}

    abroad = {"england", "wales", "northern_ireland"}
    assert nations(16, "child") == nations("16-20", "child") == abroad
    assert nations(17, "adult") == nations("12-17", "adult") == {"scotland"}
    assert parse({"age_years": 17, "age_group": "adult"}, TODAY).only("nation") == "scotland"
    assert nations(15, "child") == nations("15-18", "adult") == {*abroad, "scotland"}


def test_the_messages_of_a_refusal_are_one_line_without_repeats():
    with pytest.raises(InvalidFacts) as refused:
        parse({"age_group": "adult", "age_years": 12}, TODAY)
    assert str(refused.value) == "Somebody aged 12 is not an adult: correct one of the two"


def test_facts_that_only_together_cannot_be_are_named_without_the_others():
    errors = errors_of({"nation": "wales", "exposure": "near_miss", "dose_ratio": 2, "intended_dose": 5})
    assert {error.fact for error in errors} == {"exposure", "dose_ratio", "intended_dose"}
