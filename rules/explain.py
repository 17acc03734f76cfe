"""Why a code is met, ruled out or open, with the numbers in it, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from rules.conditions import (
    RATIOS,
    Atom,
    Condition,
    Every,
    Group,
    OneOf,
    RatioWithin,
    Within,
    World,
    known,
)
from rules.edition import Criterion
from rules.facts import FACTS, Kind, Known
from rules.incident import Facts
from rules.settle import FRAME, Case, agrees
from rules.spans import ANYTHING, EXACT, INFINITY, Bound, Span, exactly, plain
from rules.wording import CLAUSES, NOUNS, PLACED, UNKNOWN, against, band, limit_of, named, quantity, unit


def sentence(criterion: Criterion, status: str, cases: tuple[Case, ...]) -> str:
    """One sentence for one code. `cases` are the incident's frames; those to which the row speaks decide."""
    mine = [case for case in cases if criterion.applies.value(_frame(case))]
    code = criterion.code
    if not mine:
        return _cap(f"{_not_addressed(cases)}, so code {code} does not apply")
    case = mine[0]
    world = {**case.world, **_frame(case)}
    if status == "met":
        return _cap(_and(_holding(criterion.when, world)) or f"code {code} is met in every way that is left")
    if status == "ruled_out":
        return _cap(
            _and(_failing(criterion.when, world, code)) or f"nothing that is left would meet code {code}"
        )
    missing = dict.fromkeys(text for c in mine for text in _open(criterion.when, {**c.world, **_frame(c)}))
    if len({case.frame.exposure for case in cases}) > 1 and len(mine) < len(cases):
        missing[UNKNOWN["exposure"]] = None
    return f"Not ruled out: it hangs on {_and(list(missing)) or 'what is not known yet'}"


def _frame(case: Case) -> dict[str, Known]:
    return {name: frozenset({value}) for name, value in zip(FRAME, case.frame, strict=True)}


def _not_addressed(cases: tuple[Case, ...]) -> str:
    exposures = {case.frame.exposure for case in cases}
    return (
        CLAUSES["exposure", next(iter(exposures))]
        if len(exposures) == 1
        else "it is another kind of exposure"
    )


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _holding(condition: Condition, world: World) -> list[str]:
    """The clauses by which a condition holds."""
    if isinstance(condition, Every):
        return [text for part in _banded(condition.parts) for text in _holding(part, world)]
    if isinstance(condition, Group):
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
                return [f"if {_and(supposed)}, then {_and(_failing(part, world, code))}"]
            if part.value(world) is None and isinstance(part, Within | OneOf):
                supposed.append(_supposing(part))
                world = _assume(part, world)
        return []
    if isinstance(condition, Group):
        if any(part.value(world) is not False for part in condition.parts):
            return []
        clauses = [_failing(part, world, code) for part in _without_weaker(condition.parts, world)]
        return list(dict.fromkeys(text for texts in clauses for text in texts))
    return [_clause(condition, world, False, code)]


def _without_weaker(parts: tuple[Condition, ...], world: World) -> list[Condition]:
    """Below 1 mSv goes without saying that it is below 3: of one number's missed limits, the nearest."""
    nearest: dict[str, Within] = {}
    for part in parts:
        for atom in part.atoms():
            if isinstance(atom, Within) and atom.value(world) is False:
                other = nearest.get(atom.fact)
                nearest[atom.fact] = atom if other is None or atom.limit < other.limit else other
    kept = [
        part
        for part in parts
        if not (
            isinstance(part, Within) and part.span.high.value == INFINITY and nearest[part.fact] is not part
        )
    ]
    return kept


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
        have_n = known(world, condition.fact)
        assert isinstance(have_n, Span)
        return "more than one person was exposed" if holds else "one person alone was exposed"
    return against(condition, world, holds, code)


def _supposing(part: Within | OneOf) -> str:
    if isinstance(part, OneOf):
        return " or ".join(CLAUSES.get((part.fact, option), option) for option in sorted(part.options))
    return f"{NOUNS[part.fact]} is {quantity(part.fact, part.span)}"


def _assume(part: Within | OneOf, world: World) -> World:
    have = known(world, part.fact)
    if isinstance(part, OneOf):
        assert isinstance(have, frozenset)
        return {**world, part.fact: have & part.options}
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
    if isinstance(condition, Group):
        for part in condition.parts:
            yield from _open(part, world)
    elif isinstance(condition, OneOf):
        yield UNKNOWN.get(condition.fact, condition.fact)
    elif isinstance(condition, Within | RatioWithin):
        if condition.fact in UNKNOWN:
            yield UNKNOWN[condition.fact]
        for name in condition.facts:
            have = known(world, name)
            if name not in UNKNOWN and isinstance(have, Span) and not have.exact:
                whole = have == FACTS[name].domain
                yield NOUNS[name] if whole else f"whether {named(name, world)} reaches {limit_of(condition)}"


# ------------------------------------------------------------------ what would change the answer
HAIR = Decimal("1e-12")  # so little is just above, or just below


def would_change(facts: Facts, outcome: str) -> tuple[str, ...]:
    """The nearest values of single facts from which the answer would be another, with the code it would then have."""
    if outcome not in ("notify", "do_not_notify") or {c.frame.exposure for c in facts.cases} == {"near_miss"}:
        return ()
    found = [line for name in _tunable(facts) for line in _thresholds(facts, name, outcome)]
    if outcome == "do_not_notify" and facts.only("exposure") == "unintended":
        found += _if_accidental(facts)
    return tuple(found)


def _tunable(facts: Facts) -> list[str]:
    """Known numbers, one by one, that the rows of this incident compare."""
    compared = {name for case in facts.cases for group in case.groups for name in group.facts}
    return [n for n, have in facts.known.items() if n in compared and isinstance(have, Span) and have.exact]


def _thresholds(facts: Facts, name: str, outcome: str) -> Iterator[str]:
    now = facts.known[name]
    assert isinstance(now, Span)
    above = [b for b in _candidates(facts, name) if b > now.high]
    below = [b for b in reversed(_candidates(facts, name)) if b <= now.low]
    for bounds, upwards in ((above, True), (below, False)):
        for bound in bounds:
            at = bound if upwards else Bound(bound.value, bound.side - 1)
            if FACTS[name].kind is Kind.COUNT:
                reach = Span(at, ANYTHING.high) if upwards else Span(ANYTHING.low, at)
                at = reach.whole().low if upwards else reach.whole().high
            domain = FACTS[name].domain
            value = exactly(EXACT.add(at.value, at.side * HAIR))
            if at.value < 0 or not value & domain:  # type: ignore[operator]
                continue
            answer = _supposed(facts, {name: value})
            if answer and answer[0] in ("notify", "do_not_notify") and answer[0] != outcome:
                yield _change(name, at, upwards, answer)
                break


def _candidates(facts: Facts, name: str) -> list[Bound]:
    """Where this number meets a limit, or a multiple of another known number; each begins what lies above."""
    bounds: set[Bound] = set()
    for atom in (a for case in facts.cases for group in case.groups for a in group.atoms):
        if not isinstance(atom, Within | RatioWithin):
            continue
        low, high = atom.span
        begin = low if high.value == INFINITY else Bound(high.value, high.side + 1)
        if isinstance(atom, Within) and atom.fact == name:
            bounds.add(begin)
        elif isinstance(atom, RatioWithin) and name in atom.facts:
            bounds |= _multiples(
                begin, facts.known.get(atom.of if atom.fact == name else atom.fact), atom.fact == name
            )
    return sorted(bounds)


def _multiples(factor: Bound, other: Known | None, of_other: bool) -> set[Bound]:
    """Where a number meets a multiple of another known one, or has it as a multiple."""
    if not (isinstance(other, Span) and other.exact):
        return set()
    if of_other:
        return {Bound(EXACT.multiply(factor.value, other.low.value), factor.side)}
    part = EXACT.divide(other.low.value, factor.value)
    return {Bound(part, 1 - factor.side)} if EXACT.multiply(part, factor.value) == other.low.value else set()


def _supposed(facts: Facts, changes: World, without: tuple[str, ...] = ()) -> tuple[str, list[str]] | None:
    """Outcome and codes if some facts were otherwise; None where that contradicts the rest."""
    world = {name: have for name, have in {**facts.known, **changes}.items() if name not in without}
    if "dose_ratio" in world and set(changes) & {"total_dose", "intended_dose"}:
        if not agrees(world, *next(iter(RATIOS)), "dose_ratio"):
            return None
    cases = facts.edition.rows.cases(world)
    if not cases:
        return None
    outcome = "notify" if all(c.certain for c in cases) else "undecided"
    outcome = "do_not_notify" if all(c.excluded for c in cases) else outcome
    codes = [row.code for row in facts.edition.rows.rows if all(case.met(row.code) for case in cases)]
    return outcome, codes


def _change(name: str, at: Bound, upwards: bool, answer: tuple[str, list[str]]) -> str:
    outcome, codes = answer
    then = (
        f"it would be {_and(codes) or 'notifiable'}" if outcome == "notify" else "no criterion would be met"
    )
    if name == "individuals_exposed":
        return f"With {'more than one person' if upwards else 'one person alone'} exposed {then}"
    number = f"{plain(at.value)} {unit(name)}".rstrip()
    sides = {0: "From", 1: "Above"} if upwards else {0: "Up to", -1: "Below"}
    return f"{sides[at.side]} {number} {PLACED[name]} {then}"


def _if_accidental(facts: Facts) -> list[str]:
    answer = _supposed(facts, {"exposure": frozenset({"accidental"})}, ("intended_dose", "dose_ratio"))
    if not answer or answer[0] != "notify":
        return []
    return [f"If no exposure of this person had been intended at all, it would be {_and(answer[1])}"]
