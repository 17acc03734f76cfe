"""Which release of the program this is: what it keeps says so."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DISTRIBUTION = "irmer-bot"


@cache
def program_version() -> str:
    """Of the installed program, such as 0.1.0, or of the source that it runs from; empty where neither is."""
    from importlib.metadata import PackageNotFoundError, version  # 22 ms, which a look-up does without

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return _of_the_source(Path(__file__).parents[1] / "pyproject.toml")


def _of_the_source(project: Path) -> str:
    said = re.search(
        rf'^name = "{DISTRIBUTION}"\nversion = "(.+)"$', project.read_text() if project.exists() else "", re.M
    )
    return said[1] if said else ""


def as_numbers(release: str) -> tuple[int, ...]:
    """0.1.0 as 0, 1, 0, to be compared; empty where it is no release."""
    parts = release.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
