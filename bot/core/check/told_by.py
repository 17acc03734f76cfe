"""What an answer is told by in words, where other words of its label may say the opposite."""

from __future__ import annotations

import re

# "Exposed" is no near miss, "side" and "correct" no exposure as intended, and a therapy may be any.
_TOLD_BY = {
    "near_miss": r"\b(?:nobody|caught)\b",
    "as_intended": r"\bas intended\b|(?:\w+\W+){5}",
    "transient_erythema": r"\btransient",
    "nuclear_medicine_therapy": r"\bnuclear\b|\bsirt\b",
    "interventional": r"\binterventional\b|\bcardiology\b",
    "radiotherapy_verification": r"\bverification\b",
    "young_child": r"\byoung\b",
}


def told(plain: str, value: str) -> bool:
    """Do words that stand in one label alone tell its answer?"""
    return re.search(_TOLD_BY.get(value, ""), plain) is not None
