"""The check as questions and answers: pure functions from a check to its next question, and from an answer
to a check.

What the decision needs comes first, in the planner's order; then what only the record, the labels and the
other bodies need. The wording is that of `rules.facts`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.core.cards import Option
from bot.core.check.answers import (
    choose,
    dont_know,
    flag_label,
    not_known_yet,
    nothing_of_it,
    options_of,
    read_answer,
    read_flags,
    said_of_person,
    yes_or_no,
)
from bot.core.check.check import Check
from bot.core.check.facts_for_the_record import (
    TICKED,
    beside_flags,
    for_the_record,
    in_the_words,
    not_for_granted,
)
from bot.core.check.said_against import against_a_no
from bot.core.check.stating import PERSON, flag_value, not_known, said_person, state, without
from bot.core.days.written import day_of_about, refuse_about
from bot.core.draft import Draft, Source
from bot.core.refused import Refused
from rules.facts import FACTS, IN_DOUBT, NOT_FOR_MALE_OR_YOUNG_CHILD
from rules.spans import Span

UNKNOWN = "unknown"
PERSON_ASK = "Is the person male, or a young child?"
PERSON_WHY = "Then pregnancy and breast-feeding are left out; the record says who said so."
PERSON_OPTIONS = (
    Option("male", "Male"),
    Option("young_child", "A young child"),
    Option(UNKNOWN, "Neither, or not known"),
)


@dataclass(frozen=True)
class Question:
    """`names` are the facts it asks for: several where yes/no flags are asked in one."""

    names: tuple[str, ...]
    ask: str
    why: tuple[str, ...]
    options: tuple[Option, ...]
    example: str = ""
    offers_person: bool = False

    @property
    def several(self) -> bool:
        return len(self.names) > 1

    @property
    def name(self) -> str:
        return self.names[0]


# The next question


def next_of(check: Check) -> Question | None:
    """None once there is nothing left to ask before the verdict."""
    if check.draft.asking:
        return question(check.draft.asking, check.draft)
    names = against_a_no(check) if check.draft.enough else left_to_ask(check)
    return question(names, check.draft) if names else None


def left_to_ask(check: Check) -> tuple[str, ...]:
    """The facts of the next question, whether or not somebody said that they know no more."""
    if first := not_for_granted(check):
        return first
    names = check.worked.next_question(answered(check.draft))
    if len(names) > 1 and check.facts.only("exposure") != "as_intended":
        return (*names, *beside_flags(check))
    return names or in_the_words(check) or against_a_no(check) or for_the_record(check)


def standing(check: Check) -> Question | None:
    """The question that was shown last and is not answered yet: what is said now answers it."""
    shown = check.draft.asking or check.draft.standing
    return question(shown, check.draft) if shown else next_of(check)


def answered(draft: Draft) -> frozenset[str]:
    """What has been asked already: what nobody knows, and what is known, if only within limits."""
    age = ("age_years", "age_group") if {"age_years", "age_group"} & draft.facts.keys() else ()
    return frozenset((*draft.skipped, *draft.facts, *age))


def question(names: tuple[str, ...], draft: Draft) -> Question:
    if names == (PERSON,):
        return Question(names, PERSON_ASK, (PERSON_WHY,), PERSON_OPTIONS)
    if len(names) > 1:  # nothing else is ticked or not
        names = _ticked_together(names, draft) or names[:1]
    facts = [FACTS[name] for name in names]
    offers = any(name in NOT_FOR_MALE_OR_YOUNG_CHILD for name in names) and not draft.person
    if len(facts) == 1:
        one = facts[0]
        return Question(names, one.ask, (one.why,), options_of(one), one.example, offers)
    doubts = draft.facts.get("exposure") == "as_intended" and {*names} <= {*IN_DOUBT}
    labels = {fact.name: fact.in_doubt if doubts else flag_label(fact.name) for fact in facts}
    return Question(
        names,
        "What is in doubt?" if doubts else "Which of these apply?",
        tuple(f"{labels[fact.name]}: {fact.why}" for fact in facts),
        tuple(Option(*label) for label in labels.items()),
        "1, 3",
        offers,
    )


def _ticked_together(names: tuple[str, ...], draft: Draft) -> tuple[str, ...]:
    doubts = IN_DOUBT if draft.facts.get("exposure") == "as_intended" else ()
    return tuple(name for name in names if name in TICKED or name in doubts)


# Answers


def of_a_kind(check: Check, asked: Question) -> tuple[str, ...]:
    """The facts of the kind of exposure that the question is about, where nobody knows which kind it was."""
    kinds = FACTS[asked.name].categories if asked.name in FACTS and not asked.several else ()
    if not kinds or "category" not in check.draft.skipped:
        return ()
    return tuple(n for n, fact in FACTS.items() if fact.categories and fact.categories <= {*kinds})


def answer(check: Check, asked: Question, text: str, *, source: Source) -> Check:
    """The check with the answer in it. Raises `Refused` with one line."""
    if asked.names == (PERSON,):
        return advance(_person(check, text, source), asked)
    if not_known_yet(text):
        return advance(not_known(check, asked.names), asked)
    if (kind := of_a_kind(check, asked)) and nothing_of_it(text):
        left = tuple(name for name in kind if name not in check.draft.facts)
        return advance(not_known(check, (*asked.names, *left)), asked)
    if asked.offers_person and (person := said_of_person(text)):
        return said_person(check, person, source=source).with_(standing=())
    if asked.several:
        ticked, rest_known = read_flags(text, asked.options)
        return tick(check, asked.names, ticked, rest_known=rest_known, source=source)
    if asked.name == "exposure" and yes_or_no(text) and _NONE.search(check.draft.doubts.get("exposure", "")):
        raise Refused("yes to which of them? Type a number from 1 to 4")
    text = taken_for_yes(check.draft, asked.name, text)
    text = taken_for_none(check.draft, asked.name, text)
    now = datetime.fromisoformat(source.at)
    text = day_of_about(text, now) if asked.name == "discovered_on" else text
    refuse_half_said(asked.name, text)
    name, value = read_answer(asked.name, text, now)
    # What is asked out of turn, or against an answer, takes the place of what it contradicts.
    keep = not check.draft.asking and asked.names not in (not_for_granted(check), against_a_no(check))
    after = state(check, {name: value}, source=source, keep=keep)
    if over := turned_over(check, after, (name,)):
        return check.with_(doubts={**check.draft.doubts, **over}).asked_aside((name,))
    return advance(after, asked)


_DOSES = ("total_dose", "intended_dose")
_POSITIVE = ("total_dose", "foetal_dose", "infant_dose")  # of whoever was exposed


def turned_over(before: Check, after: Check, given: Collection[str]) -> dict[str, str]:
    """The one of those given that is asked once more, with the line that asks whether it is so, unless it was
    asked: where more was intended than given, which is no error of imaging but may be two doses for one
    another, and where there was an exposure and no dose at all."""
    known, stated = after.facts.known, after.draft.facts
    total, intended, ratio = (known.get(one) for one in (*_DOSES, "dose_ratio"))
    new = {name for name in given if name in stated}
    name, why = "", "is it so that less was given in all than was intended?"
    if isinstance(total, Span) and isinstance(intended, Span) and {*_DOSES} <= stated.keys():
        name = next((one for one in reversed(_DOSES) if one in new and total.high < intended.low), "")
    if "dose_ratio" in new and isinstance(ratio, Span) and ratio.high.value < 1:
        name = "dose_ratio"
    none = (
        one
        for one in _POSITIVE
        if one in new and isinstance(span := known[one], Span) and not span.high.value
    )
    if (nil := next(none, "")) and (nil != "total_dose" or _exposed(after)):
        name, why = nil, "was there no dose at all?"
    line = f"“{stated[name]}”: {why}" if name else ""
    return {name: line} if name and not before.draft.doubts.get(name, "").endswith(line) else {}


def _exposed(check: Check) -> bool:
    return check.facts.only("exposure") in ("unintended", "accidental")


# A doubt that a "yes" may say to be right, as it may answer the question that it stands under.
_NONE = re.compile(r"\bno exposure\b")
# The value in a doubt that a yes or a no answers.
_OFFERED = re.compile(r"“([^”]+)”: (?:is|was|were|does|do|did)\b", re.I)


def taken_for_yes(draft: Draft, name: str, text: str) -> str:
    """The value that stands in doubt beside the question, where it is said to be right; else the text."""
    offered = _OFFERED.search(draft.doubts.get(name, ""))
    return offered[1] if offered and FACTS[name].numeric and yes_or_no(text) else text


def taken_for_none(draft: Draft, name: str, text: str) -> str:
    """A no to "is there a tissue reaction?" is none, unless it may be one to a doubt that stands beside."""
    no = name == "deterministic_effect" and name not in draft.doubts and yes_or_no(text) is False
    return "none" if no else text


# Of what was delivered, such a number or percentage is rarely the whole of it.
_OF_DELIVERED = frozenset({"target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio", "activity_ratio"})
# A number or limits, and no more: "10% over" says what it is.
_LIMITS = re.compile(
    r"(?:[\s<>=≤≥]|\b(?:less|more|no|than|under|over|above|below|at|least|most|up|to|between|from|max|min)\b)*"
    r"\d[\d.]*\s*%?(?:\s*(?:[–-]|to|and)\s*\d[\d.]*\s*%?)?\s*",
    re.I,
)
_MANY_TIMES, _FEW_PERCENT, _AS_INTENDED = 20, 35, 100


def refuse_half_said(name: str, text: str) -> None:
    """Raises Refused for "95" and "5%", the one hardly so many times, the other perhaps so much more, be they
    limits; and for a day of discovery that is only about right."""
    if name == "discovered_on":
        refuse_about(text)
    bare = _LIMITS.fullmatch(text) if name in {*_OF_DELIVERED, "dose_ratio"} else None
    figures = [Decimal(many) for many in re.findall(r"\d{1,9}(?:\.\d{1,9})?", text)] if bare else []
    most, percent = max(figures, default=0), "%" in text
    if name == "dose_ratio":
        # It may be so much more, which is rarely none or less; "20" times is not too many.
        if percent and 0 < most <= _AS_INTENDED:
            raise Refused("so much more is 150%, say; so much in all is a ratio, such as 0.5")
        return
    if not percent and most >= _MANY_TIMES:
        raise Refused("that would be so many times: write a percentage with its sign, such as 95%")
    if percent and 0 < most < _FEW_PERCENT:
        raise Refused("so much more or less is 105% or 95%; so much in all is a ratio, such as 0.05")


def tick(
    check: Check, names: tuple[str, ...], ticked: frozenset[str], *, rest_known: bool | None, source: Source
) -> Check:
    """Flags asked together: those that apply, and whether the others are known not to. Those of which
    nothing was said are asked by themselves."""
    given = {name: flag_value(name, name in ticked) for name in names if rest_known or name in ticked}
    rest = () if rest_known is None else tuple(name for name in names if name not in given)
    left = not_known(check, rest)
    return advance(state(left, given, source=source), question(names, check.draft))


def _person(check: Check, text: str, source: Source) -> Check:
    if dont_know(text) or yes_or_no(text) is False:
        return without(check, (PERSON,))
    person = said_of_person(text) or choose(text, PERSON_OPTIONS)
    return without(check, (PERSON,)) if person == UNKNOWN else said_person(check, person, source=source)


def advance(check: Check, asked: Question) -> Check:
    """The question is answered: it can be gone back to."""
    path = tuple(names for names in check.draft.path if names != asked.names)
    return check.with_(path=(*path, asked.names), asking=(), aside=False, standing=())


# How one says to go back.
BACK = frozenset({"back", "undo", "go back"})


def back(check: Check) -> Check | None:
    """The check before its last answer, which is asked again; None at the first question. From a question
    out of turn it is the check as it was."""
    if check.draft.aside:
        return check.with_(asking=(), aside=False, standing=())
    if not check.draft.path:
        return None
    *path, last = check.draft.path
    if len(last) > 1:  # a form's answers are gone back to one by one
        ticked = _ticked_together(last, check.draft)
        alone: list[tuple[str, ...]] = [(name,) for name in last if name not in ticked]
        *one_by_one, last = [*alone, ticked] if ticked else alone
        path += one_by_one
    return without(check, last).with_(path=tuple(path), asking=last, standing=(), stage="asking")
