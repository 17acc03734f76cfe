"""`irmer decide` and `irmer read`, JSON Lines from a file or from standard input; and `irmer schema`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from bot import lines
from bot.call import Call
from bot.paths import path_of
from bot.schemas import SCHEMAS
from bot.usage import Usage
from rules.deadlines import uk_date

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def decide(call: Call) -> int:
    return _each(call, lines.decide_line(uk_date(call.now())))


def read(call: Call) -> int:
    return _each(call, lines.read_line(call.now()))


def interview(call: Call) -> int:
    return _each(call, lines.interview_line(call.now()))


def schema(call: Call) -> int:
    """The JSON Schema of one of them, or of each by its name. Raises Usage."""
    if len(call.words) > 1 or not {*call.words} <= {*SCHEMAS}:
        raise Usage(f"irmer schema wants one of: {', '.join(SCHEMAS)}")
    wanted = {name: SCHEMAS[name]() for name in call.words or SCHEMAS}
    print(json.dumps(wanted[call.words[0]] if call.words else wanted, indent=2))
    return 0


def _each(call: Call, answer: Answer) -> int:
    """1 where a line was refused. Raises Usage."""
    if len(call.words) > 1:
        raise Usage(f"irmer {call.command} wants one file, or - for standard input")
    if call.words in ([], ["-"]):
        return lines.run(answer, lines.lines_of(sys.stdin.buffer), sys.stdout.buffer)
    path = path_of(call.words[0])
    try:
        given = path.open("rb")
    except OSError as error:
        raise Usage(f"{path} cannot be read: {error.strerror}") from None
    with given:
        return lines.run(answer, lines.lines_of(given), sys.stdout.buffer)
