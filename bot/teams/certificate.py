"""The bot's own token by a certificate, where a hospital allows no secret in its place.

Microsoft's library for it signs with the private key that lies on this machine; only the public half was ever
uploaded. A stand-in for tests is asked in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from msal import ConfidentialClientApplication
from requests.adapters import HTTPAdapter

from bot.paths import path_of

MICROSOFT = "https://login.microsoftonline.com"
TIMEOUT = 5.0  # seconds
_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S)


def wrong_with(path: str, now: datetime) -> str:
    """Why no token can be asked for with this file, in words that follow its variable; else empty."""
    try:
        content = path_of(path).read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    try:
        certificate = x509.load_pem_x509_certificate(content)
        key = _private_key(content)
    except (ValueError, TypeError):
        return "wants a PEM file with the certificate and its private key, the key without a passphrase"
    if key.public_key() != certificate.public_key():
        return "holds a private key that is not the certificate's"
    end = certificate.not_valid_after_utc
    return f"ended on {end:%Y-%m-%d}: make another, and upload it" if end <= now else ""


def end_of(path: str) -> date | None:
    """The day on which it ends; None where it cannot be read."""
    try:
        content = path_of(path).read_bytes()
        return x509.load_pem_x509_certificate(content).not_valid_after_utc.date()
    except (OSError, ValueError):
        return None


def tokens(path: str, client_id: str, login_url: str) -> Callable[[str, str], str]:
    """What asks for the bot's own token: of Microsoft, or of the stand-in at `login_url`. Raises OSError and
    ValueError."""
    clients: dict[str, Any] = {}

    def token(scope: str, tenant: str) -> str:
        if tenant not in clients:
            clients[tenant] = _client(path_of(path), client_id, tenant, login_url)
        given = clients[tenant].acquire_token_for_client([scope])
        if "access_token" not in given:
            raise ValueError("no token by the certificate")
        return str(given["access_token"])

    return token


def _client(path: Path, client_id: str, tenant: str, login_url: str) -> Any:
    content = path.read_bytes()
    public = x509.load_pem_x509_certificate(content).public_bytes(Encoding.PEM)
    key = _private_key(content).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ConfidentialClientApplication(
        client_id,
        authority=f"{MICROSOFT}/{tenant}",
        client_credential={"private_key": key.decode(), "public_certificate": public.decode()},
        **({"http_client": _asking(login_url)} if login_url else {"timeout": TIMEOUT}),
    )


def _private_key(content: bytes) -> Any:
    """Of a file that holds the certificate too, in any order. Raises ValueError and TypeError."""
    found = _KEY.search(content)
    return load_pem_private_key(found[0] if found else content, None)


def _asking(login_url: str) -> requests.Session:
    """A session that asks the stand-in whatever Microsoft's login is asked."""
    session = requests.Session()
    session.trust_env = False
    session.mount(MICROSOFT, _Instead(login_url))
    return session


class _Instead(HTTPAdapter):
    def __init__(self, login_url: str) -> None:
        super().__init__()
        self._there = urlsplit(login_url)

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        asked = urlsplit(str(request.url))
        request.url = urlunsplit((self._there.scheme, self._there.netloc, asked.path, asked.query, ""))
        return super().send(request, *args, **{**more, "timeout": TIMEOUT})
