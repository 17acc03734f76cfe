"""Where the bot can write, and to whom: conversation references, kept in the store on every activity.

A reference is what the Connector needs in order to post later: the conversation and its service URL. A
person's holds what Teams calls them to this bot, their name, and the chat with them, once there is one. Each
says by which registration it came, since an organisation may have several: none can write where another is,
nor calls people as another does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from bot.teams.activity import OF_CHANNEL, Activity
from bot.teams.render import Mentionable
from storage.memory_model import ConversationReference
from storage.store import Store

PLATFORM = "teams"
BELIEVED = timedelta(seconds=60)
"""For how long a look-up goes by what was seen on disk."""


@dataclass(frozen=True)
class Conversation:
    id: str
    service_url: str
    kind: str = ""
    name: str = ""
    team: str = ""
    app: str = ""
    dead: bool = False


@dataclass(frozen=True)
class Contact:
    """`object_id` is the directory's id, `id` what Teams calls the person to this bot."""

    object_id: str
    id: str
    name: str
    service_url: str
    chat: str = ""
    app: str = ""

    @property
    def person(self) -> Mentionable:
        return Mentionable(self.id, self.name)


class _Kept(NamedTuple):
    """What was seen on disk, when, and the store's version as it was then."""

    at: datetime
    data: dict[str, Any]
    version: int | None


class Contacts:
    """All methods block: they are called on a thread. `app` is the registration that is written by."""

    def __init__(self, store: Store, app: str = "") -> None:
        self._store, self._app = store, app
        # What was on disk as it stands, and when that was seen, so that a look-up asks no store: most
        # activities bring nothing new. Another process may change it, so it is not believed for long.
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._known: dict[tuple[str, str], str] = {}
        self._lock = Lock()  # look-ups are answered on the loop, and everything else on threads

    def is_ours(self, known: Conversation | Contact) -> bool:
        """Did it come by this registration, or before any said so?"""
        return known.app in ("", self._app)

    def is_anothers(self, known: Conversation | Contact | None) -> bool:
        """Did it come by another registration that is connected still? What came by one that is not is this
        one's to try."""
        if known is None or self.is_ours(known):
            return False
        return any(
            (one.platform, one.plan.app, one.state) == (PLATFORM, known.app, "live")
            for one in self._store.connections()
        )

    def remember(self, tenant: str, activity: Activity, *, now: datetime) -> None:
        """The conversation and the person, as this activity shows them."""
        self._forget(now)
        for key, data in self._shown(tenant, activity).items():
            self._keep(tenant, key, data, now)
        if activity.object_id:
            self._known[tenant, activity.user_id] = activity.object_id

    def all_known(self, tenant: str, activity: Activity, *, now: datetime) -> bool:
        """Is everything that this activity shows on disk already? Asks no store."""
        self._forget(now)
        needed = [activity.conversation, *([_key(activity.object_id)] if activity.object_id else [])]
        if activity.called or any((tenant, key) not in self._kept for key in needed):
            return False
        shown = self._shown(tenant, activity)
        return all(self._known_of(tenant, key) == data for key, data in shown.items())

    def _shown(self, tenant: str, activity: Activity) -> dict[str, dict[str, Any]]:
        url = activity.service_url
        named = {activity.conversation: (activity.conversation_kind, activity.conversation_name)}
        # A channel that is mentioned is of the same team, so written to by the same way.
        named |= {one.id: ("channel", one.name) for one in activity.called if one.channel}
        shown: dict[str, dict[str, Any]] = {
            id_: {
                "service_url": url,
                "kind": kind,
                "name": name or self._name(tenant, id_),
                "app": self._app,
                **({"team": team} if kind == "channel" and (team := activity.team_id) else {}),
            }
            for id_, (kind, name) in named.items()
        }
        if activity.object_id:
            known = self.contact(tenant, activity.object_id)
            if activity.personal or not self.is_anothers(known):
                shown[_key(activity.object_id)] = _data(self._contact(activity, known))
        return shown

    def _contact(self, activity: Activity, known: Contact | None) -> Contact:
        chat = known.chat if known and self.is_ours(known) else ""
        chat, name = activity.conversation if activity.personal else chat, known.name if known else ""
        return Contact(
            activity.object_id, activity.user_id, activity.user_name or name, activity.service_url, chat,
            self._app,
        )  # fmt: skip

    def remember_contact(self, tenant: str, contact: Contact, *, now: datetime) -> None:
        self._keep(tenant, _key(contact.object_id), _data(contact), now)
        self._known[tenant, contact.id] = contact.object_id

    def met(self, tenant: str, seen: Contact, *, now: datetime) -> Contact:
        """Somebody as a roster shows them, with what is known of them besides: their chat among it."""
        known = self.contact(tenant, seen.object_id) or seen
        if self.is_anothers(known):  # with whom their chat is
            return seen
        chat = (known.chat if self.is_ours(known) else "") or seen.chat
        contact = replace(known, id=seen.id, name=seen.name or known.name, chat=chat, app=self._app)
        if contact.chat and self.conversation(tenant, contact.chat) is None:
            return self.with_chat(tenant, contact, contact.chat, now=now)
        self.remember_contact(tenant, contact, now=now)
        return contact

    def remember_channels(
        self, tenant: str, team: str, service_url: str, names: Mapping[str, str], *, now: datetime
    ) -> None:
        """Channels of a team in which the app is: what is written to them goes the same way."""
        for id_, name in names.items():
            data = {"service_url": service_url, "kind": "channel", "name": name, "team": team}
            data["app"] = self._app
            self._keep(tenant, id_, data, now)

    def shared(self, tenant: str) -> list[Conversation]:
        """Where the bot can write and more than one person reads: channels and group chats."""
        found = map(_conversation, self._store.references(tenant, PLATFORM))
        return [one for one in found if one.kind in ("channel", "groupChat")]

    def closed(self, tenant: str, activity: Activity, why: str, *, now: datetime) -> None:
        """A conversation is gone, or the app is gone from it: of a team, with all of its channels."""
        for one in self._meant(tenant, activity, dead=False):
            self.dead(tenant, one.conversation, why, now=now)

    def opened(self, tenant: str, activity: Activity, *, now: datetime) -> None:
        """It is there again, and can be written to before anybody writes from there."""
        for one in self._meant(tenant, activity, dead=True):
            if not self.is_anothers(_conversation(one)):
                self._keep(tenant, one.conversation, dict(one.data), now)

    def _meant(self, tenant: str, activity: Activity, *, dead: bool) -> list[ConversationReference]:
        """Teams tells of a team, and of its channels, in the team's own conversation."""
        if activity.event in OF_CHANNEL:
            ids, team = {activity.channel_id}, ""
        else:
            ids = {activity.conversation}
            team = activity.team_id if activity.conversation_kind == "channel" else ""
        found = self._store.references(tenant, PLATFORM, dead=dead)
        return [one for one in found if one.conversation in ids or (team and one.data.get("team") == team)]

    def renamed(self, tenant: str, activity: Activity, *, now: datetime) -> None:
        """A channel that is known has another name."""
        found = self._store.reference(tenant, PLATFORM, activity.channel_id) if activity.channel_id else None
        if found and not found.dead and activity.channel_name:
            self._keep(tenant, activity.channel_id, {**found.data, "name": activity.channel_name}, now)

    def conversation(self, tenant: str, conversation: str) -> Conversation | None:
        found = self._store.reference(tenant, PLATFORM, conversation)
        return _conversation(found) if found else None

    def _name(self, tenant: str, conversation: str) -> str:
        """As it was last said: most activities do not say it."""
        kept = self._known_of(tenant, conversation)
        if kept is not None:
            return str(kept["name"])
        known = self.conversation(tenant, conversation)
        return known.name if known else ""

    def object_id(self, tenant: str, id_: str) -> str:
        """Whom Teams calls so to this bot, "" where that has to be asked."""
        return self._known.get((tenant, id_), "")

    def contact(self, tenant: str, object_id: str) -> Contact | None:
        data = self._known_of(tenant, _key(object_id))
        if data is None:
            found = self._store.reference(tenant, PLATFORM, _key(object_id))
            if found is None:
                return None
            data = dict(found.data)
        of = (data["id"], data["name"], data["service_url"], data["conversation"], data.get("app", ""))
        return Contact(object_id, *of)

    def people(self, tenant: str, ids: frozenset[str]) -> dict[str, Mentionable]:
        """Who and what is known by a name, of people and of conversations."""
        found: dict[str, Mentionable] = {}
        for one in ids:
            contact = self.contact(tenant, one.lower())
            if contact and contact.name:
                found[one] = contact.person
            elif contact is None and (name := self._name(tenant, one)):
                found[one] = Mentionable(one, name)
        return found

    def names(self, tenant: str, object_ids: frozenset[str]) -> dict[str, str]:
        found = ((one, self.contact(tenant, one)) for one in object_ids)
        return {one: contact.name for one, contact in found if contact}

    def with_chat(self, tenant: str, contact: Contact, chat: str, *, now: datetime) -> Contact:
        """A chat that was opened just now, and can be written into from now on."""
        contact = replace(contact, chat=chat, app=self._app)
        self.remember_contact(tenant, contact, now=now)
        data = {"service_url": contact.service_url, "kind": "personal", "name": "", "app": self._app}
        self._keep(tenant, chat, data, now)
        return contact

    def dead(self, tenant: str, conversation: str, why: str, *, now: datetime) -> None:
        """Nothing more is sent there until something arrives from there; unless another registration is
        there."""
        if self.is_anothers(self.conversation(tenant, conversation)):
            return
        with self._lock:
            self._kept.pop((tenant, conversation), None)
        self._store.mark_reference_dead(tenant, PLATFORM, conversation, why=why, now=now)

    def _keep(self, tenant: str, key: str, data: dict[str, Any], now: datetime) -> None:
        version, before = self._store.data_version(), self._kept.get((tenant, key))
        if before is None or version is None or (data, version) != (before.data, before.version):
            kept = self._store.reference(tenant, PLATFORM, key)
            if kept is None or kept.dead or dict(kept.data) != data:
                self._store.remember_reference(tenant, PLATFORM, key, data, now=now)
        with self._lock:
            self._kept.pop((tenant, key), None)
            self._kept[tenant, key] = _Kept(now, data, version)

    def _known_of(self, tenant: str, key: str) -> dict[str, Any] | None:
        found = self._kept.get((tenant, key))
        return found.data if found else None

    def _forget(self, now: datetime) -> None:
        with self._lock:
            while self._kept and next(iter(self._kept.values())).at < now - BELIEVED:
                self._kept.popitem(last=False)


def _conversation(kept: ConversationReference) -> Conversation:
    said = {key: str(kept.data.get(key, "")) for key in ("service_url", "kind", "name", "team", "app")}
    return Conversation(kept.conversation, **said, dead=kept.dead)


def _key(object_id: str) -> str:
    return f"person:{object_id}"


def _data(contact: Contact) -> dict[str, Any]:
    """As the store keeps it: under names that say which values are machines' ids."""
    data = asdict(contact)
    data["conversation"], data["user"] = data.pop("chat"), data.pop("object_id")
    return data
