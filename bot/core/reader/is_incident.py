"""Does a text tell of an incident, or is it a question, a greeting or a matter of the rota?"""

from __future__ import annotations

from bot.core.reader.findings import Findings
from bot.core.reader.guards import MEANT
from bot.core.reader.lexicon import expression
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged
from rules.facts import DETAILS

_SUPPOSING, _ASKING, _BEGINS = map(expression, ("supposing", "asking", "begins_to_tell"))
_TAG_QUESTION, _COURTESY = expression("tag_question"), expression("courtesy")


def perhaps_none(t: Tagged) -> bool:
    """Does it read as a question about what was done as it should be, or is it all in one question that may
    be about the rules, so that nothing in it is certain?"""
    begin, end = _opening(t)
    if end + 1 >= len(t.tokens) and _asks(t, begin, end) and not t.first("@happened", begin, end):
        return True
    meant = t.first("as_meant|both ~2 meant")
    return bool(meant and t.asks(len(t.tokens) - 2) and not t.first("mishap|wrong|fail"))


def tells_of_incident(t: Tagged, found: Findings) -> bool:
    if t.first("nothing_wrong !quest") or _SUPPOSING.search(t.low):
        return False
    begin, end = _opening(t)
    asks = _asks(t, begin, end)
    begins = not asks and _BEGINS.search(t.low) is not None
    if begins or not found.all:
        return begins
    category, amount = found.says("category"), t.has("Sv", "Gy", "Bq")
    mishap = t.first("@mishap") is not None or found.says("went_wrong")
    mishap = mishap or ((category or amount) and t.first("@weak_mishap") is not None)
    if found.says("equipment_in_clinical_use") and mishap:
        return True
    made, person = t.first("@made") is not None, t.first("@person") is not None
    if all(f.fact == "exposure" and f.value != "near_miss" for f in found.all) and not (made or person):
        return False
    if asks:
        # "Is this notifiable? Wrong patient, CT ...": what comes after the question tells.
        own = any(f.fact in tagset("of_somebody") and t.at(f.start) >= end for f in found.all)
        return own or t.first("@mishap | @made", end) is not None or _told_within(t, found, begin, end)
    if found.says("exposed_person") and (category or mishap or t.has("in_beam")):
        return True
    discovered = any(f.fact == "discovered_on" and not f.doubt for f in found.all)
    nobody = not person or any("nobody" in token.tags and "p" in token.word for token in t.tokens)
    told = mishap or discovered or (made and person)
    if (nobody and t.has("phantom") > t.has("preg")) or (t.has("office_matter") and not told):
        return False
    sure = set(found.certain())
    return bool(
        mishap
        or found.says("measurable")
        or any(f.doubt.startswith(MEANT) for f in found.all)
        or (found.says("discovered_on") and (found.says("occurred_on") or (discovered and category)))
        or (made and (amount or person or (category and sure)))
        or (category and (t.has("pct") or ("category" in sure and amount and not t.has("no_account"))))
        or len(sure & tagset("measurable age_years category")) > 1
        or (len(sure) > 1 and sure - tagset("circumstances") - DETAILS.keys())
        or _only_facts(t, found)
    )


def _told_within(t: Tagged, found: Findings, begin: int, end: int) -> bool:
    """ "Can I check, wrong side x-rayed today?" and "is it notifiable that we scanned the wrong man?" tell of
    what happened; "can a mother stay in the room?" and "what if one is scanned twice?" ask of the rules."""
    if t.has_in(begin, end, "supposing"):
        return False
    mishap, made, person = (t.first(words, begin, end) for words in ("@mishap", "@made", "@person"))
    day = any(f.fact in ("occurred_on", "discovered_on") and t.at(f.start) < end for f in found.all)
    somebodys = person and not t.has_in(begin, end, "general")
    return bool(t.first("@happened", begin, end) or (mishap and made and (day or somebodys)))


def _only_facts(t: Tagged, found: Findings) -> bool:
    """A message of facts alone, such as a later one of a thread: "13 May, England, aged 9"."""
    if not found.certain().keys() - tagset("no_incident") and not found.says("occurred_on"):
        return False
    used = {k for f in found.all for k in t.between(f.start, f.end)}
    return all(
        k in used or token.tags & tagset("joints") or token.word in tagset("small_words")
        for k, token in enumerate(t.tokens)
    )


def _opening(t: Tagged) -> tuple[int, int]:
    """The tokens of the first sentence that is more than a greeting."""
    begin, end = t.sentence(0) if t.tokens else (0, 0)
    while begin < end < len(t.tokens) and _COURTESY.match(t.words(begin, end)):
        begin, end = t.sentence(end + 1) if end + 1 < len(t.tokens) else (end, end)
    return begin, end


def _asks(t: Tagged, begin: int, end: int) -> bool:
    first = t.words(begin, end)
    questioned = begin < len(t.tokens) and t.asks(begin)
    tag_question = questioned and _TAG_QUESTION.search(f"{first}?") is not None
    asking = questioned or t.has_in(begin, end, "general", "notifiable") or not t.first("@made", begin, end)
    return tag_question or (asking and _ASKING.search(first) is not None)
