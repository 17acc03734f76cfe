"""What people write in their own words, taken into a check: only what is certain, and shown as it was
understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.core.cards import Card, Text, Weight
from bot.core.check.check import Check
from bot.core.check.measured_ratio import ratio_asked
from bot.core.check.stating import PERSON, state, without
from bot.core.draft import How, Source
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words, with_titles
from bot.core.words.phrases import capitalised, listed, moment, one_line
from rules.facts import DETAILS, FACTS

if TYPE_CHECKING:
    from bot.core.reader import FactsRead

REMOVED = "A patient's number was taken out of what you wrote: leave such numbers out of the chat."


# Makes a source of how a fact came, and of the words that it rests on.
Sources = Callable[[How, str], Source]


class Understood(NamedTuple):
    """The check with what was read, how it was understood, and what is for the author's eyes alone."""

    check: Check
    notes: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def read_text(turn: Turn, check: Check, text: str) -> Understood:
    """What a first message says. It begins the account, patients' numbers masked; what is uncertain is
    asked."""
    # Here, since the reader takes 120 ms to import, and answers to questions do without.
    from bot.core.reader import read

    got = read(text, turn.request.written, turn.nation or None)
    warnings = (*((REMOVED,) if got.masked != text else ()), *got.warnings)
    facts = {name: value for name, value in got.facts.items() if name in FACTS}
    check, refused = taken(check, got, turn.source)
    if refused:
        return Understood(check, (f"What was written could not be taken as it is: {refused}.",), warnings)
    nothing = ("Nothing of an incident could be read from this; the questions follow.",)
    notes = nothing if not got.is_incident else understood_lines(check, facts)
    return Understood(check, (*notes, *not_used_lines(got)), warnings)


def taken(check: Check, got: FactsRead, source: Sources) -> tuple[Check, str]:
    """The check with all that a first message gave, and why its facts could not be taken, if so."""
    told = {"account": got.masked, **{n: str(v) for n, v in got.facts.items() if n in DETAILS}}
    sources = {name: source("read", got.phrases.get(name, "")) for name in told}
    doubts = {name: capitalised(doubt_line(got, name)) for name in got.doubts if name in FACTS}
    if got.measured:
        told["dose_as_measured"] = got.measured
        sources["dose_as_measured"] = source("read", got.measured)
        if "dose_ratio" not in {*got.facts, *doubts} and (line := ratio_asked(got.measured)):
            doubts["dose_ratio"] = line
    check = without_nation(check, got, doubts)
    given = {**check.draft.sources, **sources}
    check = check.with_(details=told, sources=given, doubts=doubts, unused=got.unused)
    try:
        facts = {name: value for name, value in got.facts.items() if name in FACTS}
        return with_facts(check, facts, got, source), ""
    except Refused as refused:
        return check, str(refused)


# Of one value: "is that so much, or so much more?" has no yes.
_YES_OR_NO = re.compile(r"(?:is|was|were|does|do|did)\b(?!.* or )[^?]*\?", re.I)


def doubt_line(got: FactsRead, name: str) -> str:
    """Why a fact is asked, with the one value that a yes would take, or those that it may be."""
    why, values = with_titles(got.doubts[name]), got.candidates.get(name, [])
    if not (FACTS[name].numeric and values and _YES_OR_NO.fullmatch(why)):
        return why
    if len(values) == 1:
        return f"“{values[0]}”: {why}"
    return f"{listed([f'“{value}”' for value in values[:4]], 'or')}: which is it?"


def without_nation(check: Check, got: FactsRead, doubts: dict[str, str]) -> Check:
    """The settings' nation gives way to the doubt where the words may name another one, and the doubt to it
    where they name the same."""
    source = check.draft.sources.get("nation")
    if "nation" not in doubts or source is None or source.how != "settings":
        return check
    if {*got.candidates["nation"]} == {check.draft.facts["nation"]}:
        del doubts["nation"]
        return check
    return without(check, ("nation",))


def added_to_account(turn: Turn, check: Check, said: str) -> Check:
    """What was said after the first message stands below it, with who said it and when: more than the value
    of a fact, that is. `said` holds no patient's number."""
    draft = check.draft
    if len(said.split()) < 3:
        return check
    if not (account := draft.details.get("account", "")):
        given = {**draft.sources, "account": turn.source("read")}
        return check.with_(details={**draft.details, "account": said}, sources=given)
    line = f"{turn.person.name or turn.person.id}, {moment(turn.request.written)}: {said}"
    return check.with_(details={**draft.details, "account": f"{account}\n{line}"})


def in_quotes(turn: Turn, text: str) -> str:
    """What somebody wrote, to be named."""
    return "what you wrote" if turn.holds_number(text) else f"“{one_line(text)}”"


_TELLER = re.compile(
    r"^[^\n]{1,80}?, ((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} \w+ \d{4} at \d\d:\d\d: )", re.M
)


def without_tellers(account: str) -> str:
    """An account for others than those who wrote it: when each was said, and not by whom."""
    return _TELLER.sub(r"\1", account)


def not_used_lines(got: FactsRead) -> tuple[str, ...]:
    """What was said and gave no fact is named, with its own words."""
    return (f"Not used: {', '.join(f'“{words}”' for words in got.unused)}",) if got.unused else ()


def with_facts(
    check: Check, facts: dict[str, Any], got: FactsRead, source: Sources, asked: tuple[str, ...] = ()
) -> Check:
    """The check with facts that were read; what contradicts them gives way. Those that were asked for are
    answered by it. Raises Refused."""
    if got.sex == "male" and not check.draft.person:
        sources = {**check.draft.sources, PERSON: source("read", got.phrases.get("sex", ""))}
        check = check.with_(person="male", sources=sources)
    known = check.draft.sources
    facts = {
        name: value
        for name, value in facts.items()
        if not (check.draft.facts.get(name) == value and name in known and known[name].vouched)
    }
    by = {name: source("answered" if name in asked else "read", got.phrases.get(name, "")) for name in facts}
    return state(check, facts, source=by, keep=False)


def understood_lines(check: Check, facts: dict[str, Any], person: str = "") -> tuple[str, ...]:
    """How it was understood; `person` is what was known of the person before."""
    known = check.facts
    lines = [f"{title(name)}: {value_words(name, known)}" for name in facts if name in known.stated]
    if check.draft.person == "male" and not person:
        lines.append("The person is male")
    return ("\n".join(("Understood so far (edit changes it):", *lines)),) if lines else ()


def alone(turn: Turn, warnings: tuple[str, ...]) -> list[Reply]:
    """A word to the author that nobody else needs to see."""
    if not warnings:
        return []
    blocks = tuple(Text(warning, Weight.WARNING) for warning in warnings)
    return [turn.show(Card("About what you wrote", blocks), private=True)]
