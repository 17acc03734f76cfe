"""People whom a platform calls otherwise since their workspace was moved."""

import pytest

from storage.store import Store
from tests.storage.helpers import ANA, NOW, T

pytestmark = pytest.mark.both_stores


def test_somebody_is_found_by_each_id_that_they_have_had_and_the_trail_says_so(store: Store) -> None:
    store.log(T, "begun", "", {}, by=ANA, now=NOW)
    store.log("another trust", "begun", "", {}, by=ANA, now=NOW)
    both = (T, "another trust")
    assert store.people_moved(both, "slack", {"U1": "W1", "U2": "U2"}, now=NOW) == {"U1": "W1"}
    assert store.people_moved(both, "slack", {"U1": "W1"}, now=NOW) == {}
    assert store.people_moved(both, "slack", {"W1": "W9"}, now=NOW) == {"U1": "W9"}
    assert store.moved_people("slack") == {"W1": "U1", "W9": "U1"}
    assert store.moved_people("teams") == {}
    for tenant in both:
        told = [entry.detail["people"] for entry in store.audit(tenant) if entry.what == "people moved"]
        assert sorted(told, key=str) == [{"U1": "W1"}, {"U1": "W9"}]
    assert store.verify() == []
