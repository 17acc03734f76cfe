"""Which processes run, and whose turn something is."""

from datetime import timedelta

import pytest

from storage.memory_model import RunningProcess
from storage.store import Store
from tests.storage.helpers import ANA, NOW, T

pytestmark = pytest.mark.both_stores
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_a_turn_is_one_holders_until_it_ends(store: Store) -> None:
    take = store.takes_turn
    assert take("watch", "one", now=NOW, length=MINUTE)
    assert not take("watch", "two", now=NOW + MINUTE - SECOND, length=MINUTE)
    assert take("watch", "one", now=NOW + SECOND, length=MINUTE)
    assert not take("watch", "two", now=NOW + MINUTE, length=MINUTE)
    assert take("watch", "two", now=NOW + MINUTE + SECOND, length=MINUTE)
    ahead = NOW + timedelta(days=400)  # by a clock that was wrong
    assert take("watch", "one", now=ahead, length=MINUTE)
    assert take("watch", "two", now=NOW, length=MINUTE)


def test_a_process_says_what_it_is_and_its_row_goes_with_it(store: Store) -> None:
    one = RunningProcess("one", "0.1", NOW, NOW, {"slack A1": 1}, ("C26-0001 waits for 943 476 5919",))
    store.runs(one, now=NOW)
    store.runs(RunningProcess("old", "0.1", NOW, NOW, {}), now=NOW - timedelta(hours=2))
    store.runs(one, now=NOW + SECOND)
    (found,) = store.running()
    assert (found.id, found.seen_at, dict(found.faces)) == ("one", NOW + SECOND, {"slack A1": 1})
    assert "943" not in found.trouble[0]
    store.has_ended("one")
    assert store.running() == ()
    store.log(T, "looked", "", {}, by=ANA, now=NOW)
    assert store.verify() == []
