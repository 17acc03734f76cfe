"""Has anybody written since? What is kept in memory hangs on it."""

from pathlib import Path

import pytest

from bot.core.whose import Resolver, Whence, Whose
from bot.whose_memory import WhoseMemory
from storage.organisation_model import Outside
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, NOW, T

HERE = Outside("slack", "workspace", "T1")
WHENCE = Whence("slack", workspace="T1")


def test_it_is_another_after_a_write_of_this_process_or_of_another_and_stays_while_nobody_writes(
    store: SqliteStore, path: Path
) -> None:
    another = SqliteStore(path)
    seen = [store.data_version()]
    for one in (store, another, store, store, another):
        one.set_setting(T, "nation", f"{len(seen)}", by=ANA, now=NOW)
        seen.append(store.data_version())
        store.settings(T)
        another.settings(T)
        another.verify()
        assert store.data_version() == seen[-1]
    assert None not in seen
    assert len(set(seen)) == len(seen)
    another.close()


def test_it_is_not_told_while_somebody_reads_nor_of_a_store_that_is_closed(store: SqliteStore) -> None:
    with store._connections.read(None):
        assert store.data_version() is None
    assert store.data_version() is not None
    store.close()
    assert store.data_version() is None


@pytest.mark.both_stores
async def test_whose_something_is_is_as_it_is_bound_at_this_moment(store: SqliteStore) -> None:
    for id_ in (T, "other"):
        store.add_organisation(id_, id_.title(), by=ANA, now=NOW)
    memory = WhoseMemory(Resolver(store))
    for id_ in (T, "other", T):
        assert await memory.of(WHENCE) == await memory.of(WHENCE) == Whose()
        store.bind(id_, HERE, how="by hand", by=ANA, now=NOW)
        assert await memory.of(WHENCE) == await memory.of(WHENCE) == Whose(id_)
        store.unbind(id_, HERE, how="by hand", by=ANA, now=NOW)


async def test_what_was_bound_while_the_store_was_read_is_not_taken_for_what_was_before(
    store: SqliteStore,
) -> None:
    """The answer that comes late is of the version that was read."""
    for id_ in (T, "other"):
        store.add_organisation(id_, id_.title(), by=ANA, now=NOW)
    store.bind(T, HERE, how="by hand", by=ANA, now=NOW)

    class Late(Resolver):
        def of(self, whence: Whence, member_of: object = None) -> Whose:
            found = super().of(whence)
            if found == Whose(T):
                store.unbind(T, HERE, how="by hand", by=ANA, now=NOW)
                store.bind("other", HERE, how="by hand", by=ANA, now=NOW)
            return found

    memory = WhoseMemory(Late(store))
    assert await memory.of(WHENCE) == Whose(T)
    assert await memory.of(WHENCE) == Whose("other")
