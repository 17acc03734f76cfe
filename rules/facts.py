"""The facts of an incident, in the order in which a form shows them, and the details that decide nothing.

Names and values are fixed: forms, the free-text reader, the command line, the store and exports all use them.
Every fact is optional; one that is absent is unknown, and unknown is never taken for "no".
"""

from rules.fact_model import (
    CATEGORIES,
    IMAGING,
    NATIONS,
    NO,
    NUCLEAR,
    POSITIVE,
    THERAPY,
    YES,
    Answer,
    Fact,
    Kind,
    Known,
    count,
    flag,
)
from rules.facts_of_category import OF_CATEGORY
from rules.facts_of_incident import OF_INCIDENT

__all__ = [
    "CATEGORIES",
    "CAUSES",
    "DEFAULTS",
    "DETAILS",
    "DETAIL_WORDS",
    "FACTS",
    "FLAGS",
    "IMAGING",
    "IN_DOUBT",
    "MODALITIES",
    "NATIONS",
    "NO",
    "NOT_AS_INTENDED_CAUSES",
    "NOT_FOR_MALE_OR_YOUNG_CHILD",
    "NUCLEAR",
    "POSITIVE",
    "THERAPY",
    "YES",
    "Answer",
    "Fact",
    "Kind",
    "Known",
]

_TO_CLOSE = (
    count(
        "individuals_exposed",
        "How many people were exposed in error, in this incident or in others of the same theme?",
        "More than one is notifiable whatever the doses. A foetus or a breast-fed infant is not counted.",
        lowest=1,
        usual=(1, 3),
        flag="More than one person was exposed, or it belongs to a theme",
        example="1",
    ),
    flag(
        "clinically_significant",
        "Is it clinically significant by your employer's own procedure?",
        "A clinically significant exposure is notifiable whatever the dose, and the duty of candour applies.",
        flag="It is clinically significant by the employer's own procedure",
    ),
    flag(
        "equipment_fault",
        "Was an equipment fault the direct cause? Software counts as equipment.",
        "It adds code E, and the device regulator wants to know.",
    ),
    flag(
        "licence_held",
        "Did the employer and the practitioner hold the licence for this administration?",
        "Without one, the ARSAC Support Unit is to be told. It does not change whether to notify.",
        prior=0.98,
    ),
    flag("voluntary", "Does the employer want to share the learning anyway?", "It adds code V."),
)
_ALL = (*OF_INCIDENT, *OF_CATEGORY, *_TO_CLOSE)

FACTS: dict[str, Fact] = {fact.name: fact for fact in _ALL}
# Without these an incident is a patient's, on equipment in use: the two defaults there are.
DEFAULTS: dict[str, frozenset[str]] = {
    "exposed_person": frozenset({"patient"}),
    "equipment_in_clinical_use": frozenset({YES}),
}
# The yes/no questions that one message asks together, with "none of these".
FLAGS = tuple(fact.name for fact in _ALL if fact.flag)
# What can be in doubt of an exposure that was given as intended, asked together (reading R22).
IN_DOUBT = tuple(fact.name for fact in _ALL if fact.in_doubt)
# Rarely pregnant or breast-feeding, so not offered: what the person is said to be settles these as "no".
NOT_FOR_MALE_OR_YOUNG_CHILD = ("unintended_foetal_exposure", "breastfed_infant_exposed")

MODALITIES = (
    "ct", "radiography", "fluoroscopy", "mammography", "dental", "dexa", "cbct", "linac", "brachytherapy",
    "planar", "spect_ct", "pet_ct", "other",
)  # fmt: skip
# An exposure with one of these causes was not the one that was meant, or not of the person it was meant for.
NOT_AS_INTENDED_CAUSES = frozenset(
    {"wrong patient referred", "wrong patient identified", "wrong examination", "wrong side",
     "wrong protocol", "wrong timing", "set-up"}
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
DETAIL_WORDS = {
    "modality": "Which modality was it?",
    "examination_intended": "Which examination was intended?",
    "examination_performed": "Which examination was performed?",
    "cause": "What was the cause, as far as is known? One, or a list.",
    "site": "Which site or department?",
    "equipment": "Which equipment?",
    "account": "What happened, in words, without names, numbers or dates of birth of anybody?",
}
