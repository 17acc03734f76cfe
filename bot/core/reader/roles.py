"""Which of several quantities is the intended one, and which the total: told by the words around each.

In the gap between two quantities a cue belongs to the one from which nothing parts it: "2 mSv intended, 12
mSv given", "intended 2 mSv, given 12 mSv". Where that cannot be told nothing is certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.reader.page import RETRACTION, Page
from bot.core.reader.role_words import BREAST, CUE, CUES, Role
from rules.quantities import Found


@dataclass(frozen=True)
class Placed:
    """A quantity with its role. `parted`: something stands between the quantity and the cue for its
    role."""

    found: Found
    role: Role
    parted: bool = False
    distant: bool = False  # more than a mark and a few words lie between
    compared: bool = False  # it stands on the left of "instead of" or the like


_INSTEAD = re.compile(r"\b(?:instead of|rather than|in place of|in lieu of)\b")
_VERSUS = re.compile(
    r"\b(?:vs\.?|versus|v|against|compared (?:with|to)|as opposed to|not|when|where|whereas|but)(?![\w'])"
    r"|\bto\b(?=\s*$)"
)
_PARTED = re.compile(r"[,;.()\[\]!?]|\s-+\s|\b(?:and|but|whereas|while|with|then|vs|versus|against|v)\b")
_HARD_STOP = re.compile(r"[;.!?\n](?=\s|$)|\b(?:but|then|whereas|while)\b")
# Between a quantity and a cue after it: nothing but small words.
_RETRACTED = re.compile(
    rf"(?:\s*(?:given|received|delivered|total|intended|planned"
    rf"|prescribed))?(?P<sure>{RETRACTION})?(?:[\s,:.;-]*(?:the |it |that )?(?:sorry|correction|actual\w*"
    rf"|rather|meant|dose"
    r"|was|is|should be|received|total|intended|planned|no|read))*[\s,:-]*"
)
_SUM = re.compile(r"[+x×*][^.;=]{1,30}=\s*$")
_TOUCHING = re.compile(r"\s(?!instead|rather|in place|against|vs|versus)[a-z]+\s")
_CHANGED = re.compile(r"\b(?:cut|reduced|changed|amended|altered|lowered|raised|increased|corrected) to\b")
_ADDED = re.compile(r"\s*(?:\+|plus|and then|(?:and|then|and then) (?:another|a further))\s*")
_FILLER = re.compile(
    r"\s*[(\-]?\s*(?:(?:was|were|is|are|had|has|have|been|be|being|the|of|dose|effective|in|on|at|only"
    r"|estimated|originally|what|ed|as|that|activity"
    r"|[a-z]{1,2}-?\d{1,3}m?|fdg|psma|mdp|hdp|mibi|maa|dmsa|mag-?3|mibg|dotatate)\s+){0,4}(?:(?:(?:in |over "
    r"|/)?\s?(?:\d{1,2}|an?|one"
    r"|single)\s?(?:single )?(?:fractions?|#)|"
    r"per fraction)\s+(?:(?:was|were)\s+)?)?$"
)
_NEXT_NUMBER = re.compile(
    r"[\s:=]*(?:(?:dose|effective|activity|of|was|is|a|an|the|at|about|around"
    r"|approx\w*)[\s:=]*){0,3}[<>~(]?\s*\d"
)
# After a cue that follows its quantity: the clause ends or goes on with a small word, not with another
# examination.
_ENDS_THERE = re.compile(
    r"\s*(?:$|[,.;:!?)(\-]|\b(?:by|to|from|in|for|on|at|during|due|because|instead|rather|vs|versus|v"
    r"|against|not|when|as|after|over|and|but|with"
    r"|he|she|they|we|it|patient|pt|while|overall|total|dose|each|per|yesterday|today|this|last|so|which"
    r"|than|if|only)\b)"
)
_COLON = re.compile(r"(?: effective)?(?: dose)?(?: received| given)?\s+-+\s*")
# "1.3 times the intended dose" is a ratio, and intends nothing that follows.
_TIMES = re.compile(r"(?:\btimes|fold|\d\s?[x×]|%|\btwice|\bdouble)\s+(?:of\s+)?(?:the\s+)?$")
_NOT = re.compile(r"(?:\bnot|n't|\bnever|\bnothing|\bno) (?:been |even )?$")
_BASE = re.compile(r"\b(?:on top|over and above|in addition|above|beyond)\b")
_EACH = re.compile(r"\s*(?:for |on |with )?(?:each|per|apiece|every)\b")
# "total effective dose between", "received a": what may part a cue from the quantity that it governs.
_CLOSE = 60


_ASIDES = (Role.EACH, Role.EXTRA, Role.FOETAL, Role.INFANT, Role.OTHER_PERSON, Role.ASIDE)


@dataclass(frozen=True)
class _Cue:
    role: Role
    start: int
    end: int


@dataclass(frozen=True)
class _Row:
    """The quantities of one kind, the cues before, between and after them, and where any quantity stands."""

    page: Page
    found: Sequence[Found]
    gaps: list[list[_Cue]]
    everything: Sequence[Found]


def place(page: Page, everything: Sequence[Found], base: str) -> list[Placed]:
    """The role of each quantity whose base unit is `base`; all are given in their order in the text.

    What the text takes back ("10 mSv, no sorry, 12 mSv") is left out.
    """
    found = [quantity for quantity in everything if quantity.base == base]
    row = _Row(page, found, _gaps(page, found), everything)
    placed = _by_comparison(page, [Placed(q, *_own(row, number)) for number, q in enumerate(found)])
    return _still_said(page, placed)


def _still_said(page: Page, placed: list[Placed]) -> list[Placed]:
    kept: list[Placed] = []
    for one in placed:
        before = kept[-1] if kept else None
        gap = page.low[before.found.end : one.found.start] if before else ""
        back = _RETRACTED.fullmatch(gap)
        if before and back and back["sure"]:
            named = re.search(r"intended|planned|total", gap)
            if one.role is before.role or not named:
                kept.pop()
                one = one if named or before.role is Role.NONE else replace(before, found=one.found)
        kept.append(one)
    return kept


def versus(page: Page, one: Found, other: Found) -> bool:
    """Are the two set against each other by a word that does not say which is which?"""
    return bool(_VERSUS.search(page.low[one.end : other.start])) and other.start - one.end < _CLOSE


def _gaps(page: Page, found: Sequence[Found]) -> list[list[_Cue]]:
    """The cues before, between and after the quantities; across the end of a sentence none counts."""
    edges = [0, *(edge for quantity in found for edge in (quantity.start, quantity.end)), len(page.low)]
    return [_cues(page, edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]


def _cues(page: Page, start: int, end: int) -> list[_Cue]:
    start = max(start, end - 300) if start == 0 else start
    cues = [
        _Cue(CUES[int((match.lastgroup or "c0")[1:])][0], match.start(), match.end())
        for match in CUE.finditer(page.low, start, end)
        if not _TIMES.search(page.before(match.start(), 30))
    ]
    cues = [
        cue for cue in cues if cue.role is not Role.INTENDED or not _NOT.search(page.before(cue.start, 12))
    ]
    return cues if page.has(BREAST) else [cue for cue in cues if cue.role is not Role.INFANT]


def _own(row: _Row, number: int) -> tuple[Role, bool, bool]:
    """The role of one quantity, whether a mark parts it from its cue, and whether they are far apart."""
    page, quantity = row.page, row.found[number]
    if _SUM.search(page.before(quantity.start, 40)):
        return Role.TOTAL, False, False
    right, left = _right(row, number), _left(row, number)
    if right and right.role in _ASIDES:
        return right.role, False, False
    if (
        left
        and _strict(left, page, quantity)
        and not (right and right.role is Role.INTENDED and _BASE.search(page.low, left.start, quantity.start))
    ):
        return left.role, False, False
    meant = left and left.role is Role.INTENDED and not _PARTED.search(page.low[left.end : quantity.start])
    if meant and right and right.role is Role.TOTAL:
        return Role.INTENDED, False, False  # "expected to receive 2 mSv in total"
    if right:
        return right.role, False, False
    if left:
        between = page.low[left.end : quantity.start].replace(" (", "  ").replace("and pelvis", "")
        # A dash between a name and its value is a colon: "intended dose - 0.7 mSv".
        marks = 0 if _COLON.fullmatch(between) else len(_PARTED.findall(between))
        return left.role, marks > 0, marks > 1 or len(between) > 45
    return Role.NONE, False, False


def _strict(cue: _Cue, page: Page, quantity: Found) -> bool:
    """Another kind of dose, said directly before it, whatever follows."""
    gap = page.low[cue.end : quantity.start]
    return (
        cue.role in (Role.FOETAL, Role.INFANT, Role.EXTRA, Role.EACH, Role.ORGAN, Role.ASIDE)
        and len(gap) < 40
        and not _PARTED.search(gap)
    )


def _right(row: _Row, number: int) -> _Cue | None:
    """The cue directly after the quantity, unless it leads on to the next number."""
    page, found, quantity = row.page, row.found, row.found[number]
    limit = min((q.start for q in row.everything if q.start >= quantity.end), default=len(page.low))
    cues = [cue for cue in row.gaps[number + 1] if cue.end <= limit]
    words = page.low[quantity.end : quantity.end + 30]
    to_whom = re.match(r"\s*(?:to|for|by) (?:the |a |an |her )?", words)
    for cue in cues[:2]:
        gap = page.low[quantity.end : cue.start]
        if (
            cue.role in (Role.FOETAL, Role.INFANT)
            and to_whom
            and cue.start - quantity.end <= to_whom.end() + 12
        ):
            return cue
        if not _FILLER.match(gap) or _INSTEAD.match(page.low, cue.start):
            return None
        leads_on = (
            _NEXT_NUMBER.match(page.low, cue.end)
            and cue.role not in (Role.EACH, Role.EXTRA)
            and not _PARTED.match(page.low[cue.end : cue.end + 20].lstrip())
        )
        if leads_on and not (number + 1 < len(found) and _right(row, number + 1)):
            return None
        if cue.role is Role.MADE:
            return None
        if (
            cue.role in (Role.RECEIVED, Role.INTENDED)
            and not leads_on
            and not _ENDS_THERE.match(page.low, cue.end)
        ):
            return None
        if _EACH.match(page.low, cue.end) and quantity.base != "Gy":
            return _Cue(Role.EACH, cue.start, cue.end)
        nxt = cues[1] if len(cues) > 1 and cue is cues[0] else None
        if cue.role is Role.RECEIVED and nxt and nxt.role is Role.TOTAL and nxt.start - cue.end < 3:
            return nxt
        return cue
    return None


def _left(row: _Row, number: int) -> _Cue | None:
    """The nearest cue before the quantity that the quantity before it does not own."""
    page, quantity, cues = row.page, row.found[number], row.gaps[number]
    stops = [m.end() for m in _HARD_STOP.finditer(page.low, max(0, quantity.start - 300), quantity.start)]
    stops += [q.end for q in row.everything if q.end <= quantity.start and q.base != quantity.base]
    stop = max(stops, default=0)
    near = [cue for cue in cues if cue.start >= stop and quantity.start - cue.end < _CLOSE * 2]
    # "scanned instead of his brother, CT abdomen 9 mSv": that was no dose.
    near = [
        cue
        for cue in near
        if not (_INSTEAD.match(page.low, cue.start) and "," in page.low[cue.end : quantity.start])
    ]
    if number:
        right_of_previous = _right(row, number - 1)
        near = [cue for cue in near if right_of_previous is None or cue.start >= right_of_previous.end]
    if not near:
        return None
    chain = [near[-1]]
    for cue in reversed(near[:-1]):
        if _PARTED.search(page.low[cue.end : chain[0].start]) or chain[0].start - cue.end > 25:
            break
        chain.insert(0, cue)
    if chain[-1].role is Role.INTENDED and _BASE.match(page.low, chain[0].start):
        return chain[-1]  # "in addition to the intended 1 mSv": the other one is extra
    for role in (Role.FOETAL, Role.INFANT, Role.ORGAN, Role.ASIDE, Role.EXTRA, Role.EACH):
        for cue in chain:
            if cue.role is role and quantity.start - chain[-1].end < 40:
                return cue
    intended = [cue for cue in chain if cue.role is Role.INTENDED]
    if intended and (chain[-1].role is not Role.RECEIVED or chain[-1].start - intended[-1].end < 4):
        return _Cue(Role.INTENDED, chain[-1].start, chain[-1].end)
    totals = [cue for cue in chain if cue.role is Role.TOTAL]
    if totals:
        return _Cue(Role.TOTAL, chain[-1].start, chain[-1].end)
    return chain[-1]


def _by_comparison(page: Page, placed: list[Placed]) -> list[Placed]:
    """ "A instead of B": B was intended, and A is what was given where nothing else is said of it."""
    for number in range(len(placed) - 1):
        one, other = placed[number], placed[number + 1]
        gap = page.low[one.found.end : other.found.start]
        if _CHANGED.search(gap):
            # Which of the two was meant in the end, and was it that which was given?
            second = Role.INTENDED if one.role is Role.INTENDED else other.role
            placed[number] = replace(one, parted=True)
            placed[number + 1] = Placed(other.found, second, parted=True)
            continue
        if len(gap) > 2 * _CLOSE or _HARD_STOP.search(gap):
            continue
        if (
            one.role is Role.NONE
            and other.role in (Role.INTENDED, Role.RECEIVED)
            and _TOUCHING.fullmatch(gap)
        ):
            # "4 mSv intended 8 mSv": whose word is it?
            placed[number + 1] = replace(other, parted=True)
            continue
        if _ADDED.fullmatch(gap):
            placed[number : number + 2] = [
                p if p.role is Role.TOTAL else Placed(p.found, Role.EACH) for p in (one, other)
            ]
            continue
        if _INSTEAD.search(gap) and other.role in (Role.NONE, Role.INTENDED):
            placed[number + 1] = Placed(other.found, Role.INTENDED)
            if one.role in (Role.NONE, Role.MADE, Role.RECEIVED) or one.parted:
                placed[number] = Placed(one.found, Role.RECEIVED, compared=True)
        elif versus(page, one.found, other.found):
            if other.role is Role.INTENDED and one.role in (Role.NONE, Role.MADE, Role.RECEIVED):
                placed[number] = Placed(one.found, Role.RECEIVED, compared=True)
            elif one.role is Role.INTENDED and other.role in (Role.NONE, Role.MADE):
                placed[number + 1] = Placed(other.found, Role.RECEIVED, compared=True)
    return placed
