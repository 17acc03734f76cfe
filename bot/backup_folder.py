"""Backups by the clock: one after another in a folder, a second copy in another, the oldest taken away."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.usage import Usage

NAME = re.compile(r"irmer-\d{8}T\d{6}Z\.sqlite")  # ours; what else lies there is nobody's to take away


def make(
    write: Callable[[Path], str], folder: Path, *, keep: int | None, also: Path | None, now: datetime
) -> Iterator[str]:
    """A line for each thing done. `write` makes a verified copy and says what is in it; `keep`: how many stay
    in each folder, all where None. Raises Usage; what was made before stays."""
    path = folder / f"irmer-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite"
    for one in (folder, *([also] if also else [])):
        if not one.is_dir():
            raise Usage(f"{one} is no folder that is there: backups by --keep and --also go into folders")
    if also and also.resolve() == folder.resolve():
        raise Usage(f"{also} is the same folder: a second copy belongs in another place")
    yield write(path)
    if also:
        _copy(path, also / path.name)
        yield f"{also / path.name}: the same, byte for byte"
    for one in (folder, *([also] if also else [])):
        if keep is not None and (gone := _prune(one, keep)):
            yield f"{one}: the {keep} latest stay, {gone} older taken away"


def _copy(path: Path, to: Path) -> None:
    """Whole or not at all, and read once more."""
    partial = to.with_name(f"{to.name}.partial")
    try:
        handle = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with path.open("rb") as source, os.fdopen(handle, "wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        if _digest(partial) != _digest(path):
            raise Usage(f"{to} does not hold what was copied to it: look at that disk")
        partial.rename(to)
    except OSError as error:
        raise Usage(f"{to} cannot be written: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _prune(folder: Path, keep: int) -> int:
    """How many went. Their names hold the time, so the order of the names is that of their making."""
    ours = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    for path in ours[:-keep]:
        path.unlink()
    return len(ours[:-keep])
