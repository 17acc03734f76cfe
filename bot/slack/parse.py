"""Slack's verified payloads as core's requests, and the ways in which each can be answered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.commands import split
from bot.core.messages import (
    Capabilities,
    Changed,
    Command,
    Edited,
    HomeOpened,
    Place,
    Pressed,
    Request,
    Said,
    Submitted,
    User,
    What,
)
from bot.core.whose import Whence
from bot.slack.inputs import ShownInput, people, shown, values
from bot.slack.payloads import ChangedMessage, Event, Interaction, Payload, SlashCommand, UserMessage
from bot.slack.sender import PLATFORM
from bot.slack.text import CHANNEL, PERSON, heard
from bot.slack.views import FORM, NOWHERE, Origin
from storage.model import UNLINKED, Standing
from storage.organisation_model import Outside

_CALLED = re.compile(rf"<@({PERSON.pattern})(?:\|[^>]*)?>")
_BARE = re.compile(rf"(?<![\w<@#]){PERSON.pattern}\b")
_CHANNEL = re.compile(rf"(?<![\w@]){CHANNEL.pattern}\b")
MOST_CALLED = 5
MOST_NAMED = 40  # in settings and in who owns a case, where each has to be somebody
_SETTINGS = "case.settings"
_NO_FACE = Capabilities(False, False, False)


@dataclass
class Installation:
    """Where the bot is installed, from `auth.test`. An organisation-wide one has the organisation for a
    tenant. What `auth.test` left out is learnt from the first verified payload."""

    team: str
    enterprise: str = ""
    organisation_wide: bool = False
    bot_user: str = ""
    tied: str = ""  # the organisation that all of it is, where the environment says so
    tenants: tuple[str, ...] = ()  # whose messages it sends

    @property
    def own(self) -> str:
        """The organisation that it is taken for where nothing is bound."""
        return self.tied or (self.enterprise if self.organisation_wide else self.team)

    @property
    def tenant(self) -> str:
        """The organisation of what happens in no one conversation."""
        return self.tenants[0] if len(self.tenants) == 1 else UNLINKED

    def whence(self, team: str = "", channel: str = "", user: str = "", *, personal: bool = False) -> Whence:
        workspace = (team if self.organisation_wide else self.team) or team
        return Whence(
            PLATFORM,
            "",
            channel,
            "",
            user if personal else "",
            workspace,
            self.enterprise,
            self.own,
            personal,
        )

    def is_here(self, outside: Outside) -> bool:
        """Is it something of this installation, as far as its id tells?"""
        if outside.platform != PLATFORM:
            return False
        if outside.kind == "workspace":
            return self.organisation_wide or outside.external == self.team
        return outside.kind != "directory" or outside.external == self.enterprise != ""

    def learn(self, payload: Payload) -> bool:
        """It is verified: it comes from a workspace that the app is installed in. True where it tells that
        the workspace is part of an enterprise that nobody knew of."""
        if not self.team and not self.organisation_wide:
            self.team = payload.to_team
        self.bot_user = self.bot_user or payload.installed_user
        found = "" if self.organisation_wide else payload.enterprise_of(self.team)
        if found in ("", self.enterprise):
            return False
        self.enterprise = found
        return True

    def is_for(self, payload: Payload) -> bool:
        """Is this for our installation? In a shared channel a payload can be about people of other
        workspaces. One that names no workspace was signed for our app all the same."""
        if self.organisation_wide:
            return (payload.installed_enterprise or payload.of_enterprise) == self.enterprise
        return payload.to_team in ("", self.team) or self.is_visitor(payload)

    def is_visitor(self, payload: Payload) -> bool:
        """Somebody of another workspace, in a channel that is shared with it."""
        if self.organisation_wide:
            return payload.of_enterprise not in ("", self.enterprise)
        return payload.of_team not in ("", self.team)


@dataclass(frozen=True)
class ReplyContext:
    """What an answer can use: the message or view that somebody acted on, a trigger, a response URL."""

    user: str
    channel: str = ""
    thread: str = ""
    trigger: str = ""
    response_url: str = ""
    message: str = ""
    ephemeral: bool = False
    home: bool = False
    view: str = ""  # id of the open dialog
    origin: Origin = NOWHERE
    shown: Mapping[str, ShownInput] = field(default_factory=dict)
    personal: bool = False
    said: str = ""  # the ts of what was written, where that was to us


@dataclass(frozen=True)
class Asked:
    request: Request
    context: ReplyContext
    people: frozenset[str] = frozenset()  # others who are named in it by their ids alone
    channels: frozenset[str] = frozenset()  # that settings are to name


def command(typed: SlashCommand, installation: Installation, now: datetime) -> Asked:
    user = User(typed.user_id, typed.user_name, _by_payload(typed, installation))
    context = ReplyContext(
        user.id, typed.channel_id, trigger=typed.trigger_id, response_url=typed.response_url
    )
    what = Command(*heard(typed.text))
    asked = _asked(installation, now, context, user, what, f"command:{user.id}:{typed.trigger_id}")
    return _with_named(asked, what.text)


def _by_payload(payload: Payload, installation: Installation) -> Standing:
    """Of another workspace, which needs no asking; else it is asked."""
    return "outsider" if installation.is_visitor(payload) else ""


def _with_named(asked: Asked, words: str) -> Asked:
    """Whoever and whatever is named by id, where it is to be kept as somebody or something that exists."""
    first, rest = split(words, _NO_FACE)
    if first not in ("settings", "assign", "hand"):
        called = _CALLED.findall(words)[:MOST_CALLED]
        return replace(asked, people=asked.people | frozenset(called)) if called else asked
    people = (*_CALLED.findall(rest), *_BARE.findall(rest))
    channels = set(_CHANNEL.findall(rest)) if "_channel" in rest else set()
    if "_channel" in rest and "here" in rest.lower().split() and CHANNEL.fullmatch(asked.context.channel):
        channels.add(asked.context.channel)
    return replace(asked, people=frozenset(people[:MOST_NAMED]), channels=frozenset(channels))


def again(press: Interaction, installation: Installation, now: datetime) -> Asked:
    """A command once more, from a button that brings a fresh trigger."""
    asked = pressed(press, installation, now)
    return replace(asked, request=replace(asked.request, what=Command(press.action_value or "check")))


def shortcut(call: Interaction, installation: Installation, now: datetime, verb: str = "check") -> Asked:
    """The global shortcut, or one on a message, whose words go into the check or into a case."""
    user, channel = _user(call, installation), call.channel
    words, aside = heard(call.words)
    context = ReplyContext(
        user.id, channel, trigger=call.trigger_id, response_url=call.response_url, personal=not channel
    )
    what = Command(f"{verb} {words.strip()}".strip(), aside)
    return _asked(installation, now, context, user, what, f"shortcut:{user.id}:{call.trigger_id}")


def said(message: UserMessage, installation: Installation, now: datetime) -> Asked | None:
    """A message of a person; None for what is not addressed to us in any way, the channel's talk outside of
    threads."""
    text, thread = message.text, message.thread
    call = f"<@{installation.bot_user}>"
    mentioned = message.type == "app_mention"
    if not mentioned and not message.personal and (call in text or not thread):
        return None  # a mention comes as an event of its own
    if mentioned and call not in text and (begins := re.match(r"\s*(<@[UW]\w+>)", text)):
        call = begins[1]  # it is us who were mentioned, whatever name Slack knows us by
    words = " ".join(text.replace(call, " ").split(" ")).strip() if call in text else text
    if mentioned and not thread:
        thread = message.ts
    context = ReplyContext(message.user, message.channel, thread, personal=message.personal, said=message.ts)
    own, aside = heard(words)
    what = Said(own, mentioned, (*aside, *message.aside))
    delivery = f"message:{message.channel}:{message.ts}"
    user = User(message.user, standing=_by_payload(message, installation))
    return _with_named(_asked(installation, now, context, user, what, delivery), words)


def edited(correction: ChangedMessage, installation: Installation, now: datetime) -> Asked:
    context = ReplyContext(
        correction.user, correction.channel, correction.thread, personal=correction.personal
    )
    what = Edited(deleted=correction.deleted)
    delivery = f"edited:{correction.channel}:{correction.ts}:{correction.event_ts}"
    user = User(correction.user, standing=_by_payload(correction, installation))
    return _asked(installation, now, context, user, what, delivery)


def home_opened(event: Event, installation: Installation, now: datetime) -> Asked | None:
    if event.tab != "home":
        return None
    context = ReplyContext(event.user, event.channel, home=True, personal=True)
    user = User(event.user, standing=_by_payload(event, installation))
    return _asked(installation, now, context, user, HomeOpened(), "")


def pressed(press: Interaction, installation: Installation, now: datetime) -> Asked:
    """A button: on a message, in a dialog, on the Home tab."""
    context, at = _context(press), press.action_ts
    message = "" if context.ephemeral else context.message
    what = Pressed(press.action, press.action_value, values(press.state), message, press.tenant)
    return _asked(
        installation, now, context, _user(press, installation), what, f"press:{press.user}:{at}" if at else ""
    )


def changed(change: Interaction, installation: Installation, now: datetime) -> Asked | None:
    """An input of an open form that tells its changes; None for a button and for what stands anywhere
    else."""
    context = _context(change)
    if change.action_type == "button" or not context.view or change.callback_id != FORM:
        return None
    what = Changed(
        context.origin.form, context.origin.key, change.action_id, values(change.state), context.origin.tenant
    )
    return _asked(
        installation,
        now,
        context,
        _user(change, installation),
        what,
        f"change:{change.user}:{change.action_ts}",
    )


def submitted(form: Interaction, installation: Installation, now: datetime) -> Asked:
    context, inputs = _context(form), values(form.state)
    what = Submitted(context.origin.form, context.origin.key, inputs, context.origin.tenant)
    sent = (form.user, what.form, what.key, sorted(inputs.items()))
    digest = hashlib.sha256(repr(sent).encode()).hexdigest()[:16]
    asked = _asked(
        installation, now, context, _user(form, installation), what, f"submit:{context.view}:{digest}"
    )
    channels = (one for one in inputs.values() if CHANNEL.fullmatch(one)) if what.form == _SETTINGS else ()
    return replace(asked, people=people(form.state), channels=frozenset(channels))


def _context(act: Interaction) -> ReplyContext:
    if act.view_type == "home":
        return ReplyContext(act.user, trigger=act.trigger_id, home=True, personal=True)
    if act.view:
        origin = Origin.loaded(act.private_metadata)
        return ReplyContext(
            act.user, origin.channel, origin.thread, act.trigger_id, view=act.view, origin=origin,
            shown=shown(act.state), personal=not origin.channel or origin.channel.startswith("D"),
        )  # fmt: skip
    channel = act.channel or act.contained_in
    return ReplyContext(
        act.user, channel, act.message_thread or act.contained_thread, act.trigger_id, act.response_url,
        message=act.contained_at or act.message, ephemeral=act.ephemeral,
        personal=channel.startswith("D") and not act.ephemeral,
    )  # fmt: skip


def _user(act: Interaction, installation: Installation) -> User:
    return User(act.user, act.name or act.username, _by_payload(act, installation))


def _asked(
    installation: Installation, now: datetime, context: ReplyContext, user: User, what: What, delivery: str
) -> Asked:
    place = Place(context.channel, context.thread, context.personal)
    return Asked(
        Request(installation.tenant, user, place, now, what, f"slack:{delivery}" if delivery else ""),
        context,
    )
