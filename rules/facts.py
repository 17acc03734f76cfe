"""The facts of an incident: their names, units, values, and how each is asked.

Names and values are fixed: forms, the free-text reader, the command line, the store and exports all use them.
Every fact is optional; one that is absent is unknown, and unknown is never taken for "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from rules.spans import INFINITY, Bound, Span

Known = Span | frozenset[str]

YES, NO = "true", "false"
NATIONS = ("england", "wales", "scotland", "northern_ireland")
IMAGING = frozenset({"diagnostic", "nuclear_medicine", "radiotherapy_planning", "radiotherapy_verification"})
NUCLEAR = frozenset({"nuclear_medicine", "nuclear_medicine_therapy"})
THERAPY = frozenset({"radiotherapy_treatment", "nuclear_medicine_therapy"})
CATEGORIES = (
    "diagnostic",
    "interventional",
    "nuclear_medicine",
    "radiotherapy_planning",
    "radiotherapy_verification",
    "radiotherapy_treatment",
    "nuclear_medicine_therapy",
)


class Kind(Enum):
    QUANTITY = "quantity"  # an exact decimal with a unit, or limits
    COUNT = "count"  # a whole number, or limits
    CHOICE = "choice"
    FLAG = "flag"  # yes or no
    DATE = "date"


@dataclass(frozen=True)
class Answer:
    """One value that a question offers, and how it is worded. `prior` is a rough share of incidents."""

    value: str
    label: str
    prior: float = 1.0


@dataclass(frozen=True)
class Fact:
    """One fact, and the question for it.

    `ask` is the question, `why` the reason for it, `example` a typed answer. `usual` are the limits between which
    the planner takes answers to be spread evenly on a logarithmic scale. `given` holds facts and the values that
    make the question meaningful. `categories` are those that the fact belongs to; it implies one of them. `flag`
    marks the yes/no questions that are asked together in one message, with its wording there.
    """

    name: str
    kind: Kind
    ask: str
    why: str = ""
    unit: str = ""
    answers: tuple[Answer, ...] = ()
    lowest: int = 0
    highest: int | None = None
    usual: tuple[float, float] = (0.01, 60)
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    categories: frozenset[str] = frozenset()
    flag: str = ""
    example: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind in (Kind.QUANTITY, Kind.COUNT)

    @property
    def domain(self) -> Known:
        """Every value that the fact can have."""
        if self.numeric:
            low = Bound(Decimal(self.lowest), 1 if self.name in POSITIVE else 0)
            return Span(low, Bound(INFINITY if self.highest is None else Decimal(self.highest)))
        return frozenset(answer.value for answer in self.answers)

    def label(self, value: str) -> str:
        return next((answer.label for answer in self.answers if answer.value == value), value)


# Never 0: a ratio needs something to divide by.
POSITIVE = frozenset({"prescribed_activity"})


def _flag(name: str, ask: str, why: str, *, prior: float = 0.1, **more: object) -> Fact:
    answers = (Answer(YES, "Yes", prior), Answer(NO, "No", 1 - prior))
    return Fact(name, Kind.FLAG, ask, why, answers=answers, **more)  # type: ignore[arg-type]


def _choice(name: str, ask: str, why: str, *answers: tuple[str, str, float], **more: object) -> Fact:
    return Fact(name, Kind.CHOICE, ask, why, answers=tuple(Answer(*a) for a in answers), **more)  # type: ignore[arg-type]


def _number(name: str, ask: str, why: str, unit: str = "", **more: object) -> Fact:
    return Fact(name, Kind.QUANTITY, ask, why, unit, **more)  # type: ignore[arg-type]


def _count(name: str, ask: str, why: str, **more: object) -> Fact:
    return Fact(name, Kind.COUNT, ask, why, **more)  # type: ignore[arg-type]


_PLANNING = frozenset({"radiotherapy_planning"})
_VERIFICATION = frozenset({"radiotherapy_verification"})
_TREATMENT = frozenset({"radiotherapy_treatment"})
_NM_THERAPY = frozenset({"nuclear_medicine_therapy"})

# In the order in which a form shows them.
_ALL = (
    _choice(
        "nation",
        "Where in the UK did it happen?",
        "In England an accidental exposure has a dose threshold; elsewhere every one is notifiable. "
        "The age that makes a child, and the authority, differ too.",
        ("england", "England", 1),
        ("wales", "Wales", 1),
        ("scotland", "Scotland", 1),
        ("northern_ireland", "Northern Ireland", 1),
    ),
    Fact(
        "discovered_on",
        Kind.DATE,
        "When did anybody in the organisation first know of it?",
        "Both deadlines run from the day of discovery, not from the day of the exposure.",
        example="yesterday, or 2026-11-03",
    ),
    Fact(
        "occurred_on",
        Kind.DATE,
        "When did the exposure happen?",
        "It is part of the record.",
        example="2026-11-02",
    ),
    _choice(
        "exposure",
        "Was any exposure of this person intended?",
        "Accidental means that no exposure of any kind was intended for this person; unintended, that one was, "
        "but not the one they got. The thresholds differ.",
        ("unintended", "Yes, but not the exposure they got", 0.55),
        ("accidental", "No, none at all", 0.35),
        ("near_miss", "Nobody was exposed: it was caught in time", 0.1),
    ),
    _choice(
        "category",
        "What kind of exposure was it?",
        "Each kind of exposure has its own criteria.",
        ("diagnostic", "X-ray, CT, mammography, dental, DXA, diagnostic fluoroscopy", 5),
        ("interventional", "Interventional radiology or cardiology, interventional CT", 1),
        ("nuclear_medicine", "Nuclear medicine scan, PET, sentinel node", 2),
        ("radiotherapy_planning", "Radiotherapy planning scan", 1),
        ("radiotherapy_verification", "Radiotherapy verification images", 1),
        ("radiotherapy_treatment", "Radiotherapy treatment, brachytherapy, intraoperative", 2),
        ("nuclear_medicine_therapy", "Nuclear medicine therapy, SIRT", 1),
    ),
    _count(
        "age_years",
        "How old was the person, in whole years?",
        "The dose that counts is 3 mSv for an adult and 1 mSv for a child: under 16 in Scotland, under 18 elsewhere.",
        unit="years",
        highest=120,
        usual=(1, 90),
        example="9, or adult, or child",
    ),
    _choice(
        "age_group",
        "Was the person an adult or a child?",
        "The dose that counts is 3 mSv for an adult and 1 mSv for a child: under 16 in Scotland, under 18 elsewhere.",
        ("adult", "Adult", 0.8),
        ("child", "Child", 0.2),
    ),
    _choice(
        "exposed_person",
        "Who was exposed?",
        "Workers and members of the public are protected by other regulations.",
        ("patient", "A patient", 0.97),
        ("carer_or_comforter", "A carer or comforter", 0.01),
        ("research_participant", "A research participant", 0.01),
        ("worker", "A member of staff", 0.005),
        ("member_of_public", "A member of the public", 0.005),
    ),
    _flag(
        "equipment_in_clinical_use",
        "Was the equipment in clinical use already?",
        "A fault before clinical use, at a critical examination for example, goes to the health and safety regulator.",
        prior=0.99,
    ),
    _number(
        "total_dose",
        "What effective dose did the whole incident give, in mSv? Count the intended part, the over-exposure and "
        "any repeat that was needed.",
        "The thresholds are set against the total dose from the incident. Limits are an answer too, such as <3 mSv.",
        "mSv",
        example="2 mSv, or 10-12 mSv, or <3 mSv",
    ),
    _number(
        "intended_dose",
        "What effective dose was intended, in mSv?",
        "The dose that was intended decides which threshold the total is held against.",
        "mSv",
        example="0.02 mSv",
    ),
    _number(
        "dose_ratio",
        "How many times the intended dose was the total? Scanned twice is 2.",
        "A ratio can rule out the dose thresholds without any dose being known.",
        usual=(0.5, 20),
        example="2",
    ),
    _choice(
        "deterministic_effect",
        "Is there a tissue reaction, such as skin reddening, burns or hair loss?",
        "In interventional work an observable effect is a criterion of its own. Skin reddening that fades within "
        "days is transient erythema, which does not count.",
        ("none", "None", 0.85),
        ("transient_erythema", "Transient erythema only", 0.05),
        ("observable", "An observable effect", 0.1),
    ),
    _flag(
        "procedural_failure",
        "Did a procedure fail, or was it not followed?",
        "For an observable effect and for a breast-fed infant the criterion asks for it.",
        prior=0.5,
    ),
    _flag(
        "effect_predicted",
        "Was the effect intended, or predicted and consented to?",
        "Without a procedural failure only an unintended or unpredicted effect is notifiable. Known to be possible "
        "is not predicted.",
        prior=0.5,
        given=(("deterministic_effect", ("observable",)),),
    ),
    _count(
        "planning_scans",
        "How many planning scans were made in all, the intended one included?",
        "Three planning scans are notifiable.",
        lowest=1,
        usual=(1, 5),
        categories=_PLANNING,
        example="2",
    ),
    _flag(
        "set_up_error",
        "Did a set-up error lead to the extra images?",
        "Three images in one fraction are notifiable when a set-up error led to them.",
        prior=0.3,
        categories=_VERIFICATION,
    ),
    _count(
        "images_in_fraction",
        "How many images were taken in one fraction at most, the intended one included?",
        "Three images in one fraction are notifiable when a set-up error led to them.",
        lowest=1,
        usual=(1, 6),
        categories=_VERIFICATION,
        example="2",
    ),
    _count(
        "intended_images",
        "How many verification images were intended over the whole course?",
        "Half as many images again as intended are notifiable, depending on the cause.",
        lowest=1,
        usual=(4, 40),
        categories=_VERIFICATION,
        example="20",
    ),
    _count(
        "additional_images",
        "How many images more than intended were taken over the whole course?",
        "Half as many images again as intended are notifiable, depending on the cause.",
        usual=(1, 20),
        categories=_VERIFICATION,
        example="3",
    ),
    _choice(
        "imaging_failure",
        "What led to the extra images over the course?",
        "A protocol failure and a persistent or repeated failure are notifiable; others are not.",
        ("protocol", "A protocol failure", 0.3),
        ("thematic", "A persistent hardware or software failure, or a repeated human error", 0.2),
        ("other", "Something else", 0.5),
        categories=_VERIFICATION,
    ),
    _flag(
        "unintended_foetal_exposure",
        "Was a foetus exposed without that being intended?",
        "A foetal dose of 10 mGy or more is notifiable, even when every procedure was followed.",
        flag="A foetus was exposed (the person was pregnant)",
    ),
    _number(
        "foetal_dose",
        "What dose did the foetus get, in mGy?",
        "A foetal dose of 10 mGy or more is notifiable.",
        "mGy",
        usual=(0.1, 100),
        given=(("unintended_foetal_exposure", (YES,)),),
        example="0.5 mGy, or <10 mGy",
    ),
    _flag(
        "breastfed_infant_exposed",
        "Was a breast-fed infant exposed?",
        "After a failure in procedure, an infant's effective dose of 1 mSv or more is notifiable.",
        categories=NUCLEAR,
        flag="A breast-fed infant was exposed",
    ),
    _number(
        "infant_dose",
        "What effective dose did the infant get, in mSv?",
        "After a failure in procedure, an infant's effective dose of 1 mSv or more is notifiable.",
        "mSv",
        usual=(0.01, 20),
        given=(("breastfed_infant_exposed", (YES,)),),
        categories=NUCLEAR,
        example="0.2 mSv",
    ),
    _flag(
        "wrong_radiopharmaceutical",
        "Was the wrong radiopharmaceutical given?",
        "Every administration of an incorrect radiopharmaceutical is notifiable, whatever the dose.",
        categories=NUCLEAR,
        flag="The wrong radiopharmaceutical was given",
    ),
    _number(
        "target_dose_ratio",
        "Delivered divided by intended dose to the planned treatment volume, over the whole course?",
        "1.1 or more, and 0.9 or less, are notifiable.",
        usual=(0.7, 1.4),
        categories=_TREATMENT,
        example="1.05, or 105%",
    ),
    _number(
        "organ_dose_ratio",
        "Delivered divided by intended dose to the organ at risk that got most, over the whole course?",
        "1.1 or more is notifiable.",
        usual=(0.7, 1.4),
        categories=_TREATMENT,
        example="1.05, or 105%",
    ),
    _number(
        "fraction_dose_ratio",
        "Delivered divided by intended dose in the highest single fraction, target or organ at risk?",
        "1.2 or more in any fraction is notifiable.",
        usual=(0.7, 1.6),
        categories=_TREATMENT,
        example="1.1, or 110%",
    ),
    _choice(
        "geographical_miss",
        "Was the target missed?",
        "Every total geographical miss is notifiable; a partial one depends on its size and the dose.",
        ("none", "No", 0.7),
        ("partial", "Partly", 0.2),
        ("total", "Totally, even for one fraction or a significant part of it", 0.1),
        categories=_TREATMENT,
    ),
    _number(
        "miss_margin_ratio",
        "By how many times the locally defined error margin was the target missed?",
        "A partial miss counts above 2.5 times the margin.",
        usual=(0.5, 6),
        given=(("geographical_miss", ("partial",)),),
        categories=_TREATMENT,
        example="2",
    ),
    _choice(
        "nm_therapy",
        "Which therapy was it?",
        "Selective internal radiation therapy has a limit of 20%, all others 10%.",
        ("sirt", "Selective internal radiation therapy (SIRT)", 0.3),
        ("other", "Another nuclear medicine therapy", 0.7),
        categories=_NM_THERAPY,
    ),
    _number(
        "prescribed_activity",
        "What activity was prescribed, in MBq?",
        "The delivered activity is held against the prescribed one.",
        "MBq",
        usual=(100, 8000),
        categories=NUCLEAR,
        example="3700 MBq, or 3.7 GBq",
    ),
    _number(
        "delivered_activity",
        "What activity was delivered, in MBq?",
        "The delivered activity is held against the prescribed one.",
        "MBq",
        usual=(100, 8000),
        categories=NUCLEAR,
        example="3700 MBq, or 3.7 GBq",
    ),
    _count(
        "individuals_exposed",
        "How many people were exposed in error, in this incident or in others of the same theme?",
        "More than one is notifiable whatever the doses. A foetus or a breast-fed infant is not counted.",
        lowest=1,
        usual=(1, 3),
        flag="More than one person was exposed, or it belongs to a theme",
        example="1",
    ),
    _flag(
        "clinically_significant",
        "Is it clinically significant by your employer's own procedure?",
        "A clinically significant exposure is notifiable whatever the dose, and the duty of candour applies.",
        flag="It is clinically significant by the employer's own procedure",
    ),
    _flag(
        "equipment_fault",
        "Was an equipment fault the direct cause? Software counts as equipment.",
        "It adds code E, and the device regulator wants to know.",
    ),
    _flag(
        "licence_held",
        "Did the employer and the practitioner hold the licence for this administration?",
        "Without one, the ARSAC Support Unit is to be told. It does not change whether to notify.",
        prior=0.98,
        categories=NUCLEAR,
    ),
    _flag("voluntary", "Does the employer want to share the learning anyway?", "It adds code V."),
)

FACTS: dict[str, Fact] = {fact.name: fact for fact in _ALL}
# Without these an incident is a patient's, on equipment in use: the two defaults there are.
DEFAULTS: dict[str, frozenset[str]] = {
    "exposed_person": frozenset({"patient"}),
    "equipment_in_clinical_use": frozenset({YES}),
}
# The yes/no questions that one message asks together, with "none of these".
FLAGS = tuple(fact.name for fact in _ALL if fact.flag)
# Rarely pregnant or breast-feeding, so not offered: what the person is said to be settles these as "no".
NOT_FOR_MALE_OR_YOUNG_CHILD = ("unintended_foetal_exposure", "breastfed_infant_exposed")

MODALITIES = (
    "ct", "radiography", "fluoroscopy", "mammography", "dental", "dexa", "cbct", "linac", "brachytherapy", "planar",
    "spect_ct", "pet_ct", "other",
)  # fmt: skip
CAUSES = (
    "wrong patient referred", "wrong patient identified", "wrong examination", "wrong side", "wrong protocol",
    "wrong timing", "equipment fault", "software fault", "set-up", "planning", "administration", "other",
)  # fmt: skip
# They describe, and decide nothing.
DETAILS: dict[str, tuple[str, ...]] = {
    "modality": MODALITIES,
    "examination_intended": (),
    "examination_performed": (),
    "cause": CAUSES,
    "site": (),
    "equipment": (),
    "account": (),
}
