"""The clauses of a reason: nouns for numbers, clauses for choices, and one number against a limit."""

from __future__ import annotations

from decimal import Decimal

from rules.conditions import RATIOS, RatioWithin, Within, World, inside, known
from rules.facts import FACTS, NO, YES, Known
from rules.spans import INFINITY, Span, plain

HALF = Decimal("0.5")

NOUNS = {
    "age_years": "the person's age",
    "total_dose": "the total dose",
    "intended_dose": "the intended dose",
    "dose_ratio": "the total dose as a multiple of the intended one",
    "activity_ratio": "the delivered activity as a multiple of the prescribed one",
    "planning_scans": "the number of planning scans",
    "images_in_fraction": "the number of images in one fraction",
    "intended_images": "the number of intended images",
    "additional_images": "the number of additional images",
    "foetal_dose": "the foetal dose",
    "infant_dose": "the infant's dose",
    "target_dose_ratio": "the dose factor of the target",
    "organ_dose_ratio": "the dose factor of the organs at risk",
    "fraction_dose_ratio": "the dose factor of the highest fraction",
    "miss_margin_ratio": "the miss as a multiple of the error margin",
    "prescribed_activity": "the prescribed activity",
    "delivered_activity": "the delivered activity",
    "individuals_exposed": "the number of people exposed",
}
CLAUSES = {
    ("exposure", "accidental"): "no exposure of this person was intended",
    ("exposure", "unintended"): "an exposure of this person was intended",
    ("exposure", "near_miss"): "nobody was exposed",
    ("exposure", "as_intended"): "the exposure was given as intended",
    ("nation", "england"): "it happened in England",
    ("nation", "wales"): "it happened in Wales, where any dose counts",
    ("nation", "scotland"): "it happened in Scotland, where any dose counts",
    ("nation", "northern_ireland"): "it happened in Northern Ireland, where any dose counts",
    ("age_group", "adult"): "the person was an adult",
    ("age_group", "child"): "the person was a child",
    ("deterministic_effect", "none"): "there is no tissue reaction",
    ("deterministic_effect", "transient_erythema"): "there is transient erythema only",
    ("deterministic_effect", "observable"): "there is an observable tissue reaction",
    ("procedural_failure", YES): "a procedure failed",
    ("procedural_failure", NO): "no procedure failed",
    ("effect_predicted", YES): "the effect was intended or predicted",
    ("effect_predicted", NO): "the effect was neither intended nor predicted",
    ("set_up_error", YES): "a set-up error led to the images",
    ("set_up_error", NO): "no set-up error led to the images",
    ("imaging_failure", "protocol"): "a protocol failure led to the additional images",
    ("imaging_failure", "thematic"): "a persistent or repeated failure led to the additional images",
    (
        "imaging_failure",
        "other",
    ): "neither a protocol failure nor a persistent one led to the additional images",
    ("unintended_foetal_exposure", YES): "a foetus was exposed",
    ("unintended_foetal_exposure", NO): "no foetus was exposed without that being intended",
    ("breastfed_infant_exposed", YES): "a breast-fed infant was exposed",
    ("breastfed_infant_exposed", NO): "no breast-fed infant was exposed",
    ("wrong_radiopharmaceutical", YES): "the wrong radiopharmaceutical was given",
    ("wrong_radiopharmaceutical", NO): "the right radiopharmaceutical was given",
    ("geographical_miss", "none"): "the target was not missed",
    ("geographical_miss", "partial"): "the target was partly missed",
    ("geographical_miss", "total"): "the target was totally missed",
    ("nm_therapy", "sirt"): "the therapy was SIRT",
    ("nm_therapy", "other"): "the therapy was another than SIRT",
    ("clinically_significant", YES): "it is clinically significant by the employer's procedure",
    ("clinically_significant", NO): "it is not clinically significant by the employer's procedure",
    ("equipment_fault", YES): "an equipment fault was the direct cause",
    ("voluntary", YES): "the employer wants to share the learning",
}
# `From 30 mSv in total it would be 2.4`: how a limit of each number is placed in such a sentence.
PLACED = {
    "age_years": "of age",
    "total_dose": "in total",
    "intended_dose": "intended",
    "dose_ratio": "times the intended dose",
    "activity_ratio": "times the prescribed activity",
    "planning_scans": "planning scans",
    "images_in_fraction": "images in one fraction",
    "intended_images": "intended images",
    "additional_images": "additional images",
    "foetal_dose": "to the foetus",
    "infant_dose": "to the infant",
    "target_dose_ratio": "times the intended dose to the target",
    "organ_dose_ratio": "times the intended dose to an organ at risk",
    "fraction_dose_ratio": "times the intended dose in one fraction",
    "miss_margin_ratio": "times the error margin",
    "prescribed_activity": "prescribed",
    "delivered_activity": "delivered",
}
UNKNOWN = {
    "exposure": "whether an exposure of this person was intended",
    "category": "what kind of exposure it was",
    "nation": "in which nation it happened",
    "age_group": "whether the person was an adult or a child",
    "deterministic_effect": "whether there is a tissue reaction",
    "procedural_failure": "whether a procedure failed",
    "effect_predicted": "whether the effect was predicted",
    "set_up_error": "whether a set-up error led to the images",
    "imaging_failure": "what led to the additional images",
    "unintended_foetal_exposure": "whether a foetus was exposed",
    "breastfed_infant_exposed": "whether a breast-fed infant was exposed",
    "wrong_radiopharmaceutical": "whether the wrong radiopharmaceutical was given",
    "geographical_miss": "whether the target was missed",
    "nm_therapy": "which therapy it was",
    "clinically_significant": "whether it is clinically significant",
    "individuals_exposed": "whether more than one person was exposed",
}


def unit(name: str) -> str:
    """The unit as printed after a number."""
    return FACTS[name].unit if name in FACTS and FACTS[name].unit != "years" else ""


def quantity(name: str, span: Span) -> str:
    return span.words(unit(name))


def named(name: str, world: World) -> str:
    """`the total dose (24 mSv)`; the noun alone where nothing is known of it."""
    have = known(world, name)
    assert isinstance(have, Span)
    return NOUNS[name] if nothing_said(have, name) else f"{NOUNS[name]} ({quantity(name, have)})"


def nothing_said(have: Known, name: str) -> bool:
    """Is nothing known of it, or only that it is not 0?"""
    above_zero = isinstance(have, Span) and have.low.value == 0 and have.high.value == INFINITY
    return above_zero or have == FACTS[name].domain


def limit_of(atom: Within | RatioWithin) -> str:
    """The limit of a condition: `25 mSv`, or `10 times the intended dose`."""
    if isinstance(atom, Within):
        return f"{plain(atom.limit)} {unit(atom.fact)}".rstrip()
    return f"{times(atom.limit)} {NOUNS[atom.of]}"


def times(factor: Decimal) -> str:
    return "half" if factor == HALF else f"{plain(factor)} times"


def relation(span: Span, holds: bool) -> str:
    """What a number does to a limit: reaches it, is below it, and so on."""
    upwards = span.high.value == INFINITY
    side = span.low.side if upwards else span.high.side
    words = {
        (True, 0): ("reaches", "is below"),
        (True, 1): ("is above", "is not above"),
        (False, -1): ("is below", "is not below"),
        (False, 0): ("is at most", "is above"),
    }
    return words[upwards, side][not holds]


def band(name: str, span: Span, world: World) -> str:
    """A number between two limits: `the intended dose (1 mSv) is 0.3 to 2.5 mSv`."""
    closed = span.low.side == 0 == span.high.side
    return f"{named(name, world)} is {'within ' if closed else ''}{quantity(name, span)}"


def against(atom: Within | RatioWithin, world: World, holds: bool, code: str = "") -> str:
    """One comparison: `the total dose (24 mSv) is below the 25 mSv that code 2.3 asks for`."""
    says = relation(atom.span, holds)
    asked = f" that code {code} asks for" if code else ""
    if isinstance(atom, Within):
        return f"{named(atom.fact, world)} {says} {'the ' if code else ''}{limit_of(atom)}{asked}"
    ratio = world.get(RATIOS[atom.fact, atom.of])
    if isinstance(ratio, Span) and inside(ratio, atom.span) is not None:
        said = f"{NOUNS[atom.fact]} is {ratio.words()} times {NOUNS[atom.of]}"
        return f"{said}: that {says} the {times(atom.limit)}{asked}"
    of = known(world, atom.of)
    assert isinstance(of, Span)
    line = f"{named(atom.fact, world)} {says} {times(atom.limit)} {named(atom.of, world)}"
    if of == FACTS[atom.of].domain:
        return line
    low, high = of.low, of.high
    factor = Span(low._replace(value=atom.limit * low.value), high._replace(value=atom.limit * high.value))
    return f"{line}, which is {quantity(atom.fact, factor)}"
