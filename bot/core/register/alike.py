"""Incidents that are alike: what may be a theme before anybody has seen it.

A set shares a cause and a category, and one of equipment, examination, site and modality. Whatever is alike
within half a year is shown quietly. It is asked about aloud where a machine has the same fault again within a
quarter, and where three or more come within a quarter that by the set's own rate would hardly be chance.
Near misses, staff and members of the public are alike for learning and never counted as exposed: code M is
about people who were (guidance of 19 April 2023, and R24). Carers and comforters are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from storage.register_model import AlikeCount, Incident, Which
from storage.store import Store

QUIETLY = timedelta(days=180)
ALOUD = timedelta(days=90)
BEFORE = timedelta(days=730)
MANY = 3
EVERY_ONE = 10**9  # none is left out, however many there are
CHANCE = 0.01
SHARED = ("equipment", "examination", "site", "modality")
EQUIPMENT_FAULT = "equipment fault"
_FAULTS = frozenset({EQUIPMENT_FAULT, "software fault"})
_SAYS_NOTHING = frozenset({"", "other"})


@dataclass(frozen=True)
class AlikeSet:
    """What its members share, the incident that was looked from among them; the latest first."""

    cause: str
    category: str
    shared: str  # one of SHARED
    value: str
    members: tuple[Incident, ...]


@dataclass(frozen=True)
class Likeness:
    """`near`: the sets within half a year, the largest first; `asked`: the one to be asked about aloud."""

    near: tuple[AlikeSet, ...] = ()
    asked: AlikeSet | None = None


def counts(one: Incident) -> bool:
    """Was somebody exposed who counts for code M?"""
    exposed = one.exposure != "near_miss"
    return exposed and one.exposed_person not in ("worker", "member_of_public")


def likeness(store: Store, tenant: str, one: Incident) -> Likeness:
    """What is alike to an incident among those of its tenant, kept or not kept itself."""
    causes = tuple(cause for cause in one.causes if cause not in _SAYS_NOTHING)
    fault = _fault_again(store, tenant, one)
    if not causes or not one.category:
        return Likeness((fault,), fault) if fault else Likeness()
    which = Which(causes=causes, categories=(one.category,), since=one.day - QUIETLY, until=one.day + QUIETLY)
    others = [o for o in store.incidents(tenant, which, limit=EVERY_ONE) if o.number != one.number]
    before = _Before(store, tenant, one, causes)
    near, aloud = [], []
    for cause in causes:
        for shared in SHARED:
            value = getattr(one, shared)
            same = [o for o in others if cause in o.causes and getattr(o, shared) == value]
            if value in _SAYS_NOTHING or not same:
                continue
            near.append(_set(one, cause, shared, same))
            window = _set(one, cause, shared, [o for o in same if timedelta() <= one.day - o.day <= ALOUD])
            count = len(window.members)
            if count >= MANY and chance_of(count, before.of(window)) < CHANCE:
                aloud.append(window)
    if fault:
        near.append(fault)
        aloud.append(fault)
    return Likeness(tuple(_largest_first(near)), next(iter(_largest_first(aloud)), None))


def _fault_again(store: Store, tenant: str, one: Incident) -> AlikeSet | None:
    """The same machine at fault within a quarter, whatever else is told of its cause and of what it did."""
    if not _at_fault(one) or one.equipment in _SAYS_NOTHING:
        return None
    which = Which(equipment=(one.equipment,), since=one.day - ALOUD, until=one.day)
    others = store.incidents(tenant, which, limit=EVERY_ONE)
    again = [other for other in others if _at_fault(other) and other.number != one.number]
    cause = next((cause for cause in one.causes if cause in _FAULTS), EQUIPMENT_FAULT)
    return _set(one, cause, "equipment", again) if again else None


def _at_fault(one: Incident) -> bool:
    return one.equipment_fault or not _FAULTS.isdisjoint(one.causes)


def _set(one: Incident, cause: str, shared: str, others: Iterable[Incident]) -> AlikeSet:
    members = sorted((one, *others), key=lambda member: (member.day, member.number), reverse=True)
    return AlikeSet(cause, one.category, shared, getattr(one, shared), tuple(members))


def _largest_first(found: list[AlikeSet]) -> list[AlikeSet]:
    """One for the same members: that which shares the narrowest."""
    ordered = sorted(found, key=lambda one: (-len(one.members), SHARED.index(one.shared)))
    seen: set[tuple[str, ...]] = set()
    kept = []
    for one in ordered:
        members = tuple(member.number for member in one.members)
        if members not in seen:
            seen.add(members)
            kept.append(one)
    return kept


class _Before:
    """How many of a set there were in the two years before its window. Counted where it is asked, and once
    for all that an incident can share."""

    def __init__(self, store: Store, tenant: str, one: Incident, causes: tuple[str, ...]) -> None:
        self._store, self._tenant, self._one, self._causes = store, tenant, one, causes

    @cached_property
    def _counts(self) -> tuple[AlikeCount, ...]:
        day = self._one.day - ALOUD
        which = Which(causes=self._causes, categories=(self._one.category,), since=day - BEFORE,
                      until=day - timedelta(days=1))  # fmt: skip
        return self._store.count_alike(self._tenant, which)

    @cached_property
    def _itself(self) -> tuple[Incident, ...]:
        """As it is kept, where that is another day: it is no other incident."""
        if not self._one.number:
            return ()
        kept = self._store.incidents(self._tenant, Which(numbers=(self._one.number,)))
        return tuple(one for one in kept if ALOUD < self._one.day - one.day <= ALOUD + BEFORE
                     and one.category == self._one.category)  # fmt: skip

    def of(self, found: AlikeSet) -> int:
        def fits(one: AlikeCount | Incident) -> bool:
            return found.cause in one.causes and getattr(one, found.shared) == found.value

        return sum(one.count for one in self._counts if fits(one)) - sum(map(fits, self._itself))


def chance_of(count: int, before: int) -> float:
    """That at least so many come within the window where so many came in the two years before it.

    The rate is itself only known from those few, so it is the upper tail of the negative binomial that a
    Poisson rate gives with them and an exponential prior. With the rate taken for exact, a department of 72
    incidents a year would be asked three times a year about chance; so it is asked once.
    """
    share = ALOUD / (ALOUD + BEFORE)
    # By logarithms: of a large register the numbers of ways are too large for a float.
    none, often = (before + 1) * math.log1p(-share) - math.lgamma(before + 1), math.log(share)
    each = (none + math.lgamma(before + n + 1) - math.lgamma(n + 1) + n * often for n in range(count))
    return max(0.0, 1 - math.fsum(map(math.exp, each)))
