"""Facts put into a check and taken out of it: pure functions from a check to the next."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.check.check import Check, WorkedOut, stated, worked_out, young
from bot.core.check.facts_for_the_record import with_whom
from bot.core.draft import Draft, Source
from bot.core.refused import Refused
from bot.core.words.fact_words import in_words
from rules.facts import FACTS, NOT_FOR_MALE_OR_YOUNG_CHILD, Kind
from rules.incident import InvalidFacts

PERSON = "person"


class Contradicted(Refused):
    """Facts that cannot be taken; `errors` says why by fact, "" where none is to blame."""

    def __init__(self, invalid: InvalidFacts) -> None:
        super().__init__(in_words(invalid))
        self.errors = {error.fact or "": in_words(InvalidFacts([error])) for error in invalid.errors}


def state(
    check: Check, given: Mapping[str, object], *, source: Source | Mapping[str, Source], keep: bool = True
) -> Check:
    """Add facts, of one source or of one each. With `keep` a contradiction with what somebody answered or
    agreed to is refused; without, whatever contradicts gives way and is asked again."""
    if not given:
        return check
    if any(given.get(name) is True for name in NOT_FOR_MALE_OR_YOUNG_CHILD):
        check = check.with_(person="")
    if check.draft.person == "young_child" and grown(given):
        check = without(check, (PERSON,))
    draft = check.draft
    facts = {**draft.facts, **given}
    if "age_group" in given:
        facts.pop("age_years", None)
    if "age_years" in given:
        facts.pop("age_group", None)
    facts = _of_others(draft, facts, given)
    facts_before = tuple(facts)
    worked = _worked_out(check, facts, given, keep)
    kept = {name: value for name, value in worked.facts.stated.items() if name in facts}
    stays = {*kept, *NOT_FOR_MALE_OR_YOUNG_CHILD} | (draft.sources.keys() - FACTS.keys())
    sources = {name: source for name, source in draft.sources.items() if name in stays}
    by = dict.fromkeys(given, source) if isinstance(source, Source) else source
    # What was not known of a person follows from what they are said to be by now.
    derived_anew = NOT_FOR_MALE_OR_YOUNG_CHILD if "age_years" in given else ()
    sources |= {name: by[name] for name in given if name in kept}
    gone = {name for name in facts_before if name not in facts}
    outright = any(by[name].how == "answered" for name in given)
    doubts = {**draft.doubts, **(_given_way(draft, gone) if outright else {})}
    return check.stating(
        worked,
        facts=kept,
        sources=sources,
        unused=_not_used(draft, gone),
        skipped=tuple(name for name in draft.skipped if name not in {*kept, *derived_anew}),
        doubts=with_whom(draft, kept, {n: why for n, why in doubts.items() if n not in {*given} & {*kept}}),
    )


def grown(facts: Mapping[str, object]) -> bool:
    """Is whom the facts are about no young child?"""
    age = facts.get("age_years")
    return facts.get("age_group") == "adult" or (age is not None and not young(age))


def _of_others(draft: Draft, facts: dict[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """Whom the check is about is none of the others, where that was only read."""
    others, source = facts.get("others_exposed"), draft.sources.get("others_exposed")
    if "exposed_person" not in given or not isinstance(others, list) or source is None or source.vouched:
        return facts
    left = [one for one in others if one != given["exposed_person"]]
    kept = {name: value for name, value in facts.items() if name != "others_exposed"}
    return {**kept, "others_exposed": left} if left else kept


def _given_way(draft: Draft, gone: set[str]) -> dict[str, str]:
    """What was read and gives way to an answer is in doubt from now on, as the answer may be."""
    read = {name: draft.sources.get(name, Source()) for name in sorted(gone) if name in draft.facts}
    return {
        name: f"“{draft.facts[name]}”: does that hold?"
        if FACTS[name].numeric
        else f"You wrote “{one.words}”."
        for name, one in read.items()
        if one.how == "read" and one.words
    }


def _not_used(draft: Draft, gone: set[str]) -> tuple[str, ...]:
    """What was read, and gives way to an answer, is not used any more: its words are named as such."""
    sources = (draft.sources.get(name, Source()) for name in sorted(gone))
    words = (source.words for source in sources if source.how == "read" and source.words)
    return tuple(dict.fromkeys((*draft.unused, *words)))


def _worked_out(check: Check, facts: dict[str, object], given: Mapping[str, object], keep: bool) -> WorkedOut:
    """Takes out of `facts` what gives way."""
    while True:
        try:
            return worked_out(stated(check.draft.with_(facts=facts)), check.day)
        except InvalidFacts as invalid:
            others = {str(e.fact) for e in invalid.errors if e.fact in facts} - set(given)
            sources = check.draft.sources
            loose = {name for name in others if name not in sources or not sources[name].vouched}
            if not (loose if keep else others):
                raise Contradicted(invalid) from None
            for name in loose if keep else others:
                del facts[name]


def without(check: Check, names: tuple[str, ...]) -> Check:
    draft, gone = check.draft, {*names, *(("age_group",) if "age_years" in names else ())}
    if not gone & {*draft.facts, *draft.sources, *draft.skipped} and not (PERSON in gone and draft.person):
        return check
    return check.with_(
        person="" if PERSON in gone else draft.person,
        facts={name: value for name, value in draft.facts.items() if name not in gone},
        sources={name: given for name, given in draft.sources.items() if name not in gone},
        skipped=tuple(name for name in draft.skipped if name not in gone),
    )


def giving_way(check: Check, names: tuple[str, ...]) -> Check:
    """Without facts that were read; their words are named as not used."""
    left = without(check, names)
    return left.with_(unused=_not_used(check.draft, {*names})) if names else check


def not_known(check: Check, names: tuple[str, ...]) -> Check:
    """With facts that nobody knows, whatever was said of them before."""
    left = without(check, names)
    return left.with_(skipped=tuple(dict.fromkeys((*left.draft.skipped, *names)))) if names else check


def said_person(check: Check, person: str, *, source: Source) -> Check:
    """The person is said to be male or a young child: pregnancy and breast-feeding are not asked."""
    if any(check.draft.facts.get(name) is True for name in NOT_FOR_MALE_OR_YOUNG_CHILD):
        raise Refused("a foetus or a breast-fed infant was said to be exposed: change that first")
    if person == "young_child" and grown(check.draft.facts):
        raise Refused("the age says otherwise: change that first")
    skipped = tuple(name for name in check.draft.skipped if name not in NOT_FOR_MALE_OR_YOUNG_CHILD)
    said = check.with_(person=person, skipped=skipped, sources={**check.draft.sources, PERSON: source})
    try:
        return said.stating(worked_out(stated(said.draft), said.day))
    except InvalidFacts as invalid:
        raise Contradicted(invalid) from None


def flag_value(name: str, applies: bool) -> object:
    """What a tick in the group of flags says of a fact, or that there is none."""
    if FACTS[name].kind is Kind.COUNT:
        return ">=2" if applies else 1
    if name == "deterministic_effect":
        return "observable" if applies else "none"
    if name == "licence_held":  # what is ticked is that there was none
        return not applies
    return applies
