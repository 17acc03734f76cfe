"""How the irmer command was called, and what its commands stand on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.usage import Usage

if TYPE_CHECKING:
    from pathlib import Path

    from storage.databases import Database
    from storage.postgres.server import ServerAddress  # 3 ms, as above
    from storage.signing import Witness
    from storage.store import Store


class Call:
    """What was typed: a command, the words after it, and options by name."""

    def __init__(self, command: str, words: list[str], options: Mapping[str, str]) -> None:
        self.command, self.words, self.options = command, words, options

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def nothing_more(self) -> None:
        if self.words:
            raise Usage(f"irmer {self.command} takes no words: see irmer {self.command} --help")

    def now(self) -> datetime:
        """UK time. Raises Usage."""
        from rules.deadlines import UK, uk_moment  # 3 ms of zones, which a look-up needs none of

        given = self.options.get("now")
        if given is None:
            return datetime.now(UK)
        try:
            return uk_moment(given)
        except ValueError:
            raise Usage("--now wants a date and time such as 2026-12-01T09:00") from None

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """What is set, by name, but for the secrets. Raises NotReady."""
        from bot.sources import settings_of  # 10 ms, which a look-up does without

        return settings_of(os.environ, secrets=False)

    @cached_property
    def all_settings(self) -> Mapping[str, str]:
        """What is set, by name. Raises NotReady."""
        from bot.sources import settings_of  # 10 ms, as above

        return settings_of(os.environ)

    def database(self) -> Database:
        """A file, or where it is on a server. Raises NotReady and Usage."""
        from bot.paths import file_of  # 3 ms, which a look-up does without
        from storage.postgres.server import is_address  # 3 ms, which a look-up does without

        given = self.options.get("database") or self.settings.get("IRMER_DATABASE")
        if given and is_address(given):
            return address_of(given, typed="database" in self.options and "--database")
        if given:
            path = file_of(given)
            if str(path).startswith("~"):
                raise Usage("nobody of that name has a home here: give the whole path of the database")
            return path
        return _data_folder() / "irmer.sqlite"

    def file(self) -> Path:
        """Of what only a file can be done to. Raises Usage where the database is on a server."""
        from pathlib import Path  # 3 ms, as above

        found = self.database()
        if not isinstance(found, Path):
            raise Usage(f"irmer {self.command} is for a database in a file, and not for {found}")
        return found

    def beside(self) -> Path:
        """The folder for what lies beside the database: on this machine, where the database is on a
        server."""
        from pathlib import Path  # 3 ms, as above

        found = self.database()
        return found.parent if isinstance(found, Path) else _data_folder()

    def is_there(self) -> bool:
        """Is there a database? Of one on a server whoever opens it is told. Raises Usage where this user may
        not look."""
        from pathlib import Path  # 3 ms, as above

        found = self.database()
        try:
            return not isinstance(found, Path) or found.exists()
        except OSError as error:
            raise Usage(f"{found} cannot be looked at: {error.strerror}") from None

    def witness(self) -> Witness:
        """What signs checkpoints, with the key that lies beside the database unless it is said where."""
        from bot.witnessed import witness_of  # 50 ms with the store, which a look-up does without

        return witness_of(self.beside() / self._called(), self.settings)

    def _called(self) -> str:
        from pathlib import Path  # 3 ms, as above

        found = self.database()
        return found.name if isinstance(found, Path) else f"{found.name}.postgresql"

    def brought_up_to_date(self, *, as_owner: bool = False) -> tuple[str, ...]:
        """What was done to a database of an earlier release, a line each. One on a server is its owner's to
        change, by irmer migrate. Raises Usage."""
        from pathlib import Path  # 3 ms, which a look-up does without

        from storage.databases import migrate_database  # 50 ms, as above
        from storage.errors import StoreError  # 3 ms, as above

        if not (as_owner or isinstance(self.database(), Path)):
            return ()
        try:
            return migrate_database(self.database(), now=self.now(), lists=as_owner)
        except StoreError as error:
            raise Usage(str(error)) from None
        except OSError as error:
            raise Usage(f"{self.database()} cannot be opened: {error.strerror}") from None

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open while the block lasts; that an earlier release's is read as it is, is said. Raises Usage for
        whatever the store raises."""
        # 50 ms, which a look-up does without.
        from storage.databases import open_database
        from storage.errors import StoreError  # 3 ms, as above

        try:
            store = open_database(self.database(), witness=self.witness())
            try:
                if store.older:
                    print(as_it_is(self.database(), store.older), file=sys.stderr)
                yield store
            finally:
                store.close()
        except StoreError as error:
            raise Usage(str(error)) from None


def address_of(given: str, *, typed: str | bool = False) -> ServerAddress:
    """`typed`: the option by which, where it was typed. Raises Usage."""
    from storage.errors import StoreError  # 3 ms, as above
    from storage.postgres.server import ServerAddress  # 3 ms, as above

    try:
        found = ServerAddress(given)
    except StoreError as wrong:
        raise Usage(str(wrong)) from None
    if typed and found.has_password:
        raise Usage(
            f"{typed} shows a password to everybody on this machine: have it changed, and give the address "
            "by IRMER_DATABASE_FILE, or the password by a file of libpq's (PGPASSFILE)"
        )
    return found


def _data_folder() -> Path:
    from platformdirs import user_data_path  # 10 ms, which a look-up does without

    try:
        return user_data_path("irmer-bot")
    except RuntimeError:
        raise Usage(
            "this user has no home: say where the database lies, by IRMER_DATABASE or --database"
        ) from None


def as_it_is(database: Database, older: str) -> str:
    return (
        f"irmer: {database} is of an earlier release ({older}): it is read as it is, and irmer migrate "
        "brings it up to date"
    )


def parse(args: list[str], takes: Mapping[str, str]) -> Call:
    """`takes` are the options that there are, each with an example of its value, or "" where it takes none.
    Raises Usage."""
    words: list[str] = []
    options: dict[str, str] = {}
    rest = iter(args)
    for arg in rest:
        name, given, value = arg.removeprefix("--").partition("=")
        if arg in ("-h", "--help"):
            options["help"] = ""
        elif arg == "--":
            words += rest
        elif not arg.startswith("--"):
            words.append(arg)
        elif name not in takes:
            raise Usage(f"there is no option --{name[:40]}: see irmer --help")
        elif not takes[name]:
            if given:
                raise Usage(f"--{name} takes no value")
            options[name] = ""
        else:
            found = value if given else next(rest, "")
            if not found:
                raise Usage(f"--{name} wants a value, such as {takes[name]}")
            options[name] = found
    return Call(words[0] if words else "", words[1:], options)
