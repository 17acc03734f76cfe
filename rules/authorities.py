"""Who is told, by nation and reason.

Contacts age faster than rules: each has the date and source it was taken from. Change them here and nowhere
else. An answer prints the date beside the contact, and never as certain.
"""

from __future__ import annotations

from dataclasses import dataclass

GUIDANCE = "the guidance of 19 April 2023"
# What has changed after that page was printed, as departments that notify have met with it. No page of the
# authority's own is quoted for it: that is what to check.
SINCE = "practice since the guidance was printed"


@dataclass(frozen=True)
class Body:
    """A body to tell, how, and where and when that was last seen to be so."""

    name: str
    how: str
    as_of: str
    source: str = GUIDANCE


AUTHORITIES = {
    "england": Body(
        "Care Quality Commission",
        "Its online notification form, on the provider portal since the guidance was printed. A breach of "
        "licensing has a form of its own. Check the address on the Commission's own pages.",
        "2026-11",
        SINCE,
    ),
    "wales": Body(
        "Healthcare Inspectorate Wales",
        "Its notification form, to download from its own pages. The e-mail address printed in the guidance "
        "is on a retired domain: do not rely on it.",
        "2026-11",
        SINCE,
    ),
    "scotland": Body(
        "Healthcare Improvement Scotland",
        "Its online portal, since October 2022. It needs an account that has to be asked for: ask on the "
        "first day.",
        "2026-11",
        SINCE,
    ),
    "northern_ireland": Body(
        "Regulation and Quality Improvement Authority",
        "The guidance prints no address: take it from the Authority's own pages.",
        "2023-04-19",
    ),
}

MHRA = Body("MHRA", "Medicines and Healthcare products Regulatory Agency", "2023-04-19")
HFS = Body("HFS", "Health Facilities Scotland, IRIC; it tells the MHRA itself", "2026-11", SINCE)
NIAIC = Body("NIAIC", "Northern Ireland Adverse Incident Centre", "2023-04-19")
ARSAC = Body("ARSAC", "ARSAC Support Unit", "2023-04-19")
HSE = Body("HSE", "Health and Safety Executive", "2023-04-19")
HSENI = Body("HSENI", "Health and Safety Executive for Northern Ireland", "2023-04-19")

DEVICES = {"england": MHRA, "wales": MHRA, "scotland": HFS, "northern_ireland": NIAIC}
SAFETY = {"england": HSE, "wales": HSE, "scotland": HSE, "northern_ireland": HSENI}

NATION_NAMES = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}
