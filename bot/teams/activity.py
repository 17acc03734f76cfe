"""An activity of Teams as this program needs it, read out of a body that anybody could have written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.core.messages import Place, User

# Ids go into addresses: whatever could lead elsewhere is refused.
_CONVERSATION = re.compile(r"[^\s/?#\\%\x00-\x1f\x7f]{1,400}")
_MESSAGE = re.compile(r"[^\s/?#\\%\x00-\x1f\x7f]{0,200}")
_THREAD = ";messageid="
EXECUTE = "adaptiveCard/action"


class Malformed(Exception):
    """One line: what is missing or wrong."""


@dataclass(frozen=True)
class Called:
    """A mention in a text: of a person, by what Teams calls them to this bot, or of a channel."""

    mark: str
    id: str
    name: str
    channel: bool


@dataclass(frozen=True)
class Activity:
    """`conversation` is without its thread; `root` is the message that the thread hangs on.

    `conversation_name` is "" where Teams does not say it, as with most messages.
    `object_id` is the person's id in the directory, "" where Teams gives none. `called` are the others whom
    a message mentions, `own_marks` the marks in its text that stand for the bot. `targeted`: a command from
    the menu, which only its author sees. `added` and `removed` are the ids of who came into the conversation
    and who left it, `action` is what an installation did.
    """

    kind: str
    id: str
    service_url: str
    conversation: str
    root: str
    conversation_kind: str
    conversation_name: str
    tenants: frozenset[str]
    user_id: str
    object_id: str
    user_name: str
    bot_id: str
    bot_name: str
    text: str
    own_marks: frozenset[str]
    mentions_bot: bool
    called: tuple[Called, ...]
    targeted: bool
    name: str
    value: Any
    reply_to: str
    added: frozenset[str]
    removed: frozenset[str]
    action: str

    @property
    def personal(self) -> bool:
        return self.conversation_kind == "personal"

    @property
    def leaves(self) -> bool:
        """Does the bot lose its place in the conversation?"""
        uninstalled = self.kind == "installationUpdate" and self.action.startswith("remove")
        return uninstalled or (self.kind == "conversationUpdate" and self.bot_id in self.removed)

    @property
    def address(self) -> str:
        """The conversation as the Connector wants it, with the thread."""
        return f"{self.conversation}{_THREAD}{self.root}" if self.root else self.conversation

    @property
    def place(self) -> Place:
        """A message that begins a thread is not yet in one: there is nobody else in it."""
        thread = self.root if self.root != self.id else ""
        return Place(self.conversation, thread, self.personal)

    @property
    def user(self) -> User:
        return User(self.object_id, self.user_name)

    @property
    def delivery(self) -> str:
        """The same for every delivery of the same thing."""
        return f"{self.conversation}|{self.id}"


def read(body: Mapping[str, Any]) -> Activity:
    """Raises Malformed."""
    sender, conversation = _object(body, "from"), _object(body, "conversation")
    recipient, channel_data = _part(body, "recipient"), _part(body, "channelData")
    named = _text(conversation, "id")
    base, _, root = named.partition(_THREAD)
    bot_id, called = _text(recipient, "id", ""), tuple(_called(body.get("entities")))
    activity = Activity(
        kind=_text(body, "type"),
        id=_text(body, "id", ""),
        service_url=_text(body, "serviceUrl", ""),
        conversation=base,
        root=root,
        conversation_kind=_text(conversation, "conversationType", "") or _kind(base),
        conversation_name=_short(_part(channel_data, "channel").get("name") or conversation.get("name")),
        tenants=_tenants(conversation, channel_data),
        user_id=_text(sender, "id"),
        object_id=_text(sender, "aadObjectId", "").lower(),
        user_name=_text(sender, "name", "")[:200],
        bot_id=bot_id,
        bot_name=_text(recipient, "name", ""),
        text=_text(body, "text", ""),
        own_marks=frozenset(one.mark for one in called if one.id == bot_id),
        mentions_bot=any(one.id == bot_id for one in called),
        called=tuple(one for one in called if one.id != bot_id),
        targeted=recipient.get("isTargeted") is True,
        name=_text(body, "name", ""),
        value=body.get("value"),
        reply_to=_text(body, "replyToId", ""),
        added=_ids(body.get("membersAdded")),
        removed=_ids(body.get("membersRemoved")),
        action=_text(body, "action", ""),
    )
    if body.get("channelId") != "msteams":
        raise Malformed("channelId is not msteams")
    if not _CONVERSATION.fullmatch(activity.conversation) or not all(
        _MESSAGE.fullmatch(one) for one in (root, activity.id, activity.reply_to)
    ):
        raise Malformed("an id holds what no id holds")
    return activity


def _object(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key)
    if not isinstance(found, dict):
        raise Malformed(f"{key} is missing")
    return found


def _part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object that may be missing, or anything at all, and is then taken for an empty one."""
    found = body.get(key)
    return found if isinstance(found, dict) else {}


def _text(body: Mapping[str, Any], key: str, default: str | None = None) -> str:
    found = body.get(key)
    if found is None and default is not None:
        return default
    if not isinstance(found, str) or (default is None and not found):
        raise Malformed(f"{key} is missing or no text")
    return found


def _tenants(conversation: Mapping[str, Any], channel_data: Mapping[str, Any]) -> frozenset[str]:
    """Every tenant that is named anywhere: all of them must be served here."""
    named = [conversation.get("tenantId"), _part(channel_data, "tenant").get("id")]
    return frozenset(str(one).lower() for one in named if one is not None)


def _kind(conversation: str) -> str:
    """Where an activity does not say: a chat with one person only where that is sure."""
    if conversation.startswith("a:"):
        return "personal"
    return "channel" if conversation.endswith(("@thread.tacv2", "@thread.skype")) else "groupChat"


def _ids(members: object) -> frozenset[str]:
    listed = members if isinstance(members, list) else []
    return frozenset(str(member.get("id")) for member in listed if isinstance(member, dict))


def _called(entities: object) -> Iterator[Called]:
    for entity in entities if isinstance(entities, list) else []:
        mentioned = entity.get("mentioned") if isinstance(entity, dict) else None
        if not isinstance(mentioned, dict) or entity.get("type") != "mention":
            continue
        mark, id_ = entity.get("text"), mentioned.get("id")
        if isinstance(id_, str) and _CONVERSATION.fullmatch(id_):
            channel = mentioned.get("type") == "channel" or "@thread." in id_
            name = mentioned.get("name")
            yield Called(mark if isinstance(mark, str) else "", id_, _short(name), channel)


def _short(name: object) -> str:
    return name.strip()[:200] if isinstance(name, str) else ""


def service_host(service_url: str, scheme: str) -> str:
    """The host of a service URL, "" where it is not of this scheme or dresses its host up."""
    try:
        parts = urlsplit(service_url)
        port = parts.port
    except ValueError:
        return ""
    plain = parts.scheme == scheme and not parts.username and not parts.query and not parts.fragment
    if not plain or not parts.hostname or "\\" in service_url:
        return ""
    return parts.hostname if port is None or (scheme, port) == ("https", 443) else f"{parts.hostname}:{port}"
