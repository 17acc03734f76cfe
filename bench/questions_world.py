"""The incidents that `bench.questions` plays, drawn from a documented distribution."""

from __future__ import annotations

from decimal import Decimal
from math import exp, log
from random import Random
from typing import NamedTuple

from rules.conditions import RATIOS
from rules.editions import edition_for
from rules.facts import CATEGORIES, FACTS, NATIONS, Kind, Known
from rules.settle import Frame
from rules.spans import Span, exactly

DOSES = (0.01, 60.0)  # mSv, intended and total, each spread evenly over its logarithm
WAYS_IN = (*(("unintended", category) for category in CATEGORIES), ("accidental", "diagnostic"))


class Truth(NamedTuple):
    """One incident: its frame, and every fact as it is, also those that do not apply (0, no, none)."""

    frame: Frame
    facts: dict[str, Known]

    def answer(self, name: str) -> object:
        """What is answered when it is asked for, as a fact arrives."""
        have = self.facts["age_group" if name == "age_years" else name]
        if isinstance(have, Span):
            return str(have.low.value)
        (value,) = have
        return {"true": True, "false": False}.get(value, value)

    def allows(self, name: str) -> bool:
        """Does the question for a fact make sense?"""
        return all(self.facts[fact] in [frozenset({v}) for v in values] for fact, values in FACTS[name].given)


def draw(exposure: str, category: str, random: Random) -> Truth:
    """Nations evenly; doses between 0.01 and 60 mSv; flags, more than one person among them, 10% yes.

    All else has the rough shares, or lies evenly over the logarithm within the usual limits, that the facts
    of the rules carry.
    """
    frame = Frame(exposure, category, random.choice(NATIONS))
    facts: dict[str, Known] = {}
    for fact in FACTS.values():
        if fact.name in (*Frame._fields, *RATIOS.values()) or fact.many:
            continue
        if fact.kind is Kind.CHOICE or fact.kind is Kind.FLAG:
            shares = [answer.prior for answer in fact.answers]
            facts[fact.name] = frozenset({random.choices(fact.answers, shares)[0].value})
        elif fact.numeric:
            facts[fact.name] = exactly(_number(fact.name, random))
    if exposure == "accidental":
        facts["intended_dose"] = exactly(0)
    truth = Truth(frame, facts)
    for name in facts:
        if not truth.allows(name) and FACTS[name].numeric:
            facts[name] = exactly(0)
    return truth


def _number(name: str, random: Random) -> Decimal:
    fact = FACTS[name]
    if name == "individuals_exposed":
        return Decimal(2 if random.random() < 0.1 else 1)
    low, high = DOSES if name in ("intended_dose", "total_dose") else fact.usual
    value = exp(random.uniform(log(low), log(high)))
    return Decimal(round(value)) if fact.kind is Kind.COUNT else Decimal(f"{value:.3g}")


def rows_met(truth: Truth) -> bool:
    """Is it notifiable? Straight from the rows."""
    world = {**truth.facts, **{n: frozenset({v}) for n, v in zip(Frame._fields, truth.frame, strict=True)}}
    return any(row.when.value(world) is True for row in edition_for(None).rows.rows)
