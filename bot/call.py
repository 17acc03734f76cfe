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

    def database(self) -> Path:
        """Raises NotReady."""
        from bot.paths import path_of  # 3 ms, which a look-up does without

        given = self.options.get("database") or self.settings.get("IRMER_DATABASE")
        if given:
            path = path_of(given)
            if str(path).startswith("~"):
                raise Usage("nobody of that name has a home here: give the whole path of the database")
            return path
        from platformdirs import user_data_path  # 10 ms, as above

        try:
            return user_data_path("irmer-bot") / "irmer.sqlite"
        except RuntimeError:
            raise Usage(
                "this user has no home: say where the database lies, by IRMER_DATABASE or --database"
            ) from None

    def is_there(self) -> bool:
        """Is there a database? Raises Usage where this user may not look."""
        try:
            return self.database().exists()
        except OSError as error:
            raise Usage(f"{self.database()} cannot be looked at: {error.strerror}") from None

    def witness(self) -> Witness:
        """What signs checkpoints, with the key that lies beside the database unless it is said where."""
        from bot.witnessed import witness_of  # 50 ms with the store, which a look-up does without

        return witness_of(self.database(), self.settings)

    def brought_up_to_date(self) -> tuple[str, ...]:
        """What was done to a database of an earlier release, a line each. Raises Usage."""
        # 50 ms, as below.
        from storage.errors import StoreError
        from storage.migrating import migrate

        try:
            done = migrate(self.database(), now=self.now())
        except StoreError as error:
            raise Usage(str(error)) from None
        except OSError as error:
            raise Usage(f"{self.database()} cannot be opened: {error.strerror}") from None
        return done.lines if done else ()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open while the block lasts; that an earlier release's is read as it is, is said. Raises Usage for
        whatever the store raises."""
        # 50 ms, which a look-up does without.
        from storage.errors import StoreError
        from storage.sqlite import open_store

        try:
            store = open_store(self.database(), witness=self.witness())
            try:
                if store.older:
                    print(as_it_is(self.database(), store.older), file=sys.stderr)
                yield store
            finally:
                store.close()
        except StoreError as error:
            raise Usage(str(error)) from None


def as_it_is(database: Path, older: str) -> str:
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
