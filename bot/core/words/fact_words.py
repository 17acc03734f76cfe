"""Facts in a person's words: short names, values, and what is wrong with them."""

from __future__ import annotations

import re

from bot.core.words.phrases import iso_day, within
from rules.facts import FACTS, Kind
from rules.incident import Facts, InvalidFacts
from rules.spans import Span

# Those whose value is no word.
MODALITY_WORDS = {
    "ct": "CT", "dexa": "DXA", "cbct": "Cone-beam CT", "linac": "Linear accelerator",
    "planar": "Planar imaging", "spect_ct": "SPECT-CT", "pet_ct": "PET-CT",
}  # fmt: skip
_TITLES = {
    "breastfed_infant_exposed": "Breast-fed infant exposed",
    **dict.fromkeys(("age_years", "age_group"), "Age"),
    "discovered_on": "Discovered",
    "occurred_on": "Happened",
    "nm_therapy": "Therapy",
    "set_up_error": "Set-up error",
    "person": "Male, or a young child",
    "dose_estimated_how": "How it was estimated",
    "began_with": "It began with",
    "discovered_how": "How it was discovered",
    "csaue_asked_on": "CSAUE asked on",
    "csaue_asked_of": "CSAUE answered by",
    "csaue_why": "CSAUE reason",
    "lfpse_number": "LFPSE number",
    "person_told": "Person exposed told",
    "person_told_outcome": "Person exposed told the outcome",
    "referrer_told_outcome": "Referrer told the outcome",
    "practitioner_told_outcome": "Practitioner told the outcome",
    "ukhsa_code": "UKHSA code",
    **{
        f"{body}_told": f"{body.upper()} told"
        for body in ("hse", "hseni", "mhra", "hfs", "niaic", "arsac", "onr", "ukhsa", "icb")
    },
}


def title(name: str) -> str:
    """The short name of a fact or a detail in a list: `Total dose`."""
    return _TITLES.get(name) or name.replace("_", " ").capitalize()


def name_within(name: str) -> str:
    """The short name within a sentence: `total dose`, `MHRA told`."""
    return within(title(name))


_NAMES = re.compile(rf"\b({'|'.join(sorted(FACTS, key=len, reverse=True))})\b")


def in_words(invalid: InvalidFacts) -> str:
    """The errors as one line in the words of a person."""
    return with_titles("; ".join(dict.fromkeys(error.message for error in invalid.errors)))


def with_titles(line: str) -> str:
    """What the rules say of facts, in a person's words."""
    return _NAMES.sub(lambda m: title(m[0]).lower(), line).replace("_", " ")


# The answers to "was any exposure intended?" say nothing without their question.
_EXPOSURES = {
    "unintended": "unintended: one was intended, but not this one",
    "accidental": "accidental: none was intended",
    "near_miss": "near miss: nobody was exposed",
    "as_intended": "as intended: something else is in doubt",
}


def value_words(name: str, facts: Facts) -> str:
    """What is known of a fact: `10 to 12 mSv`, `No, none at all`, `Mon 2 November 2026`."""
    fact = FACTS.get(name)
    value = facts.stated.get(name)
    if value is None:
        return "not known"
    if fact is None:
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if fact.kind is Kind.DATE:
        return when_words(str(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(fact.label(one) for one in value) or "nobody"
    known = facts.known.get(name)
    if isinstance(known, Span):
        return known.words(fact.unit if fact.kind is Kind.QUANTITY or name == "age_years" else "")
    return _EXPOSURES.get(str(value)) or fact.label(str(value))


def when_words(value: str) -> str:
    """A day as a fact holds it, with the hour where one was given."""
    clock = value[11:16]
    return iso_day(value) + (f" at {clock}" if clock else "")
