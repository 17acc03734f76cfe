"""What `make mutants` knows of the rules is so: their modules and tests, and the functions of its reasons."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.mutants.__main__ import DATA, TESTS
from tools.mutants.report import reasons

ROOT = Path(__file__).parents[2]
MODULES = {path.stem: path for path in (ROOT / "rules").glob("*.py") if path.stem != "__init__"}


def functions() -> Iterator[str]:
    def inside(node: ast.Module | ast.ClassDef, name: str) -> Iterator[str]:
        for one in node.body:
            if isinstance(one, ast.FunctionDef):
                yield f"{name}.{one.name}"
            elif isinstance(one, ast.ClassDef):
                yield from inside(one, f"{name}.{one.name}")

    for name, path in MODULES.items():
        yield from inside(ast.parse(path.read_text(encoding="utf-8")), name)


def test_every_module_of_the_rules_is_tried_or_is_data() -> None:
    assert sorted([*TESTS, *DATA]) == sorted(MODULES)


def test_the_tests_that_ought_to_notice_are_there() -> None:
    wanted = {name for names in TESTS.values() for name in names}
    assert [name for name in wanted if not (ROOT / f"tests/rules/test_{name}.py").exists()] == []


def test_every_reason_is_of_a_function_that_there_is() -> None:
    there = [*functions()]
    patterns = {each["of"] for each in reasons() if "of" in each}
    assert [one for one in patterns if not any(re.fullmatch(one, name) for name in there)] == []


def test_the_report_names_modules_that_there_are() -> None:
    report = (ROOT / "docs/mutants.md").read_text(encoding="utf-8")
    named = {*re.findall(r"^\| (\w+) \|", report, re.M)} - {"module"}
    assert named <= {*TESTS}
