"""Made `0.1.sqlite` and `0.1.json`, with the code of release 0.1 and not of today's: from a checkout of that
release, `PYTHONPATH=. python make_0_1.py 0.1.sqlite`. Kept to be read, not to be run again: the next release
gets a script, a database and a JSON file of its own.

One tenant is a terminal's, typed line by line. The other is a chat platform's, written by the store's verbs:
messages in every state that one can be in, addresses, conversation references, deliveries.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rules.deciding import decide
from rules.incident import parse
from storage.model import Assessment, NewCase, Person, Place, Step
from storage.plans import Also, DeadlinePlan, DraftKey, PingPlan, PostPlan
from storage.sqlite import SqliteStore

LINES = {
    "2026-11-05T10:00": [
        # A case to notify, confirmed, notified, with its authority's number, put off, noted.
        "check mammography", "no", "england", "5 mSv", "yesterday", "none", "yes", "done",
        "confirm 2026-0001 as MPE", "settings may_export me", "settings role_mpe me",
        "settings ping_days 7, 3, 1", "settings quiet_days sunday", "settings local_deadlines board: 30",
        "settings incidents_channel here",
        "note C26-0001 the patient, NHS 999 000 0018, was told", "note C26-0001 the patient was told",
        "notified C26-0001 CQC-1", "snooze C26-0001 report tomorrow",
        "analysis 2026-0001 two requests on one screen",
    ],
    "2026-11-06T09:30": [
        # Undecided, told in words, with its estimate asked for; another day of discovery of the first.
        "check wrong pt had a CT head yesterday at 2pm, about 2 mSv, 9 year old boy, in England",
        "none", "unknown", "unknown", "yesterday", "no", "yes", "done",
        "discovered C26-0001 2026-11-03 it was found on the worklist of the 3rd",
    ],
    "2026-11-10T14:00": [
        # Not notifiable and kept, to be learned from; a correction; reported, closed, opened again.
        "check mammography", "no", "england", "0.4 mSv", "adult", "yesterday", "none", "yes", "done",
        "learning 2026-0003 the identity is asked for twice",
        "correct 2026-0002", "3 mSv", "none", "yes", "it was measured", "done", "done",
        "reported C26-0001", "close C26-0001", "reopen C26-0001 the authority has asked",
        "assign C26-0001 A.Physicist", "due",
        # And a check that is not finished.
        "check a CT of the chest was done twice, adult, england", "3 mSv",
    ],
}  # fmt: skip

T = "T0HOSPITAL"
ANA, BEN = Person("U1", "Radiographer A"), Person("U2", "Physicist B")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FOUND = date(2026, 11, 20)
WARD, LEADS = Place("slack", "C0INCIDENTS"), Place("slack", "C0LEADS")
LEASE = timedelta(seconds=120)


NOTIFIABLE = {"exposure": "unintended", "intended_dose": "2 mSv", "total_dose": "24 mSv"}


def assessment(**facts: Any) -> Assessment:
    given = {
        "nation": "scotland", "category": "diagnostic", "age_group": "adult", "discovered_on": "2026-11-20",
        "account": "wrong protocol", **facts,
    }  # fmt: skip
    return Assessment(
        given, decide(parse(given, NOW.date())).as_dict(),
        {"total_dose": {"id": "U1", "name": "Radiographer A", "at": "2026-11-23T09:00:00Z"}},
        local_incident_number="W123", dose_as_measured="DLP 1200 mGy cm", dose_estimated_by="Physicist B",
        dose_estimated_how="from the DLP", immediate_actions="the scan was stopped",
    )  # fmt: skip


def plan(kind: str, due: date, *offsets: int, place: Place = WARD, **given: Any) -> DeadlinePlan:
    pings = (PingPlan(f"{days:+}d" if days else "0d", due + timedelta(days=days), place) for days in offsets)
    return DeadlinePlan(kind, due, tuple(pings), **given)


def case(store: SqliteStore, title: str, found: date = FOUND, **given: Any) -> str:
    days = (-7, -3, -1, 0)
    also = Also(
        delivery=f"view:{title}",
        deadlines=(
            plan("notify", found + timedelta(days=14), *days),
            plan("report", found + timedelta(days=84), *days),
            plan("mpe_estimate", found + timedelta(days=5), 0),
        ),
        record_deadlines=(plan("confirm", found + timedelta(days=7), 0),),
        posts=(PostPlan("card", WARD, {"shows": "case"}, remember=True),),
    )
    new = NewCase(title, found, (assessment(**NOTIFIABLE),), **given)
    return store.open_case(T, new, by=ANA, now=NOW, also=also).ref


def platform(store: SqliteStore) -> None:
    first = case(store, "Wrong patient, CT head", owner=BEN, note="found by the ward")
    second = case(store, "Foetal exposure not known", discovered_at=NOW - timedelta(days=3))
    third = case(store, "Repeat of an abdomen", found=FOUND - timedelta(days=30))
    store.keep(
        T,
        assessment(
            exposure="unintended",
            intended_dose="2 mSv",
            total_dose="3 mSv",
            unintended_foetal_exposure=False,
            breastfed_infant_exposed=False,
            individuals_exposed=1,
            clinically_significant=False,
        ),
        by=BEN,
        now=NOW,
        also=Also(deadlines=(plan("learning", FOUND + timedelta(days=28), 0),)),
    )
    store.set_setting(
        T, "incidents_channel", {"platform": "slack", "conversation": "C0INCIDENTS"}, by=ANA, now=NOW
    )
    store.set_setting(T, "ping_days", [14, 7, 1, 0], by=ANA, now=NOW)
    store.set_setting(T, "may_close", ["U1", "U2"], by=ANA, now=NOW)
    store.set_setting(T, "nation", "wales", by=ANA, now=NOW)
    store.set_setting(T, "nation", "scotland", by=BEN, now=NOW)
    at = NOW
    for number in range(4):  # the cards: three posted, and of the late case's pings the latest
        batch = claim(store, at := at + timedelta(seconds=5))
        store.sent(T, batch, message=f"170000000{number}.000100", now=at)
    at = datetime(2026, 11, 27, 10, tzinfo=UTC)
    gone = claim(store, at)
    store.undeliverable(T, gone, error="channel_not_found", fallback=LEADS, now=at)
    batch = claim(store, at := at + timedelta(minutes=1))  # the fallback
    store.unknown(T, batch, at=at + timedelta(minutes=5), error="timeout", now=at)
    store.take_step(
        T,
        first,
        Step("notify", "told by telephone", "HIS-77"),
        expected=1,
        by=BEN,
        now=at,
        also=Also(
            meet=("notify",),
            posts=(PostPlan("card:slack:C0INCIDENTS", WARD, {"shows": "case"}, "update", subject=first),),
        ),
    )
    store.withdraw(T, second, "mpe_estimate", why="it is certain", by=BEN, now=at)
    store.correct(
        T,
        "2026-0002",
        assessment(exposure="unintended"),
        why="dose in doubt",
        expected=1,
        by=BEN,
        now=at,
    )
    store.confirm(
        T, "2026-0001", revision=1, role="MPE", compared=True, note="as the table has it", by=BEN, now=at
    )
    store.snooze(
        T, second, "notify", until=datetime(2026, 12, 2, 14, tzinfo=UTC), why="on leave", by=BEN, now=at
    )
    store.set_deadlines(T, second, (plan("report", FOUND + timedelta(days=84), -14, -7, 0),), by=ANA, now=at)
    store.take_step(
        T,
        third,
        Step("stand_down", "ruled out", record="2026-0003"),
        expected=None,
        by=BEN,
        now=at,
        also=Also(withdraw=("notify", "report", "mpe_estimate")),
    )
    store.add_note(T, "2026-0004", "two lists with one name", kind="analysis", by=ANA, now=at)
    store.save_draft(
        T,
        DraftKey("slack", "", "user:U1"),
        {
            "id": "0a1b2c3d",
            "started": "2026-11-27T09:58:00+00:00",
            "facts": {"category": "diagnostic"},
            "sources": {},
        },
        now=at,
    )
    store.remember_reference(
        T, "teams", "19:abc@thread.tacv2", {"service_url": "https://smba.trafficmanager.net/uk/"}, now=at
    )
    store.log(T, "refused", first, {"wanted": "close"}, by=ANA, now=at)
    sending = claim(store, datetime(2026, 12, 1, 9, 30, tzinfo=UTC))  # a worker that was killed
    assert sending.items


def claim(store: SqliteStore, now: datetime) -> Any:
    batch = store.claim(None, "slack", worker="slack-1", now=now, lease=LEASE, limit=50)
    assert batch is not None, now
    return batch


def meaning(store: SqliteStore) -> dict[str, Any]:
    """What the database says, as the verbs of its release tell it."""
    told: dict[str, Any] = {"next_due": {}, "verify": store.verify(), "tenants": {}}
    for face in ("terminal", "slack", "teams"):
        told["next_due"][face] = store.next_due(None, face)
    told["unwatched"] = [(tenant, asdict(deadline)) for tenant, deadline in store.unwatched(None)]
    told["undelivered"] = [one.key for one in store.undelivered(None)]
    for tenant in store.tenants():
        cases, records = store.cases(tenant), store.records(tenant)
        subjects = [*(case.ref for case in cases), *(record.number for record in records)]
        told["tenants"][tenant] = {
            "cases": [asdict(case) for case in cases],
            "steps": {case.ref: [asdict(step) for step in store.steps(tenant, case.ref)] for case in cases},
            "records": [asdict(one) for record in records for one in store.revisions(tenant, record.number)],
            "notes": {one: [asdict(note) for note in store.notes(tenant, one)] for one in subjects},
            "deadlines": [asdict(one) for one in store.deadlines(tenant, state="", history=True)],
            "outgoing": {one: [asdict(row) for row in store.outgoing(tenant, one)] for one in subjects},
            "addresses": {one: [asdict(row) for row in store.addresses(tenant, one)] for one in subjects},
            "drafts": [asdict(draft) for draft in store.drafts(tenant)],
            "settings": store.settings(tenant),
            "audit": [asdict(entry) for entry in store.audit(tenant)],
        }
    return told


def main(path: Path) -> None:
    path.unlink(missing_ok=True)
    for now, lines in LINES.items():
        done = subprocess.run(
            [sys.executable, "-m", "bot", "chat", "--now", now, "--database", str(path)],
            input="".join(f"{line}\n" for line in lines), text=True, capture_output=True, check=False,
            env={**os.environ, "LOGNAME": "a.ward"},
        )  # fmt: skip
        print(done.stdout, done.stderr, file=sys.stderr)
    store = SqliteStore(path)
    platform(store)
    store.close()  # the log goes back into the file
    store = SqliteStore(path)
    path.with_suffix(".json").write_text(
        json.dumps(meaning(store), default=str, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
