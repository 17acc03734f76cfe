"""References of cases and numbers of records in what people write, however they are dressed up.

What looks like a reference is read as one or refused; it is never taken for free text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

REF = re.compile(r"C\d{2}-\d{4,}", re.IGNORECASE)
THEME = re.compile(r"T\d{2}-\d{4,}", re.IGNORECASE)
NUMBER = re.compile(r"\d{4}-\d{4,}")
# Between the year and the number stands a dash, or what people put in its place.
_CASE = r"(?P<case>c)\s?(?P<year>\d\d)\s{0,2}[-_/.:]{0,2}\s{0,2}(?P<count>\d{4,})"
# T12 is a part of the spine, and T14:05 a time: of a theme the whole is wanted.
_OF_THEME = r"(?P<theme>t)(?P<since>\d\d)-(?P<nth>\d{4,})"
_LOOKS = re.compile(
    rf"{_CASE}|{_OF_THEME}|"
    r"(?<!\d)(?<!\d[-/.])(?P<of>(?:19|20)\d\d)[-_/.]{1,2}(?P<at>\d{4,12})(?!\d)",
    re.I,
)
_BEGINS = re.compile(
    rf"{_CASE}|{_OF_THEME}|(?P<of>(?:19|20)\d\d)\s?[-_/.]{{1,2}}\s?(?P<at>\d{{4,12}})(?!\d)", re.I
)
# Nothing else, and yet no reference: C26-2. (C50.9 is a diagnosis, C5-6 a part of the spine.)
_NEARLY = re.compile(r"(?<![^\W_])c\d\d\s?[-_/:]{1,2}\s?[\doil]++(?![^\W_])", re.I)
# What may stand before a reference without saying anything of its own.
_LEAD = re.compile(r"(?:(?:case|record|ref|reference|number|no|on|of|for|the|this)\b|[\W_])*", re.I)
_CLOSING = re.compile(r"(?:['’]s\b)?[^\w\s<@#+(\[{]*_*[^\w\s<@#+(\[{]*(?:\s+[-:;,]+(?=\s))?\s*")
_AND = re.compile(r"(?:(?:and|or|plus|with)\b|[\W_])*", re.I)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹘﹣－"), "-")
_LIKE_C = dict.fromkeys(map(ord, "СсϹϲ"), "C")  # of other alphabets, and the same to look at


@dataclass(frozen=True)
class Named:
    """`subject` is what the words name, as the store writes it, or empty where they name nothing; `rest` is
    what follows it, as it was typed. `wrong` says in a line why what looks like a reference is not taken."""

    subject: str
    rest: str
    wrong: str = ""


def is_subject(word: str) -> bool:
    """Is it a case's or a theme's reference or a record's number, just as the store writes it?"""
    return bool(REF.fullmatch(word) or THEME.fullmatch(word) or NUMBER.fullmatch(word))


def named(text: str) -> Named:
    """The case, the theme or the record that words begin with. Where one stands further on, or a second
    beside the first, nobody can tell which is meant: that is wrong."""
    plain, at = _plain(text)
    begin = _end(_LEAD, plain, 0)
    found = _BEGINS.match(plain, begin)
    if found is None:
        other = _LOOKS.search(plain) or _NEARLY.search(plain)
        if other is None:
            return Named("", text.strip())
        if not any(other.groupdict().get(name) for name in ("count", "nth", "at")):
            return Named("", text, f"{other[0].upper()} is no whole reference: write it as C26-0001")
        return Named("", text, f"name the case first: it is not clear whether {_written(other)} is meant")
    if _glued(plain, found):
        return Named("", text, f"{_written(found)} stands against other letters: write it by itself")
    end = _end(_CLOSING, plain, found.end())
    second = _LOOKS.match(plain, _end(_AND, plain, end))
    if second and second.lastgroup == found.lastgroup and _written(second) != _written(found):
        return Named("", text, f"one at a time: {_written(found)} or {_written(second)}")
    return Named(_written(found), text[at[end] :].strip())


def _written(found: re.Match[str]) -> str:
    if found["theme"]:
        return f"T{found['since']}-{found['nth']}"
    return f"C{found['year']}-{found['count']}" if found["case"] else f"{found['of']}-{found['at']}"


def _glued(plain: str, found: re.Match[str]) -> bool:
    before, after = plain[: found.start()][-1:], plain[found.end() :][:1]
    return before.isalnum() or after.isalnum()


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in plain letters and figures, and where each of them stood: full-width, bold and struck
    through are the same, and marks that nobody sees are left out."""
    found: list[str] = []
    at: list[int] = []
    for place, mark in enumerate(text):
        if unicodedata.category(mark) in ("Mn", "Me", "Cf"):
            continue
        for one in unicodedata.normalize("NFKC", mark.translate(_DASHES)).translate(_LIKE_C):
            figure = unicodedata.decimal(one, None)
            found.append(one if figure is None else str(figure))
            at.append(place)
    return "".join(found), [*at, len(text)]
