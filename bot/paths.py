"""A path as somebody typed or set it."""

from __future__ import annotations

from pathlib import Path


def path_of(given: str) -> Path:
    """`~` is this user's home and `~jane` hers; where there is none, the name stands as it is."""
    try:
        return Path(given).expanduser()
    except RuntimeError:
        return Path(given)
