"""The Containerfile: what makes an image that nobody has to trust blindly."""

import os
import re
import shutil
from pathlib import Path

import pytest

from bot.command_rows import ROWS
from tools.image import __main__ as image

TEXT = (Path(__file__).parents[2] / "Containerfile").read_text()
LINES = [line for line in re.sub(r"\\\n", " ", TEXT).splitlines() if line and not line.startswith("#")]


def said(word: str) -> list[str]:
    return [line.removeprefix(word).strip() for line in LINES if line.startswith(f"{word} ")]


def test_the_base_is_named_by_whoever_builds_and_never_the_latest() -> None:
    assert said("FROM") == ["${BASE} AS build", "${BASE}"]
    assert said("ARG") == ["BASE"]
    assert "latest" not in TEXT


def test_everything_comes_by_hash_and_nothing_from_a_network() -> None:
    installs = re.findall(r"pip install[^&]*", TEXT)
    assert len(installs) == 2
    assert all("--no-index" in one and "--no-deps" in one for one in installs)
    assert "--require-hashes" in installs[0]
    assert "ADD" not in TEXT
    assert not re.search(r"apt-get|curl|wget", TEXT)


def test_it_runs_as_nobody_in_particular_with_one_folder_of_its_own() -> None:
    (user,) = said("USER")
    assert user == "10001:10001"
    assert said("VOLUME") == ["/data"]
    assert said("STOPSIGNAL") == ["SIGTERM"]
    (health,) = said("HEALTHCHECK")
    assert "python3" in health
    (command,) = said("CMD")
    given = {word.strip('",')[2:] for word in command.split() if '"--' in word}
    assert given <= ROWS["serve"].options.keys()


def test_where_it_cannot_be_built_it_says_why_and_that_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "buildah" else name)
    assert image.main() == 0
    assert capsys.readouterr().out == "Skipped: there is no buildah here.\n"
