"""Which release of the program this is: what it keeps says so."""

from __future__ import annotations

from functools import cache

DISTRIBUTION = "irmer-bot"


@cache
def program_version() -> str:
    """Of the installed program, such as 0.1.0; empty where it was not installed but copied."""
    from importlib.metadata import PackageNotFoundError, version  # 22 ms, which a look-up does without

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return ""


def as_numbers(release: str) -> tuple[int, ...]:
    """0.1.0 as 0, 1, 0, to be compared; empty where it is no release."""
    parts = release.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
