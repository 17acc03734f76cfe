"""What is logged holds nothing that anybody typed, by its form."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.core.trouble import note

ROOT = Path(__file__).parents[1]
CALLS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
SECRET = "999 123 4567 Smith"


def calls() -> Iterator[tuple[str, ast.Call]]:
    for part in ("bot", "storage", "rules"):
        for path in (ROOT / part).rglob("*.py"):
            text = path.read_text()
            if "log." not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                if is_call and node.func.attr in CALLS and ast.unparse(node.func.value).endswith("log"):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_each_says_constant_words_with_fields_of_the_list() -> None:
    found = list(calls())
    assert len(found) > 30
    for where, call in found:
        assert call.func.attr not in ("exception", "log", "critical"), where  # type: ignore[attr-defined]
        words, *given = call.args
        assert isinstance(words, ast.Constant), where
        named = set(re.findall(r"%\((\w+)\)[sd]", words.value))
        assert not re.search(r"%[^(]", words.value), f"{where}: by name, so that it is a field"
        assert named <= logs.FIELDS, where
        assert call.keywords == [], f"{where}: no exc_info, no extra"
        if given and isinstance(given[0], ast.Dict):
            assert {key.value for key in given[0].keys} == named, where  # type: ignore[union-attr]
        else:
            assert bool(given) == bool(named), where


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    out = io.StringIO()
    yield out
    root.handlers[:], root.level = before, level
    for name, kept in levels.items():
        logging.getLogger(name).setLevel(kept)


def speak() -> None:
    log = logging.getLogger("irmer.slack")
    log.warning("a reply to %(channel)s was not sent: %(error)s", {"channel": "C1", "error": "is_archived"})
    log.info("the connection broke; connecting anew")
    logging.getLogger("aiohttp.client").warning("sent %s", SECRET)
    logging.getLogger("aiohttp.client").debug("a payload: %s", SECRET)
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        note(log, error)
        log.exception("it failed")


def test_as_json_each_line_is_an_event_with_its_fields(heard: io.StringIO) -> None:
    logs.set_up("json", "info", heard)
    speak()
    lines = [json.loads(line) for line in heard.getvalue().splitlines()]
    assert [line["event"] for line in lines[:2]] == [
        "a reply to was not sent",
        "the connection broke; connecting anew",
    ]
    assert (lines[0]["channel"], lines[0]["error"]) == ("C1", "is_archived")
    assert lines[2]["event"].startswith("a library's warning, test_logs.py:")
    assert lines[3]["error"] == lines[4]["error"] == "ValueError"
    assert len(lines) == 5
    assert all({"at", "level", "logger", "event"} <= line.keys() for line in lines)


@pytest.mark.parametrize("form", logs.FORMS)
def test_no_words_of_an_exception_or_of_a_library_are_written(form: str, heard: io.StringIO) -> None:
    logs.set_up(form, "debug", heard)
    speak()
    assert "Smith" not in heard.getvalue()
    assert "999" not in heard.getvalue()
    assert "ValueError" in heard.getvalue()
    assert len(heard.getvalue().splitlines()) == 5


def test_the_level_is_the_bots_own_and_libraries_stay_quiet(heard: io.StringIO) -> None:
    logs.set_up("text", "error", heard)
    speak()
    lines = heard.getvalue().splitlines()
    assert [" ERROR " in line or "a library's" in line for line in lines] == [True] * len(lines)
    assert len(lines) == 3
