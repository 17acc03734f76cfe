"""What somebody says of incidents that are alike: kept as a theme, and decided anew where more people were
exposed by one cause, or where that is not known (code M). The incidents of before keep what was judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.core.cases import opening
from bot.core.cases.decide_anew import active_case, day_of_case, decide_anew
from bot.core.kept_drafts import Ending
from bot.core.refused import Refused
from bot.core.register.alike import counts
from bot.core.register.theme_question import ThemeQuestion, members_of, people_in
from bot.core.turn import Turn
from bot.core.words.fact_words import in_words
from bot.core.words.phrases import listed
from rules.deadlines import uk_date
from rules.deciding import decide
from rules.incident import InvalidFacts
from rules.parsing import parse
from storage.errors import Duplicate
from storage.model import Assessment, Case, Correction, Record
from storage.plans import Also
from storage.register_model import Incident
from storage.theme_model import Theme, ThemeAnswer, Told

PEOPLE = "individuals_exposed"


@dataclass(frozen=True)
class ThemeSaid:
    """The answers to the three questions. `numbers` of the incidents, none for those that were asked about;
    `people` None where no number was given."""

    one_cause: Told
    different: Told
    people: int | None
    why: str = ""
    numbers: tuple[str, ...] = ()


class ThemeAnswered(NamedTuple):
    """`case`: what was opened or decided anew with it, and `record` of whose revision."""

    theme: Theme
    case: Case | None = None
    record: Record | None = None


def answer_question(
    turn: Turn, question: ThemeQuestion, said: ThemeSaid, *, seen: int | None = None
) -> ThemeAnswered:
    """`seen` is the version of the theme that somebody saw. Raises Refused and storage.errors; nothing is
    kept then."""
    members = _members(turn, question, said.numbers)
    counted = [one for one in members if counts(one)]
    people = _people(said, counted, question)
    # Where it does not belong to a theme, or nobody knows, that is a thing of its own: the theme stays.
    known = None if question.joins and said.one_cause != "yes" else question.theme
    given = ThemeAnswer(
        tuple(one.number for one in members), question.shared, said.one_cause, said.different, people,
        said.why, known.ref if known else "", seen or (known.version if known else None),
    )  # fmt: skip
    exposed = said.one_cause == "yes" and (people or 0) >= 2
    unknown = said.one_cause != "no" and people is None and len(counted) >= 2
    if not (exposed or unknown):
        return ThemeAnswered(_kept(turn, given))
    # The latest: its discovery is before anybody saw a theme, so that its clock runs long enough ago.
    bearer = max(counted, key=lambda one: (one.day, len(one.number), one.number))
    return _decided(turn, turn.store.record(turn.tenant, bearer.number), people if exposed else None, given)


def _members(turn: Turn, question: ThemeQuestion, numbers: Sequence[str]) -> tuple[Incident, ...]:
    """Those of the theme stay in it."""
    there = question.theme.numbers if question.theme else ()
    wanted = tuple(dict.fromkeys((*there, *(numbers or question.numbers))))
    members = members_of(turn.store, turn.tenant, wanted)
    if missing := [number for number in wanted if number not in {one.number for one in members}]:
        raise Refused(f"there is no record {listed(missing)} here: check the number", about="incidents")
    if len(members) < 2:
        raise Refused("a theme is of two incidents at least: name the other one", about="incidents")
    return members


def _people(said: ThemeSaid, counted: Sequence[Incident], question: ThemeQuestion) -> int | None:
    """How many were exposed in all; None where that is not known, or where it is not one cause."""
    if said.one_cause != "yes" or said.different == "not_known":
        return None
    if said.different == "no":
        if (said.people or 1) > 1:
            raise Refused("the same person each time is one person: which is it?", about="people")
        return 1
    people = people_in(counted, question.theme) if said.people is None else said.people
    if people < min(2, len(counted)):  # one may have been exposed twice, beside another
        raise Refused("different people are two at least: which is it?", about="people")
    return people


def _decided(turn: Turn, record: Record, people: int | None, given: ThemeAnswer) -> ThemeAnswered:
    """The record decided with so many people, or with nobody knowing how many."""
    case = active_case(turn, record.number)
    assessment = _assessment(turn, record, people, case)
    if assessment is None:  # it says so already
        return _as_it_is(turn, record, case, given)
    if assessment.verdict["outcome"] not in opening.TO_OPEN:
        return ThemeAnswered(_kept(turn, given))
    why = f"a theme: {people} people exposed by one cause" if people else "a theme: how many is not known"
    correction = Correction(record.number, assessment, why, record.revision)
    ending = Ending(turn.request.delivery)
    try:
        if case is not None:
            case = decide_anew(turn, case, correction, ending, given).case
        else:
            case = opening.open_new(turn, correction, ending, given)
    except Duplicate as again:
        return _again(turn, again, given)
    return _with(turn, given, case, record)


def _as_it_is(turn: Turn, record: Record, case: Case | None, given: ThemeAnswer) -> ThemeAnswered:
    if case is None and opening.lacks_case(turn, record):
        return _with(turn, given, opening.open_from(turn, record, given), record)
    ref = case.ref if case else next(iter(record.cases), "")
    return ThemeAnswered(_kept(turn, replace(given, case=ref)), case, record)


def _with(turn: Turn, given: ThemeAnswer, case: Case, record: Record) -> ThemeAnswered:
    after = turn.store.record(turn.tenant, record.number)
    return ThemeAnswered(_theme_of(turn, given), turn.store.case(turn.tenant, case.ref), after)


def _theme_of(turn: Turn, given: ThemeAnswer) -> Theme:
    if given.ref:
        return turn.store.theme(turn.tenant, given.ref)
    themes = turn.store.themes_of(turn.tenant, given.numbers)
    return next(theme for theme in themes if {*theme.numbers} >= {*given.numbers})


def _kept(turn: Turn, given: ThemeAnswer) -> Theme:
    also = Also(turn.request.delivery)
    try:
        return turn.store.answer_theme(turn.tenant, given, by=turn.person, now=turn.request.now, also=also)
    except Duplicate as again:
        return turn.store.theme(turn.tenant, again.result)


def _again(turn: Turn, again: Duplicate, given: ThemeAnswer) -> ThemeAnswered:
    """The same delivery once more: it was done."""
    return ThemeAnswered(_theme_of(turn, given), turn.store.case(turn.tenant, again.result))


def _assessment(turn: Turn, record: Record, people: int | None, case: Case | None) -> Assessment | None:
    """None where the record tells as much, or more people. Raises Refused."""
    kept = record.assessment
    held = kept.facts.get(PEOPLE)
    if (people is None and held is None) or _at_least(held, people or 2):
        return None
    facts = {name: value for name, value in kept.facts.items() if name != PEOPLE}
    sources = {name: given for name, given in kept.sources.items() if name != PEOPLE}
    if people is not None:
        facts[PEOPLE] = people
        sources[PEOPLE] = turn.source().as_json()
    if case := case or next(reversed(opening.cases_of(turn, record)), None):
        facts["discovered_on"], given = day_of_case(turn, case, record)
        sources["discovered_on"] = given.as_json()
    try:
        parsed = parse(facts, max(turn.today, uk_date(record.at)))
    except InvalidFacts as invalid:
        raise Refused(in_words(invalid)) from None
    return replace(kept, facts=dict(parsed.stated), verdict=decide(parsed).as_dict(), sources=sources)


def _at_least(held: object, people: int) -> bool:
    try:
        return int(str(held)) >= people
    except ValueError:  # not known, or known within limits
        return False
