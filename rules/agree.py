"""What a verdict that nobody need be told rests on: the facts that a person has yet to agree to.

What was read from words, or assumed, is an offer. A “no” stands once what a person answered or agreed to
settles it by itself.
"""

from __future__ import annotations

from collections.abc import Collection

from rules.contradictions import contradictions
from rules.deciding import outcome_and_codes
from rules.facts import FACTS
from rules.incident import Facts

# Outcomes after which nobody is told anything under IR(ME)R.
NOBODY_IS_TOLD = frozenset({"do_not_notify", "not_irmer"})


def to_agree(facts: Facts, answered: Collection[str]) -> tuple[str, ...]:
    """The stated facts, not among `answered`, without which the same outcome would not be settled.

    `answered` names what a person answered or agreed to, the nation of the settings included. With that
    alone, and these, the outcome is settled, and none of these can be left out; in the order of a form.
    Empty for an outcome of which somebody is told.
    """
    outcome, _ = outcome_and_codes(facts)
    if outcome not in NOBODY_IS_TOLD:
        return ()
    offered = [name for name in FACTS if name in facts.stated and name not in answered]
    details = frozenset(facts.stated) - FACTS.keys()
    kept, before = offered, None
    # Once more after each round: facts can be at odds that a third one reconciles.
    while kept != before:
        before = kept
        for name in reversed(before):  # of two that would do, the one that a form has first
            rest = [other for other in kept if other != name]
            left = _only(facts, {*rest, *answered, *details})
            if not contradictions(left, {}) and outcome_and_codes(left)[0] == outcome:
                kept = rest
    return tuple(kept)


def _only(facts: Facts, names: Collection[str]) -> Facts:
    """The incident, if no more were known of it than these facts."""
    return Facts(
        {name: value for name, value in facts.stated.items() if name in names},
        {name: have for name, have in facts.known.items() if name in names},
        facts.discovered_on if "discovered_on" in names else None,
        facts.occurred_on if "occurred_on" in names else None,
    )
