"""What was said since a form was opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.check.check import PERSON_WORDS, Check
from bot.core.check.form import FLAGS_INPUT, FormKey, as_typed
from bot.core.check.interview import UNKNOWN
from bot.core.check.stating import PERSON, flag_value
from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words
from rules.facts import FACTS
from storage.model import Person


def changed_since(
    turn: Turn, check: Check, key: FormKey, inputs: Mapping[str, str], *, by_others: bool = False
) -> tuple[str, ...]:
    """What has changed since, by somebody else or to something else than stands in the form."""
    now, user = as_typed(check.draft), turn.request.user.id
    found = []
    for name, (mark, by) in check.draft.changes.items():
        asked = "age_years" if name == "age_group" else name
        if mark <= key.mark or name not in (*FACTS, PERSON) or (by_others and by == user):
            continue
        if name == PERSON:
            asked = "age_years"  # beside which it stands
            same = _known(inputs.get(PERSON, "")) == check.draft.person
        elif asked in key.ticks:
            ticked = name in inputs.get(FLAGS_INPUT, "").split(",")
            same = check.draft.facts.get(name) == flag_value(name, ticked)
        else:
            same = _known(inputs.get(asked, "")) == _known(now.get(asked, ""))
        if not same if asked in key.names else by != user:
            found.append(name)
    return tuple(found)


def _known(text: str) -> str:
    return "" if text == UNKNOWN else text


def said_since(check: Check, names: Mapping[str, object] | tuple[str, ...], key: FormKey) -> Iterator[str]:
    draft = check.draft
    for name in names:
        mark, _ = draft.changes[name]
        if mark <= key.mark or name not in (*FACTS, PERSON):
            continue
        by = draft.sources.get(name)
        who = f" ({Person(by.id, by.name).called})" if by else ""
        words = value_words(name, check.facts) if name in check.facts.stated else "not known"
        words = PERSON_WORDS.get(draft.person, words) if name == PERSON else words
        yield f"{title(name)}: {words}{who}"
