"""Typing errors: words close to one of the field, offered as suggestions and never taken as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.core.reader.findings import Finding, Findings, Value
from bot.core.reader.page import Page

# Word or words, the fact they would give, its value where there is one, how the suggestion is asked.
_TERMS: dict[str, tuple[str, Value | None]] = {
    "radiopharmaceutical": ("wrong_radiopharmaceutical", True),
    "laterality": ("exposure", "unintended"),
    "pregnant": ("unintended_foetal_exposure", True),
    "pregnancy": ("unintended_foetal_exposure", True),
    "foetal": ("unintended_foetal_exposure", True),
    "breastfeeding": ("breastfed_infant_exposed", True),
    "mammogram": ("category", "diagnostic"),
    "mammography": ("category", "diagnostic"),
    "radiograph": ("category", "diagnostic"),
    "fluoroscopy": ("category", "diagnostic"),
    "tomography": ("category", "diagnostic"),
    "barium": ("category", "diagnostic"),
    "angiogram": ("category", "interventional"),
    "angioplasty": ("category", "interventional"),
    "interventional": ("category", "interventional"),
    "embolisation": ("category", "interventional"),
    "nuclear medicine": ("category", "nuclear_medicine"),
    "scintigraphy": ("category", "nuclear_medicine"),
    "radioiodine": ("category", "nuclear_medicine_therapy"),
    "planning scan": ("category", "radiotherapy_planning"),
    "verification": ("category", "radiotherapy_verification"),
    "radiotherapy": ("category", "radiotherapy_treatment"),
    "brachytherapy": ("category", "radiotherapy_treatment"),
    "geographical miss": ("geographical_miss", None),
    "yesterday": ("occurred_on", None),
    "scotland": ("nation", "scotland"),
    "england": ("nation", "england"),
    "northern ireland": ("nation", "northern_ireland"),
    "erythema": ("deterministic_effect", None),
    "epilation": ("deterministic_effect", "observable"),
    "malfunction": ("equipment_fault", True),
    "equipment fault": ("equipment_fault", True),
    "scanner fault": ("equipment_fault", True),
    "unit fault": ("equipment_fault", True),
    "clinically significant": ("clinically_significant", True),
    "elderly": ("age_group", "adult"),
    "paediatric": ("age_group", "child"),
    "accidental": ("exposure", "accidental"),
    "unintended": ("exposure", "unintended"),
    "wrong patient": ("exposure", None),
    "instead of": ("exposure", "unintended"),
    "scanned twice": ("dose_ratio", "2"),
    "received twice": ("dose_ratio", "2"),
}
_SINGLE = [term for term in _TERMS if " " not in term]
_DOUBLE = [term for term in _TERMS if " " in term]
_WORD = re.compile(r"[a-z][a-z'-]{3,24}")
# Real words that are a letter or two from a term.
_FINE = frozenset(
    "radiographs radiographer radiographers radiographic mammograms mammographic angiograms angiographic "
    "radiology radiologist radiotherapist tomographic accident accidentally verified verify planning "
    "intervention interventions pregnancies pregnant's unintentional unintentionally unattended intended "
    "incidental".split()
)
_CUTOFF = 84
_AT_MOST = 120


def suggestions(page: Page, found: Findings) -> Iterator[Finding]:
    """For facts of which the text says nothing readable; each names the word that may have been meant."""
    words = [m for m in _WORD.finditer(page.rest) if not _known(m[0])][:_AT_MOST]
    if not words:
        return
    # A quarter of a hundredth of a second to import, and most messages are spelt well enough.
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    given: set[str] = set()
    pairs = [(page.rest[a.start() : b.end()], a.start(), b.end()) for a, b in _neighbours(page)]
    singles = [(match[0], *match.span()) for match in words]
    for candidates, terms in ((singles, _SINGLE), (pairs[:_AT_MOST], _DOUBLE)):
        for text, start, end in candidates:
            hit = process.extractOne(text, terms, scorer=fuzz.ratio, score_cutoff=_CUTOFF)
            if hit is None or hit[0] == text or OSA.distance(hit[0], text) > 3:
                continue
            fact, value = _TERMS[hit[0]]
            if fact in given or (found.says(fact) and fact != "exposure"):
                continue
            given.add(fact)
            # Of an exposure it is no question for yes or no: they answer another one there.
            doubt = "perhaps “{}” was meant: which was it?" if fact == "exposure" else "did you mean “{}”?"
            yield Finding(fact, value, start, end, doubt.format(hit[0]))


def _known(word: str) -> bool:
    return (
        word in _TERMS
        or word in _FINE
        or word.removesuffix("s") in _TERMS
        or word.removesuffix("'s") in _TERMS
    )


def _neighbours(page: Page) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    words = list(_WORD.finditer(page.rest))[: 2 * _AT_MOST]
    for one, other in pairwise(words):
        if page.rest[one.end() : other.start()] == " ":
            yield one, other
