"""`irmer decide`, `read` and `interview`: one JSON object a line in, one out, in order, as they come."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, TypeVar

from pydantic import BaseModel, ValidationError

from bot.core.refused import Refused
from bot.schemas import InterviewLine, ReadLine, problems
from rules.deciding import decide
from rules.incident import InvalidFacts
from rules.parsing import parse

# A line is one incident: what is longer is no line of ours, and is not worth the memory.
MAX_LINE = 1_000_000
Json = dict[str, Any]
M = TypeVar("M", bound=BaseModel)


class BadLine(ValueError):
    """`errors` are (fact or None, message) pairs."""

    def __init__(self, *errors: tuple[str | None, str]) -> None:
        self.errors = errors


def run(answer: Callable[[Json], Json], lines: Iterable[bytes], out: BinaryIO) -> int:
    """Answer every line; 1 where any was bad."""
    status = 0
    for number, line in enumerate(lines):
        try:
            found = answer(_object(line.removeprefix(BOM_UTF8) if number == 0 else line))
        except BadLine as bad:
            found = as_error(bad)
        status = status or int("error" in found)
        out.write(json.dumps(found, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
        out.flush()
    return status


def as_error(bad: BadLine) -> Json:
    """What stands in the place of an answer."""
    return {"error": [{"fact": fact, "message": message} for fact, message in bad.errors]}


def decide_line(today: date) -> Callable[[Json], Json]:
    def answer(raw: Json) -> Json:
        try:
            return decide(parse(raw, today)).as_dict()
        except InvalidFacts as invalid:
            raise BadLine(*((error.fact, error.message) for error in invalid.errors)) from None

    return answer


def read_line(now: datetime) -> Callable[[Json], Json]:
    from bot.core.reader import read  # 120 ms, which `irmer decide` can do without

    def answer(raw: Json) -> Json:
        line = _line(ReadLine, raw)
        found = read(line.text, line.now or now, line.nation)
        return {"facts": found.facts, "to_confirm": found.to_confirm, "masked": found.masked}

    return answer


def interview_line(now: datetime) -> Callable[[Json], Json]:
    from bot.interview_line import step  # 250 ms, the reader and the check, which `irmer decide` does without

    def answer(raw: Json) -> Json:
        line = _line(InterviewLine, raw)
        try:
            return step(line, now)
        except InvalidFacts as invalid:
            raise BadLine(*((error.fact, error.message) for error in invalid.errors)) from None
        except Refused as refused:
            raise BadLine((None, str(refused))) from None

    return answer


def _line(model: type[M], raw: Json) -> M:
    try:
        return model.model_validate(raw)
    except ValidationError as invalid:
        raise BadLine(*problems(invalid, model)) from None


def _object(line: bytes) -> Json:
    wanted = "a line is one JSON object"
    if len(line) > MAX_LINE:
        raise BadLine((None, f"the line is too long: {wanted}, at most {MAX_LINE} bytes"))
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise BadLine((None, f"the line is not UTF-8: {wanted}")) from None
    try:
        found = json.loads(
            text,
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=_constant,
            object_pairs_hook=_once,
        )
    except BadLine:
        raise
    except (ValueError, RecursionError):
        raise BadLine((None, f"the line is not JSON: {wanted}")) from None
    if not isinstance(found, dict):
        raise BadLine((None, f"the line holds JSON, but no object: {wanted}"))
    return found


def _whole(digits: str) -> int | Decimal:
    """Python makes no int of thousands of digits: they are read, so that the fact can be named."""
    return int(digits) if len(digits) < 1000 else Decimal(digits)


def _constant(name: str) -> Decimal:
    """NaN and the infinities are no JSON, but are read: then the fact that holds one can be named."""
    return Decimal(name)


def _once(pairs: list[tuple[str, Any]]) -> Json:
    """An object in which nothing is said twice: which of the two would be meant?"""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadLine((twice[:60], f"{twice[:60]} is given twice: give it once"))
    return found


def lines_of(given: BinaryIO) -> Iterator[bytes]:
    """Line by line, as they come; of one that is too long only the beginning."""
    read = given.readline
    while line := read(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = read(MAX_LINE + 1)
        yield line
