"""Whose something is: which organisation what a platform sends leads to. Every face asks here.

The narrowest thing that is bound decides: the conversation, its team, the person; then, in somebody's own
chat, the organisation of each bound team that they are in; then the workspace and the directory. What leads
nowhere belongs to the installation's own organisation, unless its directory is shared by several: of that
nothing is taken to be anybody's as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from storage.errors import NotFound
from storage.model import BOT, UNLINKED
from storage.organisation_model import KINDS, Organisation, Outside

if TYPE_CHECKING:
    from storage.store import Store

# NHSmail: one directory of hundreds of organisations.
KNOWN_SHARED = frozenset({"37c354b2-85b0-47f5-b222-07b48d774ee3"})
NARROW, WIDE = KINDS[:3], KINDS[3:]
# Whoever sits at a terminal has cases of their own, beside those of any platform.
AT_A_TERMINAL = "local"


@dataclass(frozen=True)
class Whence:
    """Where something came from, by the platform's ids, "" where there is none. `own`: the organisation that
    whatever leads nowhere is taken for, on this installation; `personal`: in somebody's own chat; `unsure`:
    the platform did not say in time all that was asked of it."""

    platform: str
    app: str = ""
    conversation: str = ""
    team: str = ""
    person: str = ""
    workspace: str = ""
    directory: str = ""
    own: str = ""
    personal: bool = False
    unsure: bool = False

    def outsides(self, kinds: Iterable[str] = KINDS) -> list[Outside]:
        return [
            Outside(self.platform, kind, found, self.app)
            for kind in KINDS
            if kind in kinds and (found := getattr(self, kind))
        ]


@dataclass(frozen=True)
class Whose:
    """`tenant` is an organisation's id, UNLINKED where nothing leads to any; `several`: the person is in
    each of them, and says which one this chat is about."""

    tenant: str = UNLINKED
    several: tuple[Organisation, ...] = ()


NOBODYS = Whose()


def shared_directories(told: Iterable[str]) -> frozenset[str]:
    """Those that are known to be shared, and those that the operator tells of."""
    return KNOWN_SHARED | {one.lower() for one in told}


class Resolver:
    """Its verbs block, as the store's do."""

    def __init__(self, store: Store, shared: Collection[str] = ()) -> None:
        self._store = store
        self.shared = shared_directories(shared)

    def version(self) -> int | None:
        """As the store's; it does not block."""
        return self._store.data_version()

    def of(self, whence: Whence, member_of: Collection[str] | None = None) -> Whose:
        """`member_of`: the organisations that the person is in, by a bound team, where that was asked."""
        if found := self._store.bound(whence.outsides(NARROW)):
            return Whose(self.going_on(found))
        if whence.personal and member_of:
            return self._among(whence, dict.fromkeys(map(self.going_on, sorted(member_of))))
        if found := self._store.bound(self._wide(whence)):
            return Whose(self.going_on(found))
        own = whence.own and self.going_on(whence.own)
        shared = whence.directory.lower() in self.shared
        return Whose(own) if own and not shared and self.holds(own) else NOBODYS

    def _wide(self, whence: Whence) -> list[Outside]:
        found = whence.outsides(WIDE)
        return [one for one in found if one.kind != "directory" or one.external.lower() not in self.shared]

    def _among(self, whence: Whence, tenants: Collection[str]) -> Whose:
        if len(tenants) == 1:
            return Whose(next(iter(tenants)))
        several = tuple(self._store.organisation(one) for one in tenants)
        chosen = self.going_on(self._store.chosen_organisation(whence.platform, whence.conversation))
        return Whose(chosen if chosen in tenants else UNLINKED, several)

    def going_on(self, tenant: str) -> str:
        """The organisation that one goes on as, where it was merged into another."""
        passed = {UNLINKED}
        while tenant and tenant not in passed:
            passed.add(tenant)
            try:
                tenant = self._store.organisation(tenant).merged_into or tenant
            except NotFound:
                break
        return tenant

    def holds(self, own: str) -> bool:
        """Are there data in this name, or was it added? Before there are any at all, every name will do."""
        return self._is_there(own) or not {one.id for one in self._store.organisations()} - {AT_A_TERMINAL}

    def _is_there(self, own: str) -> bool:
        """By its own rows alone: every request asks, and there may be hundreds beside it."""
        try:
            self._store.organisation(own)
        except NotFound:
            return False
        return True

    def begin(self, whence: Whence, *, now: datetime) -> None:
        """The installation's own organisation, where it is the first: it is one from now on, whichever has
        data first of those that begin together."""
        own = self.going_on(whence.own)
        theirs = own.lower() in self.shared or self._store.bound(self._wide(whence))
        if own and not theirs and self.holds(own) and not self._is_there(own):
            self._store.add_organisation(own, own, by=BOT, now=now)

    def astray(self, whence: Whence) -> list[str]:
        """Which command binds an installation that leads nowhere while others have data, in a line."""
        outsides = self._wide(whence)
        if not outsides or not whence.own or self._store.bound(outsides):
            return []
        line = leads_nowhere(self._store, self.going_on(whence.own), outsides[0])
        return [line] if line else []

    def to_be_asked(self, whence: Whence) -> tuple[tuple[str, str], ...]:
        """Each bound team that a person may be in, where it hangs on these whose their own chat is: the
        organisation with its id."""
        if not whence.personal or self._store.bound(whence.outsides(NARROW)):
            return ()
        return tuple(
            (tenant, one.external)
            for tenant, one in self._store.leads()
            if one.kind == "team" and one.platform == whence.platform and one.app in ("", whence.app)
        )

    def sent_for(self, whence: Whence, is_here: Callable[[Outside], bool]) -> tuple[str, ...]:
        """The organisations whose messages this installation sends: its own, and those that something of it
        (`is_here`) leads to."""
        found = {self.going_on(tenant) for tenant, outside in self._store.leads() if is_here(outside)}
        own = self.going_on(self._store.bound(self._wide(whence)) or whence.own)
        if own and self.holds(own):
            found.add(own)
        return tuple(sorted(found - {UNLINKED}))


def leads_nowhere(store: Store, own: str, outside: Outside) -> str:
    """Said of an id that leads to no organisation while there are others: which command binds it. Empty where
    all is well."""
    others = _others(store, own)
    if not others:
        return ""
    bind = f"irmer org bind {others[0]} {outside.platform} {outside.kind} {outside.external}"
    return (
        f"Nothing is kept in the name of {own}, but in that of {_or(others)}. Where it is one of these, "
        f"{bind} goes on with it; irmer org add {own} begins it beside them."
    )


def not_to_be_begun(store: Store, own: str) -> str:
    """Why IRMER_TENANT cannot be this: there are others' data and none of its own. Empty where it can."""
    others = _others(store, own) if own else []
    if not others:
        return ""
    return (
        f"IRMER_TENANT={own}: nothing is kept under that name, but under {_or(others)}. Where it is one of "
        f"these, IRMER_TENANT={others[0]} goes on with it; irmer org add {own} begins it beside them"
    )


def _others(store: Store, own: str) -> list[str]:
    """The organisations that there are, where this is none of them."""
    every = [one.id for one in store.organisations()]
    return [] if own in every else [one for one in every if one != AT_A_TERMINAL]


def _or(names: list[str]) -> str:
    return " or ".join(names[:5]) + (" or another" if len(names) > 5 else "")
