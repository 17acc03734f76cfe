"""Details that the papers and the nation's tables want, and that decide nothing: asked for once a paper is
wanted, a short form at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.check.detail_field import NOT_KNOWN, Field

BEGAN_WITH = ("employer", "referrer", "practitioner", "operator", "equipment", NOT_KNOWN)
DISCOVERERS = (
    "operator", "practitioner", "referrer", "medical physics expert", "other staff", "patient or carer",
    "audit or quality check", "other",
)  # fmt: skip
# Of a patient safety incident's work system (SEIPS).
FACTORS = (
    "task", "tools and technology", "people", "organisation", "internal environment", "external environment",
)  # fmt: skip
# Who may have to be told beside the authority: the field, and what a verdict calls them.
BODIES: Mapping[str, str] = {
    "hse_told": "HSE", "hseni_told": "HSENI", "mhra_told": "MHRA", "hfs_told": "HFS", "niaic_told": "NIAIC",
    "arsac_told": "ARSAC", "onr_told": "ONR", "ukhsa_told": "UKHSA", "icb_told": "ICB",
    "manufacturer_told": "manufacturer",
}  # fmt: skip
_USUAL = ("hse_told", "mhra_told", "ukhsa_told", "icb_told")
_BODY_NAMES = {
    "HSE": "the Health and Safety Executive", "HSENI": "the Health and Safety Executive, Northern Ireland",
    "MHRA": "the medicines and devices regulator (MHRA)", "HFS": "Health Facilities Scotland (IRIC)",
    "NIAIC": "the Northern Ireland Adverse Incident Centre", "ARSAC": "the ARSAC Support Unit",
    "ONR": "the Office for Nuclear Regulation", "UKHSA": "the UK Health Security Agency",
    "ICB": "the integrated care board or commissioner", "manufacturer": "the manufacturer",
}  # fmt: skip
# Code words with strokes between: trigger, level, kind, modalities, pathway and factors.
UKHSA_CODE = r"(?:PRIA\d\d(?:/[A-Z]*\d*(?:\.\d+[a-z]?)?[a-z]?)+|TSRT\d+(?:\s?/\s?[A-Z0-9][A-Z0-9. ]*)+)"
_LEAD = "whoever leads the investigation"
_GOVERNANCE = "the governance lead"
_DAY_OR_WHY = "The day; or: not needed, because and the reason"


def _significant(known: Mapping[str, Any]) -> bool:
    return known.get("clinically_significant") is True


def _equipment(known: Mapping[str, Any]) -> bool:
    return known.get("equipment_fault") in (True, "yes") or known.get("began_with") == "equipment"


def _england(known: Mapping[str, Any]) -> bool:
    return known.get("nation") == "england"


def _no_factors(known: Mapping[str, Any]) -> bool:
    return not known.get("contributory_factors")


def _never(_: Mapping[str, Any]) -> bool:
    return False


def _named(body: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda known: body in known.get(ALSO_TELL, ())


# Under which name what a verdict says of others to be told is among what is known.
ALSO_TELL = "also_tell"


def _done(name: str, ask: str, where: Callable[[Mapping[str, Any]], bool], knows: str) -> Field:
    return Field(name, ask, _DAY_OR_WHY, takes="done", where=where, knows=knows)


def _tellings(who: str, words: str) -> tuple[Field, Field]:
    return (
        _done(f"{who}_told", f"When was {words} told of the exposure?", _significant, "the practitioner"),
        _done(f"{who}_told_outcome", f"When was {words} told what was found?", _significant, _GOVERNANCE),
    )


_PERSON = "the person exposed, or their representative,"
FURTHER = (
    Field("discovered_how", "How was it discovered?", "For example: on checking the images",
          knows="whoever discovered it"),
    Field("discovered_by", "Who discovered it, by role?", choices=DISCOVERERS, knows="whoever discovered it"),
    Field("began_with", "With whom or what did it begin?", choices=BEGAN_WITH, knows=_LEAD),
    Field("equipment_make", "Who makes the equipment?", where=_equipment, knows="the department"),
    Field("equipment_model", "Which model is it?", where=_equipment, knows="the department"),
    Field("equipment_software", "Which software version?", where=_equipment, knows="the department"),
    Field("equipment_withdrawn", "Was it withdrawn from use?", choices=("yes", "no"), where=_equipment,
          knows="the department"),
    Field("dose_estimated_on", "When was the dose estimated?", "For example: 2026-11-30", takes="day",
          doses_only=True, knows="the medical physics expert"),
    Field("dose_estimate", "Is the estimate provisional or final?", choices=("provisional", "final"),
          doses_only=True, knows="the medical physics expert"),
    Field("root_cause", "What was the root cause, the main one?", lines=True, knows=_LEAD),
    Field("contributory_factors", "Which factors contributed?", choices=FACTORS, many=True, knows=_LEAD),
    Field("contributory_causes", "What else contributed, in words?", lines=True, where=_no_factors,
          knows=_LEAD),
    Field("similar_incidents", "Which incidents were similar, and what was found of them?",
          "What the register finds alike stands on the case", lines=True, knows=_LEAD),
    Field("learning_shared", "How was the learning shared, with whom and when?", lines=True,
          knows=_GOVERNANCE),
    Field("csaue_asked_on", "When was it asked whether it is clinically significant?",
          "By the employer's own procedure", takes="day", knows="the practitioner"),
    Field("csaue_asked_of", "Who answered that, by role?", "A role, such as practitioner and MPE",
          knows="the practitioner"),
    Field("csaue_why", "Why is it clinically significant, or why not?", lines=True,
          knows="the practitioner"),
    *_tellings("referrer", "the referrer"),
    *_tellings("practitioner", "the practitioner"),
    *_tellings("person", _PERSON),
    Field("candour", "When was the duty of candour met?", _DAY_OR_WHY, takes="done", knows=_GOVERNANCE),
    *(
        Field(name, f"When was {_BODY_NAMES[body]} told?", "The day, and its reference",
              takes="done", reference=True, rare=name not in _USUAL, where=_named(body), knows=_GOVERNANCE)
        for name, body in BODIES.items()
    ),
    Field("others_told", "Who else was told, when, and with which reference?", lines=True, where=_never,
          knows=_GOVERNANCE),
    Field("lfpse_number", "The LFPSE number?", "Learn from patient safety events, England", where=_england,
          knows=_GOVERNANCE),
    Field("ukhsa_code", "The UKHSA code?", "For example: PRIA24/L1/E1/MG/P7/3.2b/CF1b", shape=UKHSA_CODE,
          wanted="a UKHSA code begins with PRIA and two figures, or TSRT and a figure, and goes on with "
                 "strokes: PRIA24/L1/E1/MG/P7/3.2b/CF1b or TSRT9/Level 3/13i/CF1c", where=_never,
          knows=_LEAD),
)  # fmt: skip
_BY_NAME: Mapping[str, Field] = {field.name: field for field in FURTHER}


@dataclass(frozen=True)
class Section:
    """One short form. `name` is typed; `fields` may be those of every record as well. `facts` are shown with
    them, and not asked: a verdict hangs on them. `needs` is one of these that has to be known."""

    name: str
    title: str
    fields: tuple[str, ...]
    facts: tuple[str, ...] = ()
    needs: str = ""


SECTIONS: Mapping[str, Section] = {
    one.name: one
    for one in (
        Section("discovery", "How it was found", ("discovered_how", "discovered_by", "began_with")),
        Section("machine", "The equipment",
                ("equipment_make", "equipment_model", "equipment_software", "equipment_withdrawn"),
                ("equipment_fault",)),
        Section("estimate", "The dose estimate",
                ("dose_estimated_by", "dose_estimated_how", "dose_estimated_on", "dose_estimate"),
                ("total_dose", "intended_dose", "dose_ratio", "foetal_dose", "infant_dose")),
        Section("causes", "Causes and learning",
                ("root_cause", "contributory_factors", "contributory_causes", "similar_incidents",
                 "learning_shared")),
        Section("significance", "Clinical significance", ("csaue_asked_on", "csaue_asked_of", "csaue_why"),
                ("clinically_significant",), "clinically_significant"),
        Section("tellings", "Who was told",
                ("referrer_told", "practitioner_told", "person_told", "referrer_told_outcome",
                 "practitioner_told_outcome", "person_told_outcome", "candour")),
        Section("bodies", "Other bodies told", (*BODIES, "others_told")),
        Section("numbers", "Numbers and codes", ("local_incident_number", "lfpse_number", "ukhsa_code")),
    )
}  # fmt: skip
