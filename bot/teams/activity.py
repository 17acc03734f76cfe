"""An activity of Teams as this program needs it, read out of a body that anybody could have written."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

from bot.core.messages import Place, User
from bot.incoming import Incoming, Maybe, Needed, Some, Text, at
from bot.platform_time import PlatformTime
from rules.deadlines import uk_date

# Ids go into addresses: whatever could lead elsewhere is refused.
_ID = r"[^\s/?#\\%\x00-\x1f\x7f]"
_THREAD = ";messageid="
EXECUTE = "adaptiveCard/action"
# What Teams tells of a channel or a team that nothing can be written to any more.
CLOSED = frozenset({"channelDeleted", "teamDeleted", "teamHardDeleted", "teamArchived"})
OPENED = frozenset({"channelRestored", "teamRestored", "teamUnarchived"})
OF_CHANNEL = frozenset({"channelDeleted", "channelRestored"})
CORRECTIONS = ("messageUpdate", "messageDelete")
LATE = timedelta(minutes=1)

MessageId = Annotated[Text, StringConstraints(pattern=rf"^{_ID}{{0,200}}$")]
ConversationId = Annotated[str, StringConstraints(pattern=rf"^{_ID}{{1,400}}$")]
# With the thread in it, if there is one.
Address = Annotated[str, StringConstraints(pattern=rf"^{_ID}{{1,400}}?({_THREAD}{_ID}{{0,200}})?$")]
Lower = Annotated[Text, AfterValidator(str.lower)]
Name = Annotated[Maybe[str], AfterValidator(lambda name: name.strip()[:200])]


class _Member(Incoming):
    id: str


class Attached(Incoming):
    """What comes beside a text: `text/html` is the text again, with the marks of how it looks."""

    kind: str = at("contentType")
    content: Maybe[str] = ""


# From a chat, from a channel's folder, pasted.
_FILES = ("application/vnd.microsoft.teams.file.", "reference", "image/")


class Quoted(Incoming):
    """A message that is quoted; `by` is who wrote it."""

    type: Literal["quotedReply"]
    by: Maybe[str] = at("quotedReply", "senderId", default="")


class Called(Incoming):
    """A mention in a text: of a person, by what Teams calls them to this bot, or of a channel."""

    type: Literal["mention"]
    text: Maybe[str] = ""
    id: ConversationId = at("mentioned", "id")
    name: Name = at("mentioned", "name", default="")
    of: Maybe[str] = at("mentioned", "type", default="")

    @property
    def mark(self) -> str:
        """What stands for it in the text, also where the entity does not say it."""
        return self.text or f"<at>{self.name}</at>"

    @property
    def channel(self) -> bool:
        return self.of == "channel" or "@thread." in self.id


class Activity(Incoming):
    """`address` is the conversation as the Connector wants it, with the thread. `object_id` is the
    person's id in the directory, "" where Teams gives none, as is `conversation_name`, which most messages
    leave out. `event` is what happened to the channel or the team that the two ids name. `targeted`: a
    command from the menu, which only its author sees. `mentions` are all in the text, of the bot too. `added`
    and `removed` came into the conversation and left it, `action` is what an installation did."""

    kind: Needed = at("type")
    platform: Literal["msteams"] = at("channelId")
    id: MessageId = ""
    timestamp: Maybe[str] = ""
    service_url: Text = at("serviceUrl", default="")
    address: Address = at("conversation", "id")
    stated_kind: Text = at("conversation", "conversationType", default="")
    stated_name: Name = at("conversation", "name", default="")
    channel_name: Name = at("channelData", "channel", "name", default="")
    channel_id: MessageId = at("channelData", "channel", "id", default="")
    team_id: MessageId = at("channelData", "team", "id", default="")
    event: Text = at("channelData", "eventType", default="")
    channel_kind: Text = at("channelData", "channel", "type", default="")
    tenant: Any = at("conversation", "tenantId", default=None)
    channel_tenant: Any = at("channelData", "tenant", "id", default=None)
    user_id: Needed = at("from", "id")
    object_id: Lower = at("from", "aadObjectId", default="")
    user_name: Name = at("from", "name", default="")
    bot_id: Maybe[str] = at("recipient", "id", default="")
    bot_name: Maybe[str] = at("recipient", "name", default="")
    targeted: Maybe[bool] = at("recipient", "isTargeted", default=False)
    text: Text = ""
    mentions: Some[Called] = at("entities", default=())
    quotes: Some[Quoted] = at("entities", default=())
    attachments: Some[Attached] = ()
    name: Text = ""
    value: Any = None
    reply_to: MessageId = at("replyToId", default="")
    added: Some[_Member] = at("membersAdded", default=())
    removed: Some[_Member] = at("membersRemoved", default=())
    action: Text = ""

    @property
    def holds_files(self) -> bool:
        """Are files or pictures put beside the text?"""
        return any(one.kind.startswith(_FILES) for one in self.attachments)

    @property
    def conversation(self) -> str:
        """Without its thread."""
        return self.address.partition(_THREAD)[0]

    @property
    def root(self) -> str:
        """The message that the thread hangs on."""
        return self.address.partition(_THREAD)[2]

    @property
    def conversation_kind(self) -> str:
        """Where it is not said: a chat with one person only where that is sure."""
        base = self.conversation
        channel = base.endswith(("@thread.tacv2", "@thread.skype"))
        return self.stated_kind or (
            "personal" if base.startswith("a:") else "channel" if channel else "groupChat"
        )

    @property
    def conversation_name(self) -> str:
        return self.channel_name or self.stated_name

    @property
    def shared(self) -> bool | None:
        """With other organisations; None where it is not said."""
        return self.channel_kind.lower() == "shared" if self.channel_kind else None

    @property
    def personal(self) -> bool:
        return self.conversation_kind == "personal"

    @cached_property
    def tenants(self) -> frozenset[str]:
        """Every tenant that is named anywhere: all of them must be served here."""
        return frozenset(str(one).lower() for one in (self.tenant, self.channel_tenant) if one is not None)

    @cached_property
    def called(self) -> tuple[Called, ...]:
        """The others whom the text mentions."""
        return tuple(one for one in self.mentions if one.id != self.bot_id)

    @property
    def own_marks(self) -> frozenset[str]:
        """The marks in the text that stand for the bot."""
        return frozenset(one.mark for one in self.mentions if one.id == self.bot_id)

    @property
    def mentions_bot(self) -> bool:
        return any(one.id == self.bot_id for one in self.mentions)

    @property
    def comes(self) -> bool:
        """Did the bot just come into the conversation?"""
        return self.kind == "conversationUpdate" and self.bot_id in {one.id for one in self.added}

    @property
    def leaves(self) -> bool:
        """Does the bot lose its place in the conversation?"""
        uninstalled = self.kind == "installationUpdate" and self.action.startswith("remove")
        return uninstalled or (
            self.kind == "conversationUpdate" and self.bot_id in {one.id for one in self.removed}
        )

    @property
    def closes(self) -> bool:
        """Is a channel or a team deleted or archived? Nothing can be written there from now on."""
        return self.kind == "conversationUpdate" and self.event in CLOSED

    @property
    def opens(self) -> bool:
        """Can be written to again what could not?"""
        added = self.kind == "installationUpdate" and self.action.startswith("add")
        return added or self.comes or (self.kind == "conversationUpdate" and self.event in OPENED)

    @property
    def place(self) -> Place:
        """A message that begins a thread is not yet in one: there is nobody else in it."""
        thread = self.root if self.root != self.id else ""
        return Place(self.conversation, thread, self.personal)

    def told_at(self, now: datetime, time: PlatformTime) -> datetime | None:
        """When it was written or pressed, by the clock of `now`, where that makes a difference: it comes
        late, or on another day. The two clocks need not agree to the second."""
        try:
            at = datetime.fromisoformat(self.timestamp)
            if at.tzinfo is None:
                return None
            at = time.by_our_clock(at)
        except (ValueError, OverflowError):
            return None
        return at if now - at > LATE or uk_date(at) != uk_date(now) else None

    @property
    def user(self) -> User:
        return User(self.object_id, self.user_name)

    @property
    def delivery(self) -> str:
        """The same for every delivery of the same thing. A change of a message bears the message's own id."""
        which = f"|{self.kind}|{self.timestamp}" if self.kind in CORRECTIONS else ""
        return f"{self.conversation}|{self.id}{which}"


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
