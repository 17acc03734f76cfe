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
from itertools import accumulate, count
from operator import mul

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
    r"&(?:nbsp|ensp|emsp|thinsp|shy|zwn?j|#\d{2,5}|#x[\da-f]{2,5});|</?[a-z]{1,8}\s?/?>", re.I
)
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPELT = {word: str(digit) for digit, word in enumerate(_WORDS)} | {"oh": "0", "nought": "0"}
_DIGIT_WORD = rf"(?:{'|'.join(_SPELT)})"
# "Nine four three, four seven six ...": as it is read out over the telephone.
_READ_OUT = re.compile(
    rf"(?<![^\W_]){_DIGIT_WORD}(?:[\W_]{{1,3}}(?:{_DIGIT_WORD}|\d{{1,4}})){{4,}}(?![^\W_])", re.I
)
_ONE_WORD = re.compile(rf"(?<![^\W_]){_DIGIT_WORD}(?![^\W_])", re.I)
# Groups of digits with anything but letters between them; zero-width characters are such a thing.
_RUN = re.compile(r"\d+(?:[\W_]{1,8}\d+)*")
_GROUP = re.compile(r"\d+")
# Between numbers of a list, or in a time, rather than within a number.
_LISTING = re.compile(r"[,;:|+=<>%&£$€?!]")
SHORTEST_SPELT = len("one 1 1234 1234")  # of a number that is spelt in part
_USUAL = {(10,), (3, 3, 4), (2, 2, 2, 4), (6, 4), (1,) * 10}
_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_PHONE = re.compile(
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


def find(text: str) -> list[Match]:
    """Patients' numbers in the order of the text. Where readings overlap, one match covers them all."""
    found: list[tuple[int, int, str]] = []
    flat = _flat(text)
    for start, end, kind in _found(flat):
        while end < len(text) and flat[end] == " " and text[end].isalpha():
            end += 1  # the rest of a digit that is written as a word
        if found and start < found[-1][1]:
            start, before, kind = found.pop()
            end = max(before, end)
        found.append((start, end, kind))
    return [Match(kind, start, end) for start, end, kind in found]


def mask(text: str) -> str:
    """The text with each patient's number replaced by `MASK`."""
    pieces, at = [], 0
    for match in find(text):
        pieces += [text[at : match.start], MASK]
        at = match.end
    return "".join([*pieces, text[at:]])


def worth_a_look(text: str) -> bool:
    """Could there be a number in it at all? Cheap: most of what is kept has hardly a digit."""
    if not text.isascii():
        return True
    if len(text) < 9:
        return False
    digits = sum(map(text.count, "0123456789"))
    return digits >= 9 or (len(text) >= SHORTEST_SPELT and _words_for_digits(text) + digits >= 9)


def _words_for_digits(text: str) -> int:
    """As many as there are at most: the "one" in "none" is counted too."""
    low = text.lower()
    return sum(low.count(word) for word in _SPELT)


def _flat(text: str) -> str:
    """The text in ASCII digits, place by place; what is known to be no patient's number is crossed out."""
    flat = text if text.isascii() else text.translate(_DIGITS)
    if "&" in flat or "<" in flat:
        flat = _MARKUP.sub(lambda m: " " * len(m[0]), flat)
    if _words_for_digits(flat):
        flat = _READ_OUT.sub(lambda run: _ONE_WORD.sub(_as_digit, run[0]), flat)
    if not any(_long_enough(run) for run in _RUN.finditer(flat)):
        return flat
    return _OTHERS.sub(_crossed, _PHONE.sub(_crossed, flat))


def _long_enough(run: re.Match[str]) -> bool:
    return run.end() - run.start() >= 9 and sum(map(run[0].count, "0123456789")) >= 9


def _as_digit(match: re.Match[str]) -> str:
    return _SPELT[match[0].lower()].ljust(len(match[0]))


def _crossed(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _found(flat: str) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(flat):
        if not _long_enough(run):
            continue
        groups = [group.span() for group in _GROUP.finditer(flat, *run.span())]
        total = sum(end - start for start, end in groups)
        named = _named(flat, groups, total)
        if named:
            yield named
        yield from _windows(flat, groups)


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
        if tuple(sizes[i : last + 1]) in _USUAL or not (weighed % 11 or _LISTING.search(flat, start, end)):
            yield start, end, kind


def _kind(beginning: str) -> str:
    """Which number can begin with these four digits; none where empty."""
    if beginning[0] in "467" or beginning[:2] in ("30", "31") or beginning[:3] in ("943", "999"):
        return "NHS"
    if beginning[0] == "3":
        return "H&C"
    day, month = int(beginning[:2]), int(beginning[2:])
    return "CHI" if 1 <= month <= 12 and 1 <= day <= _MONTHS[month - 1] else ""


_DATE = (
    r"(?:\d{1,2}[\W_]{1,3}\d{1,2}[\W_]{1,3}\d{2,4}|\d{4}-\d\d-\d\d"
    r"|\d{1,2}(?:st|nd|rd|th)?\s?[a-z]{3,9}\s?\d{2,4})"
)
_NAME = r"[A-ZÀ-ÖØ-Þ][^\W\d_]{1,30}"
# CT, MRI and PET are no names; nor are places and words that begin what comes next.
_NO_NAME = (
    r"(?!(?:[A-Z]{2,4}|SPECT|Given|Was|Had|Has|Got|In|At|On|From|To|For|Chest|Head|Abdomen|Safety"
    r"|Group|Records?|Administration|Transport|Advice|Identif\w*|Dose|\w{3,6}day|January|February"
    r"|March|April|May|June|July|August|September|October|November|December)\b)"
)
_WARNINGS = (
    (
        re.compile(
            rf"(?<!\w)(?:(?:[Mm]rs?|MRS|Ms|Miss|Mx|Master)\.?\s{{1,3}}{_NAME}"
            rf"|(?i:patient|pt|baby)(?i:'?s?\s{{1,3}}name)?(?i:\W{{1,3}}(?:is|was|called|named))?(?:\s{{1,3}}|\s?[:=]\s{{0,3}})"
            rf"{_NO_NAME}{_NAME})"
        ),
        "a person's name",
    ),
    (
        re.compile(
            rf"(?<!\w)(?:d\.?o\.?b\b|date of birth|born)\W{{0,3}}(?:is|was|on)?\W{{0,3}}{_DATE}", re.I
        ),
        "a date of birth",
    ),
    (
        re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s?\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2}(?!\w)", re.I),
        "a postcode",
    ),
    (
        re.compile(
            r"(?<!\w)(?:(?:hosp(?:ital)?|unit|patient|pt|pas|ris|district)\.?\s?(?:no|num|number|nr|id|#)|mrn|crn)"
            r"[\W_]{0,4}(?:is\s)?[A-Z]{0,3}\d{4,10}(?!\d)",
            re.I,
        ),
        "a hospital number",
    ),
    (re.compile(r"[\w.+-]@[\w-]{1,63}\.\w"), "an e-mail address"),
    (_PHONE, "a telephone number"),
)


def warnings(text: str) -> list[str]:
    """What else may tell who the patient is, in plain words that repeat nothing of the text. Warn only."""
    flat = text if text.isascii() else text.translate(_DIGITS)
    return [
        f"There seems to be {what} in the text: leave out whatever tells who the patient is."
        for pattern, what in _WARNINGS
        if pattern.search(flat)
    ]
