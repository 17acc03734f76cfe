"""How many people, planning scans, and images of a fraction or of a course.

Each number of the text is told by the words beside it: what is counted, and whether it is what was meant,
what was made in all, or what was made on top. Sums and pairs are added up, and asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from bot.core.reader.findings import Finding
from bot.core.reader.matching import AT_MOST, said
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token


class Count(NamedTuple):
    """`role` is meant, extra, total, made or plain; `hit` are the tokens that it was told by; `noun`: what is
    counted is named; `once`: it is said to be in one fraction."""

    value: int
    role: str
    hit: Hit
    noun: bool
    once: bool


_MOST_IMAGES, _TAKEN = 20, ("plain", "made")
# What each role is told by, and whether the words may stand behind the number as well as before it.
_ROLES = (
    ("meant", tagset("instead versus"), False), ("meant", tagset("meant booked as_meant"), True),
    ("extra", tagset("extra repeat"), True), ("total", tagset("total"), True),
    ("made", tagset("made got had"), True),
)  # fmt: skip


def counted(t: Tagged, nouns: str) -> list[Count]:
    """Every number that is a count of such things, or of nothing else that is named."""
    return [c for i, token in enumerate(t.tokens) if _whole(token) and (c := _told(t, i, nouns))][:AT_MOST]


def _whole(token: Token) -> bool:
    return "n" in token.tags and token.value is not None and token.value % 1 == 0 and 0 < token.value < 1000


def _told(t: Tagged, i: int, nouns: str) -> Count | None:
    begin, end = t.clause(i)
    before = t.tokens[max(begin, i - 4) : i]
    if i == begin and (should := t.before("should:meant ~1 weekly|daily", i - 1, 6)):
        before = [should["should"]]  # "should have been weekly, 6 images"
    noun, other = t.starts(f"~3 {nouns}", i + 1), t.starts("@of_other_things", i + 1)
    named = t.has_in(i - 1, i, "names_a_number") if i else False
    elses = other and (noun is None or other.j < noun.j)
    if named or elses or (before and "both" in before[-1].tags) or t.starts("@of_fractions", i + 1):
        return None
    role = _role(before, t.tokens[i + 1 : min(end, noun.j + 2 if noun else i + 4)])
    j = noun.j if noun else i + 1
    once = bool(t.starts("@one_fraction", j) or (noun and t.first("@one_fraction", j, min(end, j + 6))))
    kilovolts = t.tokens[j - 1].word in ("kv", "mv") and t.tokens[i].value > _MOST_IMAGES
    if kilovolts or (noun is None and role == "plain" and not once):
        return None
    value = int(t.tokens[i].value) * (1 + t.has_in(i + 1, j, "pair"))
    return Count(value, role, t.span(i, j), noun is not None, once)


def _role(before: list[Token], after: list[Token]) -> str:
    """Of the words beside a number the nearest says what it is; that it was made says the least."""
    ranked = []
    for rank, (role, tags, behind) in enumerate(_ROLES):
        beside = [k for k, other in enumerate(after) if behind and other.tags & tags]
        beside += [k for k, other in enumerate(reversed(before[-3:])) if other.tags & tags]
        ranked += [(role == "made", k, rank) for k in beside]
    return _ROLES[min(ranked)[2]][0] if ranked else "plain"


def _sum(t: Tagged, counts: list[Count], *, listed: bool) -> tuple[int, Hit] | None:
    """Two that stand as a sum: "one CBCT plus two kV images"; of a list every one that was made."""
    for value, _, hit, *_ in counts:
        if more := t.starts("@and_one", hit.j):
            return value + (2 if "pair" in t.tokens[more.j - 1].tags else 1), t.span(hit.i, more.j)
    gaps = [(one.hit.j, other.hit.i) for one, other in pairwise(counts)]
    added = any(j - i < 4 and t.has_in(i, j, "plus", "and") and not t.has_in(i, j, "stop") for i, j in gaps)
    taken = [one for one in counts if added or one.role != "meant"]
    if len(taken) < 2 or not (added or (listed and all(one.role in _TAKEN for one in taken))):
        return None
    return sum(one.value for one in taken), t.span(taken[0].hit.i, taken[-1].hit.j)


def _in_all(
    t: Tagged, fact: str, counts: list[Count], unsure: Callable[[Count], object], *, listed: bool = False
) -> Iterator[Finding]:
    """All that were made count, what was meant among them."""
    if added := _sum(t, counts, listed=listed):
        yield said(t, fact, *added, f"?{fact}")
        return
    for one in counts:
        if one.role != "meant":
            yield said(t, fact, one.value + (one.role == "extra"), one.hit, f"?{fact}" if unsure(one) else "")


def planning_scans(t: Tagged) -> Iterator[Finding]:
    told = counted(t, "planning|scan|cbct")
    counts = [c for c in told if c.role == "total" or (c.noun and c.role != "meant")]
    again = t.has("repeat", "again", "second", "nth")
    sure = [c for c in counts if c.role == "total" or (c.role != "extra" and c.value > 1 and not again)]
    return _in_all(t, "planning_scans", counts, lambda one: one not in sure or one.value > 9)


def images(t: Tagged) -> Iterator[Finding]:
    if not t.has("picture", "scan", "cbct", "film", "kv", "exposure_noun", "pair"):
        return
    counts = counted(t, "image|pair")
    once = [one for one in counts if one.once]
    if once and all(one.role != "extra" for one in once):
        # "2 kV, 1 CBCT in fraction 3": the first is of the same list.
        begin, end = t.sentence(once[0].hit.i)
        listed = [one for one in counts if one.noun and one.role in _TAKEN and begin <= one.hit.i < end]
        once = [one for one in counts if one.once or one in listed]
    rest = [one for one in counts if one not in once]
    if once or (t.has("fraction") and not t.has("fractions", "course", "daily", "weekly")):
        yield from _in_one_fraction(t, once or rest, sure=bool(once))
    yield from _over_the_course(t, rest)


def _in_one_fraction(t: Tagged, counts: list[Count], *, sure: bool) -> Iterator[Finding]:
    counts = [one for one in counts if sure or one.noun or one.role == "total"]
    return _in_all(t, "images_in_fraction", counts, lambda c: not sure or c.role == "extra", listed=sure)


def _over_the_course(t: Tagged, counts: list[Count]) -> Iterator[Finding]:
    course = "" if t.has("course") else "?course"
    meant, extra, total, made, plain = (
        [one for one in counts if one.role == role] for role in ("meant", "extra", "total", "made", "plain")
    )
    elsewhere = "" if extra or t.has("fractions", "daily", "protocol") else course
    often = course if counts and t.first("@so_often", *t.sentence(counts[0].hit.i)) else ""
    for one in meant:
        asked = (course if t.has("fraction") else elsewhere) or often
        if not one.noun and not t.has_in(*t.sentence(one.hit.i), "picture", "cbct", "kv", "film", "scan"):
            asked = "?course"
        yield said(t, "intended_images", one.value, one.hit, asked)
    for one in extra:
        yield said(t, "additional_images", one.value, one.hit, often)
    taken = total or [one for one in made if one.noun] or made or plain
    if len(meant) == 1 and taken and not extra and (more := taken[0].value - meant[0].value) > 0:
        several = "?which_made" if len(taken) > 1 else ""
        a, b = meant[0].hit, taken[0].hit
        span = t.span(min(a.i, b.i), max(a.j, b.j))
        yield said(t, "additional_images", more, span, course or several)
    fractions = t.first("many:n ~1 fractions|fraction")
    if fractions and not meant and (extra or t.has("daily")) and _whole(fractions["many"]):
        yield said(t, "intended_images", int(fractions["many"].value), fractions, "?one_each")
