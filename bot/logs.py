"""What is logged, and in which form: a constant event, with fields of a closed list and nothing else.

A call writes `log.warning("a reply was not sent: %(error)s", {"error": problem})`: the words stand in the
code, and the fields say which. Of an exception its type and places are written, never its text, which may
hold what somebody typed; of what a library logs who and where, never its words.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

OURS = ("irmer", "bot", "storage")
FIELDS = frozenset(
    "case channel count error key place platform record rule seconds status tenant what".split()
)
"""`error` is a platform's word, a line of an error of ours, or the type of another; `key` a message's own."""
LEVELS = ("debug", "info", "warning", "error")
FORMS = ("text", "json")
_FIELD = re.compile(r"[:;,]?\s?\(?%\(\w+\)[sd]\)?")


def set_up(form: str, level: str, out: TextIO | None = None) -> None:
    """Libraries are heard from WARNING on, whatever `level` says: below it they write what was sent."""
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(AsJson() if form == "json" else AsText())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())


def is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """Of the closed list alone; an exception's type and places among them."""
    given = record.args if isinstance(record.args, Mapping) and is_ours(record) else {}
    found = {
        str(name): value if isinstance(value, int | float) else str(value)
        for name, value in given.items()
        if name in FIELDS
    }
    if record.exc_info and record.exc_info[0]:
        found["error"] = record.exc_info[0].__name__
    return found


def event(record: logging.LogRecord) -> str:
    """The constant words, without the fields; of a library who spoke, and where."""
    if is_ours(record):
        return _FIELD.sub("", str(record.msg)).strip()
    return f"a library's {record.levelname.lower()}, {record.filename}:{record.lineno}"


class AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": event(record)}
        return json.dumps({**said, **fields(record)}, ensure_ascii=False)


class AsText(logging.Formatter):
    """`2026-11-29 18:00:00 WARNING irmer.slack: a reply was not sent: is_archived`, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        words = record.getMessage() if is_ours(record) else event(record)
        more = f" ({record.exc_info[0].__name__})" if record.exc_info and record.exc_info[0] else ""
        return f"{at:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {words}{more}".replace("\n", " ")
