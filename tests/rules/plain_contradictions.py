"""Which facts contradict each other: the plain reading's own list, over facts that are known or absent."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

NUCLEAR = ("nuclear_medicine", "nuclear_medicine_therapy")
BELONGS_TO = {
    "planning_scans": ("radiotherapy_planning",),
    "set_up_error": ("radiotherapy_verification",),
    "images_in_fraction": ("radiotherapy_verification",),
    "intended_images": ("radiotherapy_verification",),
    "additional_images": ("radiotherapy_verification",),
    "imaging_failure": ("radiotherapy_verification",),
    "target_dose_ratio": ("radiotherapy_treatment",),
    "organ_dose_ratio": ("radiotherapy_treatment",),
    "fraction_dose_ratio": ("radiotherapy_treatment",),
    "geographical_miss": ("radiotherapy_treatment",),
    "miss_margin_ratio": ("radiotherapy_treatment",),
    "wrong_radiopharmaceutical": NUCLEAR,
    "breastfed_infant_exposed": NUCLEAR,
    "infant_dose": NUCLEAR,
    "prescribed_activity": NUCLEAR,
    "delivered_activity": NUCLEAR,
    "nm_therapy": ("nuclear_medicine_therapy",),
    "activity_ratio": ("nuclear_medicine_therapy",),
}
NOT_WHAT_WAS_MEANT = {
    "wrong patient referred", "wrong patient identified", "wrong examination", "wrong side", "wrong protocol",
    "wrong timing", "set-up",
}  # fmt: skip
NOBODY_WAS_EXPOSED = (
    "total_dose", "foetal_dose", "infant_dose", "delivered_activity", "deterministic_effect",
    "geographical_miss", "unintended_foetal_exposure", "wrong_radiopharmaceutical",
    "breastfed_infant_exposed", "clinically_significant",
)  # fmt: skip


def says_something(value: Any) -> bool:
    """False, none and 0 contradict nothing."""
    return value is not None and value is not False and value not in ("none", 0)


def goes_with(ratio: Any, part: Any, whole: Any) -> bool:
    """Does the quotient round to the ratio at its last digit? Nothing is any multiple of nothing."""
    if whole == 0:
        return bool(part == 0)
    unit = Fraction(1)
    while ratio % unit:
        unit /= 10
    return abs(Fraction(part) / Fraction(whole) - ratio) <= unit / 2


def not_as_intended(facts: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """What cannot be of an exposure of the right person, on a right request, with the right dose, once."""
    found: list[tuple[str, ...]] = []
    if {"total_dose", "intended_dose"} <= facts.keys() and facts["total_dose"] != facts["intended_dose"]:
        found.append(("total_dose", "intended_dose"))
    if facts.get("dose_ratio", 1) != 1:
        found.append(("dose_ratio",))
    if not Fraction("0.9") < facts.get("target_dose_ratio", 1) < Fraction("1.1"):
        found.append(("target_dose_ratio",))
    if facts.get("organ_dose_ratio", 1) >= Fraction("1.1"):
        found.append(("organ_dose_ratio",))
    if facts.get("fraction_dose_ratio", 1) >= Fraction("1.2"):
        found.append(("fraction_dose_ratio",))
    margin = Fraction("0.1") if facts.get("nm_therapy") == "other" else Fraction("0.2")
    activities = ("delivered_activity", "prescribed_activity")
    if {*activities} <= facts.keys():
        delivered, prescribed = (Fraction(facts[name]) for name in activities)
        if abs(delivered - prescribed) > margin * prescribed:
            found.append(activities)
    elif abs(facts.get("activity_ratio", 1) - 1) > margin:
        found.append(("activity_ratio",))
    if facts.get("wrong_radiopharmaceutical") is True:
        found.append(("wrong_radiopharmaceutical",))
    if facts.get("geographical_miss") in ("partial", "total"):
        found.append(("geographical_miss",))
    if facts.get("additional_images", 0) > 0:
        found.append(("additional_images",))
    if facts.get("planning_scans", 1) >= 2:
        found.append(("planning_scans",))
    if facts.get("set_up_error") is True:
        found.append(("set_up_error",))
    causes = facts.get("cause", [])
    if NOT_WHAT_WAS_MEANT & {*([causes] if isinstance(causes, str) else causes)}:
        found.append(("cause",))
    return found


def contradictions(facts: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The groups of facts that contradict each other; none for an incident that can be."""
    found: list[tuple[str, ...]] = []
    stated = {name for name, value in facts.items() if says_something(value)}
    exposure, category = facts.get("exposure"), facts.get("category")

    if "age_years" in facts and "age_group" in facts:
        age, group, nation = facts["age_years"], facts["age_group"], facts.get("nation")
        child_under = (16,) if nation == "scotland" else (18,) if nation else (16, 18)
        if all((age < limit) != (group == "child") for limit in child_under):
            found.append(("age_years", "age_group"))
    if "occurred_on" in facts and "discovered_on" in facts and facts["occurred_on"] > facts["discovered_on"]:
        found.append(("occurred_on", "discovered_on"))
    for part, whole, ratio in (
        ("total_dose", "intended_dose", "dose_ratio"),
        ("delivered_activity", "prescribed_activity", "activity_ratio"),
    ):
        if {part, whole, ratio} <= facts.keys() and not goes_with(facts[ratio], facts[part], facts[whole]):
            found.append((part, whole, ratio))
    if exposure == "as_intended":
        found += [(*names, "exposure") for names in not_as_intended(facts)]
    if exposure == "accidental":
        found += [("exposure", name) for name in ("intended_dose", "dose_ratio") if name in stated]
    if exposure == "unintended" and facts.get("intended_dose") == 0:
        found.append(("exposure", "intended_dose"))
    if exposure == "near_miss":
        found += [("exposure", name) for name in NOBODY_WAS_EXPOSED if name in stated]
        if facts.get("individuals_exposed", 1) > 1:
            found.append(("exposure", "individuals_exposed"))
    if facts.get("unintended_foetal_exposure") is False and "foetal_dose" in stated:
        found.append(("unintended_foetal_exposure", "foetal_dose"))
    if facts.get("breastfed_infant_exposed") is False and "infant_dose" in stated:
        found.append(("breastfed_infant_exposed", "infant_dose"))
    if "miss_margin_ratio" in stated and facts.get("geographical_miss", "partial") != "partial":
        found.append(("miss_margin_ratio", "geographical_miss"))
    if category is not None:
        for name, categories in BELONGS_TO.items():
            if name in stated and category not in categories:
                found.append(("category", name))
    return found
