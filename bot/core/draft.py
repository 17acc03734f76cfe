"""The state of an unfinished check: what was said so far, by whom, and what stands on the screen."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import TypeAdapter

from bot.core.messages import Request, User
from bot.core.refused import Problem
from storage.memory_model import KeptDraft

# One chooses where new words come while another check is unfinished, and agrees to what was only read before
# a verdict that nobody need be told. A correction says why before it is kept; what is being kept is stored no
# more.
Stage = Literal["choosing", "asking", "agreeing", "verdict", "discarding", "why", "keeping"]
# How a fact came: somebody answered it, it was read from their words, it follows from another one, it stood
# in a record, or the settings say so.
How = Literal["answered", "read", "assumed", "carried", "settings"]
# Of the state as it is kept. The first release wrote none.
FORMAT = 2
# How the state is read: a key more, or a value of another type, is another release's.
EXACTLY = {"extra": "forbid", "strict": True}


@dataclass(frozen=True)
class Agreed:
    """Who said that a fact is right, and when (ISO)."""

    __pydantic_config__: ClassVar[Any] = EXACTLY

    id: str = ""
    name: str = ""
    at: str = ""


@dataclass(frozen=True)
class Source:
    """Who gave a fact and when (ISO), how it came, the words that it rests on, and who agreed to it."""

    __pydantic_config__: ClassVar[Any] = EXACTLY

    id: str = ""
    name: str = ""
    at: str = ""
    how: How = "answered"
    words: str = ""
    agreed: Agreed | None = None

    @property
    def vouched(self) -> bool:
        """Did a person answer it or agree to it, or the settings say it?"""
        return self.how in ("answered", "settings") or self.agreed is not None

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def source(user: User, now: datetime, how: How = "answered", words: str = "") -> Source:
    return Source(user.id, user.name, now.isoformat(timespec="seconds"), how, words)


@dataclass(frozen=True)
class Draft:
    """`facts` holds values as the rules state them, `sources` who gave each and when.

    `path` are the questions answered so far, for going back; `asking` a question to be put before any other,
    `aside` where it was put out of turn, to change or to settle an answer, and going back is leaving it;
    `standing` the question that was shown last; `skipped` what is not known; `enough`: whoever answers knows
    no more, and nothing is asked any further; `doubts` why something in a text is not certain, `unused` what
    in it gave no fact. `person` is "male" or "young_child" once somebody said so. `number` and `revision`
    name the record that this check corrects, `case` the case it re-decides. `opens`: its verdict is one that
    a case is for. `waiting` was written to begin this check and is not read yet; `listed` what the list that
    was shown last stands for, by its numbers. `refused`: when words that were refused as written before what
    stands were written, and when that was said.

    `mark` counts how often what it says has changed, and `changes` holds for each fact at which mark that
    was and by whom: so that a form or a button that is older is known.
    """

    __pydantic_config__: ClassVar[Any] = EXACTLY

    id: str
    started: str
    facts: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    enough: bool = False
    path: tuple[tuple[str, ...], ...] = ()
    asking: tuple[str, ...] = ()
    aside: bool = False
    standing: tuple[str, ...] = ()
    doubts: dict[str, str] = field(default_factory=dict)
    person: str = ""
    stage: Stage = "asking"
    unused: tuple[str, ...] = ()
    details: dict[str, str] = field(default_factory=dict)
    opens: bool = False
    typed: bool = True
    paused: bool = False
    number: str = ""
    revision: int = 0
    case: str = ""
    waiting: str = ""
    listed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    mark: int = 0
    changes: dict[str, tuple[int, str]] = field(default_factory=dict)
    version: int = 0

    @property
    def subject(self) -> str:
        """What it is about: a case, a record, or an incident of its own."""
        return self.case or self.number or self.id

    @property
    def holds(self) -> bool:
        """Does it hold anything that somebody said?"""
        said = any(source.how != "settings" for source in self.sources.values())
        return said or bool(self.skipped or self.details or self.waiting or self.number)

    def with_(self, **changes: Any) -> Draft:
        return replace(self, **changes)

    @property
    def state(self) -> dict[str, Any]:
        """As it is kept, but for what the store counts itself."""
        agreed = {name: source.agreed for name, source in self.sources.items() if source.agreed}
        sources = {
            name: {**vars(source), "agreed": vars(agreed[name]) if name in agreed else None}
            for name, source in self.sources.items()
        }
        state = {**vars(self), "sources": sources, "format": FORMAT}
        del state["version"]
        return state


class OldDraft(Problem):
    """An unfinished check that another release left, and that this one cannot take up. `begun`: when."""

    def __init__(self, begun: datetime) -> None:
        super().__init__("made by an earlier version")
        self.begun = begun


def new(request: Request, *, typed: bool, **known: Any) -> Draft:
    return Draft(secrets.token_hex(4), request.written.isoformat(timespec="seconds"), typed=typed, **known)


def read_draft(kept: KeptDraft) -> Draft:
    """Raises OldDraft."""
    state = dict(kept.state)
    written_by = state.pop("format", 1)
    try:
        state = _of_first_release(state) if written_by == 1 else state
        return _reader().validate_json(json.dumps({**state, "version": kept.version}))
    except (ValueError, TypeError, AttributeError, KeyError):
        raise OldDraft(_begun(state) or kept.updated_at) from None


@cache
def _reader() -> TypeAdapter[Draft]:
    return TypeAdapter(Draft)


# Why the first release had a fact, and how that came.
_READ, _FROM_SETTINGS = "read from what was written", "from the settings"


def _of_first_release(state: dict[str, Any]) -> dict[str, Any]:
    """The details of a record came before it was kept then: such a check goes on at its verdict."""
    for name in ("why", "shown", "detail_path"):
        state.pop(name, None)
    if state.get("stage") in ("details", "complete"):
        state["stage"] = "verdict"
    sources = {name: asdict(source_of(given)) for name, given in state["sources"].items()}
    return {**state, "sources": sources}


def source_of(given: Mapping[str, Any]) -> Source:
    """As a record or a draft holds it. Where nobody is named, the fact stood in what was brought in."""
    known = {name: str(given.get(name) or "") for name in ("id", "name", "at", "words")}
    because = str(given.get("because") or "")  # of the first release
    hows: dict[str, How] = {"": "answered", _READ: "read", _FROM_SETTINGS: "settings"}
    how = given.get("how") or hows.get(because, "assumed")
    if not known["id"]:
        how = "carried"
    known["words"] = known["words"] or (because if how == "assumed" else "")
    agreed = given.get("agreed")
    return Source(**known, how=how, agreed=Agreed(**agreed) if agreed else None)


def _begun(state: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(state["started"])
    except (KeyError, TypeError, ValueError):
        return None
