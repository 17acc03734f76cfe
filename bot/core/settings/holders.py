"""What people hold: roles and permissions in the settings, and cases that are open."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core import accounts
from bot.core.organisation import NOT_OURS
from bot.core.settings.chosen import Chosen
from bot.core.settings.definitions import OF_PEOPLE
from storage.model import Standing
from storage.store import Store


def held(store: Store, tenant: str) -> dict[str, tuple[str, ...]]:
    """By who holds it: `role_mpe`, `owner of C26-0001`."""
    chosen, found = Chosen(store.settings(tenant)), dict[str, tuple[str, ...]]()
    for key in OF_PEOPLE:
        for user in chosen.people(key):
            found[user] = (*found.get(user, ()), key)
    for user, ref in store.owners(tenant):
        found[user] = (*found.get(user, ()), f"owner of {ref}")
    for user, number, seq in store.measure_owners(tenant):
        found[user] = (*found.get(user, ()), f"owner of measure {seq} of {number}")
    return found


def standing_in(store: Store, tenant: str, user: str) -> Standing:
    """As it was last heard of somebody; empty where nothing was."""
    if accounts.is_account(user):
        return accounts.standing_of(user)
    known = store.person(tenant, user)
    return known.standing if known else ""


def unable(store: Store, tenant: str) -> Mapping[str, tuple[str, ...]]:
    """Those of whom it is known that they cannot hold what they hold, with that."""
    every = held(store, tenant)
    return {user: what for user, what in every.items() if standing_in(store, tenant, user) in NOT_OURS}
