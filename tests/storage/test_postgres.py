"""What the store on a server has beside the verbs: rights, roles, what it refuses, what it never says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import psycopg
import pytest

from storage.errors import CannotOpen, Invalid, NewerSchema, ServerGone
from storage.postgres.dialect import DEFINITION, STATEMENT
from storage.postgres.owner import migrate_server
from storage.postgres.schema import made, of_tenants, tables_after
from storage.postgres.server import ServerAddress
from storage.postgres.store import PostgresStore
from tests.storage.helpers import ANA, NOW, T, assessment, open_case
from tools.postgres import OWNER, SAVES, SERVES, USER, Databases

OTHER = "another trust"


@pytest.fixture
def name(postgres: Databases) -> Iterator[str]:
    """A database of its own."""
    made = postgres.create(empty=False)
    yield made
    postgres.drop(made)


def store_of(postgres: Databases, name: str, user: str = SERVES) -> PostgresStore:
    return PostgresStore(ServerAddress(postgres.address(name, user)), own_clock=False)


def asked(address: str, *texts: str) -> list[Any]:
    with psycopg.connect(address) as conn:
        conn.execute("set search_path = irmer")
        for text in texts[:-1]:
            conn.execute(text)
        return conn.execute(texts[-1]).fetchall()


def test_another_organisations_rows_are_seen_by_no_transaction_but_its_own(
    postgres: Databases, name: str
) -> None:
    store = store_of(postgres, name)
    for tenant in (T, OTHER):
        open_case(store, tenant=tenant)
    store.close()
    address = postgres.address(name, SERVES)
    tables = of_tenants(tables_after())
    assert len(tables) > 25
    mine = f"select set_config('irmer.tenant', '{T}', true)"
    seen = 0
    for table in [*tables, "decision_record_latest", "case_now", "deadline_now"]:
        # With no organisation set, with none set any more, and as another's.
        assert asked(address, f"select 1 from {table}") == [], table
        assert asked(address, "select set_config('irmer.tenant', '', true)", f"select 1 from {table}") == []
        (of_others,) = asked(address, mine, f"select count(*) from {table} where tenant != '{T}'")[0]
        if table != "organisation":
            assert of_others == 0, table
        seen += asked(address, mine, f"select count(*) from {table}")[0][0]
    assert seen > 10
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked(
            address, mine,
            "insert into note (tenant, subject, seq, kind, text, written_at, written_by_id, written_by_name) "
            f"values ('{OTHER}', 'C26-0001', 9, 'note', 'x', '', '', '') returning 1",
        )  # fmt: skip


def test_what_is_kept_is_changed_by_nobody(postgres: Databases, name: str) -> None:
    store = store_of(postgres, name)
    open_case(store)
    store.close()
    mine = f"select set_config('irmer.tenant', '{T}', true)"
    refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)
    tables = (("audit", "what"), ("decision_record", "outcome"), ("case_step", "note"))
    for user, (table, column) in product((SERVES, SAVES, OWNER, USER), tables):
        for text in (
            f"update {table} set {column} = 'x'",
            f"delete from {table}",
            f"truncate {table} cascade",
        ):
            if user == OWNER and not text.startswith("truncate"):
                continue  # row-level security shows the owner no row to be changed
            with pytest.raises(refusals):
                asked(postgres.address(name, user), mine, text)


def test_it_is_served_by_neither_owner_nor_superuser_nor_whoever_lacks_the_role(
    postgres: Databases, name: str
) -> None:
    for user, says in (
        (
            USER,
            "is a superuser, and would see the rows of everybody",
        ),
        (OWNER, "owns the tables"),
    ):
        with pytest.raises(CannotOpen, match=says):
            store_of(postgres, name, user)
    empty = postgres.create()
    with pytest.raises(CannotOpen, match="has no tables of ours: irmer migrate makes them, as their owner"):
        store_of(postgres, empty)
    postgres.drop(empty)


def test_a_later_releases_database_is_refused_in_one_line_and_an_earlier_ones_migrated(
    postgres: Databases, name: str
) -> None:
    owner = postgres.address(name, OWNER)
    asked(owner, "insert into schema_step values ('m999_later', 999, '9.1.0', '0.1.0', '') returning 1")
    store_of(postgres, name).close()  # by a later release, which this one may be served beside
    asked(owner, "update schema_step set oldest_release = '9.1.0' where position = 999 returning 1")
    with pytest.raises(NewerSchema, match=r"a database of a later release: it wants 9\.1\.0 or later"):
        store_of(postgres, name)
    asked(owner, "delete from schema_step where position > 10 returning 1")
    with pytest.raises(CannotOpen, match=r"is of an earlier release .*: irmer migrate, as the owner"):
        store_of(postgres, name)


def test_a_database_of_an_earlier_release_comes_to_the_same_as_a_new_one(postgres: Databases) -> None:
    """Objects by what the server says of them; the order of columns is by when they came."""
    name = postgres.create()
    early = tables_after("m010_themes")
    with psycopg.connect(postgres.address(name, OWNER)) as conn:
        conn.execute("create schema irmer")
        conn.execute("set search_path = irmer")
        from storage.postgres.schema import STEPS

        conn.execute(STEPS)
        for text in made(early):
            conn.execute(text)
        for position, step in enumerate(STEPS_UP_TO):
            conn.execute("insert into schema_step values (%s, %s, '0.1.0', '0.1.0', '')", [step, position])
        conn.execute("insert into register_built values (0)")
    assert migrate_server(ServerAddress(postgres.address(name, OWNER)), now=NOW)
    assert migrate_server(ServerAddress(postgres.address(name, OWNER)), now=NOW) == ()
    store = store_of(postgres, name)
    open_case(store)
    assert store.verify(now=NOW) == []
    store.close()
    postgres.drop(name)


def test_a_register_that_is_not_what_the_records_say_is_made_anew_by_the_owner(postgres: Databases) -> None:
    name = postgres.create()
    owner = ServerAddress(postgres.address(name, OWNER))
    migrate_server(owner, now=NOW)
    store = store_of(postgres, name)
    open_case(store)
    there = store.incidents(T)
    with psycopg.connect(postgres.address(name, OWNER)) as conn:
        conn.execute("alter table irmer.incident no force row level security")
        conn.execute("delete from irmer.incident")
        conn.execute("alter table irmer.incident force row level security")
    assert (store.incidents(T), len(store.verify(now=NOW))) == ((), len(there))
    assert migrate_server(owner, now=NOW) == (
        f"the register was made anew: {len(there)} of its entries were not what their records say",
    )
    assert (store.incidents(T), store.verify(now=NOW)) == (there, [])
    store.close()
    postgres.drop(name)


STEPS_UP_TO = (
    "m001_first_release", "m002_what_holds_now", "m003_open_messages_in_the_trail", "m004_who_is_served",
    "m005_details_of_records", "m006_the_register", "m007_words_beside_the_trail", "m008_who_people_are",
    "m009_what_is_brought_in", "m010_themes",
)  # fmt: skip


HARMS = {
    "drop trigger audit_no_update on audit": "the trigger audit_no_update is gone: rows could be changed",
    "alter table audit disable trigger audit_no_delete": "the trigger audit_no_delete has been changed",
    "alter table note no force row level security": "the table note shows one organisation's rows",
    "create policy all_of_it on remark using (true)": "the table remark has a policy that is none of ours",
    "create view more as select 1 as one": "the view more is none of ours",
    "drop index outbox_ripe": "the index outbox_ripe is gone: what is to be found",
    "alter view case_now set (security_invoker = false)": "the view case_now has been changed",
    "create or replace function append_only() returns trigger language plpgsql as 'begin return new; end'": (
        "the function append_only has been changed"
    ),
}


def test_a_schema_that_is_not_as_it_was_made_is_told_of(postgres: Databases, name: str) -> None:
    store, told = store_of(postgres, name), set[str]()
    assert store.verify(now=NOW) == []
    for harm, says in HARMS.items():
        asked(postgres.address(name, OWNER), harm, "select 1")
        (problem,) = set(store.verify(now=NOW)) - told
        assert problem.startswith(says)
        told.add(problem)
    store.close()


def test_a_server_that_is_not_there_is_one_line_and_its_password_in_none() -> None:
    secret = "canary-7f3a"
    server = ServerAddress(f"postgresql://somebody:{secret}@127.0.0.1:1/irmer")
    with pytest.raises(ServerGone) as gone:
        PostgresStore(server)
    assert str(gone.value) == (
        "postgresql://127.0.0.1:1/irmer cannot be reached, or went away: nothing was changed; try again"
    )
    said = [str(gone.value), repr(gone.value), str(server), repr(server), f"{gone.value.__cause__}"]
    assert not any(secret in one for one in said)
    for bad in (
        f"postgresql://u:{secret}@host",
        f"postgresql://u:{secret}@[::1/irmer",
        f"mysql://u:{secret}@h/d",
    ):
        with pytest.raises(CannotOpen) as refused:
            ServerAddress(bad)
        assert secret not in str(refused.value)


def test_a_lookup_of_what_no_text_can_hold_is_refused_in_one_line(postgres: Databases, name: str) -> None:
    store = store_of(postgres, name)
    for text in ("2026\x00", "2026\ud800"):
        with pytest.raises(Invalid, match="a character in it that is none"):
            store.record(T, text)
    store.keep(T, assessment(account="half \ud800 and \x00 none"), by=ANA, now=NOW)
    assert store.record(T, "2026-0001").assessment.facts["account"] == "half ? and  none"
    store.close()


def test_every_difference_says_why() -> None:
    for one in (*STATEMENT, *DEFINITION):
        assert len(one.why) > 10
