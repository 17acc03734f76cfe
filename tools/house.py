"""How the house stands, in figures: `python -m tools.house`.

Circles of imports, imports that stand inside functions and whether each says why, names that mean two things,
what one plain answer costs, and the lines of each part. The tests hold what has to stay so.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.terminal.chat import FACE
from tools.answer_cost import answer_cost

ROOT = Path(__file__).parents[1]
# A figure that was measured, an extra that need not be installed, or a module that some systems have not.
_WHY_LATE = re.compile(r"\d m?s\b|\bextra\b|\bnot on Windows\b")
PARTS = ("rules", "storage", "bot")
FACES = ("bot/slack", "bot/teams", "bot/terminal")
# Lines as the first release had them.
BEFORE = {"rules": 5216, "storage": 3619, "bot": 18870, "bot/core/reader": 4698}
# Of bot/core, from the top down: what stands higher may import what stands lower, never the other way.
CORE = (
    ("bot.core.bot",),
    ("bot.core.gate", "bot.core.gate_held", "bot.core.gate_texts"),
    (
        "bot.core.router",
        "bot.core.commands",
        "bot.core.word_table",
        "bot.core.shown",
        "bot.core.home",
        "bot.core.help",
        "bot.core.threshold_card",
        "bot.core.visitors",
        "bot.core.unlinked",
        "bot.core.merged",
        "bot.core.choosing",
    ),
    ("bot.core.actions",),
    ("bot.core.papers",),
    ("bot.core.check",),
    ("bot.core.cases",),
    ("bot.core.register",),
    ("bot.core.reminders",),
    ("bot.core.settings",),
    ("bot.core.reader",),
    ("bot.core.identifying",),
    ("bot.core.days",),
    ("bot.core.words",),
    ("bot.core.gate_cards",),
    ("bot.core.turn",),
    ("bot.core.kept_drafts",),
    ("bot.core.draft", "bot.core.patient_numbers"),
    ("bot.core.messages",),
    ("bot.core.cards", "bot.core.chart", "bot.core.paper"),
    ("bot.core.refused", "bot.core.trouble", "bot.core.organisation", "bot.core.accounts"),
    ("bot.core.whose",),
)


class Import(NamedTuple):
    """One import: of a module of ours, or of any where it stands in a function (`inside`). `reason` is the
    comment beside it, or above the imports that it follows."""

    file: Path
    line: int
    module: str
    inside: bool
    reason: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} {self.module}"


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    found = (path for part in PARTS for path in sorted((ROOT / part).rglob("*.py")))
    return {dotted(path): path for path in found}


def dotted(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


@cache
def imports() -> tuple[Import, ...]:
    """All imports among our own modules, and of libraries those inside functions; what only a type checker
    reads is none."""
    return tuple(one for path in modules().values() for one in _imports(path))


def _imports(path: Path) -> Iterator[Import]:
    lines = path.read_text(encoding="utf-8").splitlines()
    late = {id(n) for f in statements(tree(path)) if isinstance(f, FUNCTIONS) for n in statements(f)}
    for node in statements(tree(path), but=_is_for_types):
        if isinstance(node, ast.Import | ast.ImportFrom):
            inside = id(node) in late
            for name in _named(node):
                if (inside or name in modules()) and name != dotted(path):
                    yield Import(path, node.lineno, name, inside, _reason(lines, node.lineno - 1))


FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(within: ast.AST, but: Callable[[ast.AST], bool] | None = None) -> Iterator[ast.AST]:
    """Those inside a module, a class or another statement, and those in these; none of what is left out by
    `but`. To look into what they are made of takes ten times as long."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(within, field, ()):
            if but is None or not but(one):
                yield one
                yield from statements(one, but)


def _reason(lines: list[str], at: int) -> str:
    """The comment beside an import, or above it and those that stand over it."""
    beside = lines[at].partition("#")[2].strip()
    while not beside and at and lines[at].lstrip().startswith(("from ", "import ")):
        at -= 1
    return beside or lines[at].lstrip().removeprefix("#").strip() * lines[at].lstrip().startswith("#")


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _named(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif node.module:
        parts = [f"{node.module}.{alias.name}" for alias in node.names]
        own = [name for name in parts if name in modules()]
        yield from own if len(own) == len(parts) else (node.module, *own)


def circles() -> list[list[str]]:
    """The sets of modules that import one another in a circle, wherever the imports stand."""
    uses: dict[str, set[str]] = defaultdict(set)
    for one in imports():
        uses[dotted(one.file)].update({one.module} & modules().keys())
    reach = {name: _reached(name, uses) for name in modules()}
    rings = {frozenset(n for n in reach[name] if name in reach[n]) for name in modules()}
    return sorted(sorted(ring) for ring in rings if len(ring) > 1)


def _reached(name: str, uses: dict[str, set[str]]) -> set[str]:
    found, ahead = set[str](), [name]
    while ahead:
        for other in uses[ahead.pop()] - found:
            found.add(other)
            ahead.append(other)
    return found


def upwards() -> list[Import]:
    """The imports in bot/core that go up, against the order of `CORE`."""
    level = {name: at for name in modules() if (at := height(name)) is not None}
    return [
        one
        for one in imports()
        if dotted(one.file) in level and one.module in level and level[one.module] < level[dotted(one.file)]
    ]


def height(name: str) -> int | None:
    """Where a module of the core stands, 0 at the top; None where nobody has said."""
    for height, names in enumerate(CORE):
        if any(name == n or name.startswith(f"{n}.") for n in names):
            return height
    return None


def inside() -> list[Import]:
    return [one for one in imports() if one.inside]


def unexplained() -> list[Import]:
    """Those inside functions whose comment names neither what they take to import, nor why they may fail."""
    return [one for one in inside() if not _WHY_LATE.search(one.reason)]


def twice() -> dict[str, list[str]]:
    """Names of modules and of classes that mean more than one thing.

    What the faces have in parallel is one thing three times, and so is a Protocol beside what keeps it.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for path in modules().values():
        place = str(path.relative_to(ROOT))
        owner = _owner(place)
        if path.stem not in ("__init__", "__main__"):
            found[f"module {path.stem}"].add(owner)
        for node in statements(tree(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[f"class {node.name}"].add(owner)
    return {name: sorted(places) for name, places in sorted(found.items()) if len(places) > 1}


def _owner(place: str) -> str:
    if place.startswith(FACES):
        return "a face"
    return "the store" if place.startswith("storage/") else place


def lines() -> dict[str, int]:
    """Lines of each part, and of the reader."""
    return {
        part: sum(
            len(p.read_text(encoding="utf-8").splitlines()) for p in sorted((ROOT / part).rglob("*.py"))
        )
        for part in (*PARTS, "bot/core/reader")
    }


def report() -> str:
    """The figures, a line each."""
    plain = unexplained()
    cost = answer_cost(FACE)
    named = "".join(f"\n  {name}: {', '.join(places)}" for name, places in twice().items())
    parts = ", ".join(f"{name} {count:,} ({BEFORE[name]:,} before)" for name, count in lines().items())
    return "\n".join(
        (
            f"circles of imports: {len(circles())}" + "".join(f"\n  {', '.join(c)}" for c in circles()),
            f"imports upwards in bot/core: {len(upwards())}" + "".join(f"\n  {one}" for one in upwards()),
            f"imports inside functions: {len(inside())}, without a reason: {len(plain)}"
            + "".join(f"\n  {one}" for one in plain),
            f"names that mean two things: {len(twice())}{named}",
            f"an answer: {cost.files} files, {cost.parses} parses, {cost.decisions} decisions",
            f"lines: {parts}",
        )
    )


if __name__ == "__main__":
    print(report())
