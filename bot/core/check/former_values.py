"""A value that is known and is said again without its unit, or a bare number beside its name: "foetal dose 12
not 8", "26 was for the first scan". It is asked, since a verdict may stand on the former one."""

from __future__ import annotations

import re
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


def with_former_values(got: FactsRead, draft: Draft, text: str) -> FactsRead:
    """What was read, with that value in doubt, and nothing asked before it that was only suggested."""
    numbers = {Decimal(one["number"]) for one in _SAID.finditer(text) if not one["of"]} - {Decimal(1)}
    known = [n for n in draft.facts if n in FACTS and FACTS[n].numeric and n not in got.facts]
    again = [n for n in known if _amount(draft.facts[n]) in numbers] or [n for n in known if _named(n, text)]
    if not numbers or len(again) != 1 or again[0] in got.to_confirm:
        return got
    from bot.core.reader.findings import why  # 120 ms, which a short answer does without

    (name,) = again
    numeric = [n for n in got.to_confirm if n in FACTS and FACTS[n].numeric]
    doubts = {**got.doubts, name: why("?rival")}
    return replace(got, to_confirm=[name, *numeric], candidates={**got.candidates, name: []}, doubts=doubts)


def _amount(value: object) -> Decimal | None:
    match = re.match(r"\d+(?:\.\d+)?(?=\s|$)", str(value))
    return Decimal(match[0]) if match else None


def _named(name: str, text: str) -> bool:
    called = _NAMES.get(name)
    beside = rf"\b(?:{called})\b[^.;:,\d]{{0,25}}{_SAID.pattern}|{_NUMBER}{_UNIT} (?:in )?(?:{called})\b"
    return called is not None and any(not one["of"] for one in re.finditer(beside, text, re.I))
