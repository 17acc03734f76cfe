"""What is brought in, over both stores: known again, finished with its source, and not twice."""

import pytest

from storage.errors import Conflict, Invalid
from storage.imports import BroughtIn
from storage.store import Store
from tests.storage.helpers import ANA, NOW, T, assessment

pytestmark = pytest.mark.both_stores


def rows(*refs: str) -> list[BroughtIn]:
    return [BroughtIn(ref, f"content of {ref}", assessment()) for ref in refs]


def test_a_run_that_was_cut_short_is_named_and_finished_by_the_next_of_its_source(store: Store) -> None:
    first = store.begin_import(T, "datix", "a", by=ANA, now=NOW)
    store.bring_in(T, first, rows("1", "2"), by=ANA, now=NOW)
    store.begin_import(T, "datix", "nothing of it was kept", by=ANA, now=NOW)
    other = store.begin_import(T, "ulysses", "u", by=ANA, now=NOW)
    store.bring_in(T, other, rows("1"), by=ANA, now=NOW)
    (one,) = store.unfinished_imports(T, "datix")
    assert (one.source, one.begun_at, one.count) == ("datix", NOW, 2)
    assert len(store.unfinished_imports(T)) == 2
    assert store.unfinished_imports("somebody else's") == ()
    second = store.begin_import(T, "datix", "b", by=ANA, now=NOW)
    with pytest.raises(Conflict, match="another import of datix brings in the same rows"):
        store.bring_in(T, second, rows("2", "3"), by=ANA, now=NOW)
    store.bring_in(T, second, rows("3"), by=ANA, now=NOW)
    assert store.count_incidents(T) == 0
    assert store.finish_import(T, second, by=ANA, now=NOW) == 3
    assert store.count_incidents(T) == 3
    assert [one.source for one in store.unfinished_imports(T)] == ["ulysses"]
    with pytest.raises(Invalid, match="was finished meanwhile"):
        store.bring_in(T, first, rows("4"), by=ANA, now=NOW)
    known = store.known_imports(T, "datix")
    assert {
        ref: (one.outcome, one.holds(f"content of {ref}")) for ref, one in known.items()
    } == dict.fromkeys("123", (assessment().verdict["outcome"], True))
