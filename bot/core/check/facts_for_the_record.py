"""What the decision does not need but the record, the deadlines, the labels and other bodies do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.core.check.check import Check
from bot.core.draft import Draft
from rules.deciding import Verdict, outcome_and_codes
from rules.facts import FACTS, FLAGS, NO, NUCLEAR, YES
from rules.incident import Facts, InvalidFacts
from rules.parsing import changed

# Beyond any limit that a row compares a number with.
LOW_AND_HIGH = ("0.001", "1000")
# One question, whichever of them answers it.
AGES = {"age_years", "age_group"}
# They change labels and other bodies to tell, not the outcome.
LABELS = ("individuals_exposed", "clinically_significant", "equipment_fault")
# What can stand in one group of boxes to tick.
TICKED = frozenset({*FLAGS, *LABELS, "licence_held"})


# What the words may hint at and a caution, a label or a reading depends on: asked, settled or not.
_HINTED = (
    "deterministic_effect", "unintended_foetal_exposure", "breastfed_infant_exposed", "others_exposed",
)  # fmt: skip
# By which law it is judged: taken for granted, unless the words speak of somebody or something else.
_BY_WHICH_LAW = ("exposed_person", "equipment_in_clinical_use")
_SOMEBODY = re.compile(r"\bpatients?\b|\bpts?\b|\d ?[mµu]sv\b", re.I)
WHICH_WAS_IT = (
    "The equipment is said not to have been in clinical use yet, and the words speak of somebody who was "
    "exposed: which was it?"
)
_SKIN = re.compile(r"\b(?:skin dose|psd|esd|esak)\b|air kerma", re.I)


def not_for_granted(check: Check) -> tuple[str, ...]:
    """What is asked before all else where the words make it doubtful: in which nation, who was exposed, and
    by what."""
    draft, facts = check.draft, check.facts
    open_ = [n for n in ("nation", *_BY_WHICH_LAW) if n in draft.doubts and n not in draft.facts]
    if facts.outside_irmer or facts.only("exposure") == "near_miss":
        open_ = [name for name in open_ if name == "nation" or draft.doubts[name] == WHICH_WAS_IT]
    return next(((name,) for name in open_ if name not in draft.skipped), ())


def with_whom(draft: Draft, facts: Mapping[str, object], doubts: dict[str, str]) -> dict[str, str]:
    """The doubts, with that about who was exposed where anybody is said to be by equipment that was not in
    clinical use yet, and without it where that is no longer so."""
    before = facts.get("equipment_in_clinical_use") is False and "exposed_person" not in facts
    said = {"individuals_exposed", *AGES} & facts.keys() or draft.person
    if before and (said or _SOMEBODY.search(draft.details.get("account", ""))):
        return {**doubts, "exposed_person": WHICH_WAS_IT}
    return {name: why for name, why in doubts.items() if why != WHICH_WAS_IT}


def in_the_words(check: Check) -> tuple[str, ...]:
    """The first fact that what was written hints at, and that nobody has answered."""
    draft, facts = check.draft, check.facts
    if facts.outside_irmer or facts.only("exposure") == "near_miss":
        return ()
    hinted = {name for name in _HINTED if name in draft.doubts}
    if _SKIN.search(draft.details.get("dose_as_measured", "")):
        hinted.add("deterministic_effect")
    for name in _HINTED:
        category = facts.only("category")
        fits = not FACTS[name].categories or category is None or category in FACTS[name].categories
        if name in hinted and fits and name not in draft.facts and name not in draft.skipped:
            return (name,)
    return ()


def beside_flags(check: Check) -> tuple[str, ...]:
    """What is asked with the flags that decide, since it would be asked by itself later."""
    known = {*check.facts.stated, *check.draft.skipped}
    return ("equipment_fault",) if "equipment_fault" not in known else ()


def for_the_record(check: Check) -> tuple[str, ...]:
    """What the decision does not need but the record, the deadlines, the labels and other bodies do."""
    facts, verdict, skipped = check.facts, check.verdict, check.draft.skipped

    def open_(name: str) -> bool:
        asked = AGES if name in AGES else {name}
        return not asked & {*facts.stated, *skipped}

    if verdict.outcome == "not_irmer":
        return ("nation",) if open_("nation") else ()
    if open_("exposure"):  # never assumed, even where the doses imply it: staff mix the two up
        return ("exposure",)
    if verdict.outcome == "do_not_notify":  # what only its record needs comes with keeping it
        return ()
    if open_("discovered_on"):
        return ("discovered_on",)
    if open_("nation"):
        return ("nation",)
    if verdict.outcome == "notify" and not verdict.codes and (which := _which_code(verdict, facts, open_)):
        return (which,)
    return tuple(name for name in labels(facts) if open_(name))


def labels(facts: Facts) -> tuple[str, ...]:
    """Those that this incident can have: a licence is held for what is radioactive."""
    return (*LABELS, *(("licence_held",) if facts.only("category") in NUCLEAR else ()))


def _which_code(verdict: Verdict, facts: Facts, open_: Callable[[str], bool]) -> str:
    """Where one of several codes is met for certain: a fact that may tell which, if one can be asked."""
    rows = (facts.edition.by_code[code].when for code in verdict.possible)
    compared = {name for row in rows for atom in row.atoms() for name in atom.facts}
    fitting = [n for n in FACTS if n in compared and open_(n) and makes_sense(n, facts)]
    best = max(fitting, key=lambda name: _telling(name, facts), default="")
    return best if best and _telling(best, facts) else ""


def _telling(name: str, facts: Facts) -> float:
    """After what share of the answers would there be a code?"""
    values = [
        a.value == YES if a.value in (YES, NO) else a.value for a in FACTS[name].answers
    ] or LOW_AND_HIGH
    today = facts.discovered_on or date.max
    try:
        told = [bool(outcome_and_codes(changed(facts, today, **{name: value}))[1]) for value in values]
    except InvalidFacts:
        return 0
    return sum(told) / len(told)


def makes_sense(name: str, facts: Facts) -> bool:
    """Does what the question takes for granted hold?"""
    return all(
        isinstance(known := facts.known.get(fact, frozenset()), frozenset)
        and bool(known)
        and known <= set(values)
        for fact, values in FACTS[name].given
    )
