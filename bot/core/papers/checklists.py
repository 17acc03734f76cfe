"""The duty of candour and the procedure for clinically significant exposures, point by point."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.paper import PaperLine, PaperPart
from bot.core.papers.dossier import Dossier, part

CANDOUR, CSAUE = "Duty of candour", "Clinically significant exposure"
WHO_TOLD = "whoever applies the duty of candour"
WHO_CSAUE = "whoever applies the employer's procedure"
PEOPLE = (("referrer", "The referrer"), ("practitioner", "The practitioner"),
          ("person", "The person exposed or their representative"))  # fmt: skip
TELLINGS = (("", "of the exposure"), ("_outcome", "of the outcome of the analysis"))
CANDOUR_NOTE = (
    "The points of regulation 20 in England (SI 2014/2936), as a page of May 2026 quoted it; Wales, Scotland "
    "and Northern Ireland have rules of their own. Noted here is that it was done and when, or why it was "
    "not needed. The letter names people, so it is kept elsewhere."
)
_POINTS = (
    "Told in person by somebody for the employer, as soon as reasonably practicable",
    "A true account of all that is known so far",
    "What further enquiries are meant",
    "An apology",
    "A written record of it, kept securely",
    "A letter after it, with the same account, what the enquiries found, and an apology",
    "Support offered",
    "Where the person could not be reached: what was tried",
)
CSAUE_NOTE = (
    "Regulation 8(1): the employer's procedure has the referrer, the practitioner and the person exposed, or "
    "their representative, told of the exposure and of the outcome of its analysis. What is clinically "
    "significant is for the employer's own procedure to say."
)
SIGNIFICANT = "clinically_significant"
NOT_NEEDED = PaperLine("Not needed", "It is not clinically significant by the employer's procedure.")
TICK = "☐"


def candour_told(known: Dossier) -> Iterator[PaperLine]:
    yield known.detail("candour", "Duty of candour", WHO_TOLD)


def csaue_told(known: Dossier) -> Iterator[PaperLine]:
    """Of an exposure that is not clinically significant nobody has to be told; that it was asked stands, and
    who was told all the same."""
    yield from _asked(known)
    yield from _tellings(known, done_alone=not known.is_true(SIGNIFICANT))


def _asked(known: Dossier) -> Iterator[PaperLine]:
    yield known.fact(SIGNIFICANT, "Clinically significant, by the employer's procedure")
    yield known.detail("csaue_asked_on", "When that was asked", WHO_CSAUE)
    yield known.detail("csaue_asked_of", "Who answered it (role)", WHO_CSAUE)
    yield known.detail("csaue_why", "Why that is the answer", WHO_CSAUE)


def _tellings(known: Dossier, *, done_alone: bool = False) -> Iterator[PaperLine]:
    for person, who in PEOPLE:
        for telling, what in TELLINGS:
            name = f"{person}_told{telling}"
            if known.value_of(name) or not done_alone:
                yield known.detail(name, f"{who} told {what}", WHO_CSAUE)


def candour(known: Dossier) -> tuple[PaperPart, ...]:
    points = [PaperLine(text, TICK) for text in _POINTS]
    return (
        part("How it stands", tuple(candour_told(known))),
        part("To tick by hand", points, note=CANDOUR_NOTE),
    )


def csaue(known: Dossier) -> tuple[PaperPart, ...]:
    needless = known.is_false(SIGNIFICANT)
    told = (*((NOT_NEEDED,) if needless else ()), *_tellings(known, done_alone=needless))
    asked = part("Is it clinically significant?", tuple(_asked(known)), note=CSAUE_NOTE)
    return asked, part("Who is told", told)
