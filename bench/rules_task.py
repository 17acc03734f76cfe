"""The task of `bench.rules`: the criteria 1, 2.1 to 2.4 and 5, every fact known, and the right answers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

NATIONS = ("england", "wales", "scotland", "northern_ireland")
CODES = ("1", "2.1", "2.2", "2.3", "2.4", "5")


@dataclass(frozen=True)
class Incident:
    """Doses in mSv, the foetal one in mGy."""

    exposure: str
    nation: str
    age: int
    intended: Decimal
    total: Decimal
    foetus: bool
    foetal_dose: Decimal


def incidents(count: int, seed: int = 1) -> list[Incident]:
    """Random incidents, doses spread evenly over their logarithms; a third lie exactly on a threshold."""
    draw = random.Random(seed)

    def dose(low: float, high: float) -> Decimal:
        return Decimal(f"{low * (high / low) ** draw.random():.2f}")

    found = []
    for place in range(count):
        intended, total, foetal_dose = dose(0.01, 40), dose(0.01, 400), dose(0.1, 100)
        if place % 3 == 0:
            intended = draw.choice([intended, Decimal("0.3"), Decimal("2.5"), Decimal(10)])
            limits = [Decimal(1), Decimal(3), Decimal(25), 10 * intended, Decimal("2.5") * intended]
            total, foetal_dose = draw.choice(limits), draw.choice([Decimal(10), Decimal("9.99"), foetal_dose])
        found.append(
            Incident(
                draw.choice(["accidental", "unintended"]),
                draw.choice(NATIONS),
                draw.randint(0, 90),
                intended,
                total,
                draw.random() < 0.3,
                foetal_dose,
            )
        )
    return found


def reference(incident: Incident) -> frozenset[str]:
    """The codes met, by plain comparisons of exact decimals."""
    found = set()
    total, intended = incident.total, incident.intended
    least = 1 if incident.age < (16 if incident.nation == "scotland" else 18) else 3
    if incident.exposure == "accidental":
        if incident.nation != "england" or total >= least:
            found.add("1")
    elif intended < Decimal("0.3"):
        if total >= least:
            found.add("2.1")
    elif intended <= Decimal("2.5"):
        if total >= 10 * intended:
            found.add("2.2")
    elif intended <= 10:
        if total >= 25:
            found.add("2.3")
    elif total >= Decimal("2.5") * intended:
        found.add("2.4")
    if incident.foetus and incident.foetal_dose >= 10:
        found.add("5")
    return frozenset(found)
