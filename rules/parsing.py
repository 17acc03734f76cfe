"""An incident's facts as they arrive, checked: names, units, values, dates, and what contradicts what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rules.cells import agrees
from rules.conditions import RATIOS
from rules.contradictions import contradictions
from rules.deadlines import uk_date
from rules.facts import DETAILS, FACTS, Known
from rules.incident import FactError, Facts, InvalidFacts
from rules.spans import Span, rounding_to
from rules.values import Value

if TYPE_CHECKING:
    from pydantic import ValidationError

MAX_NAME = 60  # no name is longer: of a longer one only the beginning is shown


def parse(raw: Mapping[str, object], today: date) -> Facts:
    """Facts from plain values: strings with units, numbers in the table's unit, booleans, ISO dates.

    None means unknown. Raises InvalidFacts with everything that is wrong, not the first thing only.
    """
    from pydantic import ValidationError  # 60 ms, which a start does without

    from rules.contract import StatedFacts  # 40 ms, as above

    try:
        model = StatedFacts.model_validate(raw, context={"today": today})
    except ValidationError as invalid:
        raise InvalidFacts([*_errors(invalid)]) from None
    taken: dict[str, Value] = {name: getattr(model, name) for name in model.model_fields_set}
    stated = {name: taken[name].stated for name in _ORDER if taken.get(name)}
    known = {name: have for name in FACTS if name in stated and (have := taken[name].known) is not None}
    _reconcile(known)
    moments = {name: at for name in stated if (at := taken[name].moment) is not None}
    days = {name: uk_date(m) if isinstance(m, datetime) else m for name, m in moments.items()}
    facts = Facts(stated, known, days.get("discovered_on"), days.get("occurred_on"))
    found = contradictions(facts, moments)
    if found:
        raise InvalidFacts([FactError(name, message) for names, message in found for name in names])
    return facts


def changed(facts: Facts, today: date, **changes: object) -> Facts:
    """The same incident with some facts changed; None takes a fact out. Raises InvalidFacts."""
    return parse({**facts.stated, **changes}, today)


def _reconcile(known: dict[str, Known]) -> None:
    """Of two numbers and their ratio the ratio is the rounded one, where one is: then the numbers decide."""
    for (part, whole), ratio in RATIOS.items():
        have = known.get(ratio)
        if not isinstance(have, Span) or not have.exact or not {part, whole} <= known.keys():
            continue
        if not agrees(known, part, whole, ratio):
            known[ratio] = rounding_to(have.low.value)


_ORDER = (*FACTS, *DETAILS)


def _errors(invalid: ValidationError) -> Iterator[FactError]:
    for error in invalid.errors(include_url=False, include_input=False):
        name = str(error["loc"][0])
        problem = error.get("ctx", {}).get("error")
        yield FactError(name[:MAX_NAME], str(problem) if problem else _unknown_name(name))


def _unknown_name(name: str) -> str:
    near = get_close_matches(name, _ORDER, 1)
    return f"“{name[:MAX_NAME]}” is not the name of a fact" + (f"; {near[0]} is one" if near else "")
