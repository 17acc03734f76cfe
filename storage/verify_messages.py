"""Is what waits to be sent, and what was sent, as the trail says? What was moved, deleted, redirected,
reworded, cancelled or put off behind the store's back is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.outbox_rows import FALLBACK, noted
from storage.sql import Row

# What the trail calls a sending.
SENT = ("ping sent", "post sent", "update sent")
GIVEN_UP = ("ping undeliverable", "post undeliverable", "update undeliverable")
# Lists of keys in an entry, and what it says of them; the last as "pings superseded" has them.
ENDS = {"cancelled": "cancelled", "superseded": "superseded", "dead": "dead", "keys": "superseded"}
# What an entry that is about messages has, one or the other.
_OF_MESSAGES = frozenset({"key", "pings", "posts", *ENDS})
WAITING = ("due", "sending", "unknown")
# What is told where a row is not in the state that the trail left it in.
_UNTOLD = {
    "cancelled": "is cancelled, but nobody cancelled it",
    "superseded": "is marked as superseded, but nothing took its place",
    "sent": "is marked as sent, but its sending was never written down",
    "dead": "is marked as undeliverable, but nobody said so",
}
# Of a message's row, what is read of it here.
COLUMNS = (
    "kind", "key", "subject", "rule", "round", "offset", "due_on", "platform", "conversation", "thread",
    "body", "escalation", "remember", "fallback_for", "planned_at", "state", "ripe", "next_at", "attempts",
    "message",
)  # fmt: skip


@dataclass(slots=True)
class Message:
    """As the trail left it: `state` is "waiting", or how it ended; `noted` how it was planned."""

    state: str
    noted: Mapping[str, Any] | None = None
    message: str = ""


class Messages:
    """Those of one subject, as the entries of the trail say, one after the other."""

    def __init__(self) -> None:
        self._known: dict[str, Message] = {}

    def hear(self, what: str, detail: Mapping[str, Any]) -> None:
        if _OF_MESSAGES.isdisjoint(detail):
            return
        if "key" in detail:
            if what in SENT:
                self._end(detail["key"], "sent").message = detail["message"]
            elif what in GIVEN_UP:
                self._end(detail["key"], "dead")
        for name, state in ENDS.items():
            if isinstance(given := detail.get(name), list):
                for key in given:
                    self._end(key, state)
        for name in ("pings", "posts"):  # after what ended: it may be wanted again
            if isinstance(planned := detail.get(name), dict):
                for key, how in planned.items():
                    self._known[key] = Message("waiting", how)

    def _end(self, key: str, state: str) -> Message:
        found = self._known.setdefault(key, Message(state))
        found.state = state
        return found

    def hold_against(self, rows: Iterable[Row], tenant: str, latest: str) -> Iterator[str]:
        """`latest`: no message that waits is put off to a time after this, but for its own."""
        for row in rows:
            told = self._known.pop(row["key"], None)
            for problem in _row(row, told, latest):
                yield f"{row['key']} of {tenant} {problem}"
        for key, gone in self._known.items():
            how = "was sent, but is not there as sent any more" if gone.state == "sent" else "is gone"
            yield f"{key} of {tenant} {how}"


def _row(row: Row, told: Message | None, latest: str) -> Iterator[str]:
    state = row["state"]
    if told is None:
        yield _UNTOLD["sent"] if state == "sent" else "is there to be sent, but nobody planned it"
        return
    if told.state == "waiting":
        if state not in WAITING:
            yield _UNTOLD[state]
    elif told.state == "sent":
        if state != "sent":
            yield "was sent, but is not there as sent any more"
        elif row["message"] != told.message:
            yield "was sent as another message than it says"
    elif state != told.state:
        yield f"is {state}, but the trail says that it is {told.state}"
    if told.noted is not None:
        yield from _planned(row, told.noted)
    if state in WAITING:
        yield from _put_off(row, told.noted or {}, latest)
    if not _is_its_own(row):
        yield "belongs to something else than its key says"


def _planned(row: Row, told: Mapping[str, Any]) -> Iterator[str]:
    found = noted(row)[row["key"]]  # what it says of "from" is judged by `_put_off`
    if found == told:  # as nearly all are
        return
    if found["at"] != told["at"]:
        yield f"was moved: planned for {told['at']}, now for {found['at']}"
    if found["to"] != told["to"]:
        yield f"was redirected: planned for {' '.join(told['to'])}, now for {' '.join(found['to'])}"
    if found.get("body") != told.get("body"):
        yield "was reworded"
    for name in ("kind", "due_on", "escalation", "remember", "fallback_for"):
        if found.get(name) != told.get(name):
            yield f"was changed: its {name} is {found.get(name)}, planned was {told.get(name)}"


def _put_off(row: Row, told: Mapping[str, Any], latest: str) -> Iterator[str]:
    first = told.get("from", told.get("at"))
    untried = row["state"] == "due" and row["attempts"] == 0
    if row["ripe"] not in (0, 1):
        yield "is kept from being sent"
    elif (untried and first and row["next_at"] != first) or row["next_at"] > max(latest, first or ""):
        yield f"is put off until {row['next_at']}, and nobody put it off"


def _is_its_own(row: Row) -> bool:
    """The key of a ping names its deadline's subject, kind and version, and its own offset; a post's names
    its subject."""
    key = row["key"].removesuffix(FALLBACK) if row["fallback_for"] else row["key"]
    if row["kind"] == "ping":
        return bool(key == f"{row['subject']}/{row['rule']}/{row['round']}/{row['offset']}")
    return key.startswith(f"{row['subject']}/") if row["subject"] else True
