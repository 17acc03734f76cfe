"""The texts for people, out of the code's syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "rules")
DOUBTS = ROOT / "bot/core/reader/doubts.txt"  # why something is asked, by its name
_OF_CODE = frozenset({"rules/compiled.py"})  # what it writes is code
HOLE = "…"
# Of what these are given nothing is said to anybody: patterns, logs, faults of the program's own.
_NOT_SAID = frozenset(
    {"compile", "fullmatch", "match", "search", "sub", "finditer", "findall", "split", "removeprefix"}
    | {"debug", "info", "warning", "exception", "getLogger", "startswith", "endswith", "strftime", "cast"}
    | {"TypeVar", "AssertionError", "RuntimeError", "TypeError", "NotImplementedError", "replace", "join"}
)
_PATTERN = re.compile(r"\\[bdsw]|\(\?|\[a-z|\.\*|^\W+$|~\d|\w\|\w| \| |:(?:n|pct|value|letter)\b|%s|\w_\w+ ")
_TWO_WORDS = re.compile(
    rf"[^\W\d_]{{2,}}.*\s.*[^\W\d_]{{2,}}|[^\W\d_]{{2,}}.*\s.*{HOLE}|{HOLE}.*\s.*[^\W\d_]{{2,}}", re.S
)


@cache
def sentences() -> list[tuple[str, tuple[str, ...]]]:
    """Each text once, with the files that hold it, in the order of a dictionary."""
    found: dict[str, set[str]] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if str(path.relative_to(ROOT)) in _OF_CODE:
                continue
            for text in texts(ast.parse(path.read_text())):
                found.setdefault(text, set()).add(str(path.relative_to(ROOT)))
    for name, line in re.findall(r"^(?!#)(\w+): (.+)$", DOUBTS.read_text(), re.M):
        found.setdefault(line, set()).add(f"{DOUBTS.relative_to(ROOT)}: {name}")
    ordered = sorted(found, key=lambda text: (re.sub(r"\W", "", text).lower(), text))
    return [(text, tuple(sorted(found[text]))) for text in ordered]


def texts(tree: ast.AST) -> Iterator[str]:
    """What is written for people; docstrings, patterns, logs and the names of things are not."""
    if isinstance(tree, ast.JoinedStr) or (isinstance(tree, ast.Constant) and isinstance(tree.value, str)):
        text = " ".join(_flat(tree).split())
        if _TWO_WORDS.search(text) and not _PATTERN.search(text):
            yield text
        if isinstance(tree, ast.Constant):
            return
    for child in _said(tree):
        yield from texts(child)


def _flat(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_flat, node.values))
    return str(node.value) if isinstance(node, ast.Constant) else HOLE


def _said(node: ast.AST) -> Iterator[ast.AST]:
    """The children that may hold a text for people."""
    if isinstance(node, ast.JoinedStr):  # what goes into a hole may be a text of its own
        yield from (one.value for one in node.values if isinstance(one, ast.FormattedValue))
        return
    if isinstance(node, ast.Call) and _called(node.func) in _NOT_SAID:
        yield from (one for one in node.args if not isinstance(one, ast.Constant | ast.JoinedStr))
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for one in value if isinstance(value, list) else [value]:
            documents = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
            if isinstance(one, ast.AST) and not documents:
                yield one


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
