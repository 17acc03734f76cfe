"""Whom beside a notification or a report is named as told: "to Datix", "patient told" and "MHRA" say
nothing of the authority, whose deadline runs on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.looks import without_looks
from bot.core.words.verdict_words import authority_called, kept_verdict
from storage.model import Case

# By the name of each, how it is called; of another nation's it is told by mistake.
_AUTHORITIES: Mapping[str, str] = {
    "Care Quality Commission": r"cqc|care quality|commission",
    "Healthcare Inspectorate Wales": r"hiw|healthcare inspectorate",
    "Healthcare Improvement Scotland": r"(?-i:HIS)|healthcare improvement",
    "Regulation and Quality Improvement Authority": r"rqia|regulation and quality",
}
_NOT_TO = r"\b(?<!not to )(?<!not to the )(?<!not the )(?<!not )"
_ANY = rf"\b(?:too|also|as well)\b|{_NOT_TO}(?:(?<!local )authority|regulators?|inspector\w*)\b"
_SYSTEM = (
    r"(?:datix\w*|ulysses|lfpse|inphase|nrls|steis|intranet|(?:[\w-]+ )?(?:incident|risk|reporting) system"
    r"|risk register|(?:incident )?log ?book|incident log)"
)
_PERSON = (
    r"(?:(?:\w+ )?(?:ward|department|managers?|management|team|board|committee|staff)|governance(?: leads?)?"
    r"|leads?|mpe|rps|(?:medical )?physics|superintendents?|registrar|colleagues?|practitioners?|operators?"
    r"|rpa|physicists?|radiologists?|radiographers?|matron|nurses?|doctors?|consultant|referrer|clinicians?"
    r"|surgeon|gp|dr|spr|sho|patient|pt|family|families|relatives|parents?|mother"
    r"|mum|dad|wife|husband|son|daughter|carers?|next of kin|head of [\w ]+"
    r"|(?:clinical|medical) director|(?:chief )?executive|trust|hospital|mhra|hse(?:ni)?|arsac|hfs|niaic|iric"
    r"|ukhsa|icb|commissioners?|insurers?|manufacturer|vendor|suppliers?|engineers?)"
)
_LEAD = (
    r"(?:(?:the|their|our|its|my|his|her|an?|all|both|(?:trust|patient)['’]?s|on[- ]call|duty|lead|senior"
    r"|chief|clinical|line|referring|treating)\s+)*"
)
# "told after speaking to the MPE", "copied to the ward": these go with it.
_ASIDE = re.compile(
    r"\b(?:sp[eo]\w+|talk\w*|according|due|thanks|owing|agree\w*|known|up|cop(?:y|ied|ies)|cc\W?d?) to\b",
    re.I,
)
_ELSEWHERE = re.compile(
    rf"^\W*(?:(?:it|this|that)\W+)?{_LEAD}(?:{_PERSON}|{_SYSTEM})"
    r"(?=\W*$|\W*[,;:.(]|\s+(?:and|&|by|via|on|at|today|yesterday|already|only|\d))"
    rf"|\bto {_LEAD}(?:{_PERSON}|{_SYSTEM})\b(?!['’]s)|\b(?:on|in|into|onto|via|through|by|with|using) "
    rf"{_LEAD}{_SYSTEM}\b|\b(?:internally|in[- ]house|locally|in writing|verbally|in person)\b",
    re.I,
)
# They were told, or have it; what they told or sent themselves ("MPE told us", "MPE phoned it through") is
# another thing.
_IS = r"(?:(?:(?:has|have|had) been|been|is|are|was|were|all|both|already|now|just|also|fully|since)\s+)*"
_THEY = rf"{_LEAD}{_PERSON}(?:\s*(?:&|/|and)\s*{_LEAD}{_PERSON})*"
_WERE_TOLD = (
    r"(?:told|informed|(?:made )?aware|advised|alerted|updated|knows?)\b(?!\s+(?:us|me|them|it)\b)"
    r"|(?:notified|contacted|e-?mailed|phoned|rung|called|messaged|texted|bleeped|paged|spoken (?:to|with)"
    r"|written to|copied in)\b(?!\s+(?:us|me|them|it|the|an?|this)\b)"
    r"|(?:to\s+\w+|dealing|handling|doing|submitting|sending)\b"
)
_WE = r"(?:(?:I|we|have|has|had|['’]ve|just|already|also|now|and|then)\b\s*)*"
_TELL = (
    r"(?:told|informed|notified|advised|alerted|contacted|e-?mailed|(?:tele)?phoned|rang|called|let|messaged"
    r"|texted|bleeped|paged|updated|asked|spoken? (?:to|with)|left (?:\w+\s+){1,3}(?:for|with))"
)
_ENTERED = (
    r"(?:completed?|done|did|sent|submitted|filed|raised|entered|logged|updated|filled(?: in)?|put in"
    r"|opened|created|made|in)"
)
_TOLD = re.compile(
    rf"\W*(?:{_THEY}\s+{_IS}(?:{_WERE_TOLD})|{_WE}{_TELL}\s+{_LEAD}{_PERSON}\b(?!['’]s)"
    rf"|(?:it(?:['’]s| is)\s+)?(?:(?:now|still)\s+)?with {_LEAD}{_PERSON}"
    r"(?=\W*$|\W*[,;:.(]|\s+(?:now|still|for|today|at)\b)"
    rf"|{_LEAD}{_SYSTEM}\s+(?:(?:form|report|entry|incident|record)\s+)?{_IS}{_ENTERED}\b"
    rf"|{_LEAD}(?:duty of )?candour\s+(?:letter\s+)?{_IS}(?:{_ENTERED}|given)\b"
    rf"|{_WE}(?:datixed\b|(?:{_TELL}|{_ENTERED})\s+{_LEAD}{_SYSTEM}\b))",
    re.I,
)
# "patient told, submitted by portal": what follows is of the authority.
_AND_BY_PORTAL = re.compile(
    r"(?:[,;.]|\b(?:and|then)\b).*\b(?:by|via|on|through|using) (?:(?:the|their|its|web|online)\s+)*"
    r"(?:portal|web ?(?:form|site))\b",
    re.I | re.S,
)
_PARTS = re.compile(r"[,;()\n]|\.(?=\s|$)")


def to_somebody_else(words: str, authority: str = "") -> bool:
    """Whether what is said first names others, or another nation's authority, and nothing names `authority`,
    any where it is empty, or them beside it."""
    words = without_looks(words)
    first = next((part for part in _PARTS.split(words) if part.strip()), "")
    own = {name: how for name, how in _AUTHORITIES.items() if name == authority} or _AUTHORITIES
    if _called(own, words) or re.search(_ANY, words, re.I):
        return False
    if _ELSEWHERE.search(_ASIDE.sub("beside", first)) or _called(_AUTHORITIES, words):
        return True
    told = _TOLD.match(words)
    return told is not None and not _AND_BY_PORTAL.search(words, told.end())


def _called(authorities: Mapping[str, str], words: str) -> bool:
    return bool(re.search(rf"{_NOT_TO}(?:{'|'.join(authorities.values())})\b", words, re.I))


def refuse_others(turn: Turn, case: Case, words: str, verb: str) -> None:
    """Raises Refused of what was told to others alone."""
    kept = kept_verdict(turn.store.record(turn.tenant, case.records[-1]).assessment)
    name = kept.authority.name if kept.authority else ""
    if not to_somebody_else(words, name):
        return
    whose = authority_called(name) if name else "the authority"
    once, note = turn.command(f"{verb} {case.ref} to {whose}"), turn.command(f"note {case.ref} <text>")
    raise Refused(
        f"that names somebody else than {whose}: nothing was changed. Once {whose} has it: {once}. What "
        f"others were told is a note: {note}",
        about="note",
    )
