"""Answers in words that say the same as one that is offered, and nothing else: those that people type instead
of it. The list is closed: what is not here is read, asked about or refused as before."""

from __future__ import annotations

import re
from decimal import Decimal

from rules.facts import FACTS, Kind

_OVER = r"(?:over|high|higher|above|more|too (?:much|high)|overdose)"
_UNDER = r"(?:under|low|lower|below|less|short|too (?:little|low)|underdose)"
_MEANT = r"(?:prescribed|planned|intended|prescription|plan)"
_NUMBER = r"\d{1,3}(?:\.\d{1,4})?"
_PART = re.compile(
    r"(\d{1,2}(?:\.\d{1,4})?) ?(?:%|percent|per cent)"
    rf" (?:(?P<over>{_OVER})|{_UNDER})(?: than {_MEANT}| (?:the )?{_MEANT})?(?: dose)?"
)
_TIMES = re.compile(rf"[x×] ?({_NUMBER})")
_MARGINS = re.compile(rf"(twice|double|{_NUMBER} ?(?:x|times)) (?:the|our) margin")
_HOW_MANY = r"(one|two|three|four|\d{1,3})"
_ONLY = re.compile(rf"(?:just|only) {_HOW_MANY}|{_HOW_MANY} only")
_ONE_PERSON = re.compile(
    r"(?:just|only) (?:him|her|(?:this|the|that) (?:one|patient|person))|(?:(?:this|the|that) )?patient only"
)
_ABOUT = re.compile(r"(?:about|around|approx|approximately|roughly|circa) (\d\d)|(\d\d) ?-?ish|([3-9]0)'?s")
_SURELY_ADULT = 25
_AGE_GROUPS = {
    **dict.fromkeys(("adult", "grown up", "grown-up"), "adult"),
    **dict.fromkeys(("child", "kid", "minor", "paediatric", "baby", "infant", "neonate"), "child"),
}

_WORDS: dict[str, dict[str, str]] = {
    "nation": {"northern_ireland": "ni; n ireland; n. ireland"},
    "category": {
        "diagnostic": "xray; x ray; plain film; radiography; dexa; mammogram",
        "nuclear_medicine": "pet-ct; pet ct; nm; nuc med; spect",
        "interventional": "ir; cath lab; angio; interventional ct",
        "radiotherapy_verification": "cbct; verification; igrt",
        "radiotherapy_planning": "planning; planning ct",
        "radiotherapy_treatment": "radiotherapy; rt; linac; treatment",
        "nuclear_medicine_therapy": "nm therapy; mrt; radioiodine",
    },
    "exposed_person": {
        "worker": "staff", "member_of_public": "public", "research_participant": "volunteer",
    },
    "exposure": {
        "near_miss": "near miss",
        "accidental": "n; not intended at all; none was intended; nothing was intended; nothing was meant; "
        "no exposure was intended",
        "unintended": "y; yes, but they got a different exposure; yes but they got a different exposure; "
        "yes, but a different exposure; yes but a different exposure",
    },
    "deterministic_effect": {"none": "no effect; no effects; no reaction; no tissue reaction"},
    "geographical_miss": {
        "partial": "partial; partial miss; a partial miss; partially",
        "total": "total; total miss; a total miss; complete miss; a complete miss; completely",
    },
    "clinically_significant": {
        "true": "significant; clinically significant; yes by our procedure; yes per our procedure; "
        "yes, by our procedure; yes, significant",
        "false": "not significant; not clinically significant; no, not significant",
    },
    # "No human error" without a mark denies the error.
    "equipment_fault": {
        "false": "human error; no, human error; operator error; no, operator error; user error; "
        "no, user error; not equipment; not the equipment; no equipment fault; not an equipment fault",
    },
    "procedural_failure": {
        "true": "no id check; yes, no id check; id check not done; not followed; it was not followed; "
        "procedure not followed; procedures not followed; yes, not followed",
    },
}  # fmt: skip
_TOLD = {
    name: {words: value for value, many in values.items() for words in many.split("; ")}
    for name, values in _WORDS.items()
}
_NOBODY_KNOWS_YET = re.compile(
    r"(?:(?:we|it|that|they|physics|(?:the )?(?:mpe|physicist))(?: are| is|'re|'s) |still |yet )*"
    r"(?:awaiting|waiting (?:for|on)|pending|tbc|to be confirmed|calculating|working it out|looking into it"
    r"|ask|(?:physics|(?:the )?(?:mpe|physicist)) (?:will|to) (?:calculate|confirm|estimate|work)|unknown"
    r"|(?:being|to be|not|not yet|not been)"
    r" (?:assessed|calculated|worked out|decided|looked into|estimated|available|known|sure))(?: yet)?"
    r"(?: (?:it|that|the|a|an|our|mpe|physics|physicist|dose|results?|report|estimate|calculation|answer|word"
    r"|by|from|now|at|moment|to|calculate|review|confirm|work|out|them))*"
)


def nobody_knows_yet(plain: str) -> bool:
    """Do words say that it is still to be found out?"""
    return _NOBODY_KNOWS_YET.fullmatch(plain) is not None


def in_plain_words(name: str, plain: str) -> tuple[str, object] | None:
    """The fact and the value that such words tell in answer to `name`, as the rules take it. `plain` is the
    answer in small letters."""
    plain = re.sub(r"\s*(?:[,;:–—]| - )\s*", ", ", plain)
    if name == "age_years":
        group = "adult" if _is_surely_adult(plain) else _AGE_GROUPS.get(plain)
        return ("age_group", group) if group else None
    if FACTS[name].kind is Kind.COUNT:
        count = _how_many(name, plain)
        return (name, count) if count else None
    if name.endswith("_ratio"):
        ratio = _so_many_margins(plain) if name == "miss_margin_ratio" else _so_much(plain)
        return (name, ratio) if ratio else None
    value = _TOLD.get(name, {}).get(plain)
    return None if value is None else (name, {"true": True, "false": False}.get(value, value))


def _is_surely_adult(plain: str) -> bool:
    about = _ABOUT.fullmatch(plain)
    return about is not None and int(next(filter(None, about.groups()))) >= _SURELY_ADULT


def _how_many(name: str, plain: str) -> str:
    if name == "individuals_exposed" and _ONE_PERSON.fullmatch(plain):
        return "1"
    only = _ONLY.fullmatch(plain)
    return (only[1] or only[2]) if only else ""


def _so_much(plain: str) -> str:
    """`10% over` is 1.1; from a hundred per cent on it may be so much in all."""
    if part := _PART.fullmatch(plain):
        return str(1 + Decimal(part[1]) / (100 if part["over"] else -100))
    times = _TIMES.fullmatch(plain)
    return f"{times[1]}x" if times else ""


def _so_many_margins(plain: str) -> str:
    margins = _MARGINS.fullmatch(plain)
    return margins[1] if margins else ""
