"""What an answer is told by in words, where other words of its label may say the opposite."""

from __future__ import annotations

import re

# "Exposed" is no near miss, nor are "nobody" (who meant it?) and "caught" (when?) alone; "side" and "correct"
# are no exposure as intended, and a therapy may be any.
_TOLD_BY = {
    "near_miss": r"\bnobody\b.*\bexposed\b|\bcaught\b.*\bin time\b",
    "as_intended": r"\bas intended\b|(?:\w+\W+){5}",
    "transient_erythema": r"\btransient",
    "nuclear_medicine_therapy": r"\bnuclear\b|\bsirt\b",
    "interventional": r"\binterventional\b|\bcardiology\b",
    "radiotherapy_verification": r"\bverification\b",
    "young_child": r"\byoung child",
}


def told(plain: str, value: str) -> bool:
    """Do words that stand in one label alone tell its answer?"""
    return re.search(_TOLD_BY.get(value, ""), plain) is not None
