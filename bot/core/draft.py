"""The state of an unfinished check, and where the store keeps it.

A personal draft belongs to its user, wherever they are; a thread's belongs to everybody in the thread.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from bot.core.messages import Capabilities, Place, Request, User
from bot.core.refused import Problem
from storage.memory_model import DraftKey, KeptDraft
from storage.store import Store

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Stage = Literal["asking", "verdict", "details", "complete"]
# How a fact came: somebody answered it, it was read from their words, it follows from another one, it stood
# in a record, or the settings say so.
How = Literal["answered", "read", "assumed", "carried", "settings"]
# Longer ago than this, what somebody types is not taken for an answer before they are asked.
FRESH = timedelta(hours=12)
# Of the state as it is kept. The first release wrote none.
FORMAT = 2
# How the state is read: a key more, or a value of another type, is another release's.
EXACTLY = {"extra": "forbid", "strict": True}


@dataclass(frozen=True)
class Source:
    """Who gave a fact and when (ISO), how it came, and the words that it rests on."""

    id: str = ""
    name: str = ""
    at: str = ""
    how: How = "answered"
    words: str = ""

    __pydantic_config__: ClassVar[Any] = EXACTLY

    def as_json(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def source(user: User, now: datetime, how: How = "answered", words: str = "") -> Source:
    return Source(user.id, user.name, now.isoformat(timespec="seconds"), how, words)


@dataclass(frozen=True)
class Draft:
    """`facts` holds values as the rules state them, `sources` who gave each and when.

    `path` are the questions answered so far, for going back; `asking` a question to be put before any other,
    `aside` where it was put out of turn, to change or to settle an answer, and going back is leaving it;
    `standing` the question that was shown last; `shown` the facts that the open form asks for; `skipped` what
    is not known; `doubts` why something in a text is not certain. `person` is "male" or "young_child" once
    somebody said so. `number` and `revision` name the record that this check corrects, `case` the case it
    re-decides. `opens`: its verdict is one that a case is for. `waiting` was written to begin another check,
    and is read once there is one.
    """

    __pydantic_config__: ClassVar[Any] = EXACTLY

    id: str
    started: str
    facts: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    path: tuple[tuple[str, ...], ...] = ()
    asking: tuple[str, ...] = ()
    aside: bool = False
    standing: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    doubts: dict[str, str] = field(default_factory=dict)
    person: str = ""
    stage: Stage = "asking"
    details: dict[str, str] = field(default_factory=dict)
    detail_path: tuple[str, ...] = ()
    opens: bool = False
    typed: bool = True
    paused: bool = False
    number: str = ""
    revision: int = 0
    case: str = ""
    waiting: str = ""
    version: int = 0

    def with_(self, **changes: Any) -> Draft:
        return replace(self, **changes)


class OldDraft(Problem):
    """An unfinished check that another release left, and that this one cannot take up. `begun`: when."""

    def __init__(self, begun: datetime) -> None:
        super().__init__("made by an earlier version")
        self.begun = begun


def new(request: Request, *, typed: bool, **known: Any) -> Draft:
    return Draft(secrets.token_hex(4), request.now.isoformat(timespec="seconds"), typed=typed, **known)


class Drafts:
    """The drafts of one request's place and user."""

    def __init__(self, store: Store, request: Request, face: Capabilities) -> None:
        self._store, self._request = store, request
        self.key = draft_key(face, request.place, request.user)

    def load(self) -> Draft | None:
        """Raises OldDraft."""
        kept = self._store.draft(self._request.tenant, self.key)
        if kept is None:
            return None
        draft = _read(kept)
        return draft.with_(paused=True) if self._request.now - kept.updated_at > FRESH else draft

    def standing(self) -> Draft | None:
        """The one that words may answer: none that another release left."""
        try:
            return self.load()
        except OldDraft:
            return None

    def save(self, draft: Draft) -> Draft:
        """Raises storage.errors.Conflict where somebody else answered meanwhile."""
        state = {**asdict(draft), "format": FORMAT}
        del state["version"]
        kept = self._store.save_draft(
            self._request.tenant, self.key, state, now=self._request.now, expected=draft.version
        )
        return draft.with_(version=kept.version)

    def drop(self) -> None:
        self._store.drop_draft(self._request.tenant, self.key)


def draft_key(face: Capabilities, place: Place, user: User) -> DraftKey:
    if place.thread and not place.personal:
        return DraftKey(face.name, place.conversation, f"thread:{place.thread}")
    return DraftKey(face.name, "", f"user:{user.id}")


def _read(kept: KeptDraft) -> Draft:
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
    # Here, since pydantic takes 75 ms to import, and most commands look at no draft.
    from pydantic import TypeAdapter

    return TypeAdapter(Draft)


# Why the first release had a fact, and how that came.
_READ, _FROM_SETTINGS = "read from what was written", "from the settings"


def _of_first_release(state: dict[str, Any]) -> dict[str, Any]:
    """The details of a record came before it was kept then: such a check goes on at its verdict."""
    state.pop("why", None)
    if state.get("stage") == "details":
        state |= {"stage": "verdict", "detail_path": []}
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
    return Source(**known | {"words": known["words"] or (because if how == "assumed" else "")}, how=how)


def _begun(state: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(state["started"])
    except (KeyError, TypeError, ValueError):
        return None
