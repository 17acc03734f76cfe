"""A value that is known and is said again without its unit, or a bare number beside its name: "foetal dose 12
not 8", "26 was for the first scan". It is asked, since a verdict may stand on the former one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from rules.facts import FACTS

if TYPE_CHECKING:
    from bot.core.draft import Draft
    from bot.core.reader import FactsRead

_NUMBER = r"(?<![\w.,:/-])\d+(?:\.\d+)?(?![\w:/%-]|[.,]\d)"
_ELSE = r"\b(?:bed|bay|ward|room|linac|scanner|case|ref|no|number|day|week|phase|site|fraction|at|age|aged) "
_UNIT = r"(?! ?(?:[nµumkg]?(?:sv|gy|bq)|days?|weeks?|months?|years?|h(?:ou)?rs?|min\w*|times|[ap]m|[cm]m)\b)"
_SAID = re.compile(rf"(?P<of>{_ELSE})?(?P<number>{_NUMBER}){_UNIT}", re.I)
# How each is called; a number is of it where no mark stands between.
_NAMES = {
    "total_dose": "total|altogether",
    "intended_dose": "intended|planned",
    "foetal_dose": "fo?etal|fo?etus",
    "infant_dose": "infant",
    "prescribed_activity": "prescribed",
    "delivered_activity": "delivered|given",
    "target_dose_ratio": "target|ptv",
    "organ_dose_ratio": "organ|oar",
}


_DOUBT = (
    r"wrong|incorrect|not (?:right|correct|known|sure)|unknown|unclear|uncertain|unsure|in doubt|tbc|await\w+"
    r"|pending|changed|revis\w+|re-?calculat\w+|re-?check\w+|re-?estimat\w+|a (?:guess|typo)|under review"
)
_NOT_SO = re.compile(
    rf"\b(?P<of>dose|activity|ratio|age)\b[^.;,\d]{{0,20}}\b(?:{_DOUBT})\b"
    rf"|\b(?:{_DOUBT})\b[^.;,\d]{{0,20}}\b(?P<named>dose|activity|ratio|age)\b",
    re.I,
)


# What was left out of a dose; what is known of all that was given, the first of it.
_NOT_ALL = re.compile(
    r"\b(?:not (?:included?|counted|added)|exclud\w+|excl\b|without the|plus the|left out|on top"
    r"|(?:mpe|physic\w+)\b\D{0,25}\d)",
    re.I,
)
_OF_ALL = ("foetal_dose", "total_dose", "delivered_activity")


def first_of(unsure: Sequence[str]) -> tuple[str, ...]:
    """Of what is to be asked: how many there were before all else, and what kind of exposure it was, which
    "another" and "wrong" always suggest, after it."""
    if "individuals_exposed" in unsure:
        return ("individuals_exposed",)
    return tuple(name for name in unsure if name != "exposure") or tuple(unsure)


def with_former_values(got: FactsRead, draft: Draft, text: str) -> FactsRead:
    """What was read, with that value in doubt, and nothing asked before it that was only suggested."""
    numbers = {Decimal(one["number"]) for one in _SAID.finditer(text) if not one["of"]} - {Decimal(1)}
    known = [n for n in draft.facts if n in FACTS and FACTS[n].numeric and n not in got.facts]
    again = [n for n in known if _amount(draft.facts[n]) in numbers]
    again = again or [n for n in known if numbers and _named(n, text)] or _doubted(known, text)
    again = again or [n for n in known if n in _OF_ALL and _NOT_ALL.search(text)][:1]
    if len(again) != 1 or again[0] in got.to_confirm:
        return got
    from bot.core.reader.findings import why  # 120 ms, which a short answer does without

    (name,) = again
    asks = "?rival" if numbers else "?unsure"
    numeric = [n for n in got.to_confirm if n in FACTS and FACTS[n].numeric]
    doubts = {**got.doubts, name: why(asks)}
    # "CT not included" is of the dose, and makes no other kind of exposure of it.
    facts = {n: value for n, value in got.facts.items() if n != "category" or n not in draft.facts}
    return replace(
        got, facts=facts, to_confirm=[name, *numeric], candidates={**got.candidates, name: []}, doubts=doubts
    )


def _doubted(known: Sequence[str], text: str) -> list[str]:
    """Of what is said to be wrong, or not known, the one that is named, or else all of the dose."""
    told = {one["of"] or one["named"] for one in _NOT_SO.finditer(text.lower())}
    alike = [n for n in known if any(word in n for word in told)]
    named = [n for n in alike if n in _NAMES and re.search(rf"\b(?:{_NAMES[n]})\b", text, re.I)]
    return named or ([n for n in alike if n == "total_dose"] or alike)


def _amount(value: object) -> Decimal | None:
    match = re.match(r"\d+(?:\.\d+)?(?=\s|$)", str(value))
    return Decimal(match[0]) if match else None


def _named(name: str, text: str) -> bool:
    called = _NAMES.get(name)
    beside = rf"\b(?:{called})\b[^.;:,\d]{{0,25}}{_SAID.pattern}|{_NUMBER}{_UNIT} (?:in )?(?:{called})\b"
    return called is not None and any(not one["of"] for one in re.finditer(beside, text, re.I))
