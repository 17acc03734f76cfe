"""What follows from facts, worked out once: each request takes its check up anew, most with the facts that
the one before left."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

from rules.deciding import Verdict, decide
from rules.incident import Facts
from rules.parsing import parse
from rules.planner import next_question

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


def worked_out(stated: Mapping[str, Any], day: date) -> WorkedOut:
    """Raises InvalidFacts."""
    key = day, frozenset((name, repr(value)) for name, value in stated.items())
    with _lock:
        if found := _known.get(key):
            _known.move_to_end(key)
            return found
    made = WorkedOut(parse(stated, day))
    with _lock:
        _known[key] = made
        if len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return made
