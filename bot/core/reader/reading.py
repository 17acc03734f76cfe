"""Reads one message: masks it, gathers what its parts find, and settles what agrees."""

from __future__ import annotations

import re
from datetime import datetime

from bot.core.reader.counts import counts
from bot.core.reader.details import causes, details
from bot.core.reader.doses import activities, effective_doses, foetal_doses, quantities
from bot.core.reader.examinations import examinations, mentions
from bot.core.reader.exposures import exposures
from bot.core.reader.findings import Findings, Reading, nothing, reading
from bot.core.reader.flags import flags
from bot.core.reader.incident import tells_of_incident
from bot.core.reader.margins import margins
from bot.core.reader.measured import measured
from bot.core.reader.page import READ_AT_MOST, READ_OF_THE_END, Page
from bot.core.reader.people import people, sex
from bot.core.reader.places import places
from bot.core.reader.pregnancy import breast_feeding, pregnancy
from bot.core.reader.ratios import ratios
from bot.core.reader.settling import offer, settle
from bot.core.reader.spelling import suggestions
from bot.core.reader.unused import unused
from bot.core.reader.when import when
from rules.deadlines import UK
from storage.identifiers import mask, warnings

# Numbers that are none of a dose, an age or a date: references, telephone numbers, addresses.
_OTHER_NUMBERS = re.compile(
    r"\b(?:https?://|www\.)\S{1,200}|\S{1,60}@\S{1,60}|\b20\d\d-\d{4}\b|(?<![\w.-])(?!\d\d-\d\d-\d\d)(?:\+44"
    r"|0)\d[\d -]{7,12}\d\b|(?<![\d.,])\d{6,}(?![\d.])"
)
_CUT_SHORT = f"Only the first {READ_AT_MOST} and the last {READ_OF_THE_END} characters were read."


def read(text: str, now: datetime, nation: str | None = None) -> Reading:
    """What `text` says of an incident. `now` is aware; `nation` is the site's setting, and never becomes a
    fact."""
    if now.tzinfo is None:
        raise ValueError("now wants a time zone")
    masked = mask(text)
    notes = [*warnings(text[: 5 * READ_AT_MOST])]
    page, found = gather(masked, now, nation)
    if page.cut_short:
        notes.append(_CUT_SHORT)
    if not tells_of_incident(page, found):
        return nothing(masked, notes, unused(page, ()), measured(page))
    settle(page, found, now.astimezone(UK).date())
    offer(page, found)
    return reading(found, masked, notes, sex(page), unused(page, found.all), measured(page))


def gather(masked: str, now: datetime, nation: str | None) -> tuple[Page, Findings]:
    """Everything that the parts of the reader find, unsettled. Their order matters: each takes what it
    reads."""
    page = Page(masked)
    for match in _OTHER_NUMBERS.finditer(page.rest):
        page.take(*match.span())
    found = Findings(page.text)
    amounts = quantities(page)
    found.extend(people(page))
    found.extend(when(page, now))
    found.extend(effective_doses(page, amounts))
    found.extend(foetal_doses(page, amounts))
    found.extend(activities(page, amounts))
    found.extend(ratios(page, amounts))
    found.extend(margins(page, amounts))
    named = mentions(page)
    found.extend(examinations(page, named))
    found.extend(details(page, named))
    found.extend(causes(page))
    found.extend(counts(page))
    found.extend(flags(page))
    found.extend(pregnancy(page))
    found.extend(breast_feeding(page))
    found.extend(places(page, nation))
    found.extend(exposures(page, named))
    found.extend(suggestions(page, found))
    return page, found
