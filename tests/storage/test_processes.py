"""Threads, processes, and kill -9. The long versions run in `make faults`."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from storage.errors import Conflict, Duplicate
from storage.model import Destination, NewCase, Step
from storage.plans import Also
from storage.sqlite import SqliteStore
from tests.storage.helpers import (
    ANA,
    FOUND,
    LEASE,
    NOW,
    ON_THE_DAY,
    T,
    assessment,
    at_once,
    both_deadlines,
    one_ping,
    open_case,
    python,
    several_processes,
)

pytestmark = pytest.mark.usefixtures("real_stores")

OPEN_CASES = """
    from storage.sqlite import SqliteStore
    from tests.storage.helpers import open_case
    store = SqliteStore(path)
    while True:
        print(open_case(store), flush=True)
"""


def test_whatever_was_acknowledged_before_a_kill_is_whole_after_it(path: Path) -> None:
    acknowledged: list[str] = []
    for kill in range(4):
        process = python(OPEN_CASES, path)
        assert process.stdout is not None
        for _ in range(5 + 11 * kill):
            acknowledged.append(process.stdout.readline().strip())
        process.kill()
        acknowledged += process.stdout.read().split()
        process.wait()
    store = SqliteStore(path)
    kept = {case.ref: case for case in store.cases(T, limit=100_000)}
    assert set(acknowledged) <= set(kept)
    for ref, case in kept.items():
        assert [deadline.kind for deadline in case.deadlines] == ["notify", "report"]
        assert len(store.outgoing(T, ref)) == 9
        assert len(case.records) == 1
    assert store.verify() == []
    store.close()


def test_threads_share_one_store(store: SqliteStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        refs = list(pool.map(lambda n: open_case(store) if n % 2 else store.cases(T) and "", range(80)))
    opened = [ref for ref in refs if ref]
    assert len(set(opened)) == 40
    assert store.verify() == []


def test_readers_see_whole_cases_only(store: SqliteStore) -> None:
    stop = threading.Event()
    odd: list[str] = []

    def watch() -> None:
        while not stop.is_set():
            odd.extend(
                case.ref for case in store.cases(T) if len(case.deadlines) != 2 or len(case.records) != 1
            )

    reader = threading.Thread(target=watch)
    reader.start()
    for _ in range(40):
        open_case(store)
    stop.set()
    reader.join()
    assert odd == []


def test_of_many_who_act_at_once_one_wins_and_the_others_are_told(store: SqliteStore) -> None:
    ref = open_case(store)

    def close(n: int) -> str:
        try:
            store.take_step(T, ref, Step("investigate", f"{n}"), expected=1, by=ANA, now=NOW)
        except Conflict as error:
            return error.did
        return "done"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(close, range(16))) == {
            "done": 1, "began the preliminary investigation": 15,
        }  # fmt: skip
    assert len(store.steps(T, ref)) == 2


@several_processes
def test_one_delivery_to_two_processes_makes_one_case(path: Path) -> None:
    code = """
        from storage.errors import Duplicate
        from storage.model import NewCase
        from storage.plans import Also
        from storage.sqlite import SqliteStore
        from tests.storage.helpers import ANA, FOUND, NOW, T, assessment
        store = SqliteStore(path)
        print("ready", flush=True)
        sys.stdin.readline()
        for n in [*range(20)] * 2:
            new = NewCase("x", FOUND, (assessment(),))
            try:
                print(n, store.open_case(T, new, by=ANA, now=NOW, also=Also(delivery=f"Ev{n}")).ref)
            except Duplicate as error:
                print(n, error.result)
    """
    SqliteStore(path).close()
    results = at_once(code, path, 2)
    assert [trouble for _, trouble in results] == ["", ""]
    answers = {tuple(line.split()) for out, _ in results for line in out.splitlines()}
    assert len(answers) == 20
    store = SqliteStore(path)
    assert len(store.cases(T)) == 20
    assert store.verify() == []
    store.close()


@several_processes
def test_two_workers_never_hold_the_same_ping(path: Path) -> None:
    store = SqliteStore(path)
    for number in range(60):
        one_ping(store, place=Destination("chat", f"c{number}"))
    code = """
        import json
        from storage.sqlite import SqliteStore
        from tests.storage.helpers import LEASE, ON_THE_DAY
        store, held = SqliteStore(path), []
        while batch := store.claim(None, "chat", worker=sys.argv[2], now=ON_THE_DAY, lease=LEASE, limit=1):
            held += [item.key for item in batch.items]
            if len(held) % 2:
                store.sent(batch.tenant, batch, message="m", now=ON_THE_DAY)
        print(json.dumps(held))
    """
    processes = [python(code, path, f"w{n}") for n in range(2)]
    results = [process.communicate(timeout=60) for process in processes]
    assert [trouble for _, trouble in results] == ["", ""]
    held = Counter(key for out, _ in results for key in json.loads(out))
    assert len(held) == 60
    assert set(held.values()) == {1}
    store.close()


@several_processes
def test_a_killed_workers_pings_come_back_to_be_checked(path: Path) -> None:
    store = SqliteStore(path)
    ref = one_ping(store)
    process = python(
        """
        from storage.sqlite import SqliteStore
        from tests.storage.helpers import LEASE, ON_THE_DAY
        store = SqliteStore(path)
        print(store.claim(None, "chat", worker="killed", now=ON_THE_DAY, lease=LEASE).key, flush=True)
        sys.stdin.read()
        """,
        path,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == f"{ref}/notify/1/+0d"
    process.kill()
    process.wait()
    assert store.claim(None, "chat", worker="w2", now=ON_THE_DAY + LEASE, lease=LEASE) is None
    after = ON_THE_DAY + LEASE * 2
    assert store.next_due(None, "chat") is not None
    batch = store.claim(None, "chat", worker="w2", now=after, lease=LEASE)
    assert batch is not None
    assert (batch.check_first, batch.first_try) == (True, ON_THE_DAY)
    store.close()


def test_an_interrupted_write_leaves_nothing_half_done(store: SqliteStore) -> None:
    class Interrupting(dict[str, object]):
        def items(self):  # type: ignore[no-untyped-def]
            raise KeyboardInterrupt

    also = Also(posts=(replace(both_deadlines().posts[0], body=Interrupting(x=1)),))
    with pytest.raises(KeyboardInterrupt):
        store.open_case(T, NewCase("x", FOUND, (assessment(),)), by=ANA, now=NOW, also=also)
    assert (store.cases(T), store.records(T)) == ((), ())
    assert open_case(store) == "C26-0001"


def test_first_time_is_said_to_one_of_many(store: SqliteStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(lambda _: store.first_time(T, "Ev1", now=NOW), range(40))) == {
            True: 1,
            False: 39,
        }
    with pytest.raises(Duplicate):
        store.keep(T, assessment(), by=ANA, now=NOW, also=Also(delivery="Ev1"))
