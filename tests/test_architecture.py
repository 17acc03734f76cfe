"""Who may import whom, what no file may hold, and that every test can fail."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from tools import house

ROOT = Path(__file__).parents[1]
FACES = ("terminal", "slack", "teams")

# Built from pieces, so that this file passes its own check.
FORBIDDEN = {
    "a package registry": [
        "py" + "pi.org",
        "python" + "hosted",
        "npm" + "js.",
        "yarn" + "pkg",
        "crates" + ".io",
    ],
    "a machine's path": [
        "/wo" + "rk/",
        "/ro" + "ot/",
        "/tm" + "p/",
        "/opt/" + "wheels",
        "/ho" + "me/",
        "/Use" + "rs/",
    ],
}


def sources(directory: str) -> list[Path]:
    return sorted((ROOT / directory).rglob("*.py"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, by its full dotted name, also inside functions."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in house.statements(house.tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def reaching(directory: str, *targets: str) -> list[str]:
    """The imports in a directory that reach one of the targets, as `file imports module`."""
    return [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(directory)
        for module in imports(path)
        if any(module == target or module.startswith(f"{target}.") for target in targets)
    ]


def matching(directory: str, pattern: str) -> list[str]:
    """The lines in a directory's sources that match a pattern."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sources(directory)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line, re.IGNORECASE)
    ]


def test_the_rules_import_only_the_standard_library_and_pydantic():
    allowed = sys.stdlib_module_names | {"pydantic", "rules"}
    assert sources("rules")
    assert {name.split(".")[0] for path in sources("rules") for name in imports(path)} <= allowed


def test_the_rules_touch_neither_files_nor_network_nor_environment():
    outside = (
        "asyncio",
        "http",
        "io",
        "logging",
        "os",
        "pathlib",
        "random",
        "socket",
        "subprocess",
        "time",
        "urllib",
    )
    assert reaching("rules", *outside) == []
    assert matching("rules", r"\b(open|print|input)\(") == []


def test_the_store_knows_neither_the_rules_nor_the_bot():
    assert sources("storage")
    assert reaching("storage", "rules", "bot") == []


def test_the_core_imports_no_face_and_nothing_above_it():
    assert sources("bot/core")
    above = [f"bot.{path.stem}" for path in (ROOT / "bot").glob("*.py") if path.stem != "__init__"]
    assert "bot.cli" in above
    assert reaching("bot/core", *above, *(f"bot.{face}" for face in FACES)) == []


def test_the_core_names_no_platform():
    assert matching("bot/core", r"slack|teams|block.?kit|adaptive") == []


@pytest.mark.parametrize("face", FACES)
def test_no_face_knows_another(face):
    others = [f"bot.{other}" for other in FACES if other != face]
    assert reaching(f"bot/{face}", *others) == []


def test_no_modules_import_one_another_in_a_circle():
    assert len(house.imports()) > 500
    assert house.circles() == []


def test_the_arrows_inside_the_core_run_down_its_folders():
    known = {name for name in house.modules() if name.startswith("bot.core.")}
    assert [name for name in known if house.height(name) is None] == []
    assert list(map(str, house.upwards())) == []


def test_an_import_inside_a_function_says_what_it_takes():
    assert len(house.inside()) > 20
    assert list(map(str, house.unexplained())) == []


def test_no_name_of_a_module_or_a_class_means_two_things():
    assert house.twice() == {}


def test_the_architecture_names_files_that_there_are():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:rules|storage|bot|tests|tools|bench|docs)/[\w./]+)`", text))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("part", ["rules", "storage"])
def test_a_part_shows_the_ten_names_that_matter_of_it_and_there_are_such(part):
    package = import_module(part)
    assert len(package.__all__) >= 10
    for name in package.__all__:
        assert getattr(package, name) is not None
        assert re.search(rf"`{name}\b", package.__doc__ or ""), name
    with pytest.raises(AttributeError, match="has no attribute 'decode'"):
        getattr(package, "deco" + "de")


def test_a_docstring_names_nothing_that_is_not_there():
    there, named = set(house.modules()), []
    for path in house.modules().values():
        there |= {path.name, *path.relative_to(ROOT).with_suffix("").parts}
        lines = path.read_text(encoding="utf-8").splitlines()
        whole = house.tree(path)
        for node in (whole, *house.statements(whole)):
            if isinstance(node, (ast.Module, ast.ClassDef, *house.FUNCTIONS)) and ast.get_docstring(node):
                said = re.findall(r"`([a-z_][\w.]*)`", ast.get_docstring(node) or "")
                named += [(path.relative_to(ROOT), name) for name in said]
                first, last = node.body[0].lineno, node.body[0].end_lineno or 0
                lines[first - 1 : last] = [""] * (last - first + 1)
        there.update(re.findall(r"\w+", re.sub(r"(?m)(^| )#.*", "", "\n".join(lines))))
    assert len(named) > 200
    assert [
        f"{path} names {name}"
        for path, name in named
        if name not in there and not {*name.split(".")} <= there
    ] == []


@pytest.mark.parametrize("directory", ["rules", "storage", "bot/core"])
def test_the_time_is_passed_in_and_never_read(directory):
    clocks = r"\b(datetime|date)\.(now|utcnow|today)\b|\btime\.time\b|\bcurrent_(timestamp|date|time)\b"
    assert matching(directory, clocks) == []


# What the bot's owner asked to be built on, and what is never to be reckoned by us: days are proclaimed.
WANTED = {"slack-bolt", "pydantic", "sqlite-utils", "dateparser", "pytest", "holidays"}


def test_the_packages_that_are_wanted_are_depended_on_and_imported():
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = table["project"], table["dependency-groups"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values()), *groups["dev"]]
    named = {name[0] for one in asked if isinstance(one, str) and (name := re.match(r"[\w-]+", one))}
    ours = [path for part in ("bot", "rules", "storage", "tests") for path in sources(part)]
    imported = {name.split(".")[0].replace("_", "-") for path in ours for name in imports(path)}
    assert WANTED - named == set() == WANTED - imported


def test_no_tracked_file_names_a_package_registry_or_a_machines_path():
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: no list of tracked files")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    tracked = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert ROOT / "pyproject.toml" in tracked
    found = [
        f"{path.relative_to(ROOT)} names {what}: {piece}"
        for path in tracked
        for text in [path.read_text(encoding="utf-8", errors="ignore")]
        for what, pieces in FORBIDDEN.items()
        for piece in pieces
        if piece in text
    ]
    assert found == []


def test_every_test_can_fail():
    functions: dict[str, list[ast.AST]] = {}
    for path in sources("tests"):
        for node in house.statements(house.tree(path)):
            if isinstance(node, house.FUNCTIONS):
                functions.setdefault(node.name, []).append(node)

    failing = {"raises", "warns", "fail"}  # pytest's own; helpers that assert are added until none is left

    @cache
    def asserts(function: ast.AST) -> bool:
        each = (node for node in house.statements(function) if isinstance(node, ast.Assert))
        return any(not isinstance(node.test, ast.Constant) for node in each)

    @cache
    def uses(function: ast.AST) -> set[str]:
        named = ((getattr(node, "attr", ""), getattr(node, "id", "")) for node in ast.walk(function))
        return {*chain(*named)} - {""}

    def can_fail(function: ast.AST) -> bool:
        return asserts(function) or not failing.isdisjoint(uses(function))

    while added := {
        name for name, nodes in functions.items() if name not in failing and all(map(can_fail, nodes))
    }:
        failing |= added
    assert "test_every_test_can_fail" in failing
    assert [name for name in functions if name.startswith("test_") and name not in failing] == []
