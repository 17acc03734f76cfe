"""What Slack sends, as far as it is used here. A payload is verified before it is read; whose it is comes
from it alone, and never from what somebody typed or from a button's value."""

from __future__ import annotations

import re
from typing import Any

from bot.core.messages import Aside
from bot.incoming import Incoming, Maybe, Needed, Some, Text, at
from bot.slack.inputs import State
from bot.slack.text import words_in

Id = Maybe[str]
_MARK = "tombstone"
_ACTION = re.compile(r"\d+(?:\.([0-9a-f]{1,16}))?:")


class Payload(Incoming):
    """An event names the installation that it is for; an interaction names its team in an object, a command
    in fields of its own."""

    team_id: Id = ""
    team: Id = at("team", "id", default="")
    enterprise_id: Id = ""
    enterprise: Id = at("enterprise", "id", default="")
    installed_team: Id = at("authorizations", 0, "team_id", default="")
    installed_enterprise: Id = at("authorizations", 0, "enterprise_id", default="")
    installed_user: Id = at("authorizations", 0, "user_id", default="")
    event_time: Maybe[int] = 0  # in seconds; of an event alone

    @property
    def to_team(self) -> str:
        """The workspace whose installation it is for."""
        return self.installed_team or self.team_id or self.team

    @property
    def of_enterprise(self) -> str:
        return self.enterprise_id or self.enterprise

    @property
    def of_team(self) -> str:
        """The workspace of the person who did it, "" where that is not said."""
        return self.team_id

    def enterprise_of(self, team: str) -> str:
        """What a workspace belongs to, as far as this tells of it."""
        if self.installed_team:
            return self.installed_enterprise if self.installed_team == team else ""
        return self.of_enterprise if team and self.of_team == team else ""


class SlashCommand(Payload):
    user_id: Needed
    user_name: Text = ""
    channel_id: Text = ""
    text: Text = ""
    trigger_id: Text = ""
    response_url: Text = ""


class Attachment(Incoming):
    """Something that hangs on a message: one that was forwarded or linked, or what a program shows."""

    text: Maybe[str] = ""
    fallback: Maybe[str] = ""
    shared: Maybe[bool] = at("is_share", default=False)
    linked: Maybe[bool] = at("is_msg_unfurl", default=False)
    page: Maybe[str] = at("from_url", default="")
    ts: Maybe[str] = ""  # of the message
    blocks: Any = ()
    message_blocks: Any = ()

    @property
    def words(self) -> str:
        shown = self.text or words_in(self.message_blocks) or words_in(self.blocks)
        return shown or self.fallback

    @property
    def said(self) -> bool:
        """Is it somebody's message, and no page that a link leads to?"""
        return self.shared or self.linked or not self.page


class Interaction(Payload):
    """A shortcut, a press or another change of an input, a form sent off."""

    user: Needed = at("user", "id")
    name: Text = at("user", "name", default="")
    username: Text = at("user", "username", default="")
    user_team: Id = at("user", "team_id", default="")
    trigger_id: Text = ""
    response_url: Text = ""
    channel: Text = at("channel", "id", default="")
    contained_in: Text = at("container", "channel_id", default="")
    contained_at: Text = at("container", "message_ts", default="")
    contained_thread: Text = at("container", "thread_ts", default="")
    ephemeral: Maybe[bool] = at("container", "is_ephemeral", default=False)
    message: Text = at("message", "ts", default="")
    message_thread: Text = at("message", "thread_ts", default="")
    message_text: Text = at("message", "text", default="")
    message_blocks: Any = at("message", "blocks", default=())
    message_attachments: Some[Attachment] = at("message", "attachments", default=())
    edited: Text = at("message", "edited", "ts", default="")
    view: Text = at("view", "id", default="")
    view_type: Text = at("view", "type", default="")
    view_hash: Text = at("view", "hash", default="")
    callback_id: Text = at("view", "callback_id", default="")
    private_metadata: Text = at("view", "private_metadata", default="")
    view_state: State = at("view", "state", "values", default={})
    message_state: State = at("state", "values", default={})
    action_id: Text = at("actions", 0, "action_id", default="")
    action_type: Text = at("actions", 0, "type", default="")
    action_value: Text = at("actions", 0, "value", default="")
    action_ts: Text = at("actions", 0, "action_ts", default="")

    @property
    def of_team(self) -> str:
        return self.user_team or self.team_id

    @property
    def words(self) -> str:
        """All that stands in the message that a shortcut was used on, also where it was forwarded."""
        own = self.message_text.strip() or words_in(self.message_blocks)
        return "\n".join(filter(None, [own, *(one.words for one in self.message_attachments if one.said)]))

    @property
    def words_at(self) -> str:
        """The ts of the message whose words they are: of a forwarded one, where nothing is added to it."""
        own = self.message_text.strip() or words_in(self.message_blocks)
        told = [one.ts for one in self.message_attachments if one.said and one.words and one.ts]
        return self.message if own or not told else min(told)

    @property
    def state(self) -> State:
        return self.view_state or self.message_state

    @property
    def action(self) -> str:
        """What a button does, without the number that keeps ids apart."""
        return _ACTION.sub("", self.action_id)

    @property
    def tenant(self) -> str:
        """The mark of the tenant in whose name the button stands there."""
        found = _ACTION.match(self.action_id)
        return found[1] or "" if found else ""


class Event(Payload):
    """Something that happened; each kind has some of these."""

    type: Needed = at("event", "type")
    subtype: Text = at("event", "subtype", default="")
    user: Id = at("event", "user", default="")
    user_team: Id = at("event", "user_team", default="")
    event_team: Id = at("event", "team", default="")
    bot: Text = at("event", "bot_id", default="")
    channel: Text = at("event", "channel", default="")
    channel_type: Text = at("event", "channel_type", default="")
    ts: Text = at("event", "ts", default="")
    thread: Text = at("event", "thread_ts", default="")
    text: Text = at("event", "text", default="")
    tab: Text = at("event", "tab", default="home")
    actor: Text = at("event", "actor_id", default="")
    event_ts: Text = at("event", "event_ts", default="")
    bot_tokens: Maybe[list[str]] = at("event", "tokens", "bot", default=[])

    @property
    def of_team(self) -> str:
        return self.user_team or self.event_team

    @property
    def personal(self) -> bool:
        return self.channel_type == "im" or self.channel.startswith("D")


class UserMessage(Event):
    """What somebody wrote: it has an author, a place and a time."""

    user: Needed = at("event", "user")
    channel: Needed = at("event", "channel")
    ts: Needed = at("event", "ts")
    attachments: Some[Attachment] = at("event", "attachments", default=())
    files: Maybe[list[Any]] = at("event", "files", default=[])

    @property
    def aside(self) -> tuple[Aside, ...]:
        """What hangs on it, and is none of its author's own words."""
        forwarded = any(one.shared and one.words for one in self.attachments)
        return (*(("forwarded",) if forwarded else ()), *(("attached",) if self.files else ()))


class ChangedPerson(Event):
    """Somebody's name, standing or anything else about them is another from now on. `person`: as `users.info`
    tells of them."""

    user: Needed = at("event", "user", "id")
    person: dict[str, Any] = at("event", "user")


class ChangedMessage(Event):
    """A message that was changed or deleted: `user`, `ts` and `thread` are of what it was before. Where it
    has replies, a mark of Slack's own takes its place."""

    user: Text = at("event", "previous_message", "user", default="")
    bot: Text = at("event", "previous_message", "bot_id", default="")
    channel: Needed = at("event", "channel")
    ts: Needed = at("event", "previous_message", "ts")
    thread: Text = at("event", "previous_message", "thread_ts", default="")
    text: Text = at("event", "previous_message", "text", default="")
    changed_to: Text = at("event", "message", "text", default="")
    was: Text = at("event", "previous_message", "subtype", default="")
    becomes: Text = at("event", "message", "subtype", default="")
    user_team: Id = at("event", "previous_message", "team", default="")

    @property
    def deleted(self) -> bool:
        return self.subtype == "message_deleted" or self.becomes == _MARK


_MESSAGES = ("message", "app_mention")
_CORRECTIONS = ("message_changed", "message_deleted")
_HEARD = ("", "file_share", "thread_broadcast", "me_message")


def event_of(body: object) -> Event | None:
    """None for a message that nobody of flesh and blood wrote: another bot's, or one that Slack makes itself.
    Raises Malformed."""
    event = Event.read(body)
    if event.type == "user_change":
        return ChangedPerson.read(body)
    if event.type not in _MESSAGES:
        return event
    if event.subtype in _CORRECTIONS:
        correction = ChangedMessage.read(body)
        # A link that Slack unfolds changes a message, too.
        real = correction.was != _MARK and (correction.deleted or correction.text != correction.changed_to)
        return correction if correction.user and not correction.bot and real else None
    return UserMessage.read(body) if not event.bot and event.subtype in _HEARD else None
