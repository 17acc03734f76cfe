"""The rows of an edition, compiled for incidents of which everything that matters is known exactly.

For each frame one function, generated from the conditions of its rows, tells on which side of each limit an
incident lies. What follows from the sides is worked out once, by the conditions themselves and by
`rules.explain`: the codes that are met, and the reasons, with blanks for the numbers. An incident with a row
still open, or with a number known only within limits, is left to `rules.settle`, which answers for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from rules.cells import Group
from rules.complementary import CLAIMED, CLAIMED_BY
from rules.conditions import OneOf, RatioWithin, Within, World
from rules.edition_model import Edition
from rules.facts import FACTS, Known
from rules.reasons import Reason, addressed, reason
from rules.settle import Frame, Scenario
from rules.spans import INFINITY, Bound, Span, plain

Sides = tuple[object, ...]
SIGNS = {(True, 0): ">=", (True, 1): ">", (False, -1): "<", (False, 0): "<="}


class Blank(Decimal):
    """A number that is printed as a mark, to be filled in later; so is a multiple of it."""

    name: str
    factor: Decimal | None

    def __new__(cls, value: Decimal, name: str, factor: Decimal | None = None) -> Blank:
        blank = super().__new__(cls, value)
        blank.name, blank.factor = name, factor
        return blank

    def __format__(self, spec: str, context: object = None) -> str:
        return f"\x02{self.name} {self.factor or ''}\x03"

    def __rmul__(self, factor: Any) -> Blank:
        return Blank(factor * Decimal(self), self.name, factor)


class Slot(NamedTuple):
    """A number in a sentence, or a multiple of one."""

    key: str
    name: str
    factor: Decimal | None


class Template(NamedTuple):
    """A reason with room for its numbers."""

    reason: Reason
    text: str
    slots: tuple[Slot, ...]

    def filled(self, known: World, written: dict[str, str]) -> Reason:
        """With the numbers of these facts. `written` keeps those that are written already."""
        code, status, _, where = self.reason
        numbers = []
        for key, name, factor in self.slots:
            if key not in written:
                value = known[name][0][0]  # type: ignore[index]
                written[key] = plain(value if factor is None else factor * value)
            numbers.append(written[key])
        return Reason(code, status, self.text % tuple(numbers), where)


class Prepared(NamedTuple):
    """What follows for a group of rows: the codes met, and the reasons by their place in the table."""

    codes: tuple[str, ...]
    fixed: tuple[tuple[int, Reason], ...]
    templates: tuple[tuple[int, Template], ...]


class Judged(NamedTuple):
    """The codes met, in the order of the table; no other can be met any more."""

    codes: tuple[str, ...]
    plan: FramePlan
    prepared: tuple[Prepared, ...]


class FramePlan(NamedTuple):
    """What is ready for one frame: how to tell the sides, and what followed from those seen before."""

    frame: Frame
    values: tuple[frozenset[str], ...]  # the same, as known values
    always: frozenset[str]
    groups: tuple[Group, ...]
    sides: Callable[[World], tuple[Sides, ...] | None]
    seen: tuple[dict[Sides, Prepared | None], ...]
    fixed: list[Reason | None]  # of rows that the frame alone decides, by their place in the table


class Compiled:
    """An edition's rows, compiled frame by frame when they are first needed."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.place = {criterion.code: place for place, criterion in enumerate(edition.criteria)}
        self.labels = tuple((self.place[label], fact) for label, fact in CLAIMED_BY.items())
        self._plans: dict[tuple[Known | None, ...], FramePlan | None] = {}

    def judge(self, known: World) -> Judged | None:
        """The codes that these facts meet; None where that is not settled by exact values alone."""
        key = (known.get("exposure"), known.get("category"), known.get("nation"))
        try:
            plan = self._plans[key]
        except KeyError:
            plan = self._plans[key] = self._plan(key)
        if plan is None or "dose_ratio" in known or "activity_ratio" in known:
            return None
        sides = plan.sides(known)
        if sides is None:
            return None
        found = []
        codes: tuple[str, ...] = tuple(plan.always)
        for group, seen, side in zip(plan.groups, plan.seen, sides, strict=True):
            try:
                prepared = seen[side]
            except KeyError:
                prepared = seen[side] = self._prepare(plan, group, known)
            if prepared is None:
                return None
            if prepared.codes:
                codes += prepared.codes
            found.append(prepared)
        if len(codes) > 1:
            codes = tuple(sorted(codes, key=self.place.__getitem__))
        return Judged(codes, plan, tuple(found))

    def reasons(self, judged: Judged, known: World) -> tuple[Reason, ...]:
        """A reason for each row that speaks to the incident, in the order of the table."""
        found = judged.plan.fixed.copy()
        written: dict[str, str] = {}
        for prepared in judged.prepared:
            for place, fixed in prepared.fixed:
                found[place] = fixed
            for place, template in prepared.templates:
                found[place] = template.filled(known, written)
        for place, fact in self.labels:
            if known.get(fact) == CLAIMED:
                found[place] = self._label(judged.plan, place, fact)
        return tuple([reason for reason in found if reason])

    def _label(self, plan: FramePlan, place: int, fact: str) -> Reason:
        scenario = Scenario(plan.frame, {fact: CLAIMED}, plan.always, plan.groups)
        return reason(self.edition.criteria[place], "met", (scenario,))

    def _plan(self, key: tuple[Known | None, ...]) -> FramePlan | None:
        values = tuple(have for have in key if isinstance(have, frozenset) and len(have) == 1)
        if len(values) < len(key):
            return None
        frame = Frame(*(next(iter(value)) for value in values))
        rows = self.edition.rows
        always, groups = rows.plan(frame)
        inside = {row.code for group in groups for row in group.rows}
        scenario = Scenario(frame, {}, always, groups)
        fixed: list[Reason | None] = [None] * len(self.edition.criteria)
        for place, criterion in enumerate(self.edition.criteria):
            code = criterion.code
            if criterion.notifies and code not in inside and addressed(criterion, (frame.category,)):
                fixed[place] = reason(criterion, "met" if code in always else "ruled_out", (scenario,))
        sides = telling_sides(groups, rows.child_ages[frame.nation])
        return FramePlan(frame, values, always, groups, sides, tuple({} for _ in groups), fixed)

    def _prepare(self, plan: FramePlan, group: Group, known: World) -> Prepared | None:
        """What follows for a group from the sides on which these facts lie; None while a row is open."""
        world: dict[str, Known] = {}
        blank: dict[str, Known] = {}
        narrowed = self.edition.rows.narrow(known, plan.frame) or {}
        for name in group.facts:
            stated = name in known or (name == "age_group" and "age_years" in known)
            have = (
                narrowed.get(name) if stated else None
            )  # an intended dose of 0 is dropped where none was meant
            if have is not None:
                world[name] = have
                blank[name] = _blank(name, have) if isinstance(have, Span) else have
        fixed, templates, codes = [], [], []
        for row in group.rows:
            met = row.when.value(world)
            if met is None:
                return None
            if met:
                codes.append(row.code)
            criterion, status = self.edition.by_code[row.code], "met" if met else "ruled_out"
            said, marked = (
                reason(criterion, status, (Scenario(plan.frame, w, plan.always, plan.groups),))
                for w in (world, blank)
            )
            template = _template(marked)
            if template.filled(world, {}) != said:
                return None
            place = self.place[row.code]
            if template.slots:
                templates.append((place, template))
            else:
                fixed.append((place, said))
        return Prepared(tuple(codes), tuple(fixed), tuple(templates))


@cache
def compiled(edition: Edition) -> Compiled:
    """The rows of an edition, compiled for incidents of which everything that matters is known."""
    return Compiled(edition)


def _blank(name: str, have: Span) -> Span:
    bound = Bound(Blank(have.low.value, name))
    return Span(bound, bound)


def _template(marked: Reason) -> Template:
    slots: list[Slot] = []

    def slot(mark: re.Match[str]) -> str:
        slots.append(Slot(mark[0], mark[1], Decimal(mark[2]) if mark[2] else None))
        return "%s"

    text = re.sub("\x02(\\w+) ([^\x03]*)\x03", slot, marked.sentence.replace("%", "%%"))
    return Template(marked, text, tuple(slots))


def telling_sides(groups: Sequence[Group], child_age: int) -> Callable[[World], tuple[Sides, ...] | None]:
    """A function of what is known: for each group, on which side of each limit it is, and its choices.

    A side is None where the number is not known. All is None where a number is known only within limits, or
    one of two that are held against each other: that may rule out more than the sides show.
    """
    facts = list(dict.fromkeys(fact for group in groups for atom in group.atoms for fact in atom.facts))
    variable = {fact: f"v{n}" for n, fact in enumerate(facts)}
    limits: dict[str, Decimal] = {}
    lines = ["def sides(known):", " get = known.get"]
    for fact, v in variable.items():
        if fact == "age_group":
            lines += [f" {v} = get('age_group')", " age = get('age_years')", " if age is not None:"]
            lines += ["  if age[0] != age[1]: return None", f"  {v} = age[0][0] < {child_age}"]
        elif FACTS[fact].numeric:
            lines += [f" {v} = get({fact!r})", f" if {v} is not None:"]
            lines += [f"  if {v}[0] != {v}[1]: return None", f"  {v} = {v}[0][0]"]
        else:
            lines.append(f" {v} = get({fact!r})")
    for part, of in {atom.facts for group in groups for atom in group.atoms if len(atom.facts) > 1}:
        lines.append(f" if ({variable[part]} is None) != ({variable[of]} is None): return None")
    told = []
    for group in groups:
        sides = dict.fromkeys(_side(atom, variable, limits) for atom in group.atoms)
        told.append(f"({', '.join(sides)},)")
    lines.append(f" return ({''.join(side + ', ' for side in told)})")
    space: dict[str, Any] = dict(limits)
    exec("\n".join(lines), space)
    made: Callable[[World], tuple[Sides, ...] | None] = space["sides"]
    return made


def _side(atom: object, variable: dict[str, str], limits: dict[str, Decimal]) -> str:
    """One side, as an expression; limits are named, and put beside the function."""
    if isinstance(atom, OneOf):
        return variable[atom.fact]
    assert isinstance(atom, Within | RatioWithin)
    upwards = atom.span.high.value == INFINITY
    sign = SIGNS[upwards, atom.span.low.side if upwards else atom.span.high.side]
    limit = f"limit{len(limits)}"
    limits[limit] = atom.limit
    mine = variable[atom.fact]
    if isinstance(atom, Within):
        return f"None if {mine} is None else {mine} {sign} {limit}"
    return f"None if {mine} is None else {mine} {sign} {limit} * {variable[atom.of]}"
