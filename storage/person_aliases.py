"""What a platform calls people since their workspace was moved. The id of before stays in every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage import masking
from storage.connection import Base
from storage.model import BOT
from storage.sql import Sql


class PersonAliases(Base):
    def people_moved(
        self, tenants: Sequence[str], platform: str, moved: Mapping[str, str], *, now: datetime
    ) -> Mapping[str, str]:
        new: dict[str, str] = {}
        for tenant in tenants:
            with self._work(tenant, BOT, now) as work:
                known = _read(work.sql, platform)
                for old, called in moved.items():
                    if called == old or called in known:
                        continue
                    new[known.get(old, old)] = called
                    work.sql.run(
                        "insert into person_alias values (?, ?, ?, ?) on conflict (platform, new) do nothing",
                        masking.machine(platform), masking.machine(known.get(old, old)),
                        masking.machine(called), work.now,
                    )  # fmt: skip
                if new:
                    told = {"platform": platform, "people": dict(sorted(new.items()))}
                    work.audit("people moved", "", told)
        return new

    def moved_people(self, platform: str) -> Mapping[str, str]:
        with self._connections.read(None) as sql:
            return _read(sql, platform)


def _read(sql: Sql, platform: str) -> dict[str, str]:
    found = sql.all("select new, old from person_alias where platform = ? order by at", platform)
    return {row["new"]: row["old"] for row in found}
