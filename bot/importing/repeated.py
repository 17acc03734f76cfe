"""What of a file that is brought in may be repeated, on a screen or in a list: names of columns, and words of
a list of causes. A row of a file without a header, or a cell in the wrong column, is somebody's name as often
as not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from bot.core.identifying import seeming
from bot.core.identifying.vocabulary import fold, words
from bot.core.patient_numbers import holds_number
from rules.facts import CAUSES, MODALITIES

LONGEST = 60
QUOTED = 40
_FIGURES = re.compile(r"\d{5}|\d[./-]\d{1,2}[./-]\d")
_ANY_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[ -]?[a-z]{3,9}[ -]?\d\d", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_AS_ONE = str.maketrans("023456789", "1" * 9)
_RINGS = re.compile(r"(?<!\d)(?:\+?44|0)[\d ().-]{9}")


@lru_cache(1024)
def name_of(column: str) -> str:
    """A column as it is called, where that looks like the name of one."""
    return column if is_name_of_column(column) else "one that is not named here"


def names_of(columns: Sequence[str], most: int) -> str:
    """Those that look like names of columns, or of sheets, and how many more there are."""
    shown = [one for one in columns if is_name_of_column(one)][:most]
    more = len(columns) - len(shown)
    return (
        f"{', '.join(shown)}{f' and {more} more' if more else ''}"
        if shown
        else f"{more} of which none is named here"
    )


@lru_cache(4096)
def is_name_of_column(text: str) -> bool:
    return (
        len(text) <= LONGEST
        and text.isprintable()
        and (any(map(str.isalpha, text)) or not any(map(str.isdigit, text)))
        and not (_FIGURES.search(text) or holds_number(text) or _is_a_name(text) or seeming.find(text))
    )


def are_names_of_columns(row: Iterable[str]) -> bool:
    """All that stands in the row: a row of an incident has a day or a number as a rule, or a name."""
    cells = [cell for cell in row if cell]
    return bool(cells) and len({*cells}) == len(cells) and all(map(is_name_of_column, cells))


def may_be_quoted(value: str) -> bool:
    """A value of a list, such as a cause: of words that are everybody's, and too short for a story."""
    if len(value) > QUOTED or any(map(str.isdigit, value)) or not value.isprintable():
        return False
    said = _WORD.findall(value)
    named = words("surnames") | words("forenames")
    plain = any(fold(word) in _known() - named for word in said)
    return plain and all(map(_everybodys, said)) and not seeming.find(value)


def seems_somebody(ref: str) -> bool:
    """Of a reference, of which there is another in each row: its letters are looked at once for all that have
    them, and its figures only where they may be a day or a telephone."""
    if _by_letters(ref.translate(_AS_ONE)):
        return True
    return bool((_RINGS.search(ref) or _ANY_DAY.search(ref)) and seeming.find(ref))


@lru_cache(4096)
def _by_letters(ref: str) -> bool:
    return bool(seeming.find(ref)) or ("1" not in ref and _is_a_name(ref))


def _is_a_name(text: str) -> bool:
    return any(fold(word) in _names() for word in _WORD.findall(text))


def _everybodys(word: str) -> bool:
    low = fold(word)
    return low in _known() or (word == low and low not in _names())


@cache
def _names() -> frozenset[str]:
    """Those that are no other word; short ones are as often a part of one."""
    return (
        frozenset(one for one in words("surnames") | words("forenames") if len(one) > 2)
        - words("ordinary")
        - words("field")
    )


@cache
def _known() -> frozenset[str]:
    listed = (word for one in (*CAUSES, *MODALITIES) for word in _WORD.findall(one.casefold()))
    return words("ordinary") | words("field") | frozenset(listed)
