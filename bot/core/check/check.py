"""A check as it stands: its draft, the facts it states, and the verdict on them.

What follows from facts is worked out once: each request takes its check up anew, most with the facts that the
one before left.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import Any

from bot.core.draft import Draft, How, OldDraft, Source
from bot.core.turn import Turn
from rules.agree import to_agree
from rules.deciding import Verdict, decide
from rules.facts import NOT_FOR_MALE_OR_YOUNG_CHILD
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from rules.planner import next_question

# Below this age nobody is asked about a pregnancy.
YOUNG_CHILD_BELOW = 10
PERSON_WORDS = {
    "male": "the person is said to be male",
    "young_child": "the person is said to be a young child",
}
# What facts and verdict follow from; all else of a draft may change beside them.
_DECIDING = frozenset({"facts", "person", "sources"})

REMEMBERED = 32  # sets of facts, the last that were looked at


class WorkedOut:
    """Of one set of facts; nothing in it is ever changed."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._asked: dict[frozenset[str], tuple[str, ...]] = {}

    @cached_property
    def verdict(self) -> Verdict:
        return decide(self.facts)

    def next_question(self, skip: frozenset[str]) -> tuple[str, ...]:
        """As people are asked: see `rules.planner`."""
        if skip not in self._asked:
            self._asked[skip] = next_question(self.facts, skip=skip, together=True)
        return self._asked[skip]


_Key = tuple[date, frozenset[tuple[str, str]]]
_known: OrderedDict[_Key, WorkedOut] = OrderedDict()
_lock = Lock()


def worked_out(said: Mapping[str, Any], day: date) -> WorkedOut:
    """Raises InvalidFacts."""
    key = day, frozenset((name, repr(value)) for name, value in said.items())
    with _lock:
        if found := _known.get(key):
            _known.move_to_end(key)
            return found
    made = WorkedOut(parse(said, day))
    with _lock:
        _known[key] = made
        if len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return made


class Check:
    """`today` is the day on which it is looked at."""

    def __init__(self, draft: Draft, today: date, worked: WorkedOut | None = None) -> None:
        self.draft, self.today = draft, today
        if worked is not None:
            self.__dict__["worked"] = worked

    @cached_property
    def worked(self) -> WorkedOut:
        """Raises OldDraft where the rules would not have its facts any more."""
        try:
            return worked_out(stated(self.draft), self.day)
        except InvalidFacts:
            raise OldDraft(datetime.fromisoformat(self.draft.started)) from None

    @property
    def facts(self) -> Facts:
        return self.worked.facts

    @property
    def verdict(self) -> Verdict:
        return self.worked.verdict

    @cached_property
    def to_agree(self) -> tuple[str, ...]:
        """The facts that were only read, assumed or carried over and on which a verdict hangs that nobody
        need be told."""
        vouched = {name for name, source in sources_of(self.draft).items() if source.vouched}
        return to_agree(self.facts, vouched)

    @cached_property
    def day(self) -> date:
        """What was accepted on an earlier day stays accepted, also where the clock was set back since."""
        given = (source.at[:10] for source in self.draft.sources.values() if source.at)
        return max((self.today, *map(date.fromisoformat, given)))

    def with_(self, **changes: Any) -> Check:
        """With another draft; what was worked out stays where nothing it follows from has changed."""
        known = None if _DECIDING & changes.keys() else self.__dict__.get("worked")
        return Check(self.draft.with_(**changes), self.today, known)

    def stating(self, worked: WorkedOut, **changes: Any) -> Check:
        """With what was worked out from the facts of the changed draft."""
        return Check(self.draft.with_(**changes), self.today, worked)

    def asked_aside(self, names: tuple[str, ...]) -> Check:
        """With a question out of turn. An age is asked in years."""
        asking = tuple("age_years" if name == "age_group" else name for name in names)
        return self.with_(asking=asking, aside=True, stage="asking")

    def kept(self, turn: Turn) -> Check:
        """As it stands in the store. Raises storage.errors."""
        saved = turn.save(self.draft)
        return self.with_(version=saved.version, mark=saved.mark, changes=saved.changes)


def stated(draft: Draft) -> dict[str, Any]:
    return {**draft.facts, **{name: value for name, (value, _) in derived(draft).items()}}


def derived(draft: Draft) -> dict[str, tuple[Any, Source]]:
    """Facts that follow from what the person is said to be, with who said so. What was answered outright
    stands; so does what was said in answer to the question, which says what follows from it."""
    said, words = draft.sources.get("person", Source()), PERSON_WORDS.get(draft.person, "")
    how: How = "answered" if said.how == "answered" else "assumed"
    if not draft.person and young(draft.facts.get("age_years")):
        said, how = draft.sources.get("age_years", Source()), "assumed"
        words = f"a child of {str(draft.facts['age_years']).removesuffix(' years')}"
    if not words:
        return {}
    words += f": “{said.words}”" if said.how == "read" and said.words else ""
    source = replace(said, how=how, words=words, agreed=None)
    open_ = (n for n in NOT_FOR_MALE_OR_YOUNG_CHILD if n not in draft.facts and n not in draft.skipped)
    return {name: (False, _with_agreement(source, draft.sources.get(name))) for name in open_}


def _with_agreement(source: Source, before: Source | None) -> Source:
    """Who agreed to what follows from the same words agreed to it."""
    same = before is not None and before.words == source.words
    return replace(source, agreed=before.agreed) if before is not None and same else source


def young(age: object) -> bool:
    """Is that an age at which neither pregnancy nor breast-feeding is asked about?"""
    text = str(age).removesuffix(" years").lstrip("<=").split("-")[-1]
    return age is not None and text.isdecimal() and len(text) < 4 and int(text) < YOUNG_CHILD_BELOW


def sources_of(draft: Draft) -> dict[str, Source]:
    """Who gave each fact and when, those that follow included."""
    own = {name: given for name, given in draft.sources.items() if name in draft.facts}
    return {**own, **{name: source for name, (_, source) in derived(draft).items()}}
