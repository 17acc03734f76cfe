"""The words of a quantity: numbers, units, limits, and what says that a number is a guess.

Nothing here decides what a quantity is; `rules.quantities` puts the pieces together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rules.spans import EXACT, MAX_DIGITS

# Values of nine digits before the point are beyond any dose, activity or count.
MAX_WHOLE = 9
WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
}
# Parts of longer number words: known so that "twenty-five" is never taken for 5, but not read.
PARTS = tuple(
    "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half quarter "
    "point".split()
)
FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}

EXPONENTS = {"n": -9, "u": -6, "µ": -6, "mc": -6, "m": -3, "c": -2, "": 0, "k": 3, "M": 6, "g": 9, "t": 12}
EXPONENTS |= {"nano": -9, "micro": -6, "milli": -3, "centi": -2, "kilo": 3, "mega": 6, "giga": 9, "tera": 12}
# Which of them anybody uses, by base unit.
USED = {"Sv": (-9, -6, -3, 0), "Gy": (-6, -3, -2, 0), "Bq": (0, 3, 6, 9, 12)}
BASES = {"sv": "Sv", "sievert": "Sv", "gy": "Gy", "gray": "Gy", "bq": "Bq", "becquerel": "Bq"}
BASES |= {"rem": "Sv", "ci": "Bq", "curie": "Bq"}
NAMES = {"Sv": "sieverts", "Gy": "grays", "Bq": "becquerels"}
SYMBOLS = {-9: "n", -6: "µ", -3: "m", -2: "c", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}


class QuantityError(ValueError):
    """The value cannot be taken. `str()` is one line: what is wrong, and what to write instead."""


class Downwards(QuantityError):
    """The upper limit stands before the lower one."""


class QuantityToken(NamedTuple):
    kind: str  # number, unit, limit, about, tail, opening, dash, arrow, ish, word, other, end
    text: str
    start: int
    end: int


class Unit(NamedTuple):
    base: str  # Sv, Gy, Bq, % or times
    exponent: int


class _Plain(dict[int, int]):
    """One character for one, so that positions stay: digits, spaces, dashes and full-width forms."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        category = unicodedata.category(char)
        plain = char
        if category == "Nd":
            plain = str(unicodedata.decimal(char))
        elif category == "Pd" or char == "−":
            plain = "-"
        elif char == "μ":
            plain = "µ"
        elif category in ("Zs", "Cf"):
            plain = " "
        elif category in ("Po", "Sm", "Lu", "Ll", "Ps", "Pe"):
            # Not the categories of ² and ①: 10² is not 102.
            folded = unicodedata.normalize("NFKC", char)
            plain = folded if len(folded) == 1 and folded != "μ" else char
        self[code] = ord(plain)
        return self[code]


_PLAIN = _Plain()


# What is pasted out of a web page: a space, or a micro sign.
_PASTED = r"(?i)&(?:(?P<micro>micro|mu|#181|#956)|nbsp|(?:thin|en|em)sp|#(?:160|8201|8239|xa0));"


def plain(text: str) -> str:
    """The same text, of the same length, with one form of each digit, space, dash and micro sign."""
    if "&" in text:
        text = re.sub(_PASTED, lambda one: ("µ" if one["micro"] else "").rjust(len(one[0])), text)
    return text if text.isascii() else text.translate(_PLAIN)


_NOT = r"(?:no|not|never|cannot|without|\w{2,6}n['’]t)"
_LIMITS = {
    ">=": r">=|&gt;=|[≥⩾≧]|(?:more|greater) than or equal to|at (?:the )?(?:very )?least|minimum(?: of)?"
    r"|upwards of"
    rf"|{_NOT} (?:(?:less|fewer|lower) than|under|below)",
    "<=": r"<=|&lt;=|[≤⩽≦]|less than or equal to|at (?:the )?(?:very )?most|up to|(?:max\.?|maximum)(?: of)?"
    rf"|{_NOT} (?:(?:more|greater|higher) than|over|above|exceed(?:s|ed|ing)?)",
    "<": r"<|&lt;|(?:less|fewer|lower|smaller) than|under|below",
    "over": r"(?:more|greater|higher|older) than|over|above|exceed(?:s|ed|ing)?|in excess of",
    ">": r">|&gt;",
}
_TAILS = {
    ">=": r"(?:or|and) (?:more|above|over|greater|higher|older|upwards)(?!\s?\d)|\+(?!\s?\d)",
    "<=": r"(?:or|and) (?:less|under|below|lower|fewer|younger)(?!\s?\d)",
}
_ABOUT = (
    r"about|abt|around|roughly|approx\.?|approximately|circa|ca\.?|c\.(?=\s?\d)|nearly|almost|maybe|perhaps"
    r"|probably|possibly|some(?= \d)|say|in the (?:region|order) of|(?:of|on) the order of|close to"
    r"|approaching|as (?:much|high|little|low) as|[~≈∼≃≅]|\?(?=\d)"
)
_END = r"(?![^\W\d_])"


def _phrases(pattern: str) -> str:
    return pattern.replace(" ", r"\s{1,3}")


# Patterns stay strings until they are used, as compiling takes longer than starting Python; `re` keeps them.
_UNIT = (
    r"(?i)(?:(?P<prefix>(?:nano|micro|milli|centi|kilo|mega|giga|tera)[ -]?|mc|[a-zµ])?"
    r"(?P<base>sievert|gray|becquerel|sv|gy|bq)s?(?![^\W_])|[mkucnµ]?(?P<old>rem|ci|curie)s?(?![^\W_])"
    r"|(?P<percent>%|(?:per ?cent|pct)(?![^\W_]))|(?:-?fold|times|[x×])(?![^\W_]))"
)
# The same for other patterns, in small letters.
UNIT = re.sub("[?]P<[a-z]+>", "?:", _UNIT.removeprefix("(?i)"))
_NUMBER_WORDS = "|".join(sorted([*WORDS, *PARTS], key=len, reverse=True)).replace(
    "half", r"half(?:\s{1,3}an?)?"
)
# The commonest first.
_TOKEN = (
    rf"(?i)(?P<number>(?:\d+(?:[.,]\d+)*[½¼¾]?|\.\d+|[½¼¾])(?:e[-+]?\d+)?|(?:{_NUMBER_WORDS}){_END})"
    rf"|(?P<unit>{UNIT})"
    r"|(?P<arrow>[-=]+>)"
    rf"|(?P<tail>(?:{_phrases('|'.join(_TAILS.values()))}){_END})"
    rf"|(?P<ish>(?:-?ish|or\s{{1,3}}so|(?:or\s{{1,3}})?thereabouts){_END})"
    rf"|(?P<limit>(?:{_phrases('|'.join(_LIMITS.values()))}){_END})"
    rf"|(?P<about>(?:{_phrases(_ABOUT)}){_END})"
    rf"|(?P<opening>(?:between|from){_END})"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<dash>-)"
    r"|(?P<other>\S)"
)


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[QuantityToken]:
    """The pieces of a `plain` text, in order, with their positions in it."""
    for match in re.compile(_TOKEN).finditer(text, start, len(text) if end is None else end):
        kind = match.lastgroup or "other"
        yield QuantityToken(kind, match[0] if kind == "unit" else match[0].lower(), *match.span())


@lru_cache(256)
def operator(kind: str, text: str) -> str:
    """What a limit or tail token means: `<`, `<=`, `>`, `>=`, or `over`: `>`, but not of ages."""
    table = _TAILS if kind == "tail" else _LIMITS
    return next(op for op, pattern in table.items() if re.fullmatch(_phrases(pattern), text))


@lru_cache(256)
def family(text: str) -> str:
    """The base unit of a unit token, be it in use or not: Sv, Gy, Bq, % or times."""
    match = re.fullmatch(_UNIT, text)
    assert match, "a unit token"
    if match["base"] or match["old"]:
        return BASES[(match["base"] or match["old"]).lower()]
    return "%" if match["percent"] else "times"


@lru_cache(256)
def unit(text: str) -> Unit:
    """The unit that a token names. Raises `QuantityError` for one that nobody uses, such as MSv."""
    match = re.fullmatch(_UNIT, text)
    assert match, "a unit token"
    base = family(text)
    if match["old"]:
        raise QuantityError(f"{text} is a unit no longer in use: write {'mSv' if base == 'Sv' else 'MBq'}")
    if not match["base"]:
        return Unit(base, -2 if base == "%" else 0)
    prefix = (match["prefix"] or "").rstrip(" -")
    exponent = EXPONENTS.get(prefix if prefix in ("m", "M") else prefix.lower())
    if exponent not in USED[base]:
        if prefix in ("m", "M"):
            meant, name = {"m": ("M", "mega"), "M": ("m", "milli")}[prefix]
            raise QuantityError(
                f"{text} is probably not meant: write {meant}{base} if you mean {name}{NAMES[base]}"
            )
        used = ", ".join(SYMBOLS[e] + base for e in USED[base])
        raise QuantityError(f"{text} is not a unit in use here: write one of {used}")
    return Unit(base, exponent)


_PLAIN_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d{1,2})?"
_THOUSANDS = r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"


def number(text: str) -> Decimal:
    """The exact value of a number token. Raises `QuantityError` where it is no number, or could mean two."""
    if text in WORDS:
        return Decimal(WORDS[text])
    if text.startswith(PARTS):
        raise QuantityError("that number has to be in figures: write one such as 25 or 0.5")
    if len(text) > MAX_DIGITS + MAX_WHOLE:
        raise QuantityError(f"that number is too long: write at most {MAX_DIGITS} digits")
    if text[-1] in FRACTIONS and (text[:-1].isdecimal() or len(text) == 1):
        return Decimal(text[:-1] or 0) + FRACTIONS[text[-1]]
    comma = re.fullmatch(r"(\d+),(\d+)", text)
    if comma:
        whole, part = comma.groups()
        if len(part) == 3 and len(whole) <= 3 and whole[0] != "0":
            decimal = f"{whole}.{part}".rstrip("0").rstrip(".")
            raise QuantityError(f"{text} could be two numbers: write {whole}{part} or {decimal}")
        return Decimal(f"{whole}.{part}")
    if re.fullmatch(_THOUSANDS, text):
        return Decimal(text.replace(",", ""))
    if not re.fullmatch(_PLAIN_NUMBER, text):
        raise QuantityError("that number is not clear: write it with a point for decimals, such as 1200.5")
    return Decimal(text)


def fitting(value: Decimal) -> Decimal:
    """The value, where it has a size and a number of digits that arithmetic here keeps exact.

    Zeros at its end stay: they tell how finely a ratio was rounded.
    """
    if not value:
        return Decimal(0)
    if value.adjusted() >= MAX_WHOLE:
        raise QuantityError("that is too large to be meant: check the number and its unit")
    brief = value.normalize(EXACT) if len(value.as_tuple().digits) <= EXACT.prec else value
    exponent = brief.as_tuple().exponent
    if isinstance(exponent, int) and max(0, value.adjusted() + 1) - min(0, exponent) > MAX_DIGITS:
        raise QuantityError(f"that has too many decimals to be meant: write at most {MAX_DIGITS} digits")
    return value
