"""Which processes have the store open to serve, and whose turn it is to do what one of them does for all."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from storage import masking
from storage.connection import Base
from storage.memory_model import RunningProcess
from storage.outbox_rows import APART
from storage.sql import Row
from storage.times import moment, stamp

# What was killed leaves its row behind: for so long somebody may want to know.
GONE = timedelta(hours=1)


class RunningProcesses(Base):
    def runs(self, process: RunningProcess, *, now: datetime) -> None:
        with self._connections.write(None) as sql:
            sql.run(
                "insert into process values (?, ?, ?, ?, ?, ?) on conflict (id) do update set "
                "seen_at = excluded.seen_at, faces = excluded.faces, trouble = excluded.trouble",
                process.id, process.release, stamp(process.started_at), stamp(now),
                json.dumps(dict(process.faces)),
                json.dumps([masking.text(line) for line in process.trouble], ensure_ascii=False),
            )  # fmt: skip
            sql.run("delete from process where seen_at < ?", stamp(now - GONE))

    def has_ended(self, process: str) -> None:
        with self._connections.write(None) as sql:
            sql.run("delete from process where id = ?", process)
            sql.run("delete from turn where holder = ?", process)

    def running(self) -> tuple[RunningProcess, ...]:
        with self._connections.read(None) as sql:
            return tuple(map(_process, sql.all("select * from process order by started_at, id")))

    def takes_turn(self, name: str, holder: str, *, now: datetime, length: timedelta) -> bool:
        # A time further ahead than any turn was written by a clock that was wrong.
        with self._connections.write(None) as sql:
            taken = sql.run(
                "insert into turn values (?, ?, ?) on conflict (name) do update set "
                "holder = excluded.holder, until = excluded.until "
                "where turn.holder = excluded.holder or turn.until <= ? or turn.until > ?",
                name, holder, stamp(now + length), stamp(now), stamp(now + length + APART),
            )  # fmt: skip
            return taken == 1

    def clock_of_the_store(self) -> datetime | None:
        with self._connections.read(None) as sql:
            return sql.told_time()


def _process(row: Row) -> RunningProcess:
    return RunningProcess(
        row["id"], row["release"], moment(row["started_at"]), moment(row["seen_at"]),
        json.loads(row["faces"]), tuple(json.loads(row["trouble"])),
    )  # fmt: skip
