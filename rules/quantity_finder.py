"""Finds the quantities of a free text. What cannot be read for certain is flagged, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rules import quantity_tokens as lex
from rules.quantity_parser import MAX_LENGTH, MEASURES, Parsed, check_product, glued, parse, span_of
from rules.quantity_tokens import Downwards, QuantityError, QuantityToken
from rules.spans import Span

_HINT = r"(?i)sv|gy|gray|bq|becquerel|sievert|\w\s?%|per\s?cent|pct|\d\s?[x×](?!\w)|fold|times|rem|ci|curie"
_FAMILY = {"Sv": "mSv", "Gy": "mGy", "Bq": "MBq", "%": "", "times": ""}
# Between two numbers these make one thing of them.
_CONTINUES = frozenset(("x", "×", "times", "*", "/", "+", ":", "^", "or", "by", "-"))
# Between "about", "less than" or "twice" and the quantity that they speak of.
_LEAD_IN = frozenset("a an the total effective absorbed dose activity of is was at : = ( [ * _".split())
_MULTIPLES = frozenset("twice double triple treble".split())
_AFTER_ABOUT = (
    r"(?i)\s{0,2}(?:\(\s?(?:approx\w{0,8}\.?|roughly|about|est\w{0,7}\.?|\?+)\s?\)"
    r"|(?:approx(?:imately)?|roughly)(?![\w.]|\s*[~\d])|\?\?)"
)
# What may stand right before a quantity, where no digit stands before that.
_OPENERS = frozenset("([{<\"'“‘„«:;,=@*_`|/&→>~")


_GOES_ON = r"(?i)\s{0,3}(?:±|\+/-|\^|or\s{1,3}[\d.])"


class Found(NamedTuple):
    """A quantity in a text: where it stands, what it says, and in the table's unit how much it is.

    `start` and `end` are positions in the text given, `text` what stands there. `base` is Sv, Gy, Bq, % or
    times; `span` is in mSv, mGy or MBq, or a ratio (110% and 1.1 times are 1.1). `about` marks a guess
    ("about 2 mSv"): confirm it. Where `refusal` says why it cannot be taken and what to write instead, `span`
    is None.
    """

    start: int
    end: int
    text: str
    base: str
    span: Span | None
    about: bool = False
    refusal: str = ""


def find(text: str) -> Iterator[Found]:
    """Every quantity that has its unit in a free text, in order. It never raises: see `Found.refusal`.

    What a quantity is of (which dose, whose, "10% more") is for the caller to tell from the words around it.
    """
    flat = lex.plain(text)
    for start, end in _windows(flat):
        found = [*lex.tokens(flat, start, end), QuantityToken("end", "", end, end)]
        i = 0
        while found[i].kind != "end":
            parsed = parse(found, i)
            if parsed and _two(found, parsed):
                parsed = parsed._replace(second=None)
            if parsed is None or parsed.unit is None:
                i += 1
                continue
            clear = _begins(found, i, flat)
            if clear is not None and not _multiplies(found, parsed):
                lead = _lead(found, i)
                start, end = found[i].start, found[parsed.end - 1].end
                hit = _judge(start, end, parsed, text, flat, clear and lead != "limit")
                yield hit._replace(about=True) if lead == "about" else hit
            i = parsed.end


def _windows(flat: str) -> Iterator[tuple[int, int]]:
    """The stretches of the text around anything like a unit: the rest need not be looked at."""
    start, end = 0, 0
    for match in re.finditer(_HINT, flat):
        if match.start() - 80 > end:
            if end:
                yield start, end
            start = match.start() - 80
        end = min(len(flat), match.end() + MAX_LENGTH)
    if end:
        yield start, end


def _two(found: list[QuantityToken], parsed: Parsed) -> bool:
    """Is it no range but two quantities: `12 mSv - 2 mSv intended`, `2 mSv to 3 patients`?"""
    first, second = parsed.first, parsed.second
    if second is None or first.unit is None:
        return False
    if second.unit is None:
        return found[second.end].kind == "word"
    base = lex.family(first.unit.text)
    if base != lex.family(second.unit.text):
        return True
    try:
        span_of(parsed, MEASURES[_FAMILY[base]])
    except Downwards:
        return parsed.spaced
    except QuantityError:
        pass
    return False


def _multiplies(found: list[QuantityToken], parsed: Parsed) -> bool:
    """Is it the `2 x` of `2 x 3 mSv`?"""
    unit = parsed.unit
    return unit is not None and lex.family(unit.text) == "times" and found[parsed.end].kind == "number"


def _judge(start: int, end: int, parsed: Parsed, text: str, flat: str, clear: bool) -> Found:
    assert parsed.unit
    base = lex.family(parsed.unit.text)
    measure = MEASURES[_FAMILY[base]]
    after = flat[end : end + 20]
    span, refusal = None, ""
    try:
        if not clear or end - start > MAX_LENGTH or re.match(_GOES_ON, after):
            raise QuantityError(f"that could mean two things: write one such as {measure.example}")
        if parsed.opening == "from" or (parsed.spaced and parsed.second and parsed.first.unit):
            raise QuantityError(f"limits, or two values? Write limits such as {measure.limits}, or one value")
        if base not in ("%", "times"):
            check_product(after, measure)
        span = span_of(parsed, measure)
    except QuantityError as error:
        refusal = str(error)
    about = parsed.about or bool(re.match(_AFTER_ABOUT, after))
    return Found(start, end, text[start:end], base, span, about, refusal)


def _lead(found: list[QuantityToken], i: int) -> str:
    """`about` or `limit` where such a word stands before a lead-in: `less than a dose of 3 mSv`."""
    for token in reversed(found[max(0, i - 6) : i]):
        if token.text not in _LEAD_IN:
            return "limit" if token.text in _MULTIPLES else token.kind
    return ""


def _begins(found: list[QuantityToken], i: int, flat: str) -> bool | None:
    """Can a quantity begin here? None where it is the end of a word (`CT2`), False where it is not clear."""
    first = found[i]
    joined = first.start > 0 and not flat[first.start - 1].isspace()
    pointed = joined and first.text.startswith(".")
    if i == 0:
        # A line that begins with > may be a quotation.
        return None if joined else first.text != ">" or first.end == found[1].start
    before, earlier = found[i - 1], found[i - 2] if i > 1 else QuantityToken("end", "", 0, 0)
    if before.kind == "number" and (before.text, earlier.kind) != ("point", "word"):
        return _dated(found, i - 1)
    if earlier.kind == "number" and before.text in _CONTINUES:
        return False
    if before.kind == "word" and joined and first.kind == "number":
        return False if pointed else None
    if before.text in ("±", "difference", "discrepancy"):
        return False
    if (earlier.text, before.text) in (("hundred", "and"), ("thousand", "and"), ("/", "-")):
        return False
    if earlier.kind == "unit" and before.text == "or":
        return False
    if before.text == "and" and any(token.kind == "opening" for token in found[max(0, i - 8) : i]):
        return earlier.kind not in ("number", "unit")
    if first.kind == "limit" and (before.kind == "unit" or "\n" in flat[before.end : first.start]):
        return False
    if not joined or before.kind == "arrow":
        return True
    if before.text == ",":
        return earlier.kind in ("word", "unit") and glued(found, i - 1)
    digit = flat[before.start - 1 : before.start].isdigit()
    return before.kind != "other" or (before.text in _OPENERS and not digit and not pointed)


def _dated(found: list[QuantityToken], i: int) -> bool:
    """Is the number at `i` a year, or the end of a date or time, so that it is no part of the next one?"""
    if re.fullmatch(r"(?:19|20)\d\d|\d{1,2}\.\d{1,2}\.\d{2,4}", found[i].text):
        return True
    return (
        i > 1 and glued(found, i) and found[i - 1].text in ("-", "/", ":") and found[i - 2].kind == "number"
    )
