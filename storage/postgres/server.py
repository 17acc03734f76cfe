"""A PostgreSQL server: how it is reached, and what it says when something is wrong, in words of ours. The one
place that imports psycopg, an extra that need not be installed.

The address holds a password as a rule, so it is shown without one, and nothing of what the server says is
repeated: it may hold a row's values.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from storage.errors import (
    Busy,
    CannotOpen,
    Conflict,
    DiskFull,
    ReadOnly,
    ServerGone,
    StoreError,
    Unsettled,
    no_text,
)

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool

OLDEST = 150000  # views that heed the rights of whoever reads them
SCHEMES = ("postgresql://", "postgres://")
# Seconds. A server that does not answer is told of while somebody waits; a lock is waited for by others.
CONNECT, LOCK, IDLE, LIFETIME, LONGEST = 5, 10, 30, 3600, 600
AT_ONCE = 8  # connections of one process
MISSING = "PostgreSQL wants the extra postgres: pip install 'irmer-bot[postgres]'"


class ServerAddress:
    """Where the database is. `str()` shows no password."""

    def __init__(self, address: str) -> None:
        """Raises CannotOpen, which repeats nothing of the address."""
        self.address = address
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise CannotOpen(WANTED) from None
        if not address.startswith(SCHEMES) or not parts.path.strip("/"):
            raise CannotOpen(WANTED)
        self.has_password = bool(parts.password) or bool(re.search(r"[?&]password=", address))
        where = f"[{host}]" if ":" in host else host
        self.name = parts.path.strip("/")
        self._shown = f"postgresql://{where}{f':{port}' if port else ''}{parts.path}"

    def __str__(self) -> str:
        return self._shown

    def __repr__(self) -> str:
        return f"ServerAddress({self._shown})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ServerAddress) and other.address == self.address

    def __hash__(self) -> int:
        return hash(self.address)


WANTED = "the address of a PostgreSQL database is like postgresql://USER@HOST/DATABASE"


def is_address(text: str) -> bool:
    return text.startswith(SCHEMES)


class _ToldByUs(logging.Filter):
    """What ends a pipeline whose connection is lost is raised as well, and told in a line of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("error ignored terminating")


def connect(server: ServerAddress) -> psycopg.Connection[tuple[Any, ...]]:
    """One connection beside the pool's, for what takes long. Raises StoreError."""
    psycopg = _psycopg()
    with translated(server):
        return psycopg.connect(server.address, **_settings())  # type: ignore[no-any-return]


def pool(server: ServerAddress) -> ConnectionPool[psycopg.Connection[tuple[Any, ...]]]:
    """Raises StoreError. A connection is looked at before it is given out: the server may have begun anew."""
    psycopg_pool = _psycopg(pool=True)
    made: ConnectionPool[psycopg.Connection[tuple[Any, ...]]] = psycopg_pool.ConnectionPool(
        server.address, kwargs=_settings(), min_size=0, max_size=AT_ONCE, num_workers=1,
        check=psycopg_pool.ConnectionPool.check_connection, max_lifetime=LIFETIME, max_idle=LIFETIME / 6,
        timeout=LOCK, reconnect_timeout=CONNECT, open=False, name="irmer",
    )  # fmt: skip
    made.open()
    return made


def _psycopg(*, pool: bool = False) -> Any:
    try:
        if pool:
            import psycopg_pool  # an extra, which need not be installed

            return psycopg_pool
        import psycopg  # an extra, as above

        logging.getLogger("psycopg").addFilter(_TOLD)
    except ImportError:
        raise CannotOpen(MISSING) from None
    return psycopg


_TOLD = _ToldByUs()


def _settings() -> dict[str, Any]:
    """No statement is prepared: a pooler between may give the next transaction to another connection, and a
    column that is added breaks what was prepared before."""
    return {
        "autocommit": True, "prepare_threshold": None, "connect_timeout": CONNECT,
        "tcp_user_timeout": 1000 * LOCK, "application_name": "irmer", "client_encoding": "utf8",
    }  # fmt: skip


# What passes by itself, by the code that the server gives; whatever is in neither list is told as it is.
_GONE = frozenset({"57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08004", "08006"})
_BUSY = frozenset({"55P03", "40001", "40P01", "57014", "25P03", "53200", "53400"})


@contextmanager
def translated(server: ServerAddress, *, committing: bool = False) -> Iterator[None]:
    """psycopg's errors as ours."""
    psycopg = _psycopg()
    try:
        yield
    except (psycopg.Error, UnicodeEncodeError) as error:
        raise _ours(psycopg, server, error, committing) from None
    except _psycopg(pool=True).PoolTimeout:
        raise _gone(server) from None


def _ours(psycopg: Any, server: ServerAddress, error: Exception, committing: bool) -> StoreError:
    code = str(getattr(error, "sqlstate", None) or "")
    if isinstance(error, UnicodeEncodeError) or (isinstance(error, psycopg.DataError) and not code):
        return no_text()
    if code in _GONE or (not code and isinstance(error, psycopg.OperationalError)):
        if committing:
            return Unsettled(
                f"{server} went away at the very end of a change, and it is not known whether that was kept: "
                "look before it is done again"
            )
        return _gone(server)
    if code == "23505":
        return Conflict("somebody did the same at this very moment: look at it again first")
    if code in _BUSY:
        return Busy(f"{server} was held by somebody else for too long: nothing was changed; try again")
    if code.startswith("28") or code == "3D000":
        return CannotOpen(f"{server} lets this user not in, or has no such database: look at the address")
    if code in ("53100", "58030"):
        return DiskFull(f"{server} has no space left: nothing was changed; make space and try again")
    if code == "25006":
        return ReadOnly(f"{server} can only be read, as a standby can: give the address of the primary")
    if code == "42501":
        return ReadOnly(f"{server} refused this to the user of the address: see irmer migrate for the rights")
    if code in ("42P01", "3F000", "42703"):
        return CannotOpen(f"{server} lacks a table or a column of this release: run irmer migrate")
    return StoreError(f"{server}: an error that it calls {code or type(error).__name__}; nothing was changed")


def _gone(server: ServerAddress) -> ServerGone:
    return ServerGone(f"{server} cannot be reached, or went away: nothing was changed; try again")
