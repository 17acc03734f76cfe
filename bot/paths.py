"""A path as somebody typed or set it."""

from __future__ import annotations

import os
from pathlib import Path

from bot.usage import Usage


def path_of(given: str) -> Path:
    """`~` is this user's home and `~jane` hers; where there is none, the name stands as it is."""
    try:
        return Path(given).expanduser()
    except RuntimeError:
        return Path(given)


def file_of(given: str) -> Path:
    """Raises Usage where it is a folder."""
    path = path_of(given)
    if not path.name or os.path.isdir(path):  # noqa: PTH112 - unlike the method it raises nothing
        raise Usage(f"{path} is a folder: give the path of a file")
    return path
