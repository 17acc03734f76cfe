"""What the readme says of the program is so."""

import re
from pathlib import Path

import pytest

from bot.core.commands import knows

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^\| `([a-z]+)[^|]*\|", README, re.M)


def test_the_readme_lists_commands() -> None:
    assert {"check", "threshold", "case", "cases", "due", "settings", "help"} <= set(COMMANDS)


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_of_the_readme_is_one(command: str) -> None:
    assert knows(command)


@pytest.mark.parametrize("target", re.findall(r"\]\(([^):]+)\)", README))
def test_every_page_and_picture_of_the_readme_is_there(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:`|    )make ([a-z-]+)", README))))
def test_every_make_target_of_the_readme_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.M)


def test_every_make_target_that_is_offered_runs_whatever_lies_beside_the_makefile() -> None:
    """`make mutants` makes a folder of that name, and has to run again."""
    makefile = (ROOT / "Makefile").read_text()
    offered = re.findall(r"^([a-z0-9-]+):.* ## ", makefile, re.M)
    assert "mutants" in offered
    assert {*offered} <= {*makefile.partition(".PHONY:")[2].splitlines()[0].split()}
