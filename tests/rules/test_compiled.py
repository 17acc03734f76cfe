"""What the compiled rows settle is what the conditions themselves say, down to the words of each reason.

For ten times the incidents that are named here: `IRMER_INCIDENTS=10 make test T=tests/rules`.
"""

from datetime import date
from random import Random

import pytest

from rules.compiled import compiled
from rules.deciding import decide, outcome_and_codes
from rules.parsing import parse
from rules.readings import READINGS
from rules.reasons import reasons
from rules.standing import stand
from tests.rules.incidents import at_least, complete_incident, forgetful, many, raw

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("seed", range(4))
def test_compiled_rows_and_conditions_agree(seed):
    rng, judged, open_ones = Random(3000 + seed), 0, 0
    for _ in many(900):
        incident = complete_incident(rng)
        facts = parse(raw(forgetful(rng, incident) if rng.random() < 0.5 else incident, rng), TODAY)
        verdict = decide(facts)
        assert outcome_and_codes(facts) == (verdict.outcome, verdict.codes), facts.stated
        if facts.outside_irmer:
            continue
        found = compiled(facts.edition).judge(facts.known)
        rows = facts.edition.rows.rows
        met = [row.code for row in rows if all(case.met(row.code) for case in facts.scenarios)]
        possible = [
            row.code
            for row in rows
            if row.code not in met and any(case.meetable(row.code) for case in facts.scenarios)
        ]
        assert verdict.reasons == reasons(facts.edition, facts.known, facts.scenarios, met, possible), (
            facts.stated
        )
        if found:
            judged += 1
            assert (list(found.codes), possible) == (met, []), facts.stated
        else:
            open_ones += 1
    assert min(judged, open_ones) >= at_least(300)


SIRT = {"category": "nuclear_medicine_therapy", "nm_therapy": "sirt"}
IMAGES = {"category": "radiotherapy_verification", "set_up_error": False, "imaging_failure": "protocol"}


@pytest.mark.parametrize(
    ("common", "first", "then", "outcome"),
    [
        (IMAGES, {"additional_images": 0}, {"additional_images": 8}, "undecided"),
        (IMAGES, {"additional_images": 0}, {"intended_images": 8}, "undecided"),
        (SIRT, {"delivered_activity": 0}, {"delivered_activity": 8}, "undecided"),
        ({"category": "diagnostic"}, {"total_dose": 0}, {"total_dose": "3 mSv"}, "undecided"),
        ({"category": "diagnostic"}, {"intended_dose": 1}, {"total_dose": 2}, "do_not_notify"),
    ],
)
def test_a_verdict_does_not_hang_on_what_was_judged_before(common, first, then, outcome):
    rest = {
        "nation": "england", "age_group": "adult", "exposure": "unintended", "individuals_exposed": 1,
        "clinically_significant": False, "unintended_foetal_exposure": False,
        "wrong_radiopharmaceutical": False, "breastfed_infant_exposed": False,
        **({} if common["category"] == "diagnostic" else {"total_dose": 0}),
    }  # fmt: skip
    decide(parse({**rest, **common, **first}, TODAY))
    assert decide(parse({**rest, **common, **then}, TODAY)).outcome == outcome


def test_whatever_is_known_exactly_is_judged_by_the_compiled_rows():
    """No reason with blanks was dropped for differing from the one without."""
    rng = Random(4)
    for _ in many(2_000):
        facts = parse(raw(complete_incident(rng), rng), TODAY)
        if not facts.outside_irmer and not {"dose_ratio", "activity_ratio"} & facts.known.keys():
            assert compiled(facts.edition).judge(facts.known), facts.stated


def test_no_reading_is_passed_over_for_want_of_the_facts_that_it_is_about():
    rng, seen = Random(5), set()
    for _ in many(1_500):
        facts = parse(raw(forgetful(rng, complete_incident(rng)), rng), TODAY)
        if facts.outside_irmer:
            continue
        standing = stand(facts)
        if standing.exposures == {"near_miss"}:
            continue
        rest = tuple(reading.id for reading in READINGS.values() if reading.rests(standing))
        assert decide(facts).readings == rest, facts.stated
        seen.update(rest)
    about = {reading.id for reading in READINGS.values() if reading.about}
    assert len(about & seen) >= at_least(len(about))
