"""The hosts that the bot asks, and whether they can be reached from here: `irmer doctor --network`.

Each is asked by a connection and a TLS handshake, by the proxy that the environment names; nothing is sent
to it, and no token.
"""

from __future__ import annotations

import base64
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.reaching import why_not_reached

PORT, WITHIN = 443, 10.0  # seconds


class Host(NamedTuple):
    """`name` is asked; `also` has to be let out beside it, since the platform names hosts as it goes."""

    name: str
    platform: str
    why: str
    also: str = ""


HOSTS = (
    Host("slack.com", "slack", "Slack's Web API: what is read and posted"),
    Host(
        "wss-primary.slack.com",
        "slack",
        "Slack's Socket Mode",
        "*.slack.com: Slack names the host at run time",
    ),
    Host("hooks.slack.com", "slack", "Slack's answers to a press or a command"),
    Host("files.slack.com", "slack", "Slack's place for files: papers and pictures"),
    Host("login.botframework.com", "teams", "the keys that requests from Teams are signed by"),
    Host("login.microsoftonline.com", "teams", "the bot's own token for Teams"),
    Host(
        "smba.trafficmanager.net",
        "teams",
        "Teams' Connector: what is posted",
        "*.sharepoint.com: where papers are put",
    ),
)
PLATFORMS = frozenset(host.platform for host in HOSTS)


def by_the_systems_certificates() -> None:
    """Every library trusts what this machine trusts, or SSL_CERT_FILE names: once, before any is imported.
    Where `truststore` is not installed, each goes by its own list."""
    try:
        import truststore  # an extra, which need not be installed
    except ImportError:
        return
    truststore.inject_into_ssl()


class ProxyError(OSError):
    """The proxy says no, with `status`; or is not reached, without one. `why_not_reached` has the words."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__(f"Tunnel connection failed: {status}")
        self.status = status


def looked_at(platforms: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """A line for each host of these platforms, and whether it was reached."""
    for host in HOSTS:
        if host.platform in platforms:
            began = time.monotonic()
            try:
                way, issuer = _asked(host.name)
            except OSError as error:
                yield f"{host.name}: {_why(host.name, error)}", False
            else:
                took = (time.monotonic() - began) * 1000
                yield f"{host.name}: reached {way} in {took:.0f} ms, its certificate by {issuer}", True


def _why(name: str, error: OSError) -> str:
    why = why_not_reached(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        maker = _untrusted_issuer(name)
        return f"{why}; it was made by {maker}: set SSL_CERT_FILE to a file with its authority's"
    return why


def _asked(name: str) -> tuple[str, str]:
    """How it was reached, and who issued its certificate. Raises OSError."""
    way, connection = _connected(name)
    with (
        closing(connection),
        ssl.create_default_context().wrap_socket(connection, server_hostname=name) as tls,
    ):
        parts = dict(part[0] for part in (tls.getpeercert() or {}).get("issuer", ()))  # type: ignore[misc]
        return way, str(
            parts.get("organizationName") or parts.get("commonName") or "an authority without a name"
        )


def _connected(name: str) -> tuple[str, socket.socket]:
    """Raises OSError; ProxyError where a proxy says no, or is not there."""
    proxy = getproxies().get("https", "")
    if not proxy or proxy_bypass(name):
        return "directly", socket.create_connection((name, PORT), WITHIN)
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    try:
        connection = socket.create_connection((parts.hostname or "", parts.port or 80), WITHIN)
    except OSError as error:
        raise ProxyError from error
    try:
        who = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
        given = f"Proxy-Authorization: Basic {base64.b64encode(who.encode()).decode()}\r\n" if who else ""
        connection.sendall(f"CONNECT {name}:{PORT} HTTP/1.1\r\nHost: {name}:{PORT}\r\n{given}\r\n".encode())
        status = _status(connection)
        if status != 200:
            raise ProxyError(status)
    except OSError:
        connection.close()
        raise
    return "by the proxy", connection


def _status(connection: socket.socket) -> int:
    """Of the proxy's answer, read to its end and no further."""
    answer = b""
    while not answer.endswith(b"\r\n\r\n") and len(answer) < 16_384:
        more = connection.recv(1)
        if not more:
            break
        answer += more
    first = answer.split(b"\r\n")[0].split()
    return int(first[1]) if len(first) > 1 and first[1].isdigit() else 0


def _untrusted_issuer(name: str) -> str:
    from cryptography import x509  # 50 ms, where something is wrong

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        _, connection = _connected(name)
        with closing(connection), context.wrap_socket(connection, server_hostname=name) as tls:
            given = tls.getpeercert(binary_form=True)
    except OSError as error:
        return f"nobody knows whom ({why_not_reached(error)})"
    return x509.load_der_x509_certificate(given or b"").issuer.rfc4514_string()
