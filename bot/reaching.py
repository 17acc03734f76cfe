"""Why a host was not reached, in words that say whose it is to mend: one place for every library that asks.

Each library wraps what went wrong in errors of its own; beneath them lie the same few. Everything else keeps
its name.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator

_PROXY = re.compile(r"\b(40[0-9]|50[0-9])\b")


def why_not_reached(error: BaseException) -> str:
    """`its certificate is not trusted here (self-signed certificate in certificate chain)`; never an address,
    nor what was sent."""
    chain = list(_beneath(error))
    for one in chain:
        if type(one).__name__ in ("ClientHttpProxyError", "ProxyError", "ClientProxyConnectionError"):
            return _by_proxy(one, chain)
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError) and hasattr(one, "verify_message"):
            return f"its certificate is not trusted here ({one.verify_message})"
        if isinstance(one, ssl.SSLError) and getattr(one, "reason", None):
            return f"no TLS could be agreed on ({one.reason})"
        if isinstance(one, socket.gaierror):
            return "no address is found for it"
        if isinstance(one, ConnectionRefusedError):
            return "it refuses the connection"
        if isinstance(one, OSError) and one.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            return "no way leads there from this machine"
    if any(isinstance(one, TimeoutError) or "Timeout" in type(one).__name__ for one in chain):
        return "no answer in time"
    return type(error).__name__


def _by_proxy(error: BaseException, chain: list[BaseException]) -> str:
    status = getattr(error, "status", None) or _status_in(chain)
    if status == 407:
        return "the proxy wants a name and a password (407)"
    if status:
        return f"the proxy refuses it ({status})"
    return "the proxy cannot be reached"


def _status_in(chain: list[BaseException]) -> int | None:
    for one in chain:
        by_proxy = "unnel" in str(one) or type(one).__name__ == "ProxyError"
        if by_proxy and (found := _PROXY.search(str(one))):
            return int(found[1])
    return None


def _beneath(error: BaseException) -> Iterator[BaseException]:
    """An error, and what it was made of: by cause, context, argument, or as aiohttp and requests keep it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [
                one.__cause__, one.__context__, *one.args,
                *(getattr(one, name, None) for name in ("os_error", "certificate_error", "reason")),
            ]  # fmt: skip
