"""By what a message of ours is known again: the keys of all that it stands for, in its metadata."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.slack.text import Element

KIND = "irmer_post"
MOST = 1500  # characters: Slack has a limit of its own, and a message that is refused reaches nobody


def metadata(keys: Sequence[str]) -> Element:
    """The first is the message's own. What is too long to be named is not known again: at worst it is said
    twice after a restore."""
    named = "\n".join(keys)
    if len(named) > MOST:
        named = named[:MOST].rpartition("\n")[0]
    more = {"keys": named} if len(keys) > 1 else {}
    return {"event_type": KIND, "event_payload": {"key": keys[0], **more}}


def keys_of(message: Element) -> Collection[str]:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return {str(payload.get("key") or ""), *str(payload.get("keys") or "").split("\n")} - {""}
