"""Where the bot can write, as two processes on one store keep it."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from bot.teams.contacts import BELIEVED, Contact, Contacts
from storage.sqlite import SqliteStore

T, CHAT, NOW = "trust", "a:alex", datetime(2026, 12, 7, 9, tzinfo=UTC)


def test_a_chat_that_another_process_found_dead_is_alive_once_something_arrives_from_it(
    tmp_path: Path,
) -> None:
    store = SqliteStore(tmp_path / "a.sqlite")
    one, two = Contacts(store), Contacts(store)
    alex = Contact("8c1e", "29:alex", "Physicist A", "https://example.org/")
    for each in (one, two):
        each.with_chat(T, alex, CHAT, now=NOW)
    one.dead(T, CHAT, "the app was removed", now=NOW)
    assert one.conversation(T, CHAT).dead  # type: ignore[union-attr]
    two.with_chat(T, alex, CHAT, now=NOW)
    for each in (one, two):
        assert not each.conversation(T, CHAT).dead  # type: ignore[union-attr]
    assert len([entry for entry in store.audit(T) if entry.what == "conversation reference kept"]) == 3
    store.close()


def test_what_another_process_learnt_of_somebody_is_known_within_a_minute(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.sqlite")
    one, two = Contacts(store), Contacts(store)
    alex = Contact("8c1e", "29:alex", "Physicist A", "https://example.org/")
    one.remember_contact(T, alex, now=NOW)
    two.with_chat(T, alex, CHAT, now=NOW)
    assert one.contact(T, "8c1e") == alex
    one._forget(NOW + BELIEVED + timedelta(seconds=1))
    assert one.contact(T, "8c1e").chat == CHAT  # type: ignore[union-attr]
    store.close()


def test_what_nobody_has_written_to_is_not_read_again(tmp_path: Path, monkeypatch) -> None:
    here, elsewhere = SqliteStore(tmp_path / "a.sqlite"), SqliteStore(tmp_path / "a.sqlite")
    one, two = Contacts(here), Contacts(elsewhere)
    alex = Contact("8c1e", "29:alex", "Physicist A", "https://example.org/")
    read: list[str] = []
    reference = here.reference
    monkeypatch.setattr(here, "reference", lambda *of: (read.append(of[-1]), reference(*of))[1])
    for _ in range(2):
        one.remember_contact(T, alex, now=NOW)
    read.clear()
    one.remember_contact(T, alex, now=NOW)
    assert read == []
    two.remember_contact(T, replace(alex, name="Physicist B"), now=NOW)
    one.remember_contact(T, alex, now=NOW)
    assert read
    assert elsewhere.reference(T, "teams", "person:8c1e").data["name"] == "Physicist A"  # type: ignore[union-attr]
    here.close()
    elsewhere.close()


def test_many_who_write_at_once_do_not_stand_in_each_other_s_way(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.sqlite")
    contacts = Contacts(store)
    people = [Contact(f"8c{n}", f"29:{n}", "Physicist A", "https://example.org/") for n in range(8)]
    for one in people:
        contacts.remember_contact(T, one, now=NOW)
    ended = Event()

    def forgetting() -> None:
        while not ended.is_set():
            contacts._forget(NOW)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as threads:
            beside = threads.submit(forgetting)
            for _ in range(1_500):
                for one in people:
                    contacts.remember_contact(T, one, now=NOW)
            ended.set()
            beside.result()
    finally:
        ended.set()
        sys.setswitchinterval(before)
    store.close()
