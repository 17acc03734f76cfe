"""Ratios of delivered to intended: a ratio, a percentage, "twice", or two therapy doses in gray."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from bot.core.reader.counts import many_of
from bot.core.reader.findings import Finding
from bot.core.reader.matching import said
from bot.core.reader.roles import Placed, Role, place, versus
from bot.core.reader.tags import Hit, Tagged, pattern, tagset
from rules.spans import Span, exactly, plain

_MEANT = "(what | a | it | dose | approx)* (meant|booked|fraction_dose) (dose | fraction | total)?"
_OF_MEANT = pattern(f"(dose)? (of | what)? {_MEANT}")
_OF = pattern(
    "(comma|and* target|organ|word? pct)* comma? of (what|a)* (meant|booked) (dose|fraction|activity)?"
)
_MORE = pattern("(dose | too)* (high|extra|more_than) !over_time|course")
_LESS = pattern("(dose | too)* (low|less_than)")
_MORE_BEFORE = pattern("(high|more_than) ~2 (by|of)")
_LESS_BEFORE = pattern("low ~2 (by|of)")
_THERAPY = pattern("fraction|fractions|target|linac|treatment|oar|course|output")
_ACTIVITY = pattern("activity|Bq|sirt|therapy|i131|calibrator")
_SO_FAR = pattern("(so_far | of n fractions | first (n|several) )")
_IN_FRACTIONS = pattern("(in | slash)? n fractions")
_IN_FRACTIONS_OF = pattern("in|slash? many:n fractions|fraction")
_MOST = 3
_IS_TOTAL = "is that total divided by intended?"
_SO_MANY = "is the total then so many times the intended dose?"
_EXACT = "is that exact?"


def ratios(t: Tagged) -> Iterator[Finding]:
    yield from _gray(t)
    for ratio, hit in _stated(t):
        yield from _named(t, ratio, hit)
    for hit in t.find(pattern("target ~5 value:pct")):
        value = hit["value"]
        if value.value.span and not t.starts(_OF, hit.j):
            yield said(
                t,
                "target_dose_ratio",
                value.value.span.text(),
                hit,
                "is that of the intended dose, over the whole course?",
            )
    for hit in t.find(pattern("oar|organ be* value:n")):
        value = hit["value"].value
        if value is not None and value % 1 and value < 3 and t.first(_THERAPY):
            yield said(
                t,
                "organ_dose_ratio",
                plain(value),
                hit,
                "is that of the intended dose, over the whole course?",
            )
    if not t.has("planning", "planned"):
        yield from _repeated(t)


def _stated(t: Tagged) -> Iterator[tuple[Span, Hit]]:
    """Every ratio to what was intended, with its place in the text."""
    for i, token in enumerate(t.tokens):
        hit = t.span(i, i + 1)
        if "pct" in token.tags or "times" in token.tags:
            span = token.value.span
            if span is None:
                continue
            if "times" in token.tags:
                if t.starts(_OF_MEANT, i + 1):
                    yield span, hit
                continue
            if t.starts(_OF, i + 1):
                yield span, hit
            elif not span.exact:
                continue
            elif t.starts(_LESS, i + 1) or (t.before(_LESS_BEFORE, i, 6) and not t.starts(_MORE, i + 1)):
                if span.low.value < 1:
                    yield exactly(1 - span.low.value), hit
            elif (t.starts(_MORE, i + 1) and not t.before(_LESS_BEFORE, i, 6)) or t.before(
                _MORE_BEFORE, i, 6
            ):
                yield exactly(1 + span.low.value), hit
        elif "n" in token.tags and token.value is not None and token.value % 1 and t.starts(_OF_PLAN, i + 1):
            yield exactly(token.value), hit
        elif token.of("double") and t.starts(_OF_MEANT, i + 1):
            yield exactly(Decimal(token.of("double"))), hit
    for hit in t.find(pattern("ratio (of|be|colon)* value:n")):
        if hit["value"].value is not None:
            yield exactly(hit["value"].value), hit


_OF_PLAN = pattern("(of | x) (what|a)* (meant|booked|plan)")


def _named(t: Tagged, ratio: Span, hit: Hit) -> Iterator[Finding]:
    """The fact that a ratio is: by what is spoken of in its sentence."""
    begin, end = t.sentence(hit.i)
    about = (
        t.tokens[hit.i].value.about
        if t.tokens[hit.i].tags & _QUANTITY
        else bool(t.before(pattern("approx"), hit.i, 3))
    )
    doubt = _EXACT if about else ""
    if t.first(_ACTIVITY, begin, end) or (not t.first(_THERAPY) and t.first(_ACTIVITY)):
        if t.has("therapy", "sirt", "i131"):
            yield said(t, "activity_ratio", ratio.text(), hit, doubt)
        else:
            yield said(
                t,
                "activity_ratio",
                ratio.text(),
                hit,
                "was it a therapy, and is that of the prescribed activity?",
            )
        return
    if not t.first(_THERAPY) and not t.has("Gy"):
        yield said(t, "dose_ratio", ratio.text(), hit, doubt)
        return
    fact, unsure = _which(t, hit.i)
    yield said(t, fact, ratio.text(), hit, doubt or unsure)


_QUANTITY = tagset("pct times")


def _in_all(t: Tagged, fraction: Hit) -> bool:
    """ "8 Gy in 1#" is the whole of a prescription, "2 Gy in one fraction" is not."""
    return bool(t.before(_IN_ALL, fraction.i, 4)) and t.tokens[fraction.i - 1].word.isdecimal()


_PART_OF_TARGET = pattern("pct of target")


def _which(t: Tagged, i: int) -> tuple[str, str]:
    """Of a fraction, an organ at risk or the target, by what its sentence names; of two the one before it."""
    begin, end = t.sentence(i)
    so_far = t.first(_SO_FAR) is not None
    whole = (t.has("course") or t.first(_IN_FRACTIONS) is not None) and not so_far
    if any(not _in_all(t, hit) for hit in t.find(_FRACTION, begin, end)):
        both = t.first(pattern("course"), begin, end) or t.first(_IN_FRACTIONS, begin, end)
        return "fraction_dose_ratio", "is that one fraction, or the whole course?" if both else ""
    organs = [k for k in range(begin, end) if "organ" in t.tokens[k].tags]
    targets = [k for k in range(begin, end) if "target" in t.tokens[k].tags]
    before = [k for k in (*organs, *targets) if k <= i]
    if organs and (not before or max(before) in organs):
        unsure = "is that over the whole course, and the highest of the organs at risk?"
        return "organ_dose_ratio", "" if whole else unsure
    part = t.has("fractions") or so_far
    clear = (
        not t.has_in(begin, end, "coverage")
        and not t.first(_PART_OF_TARGET, begin, end)
        and (whole or (targets and not part))
    )
    return "target_dose_ratio", "" if clear else "is that the target's dose over the whole course?"


_FRACTION = pattern("fraction !fractions")
_IN_ALL = pattern("Gy in|slash? n")


def _gray(t: Tagged) -> Iterator[Finding]:
    """ "planned 60 Gy in 30 fractions, delivered 66 Gy": the ratio, where it comes out even."""
    placed = [p for p in place(t, "Gy") if p.role not in (Role.FOETAL, Role.ASIDE, Role.ORGAN)]
    placed = [p for p in placed if p.found.span or p.role is not Role.NONE]
    pairs = (
        [placed]
        if len(placed) == 2
        else [placed[k : k + 2] for k in range(0, len(placed), 2)]
        if len(placed) == 4
        else []
    )
    for pair in pairs:
        yield from _of_two(t, pair, several=len(pairs) > 1)


def _of_two(t: Tagged, pair: list[Placed], *, several: bool) -> Iterator[Finding]:
    meant = [p for p in pair if p.role is Role.INTENDED]
    given = [p for p in pair if p not in meant]
    against = not meant and pair[0].role in (Role.RECEIVED, Role.TOTAL) and versus(t, *pair)
    if against or (not meant and versus(t, *pair)):
        given, meant = [pair[0]], [pair[1]]  # "48 Gy delivered out of 60", and which is which is asked
    if len(meant) != 1 or len(given) != 1:
        return
    hit = t.span(min(meant[0].i, given[0].i), max(meant[0].i, given[0].i) + 1)
    sure_given = given[0].role in (Role.RECEIVED, Role.TOTAL, Role.MADE)
    if not all(p.found.span for p in pair):
        yield said(t, _which(t, hit.i)[0], None, hit, "what is the ratio of the two doses?")
    delivered, prescribed = _value(given[0]), _value(meant[0])
    # Therapy is in gray; what is below a tenth of one is a foetus's or an organ's.
    if delivered is None or prescribed is None or prescribed < 100:
        return
    rounded = round(delivered / prescribed, 4)
    fact, doubt = _which(t, hit.i)
    of = {many["many"].value for p in pair if (many := t.starts(_IN_FRACTIONS_OF, p.i + 1)) and many["many"]}
    if len(of) > 1 and 1 in of:
        fact, doubt = "fraction_dose_ratio", "is that one fraction, or the whole course?"
    if (
        any(p.found.about for p in pair)
        or meant[0].parted
        or several
        or not sure_given
        or meant[0].role is Role.NONE
    ):
        doubt = doubt or _EXACT
    if rounded > _MOST:
        doubt = doubt or "is that so much more than was planned?"
    if rounded * prescribed != delivered:
        doubt = doubt or "the ratio does not come out even: what is it?"
    yield said(t, fact, plain(rounded), hit, doubt)


def _value(placed: Placed) -> Decimal | None:
    span = placed.found.span
    return span.low.value if span is not None and span.exact else None


# Scanned twice, a dose doubled.
_SCANNED_TWICE = pattern(
    "(made|exam|part|scan|planning|fluoro|treated (!repeat) many:once|times)".replace(" (!repeat)", "")
)
_X_TIMES = pattern("(exam|part|scan (of part)? x many:n | got|had|made it? many:times | so many:times)")
_REPEATED = pattern("repeat many:once")
_DOUBLED = pattern("(dose|product ~1 double | double a? dose | double exposed | so double | both ~1 double)")
_FACTOR = pattern("factor value:n")
_TIMES_MORE = pattern("value:times high|more_than")
_A_PART = pattern(
    "(hybrid | single (part|side|scan) | extra | part_view | only | wrong ~1 patient|person |"
    " not_due | third | past)"
)


def _repeated(t: Tagged) -> Iterator[Finding]:
    therapy = t.first(_THERAPY) or t.has("cbct", "kv", "Sv")
    loose = _SO_MANY if therapy or t.first(_A_PART) else ""
    for hit in islice(t.find(_SCANNED_TWICE), 20):
        if not t.starts(pattern("(a | as) (meant|day|week|dose)"), hit.j):
            yield said(t, "dose_ratio", plain(Decimal(many_of(hit["many"]))), hit, loose)
    for words, more in ((_X_TIMES, 0), (_REPEATED, 1)):
        for hit in islice(t.find(words), 20):
            many = hit["many"]
            number = many_of(many)
            if 1 < number + more < 10:
                yield said(t, "dose_ratio", plain(Decimal(number + more)), hit, _SO_MANY)
    for hit in t.find(_DOUBLED):
        yield said(t, "dose_ratio", "2", hit, "is the total twice the intended dose?")
    for hit in t.find(_FACTOR):
        if hit["value"].value is not None and not therapy:
            yield said(t, "dose_ratio", plain(hit["value"].value), hit, _IS_TOTAL)
    for hit in t.find(_TIMES_MORE):
        span = hit["value"].value.span
        if span and not therapy and not t.starts(_OF_MEANT, hit.i + 1):
            yield said(t, "dose_ratio", span.text(), hit, "so many times, or so many times more?")


# How far a target was missed, in locally defined error margins: as a multiple, or as two lengths.
_LEVEL = "is that the locally defined error margin?"
_LENGTH = pattern("many:n unit:mm|cm")
_NAMED_BEFORE = pattern("(margin|level) (of|be|in|colon|open|only|at)*")
_NAMED_AFTER = pattern("(local | our | a)* (margin|level)")


def margins(t: Tagged) -> Iterator[Finding]:
    fact = "miss_margin_ratio"
    words = pattern("(value:times (of|local)* (margin|level) | margin|level ~4 value:times)")
    told = [hit for hit in t.find(words) if hit["value"].value.span]
    for hit in told:
        level = "" if t.has_in(hit.i, hit.j, "margin") else _LEVEL
        about = "is that a limit, or a guess?" if hit["value"].value.about else ""
        yield said(t, fact, hit["value"].value.span.text(), hit, about or level)
    lengths = [hit for hit in islice(t.find(_LENGTH), 3) if hit["many"].value is not None]
    named = [hit for hit in lengths if t.before(_NAMED_BEFORE, hit.i, 5) or t.starts(_NAMED_AFTER, hit.j)]
    if told or len(lengths) != 2 or len(named) != 1 or not t.has("miss", "missed", "off"):
        return
    (margin,) = named
    (miss,) = (hit for hit in lengths if hit is not margin)
    across, allowed = (hit["many"].value * (10 if "cm" in hit["unit"].tags else 1) for hit in (miss, margin))
    if not allowed:
        return
    ratio = round(across / allowed, 4)
    uneven = "" if ratio * allowed == across else "the ratio does not come out even: what is it?"
    level = "" if t.has("margin") else _LEVEL
    yield said(t, fact, plain(ratio), t.span(min(miss.i, margin.i), max(miss.j, margin.j)), uneven or level)
