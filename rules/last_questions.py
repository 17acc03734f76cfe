"""What is left to ask where nobody knows the kind of exposure: a fact that some of the kinds cannot have.

A dose that somebody got, for one, says that it was no near miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.conditions import RATIOS, World, known
from rules.facts import FACTS, Known
from rules.incident import Facts
from rules.settle import FRAME, NEAR_MISS
from rules.spans import DOWN, EXACT, UP, Span, between, exactly

# One value of each sort: none of it, as it should be, more than that, and beyond every threshold.
SORTS = tuple(exactly(Decimal(number)) for number in (0, 1, 2, 1000))


def telling_frames_apart(facts: Facts, skip: frozenset[str]) -> tuple[str, ...]:
    """The first fact of a form, not in `skip`, that leaves fewer kinds of exposure by some answer to it."""
    before = len(facts.scenarios)
    for name in _that_some_kinds_lack(facts, skip):
        for value in _values(name, facts.known):
            left = facts.edition.rows.scenarios({**facts.known, name: value})
            if left and len(left) < before:
                return (name,)
    return ()


def _that_some_kinds_lack(facts: Facts, skip: frozenset[str]) -> Iterator[str]:
    open_frames = {
        name for name in FRAME if name in skip and len({getattr(s.frame, name) for s in facts.scenarios}) > 1
    }
    of_exposure = {*NEAR_MISS, "intended_dose", "dose_ratio"}
    of_exposure.update(name for group in facts.edition.rows.not_as_intended for name in group.dimensions)
    for name, fact in FACTS.items():
        if name in facts.known or name in skip:
            continue
        by_exposure = "exposure" in open_frames and name in of_exposure
        if not by_exposure and not ("category" in open_frames and fact.categories):
            continue
        presupposed = ((known(facts.known, given), frozenset(values)) for given, values in fact.given)
        if all(isinstance(have, frozenset) and have <= values for have, values in presupposed):
            yield name


def _values(name: str, world: World) -> Iterator[Known]:
    have = known(world, name)
    for part, whole in (parts for parts, ratio in RATIOS.items() if ratio == name):
        n, d = world.get(part), world.get(whole)
        if isinstance(n, Span) and isinstance(d, Span) and n.exact and d.exact and d.positive:
            quotient = EXACT.divide(n.low.value, d.low.value)
            yield between(DOWN.plus(quotient), UP.plus(quotient))  # the one that there is
            return
    if isinstance(have, Span):
        yield from (one & have for one in SORTS if one & have)
    else:
        yield from (frozenset({option}) for option in sorted(have))
