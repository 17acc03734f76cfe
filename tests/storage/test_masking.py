"""No patient's number gets past the store, whichever verb it comes in by."""

import inspect
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import store as protocol
from storage.errors import StoreError
from storage.masking import LONGEST_AGAIN, MOST_TEXTS, MOST_WHOLES, Dumps, dump, dump_with, machine, text
from storage.measure_model import MeasurePlan
from storage.memory_model import DraftKey
from storage.model import Assessment, Destination, NewCase, Person, Step
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.retention_model import Before
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, FOUND, LEASE, NOW, NUMBERS, T, assessment, raw

READS = {
    "addresses", "audit", "backup", "came_of", "case", "cases", "checkpoint", "claim", "close", "copies",
    "count_cases", "count_deadlines", "count_records", "deadlines", "doctor", "draft", "drafts",
    "drop_draft", "erasures", "forget_deliveries", "held_to", "last_entry", "last_written", "late",
    "measure_history", "measure_owners", "measures", "next_due", "not_signed", "notes", "outdated",
    "outgoing", "owners", "person", "put_off", "record", "records", "reference", "references", "revisions",
    "scrub", "served", "serves", "setting", "settings", "signs", "steps", "subject_at", "tenants",
    "tenants_with_deadlines", "texts", "to_come", "trail_rows", "try_again", "undelivered", "unwatched",
    "verify", "waiting",
}  # fmt: skip
LATER = NOW + timedelta(days=30)


def exported(store: SqliteStore, by: Person) -> list[Any]:
    with store.export(T, by=by, now=NOW) as found:
        return list(found)


def written(number: str) -> dict[str, Callable[[SqliteStore], object]]:
    """Each verb that writes what it is given, with a number in every text that it takes."""
    words = f"seen at {number} today"
    who = Person(number, words)
    where = Destination(number, number, number)
    chat = Destination("chat", number, words)
    told = {
        "account": words,
        number: [words, {"id": number}, number],
        "n": int(re.sub(r"\D", "", unfold(number))),
    }
    full = Assessment(
        told, {"outcome": "notify", "reasons": [words]}, told, words, words, words, words, words
    )
    ping = PingPlan(words, FOUND, chat, body=told)
    deadline = DeadlinePlan("notify", FOUND, (ping,), why=words)
    also = Also(delivery=words, deadlines=(deadline,), posts=(PostPlan(words, where, told),))
    key = DraftKey(number, words, number)

    def in_case(act: Callable[[SqliteStore, str], object]) -> Callable[[SqliteStore], object]:
        def run(store: SqliteStore) -> object:
            plan = DeadlinePlan("notify", FOUND, (PingPlan("0d", FOUND, Destination("chat", "incidents")),))
            new = NewCase("x", FOUND, (assessment(),))
            return act(store, store.open_case(T, new, by=who, now=NOW, also=Also(deadlines=(plan,))).ref)

        return run

    def send(finish: Callable[[SqliteStore, Any], object]) -> Callable[[SqliteStore], object]:
        def act(store: SqliteStore, ref: str) -> object:
            return finish(store, store.claim(T, "chat", worker=number, now=LATER, lease=LEASE))

        return in_case(act)

    def steps(store: SqliteStore, ref: str) -> None:
        for step in (
            Step("investigate", words), Step("assign", words, owner=who),
            Step("redecide", words, record="2026-0001", assessment=full),
            Step("correct_discovery", words, discovered_on=FOUND), Step("notify", words),
            Step("stand_down", words, record="2026-0001"), Step("reopen", words),
        ):  # fmt: skip
            store.take_step(T, ref, step, expected=None, by=who, now=NOW)

    return {
        "keep": lambda s: s.keep(T, full, by=who, now=NOW, also=also),
        "correct": in_case(
            lambda s, _: s.correct(T, "2026-0001", full, why=words, expected=1, by=who, now=NOW)
        ),
        "confirm": in_case(
            lambda s, _: s.confirm(T, "2026-0001", revision=1, role=words, note=words, by=who, now=NOW)
        ),
        "add_note": in_case(lambda s, ref: s.add_note(T, ref, words, by=who, now=NOW, also=also)),
        "give_details": in_case(
            lambda s, _: s.give_details(T, "2026-0001", {words: words}, by=who, now=NOW, also=also)
        ),
        "set_measure": in_case(
            lambda s, _: s.set_measure(
                T, "2026-0001", MeasurePlan(words, deadline, who, words), by=who, now=NOW, also=also
            )
        ),
        "open_case": lambda s: s.open_case(
            T, NewCase(words, FOUND, (full,), None, who, words), by=who, now=NOW, also=also
        ),
        "take_step": in_case(steps),
        "hand_over": in_case(
            lambda s, ref: s.hand_over(
                T, [(s.case(T, ref), who, also)], note=words, by=who, now=NOW, result=words
            )
        ),
        "set_deadlines": in_case(lambda s, ref: s.set_deadlines(T, ref, [deadline], by=who, now=NOW)),
        "meet": in_case(lambda s, ref: s.meet(T, ref, "notify", note=words, by=who, now=NOW, also=also)),
        "withdraw": in_case(lambda s, ref: s.withdraw(T, ref, "notify", why=words, by=who, now=NOW)),
        "snooze": in_case(lambda s, ref: s.snooze(T, ref, "notify", until=LATER, why=words, by=who, now=NOW)),
        "sent": send(lambda s, b: s.sent(T, b, message=number, now=LATER, then=[(b.items[0].id, ping)])),
        "later": send(lambda s, b: s.later(T, b, at=LATER, error=words, now=LATER)),
        "unknown": send(lambda s, b: s.unknown(T, b, at=LATER, error=words, now=LATER)),
        "undeliverable": send(lambda s, b: s.undeliverable(T, b, error=words, instead=[chat], now=LATER)),
        "post": lambda s: s.post(T, PostPlan(words, where, told), now=NOW),
        "first_time": lambda s: s.first_time(T, words, now=NOW, result=words),
        "save_draft": lambda s: s.save_draft(T, key, told, now=NOW),
        "export": lambda s: exported(s, by=who),
        "discard_draft": lambda s: (
            s.save_draft(T, key, told, now=NOW), s.discard_draft(T, key, by=who, now=NOW),
        ),
        "change_settings": in_case(
            lambda s, ref: s.change_settings(
                T, {"contact": told}, plans=[replace(deadline, subject=ref)], by=who, now=NOW
            )
        ),
        "set_setting": lambda s: s.set_setting(T, "contact", told, by=who, now=NOW),
        "remember_address": in_case(lambda s, ref: s.remember_address(T, ref, where, number, now=NOW)),
        "remember_reference": lambda s: s.remember_reference(T, number, words, told, now=NOW),
        "mark_reference_dead": lambda s: (
            s.remember_reference(T, "chat", words, told, now=NOW),
            s.mark_reference_dead(T, "chat", words, why=words, now=NOW),
        ),
        "remember_person": lambda s: s.remember_person(T, number, number, "member", words, now=NOW),
        "log": lambda s: s.log(T, words, words, told, by=who, now=NOW),
        "redact": in_case(lambda s, _: s.redact(T, "2026-0001", "account", why=words, by=who, now=NOW)),
        "let_go": in_case(lambda s, _: s.let_go(T, Before(deliveries=LATER), by=who, now=LATER)),
    }  # fmt: skip


def unfold(given: str) -> str:
    return unicodedata.normalize("NFKC", given)


def everything_in(path: Path) -> str:
    conn = raw(path)
    tables = [name for (name,) in conn.execute("select name from sqlite_schema where type = 'table'")]
    return "\n".join(
        str(cell) for table in tables for row in conn.execute(f"select * from {table}") for cell in row
    )


def verbs() -> set[str]:
    parts = (
        protocol.Records,
        protocol.Cases,
        protocol.Deadlines,
        protocol.Outbox,
        protocol.Memory,
        protocol.Redaction,
        protocol.Upkeep,
        protocol.Measures,
    )
    return {
        name for part in parts for name, _ in inspect.getmembers(part, inspect.isfunction) if name[0] != "_"
    }


def test_every_verb_is_either_a_reading_one_or_tried_here() -> None:
    assert verbs() == READS | set(written(NUMBERS[0]))
    assert not READS & set(written(NUMBERS[0]))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("verb", sorted(written(NUMBERS[0])))
def test_no_verb_stores_a_patients_number(store: SqliteStore, path: Path, verb: str, number: str) -> None:
    written(number)[verb](store)
    stored = everything_in(path)
    assert "number removed" in stored
    digits = re.sub(r"\D", "", unfold(number))
    assert digits not in re.sub(r"[^0-9a-zA-Z]", "", unfold(stored))
    assert store.verify(now=LATER) == []


def test_no_refusal_repeats_a_patients_number(store: SqliteStore) -> None:
    number = NUMBERS[0]
    for act in (
        lambda: store.record(T, number),
        lambda: store.case(T, f"C{number}"),
        lambda: store.set_setting(T, number, 1, by=Person("U1"), now=NOW),
        lambda: store.set_deadlines(T, store.keep(T, assessment(), by=Person("U1"), now=NOW).number,
                                    [DeadlinePlan(number, FOUND)], by=Person("U1"), now=NOW),
    ):  # fmt: skip
        with pytest.raises(StoreError) as error:
            act()
        assert "0026" not in str(error.value)


@pytest.mark.parametrize(
    "identifier",
    [
        "1767225600.000100", "U012AB3CD", "C0123456789X", "19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2",
        "a1b2c3d4-0123-4567-8901-23456789abcd", "1767225600123", "29:1-abc_DEF", "https://smba.example/uk/",
    ],
)  # fmt: skip
def test_machines_identifiers_stay_as_they_are(identifier: str) -> None:
    assert machine(identifier) == identifier
    assert json.loads(dump({"thread": identifier, "where": {"id": identifier}})) == {
        "thread": identifier, "where": {"id": identifier},
    }  # fmt: skip


def test_text_that_sqlite_or_utf8_cannot_hold_is_made_fit() -> None:
    assert text("a\0b") == "ab"
    assert text("broken \ud83d emoji").encode()
    assert machine("id\ud800").encode()


def test_plain_numbers_stay_numbers() -> None:
    given = {"dose": 24, "ratio": 1.25, "whole": 5.0, "yes": True, "none": None, "big": 12345678901234}
    assert (
        dump(given)
        == '{"dose": 24, "ratio": 1.25, "whole": 5.0, "yes": true, "none": null, "big": 12345678901234}'
    )


@pytest.mark.parametrize(
    "spelt",
    [
        "nine nine nine zero zero zero zero zero two six",
        "Nine, nine, nine - oh oh oh - oh oh two six",
        "nine nine nine 000 zero 0 two six",
    ],
)
def test_a_number_that_is_spelt_out_is_not_kept_either(store: SqliteStore, path: Path, spelt: str) -> None:
    number = store.keep(T, assessment(account=f"his number is {spelt}, he says"), by=ANA, now=NOW).number
    store.add_note(T, number, f"said again: {spelt}", by=ANA, now=NOW)
    stored = everything_in(path)
    assert spelt not in stored
    assert stored.count("[number removed]") >= 2


def test_what_only_looks_like_words_for_digits_is_kept(store: SqliteStore) -> None:
    words = "none of the two was done at one, but someone had done it at seven; eight slices were gone"
    note = store.add_note(T, store.keep(T, assessment(), by=ANA, now=NOW).number, words, by=ANA, now=NOW)
    assert note.text == words


@pytest.mark.parametrize("number", NUMBERS)
def test_parts_that_are_remembered_are_masked_as_each_is(number: str) -> None:
    reasons = [f"seen at {number} today", {"id": number, number: [1.5, None]}, number]
    dumps = Dumps()
    for _ in range(2):
        for given in (
            {"reasons": reasons, "id": reasons, "outcome": number},
            {number: reasons, "user": number},
        ):
            assert dumps.of(given) == dumps.of_whole(given) == dump_with(given)


def test_no_more_is_remembered_than_a_bound_and_what_is_forgotten_is_masked_again() -> None:
    dumps = Dumps()
    for at in range(MOST_TEXTS + 500):
        given = {"said": f"room {at} of {NUMBERS[0]}", "account": f"{at} {'a' * LONGEST_AGAIN}"}
        assert dumps.of_whole(given) == dump_with(given)
    assert len(dumps._texts) <= MOST_TEXTS
    assert len(dumps._wholes) <= MOST_WHOLES
    assert not [text for _, text in dumps._texts if len(text) > LONGEST_AGAIN]
