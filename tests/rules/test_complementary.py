"""With which code the letters M, E, V and C go, and what would tell it where they stand alone."""

from datetime import date

import pytest

from rules.deciding import decide
from rules.parsing import parse

TODAY = date(2026, 11, 23)
UNINTENDED = {"exposure": "unintended"}
TREATMENT = {**UNINTENDED, "category": "radiotherapy_treatment"}
THERAPY = {**UNINTENDED, "category": "nuclear_medicine_therapy"}
IMAGE = {**UNINTENDED, "category": "diagnostic"}


@pytest.mark.parametrize(
    ("facts", "code", "needs"),
    [
        ({}, "E", ["exposure"]),
        ({"exposure": "accidental"}, "E1", []),
        (UNINTENDED, "E", ["category"]),
        (IMAGE, "E", ["intended_dose"]),
        ({**IMAGE, "intended_dose": "0.2 mSv"}, "E2.1", []),
        ({**IMAGE, "intended_dose": "1 mSv"}, "E2.2", []),
        ({**IMAGE, "intended_dose": "2-3 mSv"}, "E", ["intended_dose"]),
        ({**UNINTENDED, "category": "interventional"}, "E3", []),
        (TREATMENT, "E", ["geographical_miss", "target_dose_ratio"]),
        ({**TREATMENT, "geographical_miss": "none"}, "E", ["target_dose_ratio"]),
        ({**TREATMENT, "geographical_miss": "none", "target_dose_ratio": "1.02"}, "E8.1", []),
        ({**TREATMENT, "geographical_miss": "none", "target_dose_ratio": "0.98"}, "E8.2", []),
        (
            {**TREATMENT, "geographical_miss": "none", "target_dose_ratio": "0.98-1.02"},
            "E",
            ["target_dose_ratio"],
        ),
        ({**TREATMENT, "geographical_miss": "partial"}, "E9.2", []),
        (THERAPY, "E", ["nm_therapy"]),
        ({**THERAPY, "nm_therapy": "sirt"}, "E10.1", []),
        ({**THERAPY, "nm_therapy": "other"}, "E10.2", []),
    ],
)
def test_a_letter_goes_with_the_code_of_the_most_relevant_kind(facts, code, needs):
    verdict = decide(parse({**facts, "equipment_fault": True}, TODAY))
    assert (verdict.complementary, list(verdict.base_needs)) == ((code,), needs)
