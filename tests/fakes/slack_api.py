"""The fake Slack's Web API: its methods, over the state, as strict as the real one and stricter.

A method takes its arguments and answers; it raises `Refused` with Slack's own error word. Everything that is
rendered passes the Block Kit checker, and what fails is refused with `invalid_blocks` and kept as a
complaint.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.block_kit import message_problems, view_problems
from tests.fakes.slack_files import Files
from tests.fakes.slack_state import (
    BOT,
    BOT_USER,
    TRIGGER_LIFE,
    Channel,
    Message,
    Refused,
    View,
    elements_of,
    with_ids,
)

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack

Arguments = Mapping[str, Any]

INFO = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
# Calls a minute (Slack's tiers, the lower figure of each). Posting has its own rule: one a second and
# channel.
PER_MINUTE = {
    "chat.update": 50,
    "chat.postEphemeral": 100,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "conversations.info": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "conversations.open": 50,
    "users.info": 100,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
}


class WebApi:
    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.files = files = Files(slack)
        self.methods = {
            "auth.test": (self.auth_test, ()),
            "bots.info": (self.bot_info, ("users:read",)),
            "chat.postMessage": (self.post_message, ("chat:write",)),
            "chat.postEphemeral": (self.post_ephemeral, ("chat:write",)),
            "chat.update": (self.update, ("chat:write",)),
            "chat.getPermalink": (self.permalink, ()),
            "conversations.info": (self.info, ()),
            "conversations.history": (self.history, ()),
            "conversations.replies": (self.replies, ()),
            "conversations.open": (self.open_conversation, ("im:write",)),
            "files.getUploadURLExternal": (files.upload_url, ("files:write",)),
            "files.completeUploadExternal": (files.complete_upload, ("files:write",)),
            "users.info": (self.user_info, ("users:read",)),
            "migration.exchange": (self.exchange, ()),
            "views.open": (self.open_view, ()),
            "views.push": (self.push_view, ()),
            "views.update": (self.update_view, ()),
            "views.publish": (self.publish_view, ()),
        }

    def call(self, method: str, arguments: Arguments) -> dict[str, Any]:
        if method not in self.methods:
            self.slack.complain(f"{method}: no such method")
            raise Refused("unknown_method")
        handler, scopes = self.methods[method]
        for scope in scopes:
            self.need(scope, method)
        return {"ok": True, **handler(arguments)}

    def need(self, scope: str, method: str) -> None:
        if scope not in self.slack.scopes:
            self.slack.complain(f"{method} needs the scope {scope}, which the manifest does not ask for")
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.slack.scopes)))

    # --- conversations

    def channel(self, arguments: Arguments, *, writing: bool = False) -> Channel:
        found = self.slack.channels.get(str(arguments.get("channel")))
        if found is None:
            raise Refused("channel_not_found")
        if writing and found.archived:
            raise Refused("is_archived")
        if BOT_USER not in found.members:
            raise Refused("not_in_channel" if found.kind == "channel" else "channel_not_found")
        return found

    def auth_test(self, arguments: Arguments) -> dict[str, Any]:
        return {
            "url": "https://ward.slack.com/", "team": self.slack.called, "user": "irmer",
            "team_id": self.slack.team, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False,
            **({"enterprise_id": self.slack.enterprise} if self.slack.enterprise else {}),
        }  # fmt: skip

    def bot_info(self, arguments: Arguments) -> dict[str, Any]:
        if arguments.get("bot") != BOT:
            raise Refused("bot_not_found")
        return {
            "bot": {
                "id": BOT, "deleted": False, "name": "irmer", "updated": 1449272004, "app_id": self.slack.app,
                "user_id": BOT_USER, "icons": {},
            }
        }  # fmt: skip

    def user_info(self, arguments: Arguments) -> dict[str, Any]:
        if arguments.get("user") == BOT_USER:
            bot = {"id": BOT_USER, "team_id": self.slack.team, "name": "irmer", "is_bot": True}
            return {"user": {**bot, "profile": {}}}
        person = self.slack.people.get(str(arguments.get("user")))
        if person is None:
            raise Refused("user_not_found")
        return {"user": person.described}

    def exchange(self, arguments: Arguments) -> dict[str, Any]:
        """Of at most 400 people, what they are called since the workspace is part of an enterprise."""
        if not self.slack.enterprise:
            raise Refused("not_enterprise_team")
        asked = str(arguments.get("users")).split(",")
        if len(asked) > 400:
            raise Refused("too_many_users")
        found = {old: self.slack.moved[old] for old in asked if old in self.slack.moved}
        return {
            "user_id_map": found, "invalid_user_ids": [one for one in asked if one not in found],
            "team_id": self.slack.team, "enterprise_id": self.slack.enterprise,
        }  # fmt: skip

    def open_conversation(self, arguments: Arguments) -> dict[str, Any]:
        user = str(arguments.get("users"))
        if user not in self.slack.people:
            raise Refused("user_not_found")
        if self.slack.people[user].flags.get("deleted"):
            raise Refused("user_disabled")
        return {"channel": {"id": self.slack.direct(user).id}}

    def info(self, arguments: Arguments) -> dict[str, Any]:
        found = self.slack.channels.get(str(arguments.get("channel")))
        if found is None or (found.kind != "channel" and BOT_USER not in found.members):
            raise Refused("channel_not_found")
        self.need(INFO[found.kind], "conversations.info")
        member = BOT_USER in found.members
        if found.kind == "im":
            return {"channel": {"id": found.id, "is_im": True, "is_archived": False}}
        return {
            "channel": {
                "id": found.id, "is_member": member, "is_archived": found.archived,
                "is_private": found.kind == "group", "is_shared": found.shared, "is_ext_shared": found.shared,
                "is_org_shared": False, "is_im": False,
            }
        }  # fmt: skip

    def history(self, arguments: Arguments) -> dict[str, Any]:
        channel = self.channel(arguments)
        self.need(HISTORY[channel.kind], "conversations.history")
        return self._listed(
            [m for m in channel.messages if not m.thread_ts or m.thread_ts == m.ts], arguments, True
        )

    def replies(self, arguments: Arguments) -> dict[str, Any]:
        channel = self.channel(arguments)
        self.need(HISTORY[channel.kind], "conversations.replies")
        root = str(arguments.get("ts"))
        if not channel.has_thread(root):
            raise Refused("thread_not_found")
        return self._listed([m for m in channel.messages if root in (m.ts, m.thread_ts)], arguments, False)

    def _listed(self, messages: list[Message], arguments: Arguments, newest_first: bool) -> dict[str, Any]:
        oldest = float(arguments.get("oldest", 0))
        shown = [m for m in messages if float(m.ts) >= oldest and not m.deleted and not m.only_for]
        if newest_first:
            shown.reverse()
        start, size = int(arguments.get("cursor") or 0), int(arguments.get("limit", 100))
        after = str(start + size) if len(shown) > start + size else ""
        with_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("true", "1")
        return {
            "messages": [m.as_json(metadata=with_metadata) for m in shown[start : start + size]],
            "has_more": bool(after),
            "response_metadata": {"next_cursor": after},
        }

    # --- messages

    def rendered(self, where: str, arguments: Arguments) -> dict[str, Any]:
        message = {key: arguments[key] for key in ("text", "blocks", "metadata") if key in arguments}
        self.slack.check(where, message, message_problems(message))
        return message

    def post_message(self, arguments: Arguments) -> dict[str, Any]:
        channel = self.channel(arguments, writing=True)
        self.slack.pace(channel.id)
        message = self.rendered("chat.postMessage", arguments)
        thread = str(arguments.get("thread_ts", ""))
        if thread and not channel.has_thread(thread):
            raise Refused("thread_not_found")
        posted = self.slack.add(channel, BOT_USER, message, thread_ts=thread)
        return {"channel": channel.id, "ts": posted.ts, "message": posted.as_json()}

    def post_ephemeral(self, arguments: Arguments) -> dict[str, Any]:
        channel = self.channel(arguments, writing=True)
        user = str(arguments.get("user"))
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        message = self.rendered("chat.postEphemeral", arguments)
        posted = self.slack.add(
            channel, BOT_USER, message, only_for=user, thread_ts=str(arguments.get("thread_ts", ""))
        )
        return {"message_ts": posted.ts}

    def update(self, arguments: Arguments) -> dict[str, Any]:
        channel = self.channel(arguments, writing=True)
        message = channel.find(str(arguments.get("ts")))
        if message is None or message.only_for:
            raise Refused("message_not_found")
        if not message.by_bot:
            raise Refused("cant_update_message")
        content = self.rendered("chat.update", arguments)
        message.text, message.blocks = content.get("text", ""), with_ids(content.get("blocks", []))
        message.metadata = content.get("metadata", message.metadata)
        message.edits += 1
        return {"channel": channel.id, "ts": message.ts, "text": message.text}

    def permalink(self, arguments: Arguments) -> dict[str, Any]:
        channel, ts = self.channel(arguments), str(arguments.get("message_ts"))
        if channel.find(ts) is None:
            raise Refused("message_not_found")
        return {"permalink": f"https://ward.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"}

    # --- views

    def view(self, method: str, arguments: Arguments, kind: str) -> dict[str, Any]:
        view = arguments.get("view")
        if isinstance(view, str):
            view = json.loads(view)
        if not isinstance(view, dict) or view.get("type") != kind:
            raise Refused("invalid_arguments")
        self.slack.check(method, view, view_problems(view))
        return {**view, "blocks": with_ids(view["blocks"])}

    def trigger(self, arguments: Arguments) -> str:
        trigger = self.slack.triggers.get(str(arguments.get("trigger_id")))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.slack.now() - trigger.made > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def open_view(self, arguments: Arguments) -> dict[str, Any]:
        content = self.view("views.open", arguments, "modal")
        external = content.get("external_id")
        if external and any(v.content.get("external_id") == external for v in self.slack.views.values()):
            raise Refused("duplicate_external_id")
        user = self.trigger(arguments)
        view = self.slack.new_view(user, content)
        self.slack.stacks[user] = [view]
        return {"view": view.as_json()}

    def push_view(self, arguments: Arguments) -> dict[str, Any]:
        content = self.view("views.push", arguments, "modal")
        user = self.trigger(arguments)
        return {"view": self.push(user, content).as_json()}

    def push(self, user: str, content: dict[str, Any]) -> View:
        stack = self.slack.stacks.get(user, [])
        if not stack:
            raise Refused("invalid_arguments")
        if len(stack) >= 3:
            raise Refused("push_limit_reached")
        view = self.slack.new_view(user, content)
        view.previous = stack[-1].id
        stack.append(view)
        return view

    def update_view(self, arguments: Arguments) -> dict[str, Any]:
        content = self.view("views.update", arguments, "modal")
        view = self.slack.open_view(str(arguments.get("view_id", "")), str(arguments.get("external_id", "")))
        if view is None:
            raise Refused("not_found")
        if arguments.get("hash") not in (None, "", view.hash):
            raise Refused("hash_conflict")
        self.fill(view, content)
        return {"view": view.as_json()}

    def fill(self, view: View, content: dict[str, Any]) -> None:
        """What was typed stays wherever block and action keep their ids, whatever the new initial value."""
        view.content, view.hash = content, self.slack.ids("hash")
        present = {(b.get("block_id", ""), e["action_id"]) for b, e in elements_of(content["blocks"])}
        view.typed = {key: value for key, value in view.typed.items() if key in present}

    def publish_view(self, arguments: Arguments) -> dict[str, Any]:
        content = self.view("views.publish", arguments, "home")
        user = str(arguments.get("user_id"))
        if user not in self.slack.people:
            raise Refused("user_not_found")
        self.slack.homes[user] = self.slack.new_view(user, content)
        return {"view": self.slack.homes[user].as_json()}
