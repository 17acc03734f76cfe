"""How far a target was missed, in locally defined error margins: as a multiple, or as two lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from rules.quantities import Found
from rules.spans import plain

_NAMES = r"(?:margin|imaging action level|action level|tolerance)"
_KIND = r"(?:locally[ -]defined\s+)?(?:error\s+|ptv\s+|set-?up\s+|safety\s+)?"
_MARGIN = re.compile(rf"\s*(?:the\s+|our\s+|local\s+)*{_KIND}{_NAMES}\b")
_LENGTH = re.compile(r"(?<![\w.,])(?P<n>\d{1,3}(?:\.\d{1,2})?)\s?(?P<unit>mm|cm)\b")
_NAMED_BEFORE = re.compile(rf"\b{_NAMES}\s*(?:(?:of|was|is|being|set at|at|only|just)\s+|[:=(]\s*)*$")
_MISSED = re.compile(r"\bmiss\w*|\boff\b|\bout\b|\bshift\w*|\bdisplace\w*|\bmis-?align\w*|\berror\b")
_LEVEL = "is that the locally defined error margin?"
_FACT = "miss_margin_ratio"


def margins(page: Page, found: Sequence[Found]) -> Iterator[Finding]:
    told = [q for q in found if q.base == "times" and q.span and _MARGIN.match(page.low, q.end)]
    for q in told:
        assert q.span
        doubt = "is that a limit, or a guess?" if q.about else ""
        level = "" if "margin" in page.low[q.end : q.end + 40] else _LEVEL
        yield Finding(_FACT, q.span.text(), q.start, q.end, page.doubt(q.start, q.end) or doubt or level)
    if not told and page.has(_MISSED):
        yield from _of_lengths(page)


def _of_lengths(page: Page) -> Iterator[Finding]:
    """ "A miss of 15 mm, margin 5 mm"."""
    lengths = list(islice(_LENGTH.finditer(page.low), 3))
    named = [
        m for m in lengths if _NAMED_BEFORE.search(page.before(m.start())) or _MARGIN.match(page.low, m.end())
    ]
    if len(lengths) != 2 or len(named) != 1:
        return
    (margin,) = named
    (miss,) = (m for m in lengths if m is not margin)
    across, allowed = (Decimal(m["n"]) * (10 if m["unit"] == "cm" else 1) for m in (miss, margin))
    if not allowed:
        return
    ratio = round(across / allowed, 4)
    doubt = page.doubt(*miss.span()) or page.doubt(*margin.span())
    if ratio * allowed != across:
        doubt = doubt or "the ratio does not come out even: what is it?"
    near = page.low[max(0, margin.start() - 30) : margin.end() + 30]
    yield Finding(_FACT, plain(ratio), *miss.span(), doubt or ("" if "margin" in near else _LEVEL))
