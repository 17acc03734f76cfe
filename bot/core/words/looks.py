"""The marks by which people make words bold or slanted or show them as code, which are none of the words."""

from __future__ import annotations

import re

# Of whole words: "2*3*4" and "role_mpe" stay. What is struck out keeps its marks.
_LOOKS = re.compile(
    r"(?<![\w~])(?:```(.{1,2000}?)```|([*_`])(?!\s|\2)([^\n]{1,400}?)(?<!\s)\2)(?![\w~])", re.DOTALL
)


def without_looks(text: str) -> str:
    """An underscore belongs to a word: "_not_" would be no "not" to whoever reads it."""
    for _ in range(2):  # bold and slanted
        text = _LOOKS.sub(lambda match: match[1] or match[3], text)
    return text
