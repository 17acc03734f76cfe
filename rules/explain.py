"""Why a code is met, ruled out or open, with the numbers in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from rules.clauses import CLAUSES, NOUNS, UNKNOWN, against, band, nothing_said, quantity
from rules.conditions import (
    Atom,
    Compound,
    Condition,
    Every,
    OneOf,
    RatioWithin,
    Within,
    World,
    known,
)
from rules.edition_model import Criterion
from rules.facts import Known
from rules.settle import FRAME, Frame, Scenario
from rules.spans import EXACT, INFINITY, Bound, Span


def sentence(criterion: Criterion, status: str, scenarios: tuple[Scenario, ...]) -> str:
    """One sentence for one code. Of the scenarios those to which the row speaks decide."""
    mine = [scenario for scenario in scenarios if criterion.applies.value(_frame(scenario))]
    code = criterion.code
    if not mine:
        return _cap(f"{_not_addressed(scenarios)}, so code {code} does not apply")
    scenario = mine[0]
    world = {**scenario.world, **_frame(scenario)}
    if status == "met":
        return _cap(
            listed(_holding(criterion.when, world)) or f"code {code} is met in every way that is left"
        )
    if status == "ruled_out":
        return _cap(
            listed(_failing(criterion.when, world, code)) or f"nothing that is left would meet code {code}"
        )
    missing = dict.fromkeys(text for c in mine for text in _open(criterion.when, {**c.world, **_frame(c)}))
    missing |= dict.fromkeys(_framing(criterion, mine, scenarios))
    return f"Not ruled out: it depends on {listed(list(missing)) or 'what is not known yet'}"


def _framing(criterion: Criterion, mine: list[Scenario], scenarios: tuple[Scenario, ...]) -> Iterator[str]:
    """What the code hangs on of exposure, category and nation."""
    for name in FRAME:
        spoken_to, others = ({getattr(c.frame, name) for c in found} for found in (mine, scenarios))
        if spoken_to != others:
            yield UNKNOWN[name]
    when = {
        scenario.frame.nation: criterion.when.value({**scenario.world, **_frame(scenario)})
        for scenario in mine
    }
    if len({*when.values()}) > 1:
        yield UNKNOWN["nation"]


def _frame(scenario: Scenario) -> Mapping[str, Known]:
    return _world(scenario.frame)


@cache
def _world(frame: Frame) -> Mapping[str, Known]:
    return {name: frozenset({value}) for name, value in zip(FRAME, frame, strict=True)}


def _not_addressed(scenarios: tuple[Scenario, ...]) -> str:
    exposures = {scenario.frame.exposure for scenario in scenarios}
    return (
        CLAUSES["exposure", next(iter(exposures))]
        if len(exposures) == 1
        else "it is another kind of exposure"
    )


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    last = ", and " if ", " in parts[-2] else " and "
    return f"{', '.join(parts[:-1])}{last}{parts[-1]}"


def _holding(condition: Condition, world: World) -> list[str]:
    """The clauses by which a condition holds."""
    if isinstance(condition, Every):
        return [text for part in _banded(condition.parts) for text in _holding(part, world)]
    if isinstance(condition, Compound):
        first = next((part for part in condition.parts if part.value(world)), None)
        return _holding(first, world) if first else []
    return [_clause(condition, world, True)]


def _banded(parts: tuple[Condition, ...]) -> list[Condition]:
    """Two limits of one number as one band."""
    merged: list[Condition] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Within) and isinstance(last, Within) and part.fact == last.fact:
            merged[-1] = Within(part.fact, part.span & last.span)
        else:
            merged.append(part)
    return merged


def _failing(condition: Condition, world: World, code: str) -> list[str]:
    """The clauses by which a condition fails: of parts that must all hold, one; of alternatives, all."""
    if isinstance(condition, Every):
        plainly = [part for part in condition.parts if part.value(world) is False]
        if plainly:
            return _failing(min(plainly, key=_weight), world, code)
        supposed: list[str] = []
        for part in _banded(condition.parts):
            if part.value(world) is False:
                return [f"if {listed(supposed)}, then {listed(_failing(part, world, code))}"]
            if part.value(world) is None and isinstance(part, Within):
                supposed.append(_supposing(part))
                world = _assume(part, world)
        return []
    if isinstance(condition, Compound):
        if any(part.value(world) is not False for part in condition.parts):
            return []
        clauses = [_failing(part, world, code) for part in _without_weaker(condition.parts, world)]
        return _of_one_ratio(dict.fromkeys(text for texts in clauses for text in texts))
    return [_clause(condition, world, False, code)]


def _of_one_ratio(clauses: Iterable[str]) -> list[str]:
    """Of two limits of one ratio the ratio is said once: `… : that is not below the 0.9 times and not …`."""
    by_ratio: dict[str, list[str]] = {}
    for clause in clauses:
        ratio, _, limit = clause.partition(": that is ")
        by_ratio.setdefault(ratio, []).append(limit)
    return [_said_once(ratio, limits) if limits[-1] else ratio for ratio, limits in by_ratio.items()]


def _said_once(ratio: str, limits: list[str]) -> str:
    *others, last = limits
    return f"{ratio}: that is {' and '.join([*(limit.partition(' that code')[0] for limit in others), last])}"


def _without_weaker(parts: tuple[Condition, ...], world: World) -> list[Condition]:
    """Below 1 mSv goes without saying that it is below 3: of one number's missed limits, the nearest."""
    nearest: dict[str, Within] = {}
    for part in parts:
        for atom in part.atoms():
            if isinstance(atom, Within) and atom.value(world) is False:
                other = nearest.get(atom.fact)
                nearest[atom.fact] = atom if other is None or atom.limit < other.limit else other
    return [
        part
        for part in parts
        if not (
            isinstance(part, Within) and part.span.high.value == INFINITY and nearest[part.fact] is not part
        )
    ]


def _weight(part: Condition) -> int:
    """Numbers make a better reason than a lack of something."""
    return 0 if isinstance(part, Within | RatioWithin) else 1


def _clause(condition: Condition, world: World, holds: bool, code: str = "") -> str:
    if isinstance(condition, OneOf):
        have = sorted(map(str, known(world, condition.fact)))
        return " or ".join(CLAUSES.get((condition.fact, value), value) for value in have)
    assert isinstance(condition, Within | RatioWithin)
    if isinstance(condition, Within) and condition.two_sided:
        return band(condition.fact, condition.span, world)
    if condition.fact == "individuals_exposed":
        return "more than one person was exposed" if holds else "one person alone was exposed"
    return against(condition, world, holds, code)


def _supposing(part: Within) -> str:
    return f"{NOUNS[part.fact]} is {quantity(part.fact, part.span)}"


def _assume(part: Within, world: World) -> World:
    have = known(world, part.fact)
    assert isinstance(have, Span)
    narrowed = {**world, part.fact: have & part.span}
    if part.fact == "intended_dose":
        narrowed["total_dose"] = _total(narrowed)
    return narrowed


def _total(world: World) -> Span:
    """What is known of the total, by itself and through ratio and intended dose."""
    total, intended, ratio = (known(world, name) for name in ("total_dose", "intended_dose", "dose_ratio"))
    assert isinstance(total, Span)
    assert isinstance(intended, Span)
    assert isinstance(ratio, Span)
    return total & Span(_product(ratio.low, intended.low, 1), _product(ratio.high, intended.high, -1))


def _product(one: Bound, other: Bound, side: int) -> Bound:
    if INFINITY in (one.value, other.value):
        return Bound(INFINITY)
    return Bound(EXACT.multiply(one.value, other.value), side if one.side or other.side else 0)


def _open(condition: Condition, world: World) -> Iterator[str]:
    """What the condition hangs on, in words."""
    if condition.value(world) is not None:
        return
    if isinstance(condition, Compound):
        for part in _banded(condition.parts) if isinstance(condition, Every) else condition.parts:
            yield from _open(part, world)
        return
    assert isinstance(condition, Atom)
    if condition.fact in UNKNOWN:
        yield UNKNOWN[condition.fact]
        return
    wholly = [name for name in condition.facts if nothing_said(known(world, name), name)]
    if wholly:
        yield from (NOUNS[name] for name in wholly)
    elif isinstance(condition, Within) and condition.two_sided:
        yield f"whether {band(condition.fact, condition.span, world)}"
    elif isinstance(condition, Within | RatioWithin):
        yield f"whether {against(condition, world, True).partition(', which')[0]}"
