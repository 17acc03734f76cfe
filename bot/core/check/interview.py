"""The check as questions and answers: pure functions from a draft to its next question, and from an answer
to a draft.

What the decision needs comes first, in the planner's order; then what only the record, the labels and the
other bodies need. The wording is that of `rules.facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core.cards import Option
from bot.core.check.answers import (
    choose,
    dont_know,
    flag_label,
    options_of,
    read_answer,
    read_flags,
    said_of_person,
    yes_or_no,
)
from bot.core.check.facts_for_the_record import for_the_record
from bot.core.draft import Draft, Source
from bot.core.refused import Refused
from bot.core.words.fact_words import in_words
from rules.decide import Verdict, decide
from rules.facts import FACTS, NOT_FOR_MALE_OR_YOUNG_CHILD, Kind
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from rules.planner import next_question

# Below this age nobody is asked about a pregnancy.
YOUNG_CHILD_BELOW = 10
PERSON_WORDS = {
    "male": "the person is said to be male",
    "young_child": "the person is said to be a young child",
}
PERSON, UNKNOWN = "person", "unknown"
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


class Contradicted(Refused):
    """Facts that cannot be taken; `errors` says why by fact, "" where none is to blame."""

    def __init__(self, invalid: InvalidFacts) -> None:
        super().__init__(in_words(invalid))
        self.errors = {error.fact or "": in_words(InvalidFacts([error])) for error in invalid.errors}


# What is known


def derived(draft: Draft) -> dict[str, tuple[Any, Source]]:
    """Facts that follow from what the person is said to be, with who said so. What was answered outright
    stands."""
    said = draft.sources.get("person", {}), PERSON_WORDS.get(draft.person, "")
    if not draft.person and _young(draft.facts.get("age_years")):
        said = (
            draft.sources.get("age_years", {}),
            f"the person is said to be {draft.facts['age_years']} years old",
        )
    if not said[1]:
        return {}
    source = {**said[0], "because": said[1]}
    return {n: (False, source) for n in NOT_FOR_MALE_OR_YOUNG_CHILD if draft.facts.get(n) is None}


def _young(age: object) -> bool:
    text = str(age).removesuffix(" years").lstrip("<=").split("-")[-1]
    return age is not None and text.isdecimal() and int(text) < YOUNG_CHILD_BELOW


def stated(draft: Draft) -> dict[str, Any]:
    return {**draft.facts, **{name: value for name, (value, _) in derived(draft).items()}}


def facts_of(draft: Draft, today: date) -> Facts:
    """What was accepted on an earlier day stays accepted, also where the clock was set back since."""
    days = (date.fromisoformat(given["at"][:10]) for given in draft.sources.values() if "at" in given)
    return parse(stated(draft), max(today, *days, today))


def sources_of(draft: Draft) -> dict[str, Source]:
    """Who gave each fact and when, those that follow included."""
    own = {name: given for name, given in draft.sources.items() if name in draft.facts}
    return {**own, **{name: source for name, (_, source) in derived(draft).items()}}


def verdict_of(draft: Draft, today: date) -> Verdict:
    return decide(facts_of(draft, today))


# The next question


def next_of(draft: Draft, today: date) -> Question | None:
    """None once there is nothing left to ask before the verdict."""
    if draft.asking:
        return question(draft.asking, draft)
    facts = facts_of(draft, today)
    names = next_question(facts, skip=answered(draft), together=True) or for_the_record(facts, draft.skipped)
    return question(names, draft) if names else None


def answered(draft: Draft) -> frozenset[str]:
    """What has been asked already: what nobody knows, and what is known, if only within limits."""
    age = ("age_years", "age_group") if {"age_years", "age_group"} & draft.facts.keys() else ()
    return frozenset((*draft.skipped, *draft.facts, *age))


def question(names: tuple[str, ...], draft: Draft) -> Question:
    if names == (PERSON,):
        return Question(names, PERSON_ASK, (PERSON_WHY,), PERSON_OPTIONS)
    facts = [FACTS[name] for name in names]
    offers = any(name in NOT_FOR_MALE_OR_YOUNG_CHILD for name in names) and not draft.person
    if len(facts) == 1:
        one = facts[0]
        return Question(names, one.ask, (one.why,), options_of(one), one.example, offers)
    return Question(
        names,
        "Which of these apply?",
        tuple(f"{flag_label(fact.name)}: {fact.why}" for fact in facts),
        tuple(Option(fact.name, flag_label(fact.name)) for fact in facts),
        "1, 3",
        offers,
    )


# Answers


def answer(draft: Draft, asked: Question, text: str, *, source: Source, today: date) -> Draft:
    """The draft with the answer in it. Raises `Refused` with one line, the draft being as it was."""
    if asked.names == (PERSON,):
        return advance(_person(draft, text, source=source, today=today), asked)
    if dont_know(text):
        left = without(draft, asked.names)
        return advance(left.with_(skipped=_union(left.skipped, asked.names)), asked)
    if asked.offers_person and (person := said_of_person(text)):
        return said_person(draft, person, source=source, today=today)
    if asked.several:
        ticked, rest_known = read_flags(text, asked.names)
        return tick(draft, asked.names, ticked, rest_known=rest_known, source=source, today=today)
    name, value = read_answer(asked.name, text, datetime.fromisoformat(str(source["at"])))
    return advance(state(draft, {name: value}, source=source, today=today, keep=not draft.asking), asked)


def tick(
    draft: Draft,
    names: tuple[str, ...],
    ticked: frozenset[str],
    *,
    rest_known: bool,
    source: Source,
    today: date,
) -> Draft:
    """Flags asked together: those that apply, and whether the others are known not to."""
    given = {name: flag_value(name, name in ticked) for name in names if rest_known or name in ticked}
    left = tuple(name for name in names if name not in given)
    done = state(draft.with_(skipped=_union(draft.skipped, left)), given, source=source, today=today)
    return advance(done, question(names, draft))


def flag_value(name: str, applies: bool) -> object:
    if FACTS[name].kind is Kind.COUNT:
        return ">=2" if applies else 1
    return applies


def _person(draft: Draft, text: str, *, source: Source, today: date) -> Draft:
    if dont_know(text) or yes_or_no(text) is False:
        return without(draft, (PERSON,))
    person = said_of_person(text) or choose(text, PERSON_OPTIONS)
    return (
        without(draft, (PERSON,))
        if person == UNKNOWN
        else said_person(draft, person, source=source, today=today)
    )


def said_person(draft: Draft, person: str, *, source: Source, today: date) -> Draft:
    """The person is said to be male or a young child: pregnancy and breast-feeding are not asked."""
    if any(draft.facts.get(name) is True for name in NOT_FOR_MALE_OR_YOUNG_CHILD):
        raise Refused("a foetus or a breast-fed infant was said to be exposed: change that first")
    changed = draft.with_(person=person, sources={**draft.sources, "person": source})
    facts_of(changed, today)
    return changed


def state(
    draft: Draft, given: Mapping[str, object], *, source: Source, today: date, keep: bool = True
) -> Draft:
    """Add facts. With `keep` a contradiction is refused; without, what contradicts gives way and is asked
    again."""
    if any(given.get(name) is True for name in NOT_FOR_MALE_OR_YOUNG_CHILD):
        draft = draft.with_(person="")
    facts = {**draft.facts, **given}
    if "age_group" in given:
        facts.pop("age_years", None)
    if "age_years" in given:
        facts.pop("age_group", None)
    while True:
        try:
            parsed = parse({**stated(draft.with_(facts=facts))}, today)
        except InvalidFacts as invalid:
            others = {e.fact for e in invalid.errors if e.fact in facts} - set(given)
            if keep or not others:
                raise Contradicted(invalid) from None
            facts = {name: value for name, value in facts.items() if name not in others}
            continue
        break
    kept = {name: value for name, value in parsed.stated.items() if name in facts}
    sources = {name: s for name, s in draft.sources.items() if name in kept or name == "person"}
    sources |= {name: source for name in given if name in kept}
    return draft.with_(
        facts=kept,
        sources=sources,
        skipped=tuple(name for name in draft.skipped if name not in kept),
        doubts={name: why for name, why in draft.doubts.items() if name not in {*given} & {*kept}},
    )


def advance(draft: Draft, asked: Question) -> Draft:
    """The question is answered: it can be gone back to."""
    path = tuple(names for names in draft.path if names != asked.names)
    return draft.with_(path=(*path, asked.names), asking=(), aside=False)


def back(draft: Draft) -> Draft | None:
    """The draft before its last answer, which is asked again; None at the first question. From a question
    out of turn it is the draft as it was."""
    if draft.aside:
        return draft.with_(asking=(), aside=False)
    if not draft.path:
        return None
    *path, last = draft.path
    return without(draft, last).with_(path=tuple(path), asking=last, stage="asking")


def without(draft: Draft, names: tuple[str, ...]) -> Draft:
    gone = {*names, *(("age_group",) if "age_years" in names else ())}
    return draft.with_(
        person="" if PERSON in gone else draft.person,
        facts={name: value for name, value in draft.facts.items() if name not in gone},
        sources={name: given for name, given in draft.sources.items() if name not in gone},
        skipped=tuple(name for name in draft.skipped if name not in gone),
    )


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
