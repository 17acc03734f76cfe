"""Finds patients' numbers (NHS, CHI, H&C) in any way of writing, so that none is ever stored or logged.

The three share a form: ten digits, the last of which is a check digit modulo 11. NHS numbers begin with 300
to 319, 4, 6 or 7 (999 is for tests, and 943 begins the example that everybody copies), H&C numbers with 320
to 399, a CHI number with a date of birth.
Nothing here keeps, logs, hashes or shows a number: a match knows its kind and its place only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, count
from operator import mul

from storage.spoken_digits import in_figures, read_out_in, words_for_digits

MASK = "[number removed]"


@dataclass(frozen=True, repr=False)
class Match:
    """A patient's number: its kind (`NHS`, `CHI`, `H&C`), and where it stands in the text, end exclusive."""

    kind: str
    start: int
    end: int

    def __repr__(self) -> str:
        return f"<{self.kind} number>"


class _Digits(dict[int, int]):
    """The digits of every script, in circles and above the line too, as ASCII; the rest as it is."""

    def __missing__(self, code: int) -> int:
        digit = unicodedata.digit(chr(code), None)
        self[code] = code if digit is None else ord("0") + digit
        return self[code]


_DIGITS = _Digits()
# Entities and tags, as a message may bring them, stand between digits as a blank does.
_MARKUP = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|shy|zwn?j|#\d{2,5}|#x[\da-f]{2,5});|</?[a-z]{1,8}\s?/?>"
    r"|%(?:20|2d|2e|09|0a|c2%a0|a0)(?=[\W_]*\d)",
    re.I,
)
# Letters that stand for digits in a word that is digits else: `9O2 l74`.
_LIKE_DIGITS = re.compile(
    r"(?<![^\W_])(?=[OolI]{0,9}\d)(?=\d*[OolI])[\dOolI]{2,20}(?![^\W_])|(?<=\d[ .,/-])[OolI]{1,4}(?![^\W_])"
)
_AS_DIGITS = str.maketrans("OolI", "0011")
# Groups of digits with anything but letters between them; zero-width characters are such a thing.
_RUN = re.compile(r"\d+(?:[\W_]{1,24}\d+)*")
_GROUP = re.compile(r"\d+")
# Is there a run with as many digits as the shortest number has?
_ENOUGH = re.compile(r"\d(?:[\W_]{0,24}\d){8}")
# Or one, counting the letters that may stand for a digit?
_PERHAPS_ENOUGH = re.compile(r"[\dOolI](?:[\W_]{0,24}[\dOolI]){8}")
# What joins the digits of one number, and the decimals that a sheet adds to ten digits in one.
_WITHIN = ".,"
_DECIMALS = re.compile(r"(?:\.\d{1,9})?")
# Between numbers of a list, or in a time, rather than within a number.
_LISTING = re.compile(r"[,;:|+=<>%&£$€?!]")
SHORTEST = 9  # of a number, one digit dropped
SHORTEST_SPELT = len("one 1 1234 1234")  # of a number that is spelt in part
_USUAL = {(10,), (3, 3, 4), (2, 2, 2, 4), (6, 4), (1,) * 10, (1, 3, 3, 3)}
# As it is printed: that is no part of another number, whatever stands against it.
_WHOLE = {(10,), (3, 3, 4)}
_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

TELEPHONE = re.compile(
    r"(?:(?:\+|(?<!\w)00)44[\W_]{0,3}(?:\(?0\)?)?[\W_]{0,3}[1-378]\d?(?:[\W_]{0,2}\d){8}"
    r"|(?<![\w+])(?:\(?0[1-378](?:\d{9}|\d\)?[ .-]?\d{4}[ .-]?\d{4}|\d\d\)?[ .-]\d{3}[ .-]?\d{4}"
    r"|\d{3}\)?[ .-]\d{3}[ .-]?\d{3})|44[ -]7\d{3}[ -]\d{3}[ -]?\d{3}))(?!\d)"
)
# Digits that look like part of a number, and are known to be something else: times in seconds, dates, dates
# with a time (13.11.26 17.53), and lists of numbers with as many decimals (22.6 52.9 38.6 59.9).
_OTHERS = re.compile(
    r"\b(?:ts|timestamp|epoch|unix(?:[ _]?time)?|date\^)[\"']?\s?[:=]?\s?[\"']?1[5-9]\d{8}(?!\d)"
    r"|(?<!\d)(?:1[5-9]\d{8}\.\d{6}"
    r"|(?<![/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?![/.-]\d)"
    r"|(?<![/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\2\d\d[ ,]{1,2}"
    r"(?:[01]?\d|2[0-3])[.:][0-5]\d(?![.:]\d)"
    r"|(?<!\d[\W_])(?:\d{1,3}\.\d(?:[ ,;/]{1,2}\d{1,3}\.\d){2,}"
    r"|\d{1,3}\.\d\d(?:[ ,;/]{1,2}\d{1,3}\.\d\d){2,})(?![\W_]?\d)"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!-\d))(?!\d)"
)
_CALLED = re.compile(
    r"(?<![^\W\d_])(?:(?P<nhs>nhs)|(?P<chi>chi)|h\s?(?:&(?:amp;)?|and|\+)\s?c|hcn"
    r"|health\s(?:and|&)\s(?:social\s)?care)"
    r"[\W_]{0,3}(?P<number>numbers?|num|nos?|nr|id)?[\W_]{0,3}(?:is|was)?[\W_]{0,4}$",
    re.I,
)

# One text passes several gates on its way. Of those last seen that hold no number Python's own hash is kept,
# which is another in each process, and nothing of the text.
_WITHOUT: set[int] = set()
_MOST_WITHOUT = 8192


def find(text: str) -> list[Match]:
    """Patients' numbers in the order of the text. Where readings overlap, one match covers them all."""
    if hash(text) in _WITHOUT:
        return []
    found: list[tuple[int, int, str]] = []
    flat = _flat(text)
    for start, end, kind in _found(flat):
        while end < len(text) and flat[end] == " " and text[end].isalpha():
            end += 1  # the rest of a digit that is written as a word
        if found and start < found[-1][1]:
            start, before, kind = found.pop()
            end = max(before, end)
        found.append((start, end, kind))
    if not found:
        _remember_without(text)
    return [Match(kind, start, end) for start, end, kind in found]


def mask(text: str) -> str:
    """The text with each patient's number replaced by `MASK`."""
    matches = find(text)
    if not matches:
        return text
    pieces, at = [], 0
    for match in matches:
        pieces += [text[at : match.start], MASK]
        at = match.end
    return "".join([*pieces, text[at:]])


def worth_a_look(text: str) -> bool:
    """Could there be a number in it at all? Cheap: most of what is kept has hardly a digit."""
    if not text.isascii():
        return True
    if len(text) < SHORTEST or hash(text) in _WITHOUT:
        return False
    plain = text.encode("ascii")
    digits = len(plain) - len(plain.translate(None, b"0123456789"))
    if digits >= 9 or (digits >= 4 and len(plain) - len(plain.translate(None, b"0123456789OolI")) >= 9):
        return True
    if len(text) >= SHORTEST_SPELT and words_for_digits(text) + digits >= 9:
        return True
    _remember_without(text)
    return False


def _remember_without(text: str) -> None:
    if len(_WITHOUT) >= _MOST_WITHOUT:
        _WITHOUT.clear()
    _WITHOUT.add(hash(text))


def _flat(text: str) -> str:
    """The text in ASCII digits, place by place; what is known to be no patient's number is crossed out.
    Empty where it has too few digits together."""
    flat = text if text.isascii() else text.translate(_DIGITS)
    if "&" in flat or "<" in flat or "%" in flat:
        flat = _MARKUP.sub(lambda m: " " * len(m[0]), flat)
    if read_out_in(flat):
        flat = in_figures(flat)
    if not _PERHAPS_ENOUGH.search(flat):
        return ""
    flat = _LIKE_DIGITS.sub(lambda word: word[0].translate(_AS_DIGITS), flat)
    if not _ENOUGH.search(flat):
        return ""
    return _OTHERS.sub(_crossed, TELEPHONE.sub(_crossed, flat))


def _long_enough(run: re.Match[str]) -> bool:
    return run.end() - run.start() >= 9 and sum(map(run[0].count, "0123456789")) >= 9


def _crossed(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _found(flat: str) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(flat):
        if not _long_enough(run):
            continue
        groups = [_unpadded(flat, *group.span()) for group in _GROUP.finditer(flat, *run.span())]
        total = sum(end - start for start, end in groups)
        named = _named(flat, groups, total)
        if named:
            yield named
        yield from _windows(flat, groups)


def _unpadded(flat: str, start: int, end: int) -> tuple[int, int]:
    """Without zeros before ten digits."""
    while end - start > 10 and flat[start] == "0":
        start += 1
    return start, end


def _named(flat: str, groups: list[tuple[int, int]], total: int) -> tuple[int, int, str] | None:
    """What "NHS number" and the like introduce, be a digit wrong, dropped (a CHI's leading 0) or doubled."""
    start = groups[0][0]
    called = _CALLED.search(flat, max(0, start - 50), start)
    if called is None:
        return None
    kind = "NHS" if called["nhs"] else "CHI" if called["chi"] else "H&C"
    size = 0
    for first, end in groups:
        size += end - first
        if size == 10 or (size == total and size in (9, 11)):
            sure = called["number"] or kind != "NHS" or (size == 10 and flat[start] in "34679")
            return (start, end, kind) if sure else None
        if size > 10:
            break
    return None


def _windows(flat: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Ten digits in whole groups that make a number by range and check digit."""
    digits = "".join([flat[start:end] for start, end in groups])
    values = [int(digit) for digit in digits]
    # Weights 10 to 1 from any place, in two subtractions.
    plain = [0, *accumulate(values)]
    placed = [0, *accumulate(map(mul, values, count()))]
    sizes = [end - start for start, end in groups]
    ends = dict(zip(accumulate(sizes), range(len(groups)), strict=True))
    for i, at in enumerate([0, *ends]):
        last = ends.get(at + 10)
        kind = _kind(digits[at : at + 4]) if last is not None else ""
        if last is None or not kind:
            continue
        weighed = (at + 10) * (plain[at + 10] - plain[at]) - (placed[at + 10] - placed[at])
        if weighed % 11 and digits[at : at + 3] != "999":
            continue
        start, end = groups[i][0], groups[last][1]
        usual = tuple(sizes[i : last + 1]) in _USUAL
        if not usual and (weighed % 11 or _LISTING.search(flat, start, end)):
            continue
        if tuple(sizes[i : last + 1]) not in _WHOLE and _cut_in_two(flat, start, end):
            continue
        while start and flat[start - 1] == "0":  # what was left off before ten digits
            start -= 1
        decimals = _DECIMALS.match(flat, end) if i == last else None
        yield start, decimals.end() if decimals else end, kind


def _cut_in_two(flat: str, start: int, end: int) -> bool:
    """Does it begin or end within a number: 4 of 1.4, or 9 of 9.5?"""
    before = start > 1 and flat[start - 1] in _WITHIN and flat[start - 2].isdigit()
    after = end + 1 < len(flat) and flat[end] in _WITHIN and flat[end + 1].isdigit()
    inside = flat[start:end]
    return bool((before and flat[start - 1] not in inside) or (after and flat[end] not in inside))


@cache
def _kind(beginning: str) -> str:
    """Which number can begin with these four digits; none where empty."""
    if beginning[0] in "467" or beginning[:2] in ("30", "31") or beginning[:3] in ("943", "999"):
        return "NHS"
    if beginning[0] == "3":
        return "H&C"
    day, month = int(beginning[:2]), int(beginning[2:])
    return "CHI" if 1 <= month <= 12 and 1 <= day <= _MONTHS[month - 1] else ""
