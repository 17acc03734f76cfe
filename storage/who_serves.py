"""Who sends what: which tenants and platforms somebody serves, and for which something waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage import masking, verify
from storage.connection import Base
from storage.outbox_rows import OPEN
from storage.sql import Sql
from storage.times import stamp


class WhoServes(Base):
    def serves(self, tenant: str, platform: str, *, now: datetime) -> None:
        with self._connections.write(tenant) as sql:
            sql.run(
                "insert into served values (?, ?, ?) "
                "on conflict (tenant, platform) do update set at = excluded.at",
                tenant, masking.machine(platform), stamp(now),
            )  # fmt: skip

    def served(self, *, since: datetime) -> frozenset[tuple[str, str]]:
        with self._connections.read(None) as sql:
            found = sql.all("select tenant, platform from served where at >= ?", stamp(since))
            return frozenset((row["tenant"], row["platform"]) for row in found)

    def waiting(self, *, but: Collection[str] = ()) -> tuple[tuple[str, str, int], ...]:
        with self._connections.read(None) as sql:
            found = [
                row
                for platform in _platforms(sql)
                if platform not in but
                for ripe in (1, 0)
                for row in sql.all(
                    f"select tenant, platform, count(*) as many from outbox where platform = ? "
                    f"and ripe = {ripe} and state in {OPEN} group by tenant",
                    platform,
                )
            ]
        many: dict[tuple[str, str], int] = {}
        for row in found:
            one = (row["tenant"], row["platform"])
            many[one] = many.get(one, 0) + row["many"]
        return tuple((tenant, platform, count) for (tenant, platform), count in sorted(many.items()))

    def tenants_with_deadlines(self) -> tuple[tuple[str, int], ...]:
        with self._connections.read(None) as sql:
            found = (
                (tenant, sql.value(
                    "select count(*) from deadline_current where tenant = ? and state = 'open'", tenant
                ))
                for tenant in verify.tenants(sql)
            )  # fmt: skip
            return tuple((tenant, int(many)) for tenant, many in found if many)


def _platforms(sql: Sql) -> list[str]:
    """By leaps through the indexes of what is open."""
    found: set[str] = set()
    for ripe in (0, 1):
        at = ""
        while at is not None:
            at = sql.value(
                f"select min(platform) from outbox where platform > ? and ripe = {ripe} and state in {OPEN}",
                at,
            )
            found |= {at} if at is not None else set()
    return sorted(found)
