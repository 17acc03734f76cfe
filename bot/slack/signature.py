"""Is a request Slack's, fresh, and new? Whatever is wrong with it, it is refused in the same way."""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock, SignatureVerifier

FRESH = 5 * 60
HEADERS = STAMP, SIGNATURE, KIND, REPEATED = (
    "x-slack-request-timestamp", "x-slack-signature", "content-type", "x-slack-retry-num"
)  # fmt: skip
_STAMP, _SIGNATURE = re.compile("[0-9]{1,12}"), re.compile("v0=[0-9a-f]{64}")


class Forged(Exception):
    """Not from Slack, not now, not for the first time, or of no shape that Slack sends."""


class Verifier:
    """Raises `Forged` for a request that is unsigned, signed with another secret, older than five minutes,
    seen before, or no payload of Slack's."""

    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._verifier = SignatureVerifier(secret, _ClockOf(clock))
        self._seen: dict[int, array[int]] = {}  # by the second in which they were made, in order

    def check(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """What the body says. Of the headers, named in lower case, it looks at `HEADERS`."""
        stamp, signature = headers.get(STAMP, ""), headers.get(SIGNATURE, "")
        if not _STAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            raise Forged("unsigned")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise Forged("no text") from None
        if not self._verifier.is_valid(text, stamp, signature):
            raise Forged("stale or forged")
        said = payload(text, headers.get(KIND, ""))
        # An event that comes again within the second bears the same signature, and is known by its message.
        repeated = said.get("type") == "event_callback" and REPEATED in headers
        if not repeated:
            self._first_time(int(stamp), int(signature[3:19], 16))
        return said

    def _first_time(self, stamp: int, signature: int) -> None:
        """Slack signs every delivery anew: the same signature again is a replay."""
        if stamp not in self._seen:
            over = int(self._clock().timestamp()) - FRESH
            self._seen = {second: made for second, made in self._seen.items() if second >= over}
        signatures = self._seen.setdefault(stamp, array("Q"))
        at = bisect_left(signatures, signature)
        if signatures[at : at + 1] == array("Q", (signature,)):
            raise Forged("replayed")
        signatures.insert(at, signature)


def is_ssl_check(body: bytes) -> bool:
    """Slack's look at our certificate, unsigned: it asks for nothing and is told nothing."""
    form = parse_qsl(body[:500].decode("latin-1"))
    return (
        len(body) <= 500 and ("ssl_check", "1") in form and {key for key, _ in form} <= {"ssl_check", "token"}
    )


def payload(text: str, content_type: str) -> dict[str, Any]:
    """What Slack's body says. Raises `Forged` where it says nothing."""
    found: Any
    known: tuple[str, ...]
    try:
        if content_type.startswith("application/x-www-form-urlencoded"):
            form = dict(parse_qsl(text, keep_blank_values=True))
            found = json.loads(form["payload"]) if "payload" in form else form
            known = ("command", "type", "ssl_check")
        else:
            found, known = json.loads(text), ("type",)
    except (ValueError, RecursionError):
        raise Forged("no payload") from None
    if not isinstance(found, dict) or not any(isinstance(found.get(key), str) for key in known):
        raise Forged("no payload")
    return found


class _ClockOf(Clock):
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()
