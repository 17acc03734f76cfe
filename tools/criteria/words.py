"""Conditions in words, printed from the predicates themselves."""

from __future__ import annotations

from rules.clauses import CLAUSES, NOUNS, unit
from rules.conditions import Compound, Condition, Every, OneOf, RatioWithin, Within
from rules.facts import FACTS
from rules.spans import INFINITY, Span, plain


def in_words(condition: Condition) -> str:
    """One condition, with brackets where an `or` stands inside an `and`, or the other way round."""
    if isinstance(condition, Compound):
        joint = ", and " if isinstance(condition, Every) else ", or "
        parts = [
            f"({in_words(part)})" if isinstance(part, Compound) else in_words(part)
            for part in condition.parts
        ]
        return joint.join(parts)
    if isinstance(condition, OneOf):
        return option_words(condition.fact, condition.options)
    assert isinstance(condition, Within | RatioWithin)
    noun = NOUNS[condition.fact]
    if isinstance(condition, Within):
        return f"{noun} is {side(condition.span)} {plain(condition.limit)} {unit(condition.fact)}".rstrip()
    return f"{noun} is {side(condition.span)} {plain(condition.limit)} times {NOUNS[condition.of]}"


def side(span: Span) -> str:
    if span.high.value == INFINITY:
        return "above" if span.low.side else "at least"
    return "below" if span.high.side else "at most"


def option_words(name: str, options: frozenset[str]) -> str:
    fact = FACTS[name]
    ordered = [answer.value for answer in fact.answers if answer.value in options]
    if name == "nation":
        return f"the nation is {' or '.join(fact.label(value) for value in ordered)}"
    if name == "category":
        return f"the category is {' or '.join(value.replace('_', ' ') for value in ordered)}"
    if set(ordered) >= {"accidental", "unintended"}:
        if "as_intended" not in ordered:
            return "somebody was exposed in error, whether or not an exposure was intended"
        near = " or nearly exposed" if "near_miss" in ordered else ""
        return f"somebody was exposed{near}, in error or as it was intended"
    return " or ".join(CLAUSES[name, value] for value in ordered)


def value_words(name: str, value: object) -> str:
    """`intended dose 0.2 mSv`, `procedural failure: yes`: a fact of an incident, briefly."""
    label = name.removesuffix("_years").replace("_", " ")
    return f"{label}{':' if isinstance(value, bool) else ''} {choice_words(value)}"


def choice_words(value: object) -> str:
    """A value alone, as a cell of a table says it."""
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return text.replace("_", " ")
