"""Pings in a terminal: runs over one file, with the clock where it is wanted."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from rules.deadlines import UK
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person
from storage.sqlite import open_store
from tests.processes import ROOT, irmer_here

FACTS = {
    "nation": "england", "discovered_on": "2026-11-23", "exposure": "accidental", "category": "diagnostic",
    "total_dose": "40 mSv", "age_years": 40, "individuals_exposed": 1, "clinically_significant": False,
    "unintended_foetal_exposure": False, "equipment_fault": False,
}  # fmt: skip
OPENED = datetime(2026, 11, 24, 9, 30, tzinfo=UK)
PING = "notify the authority, as soon as possible, by Mon 7 December 2026"


def begin(database: Path) -> None:
    store = open_store(database)
    facts = parse(FACTS, OPENED.date())
    kept = Assessment(facts.stated, decide(facts).as_dict())
    store.keep("local", kept, by=Person("ana"), now=OPENED)
    store.close()


def irmer(database: Path, *words: str, now: str, typed: str = "") -> str:
    _, out, err = irmer_here(*words, "--now", now, given=typed, database=database, IRMER_NATION="england")
    assert err == ""
    return str(out)


def test_two_runs_on_one_file_repeat_nothing_and_lose_nothing(tmp_path: Path) -> None:
    database = tmp_path / "irmer.sqlite"
    begin(database)
    opened = irmer(database, "chat", now="2026-11-24T09:30", typed="open 2026-0001\n")
    assert "Opened as case C26-0001" in opened
    assert PING not in irmer(database, "chat", now="2026-11-29T12:00")
    assert irmer(database, "chat", now="2026-11-30T08:59:30").count(PING) == 0
    first = irmer(database, "chat", now="2026-11-30T09:00")
    assert first.count(PING) == 1
    assert "7 of 14 days used, 7 left" in first
    assert PING not in irmer(database, "chat", now="2026-11-30T09:05")
    late = irmer(database, "chat", now="2026-12-09T10:00", typed="snooze C26-0001 1 hour out of office\n")
    assert late.count("notify the authority is OVERDUE by 2 days") == 1
    assert "OVERDUE" not in irmer(database, "chat", now="2026-12-09T10:30").split("or quit")[1]
    assert "OVERDUE by 2 days" in irmer(database, "chat", now="2026-12-09T11:01")
    ended = irmer(database, "chat", now="2026-12-09T12:00", typed="done C26-0001 CQC-1\n")
    assert "with the authority's reference CQC-1" in ended
    assert "notify the authority is OVERDUE" not in irmer(database, "chat", now="2026-12-10T09:01")
    store = open_store(database)
    sent = [p for p in store.outgoing("local", "C26-0001") if p.kind == "ping" and p.rule == "notify"]
    assert [p.offset for p in sent if p.state == "sent"][:2] == ["-7d", "0d"]
    assert store.verify() == []
    store.close()


def test_a_ping_is_printed_while_the_chat_waits_for_a_line(tmp_path: Path) -> None:
    database = tmp_path / "irmer.sqlite"
    begin(database)
    irmer(database, "open", "2026-0001", now="2026-11-24T09:30")
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--now", "2026-11-30T08:59:57", "--database", str(database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdin is not None
        seen, end = "", time.monotonic() + 60
        while PING not in seen and time.monotonic() < end:
            seen += process.stdout.readline()
        assert PING in seen
        process.stdin.write("quit\n")
        process.stdin.close()
        assert process.wait(60) == 0


def test_the_lists_are_one_command_and_out(tmp_path: Path) -> None:
    database = tmp_path / "irmer.sqlite"
    begin(database)
    irmer(database, "open", "2026-0001", now="2026-11-24T09:30")
    assert "C26-0001" in irmer(database, "cases", now="2026-11-30T12:00")
    due = irmer(database, "due", now="2026-11-30T12:00")
    assert "Mon 7 December 2026 (7 days left)" in due
    assert PING in irmer(database, "chat", now="2026-11-30T12:00")
