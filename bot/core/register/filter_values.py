"""The words that stand for values of the register's columns: `wrong side`, `x-ray`, `cause planning`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rules.fact_model import CATEGORIES, NATIONS
from rules.facts import CAUSES, FACTS, MODALITIES

# A part of the filter, and its value: of several values of a part any fits.
Parts = Mapping[str, object]


def folded(text: str) -> str:
    """`Set-up`, `set_up` and `set up` are one."""
    return " ".join(re.sub(r"[-_/\s]+", " ", text.rstrip(",;")).lower().split())


def _each(values: Iterable[str], **also: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By each value's own word, and by the words for several of them or for one that is written otherwise."""
    own = {folded(value): (value,) for value in values}
    return own | {folded(name): tuple(of) for name, of in also.items()}


_TUPLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "outcomes": _each(
        ("notify", "undecided", "do_not_notify", "not_irmer"), notifiable=("notify",),
        not_notifiable=("do_not_notify",),
    ),
    "exposures": _each(
        (answer.value for answer in FACTS["exposure"].answers), near_misses=("near_miss",)
    ),
    "causes": _each(
        CAUSES, wrong_patient=("wrong patient referred", "wrong patient identified"), setup=("set-up",)
    ),
    "categories": _each(
        CATEGORIES, planning=("radiotherapy_planning",), verification=("radiotherapy_verification",),
        treatment=("radiotherapy_treatment",),
        radiotherapy=tuple(one for one in CATEGORIES if one.startswith("radio")),
        nuclear_medicine=tuple(one for one in CATEGORIES if one.startswith("nuclear")),
    ),
    "modalities": _each(
        MODALITIES, x_ray=("radiography",), xray=("radiography",), dxa=("dexa",), pet=("pet_ct",),
        cone_beam_ct=("cbct",),
    ),
    "nations": _each(NATIONS),
}  # fmt: skip
_FLAGS: Mapping[str, Parts] = {
    "confirmed": {"confirmed": True}, "unconfirmed": {"confirmed": False},
    "not confirmed": {"confirmed": False}, "provisional": {"confirmed": False},
    "imported": {"imported": True}, "not imported": {"imported": False}, "checked here": {"imported": False},
}  # fmt: skip
# What may stand before a value, as `trends by …` calls its columns: where a word is a value of several.
LABELS: Mapping[str, str] = {
    "verdict": "outcomes", "outcome": "outcomes", "exposure": "exposures", "cause": "causes",
    "kind": "categories", "category": "categories", "modality": "modalities", "nation": "nations",
}  # fmt: skip


# As a chart calls what a record does not tell.
NOT_KNOWN = "not known"


def _values() -> dict[str, Parts]:
    found: dict[str, Parts] = dict(_FLAGS)
    for name in {name for values in _TUPLES.values() for name in values}:
        of = [(part, values[name]) for part, values in _TUPLES.items() if name in values]
        either = tuple((part, value) for part, values in of for value in values)
        found[name] = dict(of) if len(of) == 1 else {"either": (either,)}
    return found


_VALUES = _values()
LONGEST = 2 * max(len(name.split()) for name in _VALUES)


def leading_value(words: Sequence[str]) -> tuple[int, Parts] | None:
    """How many of the words are the longest value that they begin with, and which that is."""
    return _longest(words, _VALUES)


def labelled_value(part: str, words: Sequence[str]) -> tuple[int, Parts] | None:
    """The same of one part alone, which may be unknown."""
    values = {**_TUPLES[part], NOT_KNOWN: ("",)}
    return _longest(words, {name: {part: value} for name, value in values.items()})


def _longest(words: Sequence[str], values: Mapping[str, Parts]) -> tuple[int, Parts] | None:
    for count in range(min(LONGEST, len(words)), 0, -1):
        if parts := values.get(folded(" ".join(words[:count]))):
            return count, parts
    return None


def values_of(part: str) -> tuple[str, ...]:
    """Their words."""
    return tuple(sorted(_TUPLES[part]))
