"""Whom beside a notification or a report is named as told: "to Datix", "internally" and "MHRA" say nothing of
the authority, whose deadline runs on."""

from __future__ import annotations

import re

from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.looks import without_looks
from bot.core.words.verdict_words import authority_called, kept_verdict
from storage.model import Case

_AUTHORITY = (
    r"(?:cqc|care quality|hiw|healthcare (?:inspectorate|improvement)|(?-i:HIS)|rqia|regulation and quality"
    r"|(?<!local )authority|regulators?|inspector\w*|commission)\b"
)
_NAMED = re.compile(
    rf"\b(?:too|also|as well)\b|\b(?<!not to )(?<!not to the )(?<!not the )(?<!not ){_AUTHORITY}", re.I
)
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


def to_somebody_else(words: str) -> bool:
    """Whether what is said first names others, and nothing names the authority, or them beside it."""
    words = without_looks(words)
    first = next((part for part in _PARTS.split(words) if part.strip()), "")
    return bool(_ELSEWHERE.search(_ASIDE.sub("beside", first))) and not _NAMED.search(words)


def refuse_others(turn: Turn, case: Case, words: str, verb: str) -> None:
    """Raises Refused of what was told to others alone."""
    if not to_somebody_else(words):
        return
    kept = kept_verdict(turn.store.record(turn.tenant, case.records[-1]).assessment)
    whose = authority_called(kept.authority.name) if kept.authority else "the authority"
    once, note = turn.command(f"{verb} {case.ref} to {whose}"), turn.command(f"note {case.ref} <text>")
    raise Refused(
        f"that names somebody else than {whose}: nothing was changed. Once {whose} has it: {once}. What "
        f"others were told is a note: {note}",
        about="note",
    )
