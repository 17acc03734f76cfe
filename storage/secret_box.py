"""Secrets sealed for the database, by keys that lie outside of it.

Each text that is sealed holds, beside the secret, which connection's it is and what it is called: put into
another row it is refused, which the cipher alone would not notice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from storage.errors import Duplicate, StoreError
from storage.file import write_privately

LENGTH = 44  # characters of a key
LINE = f"a key of {LENGTH} characters a line, as irmer secrets new-key makes it"


class CannotUnseal(StoreError):
    """A secret that none of the keys opens, or that is another row's."""


class SecretBox:
    """The first key seals, each of them opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises StoreError, which repeats nothing of a key."""
        from cryptography.fernet import Fernet, MultiFernet  # 50 ms, which nothing else needs

        if not keys:
            raise StoreError(f"the file of keys for secrets holds none: it wants {LINE}")
        try:
            self._cipher = MultiFernet([Fernet(key) for key in keys])
            whole = all(len(key) == LENGTH for key in keys)  # what reads them would leave the rest of it out
        except (ValueError, TypeError):
            whole = False
        if not whole:
            raise StoreError(f"the file of keys for secrets wants {LINE}")
        self._ids = tuple(map(_id_of, keys))

    @classmethod
    def of(cls, text: str) -> SecretBox:
        """Of what a file of keys holds. Raises StoreError."""
        return cls([line.strip() for line in text.splitlines() if line.strip()])

    def __repr__(self) -> str:
        return f"SecretBox({', '.join(self._ids)})"

    @property
    def key_id(self) -> str:
        """Of the key that seals: eight hexadecimal digits of its hash."""
        return self._ids[0]

    def knows(self, key_id: str) -> bool:
        return key_id in self._ids

    def seal(self, connection: str, name: str, value: str) -> str:
        return self._cipher.encrypt(json.dumps([connection, name, value]).encode()).decode()

    def open(self, connection: str, name: str, sealed: str) -> str:
        """Raises CannotUnseal."""
        from cryptography.fernet import InvalidToken  # 50 ms, as above

        try:
            found = json.loads(self._cipher.decrypt(sealed.encode()))
        except (InvalidToken, ValueError):
            raise CannotUnseal(f"{name} of {connection} is sealed by a key that is not there") from None
        if not isinstance(found, list) or found[:2] != [connection, name]:
            raise CannotUnseal(
                f"{name} of {connection} was sealed for another row and put there: connect it again"
            )
        return str(found[2])


def new_key(path: Path) -> str:
    """A key put before those that a file holds, which is made where there is none, for its owner alone. Its
    id. Raises StoreError."""
    from cryptography.fernet import Fernet  # 50 ms, as above

    key = Fernet.generate_key().decode()
    beside = path.with_name(f"{path.name}.new")
    try:
        before = path.read_text(encoding="ascii") if path.exists() else ""
        if before.strip():
            SecretBox.of(before)
        path.parent.mkdir(parents=True, exist_ok=True)
        owner = path if path.exists() else path.parent
        write_privately(beside, f"{key}\n{before}".encode("ascii"), owner=owner)
        beside.replace(path)
    except FileExistsError:
        raise Duplicate(f"{beside} is there: another key is being made, or take it away") from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise StoreError(f"the file of keys {path} cannot be written: {why}") from None
    return _id_of(key)


def _id_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:8]
