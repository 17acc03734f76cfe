"""Ratios of delivered to intended: a ratio, a percentage, "twice", or two therapy doses in gray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from bot.core.reader.doses import amount
from bot.core.reader.findings import Finding
from bot.core.reader.matching import said
from bot.core.reader.patterns import tagset
from bot.core.reader.roles import Placed, Role, place, versus
from bot.core.reader.tags import Hit, Tagged
from rules.spans import Span, exactly, plain

_EXACT, _OF_WHAT = "is that exact?", "is that of the intended dose, over the whole course?"
_SO_MUCH_MORE = "is that so much more or less, or all that was given?"
_EFFECTIVE = "is that of the effective dose?"
_ONE_OR_ALL, _WHOLE_COURSE = (
    "is that one fraction, or the whole course?",
    "is that the target's dose over the whole course?",
)
_EITHER = {"fraction_dose_ratio": "target_dose_ratio", "target_dose_ratio": "fraction_dose_ratio"}
_UNEVEN = "the ratio does not come out exactly: what is it?"


def ratios(t: Tagged) -> Iterator[Finding]:
    for one in (
        *_gray(t),
        *(one for told in _stated(t) for one in _named(t, *told)),
        *_of_target_and_organs(t),
    ):
        yield one
        if one.doubt in (_ONE_OR_ALL, _WHOLE_COURSE):  # of either, then
            yield replace(one, fact=_EITHER[one.fact])


def _stated(t: Tagged) -> Iterator[tuple[Span, Hit]]:
    """Every ratio to what was intended, with its place in the text."""
    for i, token in enumerate(t.tokens):
        hit, span = t.span(i, i + 1), token.value.span if token.tags & _QUANTITIES else None
        if "times" in token.tags and span and t.starts("@of_meant", i + 1):
            yield span, hit
        elif "pct" in token.tags and span:
            share = span.low.value
            less = t.starts("(dose|too)* low|less_than", i + 1) or t.before(
                "(low | lowered | low ~2 by|of)", i, 6
            )
            more = t.starts("@more_ratios", i + 1) or t.before(
                "(high | raised | high|more_than ~2 by|of)", i, 6
            )
            if t.starts("@of", i + 1):
                yield span, hit
            elif span.exact and less and share < 1 and not t.starts("@more_ratios", i + 1):
                yield exactly(1 - share), hit
            elif span.exact and more and not t.before("(lowered | low ~2 by|of)", i, 6):
                yield exactly(1 + share), hit
        elif (
            "n" in token.tags
            and token.value is not None
            and token.value % 1
            and t.starts("of|x (what|a)* meant|booked", i + 1)
        ):
            yield exactly(token.value), hit
        elif token.of("double") and t.starts("@of_meant", i + 1):
            yield exactly(Decimal(token.of("double"))), hit
    for hit in t.find("ratio (of|be|colon)* value:n"):
        if hit["value"].value is not None:
            yield exactly(hit["value"].value), hit


_QUANTITIES = tagset("pct times")


def _named(t: Tagged, ratio: Span, hit: Hit) -> Iterator[Finding]:
    """The fact that a ratio is: by what is spoken of in its sentence."""
    token = t.tokens[hit.i]
    about = token.value.about if token.tags & _QUANTITIES else bool(t.before("approx", hit.i, 3))
    loose = t.before("high|low", hit.i, 3) and (t.starts("@of", hit.i + 1) or ratio.low.value < _MOST_MISSING)
    doubt = _EXACT if about else _SO_MUCH_MORE if loose else ""
    if t.first("@activity", *t.sentence(hit.i)) or (not t.first("@therapy") and t.first("@activity")):
        if not t.has("therapy", "sirt", "i131"):
            doubt = "was it a therapy, and is that of the prescribed activity?"
        others = any("pct" in t.tokens[k].tags for k in range(*t.sentence(hit.i)) if k != hit.i)
        yield said(t, "activity_ratio", ratio.text(), hit, doubt or ("of all of it?" if others else ""))
    elif not t.first("@therapy") and not t.has("Gy"):
        organ = t.has_in(*t.sentence(hit.i), "organ", "organ_dose", "product")
        yield said(t, "dose_ratio", ratio.text(), hit, doubt or (_EFFECTIVE if organ else ""))
    else:
        fact, unsure = _which(t, hit.i)
        yield said(t, fact, ratio.text(), hit, doubt or unsure)


def _which(t: Tagged, i: int) -> tuple[str, str]:
    """Of a fraction, an organ at risk or the target, by what its sentence names; of two the one before it."""
    begin, end = t.sentence(i)
    so_far = t.first("@so_far") is not None
    whole = (t.has("course") or t.first("Gy in|slash? n fractions|fraction") is not None) and not so_far
    if any(not _in_all(t, hit) for hit in t.find("fraction !fractions", begin, end)):
        both = t.has_in(begin, end, "course") or t.first("n fractions", begin, end)
        return "fraction_dose_ratio", _ONE_OR_ALL if both else ""
    organs, targets = (
        [k for k in range(begin, end) if tag in t.tokens[k].tags] for tag in ("organ", "target")
    )
    before = [k for k in (*organs, *targets) if k <= i]
    if organs and targets and not before:
        # "1.2 times the intended dose to the target, 1.3 to the rectum"
        before = [min((*organs, *targets))]
    part = t.has_in(begin, end, "coverage") or t.first("pct of target", begin, end)
    if organs and (not before or max(before) in organs):
        unsure = "is that over the whole course, and the highest of the organs at risk?"
        return "organ_dose_ratio", "" if whole and not part else unsure
    clear = not part and (whole or (targets and not t.has("fractions") and not so_far))
    return "target_dose_ratio", "" if clear else _WHOLE_COURSE


def _in_all(t: Tagged, fraction: Hit) -> bool:
    """ "8 Gy in 1#" is the whole of a prescription, "2 Gy in one fraction" is not."""
    return bool(t.before("Gy in|slash? n", fraction.i, 4)) and t.tokens[fraction.i - 1].word.isdecimal()


def _gray(t: Tagged) -> Iterator[Finding]:
    """ "planned 60 Gy in 30 fractions, delivered 66 Gy": the ratio, where it comes out even."""
    placed = [p for p in place(t, "Gy") if p.role not in (Role.FOETAL, Role.ASIDE, Role.ORGAN)]
    if len(placed) in (2, 4):
        for k in range(0, len(placed), 2):
            yield from _of_two(t, placed[k : k + 2], several=len(placed) > 2)


def _of_two(t: Tagged, pair: list[Placed], *, several: bool) -> Iterator[Finding]:
    meant = [p for p in pair if p.role is Role.INTENDED] or ([pair[1]] if versus(t, *pair) else [])
    given = [p for p in pair if p not in meant]
    if len(meant) != 1 or len(given) != 1:
        return
    hit = t.span(pair[0].i, pair[1].i + 1)
    delivered, prescribed = amount(given[0]), amount(meant[0])
    if delivered is None or prescribed is None:
        if all(p.found.span for p in pair):
            yield said(t, _which(t, hit.i)[0], None, hit, _EXACT)
        return
    # Therapy is in gray; what is below a tenth of one is a foetus's or an organ's.
    if prescribed < 100:
        return
    rounded = round(delivered / prescribed, 4)
    fact, doubt = _which(t, hit.i)
    of = {one["many"].value for p in pair if (one := t.starts("@in_fractions", p.i + 1))}
    if len(of) > 1:
        fact, doubt = "fraction_dose_ratio" if 1 in of else fact, _ONE_OR_ALL
    told = meant[0].role is Role.INTENDED and given[0].role in (Role.RECEIVED, Role.TOTAL, Role.MADE)
    if several or meant[0].parted or not told or any(p.found.about or not p.found.span for p in pair):
        doubt = doubt or _EXACT
    if rounded > 3:
        doubt = doubt or "is that how much more was given than planned?"
    yield said(t, fact, plain(rounded), hit, doubt or ("" if rounded * prescribed == delivered else _UNEVEN))


# Without a fact it is told by what the sentence speaks of.
_LOOSE = (
    ("target_dose_ratio", "(target | meant total) ~5 value:pct"),
    ("organ_dose_ratio", "oar|organ (be|high)* value:n|pct"),
    ("fraction_dose_ratio", "single|n fraction value:pct"),
    ("target_dose_ratio", "output plus value:pct"),
    ("", "(so value:times | value:times (in|for) a? fraction)"),
)


def _of_target_and_organs(t: Tagged) -> Iterator[Finding]:
    """What is said of a target or an organ at risk without a word of what was intended: asked, unless it is
    what the target got over the whole course."""
    for fact, words in _LOOSE:
        for hit in t.find(words) if fact == "target_dose_ratio" or t.first("@therapy") else ():
            share = _share(t, hit)
            if share is not None and 0 < share < 3:
                asked = "" if share > _MOST_MISSING and _of_the_course(t, fact, hit) else _OF_WHAT
                yield said(t, fact or _which(t, hit.i)[0], plain(share), hit, asked)


def _of_the_course(t: Tagged, fact: str, hit: Hit) -> bool:
    """ "PTV got 88% over the course": of nothing else, and 12% over the course may be so much more."""
    about = "pct" not in hit["value"].tags or hit["value"].value.about
    over = t.starts("@over_the_course", hit.j) and t.has_in(hit.i, hit.j, "got")
    return fact == "target_dose_ratio" and bool(over) and not about and not t.has("oar", "organ")


def _share(t: Tagged, hit: Hit) -> Decimal | None:
    """The number of such words as a ratio; what is stated in full has been read already."""
    token = hit["value"]
    if "n" in token.tags:
        return token.value if token.value is not None and token.value % 1 else None
    span = token.value.span
    if (
        not span
        or not span.exact
        or any(t.starts(words, hit.j) for words in ("@of", "@more_ratios", "(dose|too)* low|less_than"))
    ):
        return None
    share: Decimal = span.low.value
    if t.has_in(hit.i, hit.j, "plus"):
        return 1 + share
    low = t.has_in(*t.clause(hit.i), "low") and share < _MOST_MISSING and "target" in t.tokens[hit.i].tags
    return 1 - share if low else share


_MOST_MISSING = Decimal("0.5")


def margins(t: Tagged) -> Iterator[Finding]:
    fact, miss_said = "miss_margin_ratio", t.has("miss", "missed", "partial")
    level = "" if t.has("margin") and miss_said else "is that the locally defined error margin?"
    told = [hit for hit in t.find("@margins") if hit["value"].value.span]
    for hit in told:
        about = "is that a limit, or a guess?" if hit["value"].value.about else ""
        alone = (
            "" if t.has_in(hit.i, hit.j, "margin") else level or "is that the locally defined error margin?"
        )
        yield said(t, fact, hit["value"].value.span.text(), hit, about or alone)
    lengths = [hit for hit in islice(t.find("many:n unit:mm|cm"), 3) if hit["many"].value is not None]
    named = [
        hit
        for hit in lengths
        if t.before("@named_before", hit.i, 5) or t.starts("(local|a)* margin|level", hit.j)
    ]
    if told or len(lengths) != 2 or len(named) != 1 or not (miss_said or t.has("off")):
        return
    (margin,) = named
    (miss,) = (hit for hit in lengths if hit is not margin)
    across, allowed = (hit["many"].value * (10 if "cm" in hit["unit"].tags else 1) for hit in (miss, margin))
    if allowed:
        ratio = round(across / allowed, 4)
        span = t.span(min(miss.i, margin.i), max(miss.j, margin.j))
        about = _EXACT if any(t.before("approx", one.i, 3) for one in lengths) or "outside" in t.low else ""
        yield said(t, fact, plain(ratio), span, about or (_UNEVEN if ratio * allowed != across else level))
