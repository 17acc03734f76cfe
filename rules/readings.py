"""Where the guidance can be read in two ways: the reading taken, and when a verdict rests on it.

Where the text allows two readings, the one that notifies is taken. `rests` says of an incident, its verdict's
outcome and the codes met and possible, whether the verdict would need the reading to be defended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rules.conditions import inside, known
from rules.facts import THERAPY, YES
from rules.spans import Span, at_most, below
from rules.standing import Standing


@dataclass(frozen=True)
class Reading:
    id: str
    point: str
    reading: str
    rests: Callable[[Standing], bool]
    about: tuple[str, ...] = ()  # facts of which one has to be stated, or it cannot rest on this


def _child_abroad(s: Standing) -> bool:
    return "2.1" in s.in_play and "england" not in s.nations and _dose_between_child_and_adult(s)


def _dose_between_child_and_adult(s: Standing) -> bool:
    have = s.facts.known.get("total_dose")
    return isinstance(have, Span) and have.low.value < 3 and have.high.value >= 1


def _age_between(s: Standing) -> bool:
    age = s.facts.known.get("age_years")
    between = isinstance(age, Span) and age.low.value <= 17 and age.high.value >= 16
    return between and _dose_between_child_and_adult(s) and _age_counts(s)


def _age_counts(s: Standing) -> bool:
    intended = known(s.facts.known, "intended_dose")
    small = isinstance(intended, Span) and inside(intended, below("0.3")) is not False
    return (small and s.in_bands) or ("accidental" in s.exposures and "england" in s.nations)


def _beside_miss(s: Standing) -> bool:
    missed = s.facts.known.get("geographical_miss")
    told = s.says("miss_margin_ratio") if missed is None else missed != frozenset({"none"})
    return "8.2" in s.in_play and told


def _partly_missed(s: Standing) -> bool:
    """A margin that was missed by tells of a partial miss as well as the word does."""
    return s.can_be("geographical_miss", "partial") or s.says("miss_margin_ratio")


def _beside_therapy(s: Standing) -> bool:
    return bool(s.categories) and s.categories <= THERAPY and (s.says("total_dose") or s.says("dose_ratio"))


def _limit_of_activity(s: Standing) -> bool:
    """At a limit, or low enough for 8.2 if that were the criterion."""
    if "nuclear_medicine_therapy" not in s.categories:
        return False
    limits = {"sirt": ("0.8", "1.2"), "other": ("0.9", "1.1")}
    at_limit = any(
        s.can_be("nm_therapy", therapy) and s.quotient("delivered_activity", "prescribed_activity", *factors)
        for therapy, factors in limits.items()
    )
    low = s.quotient_within("delivered_activity", "prescribed_activity", at_most("0.9"))
    return at_limit or low is True


def _unpredicted(s: Standing) -> bool:
    if not s.can_be("deterministic_effect", "observable"):
        return False
    return "interventional" not in s.categories or not s.can_be("procedural_failure", YES)


def _swapped(s: Standing) -> bool:
    """Two people, and one taken for the other: nothing says more of a swap than that."""
    two = s.exactly("individuals_exposed", "2") and s.exposures == frozenset({"unintended"})
    return two and not WRONG_PATIENT.isdisjoint(s.causes)


def _beside_doses(s: Standing) -> bool:
    return s.categories == frozenset({"interventional"}) and bool(s.in_play & {"2.1", "2.2", "2.3", "2.4"})


WRONG_PATIENT = frozenset({"wrong patient referred", "wrong patient identified"})
MISS = ("geographical_miss", "miss_margin_ratio")

_ALL = (
    Reading(
        "R1",
        "An intended dose of exactly 0.3 or 10 mSv",
        "“Less than 0.3” and “more than 10” are strict: 0.3 mSv belongs to 2.2, and 10 mSv to 2.3.",
        lambda s: s.exactly("intended_dose", "0.3", "10") and s.in_bands,
        ("intended_dose",),
    ),
    Reading(
        "R2",
        "An intended dose of exactly 2.5 mSv stands in 2.2 and in 2.3",
        "It is taken as 2.2. Both ask for 25 mSv then, so only the label differs.",
        lambda s: s.exactly("intended_dose", "2.5") and s.in_bands,
        ("intended_dose",),
    ),
    Reading(
        "R3",
        "Whether the child threshold of 2.1 holds outside England",
        "2.1 is not limited to a nation, so it holds everywhere, with each nation's own age.",
        _child_abroad,
        ("total_dose",),
    ),
    Reading(
        "R4",
        "The age that makes a child",
        "A child is under 16 in Scotland and under 18 elsewhere, by the age at exposure.",
        _age_between,
        ("age_years",),
    ),
    Reading(
        "R5",
        "“50% greater” in 4.2b and 4.2c",
        "Additional images of half the intended number are enough.",
        lambda s: s.quotient("additional_images", "intended_images", "0.5"),
        ("additional_images",),
    ),
    Reading(
        "R6",
        "A foetal dose of exactly 10 mGy",
        "The table's “10 mGy or more” is taken, not the text's “over 10 mGy”.",
        lambda s: s.exactly("foetal_dose", "10"),
        ("foetal_dose",),
    ),
    Reading(
        "R7",
        "Transient erythema in code 3",
        "It is not an observable deterministic effect, with or without a procedural failure.",
        lambda s: s.can_be("deterministic_effect", "transient_erythema") and "interventional" in s.categories,
        ("deterministic_effect",),
    ),
    Reading(
        "R8",
        "What 9.2 means by the dose factors being exceeded",
        "The miss is more than 2.5 times the margin, and the factor of 8.1 or of 8.2 is reached.",
        lambda s: "9.2" in s.in_play and _partly_missed(s),
        MISS,
    ),
    Reading(
        "R9",
        "Under-exposure from a geographical miss",
        "8.2 is left out only where 9.1 or 9.2 is met.",
        _beside_miss,
        MISS,
    ),
    Reading(
        "R10",
        "A delivered activity exactly 10% or 20% off",
        "Exactly at the limit is inside, and 10.1 and 10.2 are the criteria for nuclear medicine therapy.",
        _limit_of_activity,
        ("delivered_activity", "activity_ratio"),
    ),
    Reading(
        "R11",
        "Complementary codes are said to take a suffix of 1 to 9",
        "That was written before code 10 existed: 10.1 and 10.2 are suffixes too.",
        lambda s: any(code.endswith(("10.1", "10.2")) for code in s.complementary),
    ),
    Reading(
        "R12",
        "Whether complementary codes notify by themselves",
        "M and C make an incident notifiable by themselves; E and V only label it.",
        lambda s: bool(s.complementary) and (s.outcome != "notify" or bool({"M", "C"} & s.met)),
    ),
    Reading(
        "R13",
        "How many people make more than one",
        "Two are enough for M, though an example of 4.2c has three.",
        lambda s: s.exactly("individuals_exposed", "2"),
        ("individuals_exposed",),
    ),
    Reading(
        "R14",
        "What two and twelve weeks are",
        "14 and 84 calendar days from the day of discovery in UK time, weekends and holidays included.",
        lambda s: s.outcome in ("notify", "undecided") and s.facts.discovered_on is not None,
    ),
    Reading(
        "R15",
        "Doses in interventional work",
        "Code 3 is a criterion of its own, and 2.1 to 2.4 hold as well: their heading says all modalities.",
        _beside_doses,
    ),
    Reading(
        "R16",
        "Patients who each got the other's exposure",
        "Each was due an exposure, so it is unintended, not accidental.",
        _swapped,
        ("cause",),
    ),
    Reading(
        "R17",
        "Whether doubt notifies",
        "The regulation notifies unless the exposure is ruled out beyond reasonable doubt; undecided is not "
        "ruled out.",
        lambda s: s.outcome == "undecided",
    ),
    Reading(
        "R18",
        "Where codes 6 and 7 belong",
        "An administration of a radiopharmaceutical is nuclear medicine, diagnostic or therapy, wherever it "
        "happens.",
        lambda s: bool(s.met & {"6", "7"}),
    ),
    Reading(
        "R19",
        "Codes printed under the heading of unintended exposure",
        "2.1 to 2.4 need an unintended exposure; 3 to 10.2, M and C hold for accidental ones too.",
        lambda s: s.exposures == frozenset({"accidental"}) and bool(s.in_play - {"1"}),
    ),
    Reading(
        "R20",
        "Dose bands and therapy",
        "2.1 to 2.4 do not hold for treatment, whose criteria are 8 to 10; they hold for planning and "
        "verification.",
        _beside_therapy,
        ("total_dose", "dose_ratio"),
    ),
    Reading(
        "R21",
        "An observable effect without a procedural failure, or outside interventional work",
        "An effect predicted and consented to is not notifiable; one merely known to be possible was not "
        "predicted. "
        "Outside interventional work an effect meets no dose code, and raises the question of clinical "
        "significance.",
        _unpredicted,
        ("deterministic_effect",),
    ),
    Reading(
        "R22",
        "An exposure that was given as intended",
        "The table stands under headings that say accidental and unintended, yet 3, 5 and 6 also speak of "
        "what was not: only 3, 5, 6, M and C can be met. A request for the wrong patient, a duplicate, or "
        "the wrong time, side, dose, activity or number of images is not as intended.",
        lambda s: s.exposures == frozenset({"as_intended"}),
    ),
    Reading(
        "R23",
        "A percentage of the prescribed activity, or a dose prescribed in Gy",
        "The ratio of delivered to prescribed is what 10.1 and 10.2 ask for. A ratio of absorbed doses in Gy "
        "settles a yes, never a no.",
        lambda s: s.says("activity_ratio"),
        ("activity_ratio",),
    ),
    Reading(
        "R24",
        "Somebody else exposed besides the patient",
        "The patient is judged under IR(ME)R. A worker or a member of the public falls under other "
        "regulations, and is told of beside the verdict and never in its place; a carer or comforter is "
        "inside IR(ME)R, and counted.",
        lambda s: bool(s.facts.stated.get("others_exposed")),
        ("others_exposed",),
    ),
)

READINGS: dict[str, Reading] = {reading.id: reading for reading in _ALL}

# All that a near miss can rest on: it meets nothing, but may bear E or V, and somebody else may be exposed.
OF_NEAR_MISS = ("R11", "R12", "R24")


def needed(standing: Standing) -> tuple[str, ...]:
    """The ids of the readings on which this verdict rests."""
    if standing.exposures == frozenset({"near_miss"}):
        return tuple([name for name in OF_NEAR_MISS if READINGS[name].rests(standing)])
    worth_asking = _about(frozenset(standing.facts.stated))
    return tuple([reading.id for reading in worth_asking if reading.rests(standing)])


@lru_cache(maxsize=256)
def _about(stated: frozenset[str]) -> tuple[Reading, ...]:
    """The readings that can matter where these facts are stated."""
    return tuple(r for r in _ALL if not r.about or not stated.isdisjoint(r.about))
