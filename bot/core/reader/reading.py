"""Reads one message: masks it, gathers what its parts find, and settles what agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.core.reader.amounts import bare_numbers, cut_quantities, measured, measured_ratios
from bot.core.reader.counts import images, planning_scans
from bot.core.reader.doses import activities, effective_doses, foetal_doses
from bot.core.reader.examinations import VERIFICATION, agents, categories, details, exposures, mentions
from bot.core.reader.findings import ORDER, FactsRead, Finding, Findings, ReadValue, why
from bot.core.reader.guards import held
from bot.core.reader.is_incident import perhaps_none, tells_of_incident
from bot.core.reader.matching import nets, ruled
from bot.core.reader.page import READ_AT_MOST, READ_OF_THE_END, Page
from bot.core.reader.patterns import chars, tagset
from bot.core.reader.ratios import margins, ratios
from bot.core.reader.settling import offer, one_age, settle
from bot.core.reader.tags import Tagged
from bot.core.reader.tokens import Token
from bot.core.reader.when import when
from rules.deadlines import UK
from storage.identifiers import mask


def read(text: str, now: datetime, nation: str | None = None) -> FactsRead:
    """What `text` says of an incident. `now` is aware; `nation` is the site's setting, and never becomes a
    fact."""
    if now.tzinfo is None:
        raise ValueError("now wants a time zone")
    masked = mask(text)
    page, found = gather(masked, now, nation)
    cut_short = f"Only the first {READ_AT_MOST} and the last {READ_OF_THE_END} characters were read."
    notes = [cut_short] if page.cut_short else []
    if not tells_of_incident(page.tagged, found):
        return reading(page, Findings(page), masked, notes, is_incident=False)
    settle(page.tagged, found, now.astimezone(UK).date())
    found.all += nets(page.tagged, found.all)
    if perhaps_none(page.tagged):
        found.doubt(" ".join(found.certain()), "?anything_wrong")
    offer(page.tagged, found)
    return reading(page, found, masked, notes)


def reading(
    page: Page, found: Findings, masked: str, warnings: list[str], *, is_incident: bool = True
) -> FactsRead:
    """What was found, settled, as it is told."""
    sure = found.certain()
    names = [name for name in ORDER if found.says(name)]
    by_fact = {name: [sure[name]] if name in sure else found.named(name) for name in names}
    doubts = {
        name: why(next((one.doubt for one in by_fact[name] if one.doubt), "?more_than_one"))
        for name in names
        if name not in sure
    }
    values: dict[tuple[str, Any], ReadValue] = {}
    for one in (one for name in names for one in by_fact[name] if one.value is not None):
        value = ReadValue(one.fact, one.given, found.words(one), one.fact in sure)
        values.setdefault((one.fact, one.value), value)
    return FactsRead(
        facts={name: sure[name].given for name in names if name in sure},
        to_confirm=list(doubts),
        candidates={name: [one.value for one in values.values() if one.fact == name] for name in doubts},
        doubts=doubts,
        phrases={n: " … ".join(dict.fromkeys(map(found.words, findings))) for n, findings in by_fact.items()},
        masked=masked,
        warnings=warnings,
        is_incident=is_incident,
        sex=sex(page.tagged) if is_incident else "",
        words=tuple(values.values()),
        unused=tuple(unused(page, found.all)),
        measured=measured(page),
    )


def gather(masked: str, now: datetime, nation: str | None) -> tuple[Page, Findings]:
    """Everything that the parts of the reader find, unsettled."""
    page = Page(masked)
    cut_quantities(page)
    page.cut_weeks()
    found = Findings(page, [*when(page, now)])
    t = page.tagged
    bare_numbers(t)
    named = mentions(t)
    verifying = any(m.exam.category == VERIFICATION for m in named)
    planned = t.has("planning") or (t.has("planned") and not verifying)
    counts = planning_scans if planned else images
    for part in (effective_doses, foetal_doses, activities, ratios, margins, counts):
        found.all += part(t)
    found.all += [*measured_ratios(page), *categories(t, named), *details(t, named)]
    found.all += ruled(t, found.all)
    one_age(found)
    found.all += agents(t)
    for one in found.named("nation"):  # a town that speaks against the settings is in doubt
        if nation not in (None, one.value) and t.has_in(t.at(one.start), t.after(one.end), "town"):
            found.doubt("nation", "?other_nation")
    exposures(t, named, found)
    return page, found


def unused(page: Page, found: Iterable[Finding]) -> list[str]:
    """Phrases that hold a number, a unit or a word of the field, of which no finding took a word."""
    t = page.tagged
    numbers = {i for i, token in enumerate(t.tokens) if token.tags & tagset("numbers")}
    # What gives no value takes no number, nor does that an exposure was not intended: "an extra CBCT x 20".
    none = (numbers if f.fact == "exposure" or f.value is None else set() for f in found)
    taken = ({*t.between(f.start, f.end)} - less for f, less in zip(found, none, strict=True))
    used = set().union(*taken)
    phrases = (page.words(t.tokens[i].start, t.tokens[j - 1].end) for i, j in _left_over(t, used))
    return list(dict.fromkeys(phrases))[:20]


def _left_over(t: Tagged, used: set[int]) -> Iterator[tuple[int, int]]:
    """The runs of a clause that nothing was taken from."""
    small, i = chars("telling_nothing"), 0
    while i < len(t.tokens):
        begin, end = t.clause(i)
        last = j = next((k for k in range(i, end) if k in used), end)
        while i < last and t.row[i] in small:
            i += 1
        while i < last and t.row[last - 1] in small:
            last -= 1
        if _tells(t, i, last, alone=used.isdisjoint(range(begin, end))):
            yield i, last
        i = j + 1


def _tells(t: Tagged, first: int, last: int, *, alone: bool) -> bool:
    """Words that may decide something by themselves do, and words of the field where no fact was taken from
    their clause: there they say of what it was. The number of a bed or a ward does not."""
    numbers = (k for k in range(first, last) if t.tokens[k].tags & tagset("numbers"))
    told = t.has_in(first, last, "deciding", *["naming"] * alone)
    return told or any(not (k and "place" in t.tokens[k - 1].tags) for k in numbers)


def sex(t: Tagged) -> str:
    """`male` or `female` where the person's own age or description says so, and nothing of the other sex.

    A pronoun is not enough: "he" may be the radiographer.
    """
    hits = [*t.find("@own")]
    if t.first("relative|carer|public|other_person") or any(held(t, "another", h.i, h.j) for h in hits):
        return ""
    own = {_sex(token) for hit in hits for token in t.tokens[hit.i : hit.j]} - {""}
    named = {_sex(token) for token in t.tokens} - {""}
    if own == {"female"}:
        return "female" if named == own else ""
    womanly = t.has("she", "preg", "feeding", "preg_check", "patients") or t.words_said & {"her", "mum"}
    return "male" if own == named == {"male"} and not womanly else ""


def _sex(token: Token) -> str:
    letter = {"m": "male", "f": "female"}.get(token.word, "") if "sex" in token.tags else ""
    return letter or (token.of("person") or ("",))[0]
