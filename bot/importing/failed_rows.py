"""Beside a file of which rows fail, a list of them: `FILE.failed.csv`, its owner's alone, whole or not there.
What somebody else keeps under that name is left as it is."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

_HEAD = ("row", "why")


def list_failed(path: Path, failed: Sequence[tuple[int, str]]) -> str:
    """The numbers of the rows and why they fail, and nothing of what stands in them. Says where."""
    file = _beside(path)
    if os.path.lexists(file) and not _is_ours(file):
        return f"the rows that fail are not listed: {file} is no such list, so move it away and try again"
    made = ""
    try:
        handle, made = tempfile.mkstemp(prefix=".irmer-", dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([_HEAD, *failed])
        os.replace(made, file)  # noqa: PTH105  (and no link of that name is followed)
    except OSError as error:
        if made:
            Path(made).unlink(missing_ok=True)
        return f"the rows that fail are not listed: {file} cannot be written ({error.strerror})"
    return f"the rows that fail: {file}"


def no_longer_failing(path: Path) -> str:
    """The list of an earlier run is taken away: beside a file of which all came in, it would be taken for
    what is still to be done. A line that says so, or nothing."""
    file = _beside(path)
    if not _is_ours(file):
        return ""
    try:
        file.unlink()
    except OSError:  # it is to stay
        return ""
    return f"no row fails any more: {file} of an earlier run was removed"


def _is_ours(file: Path) -> bool:
    if file.is_symlink():
        return False
    try:
        with file.open("rb") as was:
            return was.readline(100).rstrip() == ",".join(_HEAD).encode()
    except OSError:  # there is none, or it is nobody's to be read
        return False


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}.failed.csv")
