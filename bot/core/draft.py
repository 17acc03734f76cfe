"""The state of an unfinished check, and where the store keeps it.

A personal draft belongs to its user, wherever they are; a thread's belongs to everybody in the thread.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.core.messages import Capabilities, Place, Request, User
from storage.memory_model import DraftKey
from storage.store import Store

Stage = Literal["asking", "verdict", "details", "complete"]
# Longer ago than this, what somebody types is not taken for an answer before they are asked.
FRESH = timedelta(hours=12)
Source = dict[str, str]


@dataclass(frozen=True)
class Draft:
    """`facts` holds values as the rules state them, `sources` who gave each and when.

    `path` are the questions answered so far, for going back; `asking` a question to be put before any other,
    `aside` where it was put out of turn, to change or to settle an answer, and going back is leaving it;
    `shown` the facts that the open form asks for; `skipped` what is not known; `doubts` why something in a
    text is not certain. `person` is "male" or "young_child" once somebody said so. `number` and `revision`
    name the record that this check corrects, `case` the case it re-decides. `opens`: its verdict is one
    that a case is for. `waiting` was written to begin another check, and is read once there is one.
    """

    id: str
    started: str
    facts: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    path: tuple[tuple[str, ...], ...] = ()
    asking: tuple[str, ...] = ()
    aside: bool = False
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
    why: str = ""
    case: str = ""
    waiting: str = ""
    version: int = 0

    def with_(self, **changes: Any) -> Draft:
        return replace(self, **changes)

    def asked_aside(self, names: tuple[str, ...]) -> Draft:
        """With a question out of turn. An age is asked in years."""
        asking = tuple("age_years" if name == "age_group" else name for name in names)
        return self.with_(asking=asking, aside=True, stage="asking")


def source(user: User, now: datetime, because: str = "") -> Source:
    given = {"id": user.id, "name": user.name, "at": now.isoformat(timespec="seconds")}
    return {**given, "because": because} if because else given


def new(request: Request, *, typed: bool, **known: Any) -> Draft:
    return Draft(secrets.token_hex(4), request.now.isoformat(timespec="seconds"), typed=typed, **known)


class Drafts:
    """The drafts of one request's place and user."""

    def __init__(self, store: Store, request: Request, face: Capabilities) -> None:
        self._store, self._request = store, request
        self.key = draft_key(face, request.place, request.user)

    def load(self) -> Draft | None:
        kept = self._store.draft(self._request.tenant, self.key)
        if kept is None:
            return None
        draft = _from_json(dict(kept.state)).with_(version=kept.version)
        return draft.with_(paused=True) if self._request.now - kept.updated_at > FRESH else draft

    def save(self, draft: Draft) -> Draft:
        """Raises storage.errors.Conflict where somebody else answered meanwhile."""
        kept = self._store.save_draft(
            self._request.tenant, self.key, _to_json(draft), now=self._request.now, expected=draft.version
        )
        return draft.with_(version=kept.version)

    def drop(self) -> None:
        self._store.drop_draft(self._request.tenant, self.key)


def draft_key(face: Capabilities, place: Place, user: User) -> DraftKey:
    if place.thread and not place.personal:
        return DraftKey(face.name, place.conversation, f"thread:{place.thread}")
    return DraftKey(face.name, "", f"user:{user.id}")


def _to_json(draft: Draft) -> dict[str, Any]:
    return {name: value for name, value in asdict(draft).items() if name != "version"}


_TUPLES = ("skipped", "asking", "shown", "detail_path")
_NAMES = frozenset(f.name for f in fields(Draft))


def _from_json(state: dict[str, Any]) -> Draft:
    known = {name: value for name, value in state.items() if name in _NAMES}
    known.update({name: tuple(known[name]) for name in _TUPLES if name in known})
    known["path"] = tuple(tuple(names) for names in known.get("path", ()))
    return Draft(**known)
