"""Whom beside a notification or a report is named as told: "to Datix", "internally" and "MHRA" say nothing of
the authority, whose deadline runs on."""

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
    r"(?:(?:\w+ )?(?:ward|department|managers?|team|board|committee)|governance(?: leads?)?|leads?|mpe|rps"
    r"|rpa|physicists?|radiologists?|radiographers?|matron|nurses?|doctors?|consultant|referrer|clinicians?"
    r"|surgeon|gp|patient|family|families|relatives|parents?|mother|carers?|next of kin|head of [\w ]+"
    r"|(?:clinical|medical) director|(?:chief )?executive|trust|hospital|mhra|hse(?:ni)?|arsac|hfs|niaic|iric"
    r"|ukhsa|icb|commissioners?|insurers?|manufacturer|vendor|suppliers?|engineers?)"
)
_LEAD = r"(?:(?:the|their|our|its|my|his|her|an?|all|trust['’]?s)\s+)*"
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
_PARTS = re.compile(r"[,;()\n]|\.(?=\s|$)")


def to_somebody_else(words: str, authority: str = "") -> bool:
    """Whether what is said first names others, or another nation's authority, and nothing names `authority`,
    any where it is empty, or them beside it."""
    words = without_looks(words)
    first = next((part for part in _PARTS.split(words) if part.strip()), "")
    own = {name: how for name, how in _AUTHORITIES.items() if name == authority} or _AUTHORITIES
    if _called(own, words) or re.search(_ANY, words, re.I):
        return False
    return bool(_ELSEWHERE.search(_ASIDE.sub("beside", first))) or _called(_AUTHORITIES, words)


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
