"""Every quantity of a text, cut out as one token; a number whose unit is said once gets its neighbours'. The
dose as measured is no such quantity, but two of one protocol give a ratio, which is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from bot.core.reader.findings import Finding
from bot.core.reader.lexicon import expression
from bot.core.reader.page import Page
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged
from rules.quantities import Found, QuantityError, find, read
from rules.spans import Span, plain

UNITS = {"Sv": "mSv", "Gy": "mGy", "Bq": "MBq"}
_TAGS = {"%": "pct"}
_AT_MOST = 40
_NO_QUANTITY, _UNIT_FIRST = expression("no_quantity", re.I), expression("unit_first")
_ENDS, _NO_AMOUNT, _WITH_UNIT = tagset("dose_ends"), tagset("no_amount"), tagset("Sv Gy Bq")
_COUNTED = ("picture", "cbct", "kv", "film", "pair", "planning")  # whose whole numbers are no doses


def cut_quantities(page: Page) -> None:
    """Every quantity that has its unit becomes a token of its own: no age, count or day is read from it."""
    for match in _UNIT_FIRST.finditer(page.text):
        base = match[1][-2:].capitalize()
        if span := span_of(f"{match[2]} {match[1]}", base):
            page.cut(base, *match.span(), Found(*match.span(), match[0], base, span))
    text = _NO_QUANTITY.sub(lambda match: re.sub(r"\d", "x", match[0]), page.text)
    for found in islice(find(text), _AT_MOST):
        if page.rest[found.start : found.end].strip():
            found = found._replace(text=page.text[found.start : found.end])
            page.cut(_TAGS.get(found.base, found.base), found.start, found.end, found)


def bare_numbers(t: Tagged) -> None:
    """They become quantities in the unit of their neighbours, where all of those have the same."""
    near = [token for token in t.tokens if token.tags & _WITH_UNIT and token.value.span is not None]
    same = len({re.sub(r"^.*?([a-zµ]+)\W*$", r"\1", token.word) for token in near}) == 1
    for i, token in enumerate(t.tokens if near else ()):
        if "n" not in token.tags or token.value is None or token.word == "one":
            continue
        counted = t.starts("total", i + 1) or t.has_in(*t.sentence(i), *_COUNTED)
        named = i and (t.tokens[i - 1].tags & _NO_AMOUNT or t.tokens[i - 1].word == "/")
        if named or (counted and token.value % 1 == 0):
            continue
        after = t.tokens[i + 1] if i + 1 < len(t.tokens) else None
        if after is not None and after.tags & _WITH_UNIT and after.value.span is None:
            continue  # "15.3 11.2 mSv": which of the two is it?
        ends = after is None or after.tags & _ENDS
        linked = t.starts("@linked_to", i + 1) or (same and t.starts("@link_after", i + 1))
        if ends and not linked:
            images = same and t.before("@counted", i, 8)
            linked = not images and t.before(*("@link_before", i, 6) if same else ("@linked_from", i, 4))
        begin, end = t.sentence(i)
        last, before = t.tokens[end - 1].end, t.sentence(max(0, begin - 1))[0]
        within = ([one for one in near if t.tokens[k].start <= one.start < last] for k in (begin, before))
        beside = next(filter(None, within), [])  # "prescribed 3.7 GBq. Gave 3.7."
        if not linked or not beside:
            continue
        apart, nearest = min((max(token.start - one.end, one.start - token.end), one) for one in beside)
        said = re.search(r"\d+(?:\.\d+)?", nearest.value.text)
        if apart > 90 or (said and token.value > 100 * Decimal(said[0])):
            continue  # beside 1.1 GBq a bare 600 is not of GBq
        if span := in_unit(str(token.value), nearest.value):
            base, text = nearest.value.base, t.text[token.start : token.end]
            about = t.before("approx", i) is not None
            t.put(i, base, Found(token.start, token.end, text, base, span, about))


def in_unit(number: str, near: Found) -> Span | None:
    """The number in the unit of a neighbour."""
    unit = re.search(r"[A-Za-zµμ]+(?=\W*$)", near.text)
    return span_of(f"{number} {unit[0]}" if unit else number, near.base)


def span_of(text: str, base: str) -> Span | None:
    """What a quantity says; None where it is refused."""
    try:
        return read(text, UNITS[base])
    except QuantityError:
        return None


# The dose as the machine or the calibrator gave it: kept in the record as it is, and never decided on.
_MEASURED, _TWO = expression("measured"), expression("two_measured")
_SAID_TO_BE_MEANT, _AGAINST, _ADDED = map(expression, ("said_to_be_meant", "set_against", "added_to"))


def measured(page: Page) -> str:
    """As it stands in the text: `DLP 1200 mGycm, CTDI 40`. Empty where nothing of the kind is said."""
    said = (page.text[slice(*match.span())].split() for match in _MEASURED.finditer(page.low))
    return ", ".join(dict.fromkeys(map(" ".join, said)))


def measured_ratios(page: Page) -> Iterator[Finding]:
    """The quotient of two products or indices: of what was given and meant, or of both and the first."""
    for match in _TWO.finditer(page.low):
        one, other = (Decimal(match[name].replace(",", "")) for name in ("one", "other"))
        between, after = match["between"], match["after"]
        if _SAID_TO_BE_MEANT.match(between):
            one, other = other, one  # "DLP 450 expected, 900 given"
        added = not _AGAINST.search(between) and not _SAID_TO_BE_MEANT.match(after)
        if not one or not other or (added and not _ADDED.search(between + after)):
            continue
        ratio = round((one + other) / one if added else one / other, 4)
        yield Finding("dose_ratio", plain(ratio), match.start("name"), match.end("other"), "?as_measured")
