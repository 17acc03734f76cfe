"""A hospital's network at the far end of real sockets: a proxy that has to be asked, an authority of its own,
and hosts of those names behind it.

Nothing leaves the machine: the proxy leads every name to a port here, or refuses it.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

MOST = 16_384


@dataclass
class Authority:
    """What inspects TLS in a hospital: a root of its own, and a certificate by it for some names."""

    folder: Path
    names: tuple[str, ...]
    organisation: str = "Hospital Inspecting Proxy"

    def __post_init__(self) -> None:
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organisation)])
        made = self._made(root, root, root_key, root_key, ca=True)
        self.file = self.folder / "authority.pem"
        self.file.write_bytes(made.public_bytes(Encoding.PEM))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.names[0])])
        of_host = self._made(name, root, key, root_key, ca=False)
        chain = self.folder / "host.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain.write_bytes(of_host.public_bytes(Encoding.PEM) + private)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)

    def _made(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey, *, ca: bool,
    ) -> x509.Certificate:  # fmt: skip
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
        )
        if ca:
            usage = dict.fromkeys(
                ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                 "key_agreement", "encipher_only", "decipher_only"), False,
            )  # fmt: skip
            builder = builder.add_extension(
                x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True
            )
        else:
            names = x509.SubjectAlternativeName([x509.DNSName(one) for one in self.names])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(signer, hashes.SHA256())


@dataclass
class Proxy:
    """`leads` says to which port here a name goes; all others are refused."""

    leads: dict[str, int] = field(default_factory=dict)
    password: str = ""  # `name:password`, where one is wanted
    asked: list[str] = field(default_factory=list)

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://{self.password + '@' if self.password else ''}127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, *_ = head.split()
            self.asked.append(target)
            wanted = base64.b64encode(self.password.encode()).decode()
            name, _, _ = target.partition(":")
            if self.password and f"basic {wanted}".lower() not in head.lower():
                writer.write(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"
                )
            elif method != "CONNECT" or name not in self.leads:
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            else:
                there = await asyncio.open_connection("127.0.0.1", self.leads[name])
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))
            await writer.drain()
        writer.close()


@dataclass
class Inspected:
    """TLS in front of a port that speaks without it: a host of one of the authority's names."""

    authority: Authority
    behind: int = 0  # where nothing is behind it, the handshake is all that there is

    async def __aenter__(self) -> Inspected:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.authority.context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if self.behind:
                there = await asyncio.open_connection("127.0.0.1", self.behind)
                await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))
            else:
                await reader.read(MOST)
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(MOST):
            writer.write(data)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.close()
