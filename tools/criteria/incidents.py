"""The incidents of the review table: a harmless one for each category, and what is changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rules.deciding import Verdict, decide
from rules.editions import edition_for
from rules.facts import FACTS, Kind
from rules.parsing import parse

Said = Mapping[str, object]
TODAY = date(2026, 12, 31)
EDITION = edition_for(TODAY)

# England, an adult, everything known, and nothing to notify.
HARMLESS: Said = {
    "nation": "england",
    "age_years": 40,
    "exposure": "unintended",
    "unintended_foetal_exposure": False,
    "individuals_exposed": 1,
    "clinically_significant": False,
}
DOSES: Said = {"intended_dose": "1 mSv", "total_dose": "1 mSv"}
OF_CATEGORY: dict[str, Said] = {
    "diagnostic": DOSES,
    "interventional": {**DOSES, "deterministic_effect": "none"},
    "nuclear_medicine": {**DOSES, "breastfed_infant_exposed": False, "wrong_radiopharmaceutical": False},
    "radiotherapy_planning": {**DOSES, "planning_scans": 1},
    "radiotherapy_verification": {
        **DOSES,
        "set_up_error": False,
        "images_in_fraction": 1,
        "imaging_failure": "other",
        "intended_images": 20,
        "additional_images": 0,
    },
    "radiotherapy_treatment": {
        "target_dose_ratio": 1,
        "organ_dose_ratio": 1,
        "fraction_dose_ratio": 1,
        "geographical_miss": "none",
    },
    "nuclear_medicine_therapy": {
        "breastfed_infant_exposed": False,
        "wrong_radiopharmaceutical": False,
        "nm_therapy": "other",
        "prescribed_activity": "1000 MBq",
        "delivered_activity": "1000 MBq",
    },
}
# For each code, an incident in which nothing but the limits of its row is left to decide.
CHOSEN: dict[str, tuple[str, Said]] = {
    "1": ("diagnostic", {"exposure": "accidental", "total_dose": "3 mSv"}),
    "2.1": ("diagnostic", {"intended_dose": "0.2 mSv", "total_dose": "3 mSv"}),
    "2.2": ("diagnostic", {"intended_dose": "1 mSv", "total_dose": "25 mSv"}),
    "2.3": ("diagnostic", {"intended_dose": "5 mSv", "total_dose": "25 mSv"}),
    "2.4": ("diagnostic", {"intended_dose": "20 mSv", "total_dose": "50 mSv"}),
    "3": ("interventional", {"deterministic_effect": "observable", "effect_predicted": False,
                             "procedural_failure": True}),
    "4.1": ("radiotherapy_planning", {}),
    "4.2a": ("radiotherapy_verification", {"set_up_error": True, "images_in_fraction": 3}),
    "4.2b": ("radiotherapy_verification", {"imaging_failure": "protocol", "additional_images": 10}),
    "4.2c": ("radiotherapy_verification", {"imaging_failure": "thematic", "additional_images": 10}),
    "5": ("diagnostic", {"unintended_foetal_exposure": True, "foetal_dose": "10 mGy"}),
    "6": ("nuclear_medicine", {"breastfed_infant_exposed": True, "procedural_failure": True,
                               "infant_dose": "1 mSv"}),
    "7": ("nuclear_medicine", {}),
    "8.1": ("radiotherapy_treatment", {}),
    "8.2": ("radiotherapy_treatment", {"geographical_miss": "partial", "miss_margin_ratio": 1,
                                       "target_dose_ratio": "0.9"}),
    "9.1": ("radiotherapy_treatment", {"geographical_miss": "total"}),
    "9.2": ("radiotherapy_treatment", {"geographical_miss": "partial", "miss_margin_ratio": 3}),
    "10.1": ("nuclear_medicine_therapy", {"nm_therapy": "sirt", "delivered_activity": "1300 MBq"}),
    "10.2": ("nuclear_medicine_therapy", {"nm_therapy": "other", "delivered_activity": "1150 MBq"}),
    "M": ("diagnostic", {}),
    "E": ("diagnostic", {}),
    "V": ("diagnostic", {}),
    "C": ("diagnostic", {}),
}  # fmt: skip
# By code and limit, as it is printed, what else has to be so that the limit decides.
BESIDE: dict[tuple[str, str], tuple[Said, ...]] = {
    ("1", "total_dose 1"): ({"age_years": 9},),
    ("2.1", "total_dose 1"): ({"age_years": 9},),
    ("2.2", "total_dose 10 x"): (
        {"intended_dose": "0.3 mSv"},
        {"intended_dose": "1 mSv"},
        {"intended_dose": "2.5 mSv"},
    ),
    ("2.2", "intended_dose 0.3"): ({"total_dose": "3 mSv"},),
    ("2.4", "intended_dose 10"): ({"total_dose": "30 mSv"},),
    ("2.4", "total_dose 2.5 x"): ({"intended_dose": "10.01 mSv"}, {"intended_dose": "20 mSv"}),
    ("9.2", "miss_margin_ratio 2.5"): ({"target_dose_ratio": "1.1"}, {"target_dose_ratio": "0.9"}),
}
# What has to be besides, by code, so that the row is met and its choices decide.
MET: dict[str, Said] = {
    "4.1": {"planning_scans": 3},
    "7": {"wrong_radiopharmaceutical": True},
    "8.1": {"target_dose_ratio": "1.1"},
    "9.2": {"target_dose_ratio": "1.1"},
    "M": {"individuals_exposed": 2},
    "E": {"equipment_fault": True},
    "V": {"voluntary": True},
    "C": {"clinically_significant": True},
}
# Incidents that show a reading, a caution, or what is often asked; in the order in which they are printed.
SHOWN: tuple[tuple[str, str, Said], ...] = (
    ("The same examination twice, no dose known", "diagnostic",
     {"intended_dose": None, "total_dose": None, "dose_ratio": 2}),
    ("A dose of 50 mSv where 1 mSv was intended, in interventional work", "interventional",
     {"total_dose": "50 mSv"}),
    ("A dose of 50 mSv where 1 mSv was intended, in a treatment", "radiotherapy_treatment",
     {"intended_dose": "1 mSv", "total_dose": "50 mSv"}),
    ("Two patients who each got the other's examination", "diagnostic",
     {"individuals_exposed": 2, "cause": "wrong patient identified"}),
    ("A visitor exposed beside the wrong patient", "diagnostic", {"others_exposed": ["member_of_public"]}),
    ("As it was intended, and 10 mGy to a foetus that nobody knew of", "diagnostic",
     {"exposure": "as_intended", "unintended_foetal_exposure": True, "foetal_dose": "10 mGy"}),
    ("As it was intended, and a skin injury that nobody predicted", "interventional",
     {"exposure": "as_intended", "deterministic_effect": "observable", "procedural_failure": False,
      "effect_predicted": False}),
    ("As it was intended, and a burn after a CT scan", "diagnostic",
     {"exposure": "as_intended", "deterministic_effect": "observable"}),
    ("As it was intended, and nothing in doubt", "diagnostic", {"exposure": "as_intended"}),
    ("71% of the prescribed activity, no activity known", "nuclear_medicine_therapy",
     {"activity_ratio": "71%", "prescribed_activity": None, "delivered_activity": None}),
    ("SIRT at 80% of the prescribed activity, no activity known", "nuclear_medicine_therapy",
     {"nm_therapy": "sirt", "activity_ratio": "0.8", "prescribed_activity": None,
      "delivered_activity": None}),
    ("Three planning scans of somebody for whom none was intended", "radiotherapy_planning",
     {"exposure": "accidental", "intended_dose": None, "planning_scans": 3}),
    ("The wrong radiopharmaceutical, no dose known", "nuclear_medicine",
     {"wrong_radiopharmaceutical": True, "intended_dose": None, "total_dose": None}),
    ("A burn after a CT scan, not clinically significant", "diagnostic",
     {"deterministic_effect": "observable"}),
    ("A burn after a CT scan, clinical significance not known", "diagnostic",
     {"deterministic_effect": "observable", "clinically_significant": None}),
    ("Three images in one fraction after a hardware fault", "radiotherapy_verification",
     {"images_in_fraction": 3, "equipment_fault": True}),
    ("A near miss that the employer wants to share", "diagnostic",
     {"exposure": "near_miss", "total_dose": None, "voluntary": True}),
    ("A carer or comforter, 3 mSv, nothing intended", "diagnostic",
     {"exposed_person": "carer_or_comforter", "exposure": "accidental", "intended_dose": None,
      "total_dose": "3 mSv"}),
    ("A member of staff, 3 mSv", "diagnostic", {"exposed_person": "worker", "total_dose": "3 mSv"}),
)  # fmt: skip
COMPLEMENTARY: tuple[tuple[str, str, Said], ...] = (
    ("Two people, 2.3 met", "diagnostic",
     {"intended_dose": "5 mSv", "total_dose": "25 mSv", "individuals_exposed": 2}),
    ("Two people, no other criterion met", "diagnostic",
     {"intended_dose": "5 mSv", "individuals_exposed": 2}),
    ("Two people, nothing intended, 1 mSv", "diagnostic",
     {"exposure": "accidental", "intended_dose": None, "individuals_exposed": 2}),
    ("Two people, the intended dose not known", "diagnostic",
     {"intended_dose": None, "total_dose": None, "individuals_exposed": 2}),
    ("An equipment fault, 4.2c met", "radiotherapy_verification",
     {"imaging_failure": "thematic", "additional_images": 10, "equipment_fault": True}),
    ("An equipment fault, no criterion met", "diagnostic", {"equipment_fault": True}),
    ("Voluntary, no criterion met", "radiotherapy_treatment",
     {"voluntary": True, "target_dose_ratio": "1.05"}),
    ("Clinically significant, no other criterion met", "interventional", {"clinically_significant": True}),
    ("Clinically significant, 10.1 met, equipment fault", "nuclear_medicine_therapy",
     {"nm_therapy": "sirt", "delivered_activity": "1300 MBq", "clinically_significant": True,
      "equipment_fault": True}),
)  # fmt: skip


def incident(category: str, *changes: Said) -> dict[str, object]:
    """The harmless incident of a category with some facts changed; None takes one out."""
    said: dict[str, object] = {**HARMLESS, "category": category, **OF_CATEGORY[category]}
    for change in changes:
        said.update(change)
    if said.get("exposure") == "accidental":
        said["intended_dose"] = None
    return {name: value for name, value in said.items() if value is not None}


def judged(said: Said) -> Verdict:
    return decide(parse(said, TODAY))


def written(name: str, number: str) -> object:
    """A number as a fact arrives."""
    fact = FACTS[name]
    return int(number) if fact.kind is Kind.COUNT else f"{number} {fact.unit}".strip()
