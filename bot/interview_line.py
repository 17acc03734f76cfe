"""One step of a check as a JSON object: everything that is known goes in, the next step comes out.

The questions, what is to be agreed to, and the verdict are those of the conversation (`bot.core.check`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.check.check import Check, derived, sources_of, stated
from bot.core.check.free_text import taken
from bot.core.check.interview import Question, next_of
from bot.core.check.stating import PERSON, Contradicted, not_known, state, without
from bot.core.draft import Agreed, Draft, How, Source
from bot.core.reader import FactsRead, read
from bot.schemas import UNKNOWN, Ask, AskOption, InterviewAnswer, InterviewLine, ReadFact
from rules.deadlines import uk_date
from rules.facts import DETAILS, FACTS, NO, YES, Kind
from rules.parsing import parse

FLAG_VALUES = {YES: True, NO: False}


def step(line: InterviewLine, now: datetime) -> dict[str, Any]:
    """The next step. Raises InvalidFacts where the answers are wrong, Contradicted where they do not go with
    what is assumed."""
    now = line.now or now
    got = read(line.text, now, line.nation) if line.text else None
    check = _known(line, got, now)
    asked = next_of(check)
    agree = () if asked else check.to_agree
    answer = InterviewAnswer(
        facts={**stated(check.draft), **(_details(got) if got else {})},
        read=(*(_read(got) if got else ()), *_assumed(check.draft)),
        unused=got.unused if got else (),
        ask=_ask(asked, check.draft, got) if asked else None,
        agree=agree,
        verdict=None if asked or agree else check.verdict.stored,
    )
    return answer.model_dump(mode="json")


def _known(line: InterviewLine, got: FactsRead | None, now: datetime) -> Check:
    """What was read, and above it what was answered and agreed to."""
    at = now.isoformat(timespec="seconds")

    def source(how: How, words: str = "") -> Source:
        return Source(id="line", at=at, how=how, words=words)

    check = Check(Draft("line", at), uk_date(now))
    if line.nation:
        check = state(check, {"nation": line.nation}, source=source("settings"))
    if got:
        check, _ = taken(check, got, source)
    said = {name: value for name, value in line.answers.items() if value is not None}
    unknown = tuple(name for name, value in said.items() if value == UNKNOWN)
    answers = {name: value for name, value in said.items() if name not in unknown}
    answered = parse(answers, check.day).stated
    try:
        check = state(check, answered, source=source("answered"), keep=False)
    except Contradicted:  # with what follows from the person, who was read
        check = state(without(check, (PERSON,)), answered, source=source("answered"), keep=False)
    check = not_known(check, unknown)
    given = sources_of(check.draft)
    agreed = {n: replace(given[n], agreed=Agreed("line", at=at)) for n in line.agreed if n in given}
    return check.with_(sources={**check.draft.sources, **agreed})


def _details(got: FactsRead) -> dict[str, Any]:
    return {name: value for name, value in got.facts.items() if name in DETAILS}


def _read(got: FactsRead) -> Iterator[ReadFact]:
    """Every value that the text gave."""
    yield from (ReadFact(fact=one.fact, value=one.value, words=one.words, sure=one.sure) for one in got.words)


def _assumed(draft: Draft) -> Iterator[ReadFact]:
    """What follows from the person, with the words of the text that it rests on, or what was answered."""
    said = draft.sources.get(PERSON if draft.person else "age_years", Source()).words
    for name, (value, source) in derived(draft).items():
        yield ReadFact(fact=name, value=value, words=said or source.words, sure=True)


def _ask(asked: Question, draft: Draft, got: FactsRead | None) -> Ask:
    return Ask(facts=asked.names, question=asked.ask, options=tuple(_options(asked, draft, got)))


def _options(asked: Question, draft: Draft, got: FactsRead | None) -> Iterator[AskOption]:
    """What was read and is not sure comes first."""
    if asked.several:
        yield from (AskOption(value=option.value, label=option.label) for option in asked.options)
        return
    fact = FACTS[asked.name]
    labels: Mapping[Any, str] = {
        FLAG_VALUES[option.value] if fact.kind is Kind.FLAG else option.value: option.label
        for option in asked.options
    }
    read = got.candidates.get(asked.name, []) if got and asked.name in draft.doubts else []
    offered = [one for value in read for one in (value if isinstance(value, list) else [value])]
    for value in offered:
        yield AskOption(value=value, label=labels.get(value) or str(value))
    for value, label in labels.items():
        if value not in offered:
            yield AskOption(value=value, label=label)
