"""Which of several quantities is the intended one, and which the total: told by the words around each.

In the gap between two quantities a cue belongs to the one from which nothing parts it: "2 mSv intended,
12 mSv given", "intended 2 mSv, given 12 mSv". Where that cannot be told nothing is certain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged
from rules.quantities import Found

# What a quantity is, as the pattern @cues names it. Of several words before one the first of these counts;
# down to "each" they count whatever stands behind it. "aside" is a threshold, a typical value, another day's;
# beside "made" an examination was made, whose the quantity may be.
_RANKS = "foetal infant organ aside other_person extra each intended total received made none".split()
_ASIDES = _RANKS[: _RANKS.index("intended")]
_NEVER_SAID = ("none", "made", "received")
_CLOSE = 60  # characters


@dataclass(frozen=True)
class Placed:
    """A quantity, token `i`, with its role. `parted`: something stands between it and the role's cue."""

    i: int
    found: Found
    role: str
    parted: bool = False
    distant: bool = False  # more than a mark and a few words lie between
    compared: bool = False  # it stands on the left of "instead of" or the like


class Cue(NamedTuple):
    role: str
    i: int
    j: int


def place(t: Tagged, base: str) -> list[Placed]:
    """The role of each quantity whose base unit is `base`, in their order in the text.

    What the text takes back ("10 mSv, no sorry, 12 mSv") is left out.
    """
    row = _Row(t, base)
    placed = [row.own(number) for number in range(len(row.at))]
    for number in range(len(placed) - 1):
        placed[number : number + 2] = _compared(t, base, *placed[number : number + 2])
    return _still_said(t, placed)


class _Row:
    """The quantities of one kind, and the cues before, between and after them."""

    def __init__(self, t: Tagged, base: str) -> None:
        self.t = t
        self.at = [i for i, token in enumerate(t.tokens) if base in token.tags]
        self.any = [i for i, token in enumerate(t.tokens) if token.tags & tagset("quantities")]
        edges = [-1, *self.at, len(t.tokens)]
        self.gaps = [self._cues(i + 1, j) for i, j in pairwise(edges)]

    def _cues(self, i: int, j: int) -> list[Cue]:
        cues = [Cue(hit.name, hit.i, hit.j) for hit in self.t.find("@cues", i, j)]
        apart = ("none",) if self.t.has("feeding") else ("none", "infant")
        return [cue for cue in cues if cue.role not in apart]

    def own(self, number: int) -> Placed:
        """One quantity by the cue behind it or before it."""
        t, i = self.t, self.at[number]
        right, left = self._right(number), self._left(number)
        marks = self._marks(left.j, i) if left else 0
        cue, parted, distant = right or left, False, False
        if i and t.tokens[i - 1].word == "=" and t.has_in(max(0, i - 6), i, "plus", "x"):
            cue = Cue("total", i, i)
        elif left and right:
            before = right.role not in _ASIDES and not marks and self._first(left, right, i)
            cue = left if before else right
        elif left:
            if marks == 1 and i - left.j <= 2 and t.has_in(left.j, i, "dash", "open"):
                marks = 0  # "intended dose - 0.7 mSv", "total (2 mSv"
            other = t.has_in(left.i, left.j, "instead") and not t.only(left.j, i, "role_filler")
            parted, distant = marks > 0 or other, marks > 1 or self._apart(left.j, i) > 45
        return Placed(i, t.tokens[i].value, cue.role if cue else "none", parted, distant)

    def _first(self, left: Cue, right: Cue, i: int) -> bool:
        """Does what stands directly before a quantity count, though something stands behind it too?"""
        if left.role == "intended":
            return right.role == "total"  # "expected to receive 2 mSv in total"
        on_top = left.role == "extra" and right.role == "intended"
        return left.role in _ASIDES and self._apart(left.j, i) < 40 and not on_top

    def _apart(self, i: int, j: int) -> int:
        """The characters between what ends at token `i` and token `j`."""
        return self.t.tokens[j].start - self.t.tokens[i - 1].end

    def _marks(self, i: int, j: int) -> int:
        return sum(self.t.has_in(k, k + 1, "parted") for k in range(i, j))

    def _right(self, number: int) -> Cue | None:
        """The cue directly after the quantity, unless it leads on to the next number."""
        t, i = self.t, self.at[number]
        cue = next(iter(self.gaps[number + 1]), None)
        if cue is None or any(i < k < cue.j for k in self.any):
            return None
        leads_on, gap = t.starts("leads* quantities|n", cue.j), cue.i - i - 1
        if cue.role in ("foetal", "infant", "other_person"):
            led = gap <= 4 and t.has_in(i + 1, i + 2, "to", "for", "by") if gap else not leads_on
            return cue if led else None  # "2 mGy to the foetus", "2 mGy foetus"
        begin = i + 1 + t.has_in(i + 1, i + 2, "open", "dash")
        if gap > 6 or not t.only(begin, cue.i, "role_filler") or t.has_in(cue.i, cue.i + 1, "instead"):
            return None
        if leads_on and cue.role not in ("each", "extra"):
            if number + 2 == len(self.gaps) or not self._right(number + 1):
                return None
        elif cue.role in ("received", "intended"):
            ends = cue.j == len(t.tokens) or t.has_in(cue.j, cue.j + 1, "role_ends", "got", "meant", "made")
            part = cue.role == "intended" and not gap and t.has_in(cue.j, cue.j + 1, "exam", "part")
            if not ends and not part:
                return None
        if t.has_in(cue.j, cue.j + 1, "each"):
            return Cue("each", cue.i, cue.j + 1)
        return None if cue.role == "made" else cue

    def _left(self, number: int) -> Cue | None:
        """The nearest cue before the quantity that the quantity before it does not own."""
        t, i = self.t, self.at[number]
        previous = self._right(number - 1) if number else None
        others = [k for k in self.any if k < i and k not in self.at]
        stop = max([previous.j if previous else 0, *(k + 1 for k in others)])
        stop = max([stop, *(k + 1 for k in range(stop, i) if t.has_in(k, k + 1, "hard"))])
        near = [cue for cue in self.gaps[number] if cue.i >= stop and self._apart(cue.j, i) < 2 * _CLOSE]
        near = [cue for cue in near if cue.role != "other_person" or i - cue.j <= 3]
        # "(100 MBq prescribed), 2.2 mSv": the cue is the activity's.
        near = [cue for cue in near if cue.i - 1 not in others or not t.has_in(cue.j, cue.j + 1, "parted")]
        chain = near[-1:]
        for cue in reversed(near[:-1]):
            if self._marks(cue.j, chain[0].i) or self._apart(cue.j, chain[0].i) > 25:
                break
            chain.insert(0, cue)
        return self._of_chain(chain, i) if chain else None

    def _of_chain(self, chain: list[Cue], i: int) -> Cue | None:
        """Which of the cues that stand together before a quantity is its own."""
        last = chain[-1]
        if last.role == "intended" and chain[0].role == "extra":
            return last  # "in addition to the intended 1 mSv": the other one is extra
        if last.role == "organ" and (self.t.has_in(last.j, i, "n") or self._marks(last.j, i)):
            return None  # "DLP 412, 6 mSv": the name is another number's
        first = min(chain, key=lambda cue: _RANKS.index(cue.role))
        if first.role in _ASIDES and self._apart(last.j, i) < 40:
            return first
        meant = [cue for cue in chain if cue.role == "intended"]
        if meant and (last.role != "received" or last.i == meant[-1].j):
            return Cue("intended", last.i, last.j)
        return last


def _still_said(t: Tagged, placed: list[Placed]) -> list[Placed]:
    kept: list[Placed] = []
    for one in placed:
        before = kept[-1] if kept else None
        back = t.first("retract", before.i, one.i) if before else None
        if before and back and one.i - back.j <= 4 and back.i - before.i <= 6:
            named = t.has_in(before.i + 1, one.i, "meant", "total")
            if one.role == before.role or not named:
                kept.pop()
                one = one if named or before.role == "none" else replace(before, i=one.i, found=one.found)
        kept.append(one)
    return kept


def versus(t: Tagged, one: Placed, other: Placed) -> bool:
    """Are the two set against each other by a word that does not say which is which?"""
    i, j, apart = one.i + 1, other.i, other.found.start - one.found.end
    return apart < _CLOSE and t.has_in(i, j, "set_against") and not t.has_in(i, j, "end")


def _compared(t: Tagged, base: str, one: Placed, other: Placed) -> tuple[Placed, Placed]:
    """ "A instead of B": B was intended, and A is what was given where nothing else is said of it."""
    i, j = one.i + 1, other.i
    intended = Placed(other.i, other.found, "intended")
    if t.has_in(i, j, "changed") or t.before("changed", one.i, 4):
        # Which of the two was meant in the end, and was it that which was given?
        role = "intended" if one.role == "intended" else other.role
        return replace(one, parted=True), Placed(other.i, other.found, role, parted=True)
    if other.found.start - one.found.end > 2 * _CLOSE or t.has_in(i, j, "hard"):
        return one, other
    said = other.role in ("intended", "received")
    of = base != "Sv" and j - i < 3 and t.has_in(i, j, "of")
    if one.role == "none" and said and j - i == 1 and not (of or t.has_in(i, j, "links")):
        return one, replace(other, parted=True)  # "4 mSv intended 8 mSv": whose word is it?
    added = t.starts("@added", i)
    clear = (one.role, other.role) == ("total", "intended") and not t.has_in(i, j, "plus")
    if added and added.j >= j and not clear:
        one, other = (p if p.role == "total" else replace(p, role="each") for p in (one, other))
        return one, other
    given = Placed(one.i, one.found, "received", compared=True)
    if (of or t.has_in(i, j, "instead")) and (said or other.role == "none"):
        return (given if one.role in _NEVER_SAID or one.parted else one), intended
    if t.has_in(i, j, "plus") and j - i < 4 and other.role == "intended":
        other = replace(other, parted=True)  # "5 mSv + CT 8 mSv planned"
    if versus(t, one, other):
        if other.role == "intended" and one.role in _NEVER_SAID:
            return given, other
        if one.role == "intended" and not one.parted and other.role in ("none", "made"):
            return one, Placed(other.i, other.found, "received", compared=True)
    return one, other
