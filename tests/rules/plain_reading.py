"""A second reading of the guidance of 19 April 2023, to hold the first against.

Plain if and else over incidents of which everything is known, written from the tables and the readings alone.
It uses nothing of `rules`: that the two agree is worth something only while neither has seen the other.
Numbers are anything exact that compares with a Fraction. A fact that is absent does not apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Incident = Mapping[str, Any]

TABLE = (
    "1", "2.1", "2.2", "2.3", "2.4", "3", "4.1", "4.2a", "4.2b", "4.2c", "5", "6", "7", "8.1", "8.2", "9.1",
    "9.2", "10.1", "10.2",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    outcome: str
    codes: tuple[str, ...]
    complementary: tuple[str, ...]
    several: bool  # M
    significant: bool  # C


def read(incident: Incident) -> Reading:
    """Outcome and codes of an incident of which everything is known and nothing contradicts."""
    if another_regime(incident):
        return Reading("not_irmer", (), (), False, False)
    several = incident.get("individuals_exposed", 1) > 1
    significant = incident.get("clinically_significant") is True
    met = base_codes(incident)
    letters = [
        ("M", several),
        ("E", incident.get("equipment_fault") is True),
        ("V", incident.get("voluntary") is True),
        ("C", significant),
    ]
    suffix = met[0] if met else suffix_without_a_code(incident)
    outcome = "notify" if met or several or significant else "do_not_notify"
    return Reading(outcome, met, tuple(x + suffix for x, applies in letters if applies), several, significant)


def another_regime(incident: Incident) -> bool:
    if incident.get("exposed_person", "patient") in ("worker", "member_of_public"):
        return True
    return incident.get("equipment_in_clinical_use", True) is False


def base_codes(incident: Incident) -> tuple[str, ...]:
    if incident["exposure"] == "near_miss":
        return ()
    if incident["exposure"] == "as_intended":
        still = {*interventional_codes(incident), *other_people_codes(incident)}
        return tuple(code for code in TABLE if code in still)
    met = {
        *accidental_codes(incident),
        *dose_codes(incident),
        *interventional_codes(incident),
        *imaging_codes(incident),
        *other_people_codes(incident),
        *radiopharmaceutical_codes(incident),
        *treatment_codes(incident),
        *activity_codes(incident),
    }
    return tuple(code for code in TABLE if code in met)


def is_child(incident: Incident) -> bool:
    if "age_years" in incident:
        return bool(incident["age_years"] < (16 if incident["nation"] == "scotland" else 18))
    return bool(incident["age_group"] == "child")


def reaches_dose_for_age(incident: Incident) -> bool:
    if incident["total_dose"] >= 3:
        return True
    return is_child(incident) and bool(incident["total_dose"] >= 1)


def accidental_codes(incident: Incident) -> list[str]:
    if incident["exposure"] != "accidental":
        return []
    if incident["nation"] in ("wales", "scotland", "northern_ireland"):
        return ["1"]
    return ["1"] if reaches_dose_for_age(incident) else []


def dose_codes(incident: Incident) -> list[str]:
    if incident["exposure"] != "unintended":
        return []
    if incident["category"] in ("radiotherapy_treatment", "nuclear_medicine_therapy"):
        return []
    total, intended = incident["total_dose"], incident["intended_dose"]
    if intended < Fraction("0.3"):
        return ["2.1"] if reaches_dose_for_age(incident) else []
    if intended <= Fraction("2.5"):
        return ["2.2"] if total >= 10 * intended else []
    if intended <= 10:
        return ["2.3"] if total >= 25 else []
    return ["2.4"] if total >= Fraction("2.5") * intended else []


def interventional_codes(incident: Incident) -> list[str]:
    if incident["category"] != "interventional" or incident.get("deterministic_effect") != "observable":
        return []
    if incident.get("procedural_failure") is True:
        return ["3"]
    return ["3"] if incident.get("effect_predicted") is False else []


def imaging_codes(incident: Incident) -> list[str]:
    if incident["category"] == "radiotherapy_planning":
        return ["4.1"] if incident.get("planning_scans", 1) >= 3 else []
    if incident["category"] != "radiotherapy_verification":
        return []
    met = []
    if incident.get("set_up_error") is True and incident.get("images_in_fraction", 1) >= 3:
        met.append("4.2a")
    intended = incident.get("intended_images")
    if intended is not None and incident.get("additional_images", 0) >= Fraction(intended) / 2:
        if incident.get("imaging_failure") == "protocol":
            met.append("4.2b")
        if incident.get("imaging_failure") == "thematic":
            met.append("4.2c")
    return met


def other_people_codes(incident: Incident) -> list[str]:
    met = []
    if incident.get("unintended_foetal_exposure") is True and incident.get("foetal_dose", 0) >= 10:
        met.append("5")
    if incident["category"] in ("nuclear_medicine", "nuclear_medicine_therapy"):
        infant = incident.get("breastfed_infant_exposed") is True and incident.get("infant_dose", 0) >= 1
        if infant and incident.get("procedural_failure") is True:
            met.append("6")
    return met


def radiopharmaceutical_codes(incident: Incident) -> list[str]:
    if incident["category"] not in ("nuclear_medicine", "nuclear_medicine_therapy"):
        return []
    return ["7"] if incident.get("wrong_radiopharmaceutical") is True else []


def treatment_codes(incident: Incident) -> list[str]:
    if incident["category"] != "radiotherapy_treatment":
        return []
    target = incident.get("target_dose_ratio", 1)
    met = []
    over = False
    if target >= Fraction("1.1") or incident.get("organ_dose_ratio", 1) >= Fraction("1.1"):
        over = True
    if incident.get("fraction_dose_ratio", 1) >= Fraction("1.2"):
        over = True
    under = target <= Fraction("0.9")
    if over:
        met.append("8.1")
    missed = False
    if incident.get("geographical_miss") == "total":
        met.append("9.1")
        missed = True
    far = incident.get("miss_margin_ratio", 0) > Fraction("2.5")
    if incident.get("geographical_miss") == "partial" and far and (over or under):
        met.append("9.2")
        missed = True
    if under and not missed:
        met.append("8.2")
    return met


def activity_codes(incident: Incident) -> list[str]:
    if incident["category"] != "nuclear_medicine_therapy":
        return []
    if "prescribed_activity" in incident and "delivered_activity" in incident:
        prescribed, delivered = incident["prescribed_activity"], incident["delivered_activity"]
        difference = abs(Fraction(delivered) - Fraction(prescribed)) / Fraction(prescribed)
    elif "activity_ratio" in incident:
        difference = abs(incident["activity_ratio"] - 1)
    else:
        return []
    if incident["nm_therapy"] == "sirt":
        return ["10.1"] if difference > Fraction("0.20") else []
    return ["10.2"] if difference > Fraction("0.10") else []


def suffix_without_a_code(incident: Incident) -> str:
    """The category's code, where none is met."""
    if incident["exposure"] == "accidental":
        return "1"
    category = incident["category"]
    if category == "interventional":
        return "3"
    if category == "radiotherapy_treatment":
        return treatment_suffix(incident)
    if category == "nuclear_medicine_therapy":
        return "10.1" if incident.get("nm_therapy") == "sirt" else "10.2" if "nm_therapy" in incident else ""
    intended = incident.get("intended_dose")
    if intended is None:
        return ""
    if intended < Fraction("0.3"):
        return "2.1"
    if intended <= Fraction("2.5"):
        return "2.2"
    return "2.3" if intended <= 10 else "2.4"


def treatment_suffix(incident: Incident) -> str:
    """Over-exposure, under-exposure or miss: the row that is nearest to what happened."""
    if incident.get("geographical_miss") == "partial":
        return "9.2"
    if "geographical_miss" not in incident or "target_dose_ratio" not in incident:
        return ""
    return "8.1" if incident["target_dose_ratio"] >= 1 else "8.2"
