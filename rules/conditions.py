"""Predicates over partly known facts: what the rows of an edition are written in.

A condition answers True, False, or None while it is open. Written out, a row reads like the guidance:
`intended_dose < "0.3"`, `total_dose >= 10 * intended_dose`, `planning_scans >= 3`, joined by `&` and `|`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rules.facts import FACTS, Known
from rules.spans import ANYTHING, INFINITY, Span, above, at_least, at_most, below

World = Mapping[str, Known]
Truth = bool | None

# The quotients that rows compare, by their name in a world. All but that of images are facts of their own.
RATIOS = {
    ("total_dose", "intended_dose"): "dose_ratio",
    ("additional_images", "intended_images"): "image_ratio",
    ("delivered_activity", "prescribed_activity"): "activity_ratio",
}


def known(world: World, name: str) -> Known:
    """What is known of a fact, or of a quotient: all of its domain where nothing is."""
    found = world.get(name)
    if found is not None:
        return found
    return FACTS[name].domain if name in FACTS else ANYTHING


class Condition:
    """Something that holds, does not, or is still open."""

    def __and__(self, other: Condition) -> Every:
        return Every((*_parts(self, Every), *_parts(other, Every)))

    def __or__(self, other: Condition) -> Some:
        return Some((*_parts(self, Some), *_parts(other, Some)))

    def value(self, world: World) -> Truth:
        raise TypeError(type(self), world)

    def atoms(self) -> Iterator[Atom]:
        raise TypeError(type(self))

    def without(self, world: World) -> Condition | bool:
        """What is left of it once the facts in this world are put in."""
        value = self.value(world)
        return self if value is None else value


class Atom(Condition):
    """A condition on one fact, or on the quotient of two."""

    fact: str

    @property
    def facts(self) -> tuple[str, ...]:
        raise TypeError(type(self))

    def atoms(self) -> Iterator[Atom]:
        yield self


@dataclass(frozen=True)
class OneOf(Atom):
    fact: str
    options: frozenset[str]

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    def value(self, world: World) -> Truth:
        have = known(world, self.fact)
        assert isinstance(have, frozenset)
        return True if have <= self.options else None if have & self.options else False


@dataclass(frozen=True)
class Within(Atom):
    """A number on one side of a limit: `span` goes on without end on the other."""

    fact: str
    span: Span

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact,)

    @property
    def limit(self) -> Decimal:
        return self.span.low.value if self.span.high.value == INFINITY else self.span.high.value

    @property
    def two_sided(self) -> bool:
        return self.span.low.value > 0 and self.span.high.value != INFINITY

    def value(self, world: World) -> Truth:
        have = known(world, self.fact)
        assert isinstance(have, Span)
        return inside(have, self.span)


@dataclass(frozen=True)
class RatioWithin(Atom):
    """A number against a multiple of another, multiplied and never divided: exact at the threshold."""

    fact: str
    of: str
    span: Span

    @property
    def facts(self) -> tuple[str, ...]:
        return (self.fact, self.of)

    @property
    def name(self) -> str:
        return RATIOS[self.fact, self.of]

    @property
    def limit(self) -> Decimal:
        return self.span.low.value if self.span.high.value == INFINITY else self.span.high.value

    def value(self, world: World) -> Truth:
        ratio = world.get(self.name)
        if isinstance(ratio, Span) and (settled := inside(ratio, self.span)) is not None:
            return settled
        part, whole = known(world, self.fact), known(world, self.of)
        assert isinstance(part, Span)
        assert isinstance(whole, Span)
        return quotient_inside(part, whole, self.span)


@dataclass(frozen=True)
class Compound(Condition):
    parts: tuple[Condition, ...]
    DECISIVE = False

    def value(self, world: World) -> Truth:
        result: Truth = not self.DECISIVE
        for part in self.parts:
            value = part.value(world)
            if value is self.DECISIVE:
                return value
            if value is None:
                result = None
        return result

    def atoms(self) -> Iterator[Atom]:
        for part in self.parts:
            yield from part.atoms()

    def without(self, world: World) -> Condition | bool:
        left: list[Condition] = []
        for part in self.parts:
            rest = part.without(world)
            if rest is self.DECISIVE:
                return rest
            if isinstance(rest, Condition):
                left.extend(_parts(rest, type(self)))
        return (left[0] if len(left) == 1 else type(self)(tuple(left))) if left else not self.DECISIVE


class Every(Compound):
    """All of them."""

    DECISIVE = False


class Some(Compound):
    """At least one of them."""

    DECISIVE = True


def _parts(condition: Condition, group: type[Compound]) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, group) else (condition,)


def inside(have: Span, wanted: Span) -> Truth:
    """Is every value that it can have within, none, or does it depend?"""
    if wanted.low <= have.low and have.high <= wanted.high:
        return True
    return None if have & wanted else False


def quotient_inside(part: Span, whole: Span, wanted: Span) -> Truth:
    """The same for the quotient of two numbers, by its least and greatest value."""
    least, greatest = quotient_bounds(part, whole, wanted)
    if wanted.high.value == INFINITY:
        return True if least else None if greatest else False
    return True if not greatest else None if not least else False


def quotient_bounds(part: Span, whole: Span, wanted: Span) -> tuple[bool, bool]:
    """Does the least quotient, does the greatest one, lie beyond the limit that the half-line `wanted` has?

    Beyond is at or above the limit where a wanted span begins there or ends just below; else above it.
    """
    upwards = wanted.high.value == INFINITY
    limit, side = wanted.low if upwards else wanted.high
    reached = side == 0 if upwards else side < 0
    low, high = part.low, part.high
    near, far = limit * whole.high.value, limit * whole.low.value
    if reached:
        return low.value >= near, high.value > far or (
            high.value == far and high.side == 0 and whole.low.side == 0
        )
    return low.value > near or (low.value == near and (low.side > 0 or whole.high.side < 0)), high.value > far


class Choice:
    """A fact with options, as rows write it."""

    def __init__(self, name: str) -> None:
        self.name = FACTS[name].name

    def is_(self, *options: str) -> OneOf:
        domain = FACTS[self.name].domain
        assert isinstance(domain, frozenset)
        assert set(options) <= domain, (self.name, options)
        return OneOf(self.name, frozenset(options))


class Times:
    """A multiple of a number."""

    def __init__(self, factor: Decimal, number: Number) -> None:
        self.factor, self.number = factor, number


class Number:
    """A number, as rows write it: compared with a limit, or with a multiple of another number."""

    def __init__(self, name: str) -> None:
        self.name = FACTS[name].name

    def __rmul__(self, factor: int | str) -> Times:
        return Times(Decimal(factor), self)

    def __ge__(self, limit: int | str | Times) -> Atom:
        return self._against(limit, at_least)

    def __gt__(self, limit: int | str | Times) -> Atom:
        return self._against(limit, above)

    def __le__(self, limit: int | str | Times) -> Atom:
        return self._against(limit, at_most)

    def __lt__(self, limit: int | str | Times) -> Atom:
        return self._against(limit, below)

    def _against(self, limit: int | str | Times, side: Callable[[Decimal], Span]) -> Atom:
        if isinstance(limit, Times):
            return RatioWithin(self.name, limit.number.name, side(limit.factor))
        return Within(self.name, side(Decimal(limit)))
