"""Those who left, or became guests, and hold a role or a case still: named to who leads, and in `health`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from bot.core.organisation import NOT_OURS
from bot.core.settings.chosen import Chosen
from bot.core.settings.holders import standing_in, unable
from bot.core.words.phrases import listed, sentence
from storage.errors import Duplicate
from storage.model import MACHINE, Destination, Person
from storage.plans import PostPlan
from storage.store import Store

CHANNELS = ("fallback_channel", "escalation_channel", "incidents_channel")


def named_to_who_leads(store: Store, platform: str, now: datetime) -> list[str]:
    """A line for each of them, of every tenant; and once, for what each holds, a message to the governance
    leads, or where there is none to a channel that is set. `platform`: where people are written to by their
    ids."""
    lines = []
    for tenant in store.tenants():
        if tenant == MACHINE:
            continue
        for user, what in unable(store, tenant).items():
            line, who = _line(store, tenant, user, what), _name(store, tenant, user)
            lines.append(f"{tenant}: {f'{who} ({user})' if who else user} {line}")
            told = f"{Person(user, who).called} {line}"
            mark = sha256(repr((user, what)).encode()).hexdigest()[:16]
            for place in _places(store, tenant, platform):
                key = f"left:{mark}:{place.platform}:{place.conversation}"
                try:
                    store.post(tenant, PostPlan(key, place, {"text": _told(told)}), now=now)
                except Duplicate:
                    continue
    return lines


def _line(store: Store, tenant: str, user: str, what: tuple[str, ...]) -> str:
    return f"is {NOT_OURS[standing_in(store, tenant, user)]} and is still {_held(what)}"


def _name(store: Store, tenant: str, user: str) -> str:
    known = store.person(tenant, user)
    return known.name if known else ""


def _held(what: tuple[str, ...]) -> str:
    return listed([one if one.startswith("owner") else f"named in {one}" for one in what])


def _told(line: str) -> str:
    return (
        f"{sentence(line)} Name somebody else in the settings, and assign what was theirs to somebody who is "
        "there."
    )


def _places(store: Store, tenant: str, platform: str) -> Iterator[Destination]:
    chosen = Chosen(store.settings(tenant))
    lead = chosen.people("role_governance")
    leads = [one for one in lead if standing_in(store, tenant, one) not in NOT_OURS]
    if leads:
        yield from (Destination(_platform_of(store, tenant, one, platform), one) for one in leads)
        return
    yield from [place for key in CHANNELS if (place := chosen.place(key))][:1]


def _platform_of(store: Store, tenant: str, user: str, platform: str) -> str:
    known = store.person(tenant, user)
    return known.platform if known else platform
