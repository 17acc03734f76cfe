"""Every way of filling in what is unknown of an incident, as far as it can make a difference.

A partial incident maps names of facts to plain values, or to `Limits` of a number; what it leaves out is
unknown. Exposure, category, nation, age and procedural failure are filled in together. With these fixed, the
other facts fall into blocks that neither contradict nor bear on one another, so each block is filled in by
itself: at every threshold, at every end of a limit, at the crossings of lines through two numbers, and
between each two of these. That is exhaustive, because between two such points nothing changes. Only the plain
reading judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from math import lcm
from typing import Any

from tests.rules import plain_reading as plain
from tests.rules.plain_contradictions import BELONGS_TO, contradictions, goes_with

F = Fraction
ZERO = F(0)
Partial = dict[str, Any]
Codes = frozenset[str]
ABSENT = object()


@dataclass(frozen=True)
class Limits:
    """A number known only to lie between two others; `high` is None where there is no upper limit."""

    low: Fraction = ZERO
    high: Fraction | None = None
    without_low: bool = False
    without_high: bool = False

    def __contains__(self, value: Fraction) -> bool:
        if value < self.low or (value == self.low and self.without_low):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.without_high)

    @property
    def ends(self) -> set[Fraction]:
        return {self.low} | ({self.high} if self.high is not None else set())


EXPOSURES = ("accidental", "unintended", "near_miss", "as_intended")
CATEGORIES = (
    "diagnostic", "interventional", "nuclear_medicine", "radiotherapy_planning", "radiotherapy_verification",
    "radiotherapy_treatment", "nuclear_medicine_therapy",
)  # fmt: skip
NATIONS = ("england", "wales", "scotland", "northern_ireland")
OPTIONS: dict[str, tuple[Any, ...]] = {
    "exposure": EXPOSURES,
    "category": CATEGORIES,
    "nation": NATIONS,
    "deterministic_effect": ("none", "transient_erythema", "observable"),
    "imaging_failure": ("protocol", "thematic", "other"),
    "geographical_miss": ("none", "partial", "total"),
    "nm_therapy": ("sirt", "other"),
}
# The thresholds of each number that stands by itself, and its least value where that is not 0.
CUTS: dict[str, tuple[Fraction, ...]] = {
    "foetal_dose": (F(10),),
    "infant_dose": (F(1),),
    "target_dose_ratio": (F("0.9"), F("1.1")),
    "organ_dose_ratio": (F("1.1"),),
    "fraction_dose_ratio": (F("1.2"),),
    "miss_margin_ratio": (F("2.5"),),
}
LEAST = {"planning_scans": 1, "images_in_fraction": 1, "intended_images": 1, "individuals_exposed": 1}
MOST = {"age_years": 120}
WHOLE = {*LEAST, *MOST, "additional_images"}


def between(points: Iterable[Fraction]) -> list[Fraction]:
    """The points, one between each two of them, and one beyond the last."""
    there = [p for p in points if p.numerator >= 0]
    # By whole numbers of their common share: fractions are slow to compare and to hash.
    share = lcm(*(p.denominator for p in there))
    places = sorted({0, *(p.numerator * (share // p.denominator) for p in there)})
    halves = [half for a, b in pairwise(places) for half in (2 * a, a + b)]
    return [F(half, 2 * share) for half in (*halves, 2 * places[-1], 4 * places[-1] + 2 * share)]


def allowed(known: Any, value: Any) -> bool:
    """Is it what is known, or within it?"""
    return value in known if isinstance(known, Limits) else known in (None, value)


def ends(known: Any) -> set[Fraction]:
    return known.ends if isinstance(known, Limits) else set() if known is None else {F(known)}


def values(partial: Partial, name: str, category: str) -> list[Any]:
    """The values of one fact that are worth a try."""
    known = partial.get(name)
    if known is None and name in BELONGS_TO and category not in BELONGS_TO[name]:
        return [ABSENT]
    if known is not None and not isinstance(known, Limits):
        return [known]
    if name in WHOLE:
        return whole_numbers(known, LEAST.get(name, 0), MOST.get(name))
    if name in CUTS:
        return [v for v in between({*CUTS[name], *ends(known)}) if allowed(known, v)]
    return list(OPTIONS.get(name, (True, False)))


def whole_numbers(known: Limits | None, least: int, most: int | None) -> list[int]:
    """All of them where they are few, else those at and near the ends and thresholds."""
    near = {*range(least, 6), *range(14, 20), 120, 10**9}
    for end in ends(known):
        near |= {int(end) + step for step in (-1, 0, 1, 2)}
    return sorted(n for n in near if n >= least and (most is None or n <= most) and allowed(known, F(n)))


def plane(
    x_known: Any, y_known: Any, x_lines: Iterable[str], y_lines: Iterable[str], slopes: Iterable[Fraction]
) -> Iterator[tuple[Fraction, Fraction]]:
    """A point in every cell into which lines cut the plane: x and y at limits, y at multiples of x."""
    slopes = [s for s in slopes if s > 0]
    levels = {F(c) for c in y_lines} | ends(y_known)
    places = {F(c) for c in x_lines} | ends(x_known) | {level / s for level in levels for s in slopes}
    for x in between(places):
        if allowed(x_known, x):
            for y in between({*levels, *(s * x for s in slopes)}):
                if allowed(y_known, y):
                    yield x, y


# ------------------------------------------------------------------------------------------- the blocks
Skeleton = dict[str, Any]
CODES_OF: dict[tuple[str, ...], Callable[[plain.Incident], list[str]]] = {
    ("deterministic_effect", "effect_predicted"): plain.interventional_codes,
    ("planning_scans",): plain.imaging_codes,
    ("set_up_error", "images_in_fraction"): plain.imaging_codes,
    ("imaging_failure", "intended_images", "additional_images"): plain.imaging_codes,
    ("unintended_foetal_exposure", "foetal_dose"): plain.other_people_codes,
    ("breastfed_infant_exposed", "infant_dose"): plain.other_people_codes,
    ("wrong_radiopharmaceutical",): plain.radiopharmaceutical_codes,
    (
        "target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio", "geographical_miss",
        "miss_margin_ratio",
    ): plain.treatment_codes,
    ("individuals_exposed",): lambda i: ["M"] if i["individuals_exposed"] > 1 else [],
    ("clinically_significant",): lambda i: ["C"] if i["clinically_significant"] else [],
}  # fmt: skip
DOSES = ("total_dose", "intended_dose", "dose_ratio")
ACTIVITIES = ("nm_therapy", "prescribed_activity", "delivered_activity", "activity_ratio")
BLOCKS = (DOSES, ACTIVITIES, *CODES_OF)
AFTER_A_FAILURE = {"effect_predicted", "infant_dose"}  # blocks that look at it hold one of these


def doses(partial: Partial, skeleton: Skeleton) -> Iterator[Partial]:
    """Totals and intended doses; the ratio is what the two make it, where something was intended."""
    ratio = partial.get("dose_ratio")
    total, intended = partial.get("total_dose"), partial.get("intended_dose")
    if skeleton["exposure"] == "as_intended":
        for x in between({*ends(total), *ends(intended)}):
            if allowed(intended, x) and allowed(total, x) and allowed(ratio, F(1)):
                yield {"intended_dose": x, "total_dose": x}
        return
    if skeleton["exposure"] == "unintended":
        lines = ("0.3", "2.5", "10"), ("1", "3", "25"), {F(10), F("2.5"), *slopes_of(ratio)}
        points = [(x, y) for x, y in plane(intended, total, *lines) if x > 0]
        for x, y in agreeing(points, ratio, rounded=None not in (total, intended)):
            yield {"intended_dose": x, "total_dose": y}
        return
    ratios = [F(0)] if ratio is None else [v for v in between(ends(ratio)) if allowed(ratio, v)]
    for x, y in plane(intended, total, (), ("1", "3"), ()):
        for r in ratios:
            left_out = ratio is None or (skeleton["exposure"] == "accidental" and r == 0)
            yield {"intended_dose": x, "total_dose": y, **({} if left_out else {"dose_ratio": r})}


def slopes_of(ratio: Any) -> set[Fraction]:
    """The lines on which a ratio lies, exact or rounded; of a rounded one only those worth a look."""
    if ratio is None or isinstance(ratio, Limits):
        return ends(ratio)
    return {F(ratio), *(edge for edge in (F(ratio) - HALF, F(ratio) + HALF) if edge > 0)}


HALF = F(1, 2000)  # ratios here are rounded to three digits after the point, or not at all


def agreeing(
    points: list[tuple[Fraction, Fraction]], ratio: Any, *, rounded: bool
) -> list[tuple[Fraction, Fraction]]:
    """The points with this ratio; where both numbers are known and none has it, those that round to it."""
    exact = [(x, y) for x, y in points if allowed(ratio, y / x)]
    if exact or not rounded or isinstance(ratio, Limits):
        return exact
    return [(x, y) for x, y in points if goes_with(ratio, y, x)]


def activities(partial: Partial, skeleton: Skeleton) -> Iterator[Partial]:
    if skeleton["category"] not in BELONGS_TO["delivered_activity"]:
        if not partial.keys() & {"nm_therapy", "prescribed_activity"}:  # these are never 0, nor none
            delivered = partial.get("delivered_activity", F(0))
            ratio = {name: partial[name] for name in ("activity_ratio",) if name in partial}
            yield {"delivered_activity": F(0) if allowed(delivered, F(0)) else delivered, **ratio}
        return
    ratio, delivered, prescribed = (
        partial.get(name) for name in ("activity_ratio", "delivered_activity", "prescribed_activity")
    )
    told = {} if ratio is None else {"activity_ratio": ratio}
    for therapy in values(partial, "nm_therapy", skeleton["category"]):
        chosen = {} if therapy is ABSENT else {"nm_therapy": therapy}
        slopes = (F("0.8"), F("0.9"), F("1.1"), F("1.2"), *slopes_of(ratio))
        points = [(x, y) for x, y in plane(prescribed, delivered, (), (), slopes) if x > 0]
        for x, y in agreeing(points, ratio, rounded=None not in (delivered, prescribed)):
            yield {**chosen, **told, "prescribed_activity": x, "delivered_activity": y}


def worlds(block: tuple[str, ...], partial: Partial, skeleton: Skeleton) -> Iterator[Partial]:
    if block is DOSES:
        yield from doses(partial, skeleton)
    elif block is ACTIVITIES:
        yield from activities(partial, skeleton)
    else:
        choices = [values(partial, name, skeleton["category"]) for name in block]
        for chosen in product(*choices):
            yield {n: v for n, v in zip(block, chosen, strict=True) if v is not ABSENT}


def codes_of(block: tuple[str, ...], incident: Partial) -> Codes:
    if incident["exposure"] == "near_miss":
        return frozenset()
    if block is DOSES:
        return frozenset(plain.accidental_codes(incident) + plain.dose_codes(incident))
    return frozenset(plain.activity_codes(incident) if block is ACTIVITIES else CODES_OF[block](incident))


@lru_cache(maxsize=200_000)
def fillings(
    block: tuple[str, ...], known: tuple[Any, ...], frame: tuple[tuple[str, Any], ...]
) -> frozenset[Codes]:
    """Which codes can be met together in a block; empty where it cannot be filled in at all."""
    partial = {n: v for n, v in zip(block, known, strict=True) if v is not None}
    skeleton = dict(frame)
    found = set()
    for world in worlds(block, partial, skeleton):
        incident = {**skeleton, **world}
        if not contradictions(incident):
            found.add(codes_of(block, incident))
    return frozenset(found)


def persons(partial: Partial) -> list[Partial]:
    """Nation and age, as far as it matters: England or not, child or adult."""
    found: dict[tuple[bool, bool], Partial] = {}
    for nation, age in product(values(partial, "nation", ""), values(partial, "age_years", "")):
        person = {"nation": nation, "age_years": age}
        group = {"age_group": partial["age_group"]} if "age_group" in partial else {}
        if not contradictions({**person, **group}):
            found.setdefault((nation == "england", plain.is_child(person)), person)
    return list(found.values())


@dataclass(frozen=True)
class Prospect:
    """What all completions come to."""

    outcomes: frozenset[str]  # empty where the facts contradict one another
    certain: Codes  # met in every completion
    possible: Codes  # met in some


def prospect(partial: Partial) -> Prospect:
    """Outcomes and codes over all completions of a patient's incident, M and C among the codes."""
    outcomes: set[str] = set()
    certain: Codes | None = None
    some: Codes = frozenset()
    for blocks in filled_blocks(partial):
        if any(any(options) for options in blocks):
            outcomes.add("notify")
        if all(frozenset() in options for options in blocks):
            outcomes.add("do_not_notify")
        always = frozenset().union(*(frozenset.intersection(*options) for options in blocks))
        certain = always if certain is None else certain & always
        some = some.union(*(codes for options in blocks for codes in options))
    return Prospect(frozenset(outcomes), certain or frozenset(), some - (certain or frozenset()))


def filled_blocks(partial: Partial) -> Iterator[list[frozenset[Codes]]]:
    """For every frame that contradicts nothing, the codes that each block can meet together."""
    known = {block: tuple(partial.get(name) for name in block) for block in BLOCKS}
    people = persons(partial)
    causes = {name: partial[name] for name in ("cause",) if name in partial}
    for exposure, category in product(values(partial, "exposure", ""), values(partial, "category", "")):
        if contradictions({"exposure": exposure, **causes}):
            continue
        frame = (("exposure", exposure), ("category", category))
        for failure in values(partial, "procedural_failure", ""):
            failing = (*frame, ("procedural_failure", failure))
            others = [
                fillings(block, known[block], failing if {*block} & AFTER_A_FAILURE else frame)
                for block in BLOCKS[1:]
            ]
            if not all(others):
                continue
            for person in people:
                doses = fillings(DOSES, known[DOSES], (*frame, *person.items()))
                if doses:
                    yield [doses, *others]
