"""What an auditor asks for: everything that was kept for one tenant, with its trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

from bot.core.accounts import standing_of
from bot.core.messages import User
from bot.core.organisation import NOT_OURS
from bot.core.settings.administrators import administers
from bot.core.settings.permissions import may_export, refusal
from storage.model import Json, Person
from storage.store import Store


def export(
    store: Store, tenant: str, user: User, now: datetime, *, admins: Iterable[str] = ()
) -> AbstractContextManager[Iterator[Json]]:
    """As `Store.export`; it stands in the trail, as a refusal does. Raises NotAllowed."""
    return store.export(tenant, by=may_take_out(store, tenant, user, now, "export", admins=admins), now=now)


def may_take_out(
    store: Store, tenant: str, user: User, now: datetime, what: str, *, admins: Iterable[str]
) -> Person:
    """Who it is, where they may. Raises NotAllowed, which stands in the trail."""
    by = Person(user.id, user.name)
    administrator = administers(store, admins, user, "", lambda one: standing_of(one) in NOT_OURS)
    if not may_export(store.settings(tenant), user.id, administrator=administrator):
        why = "only those named for it in the settings may export: irmer settings may_export <people>"
        raise refusal(store, tenant, by, now, what, "", why)
    return by
