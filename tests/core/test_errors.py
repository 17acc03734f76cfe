"""The tree of what goes wrong, as `bot/core/refused.py` draws it, is the one that there is."""

import builtins
import re
from functools import cache
from pathlib import Path

from bot.core import refused

ROOT = Path(__file__).parents[2]
CLASS = re.compile(r"^ *class (\w+)\(([^)]*)\)", re.M)  # the trees of all files take a second
BUILT_IN = {
    name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
}


@cache
def bases() -> dict[str, set[str]]:
    """The exceptions of ours, each with what it is made from."""
    found: dict[str, set[str]] = {}
    for part in ("bot", "rules", "storage"):
        for path in (ROOT / part).rglob("*.py"):
            for name, made_from in CLASS.findall(path.read_text(encoding="utf-8")):
                found.setdefault(name, set()).update(re.findall(r"[\w.]+", made_from))
    ours: dict[str, set[str]] = {}
    while more := {n: b for n, b in found.items() if n not in ours and b & (BUILT_IN | ours.keys())}:
        ours |= more
    return ours


def below(root: str) -> set[str]:
    ours = bases()
    found = {name for name, made_from in ours.items() if root in made_from}
    return found.union(*(below(name) for name in found))


def drawn_under(name: str) -> list[str]:
    """What stands below a name in the tree, by how far it is indented."""
    lines = [re.match(r"([\s│├└─]*)(\w+)", line) for line in (refused.__doc__ or "").splitlines()]
    marks = [(len(found[1]), found[2]) for found in lines if found and set("├└") & set(found[1])]
    at = next(n for n, (_, word) in enumerate(marks) if word == name)
    below = []
    for depth, word in marks[at + 1 :]:
        if depth <= marks[at][0]:
            break
        below.append(word)
    return below


def test_every_error_of_ours_stands_in_the_tree() -> None:
    named = set(re.findall(r"\w+", refused.__doc__ or ""))
    assert len(bases()) > 25
    assert bases().keys() <= named


def test_what_may_be_shown_is_drawn_where_it_is() -> None:
    for root in ("Problem", "Refused", "Usage"):
        assert set(drawn_under(root)) == below(root), root
