"""Random incidents, thick around the thresholds, and what may be known of one while it is looked into."""

from __future__ import annotations

import os
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from tests.rules.completions import CATEGORIES, NATIONS, Limits
from tests.rules.plain_contradictions import NUCLEAR

F = Fraction
# Which share of the incidents that a test names is tried: a part in the suite, all and more before a release,
# a few where each of many mutants is tried.
USUAL = 0.4
TIMES = float(os.environ.get("IRMER_INCIDENTS", USUAL))
# Steps off a threshold: nothing, a hair, a little.
HAIRS = (F(0), F(0), F("0.000001"), F("-0.000001"), F("0.01"), F("-0.01"), F("0.1"), F("-0.1"))
UNITS = {
    "mSv": (("mSv", 1), ("µSv", 1000), ("uSv", 1000), ("Sv", F("0.001"))),
    "mGy": (("mGy", 1), ("cGy", F("0.1")), ("Gy", F("0.001")), ("µGy", 1000)),
    "MBq": (("MBq", 1), ("GBq", F("0.001")), ("kBq", 1000)),
}
UNIT_OF = {
    "total_dose": "mSv", "intended_dose": "mSv", "infant_dose": "mSv", "foetal_dose": "mGy",
    "prescribed_activity": "MBq", "delivered_activity": "MBq",
}  # fmt: skip


def many(number: int) -> range:
    return range(max(1, round(number * TIMES)))


def at_least(number: float) -> float:
    """How often, of all that a test names, something has to come up for it to say anything; not asked of a
    shortened run."""
    return number * min(TIMES, 1) if TIMES >= USUAL else 0


def near(rng: Random, *thresholds: Fraction | int | str) -> Fraction:
    """At, just beside, or a way off one of the thresholds; never below 0."""
    threshold = F(rng.choice(thresholds))
    if rng.random() < 0.2:
        threshold *= F(rng.randint(1, 40), 10)
    return max(F(0), threshold + rng.choice(HAIRS))


def sometimes(rng: Random, share: float = 0.15) -> bool:
    return rng.random() < share


def complete_incident(
    rng: Random, categories: Sequence[str] = CATEGORIES, *, rounded: bool = False
) -> dict[str, Any]:
    """Everything that can matter is known, and nothing contradicts. `rounded`: a ratio may be rounded."""
    category = rng.choice(categories)
    exposure = rng.choices(("unintended", "accidental", "near_miss", "as_intended"), (11, 7, 2, 3))[0]
    exposed = exposure != "near_miss"
    facts: dict[str, Any] = {
        "nation": (nation := rng.choice(NATIONS)),
        "exposure": exposure,
        "category": category,
        "individuals_exposed": rng.choice((1, 1, 1, 1, 1, 1, 1, 2, 3)) if exposed else 1,
        "clinically_significant": exposed and sometimes(rng, 0.1),
        "unintended_foetal_exposure": exposed and sometimes(rng, 0.2),
        "procedural_failure": sometimes(rng, 0.5),
        "equipment_fault": sometimes(rng, 0.3),
        "voluntary": sometimes(rng),
        "licence_held": sometimes(rng, 0.5),  # belongs to no category, and changes nothing
        **_age(rng, nation),
        **_doses(rng, exposure),
    }
    if facts["unintended_foetal_exposure"]:
        facts["foetal_dose"] = near(rng, 1, 10)
    facts["deterministic_effect"] = "none"
    if exposed and (category == "interventional" or sometimes(rng, 0.05)):
        facts["deterministic_effect"] = rng.choice(("none", "transient_erythema", "observable", "observable"))
        facts["effect_predicted"] = sometimes(rng, 0.5)
    facts.update(_by_category(rng, category, exposed))
    if exposure == "as_intended":
        facts.update({name: value for name, value in _as_intended(rng, facts).items() if name in facts})
    facts.update(_besides(rng, facts, rounded))
    if sometimes(rng, 0.03):
        facts["exposed_person"] = rng.choice(
            ("worker", "member_of_public", "carer_or_comforter", "research_participant")
        )
    return facts


def _age(rng: Random, nation: str) -> dict[str, Any]:
    years = rng.choice((15, 15, 16, 16, 17, 17, 18, 18, 19, 0, 5, 44, 120))
    group = "child" if years < (16 if nation == "scotland" else 18) else "adult"
    return rng.choice(
        (
            {"age_years": years},
            {"age_years": years},
            {"age_group": group},
            {"age_years": years, "age_group": group},
        )
    )


def _doses(rng: Random, exposure: str) -> dict[str, Any]:
    if exposure == "accidental":
        return {
            "total_dose": near(rng, 0, 1, 3, 3, 30),
            **({"intended_dose": F(0)} if sometimes(rng) else {}),
        }
    intended = near(rng, "0.01", "0.1", "0.3", "0.3", 1, "2.5", "2.5", 7, 10, 10, 20) or F("0.3")
    if exposure == "near_miss":
        return {"total_dose": F(0), **({"intended_dose": intended} if sometimes(rng, 0.5) else {})}
    total = near(rng, 1, 3, 25, 10 * intended, F("2.5") * intended)
    facts = {"total_dose": total, "intended_dose": intended}
    if sometimes(rng, 0.3):  # as if only the ratio had been measured, beside one dose
        ratio = near(rng, 1, 2, "2.5", 10) or F(1)
        facts = {"total_dose": ratio * intended, "intended_dose": intended, "dose_ratio": ratio}
    return facts


def _as_intended(rng: Random, facts: dict[str, Any]) -> dict[str, Any]:
    """What everything is where it was given as it was meant, as near the limits as that may be."""
    margin = F("0.2") if facts.get("nm_therapy") == "sirt" else F("0.1")
    share = 1 + margin * rng.choice((-1, F("-0.999"), 0, F("0.999"), 1))
    return {
        "total_dose": facts["intended_dose"],
        "dose_ratio": F(1),
        "planning_scans": 1,
        "set_up_error": False,
        "additional_images": 0,
        "geographical_miss": "none",
        "miss_margin_ratio": F(0),
        "target_dose_ratio": F(rng.choice(("0.901", "1", "1.099"))),
        "organ_dose_ratio": F(rng.choice(("0.5", "1", "1.099"))),
        "fraction_dose_ratio": F(rng.choice(("0.5", "1", "1.199"))),
        "wrong_radiopharmaceutical": False,
        "delivered_activity": facts.get("prescribed_activity", F(0)) * share,
    }


def _besides(rng: Random, facts: dict[str, Any], rounded: bool) -> dict[str, Any]:
    """A ratio of activities; somebody else exposed; a cause."""
    found: dict[str, Any] = {}
    if "delivered_activity" in facts and facts["exposure"] != "near_miss" and sometimes(rng, 0.4):
        ratio = facts["delivered_activity"] / facts["prescribed_activity"]
        found["activity_ratio"] = F(round(ratio, 3)) if rounded and sometimes(rng, 0.5) else ratio
    if sometimes(rng, 0.1):
        found["others_exposed"] = rng.choice((["worker"], ["worker", "member_of_public"], []))
    if sometimes(rng, 0.3):
        told = ["equipment fault", "administration"]
        if facts["exposure"] != "as_intended":
            told += ["wrong side", "wrong patient identified", "set-up"]
        found["cause"] = rng.choice((rng.choice(told), [rng.choice(told), "other"]))
    return found


def _by_category(rng: Random, category: str, exposed: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if category == "radiotherapy_planning":
        facts["planning_scans"] = rng.randint(1, 5)
    if category == "radiotherapy_verification":
        intended = rng.randint(1, 12)
        facts = {
            "set_up_error": sometimes(rng, 0.5),
            "images_in_fraction": rng.randint(1, 5),
            "intended_images": intended,
            "additional_images": max(0, intended // 2 + rng.choice((-1, 0, 0, 1, 2))),
            "imaging_failure": rng.choice(("protocol", "thematic", "other")),
        }
    if category == "radiotherapy_treatment":
        facts = {
            "target_dose_ratio": near(rng, 1, 1, "0.9", "1.1"),
            "organ_dose_ratio": near(rng, 1, 1, "0.9", "1.1"),
            "fraction_dose_ratio": near(rng, 1, 1, "1.1", "1.2"),
            "geographical_miss": rng.choice(("none", "none", "partial", "partial", "total"))
            if exposed
            else "none",
        }
        if facts["geographical_miss"] == "partial":
            facts["miss_margin_ratio"] = near(rng, 1, "2.5")
    if category in NUCLEAR:
        facts["wrong_radiopharmaceutical"] = exposed and sometimes(rng, 0.1)
        facts["breastfed_infant_exposed"] = exposed and sometimes(rng, 0.3)
        if facts["breastfed_infant_exposed"]:
            facts["infant_dose"] = near(rng, 1)
    if category == "nuclear_medicine_therapy":
        prescribed = near(rng, 100, 200, 3700)
        share = F(rng.choice(("0.8", "0.9", "1", "1.1", "1.2"))) + rng.choice(
            (0, 0, F("0.0001"), F("-0.0001"))
        )
        facts["nm_therapy"] = rng.choice(("sirt", "other"))
        facts["prescribed_activity"] = prescribed
        facts["delivered_activity"] = prescribed * share if exposed else F(0)
    return facts


def forgetful(rng: Random, facts: dict[str, Any]) -> dict[str, Any]:
    """The same incident, of which something is unknown, or known only within limits."""
    keep = rng.choice((0.5, 0.8, 0.9, 0.95))
    partial = {}
    for name, value in facts.items():
        if rng.random() > keep:
            continue
        number = (isinstance(value, Fraction) and name != "activity_ratio") or name == "age_years"
        whole = isinstance(value, int) and not isinstance(value, bool)
        vague = (number or whole) and sometimes(rng)
        partial[name] = limits_around(rng, F(value), whole) if vague else value
    return partial


def limits_around(rng: Random, value: Fraction, whole: bool) -> Limits:
    """Limits that hold the value, with ends on thresholds as often as not."""
    thresholds = [F(t) for t in ("0.3", "0.9", 1, "1.1", "1.2", 2, "2.5", 3, 10, 16, 18, 25)]
    if whole:
        thresholds = [t for t in thresholds if t.denominator == 1]
    lower = [t for t in thresholds if t <= value] + [F(0), value]
    upper = [t for t in thresholds if t >= value] + [value * 2 + 1, value]
    low, high = rng.choice(lower), rng.choice((*upper, None))
    if high == low:
        high = value * 2 + 1
    without_low = not whole and 0 < low < value and sometimes(rng, 0.4)
    without_high = not whole and high is not None and high > value and sometimes(rng, 0.4)
    return Limits(low, high, without_low, without_high)


# ------------------------------------------------------------------------------------------- as people write
def decimal(value: Fraction | int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    assert F(exact) == value, value
    return exact


def plain_text(value: Fraction | int) -> str:
    return f"{decimal(F(value)):f}"


def raw(facts: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The facts as they arrive: numbers bare, or in text with a unit."""
    return {name: _written(name, value, rng) for name, value in facts.items()}


def _written(name: str, value: Any, rng: Random) -> Any:
    if isinstance(value, Limits):
        return limits_text(name, value)
    if not isinstance(value, Fraction):
        return value
    style = rng.randrange(4)
    if style == 0:
        return int(value) if value.denominator == 1 else decimal(value)
    if style == 1 or name not in UNIT_OF:
        return plain_text(value)
    unit, factor = rng.choice(UNITS[UNIT_OF[name]])
    return f"{plain_text(value * factor)} {unit}"


def limits_text(name: str, limits: Limits) -> str:
    unit = f" {UNIT_OF[name]}" if name in UNIT_OF else ""
    low, high = plain_text(limits.low), None if limits.high is None else plain_text(limits.high)
    if high is None:
        return f"{'>' if limits.without_low else '>='}{low}{unit}"
    if limits.low == 0 and not limits.without_low:
        return f"{'<' if limits.without_high else '<='}{high}{unit}"
    return f"{'>' if limits.without_low else ''}{low}-{'<' if limits.without_high else ''}{high}{unit}"
