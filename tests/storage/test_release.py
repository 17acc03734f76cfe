import importlib.metadata
import tomllib
from pathlib import Path

import pytest

from storage import release

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_a_program_that_runs_from_its_source_says_which_release_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As `make run` does: what it keeps says so."""

    def not_installed(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", not_installed)
    said = tomllib.loads(PROJECT.read_text())["project"]["version"]
    assert release.program_version.__wrapped__() == said
    monkeypatch.setattr(release, "__file__", str(tmp_path / "storage" / "release.py"))
    assert release.program_version.__wrapped__() == ""
