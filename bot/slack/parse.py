"""Slack's verified payloads as core's requests, and the ways in which each can be answered.

Tenant and person come from the verified payload alone; what somebody typed, and a button's value, is only
ever data. A payload that lacks what it must have raises `Malformed`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.core.messages import (
    Changed,
    Command,
    HomeOpened,
    Place,
    Pressed,
    Request,
    Said,
    Submitted,
    User,
    What,
)
from bot.slack.inputs import Shown, people, shown, values
from bot.slack.text import unescape
from bot.slack.views import FORM, NOWHERE, Origin

Body = Mapping[str, Any]
_CALLED = re.compile(r"<@([UW][A-Z0-9]{2,})>")
MOST_CALLED = 5


class Malformed(ValueError):
    """A payload that Slack would not have sent."""


@dataclass
class Installation:
    """Where the bot is installed, from `auth.test`. An organisation-wide one has the organisation for a
    tenant. What `auth.test` left out is learnt from the first verified payload."""

    team: str
    enterprise: str = ""
    organisation_wide: bool = False
    bot_user: str = ""
    tied: str = ""  # the tenant that a workspace shares with other platforms

    @property
    def tenant(self) -> str:
        return self.tied or (self.enterprise if self.organisation_wide else self.team)

    def learn(self, body: Body) -> None:
        """`body` is verified: it comes from a workspace that the app is installed in."""
        if not self.team and not self.organisation_wide:
            self.team = _text(_authorized(body), "team_id") or _team(body)
        self.bot_user = self.bot_user or _text(_authorized(body), "user_id")


@dataclass(frozen=True)
class Way:
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
    shown: Mapping[str, Shown] = field(default_factory=dict)
    personal: bool = False


@dataclass(frozen=True)
class Asked:
    request: Request
    way: Way
    people: frozenset[str] = frozenset()  # others who are named in it by their ids alone


def is_ours(body: Body, installation: Installation) -> bool:
    """Is this for our installation? In a shared channel a payload can be about people of other workspaces.
    One that names no workspace was signed for our app all the same."""
    if installation.organisation_wide:
        enterprise = _text(_authorized(body), "enterprise_id") or _enterprise(body)
        return enterprise == installation.enterprise
    team = _text(_authorized(body), "team_id") or _team(body)
    return team in ("", installation.team) or is_visitor(body, installation)


def is_visitor(body: Body, installation: Installation) -> bool:
    """Somebody of another workspace, in a channel that is shared with it."""
    event, user = body.get("event") or {}, body.get("user") or {}
    user = user if isinstance(user, Mapping) else {}
    team = _text(event, "user_team") or _text(event, "team") or _text(user, "team_id")
    team = team or ("" if event else _text(body, "team_id"))
    if installation.organisation_wide:
        enterprise = _enterprise(body)
        return bool(enterprise) and enterprise != installation.enterprise
    return bool(team) and team != installation.team


def _authorized(body: Body) -> Any:
    """The installation that an event is for."""
    found = body.get("authorizations")
    return found[0] if isinstance(found, list) and found else {}


def _team(body: Body) -> str:
    return _text(body, "team_id") or _text(body.get("team"), "id")


def _enterprise(body: Body) -> str:
    return _text(body, "enterprise_id") or _text(body.get("enterprise") or {}, "id")


def command(body: Body, installation: Installation, now: datetime) -> Asked:
    user, channel = _user(body), _text(body, "channel_id")
    trigger, url = _text(body, "trigger_id"), _text(body, "response_url")
    way = Way(user.id, channel, trigger=trigger, response_url=url)
    return _asked(
        installation, now, way, user, Command(unescape(_text(body, "text"))), f"command:{user.id}:{trigger}"
    )


def again(body: Body, installation: Installation, now: datetime, words: str) -> Asked:
    """A command once more, from a button that brings a fresh trigger."""
    asked = pressed(body, installation, now)
    return Asked(
        Request(
            asked.request.tenant,
            asked.request.user,
            asked.request.place,
            now,
            Command(words),
            asked.request.delivery,
        ),
        asked.way,
    )


def shortcut(body: Body, installation: Installation, now: datetime) -> Asked:
    """The global shortcut, or the one on a message, whose words go into the check."""
    user = _user(body)
    message = body.get("message") or {}
    words = unescape(_text(message, "text")).strip() if isinstance(message, Mapping) else ""
    channel = _text(body.get("channel") or {}, "id")
    trigger = _text(body, "trigger_id")
    way = Way(
        user.id, channel, trigger=trigger, response_url=_text(body, "response_url"), personal=not channel
    )
    return _asked(
        installation, now, way, user, Command(f"check {words}".strip()), f"shortcut:{user.id}:{trigger}"
    )


def said(event: Body, installation: Installation, now: datetime, name: str = "") -> Asked | None:
    """A message of a person; None for what is not addressed to us in any way: edits, other bots, the
    channel's talk outside of threads."""
    if event.get("bot_id") or event.get("subtype") not in (None, "file_share", "thread_broadcast"):
        return None
    user, channel, ts = _need(event, "user"), _need(event, "channel"), _need(event, "ts")
    text, thread = _text(event, "text"), _text(event, "thread_ts")
    personal = event.get("channel_type") == "im" or channel.startswith("D")
    call = f"<@{installation.bot_user}>"
    mentioned = event.get("type") == "app_mention"
    if not mentioned and not personal and (call in text or not thread):
        return None  # a mention comes as an event of its own
    if mentioned and call not in text and (begins := re.match(r"\s*(<@[UW]\w+>)", text)):
        call = begins[1]  # it is us who were mentioned, whatever name Slack knows us by
    words = " ".join(text.replace(call, " ").split(" ")).strip() if call in text else text
    if mentioned and not thread:
        thread = ts
    way = Way(user, channel, thread, personal=personal)
    what = Said(unescape(words), mentioned=mentioned)
    asked = _asked(installation, now, way, User(user, name), what, f"message:{channel}:{ts}")
    return replace(asked, people=frozenset(_CALLED.findall(words)[:MOST_CALLED]))


def home_opened(event: Body, installation: Installation, now: datetime, name: str = "") -> Asked | None:
    if event.get("tab", "home") != "home":
        return None
    user = User(_need(event, "user"), name)
    way = Way(user.id, _text(event, "channel"), home=True, personal=True)
    return _asked(installation, now, way, user, HomeOpened(), "")


def action_of(body: Body) -> Mapping[str, Any]:
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise Malformed("no action")
    return actions[0]


def action_name(body: Body) -> str:
    """What a button does, without the number that keeps ids apart."""
    return re.sub(r"^\d+:", "", _text(action_of(body), "action_id"))


def pressed(body: Body, installation: Installation, now: datetime) -> Asked:
    """A button: on a message, in a dialog, on the Home tab."""
    action, way, user = action_of(body), _way(body), _user(body)
    state = _state(body)
    what = Pressed(
        action_name(body), _text(action, "value"), values(state), "" if way.ephemeral else way.message
    )
    at = _text(action, "action_ts")
    return _asked(installation, now, way, user, what, f"press:{user.id}:{at}" if at else "")


def changed(body: Body, installation: Installation, now: datetime) -> Asked | None:
    """An input of an open form that tells its changes; None for a button and for what stands anywhere
    else."""
    action, way, user = action_of(body), _way(body), _user(body)
    view = body.get("view") or {}
    if action.get("type") == "button" or not way.view or view.get("callback_id") != FORM:
        return None
    state = _state(body)
    what = Changed(way.origin.form, way.origin.key, _text(action, "action_id"), values(state))
    return _asked(installation, now, way, user, what, f"change:{user.id}:{_text(action, 'action_ts')}")


def submitted(body: Body, installation: Installation, now: datetime) -> Asked:
    user, way = _user(body), _way(body)
    inputs = values(_state(body))
    what = Submitted(way.origin.form, way.origin.key, inputs)
    sent = (user.id, what.form, what.key, sorted(inputs.items()))
    digest = hashlib.sha256(repr(sent).encode()).hexdigest()[:16]
    asked = _asked(installation, now, way, user, what, f"submit:{way.view}:{digest}")
    return replace(asked, people=people(_state(body)))


def _way(body: Body) -> Way:
    user, view = _user(body), body.get("view") or {}
    container, message = body.get("container") or {}, body.get("message") or {}
    if not all(isinstance(part, Mapping) for part in (view, container, message)):
        raise Malformed("no container")
    trigger, url = _text(body, "trigger_id"), _text(body, "response_url")
    if view.get("type") == "home":
        return Way(user.id, trigger=trigger, home=True, personal=True)
    if view:
        origin = Origin.loaded(_text(view, "private_metadata"))
        return Way(
            user.id, origin.channel, origin.thread, trigger, view=_text(view, "id"), origin=origin,
            shown=shown(_state(body)), personal=not origin.channel or origin.channel.startswith("D"),
        )  # fmt: skip
    channel = _text(body.get("channel") or {}, "id") or _text(container, "channel_id")
    ephemeral = bool(container.get("is_ephemeral"))
    return Way(
        user.id, channel, _text(message, "thread_ts") or _text(container, "thread_ts"), trigger, url,
        message=_text(container, "message_ts") or _text(message, "ts"), ephemeral=ephemeral,
        personal=channel.startswith("D") and not ephemeral,
    )  # fmt: skip


def _state(body: Body) -> Mapping[str, Any]:
    state = (body.get("view") or {}).get("state") or body.get("state") or {}
    found = state.get("values") or {} if isinstance(state, Mapping) else None
    if not isinstance(found, Mapping):
        raise Malformed("no state")
    return found


def _asked(
    installation: Installation, now: datetime, way: Way, user: User, what: What, delivery: str
) -> Asked:
    place = Place(way.channel, way.thread, way.personal)
    return Asked(
        Request(installation.tenant, user, place, now, what, f"slack:{delivery}" if delivery else ""), way
    )


def _user(body: Body) -> User:
    """An interaction names its user in an object, a command in fields of its own."""
    user = body.get("user")
    if isinstance(user, Mapping):
        return User(_need(user, "id"), _text(user, "name") or _text(user, "username"))
    return User(_need(body, "user_id"), _text(body, "user_name"))


def _need(body: Any, key: str) -> str:
    if found := _text(body, key):
        return found
    raise Malformed(f"no {key}")


def _text(body: Any, key: str) -> str:
    value = body.get(key) if isinstance(body, Mapping) else None
    return value if isinstance(value, str) else ""
