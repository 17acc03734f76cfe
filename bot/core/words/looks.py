"""The marks by which people make words bold or slanted, show them as code or strike them out, which are none
of the words."""

from __future__ import annotations

import re

# Of whole words: "2*3*4", "role_mpe" and "~5 mSv" stay.
_LOOKS = re.compile(
    r"(?<![\w~])(?:```(.{1,2000}?)```|([*_`])(?!\s|\2)([^\n]{1,400}?)(?<!\s)\2)(?![\w~])", re.DOTALL
)


def without_looks(text: str) -> str:
    """An underscore belongs to a word: "_not_" would be no "not" to whoever reads it."""
    for _ in range(2):  # bold and slanted
        text = _LOOKS.sub(lambda match: match[1] or match[3], text)
    return text


_STRUCK = re.compile(r"(?<![\w~])(~~?)(?![\s~])([^~\n]{1,400}?)(?<!\s)\1(?![\w~])([ \t]*)")


def without_struck(text: str) -> tuple[str, bool]:
    """What is struck out is said no more: the rest, and whether there was any."""
    text, count = _STRUCK.subn(lambda struck: "" if _after_space(struck) else struck[3], text)
    return text, count > 0


def _after_space(struck: re.Match[str]) -> bool:
    return not struck.start() or struck.string[struck.start() - 1].isspace()
