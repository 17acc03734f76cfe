"""Where the store keeps unfinished checks: one for each person or thread, and each thing that it is about.

A personal draft belongs to its user, wherever they are; a thread's belongs to everybody in the thread.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from bot.core.draft import Draft, OldDraft, read_draft
from bot.core.messages import Capabilities, Request, Said
from storage.memory_model import DraftKey, KeptDraft
from storage.model import UNLINKED, Person
from storage.store import Store

# Longer ago than this, what somebody types is not taken for an answer before they are asked.
FRESH = timedelta(hours=12)
# Words that come closer to one another may have been on their way together.
APART = timedelta(seconds=3)
# Between the conversation and what the draft is about.
_ABOUT = "|"


class Ending(NamedTuple):
    """How a check ends with what is written of it: `once` is the key under which that is done but once, and
    the draft goes in the same transaction, if it is still of this version."""

    once: str
    draft: DraftKey | None = None
    version: int | None = None


def once_of(draft_id: str) -> str:
    """The key under which a check is kept but once, and what came of it is found."""
    return f"check:{draft_id}"


class Drafts:
    """The drafts of one request's place and user."""

    def __init__(self, store: Store, request: Request, face: Capabilities) -> None:
        self._store, self._request, self._platform = store, request, face.name
        place = request.place
        shared = bool(place.thread) and not place.personal
        self._conversation = place.conversation if shared else ""
        self._holder = f"thread:{place.thread}" if shared else f"user:{request.user.id}"

    @cached_property
    def _kept(self) -> dict[DraftKey, KeptDraft]:
        found = self._store.drafts(self._request.tenant, platform=self._platform, holder=self._holder)
        return {one.key: one for one in found if self._here(one.key)}

    def _here(self, key: DraftKey) -> bool:
        return key.conversation.partition(_ABOUT)[0] == self._conversation

    @cached_property
    def _read(self) -> dict[DraftKey, Draft | OldDraft]:
        return {key: self._draft(kept) for key, kept in self._kept.items()}

    def _draft(self, kept: KeptDraft) -> Draft | OldDraft:
        try:
            draft = read_draft(kept)
        except OldDraft as old:
            return old
        return draft.with_(paused=True) if self._request.now - kept.updated_at > FRESH else draft

    def look_again(self) -> None:
        """After somebody else wrote."""
        for name in ("_kept", "_read"):
            self.__dict__.pop(name, None)

    def all(self) -> tuple[Draft, ...]:
        """Those that can be taken up, the one that was touched last first."""
        return tuple(draft for draft in self._read.values() if isinstance(draft, Draft))

    def old(self) -> tuple[OldDraft, ...]:
        """Those that another release left, and that cannot be taken up."""
        return tuple(draft for draft in self._read.values() if isinstance(draft, OldDraft))

    def standing(self) -> Draft | None:
        """The one that words may answer: what it asks stands on the screen."""
        return next((draft for draft in self.all() if not draft.paused), None)

    def crossed(self, draft: Draft) -> bool:
        """Were the words written before what the check asks now? Not by the clocks alone where whoever was
        refused answers once more: one that is off does not refuse them for ever."""
        kept, what, told_at = self._kept.get(self.key(draft)), self._request.what, self._request.told_at
        before = kept is not None and told_at is not None and told_at < kept.updated_at
        said = isinstance(what, Said) and bool(what.crossed)
        return said or (before and not self._once_more(draft))

    def _once_more(self, draft: Draft) -> bool:
        """Do the words come as long after those that were refused last as they were written after them, and
        not in one go with them? So it is with an answer to what was said, and a clock that is off."""
        request = self._request
        if not draft.refused or request.told_at is None:
            return False
        written, came = (datetime.fromisoformat(one) for one in draft.refused)
        since = request.now - came
        return since > APART and abs(request.told_at - written - since) < APART

    def refused(self, draft: Draft) -> Draft:
        """With a note of the words that are refused now."""
        told_at, now = self._request.told_at, self._request.now
        return draft.with_(refused=(told_at.isoformat(), now.isoformat())) if told_at else draft

    def of(self, draft_id: str) -> Draft | None:
        return next((draft for draft in self.all() if draft.id == draft_id), None)

    def about(self, subject: str) -> Draft | None:
        return next((draft for draft in self.all() if draft.subject == subject), None)

    def key(self, draft: Draft) -> DraftKey:
        held = (key for key, one in self._read.items() if isinstance(one, Draft) and one.id == draft.id)
        about = f"{self._conversation}{_ABOUT}{draft.subject}"
        return next(held, None) or DraftKey(self._platform, about, self._holder)

    def save(self, draft: Draft) -> Draft:
        """It stands from now on, unless it is paused, and no other does. Raises storage.errors.Conflict where
        somebody else answered meanwhile."""
        draft = self._saved(self._marked(draft))
        for other in self.all() if not draft.paused else ():
            if other.id != draft.id and not other.paused:
                self._saved(other.with_(paused=True))
        return draft

    def _saved(self, draft: Draft) -> Draft:
        key = self.key(draft)
        kept = self._store.save_draft(
            self._request.tenant, key, draft.state, now=self._request.now, expected=draft.version
        )
        draft = draft.with_(version=kept.version)
        self.__dict__["_read"] = {key: draft} | {k: one for k, one in self._read.items() if k != key}
        return draft

    def _marked(self, draft: Draft) -> Draft:
        """With a note of what it says that it did not say before."""
        before = self.of(draft.id) or Draft(draft.id, draft.started)
        said = {*before.facts, *draft.facts, *before.skipped, *draft.skipped}
        new = {name for name in said if _of(before, name) != _of(draft, name)}
        new |= {name for name in ("person", "unused") if getattr(before, name) != getattr(draft, name)}
        if not new:
            return draft
        mark = draft.mark + 1
        return draft.with_(
            mark=mark, changes={**draft.changes, **dict.fromkeys(new, (mark, self._request.user.id))}
        )

    def ending(self, draft: Draft) -> Ending:
        return Ending(once_of(draft.id), self.key(draft), draft.version)

    def drop(self, draft: Draft) -> None:
        self._store.drop_draft(self._request.tenant, self.key(draft))
        self._read.pop(self.key(draft), None)

    def drop_old(self) -> None:
        for key, one in tuple(self._read.items()):
            if isinstance(one, OldDraft):
                self._store.drop_draft(self._request.tenant, key)
                del self._read[key]

    def discard(self, draft: Draft) -> None:
        """The trail keeps that something was discarded, and by whom, where there is one. Raises
        storage.errors."""
        if self._request.tenant == UNLINKED:
            self.drop(draft)
            return
        user = self._request.user
        by, key = Person(user.id, user.name), self.key(draft)
        self._store.discard_draft(
            self._request.tenant, key, by=by, now=self._request.now, expected=draft.version
        )
        self._read.pop(key, None)


def _of(draft: Draft, name: str) -> tuple[object, bool]:
    return draft.facts.get(name), name in draft.skipped
