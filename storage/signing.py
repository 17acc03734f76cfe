"""The key that checkpoints are signed with, and what signs them. It lies in a file outside the database, and
is needed for nothing else: whoever has only the public part can check what was signed."""

from __future__ import annotations

import os
import re
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from storage.checkpoints import Checkpoint, Signed, origin_of
from storage.errors import Duplicate, StoreError
from storage.file import write_privately

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"  # of the algorithms of a signed note
_PEM = re.compile(r"-----BEGIN (PRIVATE|PUBLIC) KEY-----.*?-----END \1 KEY-----", re.S)
_PUBLIC = re.compile(r"^(\S+)\+([0-9a-f]{8})\+(\S+)$", re.M)
PATIENCE = 2.0  # seconds for a file that may lie on another machine


def make_key(path: Path) -> None:
    """A new one, that its owner alone can read. Raises Duplicate where there is a file already."""
    # 50 ms, which nothing else in the store needs.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_privately(path, pem, owner=path.parent)
    except FileExistsError:
        raise Duplicate(f"{path} is there already, and a key is never written over") from None
    except OSError as error:
        raise StoreError(f"the key {path} cannot be written: {error.strerror}") from None


class SigningKeys:
    """Those of a file: the private key, if it is in it, and public ones, as PEM or as `NAME+ID+BASE64`: those
    of before, which older checkpoints are signed with."""

    def __init__(self, private: Ed25519PrivateKey | None, public: Iterable[Ed25519PublicKey]) -> None:
        self._private = private
        self._public = (*((private.public_key(),) if private else ()), *public)

    @classmethod
    def of(cls, path: Path) -> SigningKeys:
        """Raises StoreError."""
        # 50 ms, as above.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise StoreError(
                f"there is no key {path}: irmer keys makes one, IRMER_KEYS says where it lies"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise StoreError(f"the key {path} cannot be read: {why}") from None
        found: list[object] = []
        try:
            for block in _PEM.finditer(text):
                pem = block[0].encode()
                found.append(
                    load_pem_private_key(pem, None) if block[1] == "PRIVATE" else load_pem_public_key(pem)
                )
            found += [
                Ed25519PublicKey.from_public_bytes(b64decode(line[3])[1:]) for line in _PUBLIC.finditer(text)
            ]
        except (ValueError, TypeError):
            raise StoreError(f"the key {path} is damaged: put back the copy that you kept of it") from None
        private = [one for one in found if isinstance(one, Ed25519PrivateKey)]
        public = [one for one in found if isinstance(one, Ed25519PublicKey)]
        if not (private or public):
            raise StoreError(f"{path} holds no Ed25519 key: irmer keys makes one")
        return cls(private[0] if private else None, (*(one.public_key() for one in private[1:]), *public))

    def sign(self, checkpoint: Checkpoint) -> Signed:
        if self._private is None:
            raise StoreError("only the public key is here, and what is to be signed needs the private one")
        key = _raw(self._private.public_key())
        made = _id(checkpoint.origin, key) + self._private.sign(checkpoint.text.encode())
        return Signed(checkpoint, f"{checkpoint.origin} {b64encode(made).decode()}")

    def signed(self, note: Signed) -> bool:
        from cryptography.exceptions import InvalidSignature  # 1 ms, with what is loaded already

        name, _, given = note.signature.partition(" ")
        try:
            made = b64decode(given, validate=True)
        except ValueError:
            return False
        for public in self._public:
            if name == note.checkpoint.origin and made[:4] == _id(name, _raw(public)):
                try:
                    public.verify(made[4:], note.checkpoint.text.encode())
                    return True
                except InvalidSignature:
                    continue
        return False

    def public(self, tenant: str) -> str:
        """As a signed note's verifier wants it, to be noted elsewhere."""
        name, key = origin_of(tenant), _raw(self._public[0])
        return f"{name}+{_id(name, key).hex()}+{b64encode(ED25519 + key).decode()}"


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def _id(name: str, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + key).digest()[:4]


class Witness:
    """Signs what stands at the end of a trail and adds it to a file. Without a key it does nothing; what
    keeps it from that, once there is one, is `trouble`, and never keeps anybody from their work."""

    def __init__(self, keys: Path, file: Path) -> None:
        self.keys, self.file = keys, file
        self.trouble = ""
        self._loaded: SigningKeys | None = None

    @property
    def ready(self) -> bool:
        return self.keys.exists()

    def sign(self, checkpoint: Checkpoint) -> Signed | None:
        if not self.ready:
            return None
        try:
            self._loaded = self._loaded or SigningKeys.of(self.keys)
            made = self._loaded.sign(checkpoint)
        except StoreError as problem:
            self.trouble = str(problem)
            return None
        self._add(made)
        return made

    def _add(self, made: Signed) -> None:
        """By a thread of its own: a file on another machine may keep whoever writes to it waiting."""
        done: list[str] = []

        def add() -> None:
            try:
                handle = os.open(self.file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
                try:
                    os.write(handle, f"{made.note}\n".encode())
                    os.fsync(handle)
                finally:
                    os.close(handle)
                done.append("")
            except OSError as error:
                done.append(error.strerror or str(error))

        adding = threading.Thread(target=add, daemon=True)
        adding.start()
        adding.join(PATIENCE)
        why = done[0] if done else "it takes too long"
        self.trouble = f"checkpoints cannot be added to {self.file}: {why}" if why else ""
