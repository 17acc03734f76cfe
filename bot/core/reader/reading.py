"""Reads one message: masks it, gathers what its parts find, and settles what agrees."""

from __future__ import annotations

from datetime import datetime

from bot.core.reader.agents import agents
from bot.core.reader.ages import ages, groups, sex
from bot.core.reader.counts import images, individuals, planning_scans
from bot.core.reader.doses import activities, bare_numbers, cut_quantities, effective_doses, foetal_doses
from bot.core.reader.effects import effects
from bot.core.reader.examinations import VERIFICATION, details, examinations, mentions
from bot.core.reader.exposures import exposures
from bot.core.reader.findings import FactsRead, Findings, nothing, reading
from bot.core.reader.is_incident import perhaps_none, tells_of_incident
from bot.core.reader.matching import ruled
from bot.core.reader.measured import measured
from bot.core.reader.page import READ_AT_MOST, READ_OF_THE_END, Page
from bot.core.reader.persons import persons
from bot.core.reader.places import places
from bot.core.reader.ratios import margins, ratios
from bot.core.reader.settling import offer, settle
from bot.core.reader.unused import unused
from bot.core.reader.when import when
from rules.deadlines import UK
from storage.identifiers import mask, warnings

_CUT_SHORT = f"Only the first {READ_AT_MOST} and the last {READ_OF_THE_END} characters were read."


def read(text: str, now: datetime, nation: str | None = None) -> FactsRead:
    """What `text` says of an incident. `now` is aware; `nation` is the site's setting, and never becomes a
    fact."""
    if now.tzinfo is None:
        raise ValueError("now wants a time zone")
    masked = mask(text)
    notes = [*warnings(text[: 5 * READ_AT_MOST])]
    page, found = gather(masked, now, nation)
    if page.cut_short:
        notes.append(_CUT_SHORT)
    if not tells_of_incident(page.tagged, found):
        return nothing(masked, notes, unused(page, ()), measured(page))
    if perhaps_none(page.tagged):
        for name in found.certain():
            found.doubt(name, "was anything wrong?")
    settle(page.tagged, found, now.astimezone(UK).date())
    offer(page.tagged, found)
    return reading(found, masked, notes, sex(page.tagged), unused(page, found.all), measured(page))


def gather(masked: str, now: datetime, nation: str | None) -> tuple[Page, Findings]:
    """Everything that the parts of the reader find, unsettled."""
    page = Page(masked)
    cut_quantities(page)
    page.cut_weeks()
    days = when(page, now)
    found = Findings(page)
    found.extend(days)
    t = page.tagged
    bare_numbers(t)
    years = [*ages(t)]
    named = mentions(t)
    found.extend(years)
    if not any(one.value is not None and not one.doubt for one in years):
        found.extend(groups(t))
    found.extend(persons(t))
    found.extend(effective_doses(t))
    found.extend(foetal_doses(t))
    found.extend(activities(t))
    found.extend(ratios(t))
    found.extend(margins(t))
    found.extend(examinations(t, named))
    found.extend(details(t, named))
    found.extend(individuals(t))
    planned = t.has("planning") or (
        t.has("planned") and not any(m.exam.category == VERIFICATION for m in named)
    )
    found.extend(planning_scans(t) if planned else images(t))
    found.extend(ruled(t, {one.fact for one in found.all}))
    found.extend(effects(t))
    found.extend(agents(t))
    found.extend(places(t, nation))
    found.extend(exposures(t, named))
    return page, found
