# ruff: noqa: E501  (a way and what is told of it stand in one line)
"""What somebody who can write to the file may do to it, and what `irmer verify` says: each way is told, by name.

They know SQLite and us: triggers are put aside and put back. What they cannot do is give the trail another
end, whose hash stands in the line of a backup.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from storage.memory_model import DraftKey
from storage.model import Step
from storage.plans import Also, PostPlan
from storage.signing import Witness, make_key
from storage.sqlite import SqliteStore
from tests.storage.helpers import (
    ANA,
    BEN,
    FOUND,
    LEADS,
    NOW,
    WARD,
    T,
    assessment,
    claim,
    measure_plan,
    open_case,
    plan,
    raw,
    theme_answer,
)
from tests.storage.test_audit import tamper

DAY = timedelta(days=1)
LATER = NOW + 5 * DAY


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live(tmp_path_factory.mktemp("lived"))


def live(folder: Path) -> Path:
    """A file in which every kind of row is, and messages in every state; a key and checkpoints beside it."""
    path = folder / "irmer.sqlite"
    make_key(folder / "key")
    store = SqliteStore(path, witness=Witness(folder / "key", folder / "checkpoints"))
    first, second, third = (open_case(store, note=name) for name in ("one", "two", "three"))
    store.set_setting(T, "nation", "england", by=ANA, now=NOW)
    store.set_setting(T, "escalation_channel", {"platform": "chat", "conversation": "leads"}, by=ANA, now=NOW)
    store.save_draft(T, DraftKey("chat", "", "user:U1"), {"n": 1}, now=NOW)
    store.remember_reference(T, "teams", "19:abc", {"service_url": "https://example.org/"}, now=NOW)
    store.correct(T, "2026-0001", assessment("undecided"), why="dose", expected=1, by=BEN, now=NOW)
    store.confirm(T, "2026-0002", revision=1, role="MPE", by=BEN, now=NOW)
    store.add_note(T, first, "told the ward", by=ANA, now=NOW)
    store.give_details(T, "2026-0001", {"equipment": "CT 2"}, by=ANA, now=NOW)
    for number in range(3):
        batch = claim(store, NOW)
        store.sent(T, batch, message=f"m{number}", now=NOW)
    store.undeliverable(T, claim(store, NOW + 4 * DAY), error="gone", instead=(LEADS,), now=NOW + 4 * DAY)
    store.take_step(
        T, second, Step("notify", authority_reference="REF-2"), expected=1, by=BEN, now=LATER,
        also=Also(meet=("notify",), posts=(PostPlan("card:x", WARD, {"text": "a"}, "update", subject=second),)),
    )  # fmt: skip
    until = datetime(2026, 12, 2, 14, tzinfo=NOW.tzinfo)
    store.snooze(T, third, "report", until=until, why="on leave", by=BEN, now=LATER)
    store.set_deadlines(T, third, [plan("local:board", date(2026, 12, 20), -2, 0)], by=ANA, now=LATER)
    store.answer_theme(T, theme_answer(), by=ANA, now=LATER)
    store.set_measure(T, "2026-0001", measure_plan(), by=ANA, now=LATER)
    store.keep("other", assessment(), by=ANA, now=LATER)
    assert store.verify(now=LATER) == []
    for tenant in (T, "other"):
        assert store.checkpoint(tenant, now=LATER)
    assert {one.state for ref in (first, second, third) for one in store.outgoing(T, ref)} == {
        "sent", "dead", "due", "cancelled",
    }  # fmt: skip
    store.close()
    return path


@pytest.fixture
def path(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(lived, tmp_path / "irmer.sqlite"))


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    opened.close()


# What is done, and a part of what is told of it. C26-0001's notify ping -7d was given up and has a fallback.
REPORT = "key = 'C26-0001/report/1/-7d'"
COPY = "select tenant, ref, version + 1, {}, taken_at, 'U9', 'X', note, owner_id, owner_name, discovered_on, "
COPY += "discovered_at, authority_reference, record_number, record_revision, salts, done_on from case_step where ref = 'C26-0001'"
OUTBOX = (
    """insert into outbox (tenant, kind, key, subject, rule, round, offset, due_on, platform, conversation,
 thread, body, escalation, remember, fallback_for, planned_at, state, next_at)
 select tenant, kind, '{key}', subject, rule, round, '{offset}', due_on, platform, conversation, thread, body,
 escalation, remember, '', planned_at, '{state}', next_at from outbox where """
    + REPORT
)
WAYS: dict[str, tuple[str, str]] = {
    # What was decided, and by whom
    "the facts": ("update decision_record set facts = '{}' where number = '2026-0003'", "decision_record/2026-0003/1 of trust is not what"),
    "a verdict": ("update decision_record set verdict = replace(verdict, 'notify', 'do_not_notify') where number = '2026-0002'", "decision_record/2026-0002/1 of trust is not what"),
    "an outcome": ("update decision_record set outcome = 'do_not_notify' where number = '2026-0002'", "decision_record/2026-0002/1 of trust is not what"),
    "who decided": ("update decision_record set recorded_by_name = 'X' where revision = 2", "decision_record/2026-0001/2 of trust is not what"),
    "when it was decided": ("update decision_record set recorded_at = '2026-11-01T09:00:00.000000Z' where number = '2026-0003'", "decision_record/2026-0003/1 of trust is not what"),
    "a record deleted": ("delete from decision_record where number = '2026-0003'", "decision_record/2026-0003/1 of trust is in the audit trail, but gone"),
    "a correction deleted": ("delete from decision_record where revision = 2", "decision_record/2026-0001/2 of trust is in the audit trail, but gone"),
    "a confirmation forged": ("insert into confirmation values ('trust', '2026-0003', 1, 1, '2026-11-23', 'U9', 'X', 'MPE', 1, '', null, 0)", "confirmation/2026-0003/1/1 of trust is not in the audit trail"),
    "a confirmation deleted": ("delete from confirmation", "confirmation/2026-0002/1/1 of trust is in the audit trail, but gone"),
    "a second person claimed": ("update confirmation set same_person = 0", "confirmation/2026-0002/1/1 of trust is not what"),
    "a comparison claimed": ("update confirmation set compared_with_live_table = 1", "confirmation/2026-0002/1/1 of trust is not what"),
    "a note reworded": ("update note set text = 'nobody was told'", "note/C26-0001/1 of trust is not what"),
    "a note deleted": ("delete from note", "note/C26-0001/1 of trust is in the audit trail, but gone"),
    "a note forged": ("insert into note select tenant, subject, 2, kind, text, written_at, 'U9', 'X', salts from note", "note/C26-0001/2 of trust is not in the audit trail"),
    "a detail reworded": ("update record_detail set value = 'CT 1'", "record_detail/2026-0001/1 of trust is not what"),
    "a detail deleted": ("delete from record_detail", "record_detail/2026-0001/1 of trust is in the audit trail, but gone"),
    # Themes
    "what a theme is about": ("update theme set value = 'ct 1'", "theme/T26-0001 of trust is not what"),
    "an incident taken from its theme": ("delete from theme_incident where number = '2026-0002'", "theme_incident/T26-0001/2026-0002 of trust is in the audit trail, but gone"),
    "an answer turned round": ("update theme_step set one_cause = 'no', state = 'apart'", "theme_step/T26-0001/1 of trust is not what"),
    "a theme deleted": ("delete from theme", "theme/T26-0001 of trust is in the audit trail, but gone"),
    # Measures
    "a measure reworded": ("update corrective_measure set what = 'nothing'", "corrective_measure/2026-0001/1/1 of trust is not what"),
    "a measure given to somebody else": ("update corrective_measure set owner_id = 'U9'", "corrective_measure/2026-0001/1/1 of trust is not what"),
    "a measure deleted": ("delete from corrective_measure", "corrective_measure/2026-0001/1/1 of trust is in the audit trail, but gone"),
    # Cases
    "a title": ("update case_file set title = 'x' where ref = 'C26-0001'", "case_file/C26-0001 of trust is not what"),
    "a case deleted": ("delete from case_file where ref = 'C26-0001'", "case_file/C26-0001 of trust is in the audit trail, but gone"),
    "a record taken from its case": ("delete from case_record where ref = 'C26-0001'", "case_record/C26-0001/2026-0001 of trust is in the audit trail, but gone"),
    "a case closed by a forged step": ("insert into case_step " + COPY.format("'close', 'closed'"), "case_step/C26-0001/2 of trust is not in the audit trail"),
    "a state": ("update case_step set state = 'closed' where ref = 'C26-0001'", "case_step/C26-0001/1 of trust is not what"),
    "a step taken back": ("delete from case_step where version = 2", "case_step/C26-0002/2 of trust is in the audit trail, but gone"),
    "the day of discovery": ("update case_step set discovered_on = '2026-12-20'", "case_step/C26-0001/1 of trust is not what"),
    "the authority's reference": ("update case_step set authority_reference = 'REF-9' where version = 2", "case_step/C26-0002/2 of trust is not what"),
    "a case hidden from the lists": ("update case_current set state = 'closed' where ref = 'C26-0001'", "case_current/C26-0001/C26-0001 of trust is not what its rows say"),
    "a verdict shown as confirmed": ("update record_current set confirmed = 1 where number = '2026-0001'", "record_current/2026-0001/2026-0001 of trust is not what its rows say"),
    "an incident taken from the register": ("delete from incident where number = '2026-0002'", "incident/2026-0002 of trust is not what its record says"),
    "another verdict in the register": ("update incident set outcome = 'do_not_notify' where number = '2026-0002'", "incident/2026-0002 of trust is not what its record says"),
    "an incident hidden in the register": ("update incident set hidden = 1 where number = '2026-0002'", "incident/2026-0002 of trust is not what its record says"),
    "an incident that nobody kept": ("update incident set number = '2026-0009' where number = '2026-0002'", "incident/2026-0009 of trust is not what its record says"),
    # Deadlines
    "a deadline moved": ("update deadline set due_on = '2027-12-04' where subject = 'C26-0001' and kind = 'notify'", "deadline/C26-0001/notify/1 of trust is not what"),
    "a deadline deleted": ("delete from deadline where subject = 'C26-0001' and kind = 'notify'", "deadline/C26-0001/notify/1 of trust is in the audit trail, but gone"),
    "a deadline met by a forged row": ("insert into deadline select tenant, subject, kind, 2, version, due_on, zone, local_time, due_at, 'met', '', set_at, 'U9', 'X', salts from deadline where subject = 'C26-0001' and kind = 'notify'", "deadline/C26-0001/notify/2 of trust is not in the audit trail"),
    "a deadline listed for later": ("update deadline_current set due_on = '2027-12-04' where subject = 'C26-0001' and kind = 'notify'", "deadline_current/C26-0001/notify of trust is not what its rows say"),
    "a deadline taken off the list": ("delete from deadline_current where subject = 'C26-0001' and kind = 'notify'", "deadline_current/C26-0001/notify of trust is not what its rows say"),
    # Messages that wait
    "a reminder moved": (f"update outbox set planned_at = '2027-06-01T09:00:00.000000Z', next_at = '2027-06-01T09:00:00.000000Z' where {REPORT}", "C26-0001/report/1/-7d of trust was moved: planned for 2027-02-05T09:00:00.000000Z, now for 2027-06-01"),
    "a reminder put off": (f"update outbox set next_at = '2027-06-01T09:00:00.000000Z' where {REPORT}", "C26-0001/report/1/-7d of trust is put off until 2027-06-01"),
    "a reminder put off as if it were tried": (f"update outbox set next_at = '2027-06-01T09:00:00.000000Z', attempts = 3, state = 'unknown' where {REPORT}", "C26-0001/report/1/-7d of trust is put off until 2027-06-01"),
    "a reminder leased for years": (f"update outbox set state = 'sending', attempts = 1, lease_by = 'w', lease_until = '2037-01-01', next_at = '2037-01-01T09:00:00.000000Z' where {REPORT}", "C26-0001/report/1/-7d of trust is put off until 2037"),
    "a reminder that no look finds": (f"update outbox set ripe = 2 where {REPORT}", "C26-0001/report/1/-7d of trust is kept from being sent"),
    "a reminder deleted": (f"delete from outbox where {REPORT}", "C26-0001/report/1/-7d of trust is gone"),
    "a reminder redirected": (f"update outbox set conversation = 'nobody' where {REPORT}", "C26-0001/report/1/-7d of trust was redirected: planned for chat incidents, now for chat nobody"),
    "a reminder sent on another platform": (f"update outbox set platform = 'none' where {REPORT}", "C26-0001/report/1/-7d of trust was redirected"),
    "a reminder put into another thread": (f"update outbox set thread = '17.1' where {REPORT}", "C26-0001/report/1/-7d of trust was redirected"),
    "a reminder reworded": ("update outbox set body = '{\"text\": \"all is well\"}' where " + REPORT, "C26-0001/report/1/-7d of trust was reworded"),
    "a reminder cancelled": (f"update outbox set state = 'cancelled' where {REPORT}", "C26-0001/report/1/-7d of trust is cancelled, but nobody cancelled it"),
    "a reminder marked as superseded": (f"update outbox set state = 'superseded' where {REPORT}", "C26-0001/report/1/-7d of trust is marked as superseded, but nothing took its place"),
    "a reminder marked as undeliverable": (f"update outbox set state = 'dead' where {REPORT}", "C26-0001/report/1/-7d of trust is marked as undeliverable, but nobody said so"),
    "a reminder marked as sent": (f"update outbox set state = 'sent' where {REPORT}", "C26-0001/report/1/-7d of trust is marked as sent, but its sending was never written down"),
    "a reminder of another deadline": (f"update outbox set rule = 'learning' where {REPORT}", "C26-0001/report/1/-7d of trust belongs to something else"),
    "a reminder of another case": (f"update outbox set subject = 'C26-0002' where {REPORT}", "C26-0001/report/1/-7d of trust"),
    "a reminder under another key": (f"update outbox set key = 'C26-0001/report/1/-8d' where {REPORT}", "C26-0001/report/1/-7d of trust is gone"),
    "a reminder turned into an update": (f"update outbox set kind = 'update' where {REPORT}", "C26-0001/report/1/-7d of trust was changed: its kind is update"),
    "a reminder's date": (f"update outbox set due_on = '2037-01-01' where {REPORT}", "C26-0001/report/1/-7d of trust was changed: its due_on is 2037-01-01"),
    "an escalation made of it": (f"update outbox set escalation = 1 where {REPORT}", "C26-0001/report/1/-7d of trust was changed: its escalation"),
    "a reminder given to another tenant": (f"update outbox set tenant = 'other' where {REPORT}", "C26-0001/report/1/-7d of trust is gone"),
    "a reminder forged": (OUTBOX.format(key="C26-0001/report/1/-9d", offset="-9d", state="due"), "C26-0001/report/1/-9d of trust is there to be sent, but nobody planned it"),
    "a place taken that a later reminder needs": (OUTBOX.format(key="C26-0001/report/1/+1d", offset="+1d", state="cancelled"), "C26-0001/report/1/+1d of trust"),
    "a fallback deleted": ("delete from outbox where fallback_for != ''", "/fallback of trust is gone"),
    "a snoozed reminder moved": ("update outbox set next_at = '2027-06-01T09:00:00.000000Z' where offset like 'snooze%'", "is put off until 2027-06-01"),
    "a card's update cancelled": ("update outbox set state = 'cancelled' where kind = 'update'", "C26-0002/card:x#1 of trust is cancelled, but nobody cancelled it"),
    # Messages that were sent
    "a message to be sent again": ("update outbox set state = 'due' where state = 'sent' and subject = 'C26-0001'", "C26-0001/card of trust was sent, but is not there as sent any more"),
    "a sent message deleted": ("delete from outbox where state = 'sent' and subject = 'C26-0001'", "C26-0001/card of trust was sent, but is not there as sent any more"),
    "which message it was": ("update outbox set message = 'm9' where state = 'sent' and subject = 'C26-0001'", "C26-0001/card of trust was sent as another message"),
    "a cancelled reminder revived": ("update outbox set state = 'due' where state = 'cancelled' and offset = '-1d'", "C26-0002/notify/1/-1d of trust is due, but the trail says that it is cancelled"),
    "where a platform is reached": ("update conversation_reference set data = replace(data, 'example.org', 'example.com')", "where teams 19:abc of trust is reached is not what"),
    "a conversation marked as dead": ("update conversation_reference set dead = 1", "where teams 19:abc of trust is reached is not what"),
    "a conversation forgotten": ("delete from conversation_reference", "where teams 19:abc of trust is reached is gone"),
    # Settings and numbers
    "a setting": ("update setting set value = '\"wales\"' where key = 'nation'", "the setting nation of trust"),
    "a setting deleted": ("delete from setting where key = 'escalation_channel'", "the setting escalation_channel of trust"),
    "a setting added": ("insert into setting values ('trust', 'ping_days', '[]', '', '', '')", "the setting ping_days of trust"),
    "who set it": ("update setting set set_by_name = 'X' where key = 'nation'", "the setting nation of trust"),
    "a number to be given again": ("update numbering set last = 2 where series = 'C26'", "trust has 3 of the 2 numbers given in C26"),
    "numbers left out": ("update numbering set last = 9 where series = '2026'", "trust has 3 of the 9 numbers given in 2026"),
    "a series forgotten": ("delete from numbering where series = 'C26'", "trust has 3 of the 0 numbers given in C26"),
    # The trail
    "who did it": ("update audit set by_name = 'X' where seq = 3 and tenant = 'trust'", "audit entry 3 of trust has been changed"),
    "an entry deleted": ("delete from audit where seq = 4 and tenant = 'trust'", "audit entries 4 to 4 of trust are gone"),
    "a whole trail deleted": ("delete from audit where tenant = 'other'", "decision_record/2026-0001/1 of other is not in the audit trail"),
    "the last entries deleted": ("delete from audit where tenant = 'trust' and seq > 20", "of trust"),
    "an entry that says nothing": ("update audit set detail = 'oops' where seq = 5 and tenant = 'trust'", "audit entry 5 of trust is damaged"),
    "an entry that is a list": ("update audit set detail = '[1]' where seq = 5 and tenant = 'trust'", "audit entry 5 of trust is damaged"),
    # JSON that cannot be read
    "a damaged setting": ("update setting set value = '{' where key = 'nation'", "the setting nation of trust"),
    "a damaged draft": ("update draft set state = '{'", "of draft, of trust, is damaged: its state is no JSON"),
    "a damaged message": ("update outbox set body = '{' where " + REPORT, "of outbox, of trust, is damaged: its body is no JSON"),
    "a damaged reference": ("update conversation_reference set data = '{'", "of conversation_reference, of trust, is damaged"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_somebody_changes_in_the_rows_is_named(path: Path, way: str) -> None:
    statement, told = WAYS[way]
    tamper(path, statement)
    store = SqliteStore(path)
    problems = store.verify(now=LATER)
    store.close()
    assert any(told in problem for problem in problems), problems
    assert all("\n" not in problem for problem in problems)
    assert len(problems) < 40


SCHEMA: dict[str, tuple[str, str]] = {
    "a trigger that cancels new reminders": ("create trigger helpful after insert on outbox begin update outbox set state = 'cancelled' where id = new.id; end", "the trigger helpful is none of ours"),
    "a trigger that swallows the trail": ("create trigger quiet before insert on audit begin select raise(ignore); end", "the trigger quiet is none of ours"),
    "a trigger on a view": ("create trigger beside instead of update on case_now begin select 1; end", "the trigger beside is none of ours"),
    "a trigger taken away": ("drop trigger note_no_delete", "the trigger note_no_delete is gone"),
    "a trigger weakened": ("drop trigger note_no_delete; create trigger note_no_delete before delete on note when 0 begin select raise(abort, 'x'); end", "the trigger note_no_delete has been changed"),
    "what keeps the lists taken away": ("drop trigger deadline_becomes_current", "the trigger deadline_becomes_current is gone"),
    "a view that hides what is open": ("drop view deadline_now; create view deadline_now as select * from deadline where state = 'met'", "the view deadline_now has been changed"),
    "a view taken away": ("drop view case_now", "the view case_now is gone"),
    "an index that refuses a second reminder": ("create unique index one_each on outbox (tenant, key, planned_at)", "the index one_each is none of ours"),
    "an index taken away": ("drop index outbox_waiting", "the index outbox_waiting is gone"),
    "a table of their own": ("create table hidden (a)", "the table hidden is none of ours"),
    "a column of their own": ("alter table outbox add column held integer", "the table outbox has been changed"),
    "statistics that lead astray": ("analyze", "the table sqlite_stat1 is none of ours"),
}  # fmt: skip


@pytest.mark.parametrize("way", SCHEMA)
def test_what_somebody_changes_in_the_schema_is_named(path: Path, way: str) -> None:
    statements, told = SCHEMA[way]
    conn = raw(path)
    conn.executescript(statements)
    conn.close()
    store = SqliteStore(path)
    problems = store.verify(now=LATER)
    assert any(told in problem for problem in problems), problems
    assert any(told in problem for problem in store.doctor(now=LATER).problems)
    store.close()


def test_there_are_as_many_ways_as_were_counted() -> None:
    """Forty-two were found first, of which nineteen were told."""
    assert len(WAYS) + len(SCHEMA) > 42


def test_a_check_that_was_taken_out_of_a_table_is_named(path: Path) -> None:
    conn = raw(path)
    conn.execute("pragma writable_schema=on")
    conn.execute("update sqlite_schema set sql = replace(sql, 'check (seq >= 1)', '') where name = 'audit'")
    conn.close()
    store = SqliteStore(path)
    assert store.verify(now=LATER) == ["the table audit has been changed"]
    store.close()


def test_an_entry_written_anew_with_its_hash_breaks_the_chain_behind_it(path: Path) -> None:
    conn = raw(path)
    row = list(conn.execute(
        "select tenant, seq, at, by_id, by_name, what, subject, detail, previous_hash from audit "
        "where tenant = 'trust' and seq = 3"
    ).fetchone())  # fmt: skip
    conn.close()
    row[7] = json.dumps({**json.loads(row[7]), "due_on": "2027-12-04"})
    forged = hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()
    tamper(
        path, f"update audit set detail = '{row[7]}', hash = '{forged}' where tenant = 'trust' and seq = 3"
    )
    store = SqliteStore(path)
    assert "audit entry 4 of trust does not follow from the one before it" in store.verify(now=LATER)
    store.close()


def test_many_problems_are_told_up_to_a_number(store: SqliteStore, path: Path, monkeypatch) -> None:
    monkeypatch.setattr("storage.verify.MOST", 3)
    conn = raw(path)
    conn.execute("update outbox set conversation = 'nobody'")
    conn.close()
    problems = store.verify(now=LATER)
    assert len(problems) == 4
    assert problems[-1] == "and there is more"


def test_a_file_that_verify_cannot_read_is_told_in_a_line(path: Path) -> None:
    conn = raw(path)
    conn.executescript("drop table outbox")
    conn.close()
    store = SqliteStore(path)
    problems = store.verify(now=LATER)
    assert "the table outbox is gone: nothing can be kept in it" in problems
    store.close()


@pytest.mark.parametrize("moment", [NOW + 4 * DAY, LATER, NOW + 400 * DAY])
def test_what_was_only_used_is_in_good_order_at_any_time(store: SqliteStore, moment: datetime) -> None:
    assert store.verify(now=moment) == []
    while batch := store.claim(None, "chat", worker="w", now=moment, lease=timedelta(seconds=120)):
        store.later(T, batch, at=moment + timedelta(hours=3), error="429", now=moment)
    assert store.verify(now=moment) == []
    assert moment.date() > FOUND
