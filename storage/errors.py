"""What can go wrong in the store, each in one clear line that may be shown to a user as it stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


class StoreError(Exception):
    """Anything the store refuses or cannot do. `str()` is one line: what is wrong and what is wanted."""


class NotFound(StoreError):
    """No such record, case, deadline or message for this tenant; another tenant's looks the same."""


class Invalid(StoreError):
    """The value cannot be stored: a naive time, something that is not JSON, an empty reason."""


class Damaged(StoreError):
    """Somebody else wrote into the file: this one row cannot be read, the others can."""


class OutOfOrder(StoreError):
    """A step that the case's state does not allow."""


class Conflict(StoreError):
    """Somebody acted first. `did`, `by` and `at` tell what, who (display name, or id) and when."""

    def __init__(self, message: str, *, did: str = "", by: str = "", at: datetime | None = None) -> None:
        super().__init__(message)
        self.did, self.by, self.at = did, by, at


class Duplicate(StoreError):
    """The same thing again. `result` is what the first made: a record number, a case reference, or ""."""

    def __init__(self, message: str, *, result: str = "") -> None:
        super().__init__(message)
        self.result = result


class CannotOpen(StoreError):
    """The file cannot be used at all."""


class NotADatabase(CannotOpen):
    """The file is no SQLite database, a damaged one, or another program's."""


class NewerSchema(CannotOpen):
    """A later version of this program wrote the file."""


class OlderSchema(StoreError):
    """An earlier version of this program wrote the file, which is read as it is and not written to."""


def not_written_to(path: Path, older: str) -> OlderSchema:
    return OlderSchema(
        f"{path} is of an earlier release ({older}), and nothing is written to it until irmer migrate has "
        "brought it up to date"
    )


def no_text() -> Invalid:
    """Half of a character, or one that ends a text: no database holds it."""
    return Invalid("a text has a character in it that is none: leave it out")


def closed(path: Path) -> StoreError:
    return StoreError(
        f"{path} was copied to a server and is closed: give that one's address (IRMER_DATABASE); it can "
        "still be looked at, and nothing is written to it"
    )


def moved_away(path: Path) -> CannotOpen:
    return CannotOpen(
        f"{path} is not the file any more that was opened: it was moved, deleted or replaced meanwhile, and "
        "nothing is kept; see to it that the right one is there, and start irmer serve anew"
    )


class InUse(CannotOpen):
    """Another process has the file open, and what is to be done to it wants it alone."""


class ReadOnly(StoreError):
    """The file or its directory cannot be written to."""


class DiskFull(StoreError):
    """No space left, or the disk fails. Nothing was written; the next write is tried afresh."""


class Busy(StoreError):
    """Another process held the file for longer than the time-out."""


class ServerGone(StoreError):
    """The database server cannot be reached, or went away. Nothing was written; the next write is tried
    afresh."""


class Unsettled(StoreError):
    """The server went away while a write was being committed: it may be kept or not."""
