"""What boots the units elsewhere: it follows the page as it stands, and says what it lacks."""

import ast
import os
import shutil
from pathlib import Path

import pytest

from tools.service import __main__ as service

INSIDE = Path(service.__file__).parent / "inside.py"


def test_the_lines_of_the_page_are_what_it_runs() -> None:
    lines = service.steps()
    assert lines[0] == "python3 -m venv /opt/irmer"
    assert "--require-hashes" in lines[1]
    for line in lines:
        for word in line.split():
            if word.startswith(("ops/", "locks/")):
                assert list(service.ROOT.glob(word)), word


def test_where_it_cannot_be_run_it_says_why_and_that_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert service.main() == 0
    assert capsys.readouterr().out.startswith("Skipped: it needs root")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert service.main() == 0
    assert capsys.readouterr().out == "Skipped: there is no debootstrap and no systemd-nspawn here.\n"


def test_what_runs_inside_needs_nothing_but_python_and_says_of_each_step_what_is_to_be_seen() -> None:
    tree = ast.parse(INSIDE.read_text())
    steps = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any(isinstance(d, ast.Name) for d in node.decorator_list)
    ]
    assert len(steps) >= 12
    assert all(ast.get_docstring(step) for step in steps)
