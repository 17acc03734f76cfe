"""Regular expressions over the text itself, by their names, out of `expressions.txt`."""

from __future__ import annotations

import re
from pathlib import Path

from bot.core.days.grammar import MONTH
from bot.core.days.numbers import NUMBER
from bot.core.identifying import LEFT_OUT
from bot.core.reader.lexicon import paragraphs
from storage.identifiers import MASK

_PARTS = {"NUMBER": NUMBER, "MONTH": MONTH, "MASK": re.escape(MASK), "LEFT_OUT": re.escape(LEFT_OUT)}
_TABLE = dict(paragraphs(Path(__file__).with_name("expressions.txt")))


def expression(name: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(_source(name), flags)


def _source(name: str) -> str:
    """Its lines are alternatives; `«name»` is another expression."""
    if name in _PARTS:
        return _PARTS[name]
    lines = (line.strip() for line in _TABLE[name].splitlines() if line.strip())
    return "|".join(re.sub(r"«(\w+)»", lambda part: f"(?:{_source(part[1])})", line) for line in lines)
