"""Rows are kept as they are read, some hundreds at once; until the end none of them is in any list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.core.words.phrases import counted
from bot.usage import Usage
from storage.errors import Invalid, StoreError
from storage.imports import BroughtIn, UnfinishedImport
from storage.model import Person
from storage.store import Store

AT_ONCE = 1000


class Keeping:
    """One run: what it is given is kept."""

    def __init__(self, store: Store, tenant: str, source: str, code: str, by: Person, now: datetime) -> None:
        self._store, self._tenant, self._by, self._now = store, tenant, by, now
        self._run = store.begin_import(tenant, source, code, by=by, now=now)
        self._some: list[BroughtIn] = []
        self._kept = 0

    def add(self, row: BroughtIn) -> None:
        self._some.append(row)
        if len(self._some) == AT_ONCE:
            self._keep()

    def finish(self) -> int:
        """How many are in the lists by it, with those of runs of the source that were cut short."""
        with self._in_true_words():
            if self._some:
                self._keep()
            return self._store.finish_import(self._tenant, self._run, by=self._by, now=self._now)

    def _keep(self) -> None:
        with self._in_true_words():
            self._store.bring_in(self._tenant, self._run, self._some, by=self._by, now=self._now)
        self._kept += len(self._some)
        self._some = []

    @contextmanager
    def _in_true_words(self) -> Iterator[None]:
        """What the store says of one write is not all that this run did. Raises Usage."""
        try:
            yield
        except StoreError as error:
            if not self._kept or isinstance(error, Invalid):  # then another run has put them into the lists
                raise
            kept = f"{counted(self._kept, 'incident')} of this import are kept"
            said = str(error).replace("nothing was changed; ", "")
            raise Usage(f"{said}; {kept}, in no list until one of its source is finished") from None


def not_finished(one: UnfinishedImport) -> str:
    begun = f"an import of {one.source}, begun on {one.begun_at:%Y-%m-%d at %H:%M} UTC"
    return f"{begun}, is not finished, and {one.count:,} of its incidents are in no list"
