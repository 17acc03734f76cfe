"""The bytes of a file that is brought in, a piece at a time: of a file of any size no more than a piece is in
memory, and what is read of it later is what was read of it first."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from bot.usage import Usage

LARGEST = 256 * 1024 * 1024
PIECE = 1 << 20
_BEFORE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\v\f"  # blanks, and what says how a text is written


class SourceBytes:
    """`start` are its first four bytes; of `lines` it has one at least for each row."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Reads it once. Raises Usage."""
        self.name = path.name
        self.path, self._file = path, file
        self._pieces: list[bytes] = []
        self._hashed, self.start, self.lines, begins, size = hashlib.sha256(), b"", 1, b"", 0
        while piece := self._piece(len(self._pieces)):
            self.start = self.start or piece[:4]
            self._pieces.append(hashlib.sha256(piece).digest())
            self._hashed.update(piece)
            self.lines += piece.count(b"\n")
            begins, size = begins or piece.lstrip(_BEFORE)[:1], size + len(piece)
            if size > LARGEST:
                most = f"{LARGEST >> 20} MB is the most, so take it in parts"
                raise Usage(f"{self.name} has {_size(file) >> 20} MB: {most}")
        if not begins:
            raise Usage(f"{self.name} is empty")
        if begins == b"<":
            raise Usage(
                f"{self.name} is a web page, whatever its name says: save it as CSV UTF-8 and give that"
            )

    def code(self, beside: str) -> str:
        """By which the file is known, with what is said of how to read it."""
        hashed = self._hashed.copy()
        hashed.update(b"\0" + beside.encode())
        return hashed.hexdigest()[:12]

    def __iter__(self) -> Iterator[bytes]:
        """Raises Usage where it changed since."""
        for at, known in enumerate(self._pieces):
            piece = self._piece(at)
            if hashlib.sha256(piece).digest() != known:
                raise Usage(f"{self.name} was changed while it was read: try it again")
            yield piece

    def opened(self) -> BinaryIO:
        """From its beginning. Reading raises Usage where it changed since."""
        return io.BufferedReader(_Stream(iter(self)), PIECE)

    def whole(self) -> bytes:
        return b"".join(self)

    def _piece(self, at: int) -> bytes:
        try:
            self._file.seek(at * PIECE)
            return self._file.read(PIECE)
        except OSError as error:
            raise _unreadable(self.path, error) from None


class _Stream(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._left = self._left or memoryview(next(self._pieces, b""))
        count = min(len(into), len(self._left))
        into[:count], self._left = self._left[:count], self._left[count:]
        return count


@contextmanager
def source_bytes(path: Path) -> Iterator[SourceBytes]:
    """Raises Usage."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
    with file:
        yield SourceBytes(path, file)


def _size(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


def _unreadable(path: Path, error: OSError) -> Usage:
    return Usage(f"{path} cannot be read: {error.strerror or error}")
