"""Where `irmer serve` is to listen, as it is set or typed."""

from __future__ import annotations

import ipaddress

from bot.environment import wrong

HIGHEST_PORT = 65535
Address = tuple[str, int]


def one_host(given: str) -> str:
    """Raises ValueError, as the others do: what is wanted."""
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        raise wrong("wants an address of this machine: 127.0.0.1, or 0.0.0.0 for all it has") from None


def one_port(given: str) -> int:
    if not (given.isascii() and given.isdecimal()) or int(given[:6]) > HIGHEST_PORT:
        raise wrong(f"wants a number from 0 to {HIGHEST_PORT}")
    return int(given)


def one_address(given: str) -> Address:
    """`9090`, on this machine alone, or `0.0.0.0:9090`."""
    address, _, port = given.rpartition(":")
    try:
        where = str(ipaddress.ip_address(address.strip("[]") or "127.0.0.1"))
    except ValueError:
        raise wrong("wants a port, or an address and a port: 9090, 0.0.0.0:9090") from None
    return where, one_port(port)
