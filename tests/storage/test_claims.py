"""How many rows a claim looks at: about those that it takes, however many wait beside them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from storage.model import Destination
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.postgres.connections import ServerConnections
from storage.sqlite import SqliteStore
from tests.storage.helpers import DUE, LEASE, NOW, ON_THE_DAY, T, open_case

pytestmark = pytest.mark.both_stores

FEW, MANY, EACH = 3, 30, 10  # organisations, and messages of each


@pytest.fixture
def looked_at(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], int]:
    """By one call: rows of the tables and their indexes on a server, steps of its machine in a file."""
    seen: list[int] = []

    def counted(call: Callable[[], object]) -> int:
        seen.clear()
        call()
        return sum(seen)

    if isinstance(store._connections, ServerConnections):
        _count_rows(seen, monkeypatch)
    else:
        for connection in (store._connections._reader, store._connections._writer):
            connection.set_progress_handler(lambda: seen.append(1), 1)
    return counted


def _count_rows(seen: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    begun = ServerConnections._transaction
    asked = """select sum(pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid))
        from pg_class where relname like 'outbox%' or relname like 'pace%'"""

    @contextmanager
    def transaction(*args: Any, **given: Any) -> Iterator[Any]:
        with begun(*args, **given) as sql:
            before = int(sql.value(asked))
            yield sql
            seen.append(int(sql.value(asked)) - before)

    monkeypatch.setattr(ServerConnections, "_transaction", transaction)


def fill(store: SqliteStore, organisations: range) -> None:
    """Each message in a conversation of its own, half of them reminders of several days."""
    for number in organisations:
        tenant = f"{T}-{number}"
        for each in range(EACH // 2):
            ward, other = (Destination("chat", f"{kind}-{number}-{each}") for kind in ("ward", "other"))
            days = (PingPlan(f"-{day}d", DUE - timedelta(days=day), ward) for day in range(3))
            open_case(store, tenant=tenant, also=Also(deadlines=(DeadlinePlan("notify", DUE, tuple(days)),)))
            store.post(tenant, PostPlan(f"post {each}", other), now=NOW)


def claims(
    store: SqliteStore, whose: str | tuple[str, ...] | None, looked_at: Callable[[Callable[[], object]], int]
) -> list[int]:
    """What each of several looked at; one of them comes upon something that was put off until now. The first
    makes ripe whatever has come."""

    def claim() -> None:
        batch = store.claim(whose, "chat", worker="w", now=ON_THE_DAY, lease=LEASE)
        assert batch is not None
        taken.append(batch)

    taken: list[Any] = []
    claim()
    found = [looked_at(claim) for _ in range(2)]
    store.later(taken[0].tenant, taken[0], at=ON_THE_DAY, now=ON_THE_DAY)
    return [*found, looked_at(claim)]


EVERYBODY = tuple(f"{T}-{number}" for number in range(MANY))


@pytest.mark.parametrize("whose", [None, f"{T}-1", EVERYBODY], ids=["all", "one", "several"])
def test_a_claim_looks_at_no_more_where_ten_times_as_much_waits(
    store: SqliteStore, whose: Any, looked_at: Callable[[Callable[[], object]], int]
) -> None:
    fill(store, range(FEW))
    before = claims(store, whose, looked_at)
    fill(store, range(FEW, MANY))
    after = claims(store, whose, looked_at)
    assert max(before) > 0
    assert max(after) <= 1.5 * max(before), (before, after)
    assert max(after) < 3 * MANY * EACH or not isinstance(store._connections, ServerConnections)
