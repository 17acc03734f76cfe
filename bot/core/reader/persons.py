"""Whether it was a patient at all who was exposed: a carer, a research participant, staff, or the public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page

_UNDERGONE = (
    r"(?:was|were|being|been|got|is|had|has)(?:\s+\w+){0,3}?\s+(?:exposed|irradiated|x-?rayed|imaged"
    r"|scanned|dose|overexposed)|received|(?:got|had|given) (?:an? )?(?:dose|about|approx\w*|~|(?=\d))"
)
_HOLDING = r"(?:who was |was |were |had been )?(?:holding|held|comforting|supporting)"
_WORDS = (
    (
        "carer_or_comforter",
        "a carer or comforter",
        r"carers?|comforters?|carers? (?:and|or) comforters?"
        rf"|(?:mother|father|mum|dad|parent|husband|wife|partner|relative|grand\w+)(?= {_HOLDING})",
    ),
    (
        "research_participant",
        "a research participant",
        r"research (?:participant|subject|patient|volunteer)s?"
        r"|(?:trial|study) (?:participant|subject|patient|volunteer)s?"
        r"|(?:volunteer|participant|subject)s? in (?:an?|the) (?:[\w-]+ )?(?:research|trial|study)"
        r"(?: trial| study)?",
    ),
    (
        "member_of_public",
        "a member of the public",
        r"members? of (?:the )?public|public members?|visitors?|passers?-?by"
        r"|public(?= (?:was |were |has been |have been )?(?:exposed|irradiated))",
    ),
    (
        "worker",
        "a member of staff",
        r"members? of staff|staff members?|workers?|radiographers?|porters?|nurses?|engineers?|cleaners?"
        r"|radiologists?|anaesthetists?|theatre staff|operators?|physicists?|cardiologists?|surgeons?"
        r"|technicians?|technologists?|employees?",
    ),
)


class _Person(NamedTuple):
    value: str
    who: str
    exposed: re.Pattern[str]
    named: re.Pattern[str]


def _person(value: str, who: str, words: str) -> _Person:
    also = r"|had|got|given|underwent" if value == "research_participant" else ""
    exposed = (
        rf"\b(?:{words})\b[^.;]{{0,40}}?\b(?:(?:{_UNDERGONE}{also})\b|(?:got|had|given) (?=~?\d))"
        rf"|\b(?:{words}) (?:accidentally |inadvertently |unintentionally )?(?:exposed|irradiated)\b"
        rf"|\b(?:exposed|irradiated|exposure of|exposure to|dose to)\s+(?:an?|the|one)?\s*(?:{words})\b"
    )
    return _Person(value, who, re.compile(exposed), re.compile(rf"\b(?:{words})\b"))


_PERSONS = tuple(_person(*row) for row in _WORDS)
_THERE = re.compile(
    r"\b(?:in|inside|into|entered|re-?entered|behind|through) (?:the |an? )?(?:\w+[ -]){0,2}?(?:room|scanner"
    r"|bunker|theatre|maze|beam|controlled area|lab|door|screen)\b"
    r"|\b(?:was|were|been|being|got) (?:\w+ )?(?:exposed|irradiated)"
    r"|\bcontaminat\w+|\b(?:tld|film badge|dosemeter|dosimeter)s?\b"
    r"|\b(?:walked|came|wandered|stepped) (?:back )?in\b"
    r"|\b(?:holding|held|supporting|restraining|comforting|immobilising)\b"
)
_PATIENT_TOO = re.compile(r"(?<!\bno )\b(?:patients?|pts?|child|baby)\b")


def names_carer(page: Page) -> bool:
    return page.has(_PERSONS[0].named)


def persons(page: Page) -> Iterator[Finding]:
    for person in _PERSONS:
        match = person.exposed.search(page.low)
        ask = f"was {person.who} exposed, or a patient?"
        if match:
            start, end = match.span()
            settled = person.value != "worker" and page.denied(start, end) is False
            yield Finding(
                "exposed_person", person.value, start, end, page.doubt(start, end) or ("" if settled else ask)
            )
            continue
        match = _present(page, person)
        if match and not (person.value == "worker" and page.has(_PATIENT_TOO)):
            yield Finding("exposed_person", person.value, *match.span(), ask)


def _present(page: Page, person: _Person) -> re.Match[str] | None:
    """Where the person is named, and was there; a research participant need only be named."""
    return next(
        (
            match
            for match in person.named.finditer(page.low)
            if person.value == "research_participant"
            or _THERE.search(page.low[slice(*page.sentence(match.start()))])
        ),
        None,
    )
