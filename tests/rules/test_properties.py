"""What holds of every incident."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.deciding import decide
from rules.editions import edition_for
from rules.parsing import parse
from rules.spans import Span
from tests.rules.completions import CATEGORIES
from tests.rules.incidents import (
    UNIT_OF,
    UNITS,
    complete_incident,
    forgetful,
    near,
    plain_text,
    raw,
)
from tests.rules.plain_contradictions import BELONGS_TO
from tests.rules.plain_reading import TABLE

TODAY = date(2026, 11, 23)
THERAPY = ("radiotherapy_treatment", "nuclear_medicine_therapy")
random = st.integers(0, 2**32).map(Random)
doses = st.decimals(Decimal("0.0001"), 1000, places=4)
at_edges = st.sampled_from(["0.2999", "0.3", "0.3001", "2.4999", "2.5", "2.5001", "9.9999", "10", "10.0001"])


def incident_of(rng, partly=True):
    facts = complete_incident(rng)
    return forgetful(rng, facts) if partly and rng.random() < 0.6 else facts


# --------------------------------------------------------------------------------------- more is never less
RISING = (
    "total_dose", "foetal_dose", "infant_dose", "organ_dose_ratio", "fraction_dose_ratio", "planning_scans",
    "images_in_fraction", "additional_images", "individuals_exposed",
)  # fmt: skip


@pytest.mark.parametrize("name", RISING)
@given(rng=random)
def test_more_never_turns_notify_into_anything_else(name, rng):
    facts = {}
    while name not in facts or facts["exposure"] in ("near_miss", "as_intended"):
        facts = complete_incident(rng, BELONGS_TO.get(name, CATEGORIES))
    if rng.random() < 0.5:
        facts = {**forgetful(rng, facts), name: facts[name]}
    facts.pop("dose_ratio", None)
    more = near(rng, 1, 3, 10, 25) if isinstance(facts[name], Fraction) else rng.randint(1, 5)
    before = decide(parse(raw(facts, rng), TODAY))
    after = decide(parse(raw({**facts, name: facts[name] + more}, rng), TODAY))
    assert before.outcome != "notify" or after.outcome == "notify"


@given(dose=doses | at_edges, category=st.sampled_from(CATEGORIES))
def test_the_bands_of_intended_dose_neither_gap_nor_overlap(dose, category):
    high = {
        "category": category,
        "exposure": "unintended",
        "intended_dose": str(dose),
        "total_dose": "100000 mSv",
    }
    met = [code for code in decide(parse(high, TODAY)).codes if code.startswith("2.")]
    assert len(met) == (0 if category in THERAPY else 1)


@given(dose=doses | at_edges, category=st.sampled_from(CATEGORIES))
def test_an_intended_dose_lies_in_one_band_for_the_suffix_too(dose, category):
    facts = {
        "category": category,
        "exposure": "unintended",
        "intended_dose": str(dose),
        "individuals_exposed": 2,
    }
    (m,) = decide(parse(facts, TODAY)).complementary
    bands = edition_for(TODAY).bands
    number = parse(facts, TODAY).known["intended_dose"]
    assert isinstance(number, Span)
    band = next(band for band, limits in bands.items() if number & limits)
    if category in ("interventional", *THERAPY):
        assert m in ("M", "M3")
    else:
        assert m == f"M{band}"


# ------------------------------------------------------------------------------------ how it is written
@given(rng=random)
def test_units_change_nothing(rng):
    facts = {n: v for n, v in incident_of(rng, partly=False).items() if not (n in UNIT_OF and v == 0)}
    base = parse(raw(facts, rng), TODAY)
    for name in facts.keys() & UNIT_OF.keys():
        for unit, factor in UNITS[UNIT_OF[name]]:
            written = {**raw(facts, rng), name: f"{plain_text(facts[name] * factor)} {unit}"}
            assert parse(written, TODAY).stated == base.stated
    assert decide(parse(raw(facts, rng), TODAY)).as_dict() == decide(base).as_dict()


@given(rng=random, dated=st.booleans())
def test_facts_are_the_same_once_kept_and_read_again(rng, dated):
    dates = {"occurred_on": "2026-11-02", "discovered_on": "2026-11-03T14:30", "account": "wrong side"}
    facts = parse({**raw(incident_of(rng), rng), **(dates if dated else {})}, TODAY)
    again = parse(json.loads(json.dumps(facts.stated)), TODAY)
    assert again == facts
    assert decide(again).as_dict() == decide(facts).as_dict()


@given(rng=random)
def test_a_verdict_is_plain_data_with_the_contracts_keys(rng):
    verdict = decide(parse(raw(incident_of(rng), rng), TODAY)).as_dict()
    assert json.loads(json.dumps(verdict))
    assert list(verdict)[:14] == [
        "outcome", "codes", "complementary", "possible", "missing", "reasons", "cautions", "readings",
        "notify_by", "report_by", "authority", "also_tell", "duty_of_candour", "guidance",
    ]  # fmt: skip
    assert verdict["guidance"] == "2023-04-19"


# --------------------------------------------------------------------------------------- knowing more
@given(rng=random)
def test_knowing_more_never_unsettles_an_outcome(rng):
    whole = raw(complete_incident(rng), rng)
    # The two facts with a default come first: what is not said of them is not unknown.
    names = sorted(whole, key=lambda name: (name != "exposed_person", rng.random()))
    settled, known, codes, possible = "", {}, set(), {*TABLE, *"MC"}
    for name in names:
        known[name] = whole[name]
        verdict = decide(parse(known, TODAY))
        assert settled in ("", verdict.outcome)
        assert codes <= {*verdict.codes}
        assert {*verdict.possible, *verdict.codes} <= possible
        settled = verdict.outcome if verdict.outcome != "undecided" else ""
        codes, possible = {*verdict.codes}, {*verdict.possible, *verdict.codes, *"MC"}
    assert settled


@given(rng=random)
def test_reasons_name_every_code_met_and_every_one_still_possible(rng):
    verdict = decide(parse(raw(incident_of(rng), rng), TODAY))
    assume(verdict.outcome != "not_irmer")
    by_status = {
        status: {r.code for r in verdict.reasons if r.status == status} for status in ("met", "unknown")
    }
    assert {*verdict.codes} <= by_status["met"] <= {*verdict.codes, *"MEVC"}
    assert by_status["unknown"] == {*verdict.possible}
    assert {r.status for r in verdict.reasons} <= {"met", "unknown", "ruled_out"}
    for reason in verdict.reasons:
        assert reason.sentence[0].isupper() or reason.sentence[0].isdigit()
        assert reason.where
        assert "None" not in reason.sentence
        assert "  " not in reason.sentence


@settings(max_examples=200)
@given(rng=random)
def test_a_no_that_a_newer_wording_would_turn_never_stands_without_a_caution(rng):
    incident = {
        **complete_incident(rng),
        "unintended_foetal_exposure": False,
        "wrong_radiopharmaceutical": False,
    }
    incident.update(individuals_exposed=1, clinically_significant=False, breastfed_infant_exposed=False)
    for name in ("foetal_dose", "infant_dose", "exposed_person"):
        incident.pop(name, None)
    for name in ("deterministic_effect", "equipment_fault", "images_in_fraction", "imaging_failure"):
        if rng.random() < 0.2:
            incident.pop(name, None)
    verdict = decide(parse(raw(incident, rng), TODAY))
    if verdict.outcome != "do_not_notify" or incident["exposure"] == "near_miss":
        assert verdict.outcome != "do_not_notify" or verdict.cautions == ()
        return
    effect = incident.get("deterministic_effect", "observable") == "observable"
    verifying = incident["category"] == "radiotherapy_verification" and incident["exposure"] != "as_intended"
    failed = (
        incident.get("equipment_fault", True) or incident.get("imaging_failure", "thematic") == "thematic"
    )
    if "deterministic_effect" not in incident and incident["category"] != "interventional":
        effect = False  # outside interventional work it is not asked for
    again = verifying and incident.get("images_in_fraction", 3) >= 3 and failed
    assert len(verdict.cautions) == effect + again
