"""Ratios of delivered to intended: a ratio, a percentage, "twice", or two therapy doses in gray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby, islice

from bot.core.reader.doses import amount
from bot.core.reader.findings import Finding
from bot.core.reader.guards import first_of
from bot.core.reader.matching import said
from bot.core.reader.patterns import tagset
from bot.core.reader.roles import Placed, place, versus
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token
from rules.spans import Span, exactly, plain


def ratios(t: Tagged) -> Iterator[Finding]:
    stated = ((i, span) for i, token in enumerate(t.tokens) if (span := _stated(t, i, token)))
    for one in (*_gray(t), *(_named(t, ratio, t.span(i, i + 1)) for i, ratio in stated)):
        yield one
        if one.doubt in ("?one_or_all", "?whole_course"):  # of either, then
            of_all = one.fact == "target_dose_ratio"
            yield replace(one, fact="fraction_dose_ratio" if of_all else "target_dose_ratio")


def _stated(t: Tagged, i: int, token: Token) -> Span | None:
    """The ratio to what was intended that a token tells: a share of it, or so much less or more."""
    if "n" in token.tags and token.value is not None:
        part = token.value % 1 and t.starts("of|x (what|a)* intended", i + 1)
        return exactly(token.value) if part or t.before("ratio (of|be|colon)*", i, 6) else None
    if token.of("double"):
        return exactly(Decimal(token.of("double"))) if t.starts("@of_meant", i + 1) else None
    span: Span | None = token.value.span if token.tags & tagset("pct times") else None
    if span is None or t.starts("@of_meant", i + 1):
        return span
    if not span.exact or "pct" not in token.tags:
        return None
    more, lowered = t.starts("@more_ratios", i + 1), t.before("@less_by", i, 6)
    if not more and (lowered or t.starts("@less_after", i + 1) or t.before("low", i)) and span.low.value < 1:
        return exactly(1 - span.low.value)
    return exactly(1 + span.low.value) if not lowered and (more or t.before("@more_before", i, 6)) else None


def _named(t: Tagged, ratio: Span, hit: Hit) -> Finding:
    """The fact that a ratio is: by what is spoken of in its sentence."""
    sentence = t.sentence(hit.i)
    loose = t.starts("@of_meant", hit.j) or ratio.low.value < Decimal("0.5")
    doubt, unsure = "?so_much_more" if loose and t.before("high|low", hit.i, 3) else "", ""
    if t.first("@activity", *sentence) or (not t.first("@therapy") and t.first("@activity")):
        fact, shares = "activity_ratio", sum("pct" in token.tags for token in t.tokens[slice(*sentence)])
        doubt = doubt if t.has("therapy", "sirt", "i131") else "?of_a_therapy"
        unsure = "?of_all" if shares > t.has_in(hit.i, hit.j, "pct") else ""
    elif not t.first("@therapy") and not t.has("Gy"):
        fact, of_other = "dose_ratio", t.has_in(*sentence, "organ", "organ_dose", "product")
        unsure = "?effective" if of_other else ""
    else:
        fact, unsure = _which(t, hit.i)
    return said(t, fact, ratio.text(), hit, doubt or unsure)


def _which(t: Tagged, i: int) -> tuple[str, str]:
    """Of a fraction, an organ at risk or the target, by what its sentence names; of two the one before it."""
    begin, end = t.sentence(i)
    so_far = t.first("@so_far") is not None
    whole = not so_far and (t.has("course") or t.first("Gy in|slash? n fractions|fraction"))
    # "8 Gy in 1#" is the whole of a prescription, "2 Gy in one fraction" is not.
    in_all = {hit.j - 1 for hit in t.find("Gy in|slash? many:n fraction") if hit["many"].word.isdecimal()}
    if any(hit.i not in in_all for hit in t.find("fraction|that_day !fractions", begin, end)):
        both = t.has_in(begin, end, "course") or t.first("n fractions", begin, end)
        return "fraction_dose_ratio", "?one_or_all" if both else ""
    # "1.2 times the intended dose to the target, 1.3 to the rectum"
    named = [k for k in range(begin, end) if t.has_in(k, k + 1, "organ", "target")]
    last = max((k for k in named if k <= i), default=named[0] if named else i)
    part = t.has_in(begin, end, "coverage") or t.first("pct of target", begin, end)
    if t.has_in(last, last + 1, "organ"):
        return "organ_dose_ratio", "" if whole and not part else "?highest"
    clear = not part and (whole or (named and not t.has("fractions") and not so_far))
    return "target_dose_ratio", "" if clear else "?whole_course"


def _gray(t: Tagged) -> Iterator[Finding]:
    """ "planned 60 Gy in 30 fractions, delivered 66 Gy": the ratio, where it comes out even."""
    placed = [p for p in place(t, "Gy") if p.role not in ("foetal", "aside", "organ")]
    pairs = [placed[k : k + 2] for k in range(0, len(placed), 2)]
    if len(placed) not in (2, 4):  # "4 Gy instead of 2 Gy. Total 40 Gy as planned"
        told = (list(of_one) for _, of_one in groupby(placed, lambda p: t.sentence(p.i)))
        pairs = [two for two in told if len(two) == 2]
    for pair in pairs:
        yield from _of_two(t, pair, several=len(placed) > 2)


def _of_two(t: Tagged, pair: list[Placed], *, several: bool) -> Iterator[Finding]:
    meant = [p for p in pair if p.role == "intended"] or ([pair[1]] if versus(t, *pair) else [])
    meant = meant or [p for p in pair if p.role == "none"]  # "20 Gy in 5, given 24 Gy in 6"
    given = [p for p in pair if p not in meant]
    if len(meant) != 1 or len(given) != 1:
        return
    hit = t.span(pair[0].i, pair[1].i + 1)
    fact, doubt = _which(t, hit.i)
    delivered, prescribed = amount(given[0]), amount(meant[0])
    if delivered is None or prescribed is None:
        if all(p.found.span for p in pair):
            yield said(t, fact, None, hit, "?exact")
        return
    # Therapy is in gray; what is below a tenth of one is a foetus's or an organ's.
    if prescribed < 100:
        return
    rounded = round(delivered / prescribed, 4)
    of = {one["many"].value for p in pair if (one := t.starts("@in_fractions", p.i + 1))}
    if len(of) > 1:
        fact, doubt = "fraction_dose_ratio" if 1 in of else fact, "?one_or_all"
    told = meant[0].role == "intended" and given[0].role in ("received", "total", "made")
    loose = several or meant[0].parted or not told or not all(p.found.span for p in pair)
    much, uneven = ("?so_much_given", rounded > 3), ("?uneven", rounded * prescribed != delivered)
    yield said(t, fact, plain(rounded), hit, first_of([(doubt, doubt), ("?exact", loose), much, uneven]))


def margins(t: Tagged) -> Iterator[Finding]:
    """How far a target was missed in locally defined error margins, where it is said by two lengths."""
    lengths = list(islice(t.find("many:n unit:mm|cm"), 3))
    named = [n for n in lengths if t.before("@margin_before", n.i, 5) or t.starts("@margin_after", n.j)]
    if len(lengths) != 2 or len(named) != 1 or not t.has("miss", "missed", "partial", "off"):
        return
    miss, margin = sorted(lengths, key=named.__contains__)
    across, allowed = (hit["many"].value * (10 if "cm" in hit["unit"].tags else 1) for hit in (miss, margin))
    if allowed:
        ratio = round(across / allowed, 4)
        sure = t.has("margin") and t.has("miss", "missed", "partial")
        beyond = "outside" in t.low or t.has("more_than")
        about = beyond or any(t.before("approx", hit.i, 3) for hit in lengths)
        doubt = "?exact" if about else "?uneven" * (ratio * allowed != across) if sure else "?margin"
        hit = t.span(min(miss.i, margin.i), max(miss.j, margin.j))
        yield said(t, "miss_margin_ratio", plain(ratio), hit, doubt)
