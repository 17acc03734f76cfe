"""Which of several quantities is the intended one, and which the total: told by the words around each.

In the gap between two quantities a cue belongs to the one from which nothing parts it: "2 mSv intended,
12 mSv given", "intended 2 mSv, given 12 mSv". Where that cannot be told nothing is certain.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.reader.cues import Cue, CueRow, Placed, Role
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged
from bot.core.reader.tokens import Token

_ASIDES = (Role.EACH, Role.EXTRA, Role.FOETAL, Role.INFANT, Role.OTHER_PERSON, Role.ASIDE, Role.ORGAN)
_QUANTITIES = tagset("quantities")
_PARTED, _HARD, _FILLER = tagset("parted"), tagset("hard"), tagset("role_filler")
_ENDS, _LEADS = tagset("role_ends"), tagset("leads")
_CLOSE = 60  # characters


def place(t: Tagged, base: str) -> list[Placed]:
    """The role of each quantity whose base unit is `base`, in their order in the text.

    What the text takes back ("10 mSv, no sorry, 12 mSv") is left out.
    """
    row = CueRow(t, base)
    placed = [Placed(i, t.tokens[i].value, *_own(row, number)) for number, i in enumerate(row.at)]
    return _still_said(t, _by_comparison(row, placed))


def _still_said(t: Tagged, placed: list[Placed]) -> list[Placed]:
    kept: list[Placed] = []
    for one in placed:
        before = kept[-1] if kept else None
        back = t.first("retract", before.i, one.i) if before else None
        if before and back and one.i - back.j <= 4 and back.i - before.i <= 6:
            named = any(token.tags & tagset("meant total") for token in t.tokens[before.i + 1 : one.i])
            if one.role is before.role or not named:
                kept.pop()
                one = one if named or before.role is Role.NONE else replace(before, i=one.i, found=one.found)
        kept.append(one)
    return kept


def _own(row: CueRow, number: int) -> tuple[Role, bool, bool]:
    """The role of one quantity, whether a mark parts it from its cue, and whether they are far apart."""
    t, i = row.t, row.at[number]
    if i and t.tokens[i - 1].word == "=" and t.has_in(max(0, i - 6), i, "plus", "x"):
        return Role.TOTAL, False, False
    right, left = _right(row, number), _left(row, number)
    if right and right.role in _ASIDES:
        return right.role, False, False
    on_top = left and right and right.role is Role.INTENDED and left.role is Role.EXTRA
    if left and left.role in _ASIDES and _strict(row, left, i) and not on_top:
        return left.role, False, False
    meant = left and left.role is Role.INTENDED and not _marks(row, left.j, i)
    if meant and right and right.role is Role.TOTAL:
        return Role.INTENDED, False, False  # "expected to receive 2 mSv in total"
    if right:
        return right.role, False, False
    if left:
        marks = _marks(row, left.j, i)
        if marks == 1 and i - left.j <= 2 and t.has_in(left.j, i, "dash", "open"):
            marks = 0  # "intended dose - 0.7 mSv", "total (2 mSv"
        return left.role, marks > 0, marks > 1 or t.tokens[i].start - t.tokens[left.j - 1].end > 45
    return Role.NONE, False, False


def _marks(row: CueRow, i: int, j: int) -> int:
    return sum(bool(token.tags & _PARTED) for token in row.t.tokens[i:j])


def _strict(row: CueRow, cue: Cue, i: int) -> bool:
    """Another kind of dose, said directly before it, whatever follows."""
    return row.t.tokens[i].start - row.t.tokens[cue.j - 1].end < 40 and not _marks(row, cue.j, i)


def _right(row: CueRow, number: int) -> Cue | None:
    """The cue directly after the quantity, unless it leads on to the next number."""
    t, i = row.t, row.at[number]
    limit = next((k for k in row.any if k > i), len(t.tokens))
    cues = [cue for cue in row.gaps[number + 1] if cue.j <= limit]
    for cue in cues[:2]:
        gap = row.t.tokens[i + 1 : cue.i]
        if cue.role in (Role.FOETAL, Role.INFANT, Role.OTHER_PERSON):
            led = len(gap) <= 4 and gap[0].tags & tagset("to for by") if gap else not _leads(row, cue.j)
            return cue if led else None  # "2 mGy to the foetus", "2 mGy foetus"
        if len(gap) > 6 or not all(token.tags & _FILLER or _bracket(token, k) for k, token in enumerate(gap)):
            return None
        if "instead" in t.tokens[cue.i].tags or cue.role is Role.MADE:
            return None
        leads_on = cue.role not in (Role.EACH, Role.EXTRA) and _leads(row, cue.j)
        if leads_on and not (number + 1 < len(row.at) and _right(row, number + 1)):
            return None
        ends = cue.j >= len(t.tokens) or bool(t.tokens[cue.j].tags & (_ENDS | tagset("got meant made")))
        ends = ends or (cue.role is Role.INTENDED and not gap and t.has_in(cue.j, cue.j + 1, "exam", "part"))
        if cue.role in (Role.RECEIVED, Role.INTENDED) and not leads_on and not ends:
            return None
        after = t.tokens[cue.j] if cue.j < len(t.tokens) else None
        if after and "each" in after.tags:
            return Cue(Role.EACH, cue.i, cue.j + 1)
        return cue
    return None


def _bracket(token: Token, k: int) -> bool:
    return k == 0 and bool(token.tags & tagset("open dash"))


def _leads(row: CueRow, j: int) -> bool:
    """Do only small words stand between here and the next number?"""
    for token in row.t.tokens[j : j + 6]:
        if token.tags & (_QUANTITIES | tagset("n")):
            return True
        if not token.tags & _LEADS:
            return False
    return False


def _left(row: CueRow, number: int) -> Cue | None:
    """The nearest cue before the quantity that the quantity before it does not own."""
    t, i = row.t, row.at[number]
    stop = max((k + 1 for k in range(max(0, i - 60), i) if t.tokens[k].tags & _HARD), default=0)
    stop = max([stop, *(k + 1 for k in row.any if k < i and k not in row.at)])
    start = t.tokens[i].start
    near = [
        cue
        for cue in row.gaps[number]
        if cue.i >= stop
        and start - t.tokens[cue.j - 1].end < 2 * _CLOSE
        and not _anothers(row, cue)
        and not (cue.role is Role.OTHER_PERSON and i - cue.j > 3)
    ]
    if number:
        previous = _right(row, number - 1)
        near = [cue for cue in near if previous is None or cue.i >= previous.j]
    if not near:
        return None
    chain = [near[-1]]
    for cue in reversed(near[:-1]):
        gap = t.tokens[chain[0].i].start - t.tokens[cue.j - 1].end
        if _marks(row, cue.j, chain[0].i) or gap > 25:
            break
        chain.insert(0, cue)
    if chain[-1].role is Role.INTENDED and chain[0].role is Role.EXTRA and len(chain) > 1:
        return chain[-1]  # "in addition to the intended 1 mSv": the other one is extra
    measured = any("n" in token.tags for token in row.t.tokens[chain[-1].j : i]) or _marks(
        row, chain[-1].j, i
    )
    if chain[-1].role is Role.ORGAN and measured:
        return None  # "DLP 412, 6 mSv": the name is another number's
    for role in (Role.FOETAL, Role.INFANT, Role.ORGAN, Role.ASIDE, Role.OTHER_PERSON, Role.EXTRA, Role.EACH):
        for cue in chain:
            if cue.role is role and start - t.tokens[chain[-1].j - 1].end < 40:
                return cue
    meant = [cue for cue in chain if cue.role is Role.INTENDED]
    if meant and (chain[-1].role is not Role.RECEIVED or chain[-1].i - meant[-1].j < 1):
        return Cue(Role.INTENDED, chain[-1].i, chain[-1].j)
    return chain[-1]


def _anothers(row: CueRow, cue: Cue) -> bool:
    """ "(100 MBq prescribed), 2.2 mSv": the cue is the activity's."""
    after = row.t.tokens[cue.j : cue.j + 1]
    ends = not after or bool(after[0].tags & _PARTED)
    return ends and cue.i - 1 in row.any and cue.i - 1 not in row.at


def versus(t: Tagged, one: Placed, other: Placed) -> bool:
    """Are the two set against each other by a word that does not say which is which?"""
    gap = t.tokens[one.i + 1 : other.i]
    return (
        any(token.tags & _VERSUS for token in gap)
        and not any(token.tags & tagset("end") for token in gap)
        and other.found.start - one.found.end < _CLOSE
    )


_VERSUS = tagset("versus not when but arrow where")


def _by_comparison(row: CueRow, placed: list[Placed]) -> list[Placed]:
    """ "A instead of B": B was intended, and A is what was given where nothing else is said of it."""
    t = row.t
    for number in range(len(placed) - 1):
        one, other = placed[number], placed[number + 1]
        gap = t.tokens[one.i + 1 : other.i]
        if any("changed" in token.tags for token in gap) or t.before("changed", one.i, 4):
            # Which of the two was meant in the end, and was it that which was given?
            second = Role.INTENDED if one.role is Role.INTENDED else other.role
            placed[number] = replace(one, parted=True)
            placed[number + 1] = Placed(other.i, other.found, second, parted=True)
            continue
        if other.found.start - one.found.end > 2 * _CLOSE or any(token.tags & _HARD for token in gap):
            continue
        if (
            one.role is Role.NONE
            and other.role in (Role.INTENDED, Role.RECEIVED)
            and len(gap) == 1
            and not gap[0].tags & _LINKS
        ):
            placed[number + 1] = replace(other, parted=True)  # "4 mSv intended 8 mSv": whose word is it?
            continue
        added = t.starts("@added", one.i + 1)
        if added and added.j >= other.i:
            both = [p if p.role is Role.TOTAL else replace(p, role=Role.EACH) for p in (one, other)]
            placed[number : number + 2] = both
            continue
        if any("plus" in token.tags for token in gap) and len(gap) < 4 and other.role is Role.INTENDED:
            placed[number + 1] = replace(other, parted=True)  # "5 mSv + CT 8 mSv planned"
        given = (Role.NONE, Role.MADE, Role.RECEIVED)
        unsaid = (Role.NONE, Role.INTENDED, Role.RECEIVED)
        of = row.base != "Sv" and any("of" in token.tags for token in gap) and len(gap) < 3
        if (of or any("instead" in token.tags for token in gap)) and other.role in unsaid:
            placed[number + 1] = Placed(other.i, other.found, Role.INTENDED)
            if one.role in given or one.parted:
                placed[number] = Placed(one.i, one.found, Role.RECEIVED, compared=True)
        elif versus(t, one, other):
            if other.role is Role.INTENDED and one.role in given:
                placed[number] = Placed(one.i, one.found, Role.RECEIVED, compared=True)
            elif one.role is Role.INTENDED and other.role in (Role.NONE, Role.MADE):
                placed[number + 1] = Placed(other.i, other.found, Role.RECEIVED, compared=True)
    return placed


_LINKS = tagset("instead versus where comma open semi dash colon and")
