"""What was said against a verdict that nobody need be told: it is asked before that stands."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.check.check import Check
from bot.core.check.facts_for_the_record import AGES
from bot.core.check.stating import giving_way, state
from bot.core.draft import Source
from bot.core.refused import Refused
from bot.core.words.fact_words import title
from bot.core.words.phrases import listed
from rules.agree import NOBODY_IS_TOLD
from rules.facts import FACTS, NO, YES, Kind
from rules.settle import NEAR_MISS, harmless

# Below and beyond any limit that a row compares with.
_LOW_AND_HIGH = {Kind.QUANTITY: ("0.001", "1000"), Kind.COUNT: ("1", "99")}
# There is none of these where nobody was exposed, though the rules let it stand beside.
_TELLS = frozenset(
    {"dose_ratio", "target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio", "miss_margin_ratio"}
    | {"activity_ratio", "planning_scans", "images_in_fraction", "additional_images"}
)
# Of two facts that say one thing either answers it.
_EITHER = (frozenset(AGES), frozenset({"total_dose", "dose_ratio"}))


def open_doubts(check: Check) -> tuple[str, ...]:
    """The facts that the words only hint at, and that nobody has answered."""
    known = {*check.facts.stated}
    for names in _EITHER:
        known |= names if known & names else frozenset()
    return tuple(name for name in check.draft.doubts if name not in known)


def against_a_no(check: Check) -> tuple[str, ...]:
    """The first of them of which some answer would undo the verdict, be it by contradicting what it rests
    on."""
    if not check.draft.doubts or check.verdict.outcome not in NOBODY_IS_TOLD:
        return ()
    names = (name for name in open_doubts(check) if name not in check.draft.skipped)
    return next(((name,) for name in names if _may_undo(check, name)), ())


def _only_read(check: Check, name: str) -> bool:
    source = check.draft.sources.get(name)
    return source is not None and not source.vouched and not harmless(check.facts.known[name])


def exposure_anew(check: Check) -> Check:
    """Where nobody is said to have been exposed and the words speak of an exposure, or may, that is asked
    once more, with what speaks against it: whoever knows no dose knows whether there was any."""
    if check.draft.asking or check.facts.only("exposure") != "near_miss":
        return check
    read = tuple(name for name in check.facts.stated if name in _TELLS and _only_read(check, name))
    open_ = [n for n in open_doubts(check) if n in _TELLS or (n in NEAR_MISS and _may_undo(check, n))]
    names = [*open_, *read]
    if not names:
        return check
    check = giving_way(check, read)
    draft = check.draft
    told = listed([title(name).lower() for name in names])
    why = f"What was written of the {told} does not go with nobody being exposed: which was it?"
    left = {name: doubt for name, doubt in draft.doubts.items() if name not in names}
    return check.with_(doubts={**left, "exposure": why}, asking=("exposure",), stage="asking")


def _may_undo(check: Check, name: str) -> bool:
    return any(_undoes(check, name, value) for value in _values(name))


def _values(name: str) -> Sequence[object]:
    fact = FACTS[name]
    values = tuple(answer.value for answer in fact.answers)
    return [[value] for value in values] if fact.many else values or _LOW_AND_HIGH.get(fact.kind, ())


def _undoes(check: Check, name: str, value: object) -> bool:
    said = {YES: True, NO: False}.get(str(value), value) if FACTS[name].kind is Kind.FLAG else value
    try:
        after = state(check, {name: said}, source=Source(), keep=False)
    except Refused:
        return False
    return after.verdict.outcome != check.verdict.outcome
