"""Who is told, how and where, by nation and reason: the contacts, and the one place to change them.

Contacts age faster than rules. Each has its source and the source's own date; a page that bears none is
undated, whenever somebody looked at it. An answer prints all of it, and says to check it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

GUIDANCE = "the guidance of 19 April 2023"
PRINTED = "2023-04-19"
UNDATED = "undated"


@dataclass(frozen=True)
class Body:
    """A body to tell. `as_of` is the source's own date (ISO), or words where it has none."""

    name: str
    how: str
    address: str = ""  # a page or an e-mail address
    source: str = GUIDANCE
    as_of: str = PRINTED

    @property
    def how_and_where(self) -> str:
        return f"{self.how}, {self.address}" if self.address else self.how


AUTHORITIES = {
    "england": Body(
        "Care Quality Commission",
        "Use its notification form. A breach of licensing has a form of its own. Questions go to "
        "IRMER@cqc.org.uk, the e-mail address in the guidance of 19 April 2023.",
        "https://portal.cqc.org.uk/irmer-saue",
        "the form's own first screen",
        UNDATED,
    ),
    "wales": Body(
        "Healthcare Inspectorate Wales",
        "Download its notification form from its page, which lists the ways to submit it; the final report "
        "goes the same way. The address printed in the guidance is on a retired domain: do not use it.",
        "https://hiw.org.uk/notifying-irmer-incidents",
        "that page",
        UNDATED,
    ),
    "scotland": Body(
        "Healthcare Improvement Scotland",
        "Use its online portal, linked from its page “Report accidental or unintended exposures to ionising "
        "radiation”. A new user has to ask for access, at hcis.irmer@nhs.scot, with name, job title, "
        "organisation and e-mail address: ask on the first day. The address printed in the guidance is old.",
        "https://www.healthcareimprovementscotland.scot",
        "that page",
        "undated, after October 2022",
    ),
    "northern_ireland": Body(
        "Regulation and Quality Improvement Authority",
        "No form and no address was found, and the guidance prints none: take it from the Authority's own "
        "pages.",
    ),
}

MHRA = Body("MHRA", "Medicines and Healthcare products Regulatory Agency")
HFS = Body(
    "HFS",
    "Health Facilities Scotland, IRIC; it tells the MHRA itself",
    "nss.iric@nhs.scot",
    "the authority's list of bodies",
    "2024-08-28",
)
NIAIC = Body("NIAIC", "Northern Ireland Adverse Incident Centre")
ARSAC = Body("ARSAC", "ARSAC Support Unit")
HSE = Body("HSE", "Health and Safety Executive")
HSENI = Body("HSENI", "Health and Safety Executive for Northern Ireland")

DEVICES = {"england": MHRA, "wales": MHRA, "scotland": HFS, "northern_ireland": NIAIC}
SAFETY = {"england": HSE, "wales": HSE, "scotland": HSE, "northern_ireland": HSENI}

NATION_NAMES = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}


def contact_of(name: str) -> Body | None:
    """The contact of an authority as it is known now, where a verdict was kept with an older one."""
    return next((body for body in AUTHORITIES.values() if body.name == name), None)


def dated(as_of: str) -> str:
    """The date of a source in words: `19 April 2023`, or what stands in its place."""
    for text, with_day in ((as_of, True), (f"{as_of}-01", False)):
        with suppress(ValueError):
            day = date.fromisoformat(text)
            return f"{day.day} {day:%B %Y}" if with_day else f"{day:%B %Y}"
    return as_of or UNDATED
