"""Effective doses, foetal and infant doses, and activities: each quantity with the fact that it gives."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from bot.core.days.grammar import MONTH
from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.role_words import BREAST, Role
from bot.core.reader.roles import Placed, place, versus
from rules.quantities import Found, QuantityError, find, read
from rules.spans import Span

UNITS = {"Sv": "mSv", "Gy": "mGy", "Bq": "MBq"}

# "6 mSv instead of 2", "9 v 5 mSv", "vs 4 intended", "intended 4, received 10 mSv": the unit is said once.
_NUMBER = r"(?<![\w.,/:#-])\d{1,5}(?:\.\d{1,4})?(?![\w%/:#-]|[.,]\d)"
_ROLE = (
    r"intended|planned|plan|expected|expecting|prescribed|delivered|received|given|administered|got|total"
    r"|(?:meant|supposed|due) to (?:get|have|be|receive)|should(?:'ve| have) (?:been|had|got|received)"
)
_LINK = r"instead of|rather than|in place of|vs\.?|versus|v|against|not|but"
_BARE = re.compile(
    rf"\b(?:{_LINK}|{_ROLE})(?:\s+(?:an?|the|of|was|dose"
    rf"|{_ROLE})){{0,3}}\s*[:=]?\s*(?P<after>{_NUMBER})(?=\s*(?:[,.;)!]|$|\b(?:{_LINK}|{_ROLE}|for|on|in a"
    rf"|and|as|at the|because|in (?:all|total))\b))"
    rf"|(?:(?:^|[(,;:.+])\s*|\b(?:{_LINK}|{_ROLE}|dose|of|was|which"
    rf"|about)\s+)(?P<before>{_NUMBER})(?=\s+(?:was "
    rf"|were )?(?:{_LINK}|{_ROLE})\b)"
)
_NO_QUANTITY = re.compile(
    r"\b(?:(?:i|iodine)[- ]?1(?:2[345]|31)|(?:lu|lutetium)[- ]?177|(?:ra|radium)[- ]?223|(?:y"
    r"|yttrium)[- ]?90"
    r"|(?:tc|technetium)[- ]?99m?|f-?18|(?:ga|gallium)[- ]?6[78]|(?:in|indium)-?111|(?:tl|thallium)[- ]?201"
    r"|(?:sm|samarium)[- ]?153|(?:sr|strontium)[- ]?89|cr[- ]?51|p-?32|(?:ho|holmium)[- ]?166|ac[- ]?225"
    r"|c-?11"
    r"|rb[- ]?82|zr[- ]?89|cu[- ]?6[47])(?![\w.,]\d|\w|\s?(?:[munkmg]?(?:sv|gy|bq)|%)|\s?(?:-|to)\s?\d)"
    # "age 4 - 4.2 mSv" is no range.
    r"|\b(?:aged?|room|bed|bay|ward|linac|scanner|theatre|lab|suite|floor|level|case|ref|patient|pt"
    r"|fraction|unit|no|number|site|ct|mri|dr"
    r"|xr|phase|scan|day|week|is|was|f|m|male|female)\s*:?\s*\d{1,3}(?=\s+-\s)"
    r"|\b\d{1,2}:\d\d\b|\b\d{1,3}(?=:\s)|\b\d{1,3}(?=[\s-]*(?:years?|yrs?|y/?o)\b)"
    # A day before a dash and a dose: "9 mSv - 10/05", "10 May 2026 - 0.3 mSv".
    rf"|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b(?!\s*[munµ]?(?:sv|gy|bq))|\b{MONTH}\s+20\d\d\b",
    re.I,
)
_NOT_MORE = re.compile(r"\b(?:images?|scans?|fractions?|patients?|pts|years?|age)\b")
# "30 fractions of 2 Gy prescribed, 31 delivered": those are no grays.
_FRACTIONS = re.compile(r"\b\d{1,2}\s?(?:fractions|#)")
_FAR = 90
_AT_MOST = 40
REPEATS = re.compile(
    r"\b(?:repeat\w*|again|twice|re-?scan\w*|re-?done|redone|additional(?:ly)?|extra|duplicate\w*"
    r"|another(?! (?:\w+ )?(?:patient|pt|person|child|baby|lady|man|woman)\b)"
    r"|followed by|plus|as well|in addition|on top|two (?:scans|cts|x-?rays|films|exposures)|second"
    r"|then (?:the )?(?:correct|right|intended)|then (?:had|did|x-?rayed|scanned|imaged)|both (?:sides"
    r"|scans|films)|as well)\b"
)
WRONG_PART = re.compile(
    r"\bwrong (?:side|site|part|laterality|\w+ (?:x-?rayed|filmed|imaged))\b|\bwrong (?:ankle|knee|wrist"
    r"|hand|foot|hip|elbow|shoulder|leg|arm|toe|finger)\b"
)
CHANCE = "is that the total of the whole incident?"


def quantities(page: Page) -> list[Found]:
    """Every quantity of the text in order, the bare numbers among them that share a unit with a neighbour.

    They are taken off the page: no age, count or date is read from them.
    """
    # The number of a nuclide is no part of the activity behind it: "I-131 600 MBq".
    found = list(
        islice(find(_NO_QUANTITY.sub(lambda match: re.sub(r"\d", "x", match[0]), page.text)), _AT_MOST)
    )
    found = [quantity._replace(text=page.text[quantity.start : quantity.end]) for quantity in found]
    for quantity in found:
        page.take(quantity.start, quantity.end)
    bare = [
        Found(start, end, page.text[start:end], near.base, span)
        for match in _BARE.finditer(page.low)
        for start, end in [match.span("after") if match["after"] else match.span("before")]
        if (near := _only_unit(found, start, end))
        and (span := in_unit(page.text[start:end], near))
        and page.rest[start:end].strip()
        and not _NOT_MORE.match(page.low, end + 1)
        and not (near.base == "Gy" and _FRACTIONS.search(page.low[slice(*page.sentence(start))]))
    ]
    for quantity in bare:
        page.take(quantity.start, quantity.end)
    return sorted([*found, *bare])


def _only_unit(found: Sequence[Found], start: int, end: int) -> Found | None:
    """A neighbour close by, where all that have a unit have the same."""
    near = [q for q in found if q.base in UNITS and q.span is not None]
    units = {re.sub(r"^.*?([a-zµ]+)$", r"\1", q.text.lower()) for q in near}
    apart = min((max(q.start - end, start - q.end) for q in near), default=_FAR)
    return near[0] if len(units) == 1 and apart < _FAR else None


def in_unit(number: str, near: Found) -> Span | None:
    unit = re.search(r"[A-Za-zµμ -]+$", near.text)
    try:
        return read(f"{number} {unit[0].strip()}" if unit else number, UNITS[near.base])
    except QuantityError:
        return None


def effective_doses(page: Page, found: Sequence[Found]) -> Iterator[Finding]:
    """Total and intended dose, and the infant's, out of every quantity in sievert."""
    placed = place(page, found, "Sv")
    own = [p for p in placed if p.role not in (Role.ASIDE, Role.ORGAN)]
    halves = _halves_of_a_range(page, placed)
    for number, one in enumerate(own):
        if one.role in (Role.INFANT, Role.FOETAL):
            yield from (
                _infant(page, one)
                if one.role is Role.INFANT and BREAST.search(page.low)
                else _unclear(one, page)
            )
            continue
        fact, doubt, weight = _meaning(page, own, number)
        if not fact:
            continue
        other = "intended_dose" if fact == "total_dose" else "total_dose"
        if one in halves:
            doubt = "are these two limits of one dose? write them as 3-5 mSv"
        yield _finding(page, fact, one.found, doubt, weight)
        if doubt == _WHICH:
            yield _finding(page, other, one.found, doubt)


_DENIED = re.compile(r"(?:\bnot|n't|\bnever|\bno)(?: (?:been|be|the|a|as much as|really))?\s*$")


def _halves_of_a_range(page: Page, placed: Sequence[Placed]) -> list[Placed]:
    """More than 3 mSv but less than 5 mSv: neither limit is the whole truth."""
    pairs = [
        (one, other)
        for one, other in pairwise(placed)
        if one.found.span
        and other.found.span
        and not one.found.span.exact
        and not other.found.span.exact
        and re.fullmatch(r"\s*,?\s*(?:but|and)?\s*", page.low[one.found.end : other.found.start])
    ]
    return [one for pair in pairs for one in pair]


_WHICH = "which dose is the total, and which was intended?"


def _meaning(page: Page, own: Sequence[Placed], number: int) -> tuple[str, str, int]:
    """The fact that a dose gives, why that is in doubt, and the finding's weight."""
    one = own[number]
    others = [p for i, p in enumerate(own) if i != number]
    more = sum(p.role in (Role.RECEIVED, Role.MADE, Role.EXTRA, Role.EACH) for p in own) > 1
    intended_given = any(p.role is Role.INTENDED and not p.parted for p in others)
    match one.role:
        case Role.INTENDED:
            return "intended_dose", _WHICH if one.parted else "", 0
        case Role.TOTAL:
            return "total_dose", CHANCE if one.parted else "", 2
        case Role.RECEIVED:
            if (one.compared or intended_given) and not more:
                return "total_dose", _WHICH if one.parted and not intended_given else "", 1
            other = any(p.role is Role.NONE and not p.compared for p in others)
            loose = more or other or one.distant or REPEATS.search(page.low)
            return "total_dose", CHANCE if loose else "", 0
        case Role.MADE:
            if intended_given and not REPEATS.search(page.low):
                return "total_dose", "", 0
            loose = one.parted or REPEATS.search(page.low) or WRONG_PART.search(page.low)
            return "total_dose", CHANCE if loose or others else "", 0
        case Role.EXTRA:
            return "total_dose", "a dose on top of what was intended is not the total", -1
        case Role.EACH:
            return "total_dose", "so much each time or each person: what is one person's total?", -1
        case Role.OTHER_PERSON:
            return "total_dose", "was that the dose of the person in question?", -1
    if one.role is Role.NONE and len(own) == 2 and intended_given and not REPEATS.search(page.low):
        # Such as "dose 25 mSv, intended 10 mSv" or "12 mSv (1 mSv planned)".
        first, second = own
        between = page.low[first.found.end : second.found.start]
        named = re.search(r"\b(?:dose|ed)(?:\s+(?:of|was|is))?\s*[:=-]?\s*$", page.before(one.found.start))
        if "." not in between and (named or (number == 0 and not between.strip(" ,;(:-"))):
            return "total_dose", "", 0
    if any(versus(page, a.found, b.found) for a, b in itertools.pairwise(own) if one in (a, b)):
        return "total_dose", _WHICH, -1
    return "total_dose", CHANCE, -1


def _finding(page: Page, fact: str, quantity: Found, doubt: str = "", weight: int = 0) -> Finding:
    value = None if quantity.span is None else quantity.span.text(UNITS[quantity.base])
    why = quantity.refusal or (
        f"“{quantity.text}” is not a limit: is it between two values?" if quantity.about else ""
    )
    if _DENIED.search(page.before(quantity.start)):
        why = why or "it is said not to be so"
    why = why or page.doubt(quantity.start, quantity.end) or doubt
    return Finding(fact, value, quantity.start, quantity.end, why, weight)


def _infant(page: Page, one: Placed) -> Iterator[Finding]:
    found = _finding(page, "infant_dose", one.found)
    yield found
    positive = bool(one.found.span and one.found.span.positive)
    if positive or found.doubt:
        yield Finding("breastfed_infant_exposed", True, one.found.start, one.found.end, found.doubt)


def _unclear(one: Placed, page: Page) -> Iterator[Finding]:
    if one.role is Role.FOETAL:
        yield Finding("foetal_dose", None, one.found.start, one.found.end, "the foetal dose is asked in mGy")
    else:
        yield _finding(
            page, "total_dose", one.found, "whose dose is that, the patient's or a breast-fed infant's?", -1
        )


def foetal_doses(page: Page, found: Sequence[Found]) -> Iterator[Finding]:
    for one in place(page, found, "Gy"):
        if one.role is Role.FOETAL:
            uterus = "uter" in page.low[
                max(0, one.found.start - 40) : one.found.end + 30
            ] and "f" not in _foetal_word(page, one)
            yield _finding(
                page,
                "foetal_dose",
                one.found,
                "is the dose to the uterus the foetus's dose?" if uterus else "",
            )


def _foetal_word(page: Page, one: Placed) -> str:
    near = page.low[max(0, one.found.start - 60) : one.found.end + 40]
    return "f" if re.search(r"\bfo?et|unborn|embryo", near) else ""


def activities(page: Page, found: Sequence[Found]) -> Iterator[Finding]:
    placed = place(page, found, "Bq")
    for one in placed:
        if one.role is Role.INTENDED:
            yield _finding(page, "prescribed_activity", one.found, _WHICH_ACTIVITY if one.parted else "")
            if one.parted:
                yield _finding(page, "delivered_activity", one.found, _WHICH_ACTIVITY, -1)
        elif one.role in (Role.RECEIVED, Role.TOTAL):
            yield _finding(page, "delivered_activity", one.found)
        elif one.role is Role.MADE or one.role is Role.NONE:
            alone = all(p is one or p.role is Role.INTENDED for p in placed)
            given = alone and _given_at_all(page, one)
            other = (
                len(placed) == 2
                and any(p.role is Role.INTENDED for p in placed)
                and versus(page, placed[0].found, placed[1].found)
            )
            yield _finding(page, "delivered_activity", one.found, "" if given or other else _WHICH_ACTIVITY)
        elif one.role is Role.EXTRA:
            yield _finding(page, "delivered_activity", one.found, _WHICH_ACTIVITY)


_WHICH_ACTIVITY = "which activity was prescribed, and which delivered?"
_GIVEN = re.compile(r"[^.;]{0,40}?\b(?:given|injected|administered|delivered|infused|received)\b")


def _given_at_all(page: Page, one: Placed) -> bool:
    """The only activity, and in its clause somebody was given it: "400 MBq FDG given to the wrong
    patient"."""
    match = _GIVEN.match(page.low, one.found.end)
    return bool(match and not re.search(r"[,]|\b(?:not|should|instead)\b", match[0])) or bool(
        re.search(
            r"\b(?:given|injected with|administered|received|got)\b[^.;,]{0,30}$",
            page.before(one.found.start),
        )
    )
