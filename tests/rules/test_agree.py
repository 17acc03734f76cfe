"""What has to be agreed to before a “no”: enough, no fact too many, and nothing for any other outcome."""

from collections import Counter
from datetime import date
from itertools import combinations
from random import Random

import pytest

from rules.agree import to_agree
from rules.deciding import decide
from rules.facts import FACTS
from rules.incident import InvalidFacts
from rules.parsing import parse
from tests.rules.incidents import at_least, complete_incident, forgetful, many, raw

TODAY = date(2026, 11, 23)


def outcome(stated):
    try:
        return decide(parse(stated, TODAY)).outcome
    except InvalidFacts:
        return "refused"


def only(stated, names):
    return {name: value for name, value in stated.items() if name in names}


@pytest.mark.parametrize("seed", range(2))
def test_what_is_to_be_agreed_to_settles_the_outcome_with_the_answers_and_none_of_it_can_be_left_out(seed):
    rng, seen = Random(seed), Counter()
    for _ in many(400):
        incident = complete_incident(rng)
        if rng.random() < 0.2:
            incident["exposed_person"] = rng.choice(["worker", "member_of_public", "carer_or_comforter"])
        if rng.random() < 0.1 and "exposed_person" in incident:
            incident["equipment_in_clinical_use"] = False
        stated = raw(forgetful(rng, incident) if rng.random() < 0.2 else incident, rng)
        answered = {name for name in stated if rng.random() < 0.5}
        whole = outcome(stated)
        if whole == "refused":
            continue
        asked = to_agree(parse(stated, TODAY), answered)
        seen[whole, bool(asked)] += 1
        if whole not in ("do_not_notify", "not_irmer"):
            assert asked == ()
            continue
        assert not {*asked} & answered
        assert list(asked) == [name for name in FACTS if name in asked]
        assert outcome(only(stated, {*answered, *asked})) == whole
        for name in asked:
            assert outcome(only(stated, {*answered, *asked} - {name})) != whole, name
    assert seen["do_not_notify", True] >= at_least(50)
    assert seen["not_irmer", True] >= at_least(20)
    assert seen["not_irmer", False] >= at_least(15)


def test_no_smaller_part_of_it_would_do():
    rng, tried = Random(9), 0
    for _ in many(200):
        stated = raw(complete_incident(rng), rng)
        answered = {name for name in stated if rng.random() < 0.6}
        asked = to_agree(parse(stated, TODAY), answered)
        whole = outcome(stated)
        for few in range(min(len(asked), 5)):
            for part in combinations(asked, few):
                tried += 1
                assert outcome(only(stated, {*answered, *part})) != whole
    assert tried >= at_least(100)


VISITOR = {"exposed_person": "member_of_public", "exposure": "accidental", "category": "diagnostic"}
TWICE = {"exposure": "unintended", "category": "diagnostic", "dose_ratio": 2, "individuals_exposed": 1,
         "unintended_foetal_exposure": False, "clinically_significant": False}  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "answered", "agreed"),
    [
        (VISITOR, {"exposure", "category"}, ("exposed_person",)),
        (VISITOR, {*VISITOR}, ()),
        (TWICE, {*TWICE}, ()),
        (TWICE, {*TWICE} - {"dose_ratio", "exposure"}, ("dose_ratio",)),
        ({**TWICE, "exposed_person": "patient", "nation": "wales"}, {*TWICE}, ()),
        ({**TWICE, "exposure": "near_miss", "dose_ratio": None}, (), ("exposure",)),
        ({**TWICE, "individuals_exposed": 2}, (), ()),
        ({"category": "diagnostic"}, (), ()),
        # A fault before clinical use and a dose are at odds, unless it was nobody's who is a patient.
        ({"exposed_person": "worker", "equipment_in_clinical_use": False, "total_dose": 5},
         {"equipment_in_clinical_use", "total_dose"}, ("exposed_person",)),
        ({"exposed_person": "worker", "equipment_in_clinical_use": False, "total_dose": 5},
         {"equipment_in_clinical_use"}, ()),
    ],
)  # fmt: skip
def test_to_be_agreed_to(stated, answered, agreed):
    assert to_agree(parse(stated, TODAY), answered) == agreed
