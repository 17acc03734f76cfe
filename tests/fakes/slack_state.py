"""What the fake Slack remembers: people, channels, messages, views, triggers and response URLs."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

TEAM, OTHER_TEAM = "T0WARD", "T0OTHER"
BOT_USER, BOT, APP = "U0IRMER", "B0IRMER", "A0IRMER"

TRIGGER_LIFE = ACK_LIMIT = 3.0  # seconds
RESPONSE_URL_LIFE, RESPONSE_URL_USES = 30 * 60.0, 5


class Refused(Exception):
    """An `ok: false` answer: nothing was done."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


class RateLimited(Exception):
    """A 429: nothing was done, and `seconds` have to pass."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


class NotAcknowledged(Exception):
    """The bot did not take a request: people see an error, events come again."""


@dataclass
class Channel:
    id: str
    name: str
    kind: str = "channel"  # channel, group, im
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared: bool = False  # with another organisation
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        return next((message for message in self.messages if message.ts == ts and not message.deleted), None)

    def has_thread(self, ts: str) -> bool:
        """Does a thread hang on it? Of a message that is deleted a mark stays where it has replies."""
        return self.find(ts) is not None or any(message.thread_ts == ts for message in self.messages)


@dataclass
class File:
    """`made` once its bytes are there, `shared` into which channel."""

    id: str
    name: str
    length: int
    made: bytes | None = None
    title: str = ""
    shared: str = ""
    words: str = ""  # for whoever does not see it


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str = ""
    metadata: dict[str, Any] | None = None
    only_for: str = ""  # an ephemeral message's reader
    edits: int = 0
    deleted: bool = False
    typed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    @property
    def by_bot(self) -> bool:
        return self.user == BOT_USER

    def as_json(self, *, metadata: bool = True) -> dict[str, Any]:
        shown: dict[str, Any] = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text}
        if self.by_bot:
            shown |= {"bot_id": BOT, "app_id": APP}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.attachments:
            shown["attachments"] = self.attachments
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.metadata and metadata:
            shown["metadata"] = self.metadata
        if self.edits:
            shown["edited"] = {"user": self.user, "ts": self.ts}
        return shown


@dataclass
class View:
    id: str
    user: str
    content: dict[str, Any]
    hash: str
    previous: str = ""
    # What the person has typed or chosen, by (block id, action id): kept by their client across updates.
    typed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            **self.content,
            "id": self.id,
            "hash": self.hash,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "root_view_id": self.id,
            "previous_view_id": self.previous or None,
            "state": {"values": values_of(self.content["blocks"], self.typed)},
        }


@dataclass
class Trigger:
    user: str
    made: float
    used: bool = False


@dataclass
class ResponseUrl:
    user: str
    channel: str
    made: float
    message: Message | None = None
    uses: int = 0


def elements_of(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each interactive element with the block that holds it."""
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]
        elif block["type"] == "actions":
            for element in block["elements"]:
                yield block, element


def values_of(
    blocks: list[dict[str, Any]], typed: Mapping[tuple[str, str], dict[str, Any]]
) -> dict[str, Any]:
    """`state.values`: what stands in each input, be it typed or there from the start."""
    values: dict[str, Any] = {}
    for block, element in elements_of(blocks):
        if element["type"] == "button":
            continue
        key = (block["block_id"], element["action_id"])
        values.setdefault(key[0], {})[key[1]] = typed.get(key) or initial(element)
    return values


_INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}


def initial(element: Mapping[str, Any]) -> dict[str, Any]:
    state, key = _INITIAL[element["type"]]
    empty: Any = [] if state in ("selected_options", "selected_users") else None
    return {"type": element["type"], state: element.get(key, empty)}


def chosen(element: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """The state of an input after a person has put `value` in: for options, the label or the value of one or
    of several. ValueError where there is no such option: nobody could have chosen it."""
    kind = element["type"]
    state, _ = _INITIAL[kind]
    if "options" not in element:
        if isinstance(value, str) and len(value) > element.get("max_length", 3_000):
            raise ValueError(f"the client lets no more than {element.get('max_length', 3_000)} characters in")
        return {"type": kind, state: value if value != "" else None}
    by_label = {option["text"]["text"]: option for option in element["options"]}
    by_label |= {option["value"]: option for option in element["options"]}
    wanted = value if isinstance(value, (list, tuple, set)) else [value]
    if missing := [part for part in wanted if part not in by_label]:
        raise ValueError(f"no option {missing[0]!r} in {list(by_label)}")
    options = [by_label[part] for part in wanted]
    return {"type": kind, state: options if state == "selected_options" else options[0]}


def is_empty(state: Mapping[str, Any]) -> bool:
    return not next(value for key, value in state.items() if key != "type")


class Ids:
    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __call__(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):08d}"


def plain(value: Any) -> Any:
    """A copy through JSON, as it would come back from Slack."""
    return json.loads(json.dumps(value))


def with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks as Slack gives them back: each has an id."""
    blocks = plain(blocks)
    for number, block in enumerate(blocks):
        block.setdefault("block_id", f"b{number}")
    return blocks
