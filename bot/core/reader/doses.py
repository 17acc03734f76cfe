"""Effective doses, foetal and infant doses, and activities: each quantity with the fact that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice, pairwise

import bot.core.reader.guards as guards
from bot.core.days.grammar import MONTH
from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.patterns import tagset
from bot.core.reader.roles import Placed, Role, place, versus
from bot.core.reader.tags import Tagged
from rules.quantities import Found, QuantityError, find, read
from rules.spans import Span, exactly

UNITS = {"Sv": "mSv", "Gy": "mGy", "Bq": "MBq"}
_TAGS = {"%": "pct"}
_AT_MOST = 40
# The number of a nuclide, an age or a day before a dash is no part of the quantity behind it.
_NO_QUANTITY = re.compile(
    r"\b(?:i|iodine|lu|lutetium|ra|radium|y|yttrium|tc|technetium|f|ga|gallium|in|indium|tl|thallium"
    r"|sm|samarium|sr"
    r"|strontium|cr|p|ho|holmium|ac|c|rb|zr|cu)[-"
    r" ]?(?:1(?:2[345]|31|66|77|11|53|8)|223|90|99m?|6[4678]|201|89|51|32"
    r"|225|11|82)(?![\w.,]\d|\w|\s?(?:[munkmg]?(?:sv|gy|bq)|%)|\s?(?:-|to)\s?\d)"
    r"|\b(?:aged?|room|bed|bay|ward|linac|scanner|theatre|lab|suite|floor|level|case|ref|patient|pt"
    r"|fraction|unit|no"
    r"|number|site|ct|mri|dr|xr|phase|scan|day|week|is|was|f|m|male|female)\s*:?\s*\d{1,3}(?=\s+-\s)"
    r"|\b\d{1,2}:\d\d\b|\b\d{1,3}(?=:\s)|\b\d{1,3}(?=[\s-]*(?:years?|yrs?|y/?o)\b)"
    rf"|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b(?!\s*[munµ]?(?:sv|gy|bq))|\b{MONTH}\s+20\d\d\b",
    re.I,
)
# "Total dose (mSv): 6.3", as on a form.
_UNIT_FIRST = re.compile(
    r"[(\[]\s?([mµukMG]?(?:Sv|Gy|Bq|sv|gy"
    r"|bq))\s?[)\]]\s?[:=]?\s?(\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?)(?![\d,]|\.\d|\s?[%a-zA-Z])"
)
CHANCE = "is that the total of the whole incident?"
_WHICH = "which dose is the total, and which was intended?"
_WHICH_ACTIVITY = "which activity was prescribed, and which delivered?"
_EACH = "so much each time or each person: what is one person's total?"


def cut_quantities(page: Page) -> None:
    """Every quantity that has its unit becomes a token of its own: no age, count or day is read from it."""
    for match in _UNIT_FIRST.finditer(page.text):
        base = match[1][-2:].capitalize()
        try:
            span = read(f"{match[2]} {match[1]}", UNITS[base])
        except QuantityError:
            continue
        page.cut(base, *match.span(), Found(*match.span(), match[0], base, span))
    text = _NO_QUANTITY.sub(lambda match: re.sub(r"\d", "x", match[0]), page.text)
    for found in islice(find(text), _AT_MOST):
        if page.rest[found.start : found.end].strip():
            found = found._replace(text=page.text[found.start : found.end])
            page.cut(_TAGS.get(found.base, found.base), found.start, found.end, found)


_ENDS = frozenset(
    "comma semi end quest close open dash for on in and as at because total instead versus meant got"
    " by when so over"
    " plus then each but arrow with Sv Gy Bq".split()
)


def bare_numbers(t: Tagged) -> None:
    """They become quantities in the unit of their neighbours, where all of those have the same."""
    near = [token for token in t.tokens if token.tags & _WITH_UNIT and token.value.span is not None]
    same = len({re.sub(r"^.*?([a-zµ]+)\W*$", r"\1", token.word) for token in near}) == 1
    if not near:
        return
    for i, token in enumerate(t.tokens):
        if (
            "n" not in token.tags
            or token.value is None
            or token.word == "one"
            or (token.value % 1 == 0 and t.starts("total", i + 1))
            or (i and t.tokens[i - 1].tags & _NO_AMOUNT)
        ):
            continue
        after = t.tokens[i + 1] if i + 1 < len(t.tokens) else None
        ends = after is None or after.tags & _ENDS
        if same:
            after_link = ends and t.before("@link_before", i, 6) and not t.before("@counted", i, 8)
            linked = bool(after_link or t.starts("@link_after", i + 1))
        else:
            linked = bool(t.starts("@linked_to", i + 1) or (ends and t.before("@linked_from", i, 4)))
        apart, nearest = min((max(token.start - one.end, one.start - token.end), one) for one in near)
        if not linked or apart > 90:
            continue
        if span := in_unit(str(token.value), nearest.value):
            base, text = nearest.value.base, t.text[token.start : token.end]
            about = t.before("approx", i) is not None
            t.put(i, base, Found(token.start, token.end, text, base, span, about))


def in_unit(number: str, near: Found) -> Span | None:
    """The number in the unit of a neighbour."""
    unit = re.search(r"[A-Za-zµμ]+(?=\W*$)", near.text)
    try:
        return read(f"{number} {unit[0]}" if unit else number, UNITS[near.base])
    except QuantityError:
        return None


_WITH_UNIT = tagset("Sv Gy Bq")
_NO_AMOUNT = frozenset("place fraction slash label sex dot aged".split())


def effective_doses(t: Tagged) -> Iterator[Finding]:
    """Total and intended dose, and the infant's, out of every quantity in sievert."""
    placed = place(t, "Sv")
    own = [one for one in placed if one.role not in (Role.ASIDE, Role.ORGAN)]
    halves = _halves_of_a_range(t, placed)
    for number, one in enumerate(own):
        if one.role is Role.INFANT:
            yield from _infant(t, one)
            continue
        if one.role is Role.FOETAL:
            yield Finding(
                "foetal_dose", None, one.found.start, one.found.end, "the foetal dose is asked in mGy"
            )
            continue
        fact, doubt, weight = _meaning(t, own, number)
        other = "intended_dose" if fact == "total_dose" else "total_dose"
        if one in halves:
            doubt = "are these two limits of one dose? write them as 3-5 mSv"
        yield _finding(t, fact, one, doubt, weight)
        if doubt == _WHICH:
            yield _finding(t, other, one, doubt)
    yield from _sums(t, own)


def _sums(t: Tagged, own: Sequence[Placed]) -> Iterator[Finding]:
    """Of exposures told one by one the total is the sum, and one of them was perhaps intended."""
    if not own or any(
        one.role in (Role.INTENDED, Role.TOTAL) or one.compared or one.found.about for one in own
    ):
        return
    values = [value for one in own for value in (*_added_before(t, one), amount(one)) if value is not None]
    each = (
        own[0].role is Role.EACH
        or t.starts("each", own[0].i + 1)
        or t.first("@repeats")
        or t.first("wrong (side | part | site)")
    )
    if len(values) == 1 and each:
        values *= 2
    against = any(versus(t, a, b) for a, b in pairwise(own))
    if len(values) < 2 or against:
        return
    total = exactly(sum(values, Decimal(0)))
    hit = t.span(own[0].i, own[-1].i + 1)
    yield Finding("total_dose", total.text("mSv"), hit.start, hit.end, _SUM, -1)
    yield Finding("intended_dose", exactly(values[0]).text("mSv"), hit.start, hit.end, _ONE_OF_THEM, -1)


def amount(one: Placed) -> Decimal | None:
    """What a dose says, be it refused because of what stands beside it: "10.5 mSv each", "0.7 + 0.7 mSv"."""
    span = one.found.span
    if span is None:
        try:
            span = read(one.found.text, UNITS[one.found.base])
        except QuantityError:
            return None
    return span.low.value if span.exact else None


def _added_before(t: Tagged, one: Placed) -> Iterator[Decimal]:
    before = t.before("value:n plus", one.i, 4)
    if before and before["value"].value is not None:
        number = in_unit(str(before["value"].value), one.found)
        if number is not None:
            yield number.low.value


_SUM = "is that the sum of all that was given?"
_ONE_OF_THEM = "was one exposure intended, with that dose?"


def _halves_of_a_range(t: Tagged, placed: Sequence[Placed]) -> list[Placed]:
    """More than 3 mSv but less than 5 mSv: neither limit is the whole truth."""
    small = tagset("comma but and")
    pairs = [
        (one, other)
        for one, other in pairwise(placed)
        if one.found.span and other.found.span and not one.found.span.exact and not other.found.span.exact
        and all(token.tags & small for token in t.tokens[one.i + 1 : other.i])
    ]  # fmt: skip
    # "Total dose 5 mSv was 10 mSv": which is it?
    pairs += [
        (a, b)
        for a, b in pairwise(placed)
        if b.i > a.i + 1 and all(token.tags & _IS for token in t.tokens[a.i + 1 : b.i])
    ]
    return [one for pair in pairs for one in pair]


def _meaning(t: Tagged, own: Sequence[Placed], number: int) -> tuple[str, str, int]:
    """The fact that a dose gives, why that is in doubt, and the finding's weight."""
    one = own[number]
    others = [p for i, p in enumerate(own) if i != number]
    more = sum(p.role in (Role.RECEIVED, Role.MADE, Role.EXTRA, Role.EACH) for p in own) > 1
    intended_given = any(p.role is Role.INTENDED and not p.parted for p in others)
    repeats = t.first("@repeats") is not None
    match one.role:
        case Role.INTENDED:
            return "intended_dose", _WHICH if one.parted else "", 0
        case Role.TOTAL:
            return "total_dose", CHANCE if one.parted else "", 2
        case Role.RECEIVED:
            if (one.compared or intended_given) and not more:
                return "total_dose", _WHICH if one.parted and not intended_given else "", 1
            other = any(p.role is Role.NONE and not p.compared for p in others)
            return "total_dose", CHANCE if more or other or one.distant or repeats else "", 0
        case Role.MADE:
            if intended_given and not repeats:
                return "total_dose", "", 0
            loose = one.parted or repeats or t.first("wrong (side | part | site)") is not None
            return "total_dose", CHANCE if loose or others else "", 0
        case Role.EXTRA:
            return "total_dose", "a dose on top of what was intended is not the total", -1
        case Role.EACH:
            return "total_dose", _EACH, -1
        case Role.OTHER_PERSON:
            return "total_dose", "was that the dose of the person in question?", -1
    if len(own) == 2 and intended_given and not repeats:
        # Such as "dose 25 mSv, intended 10 mSv" or "12 mSv (1 mSv planned)".
        gap = t.tokens[own[0].i + 1 : own[1].i]
        named = t.before("@dose_is", one.i, 6)
        joined = number == 0 and all(token.tags & _JOINTS for token in gap)
        if not any("end" in token.tags for token in gap) and (named or joined):
            return "total_dose", "", 0
    if any(versus(t, a, b) for a, b in pairwise(own) if one in (a, b)):
        return "total_dose", _WHICH, -1
    return "total_dose", CHANCE, -1


_IS = tagset("be adv a")
_JOINTS = tagset("comma open semi colon dash")


def _finding(t: Tagged, fact: str, one: Placed, doubt: str = "", weight: int = 0) -> Finding:
    quantity = one.found
    value = None if quantity.span is None else quantity.span.text(UNITS[quantity.base])
    why = quantity.refusal or not_a_limit(quantity)
    if not why and t.before("not (be|a|as|much)*", one.i, 4):
        why = "it is said not to be so"
    why = why or guards.judge(t, fact, one.i, one.i + 1) or doubt
    return Finding(fact, value, quantity.start, quantity.end, why, weight)


def not_a_limit(quantity: Found) -> str:
    return f"“{quantity.text}” is not a limit: is it between two values?" if quantity.about else ""


def _infant(t: Tagged, one: Placed) -> Iterator[Finding]:
    found = _finding(t, "infant_dose", one)
    yield found
    if (one.found.span and one.found.span.positive) or found.doubt:
        yield Finding("breastfed_infant_exposed", True, one.found.start, one.found.end, found.doubt)


def foetal_doses(t: Tagged) -> Iterator[Finding]:
    for one in place(t, "Gy"):
        if one.role is Role.FOETAL:
            uterus = t.has("uterus") and not t.has("foetal")
            yield _finding(
                t, "foetal_dose", one, "is the dose to the uterus the foetus's dose?" if uterus else ""
            )


def activities(t: Tagged) -> Iterator[Finding]:
    placed = [one for one in place(t, "Bq") if one.role is not Role.ASIDE]
    as_prescribed = t.first("as_meant")
    more_or_less = t.first("@by_so_much")
    for one in placed:
        if one.role is Role.INTENDED:
            yield _finding(t, "prescribed_activity", one, _WHICH_ACTIVITY if one.parted else "")
            if one.parted:
                yield _finding(t, "delivered_activity", one, _WHICH_ACTIVITY, -1)
        elif one.role in (Role.RECEIVED, Role.TOTAL):
            unsure = t.has("vomit") or t.first("@repeats") or (more_or_less and len(placed) == 1)
            yield _finding(t, "delivered_activity", one, _WHICH_ACTIVITY if unsure else "")
        elif one.role in (Role.MADE, Role.NONE):
            alone = all(p is one or p.role is Role.INTENDED for p in placed)
            given = alone and not t.first("@repeats") and not more_or_less and _given_at_all(t, one)
            yield _finding(t, "delivered_activity", one, "" if given else _WHICH_ACTIVITY)
        elif one.role in (Role.EXTRA, Role.EACH):
            yield _finding(t, "delivered_activity", one, _WHICH_ACTIVITY)
    against = any(versus(t, a, b) for a, b in pairwise(placed))
    if (against or t.has("changed")) and not any(one.role is Role.INTENDED for one in placed):
        yield from (_finding(t, "prescribed_activity", one, _WHICH_ACTIVITY, -1) for one in placed)
    if as_prescribed and len(placed) == 1:
        yield _finding(t, "prescribed_activity", placed[0], _WHICH_ACTIVITY)


def _given_at_all(t: Tagged, one: Placed) -> bool:
    """The only activity, and its clause says it was given: "400 MBq FDG given to the wrong patient"."""
    after = t.starts("~8 got|injected|made !not", one.i + 1)
    clear = after and not t.has_in(one.i, after.j, "not", "meant", "instead")
    return bool(clear or t.before("(injected|got|had) ~4", one.i, 8))
