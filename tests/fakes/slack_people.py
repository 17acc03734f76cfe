"""People in the fake Slack: they type commands, click, fill in forms and submit, as a Slack client would.

Inputs and buttons are found by what is written on them. A person can press only what they can see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.fakes.slack_seen import blocks_of, button_of, buttons, input_of, labels, words
from tests.fakes.slack_state import (
    BOT_USER,
    File,
    Message,
    View,
    chosen,
    elements_of,
    initial,
    is_empty,
    values_of,
)

__all__ = ["Person", "buttons", "labels", "words"]

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack


class Person:
    def __init__(self, slack: FakeSlack, user_id: str, name: str, team: str) -> None:
        self.slack, self.id, self.name, self.team = slack, user_id, name, team
        self.flags: dict[str, bool] = {}  # what users.info says of them: deleted, is_admin, is_restricted, …
        self.errors: dict[str, str] = {}  # what stands beside the fields of the open form, by label

    @property
    def described(self) -> dict[str, Any]:
        """As `users.info` and an event tell of them."""
        user = {
            "id": self.id, "team_id": self.team, "name": self.name, "deleted": False, "is_bot": False,
            "profile": {"display_name": self.name, "real_name": self.name}, **self.flags,
        }  # fmt: skip
        if not user["deleted"]:  # of somebody deactivated Slack says no more than that
            kinds = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted")
            user = {**dict.fromkeys(kinds, False), **user}
        if self.team != self.slack.team:
            user["is_stranger"] = True
        return user

    @property
    def _of_enterprise(self) -> dict[str, str]:
        """What a payload tells of it: that of the person's own workspace."""
        ours = self.slack.enterprise and self.team == self.slack.team
        return {"enterprise_id": self.slack.enterprise} if ours else {}

    async def becomes(self, name: str = "", **flags: bool) -> None:
        """Their name or what else Slack says of them is another: every app that asked for it is told."""
        self.name = name or self.name
        self.flags |= flags
        at = f"{self.slack.now():.6f}"
        await self.slack.event({"type": "user_change", "user": self.described, "event_ts": at})

    def moves(self, called: str) -> None:
        """The workspace became part of an enterprise, and their id of before is nobody's."""
        self.slack.moved[self.id] = called
        for channel in self.slack.channels.values():
            channel.members = {called if one == self.id else one for one in channel.members}
        self.slack.people[called] = self.slack.people.pop(self.id)
        self.id = called

    # --- what they see

    @property
    def view(self) -> View | None:
        stack = self.slack.stacks.get(self.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        return self.slack.homes.get(self.id)

    @property
    def direct(self) -> str:
        return self.slack.direct(self.id).id

    def sees(self, channel: str, thread: str | None = None) -> list[Message]:
        """Messages of a channel, oldest first; of one thread alone where it is given ("" for none)."""
        messages = self.slack.channels[channel].messages
        return [
            m
            for m in messages
            if not m.deleted and m.only_for in ("", self.id) and (thread is None or m.thread_ts == thread)
        ]  # fmt: skip

    def private(self) -> list[Message]:
        return [
            m
            for c in self.slack.channels.values()
            for m in c.messages
            if m.only_for == self.id and not m.deleted
        ]

    # --- commands, words, shortcuts

    async def command(self, text: str, channel: str = "", *, command: str = "/irmer") -> Message | None:
        """Type a slash command; the private message that the acknowledgement shows, if it shows one."""
        place = self.slack.channels[channel or self.slack.incidents.id]
        body = {
            "token": "legacy", "team_id": self.team, "team_domain": "ward", "channel_id": place.id,
            "channel_name": place.name or "directmessage", "user_id": self.id, "user_name": self.name,
            "command": command, "text": self._escaped(text), "api_app_id": self.slack.app,
            "is_enterprise_install": "false", **self._of_enterprise,
            "response_url": self.slack.response_url(self.id, place.id),
            "trigger_id": self.slack.trigger(self.id),
        }  # fmt: skip
        answer = await self.slack.send("slash_commands", body, urlencode(body).encode(), _FORM)
        return self._shown(place.id, answer)

    def _escaped(self, text: str) -> str:
        """As Slack hands a command's words on where `should_escape` is set: mentions by their ids."""
        text = escaped(text)
        for person in self.slack.people.values():
            text = re.sub(rf"@{person.name}\b", f"<@{person.id}|{person.name}>", text)
        for channel in self.slack.channels.values():
            if channel.name:
                text = re.sub(rf"#{channel.name}\b", f"<#{channel.id}|{channel.name}>", text)
        return text

    def _shown(self, channel: str, answer: Mapping[str, Any] | None) -> Message | None:
        if not answer:
            return None
        content = {key: answer[key] for key in ("text", "blocks") if key in answer}
        self.slack.api.rendered("acknowledgement", content)
        private = answer.get("response_type", "ephemeral") == "ephemeral"
        return self.slack.add(
            self.slack.channels[channel], BOT_USER, content, only_for=self.id if private else ""
        )

    async def say(
        self, text: str, channel: str = "", *, thread: str = "", subtype: str = "",
        files: tuple[str, ...] = (), forwarding: Message | None = None,
    ) -> Message:  # fmt: skip
        """Write a message: in their direct message with the bot unless told where. `files` are put beside it;
        `forwarding` hangs on it."""
        place = self.slack.channels[channel] if channel else self.slack.direct(self.id)
        assert not place.archived, "nobody can write there"
        message = self.slack.add(place, self.id, {"text": escaped(text)}, thread_ts=thread)
        message.files = [File(self.slack.ids("F"), name, 1_000, shared=place.id) for name in files]
        message.attachments = [_shared(forwarding)] if forwarding else []
        subtype = subtype or ("file_share" if files else "")
        await self.slack.event(self.message_event(message, subtype=subtype))
        if f"<@{BOT_USER}>" in text and place.kind != "im":
            mention = {**self.message_event(message), "type": "app_mention"}
            mention.pop("channel_type")
            await self.slack.event(mention)
        return message

    async def edit(self, message: Message, text: str) -> None:
        """Change one's own message: Slack tells of it with what it was and what it is, and of no mention."""
        before = message.as_json()
        message.text = escaped(text)
        message.edits += 1
        await self._corrected("message_changed", message, before, {"message": message.as_json()})

    async def delete(self, message: Message) -> None:
        """Of a message that has replies a mark stays in its place, and Slack tells of it as of a change."""
        before = message.as_json()
        message.deleted = True
        if self.slack.channels[message.channel].has_thread(message.ts):
            mark = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
            mark |= {"text": "This message was deleted.", "ts": message.ts, "thread_ts": message.ts}
            await self._corrected("message_changed", message, before, {"message": mark})
        else:
            await self._corrected("message_deleted", message, before, {"deleted_ts": message.ts})

    def forward(self, message: Message, channel: str) -> Message:
        """Share a message of a channel in another: what it says hangs on a message that says nothing."""
        shared = self.slack.add(self.slack.channels[channel], self.id, {"text": ""})
        shared.attachments = [_shared(message)]
        return shared

    async def unfold(self, message: Message) -> None:
        """What Slack does to a message with a link: nobody has changed a word of it."""
        before = message.as_json()
        shown = {**before, "attachments": [{"from_url": "https://example.org", "title": "A page"}]}
        await self._corrected("message_changed", message, before, {"message": shown})

    async def _corrected(
        self, subtype: str, message: Message, before: dict[str, Any], more: dict[str, Any]
    ) -> None:
        team = {"team": self.team, "user_team": self.team, "source_team": self.team}
        event = {
            "type": "message", "subtype": subtype, "hidden": True, "channel": message.channel,
            "ts": self.slack.new_ts(), "previous_message": {**before, **team},
            "channel_type": self.slack.channels[message.channel].kind, **more,
        }  # fmt: skip
        await self.slack.event({**event, "event_ts": event["ts"]})

    def message_event(self, message: Message, *, subtype: str = "") -> dict[str, Any]:
        event = {
            "type": "message", "channel": message.channel, "user": self.id, "text": message.text,
            "ts": message.ts,
            "channel_type": self.slack.channels[message.channel].kind, "event_ts": message.ts,
            "team": self.team,
            "user_team": self.team, "source_team": self.team,
        }  # fmt: skip
        if message.thread_ts:
            event["thread_ts"] = message.thread_ts
        if message.attachments:
            event["attachments"] = message.attachments
        if message.files:
            event["files"] = [{"id": one.id, "name": one.name, "mode": "hosted"} for one in message.files]
        if subtype:
            event["subtype"] = subtype
        return event

    async def mention(self, text: str, channel: str = "", *, thread: str = "") -> Message:
        return await self.say(f"<@{BOT_USER}> {text}", channel or self.slack.incidents.id, thread=thread)

    async def open_home(self, tab: str = "home") -> None:
        event = {"type": "app_home_opened", "user": self.id, "channel": self.direct, "tab": tab}
        event["event_ts"] = self.slack.new_ts()
        await self.slack.event(event)

    async def shortcut(self, callback_id: str, message: Message | None = None) -> None:
        body = self._interaction("message_action" if message else "shortcut")
        body |= {"callback_id": callback_id, "action_ts": self.slack.new_ts()}
        if message is not None:
            body["message"], body["message_ts"] = message.as_json(), message.ts
            body["channel"] = {"id": message.channel, "name": self.slack.channels[message.channel].name}
            body["response_url"] = self.slack.response_url(self.id, message.channel)
        await self._interact(body)

    # --- buttons and inputs

    async def press(self, label: str, on: Message | View | None = None) -> None:
        """Press the button of this label: on a message, on the Home tab, or (by default) in the open
        dialog."""
        surface = on or self.view
        assert surface is not None, "no dialog is open"
        block, button = button_of(blocks_of(surface), label)
        await self.act(surface, block, {**button, "type": "button"})

    async def act(self, surface: Message | View, block: Mapping[str, Any], state: Mapping[str, Any]) -> None:
        body = self._interaction("block_actions")
        body["actions"] = [{**state, "block_id": block["block_id"], "action_ts": self.slack.new_ts()}]
        if isinstance(surface, View):
            body["container"] = {"type": "view", "view_id": surface.id}
            body["view"] = surface.as_json()
        else:
            body["container"] = {
                "type": "message", "message_ts": surface.ts, "channel_id": surface.channel,
                "is_ephemeral": bool(surface.only_for),
            }  # fmt: skip
            body["channel"] = {"id": surface.channel, "name": self.slack.channels[surface.channel].name}
            if not surface.only_for:
                body["message"] = surface.as_json()
            if surface.thread_ts:
                body["container"]["thread_ts"] = surface.thread_ts
            body["state"] = {"values": values_of(surface.blocks, surface.typed)}
            body["response_url"] = self.slack.response_url(self.id, surface.channel, surface)
        await self._interact(body)

    async def fill(self, label: str, value: Any, on: Message | View | None = None) -> None:
        """Put a value into the input of this label; one that dispatches its changes tells the bot at once."""
        surface = on or self.view
        assert surface is not None, "no dialog is open"
        block, element = input_of(blocks_of(surface), label)
        state = chosen(element, value)
        surface.typed[block["block_id"], element["action_id"]] = state
        if block.get("dispatch_action"):
            await self.act(surface, block, {**state, "action_id": element["action_id"]})

    def value(self, label: str, on: Message | View | None = None) -> Any:
        """What stands in the input of this label."""
        surface = on or self.view
        assert surface is not None, "no dialog is open"
        block, element = input_of(blocks_of(surface), label)
        state = surface.typed.get((block["block_id"], element["action_id"])) or initial(element)
        return next(value for key, value in state.items() if key != "type")

    async def submit(self) -> dict[str, str]:
        """Press the dialog's own button; the errors beside its fields, by label, where it was refused."""
        view = self.view
        assert view is not None, "no dialog is open"
        assert "submit" in view.content, "this dialog has no such button"
        for block, element in elements_of(view.content["blocks"]):
            if block["type"] == "input" and not block.get("optional"):
                state = view.typed.get((block["block_id"], element["action_id"])) or initial(element)
                if is_empty(state):
                    self.errors = {block["label"]["text"]: "Please complete this required field."}
                    return self.errors
        body = {**self._interaction("view_submission"), "view": view.as_json(), "response_urls": []}
        answer = await self._interact(body)
        self.errors = {}
        self._respond(view, answer)
        return self.errors

    def _respond(self, view: View, answer: Mapping[str, Any] | None) -> None:
        stack = self.slack.stacks[self.id]
        action = (answer or {}).get("response_action")
        if action is None:
            stack.remove(view)
        elif action == "clear":
            stack.clear()
        elif action == "errors":
            labels = {
                b["block_id"]: b["label"]["text"] for b in view.content["blocks"] if b["type"] == "input"
            }
            assert answer is not None
            if not answer.get("errors"):
                self.slack.complain("errors without any")
            for block_id, message in answer["errors"].items():
                if block_id not in labels:
                    self.slack.complain(f"an error on {block_id}, which is no input of the view")
                self.errors[labels.get(block_id, block_id)] = message
        elif action in ("update", "push"):
            assert answer is not None
            content = self.slack.api.view(f"response_action {action}", answer, "modal")
            if action == "push":
                self.slack.api.push(self.id, content)
            else:
                self.slack.api.fill(view, content)
        else:
            self.slack.complain(f"unknown response_action {action!r}")

    async def close(self) -> None:
        """Close the dialog: Slack tells the bot only where the view asks for it."""
        view = self.view
        assert view is not None, "no dialog is open"
        self.slack.stacks[self.id].remove(view)
        if view.content.get("notify_on_close"):
            await self._interact(
                {**self._interaction("view_closed"), "view": view.as_json(), "is_cleared": False}
            )

    def _interaction(self, kind: str) -> dict[str, Any]:
        return {
            "type": kind, "token": "legacy", "api_app_id": self.slack.app,
            "team": {"id": self.team, "domain": "ward", **self._of_enterprise},
            "user": {"id": self.id, "username": self.name, "name": self.name, "team_id": self.team},
            "enterprise": {"id": self.slack.enterprise, "name": "Trust"} if self._of_enterprise else None,
            "is_enterprise_install": False, "trigger_id": self.slack.trigger(self.id),
        }  # fmt: skip

    async def _interact(self, body: dict[str, Any]) -> Any:
        return await self.slack.send(
            "interactive", body, urlencode({"payload": json.dumps(body)}).encode(), _FORM
        )


_MARKS = re.compile(r"<(?:[@#!]|https?:|mailto:|tel:)[^<>]*>")  # that Slack makes itself


def escaped(text: str) -> str:
    """As Slack hands on what somebody typed."""
    kept = _MARKS.findall(text)
    parts = (
        one.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for one in _MARKS.split(text)
    )
    return "".join(part + mark for part, mark in zip(parts, [*kept, ""], strict=True))


def _shared(message: Message) -> dict[str, Any]:
    return {
        "is_share": True, "is_msg_unfurl": True, "from_url": "https://ward.slack.com/archives/C/p1",
        "author_id": message.user, "channel_id": message.channel, "ts": message.ts,
        "text": message.text, "fallback": f"[{message.ts}] {message.user}: {message.text}",
    }  # fmt: skip


_FORM = "application/x-www-form-urlencoded"
