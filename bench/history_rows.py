"""A database with ten years in it, made quickly: lives that were played by the store are written out again
and again, under new numbers and on other days, with digests and a chain as the store would have given them.

A life is a record with what became of it: learned from and confirmed, or a case from its opening to its end,
or as far as it has come by today. The trail of all lives is one, by time, as a hospital's would be.
"""

from __future__ import annotations

import heapq
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.history_once import ANA, T
from rules.deciding import decide
from rules.parsing import parse
from storage.file import sqlite3
from storage.model import Assessment, Destination, NewCase, Person, Step
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.sql import Row
from storage.sqlite import SqliteStore
from storage.tables import APPEND_ONLY
from storage.unit_of_work import chain_hash, digest, label

TODAY = date(2036, 3, 3)
YEARS = 10
NOT_CONFIRMED = 30  # records of the last two days: more than a list shows at once, however short the history
LAST_OF_A_RECORD, LAST_OF_A_CASE = 20, 80  # days
WARD = Destination("slack", "C0INCIDENTS")
BEN = Person("U2", "Physicist B")
NOTIFIABLE = {"exposure": "unintended", "intended_dose": "2 mSv", "total_dose": "24 mSv"}
SMALL = {
    "exposure": "unintended", "intended_dose": "2 mSv", "total_dose": "3 mSv", "individuals_exposed": 1,
    "unintended_foetal_exposure": False, "breastfed_infant_exposed": False, "clinically_significant": False,
}  # fmt: skip
KEPT = (*APPEND_ONLY, "outbox", "address", "delivery")
DAY = re.compile(r"\b(20\d\d-[01]\d-[0-3]\d)(?=\b|T)")


@dataclass(frozen=True)
class Life:
    """The rows of one record and, where it has one, of its case. `began` is the day on which it was kept."""

    number: str
    ref: str
    began: date
    rows: dict[str, list[Row]]
    trail: list[Row]


class Played:
    """One life after the other, each in a store of its own so that its rows are known."""

    def __init__(self, place: Path) -> None:
        self._place, self._count = place, 0

    def record(self, began: date) -> Life:
        """Not notifiable: confirmed, analysed, learned from."""
        return self._life(began, TODAY, case=False)

    def case(self, began: date, until: date) -> Life:
        """As it stands on the day `until`: notified after 12 days, reported after 70, closed after 80."""
        return self._life(began, until, case=True)

    def _life(self, began: date, until: date, *, case: bool) -> Life:
        self._count += 1
        path = self._place / f"life{self._count}.sqlite"
        store = SqliteStore(path)
        kept = assessment(began, **(NOTIFIABLE if case else SMALL))
        for day in range((until - began).days + 1):
            today = began + timedelta(days=day)
            now = datetime(today.year, today.month, today.day, 8, tzinfo=UTC)
            (_a_days_work_of_a_case if case else _a_days_work_of_a_record)(store, kept, day, now)
            _deliver(store, now + timedelta(hours=1, seconds=10) if today < TODAY else now)
            if day == (LAST_OF_A_CASE if case else LAST_OF_A_RECORD):
                break
        store.close()
        conn = sqlite3.connect(str(path))
        conn.row_factory = sqlite3.Row
        rows = {table: [dict(row) for row in conn.execute(f"select * from {table}")] for table in KEPT}
        trail = [dict(row) for row in conn.execute("select * from audit order by seq")]
        conn.close()
        path.unlink()
        ref = rows["case_file"][0]["ref"] if case else ""
        return Life(rows["decision_record"][0]["number"], ref, began, rows, trail)


def assessment(found: date, **facts: Any) -> Assessment:
    given = {
        "nation": "england", "category": "diagnostic", "age_group": "adult", "modality": "ct",
        "discovered_on": found.isoformat(), "examination_intended": "CT head", **facts,
        "account": "The request was for the head, and the protocol of the chest was chosen at the console.",
    }  # fmt: skip
    sources = {name: {"id": "U1", "name": "Radiographer A", "at": found.isoformat()} for name in given}
    return Assessment(
        given, decide(parse(given, TODAY)).as_dict(), sources, dose_as_measured="DLP 900 mGy cm"
    )


def plan(kind: str, due: date, *before: int) -> DeadlinePlan:
    pings = (PingPlan(f"-{days}d", due - timedelta(days=days), WARD) for days in before)
    return DeadlinePlan(kind, due, tuple(pings))


def _a_days_work_of_a_case(store: SqliteStore, kept: Assessment, day: int, now: datetime) -> None:
    ref = f"C{now.year % 100:02}-0001" if day == 0 else store.cases(T)[0].ref
    also = Also(f"view:{day}", posts=_update(ref) if day else ())
    if day == 0:
        due = [now.date() + timedelta(days=days) for days in (14, 84, 7)]
        also = Also(
            "view:0", (plan("notify", due[0], 7, 3, 1, 0), plan("report", due[1], 7, 3, 1, 0)),
            record_deadlines=(plan("confirm", due[2], 0),),
            posts=(PostPlan("card", WARD, {"shows": "case"}, remember=True),),
        )  # fmt: skip
        new = NewCase("Wrong protocol, CT head", now.date(), (kept,), owner=ANA)
        store.open_case(T, new, by=ANA, now=now, also=also)
    elif day == 4:
        number = store.case(T, ref).records[0]
        store.confirm(T, number, revision=1, role="MPE", by=BEN, now=now, also=Also(meet=("confirm",)))
    elif day == 12:
        step = Step("notify", authority_reference=f"CQC-{ref}")
        store.take_step(T, ref, step, expected=1, by=ANA, now=now, also=replace(also, meet=("notify",)))
    elif day == 40:
        store.add_note(T, ref, "The console's list of protocols was reordered.", by=BEN, now=now)
    elif day == 79:
        step = Step("report")
        store.take_step(T, ref, step, expected=2, by=ANA, now=now, also=replace(also, meet=("report",)))
    elif day == LAST_OF_A_CASE:
        store.take_step(T, ref, Step("close"), expected=3, by=BEN, now=now, also=also)


def _update(ref: str) -> tuple[PostPlan, ...]:
    return (PostPlan("card:slack:C0INCIDENTS", WARD, {"shows": "case"}, "update", subject=ref),)


def _a_days_work_of_a_record(store: SqliteStore, kept: Assessment, day: int, now: datetime) -> None:
    if day == 0:
        also = Also("view:0", (plan("learning", now.date() + timedelta(days=28), 0),))
        store.keep(T, kept, by=ANA, now=now, also=also)
        return
    number = store.records(T)[0].number
    if day == 3:
        store.confirm(T, number, revision=1, role="MPE", by=BEN, now=now)
    elif day == LAST_OF_A_RECORD:
        also = Also(meet=("learning",))
        store.add_note(T, number, "Two protocols have one name.", kind="learning", by=BEN, now=now, also=also)


def _deliver(store: SqliteStore, now: datetime) -> None:
    while batch := store.claim(None, "slack", worker="w", now=now, lease=timedelta(seconds=120)):
        store.sent(T, batch, message=f"{now.timestamp():.6f}", now=now)


def lives(place: Path, records: int, cases: int, active: int) -> Iterator[tuple[Life, date]]:
    """Each life to be written, and the day on which it begins, in the order of these days."""
    played = Played(place)
    gone = TODAY - timedelta(days=100)
    samples = [played.record(gone), played.case(gone, TODAY)]
    past = cases - active
    total = records - active - NOT_CONFIRMED
    first = gone - timedelta(days=365 * YEARS)
    for n in range(total):
        began = first + timedelta(days=(n * (gone - first).days) // total)
        is_case = (n * past) // total != ((n + 1) * past) // total
        yield samples[is_case], began
    for age in range(78, 0, -1):
        life = played.case(TODAY - timedelta(days=age), TODAY)
        for _ in range(active // 78 + (age <= active % 78)):
            yield life, life.began
        if age <= 2:
            life = played.record(TODAY - timedelta(days=age))
            for _ in range(NOT_CONFIRMED // 2):
                yield life, life.began


class Book:
    """Writes lives out: rows as they come, the trail by time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        SqliteStore(path).close()
        self.conn = sqlite3.connect(str(path), isolation_level=None)
        for setting in ("synchronous=off", "foreign_keys=off", "cache_size=-200000"):
            self.conn.execute(f"pragma {setting}")
        self._numbers: Counter[str] = Counter()
        self._waiting: list[tuple[str, int, Row]] = []
        self._order, self._seq, self._last = 0, 0, ""
        self._days: dict[tuple[str, int], str] = {}

    def write(self, made: Iterable[tuple[Life, date]]) -> None:
        self.conn.execute("begin immediate")
        for life, began in made:
            self._flush(f"{began.isoformat()}T00")
            self._one(life, began)
        self._flush("9")
        for series, last in self._numbers.items():
            self.conn.execute("insert into numbering values (?, ?, ?)", (T, series, last))
        self.conn.execute("commit")
        self.conn.execute("pragma wal_checkpoint(truncate)")
        self.conn.close()

    def _one(self, life: Life, began: date) -> None:
        shift = (began - life.began).days
        year = str(began.year)
        self._numbers[year] += 1
        names = {life.number: f"{year}-{self._numbers[year]:04}"}
        if life.ref:
            series = f"C{began.year % 100:02}"
            self._numbers[series] += 1
            names[life.ref] = f"{series}-{self._numbers[series]:04}"
        digests: dict[str, str] = {}
        for table, rows in life.rows.items():
            for row in rows:
                new = {name: self._text(value, names, shift) for name, value in row.items() if name != "id"}
                if table in APPEND_ONLY:
                    digests[label(table, new)] = digest(new)
                if table == "delivery":
                    new["key"] += f".{self._order}"
                self._insert(table, new)
        for entry in life.trail:
            new = {name: self._text(value, names, shift) for name, value in entry.items()}
            detail = json.loads(new["detail"])
            if "rows" in detail:
                detail["rows"] = {one: digests[one] for one in detail["rows"]}
                new["detail"] = json.dumps(detail, ensure_ascii=False)
            self._order += 1
            heapq.heappush(self._waiting, (new["at"], self._order, new))

    def _text(self, value: Any, names: dict[str, str], shift: int) -> Any:
        if not isinstance(value, str) or not value:
            return value
        for old, new in names.items():
            value = value.replace(old, new)
        return DAY.sub(lambda found: self._day(found[1], shift), value) if shift else value

    def _day(self, day: str, shift: int) -> str:
        if (day, shift) not in self._days:
            if len(self._days) > 100_000:
                self._days.clear()
            self._days[day, shift] = (date.fromisoformat(day) + timedelta(days=shift)).isoformat()
        return self._days[day, shift]

    def _flush(self, before: str) -> None:
        """The trail up to a moment: nothing that comes later is of an earlier one."""
        while self._waiting and self._waiting[0][0] < before:
            entry = heapq.heappop(self._waiting)[2]
            self._seq += 1
            entry |= {"seq": self._seq, "previous_hash": self._last}
            self._last = entry["hash"] = chain_hash(entry)
            self._insert("audit", entry)

    def _insert(self, table: str, row: Row) -> None:
        marks = ", ".join("?" * len(row))
        self.conn.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def make(path: Path, records: int, cases: int, active: int) -> dict[str, int]:
    """Returns how many rows of each table there are."""
    book = Book(path)
    book.write(lives(path.parent, records, cases, active))
    conn = sqlite3.connect(str(path))
    found = {table: conn.execute(f"select count(*) from {table}").fetchone()[0] for table in (*KEPT, "audit")}
    conn.close()
    return found
