"""When it happened and when it was discovered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from bot.core.days.in_text import Moment, moments, times
from bot.core.reader.findings import Finding
from bot.core.reader.page import RETRACTION, Page
from rules.deadlines import UK

_DISCOVERED = re.compile(
    r"\b(?:discovere?d|discovery|found(?: out)?(?! to be (?:\w+ ){0,3}pregnant)|noticed|spotted|identified"
    r"|picked up"
    r"|came to light|come to light|reali[sz]ed|detected|became aware|become aware|made aware|uncovered"
    r"|only knew|noted|learn(?:ed|t)|first knew"
    r"|recogni[sz]ed|found by|aware|transpired)\b"
)
_TOLD = re.compile(
    r"\b(?:reported|told|informed|flagged|raised|brought to|escalated|notified|logged|datix(?:ed)?|phoned"
    r"|rang|emailed|reviewed|audit(?:ed)?|investigat\w+|complained|now known|known)\b"
)
_OCCURRED = re.compile(
    r"\b(?:(?:exam|scan|exposure|incident|event) date|date of (?:the )?(?:exam\w*|scan|exposure|incident"
    r"|event)|happen?e?d|occ?urr?ed|took place|had|was|were|got|gave|given|scanned|imaged|received|exposed"
    r"|irradiated|done|performed|taken|treated|injected|administered|incident|exposure|delivered|underwent"
    r"|x-?rayed|made|repeated|carried out"
    r"|filmed|undertaken|acquired|ct'?d)\b"
)
# Days of something else than the exposure or its discovery.
_ASIDE = re.compile(
    r"\b(?:lmp|dob|born|birth|appointment|booked (?:for|in)|booked|due|referred|referral|requested|request"
    r"|vetted|scheduled|planned for|previous(?:ly)?|prior|last (?:ct|scan|x-?ray|film)|next (?:scan|ct"
    r"|x-?ray|week|appointment|visit|month)|until|since"
    r"|follow[ -]?up|review(?: on)?|will"
    r"|meeting|closed|leave|expires?|expired|service(?:d)?|calibrat\w+|qa|training|rota|reply by|deadline"
    r"|clocks?|on call|admitted|discharged|surgery|operation|operated)\b"
)
_MEETING = re.compile(r"\b(?:at|in|during) (?:the |a |our )?(?:\w+ )?meeting\b")
_AGAIN = re.compile(
    r"\b(?:repeat(?:ed)?|re-?done|redone|re-?scanned|re-?injected|again|recalled)\b[^.;,]{0,15}$"
)
_SPELT_TIME = re.compile(
    r"\bhalf past\b|\bquarter (?:past|to)\b|\bo'?clock\b|\b(?:ten|twenty|five) (?:past|to) \w"
)
_PARTS = re.compile(r"[;.!?\n](?=\s|$)|,|\s[-/]+\s|\b(?:but|and|then|only|while|so|after|following|that)\b")
# "A bone scan from 14 October": whatever else was noticed of it.
_EXPOSURE_OF = re.compile(
    r"(?<!next )(?<!last )(?<!prior )(?<!previous )(?<!due )(?<!repeat )\b(?:scan|cts?|pet|x-?rays?|[ca]xr"
    r"|films?"
    r"|exposure|injection|exam(?:ination)?|procedure|\w+grams?|treatment|incident)\s+(?:(?:was|done|taken"
    r"|performed)\s+)?"
    r"(?:on|from|of)\s+(?:the\s+)?$"
)
# "It was yesterday - correction, Tuesday".
_TAKEN_BACK = re.compile(rf"{RETRACTION}[\s,:.-]*(?:(?:it|that) (?:was|is) )?(?:on )?")
_WHICH = "was that when it happened, or when it was discovered?"


def when(page: Page, now: datetime) -> Iterator[Finding]:
    """`now` is aware. What is found is UK local time."""
    found = moments(page.rest, now)
    if not found and "tomorrow" not in page.low and len(alone := times(page.rest, now)) == 1:
        found = alone
    back = {
        one.start for one, after in pairwise(found) if _TAKEN_BACK.fullmatch(page.low[one.end : after.start])
    }
    found = [moment for moment in found if moment.start not in back]
    for moment in found:
        page.take(moment.start, moment.end)
    placed = [(moment, *_sense(page, moment, found)) for moment in found]
    placed = [(m, sense, doubt) for m, sense, doubt in placed if sense]
    senses = [sense for _, sense, _ in placed]
    for moment, sense, doubt in placed:
        moment = _with_clock(page, moment, found, now)
        if sense == "unclear":
            fact, doubt = "occurred_on", "" if len(placed) == 1 else _only_other(senses)
        else:
            fact = sense
        if fact == "occurred_on" and _AGAIN.search(page.before(moment.start, 30)):
            doubt = doubt or "was that the first exposure, or the repeat?"
        why = moment.doubt or doubt or page.doubt(moment.start, moment.end)
        yield Finding(fact, moment.value, moment.start, moment.end, why)


def _only_other(senses: list[str]) -> str:
    """Beside one day that is plainly the discovery's, the other is the exposure's."""
    return "" if senses.count("unclear") == 1 and "occurred_on" not in senses else _WHICH


def _with_clock(page: Page, moment: Moment, found: list[Moment], now: datetime) -> Moment:
    """With the clock time that its sentence gives apart from the day, where there is one day in the
    text."""
    if _SPELT_TIME.search(page.rest[slice(*page.sentence(moment.start))]):
        return replace(moment, doubt=moment.doubt or "at what time was it?")
    if moment.day is None or len(found) > 1:
        return moment
    clocks = [one.time for one in times(page.rest[slice(*page.sentence(moment.start))], now) if one.time]
    if len(clocks) > 1:
        return replace(moment, doubt=moment.doubt or "more than one time is named")
    if not clocks or moment.time or datetime.combine(moment.day, clocks[0], UK) > now:
        return moment
    return replace(moment, time=clocks[0])


def _sense(page: Page, moment: Moment, found: list[Moment]) -> tuple[str, str]:
    """occurred_on, discovered_on, "unclear", or "" where the day is of something else; and a doubt."""
    begin, end = page.sentence(moment.start)
    before_others = max([m.end for m in found if begin <= m.end <= moment.start], default=begin)
    after_others = min([m.start for m in found if moment.end <= m.start < end], default=end)
    before, after = page.rest[before_others : moment.start], page.rest[moment.end : after_others]
    near_before, near_after = _last_part(before), _first_part(after)
    if _EXPOSURE_OF.search(before):
        return "occurred_on", ""
    told, noticed = _cue(near_before), _cue(near_after, after=True)
    if told and told[1] and noticed == ("discovered_on", ""):
        return noticed
    return _cue(near_before) or _cue(near_after, after=True) or _cue(before, far=True) or ("unclear", "")


_CUES = (
    ("discovered_on", _DISCOVERED), ("told", _TOLD), ("occurred_on", _OCCURRED), ("aside", _ASIDE),
)  # fmt: skip
_NOWHERE = ("", "")


def _cue(words: str, *, after: bool = False, far: bool = False) -> tuple[str, str] | None:
    """What the words near a day say it is the day of: before it the last verb counts, after it the first."""
    if after:
        return _first_cue(words)
    if far:
        return ("discovered_on", _WHICH) if _DISCOVERED.search(words) else None
    last: dict[str, int] = {}
    for name, pattern in _CUES:
        found = [match.start() for match in pattern.finditer(words)]
        if found:
            last[name] = found[-1]
    if _MEETING.search(words) and ("discovered_on" in last or "told" in last):
        return "discovered_on", "" if "discovered_on" in last else _WHICH
    if "discovered_on" in last:
        return "discovered_on", ""
    if "aside" in last and last["aside"] == max(last.values()):
        return _NOWHERE
    if "told" in last and last["told"] >= last.get("occurred_on", -1):
        return "discovered_on", "did anybody know of it before?"
    if "occurred_on" in last:
        return "occurred_on", ""
    return None


def _first_cue(words: str) -> tuple[str, str] | None:
    found = [(match.start(), name) for name, pattern in _CUES if (match := pattern.search(words))]
    match min(found, default=(0, ""))[1]:
        case "discovered_on":
            return "discovered_on", ""
        case "told":
            return "discovered_on", "did anybody know of it before?"
        case "occurred_on":
            return "occurred_on", ""
        case "aside":
            return _NOWHERE
    return None


def _last_part(words: str) -> str:
    cuts = [match.end() for match in _PARTS.finditer(words)]
    return words[cuts[-1] :] if cuts else words


def _first_part(words: str) -> str:
    cut = _PARTS.search(words)
    return words[: cut.start()] if cut else words
