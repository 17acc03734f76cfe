"""What kind of exposure it was: category, modality, and which examination was meant and which was made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.vocabulary import (
    ANY_THERAPY_NUCLIDE,
    HINT,
    LEANING,
    NM_THERAPY,
    NO_RADIATION,
    NOT_AN_EXPOSURE,
    NUCLEAR,
    SIRT,
    TERMS,
    TREATMENT,
    VERIFICATION,
    WORK_UP,
)  # fmt: skip

# What stands before an examination that was meant, and not (or not only) made.
_MEANT_BEFORE = re.compile(
    r"\b(?:instead of|rather than|in place of|booked(?: in)? for|referred for|due(?: for)?|(?:intended"
    r"|planned|requested|scheduled|listed|vetted"
    r"|justified|ordered|needed|required|wanted|meant|supposed|expected)(?: (?:for|to (?:have|be|get)))?"
    r"|should(?:'ve| have)(?: (?:had|been|got|received))?"
    r"|request(?: was)? for|referral for|for)\s+(?:an?\s+|the\s+|their\s+|his\s+|her\s+"
    r"|only\s+)?(?:\w+[ /-]){0,3}?$"
)
_MEANT_AFTER = re.compile(
    r"(?: scans?)?(?: of (?:the )?\w+(?: \w+)?)?\s+(?:(?:was|were|had been|is"
    r"|has been)\s+)?(?:\w+ly\s+)?(?:intended|planned|requested|booked|referred|scheduled|ordered"
    r"|justified|wanted|needed|meant|due|request(?!ed)|should have been)\b"
)
_MADE_AFTER = re.compile(r"[^.;]{0,40}?\b(?:done|performed|made|taken|given|carried out|acquired|scanned)\b")
_MADE_BEFORE = re.compile(
    r"\b(?:had|got|given|received|underwent|performed|did|done|made|took|scanned|have)\s+(?:an?\s+|the\s+"
    r"|two\s+|2\s+)?(?:\w+[ /-]){0,3}?$"
)
# The image on which an error showed, or an exposure of another day, is not the incident.
_SEEN_ON = re.compile(
    r"\b(?:(?:seen|found|noticed|spotted|picked up|detected|identified|visible|noted|discovered|apparent"
    r"|showed|confirmed|viewed|diagnosed)"
    r" (?:on|by|from|at|with)|(?:previous|prior|last|earlier|recent|next|subsequent|history of|staging)"
    r"|compared with|registered (?:to|with))"
    r"\s+(?:an?\s+|the\s+|his\s+|her\s+|\w+'s\s+)?(?:\w+\s+){0,2}?$"
)
_PAST = re.compile(
    r"[^.;]{0,25}?\b(?:last (?:year|month)|years? ago|months? ago|in (?:19|20)\d\d)\b(?! and again)"
)
# Of each kind; a text that names more of them is no account of an incident.
_AT_MOST = 40
_PART_OF_A_HYBRID = re.compile(r"\s+(?:part|component|element|portion)\b")
_VERIFYING = re.compile(
    r"\b(?:radio-?therapy|linac|fractions?|set-?up|gantry|isocentre|tattoos?|treatment|sabr|sbrt|preset"
    r"|la ?\d|imrt|vmat|igrt|mlc|xvi|obi|prostate bed|over the course|courses?)\b|#\s?\d"
)


@dataclass(frozen=True)
class Mention:
    category: str
    modality: str
    weight: int
    start: int
    end: int
    meant: bool
    made: bool
    aside: bool


def mentions(page: Page) -> list[Mention]:
    """Every examination or treatment that the text names, each word used once."""
    left, found = page.low, []
    for term in TERMS:
        for match in islice(term.words.finditer(left), _AT_MOST):
            start, end = match.span()
            if NOT_AN_EXPOSURE.match(page.low, end):
                continue
            before = page.low[max(0, start - 70) : start]
            meant = bool(_MEANT_BEFORE.search(before) or _MEANT_AFTER.match(page.low, end))
            made = bool(_MADE_BEFORE.search(before)) or (not meant and bool(_MADE_AFTER.match(page.low, end)))
            aside = bool(_SEEN_ON.search(before) or _PAST.match(page.low, end)) or (
                term.category != TREATMENT and page.denied(start, end, 12) is True
            )
            found.append(Mention(term.category, term.modality, term.weight, start, end, meant, made, aside))
            left = f"{left[:start]}{' ' * (end - start)}{left[end:]}"
    return sorted(found, key=lambda mention: mention.start)


def examinations(page: Page, named: list[Mention]) -> Iterator[Finding]:
    exposing = [m for m in named if m.category != NO_RADIATION and not m.aside]
    yield from _category(page, exposing, named)
    sirt = SIRT.search(page.low)
    if sirt or any(m.category == NM_THERAPY and m.weight > HINT for m in exposing):
        where = sirt or next(m for m in exposing if m.category == NM_THERAPY)
        span = where.span() if isinstance(where, re.Match) else (where.start, where.end)
        unclear = "which therapy was it?" if not sirt and ANY_THERAPY_NUCLIDE.search(page.low) else ""
        work_up = "was it the therapy, or its work-up?" if sirt and WORK_UP.search(page.low) else ""
        yield Finding("nm_therapy", "sirt" if sirt else "other", *span, unclear or work_up)


def _category(page: Page, exposing: list[Mention], named: list[Mention]) -> Iterator[Finding]:
    if not exposing:
        hidden = [m for m in named if m.category != NO_RADIATION and m.weight > HINT]
        yield from (
            Finding("category", m.category, m.start, m.end, "was that the exposure in question?")
            for m in hidden
        )
        return
    top = max(m.weight for m in exposing)
    heard = _generalities_aside([m for m in exposing if m.weight == top], page)
    made = [m for m in heard if not m.meant or m.made] or heard
    categories = {m.category for m in made}
    doubt = ""
    if top == HINT and not _treated(page, heard):
        doubt = "what kind of exposure was it?"
    elif len({m.category for m in heard}) > 1:
        doubt = "more than one kind of exposure is named: which was given?"
    elif top == LEANING and categories == {VERIFICATION} and not _VERIFYING.search(page.low):
        doubt = "was it a verification image?"
    elif any(m.category == NO_RADIATION and (m.made or not m.meant) for m in named) and all(
        m.meant and not m.made for m in heard
    ):
        doubt = "was there an exposure to ionising radiation?"
    yield from (
        Finding("category", m.category, m.start, m.end, doubt)
        for m in [*made, *(m for m in heard if m not in made)]
    )


def _treated(page: Page, heard: list[Mention]) -> bool:
    """One word of radiotherapy is a hint; two, and none of imaging, tell of a treatment."""
    words = {re.sub(r"[\d. ]|s$", "", page.low[m.start : m.end]) for m in heard if m.category == TREATMENT}
    return len(words) > 1 and len({m.category for m in heard}) == 1 and not page.has(_IMAGING)


_IMAGING = re.compile(
    r"\b(?:imag\w+|scan\w*|films?|planning|kv|mv|x-?ray\w*|cbcts?|set-?up|port(?:al)?"
    r"|epid)\b"
)


def _generalities_aside(heard: list[Mention], page: Page) -> list[Mention]:
    """Without what only describes the rest: the CT of a work-up, a treatment's images, a pharmaceutical of
    a therapy."""
    if any(m.modality in ("spect_ct", "pet_ct") for m in heard):
        heard = [m for m in heard if m.modality != "ct" or not _PART_OF_A_HYBRID.match(page.low, m.end)]
    if any(m.category == "interventional" for m in heard):
        heard = [m for m in heard if m.category != "diagnostic" or m.modality != "fluoroscopy"]
    categories = {m.category for m in heard}
    if categories == {NM_THERAPY, NUCLEAR} and not WORK_UP.search(page.low):
        scans = re.search(r"\b(?:scan|imaging|camera|pet|spect)\b", page.low)
        return heard if scans else [m for m in heard if m.category == NM_THERAPY]
    if categories == {VERIFICATION, TREATMENT} and re.search(r"\bimages?\b|\bimaging\b|cbct", page.low):
        missed = re.search(r"geographic|ptv|target|\bplan\b|\bgy\b", page.low)
        return heard if missed else [m for m in heard if m.category == VERIFICATION]
    return heard
