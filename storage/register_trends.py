"""What trends are made of, counted in the store: what details tell, and how long cases took."""

from __future__ import annotations

from datetime import date

from storage.connection import Base
from storage.register import chosen
from storage.register_model import EVERY, MetDeadline, Which
from storage.seals import TAKEN
from storage.times import moment


class RegisterTrends(Base):
    def tally_detail(self, tenant: str, field: str, which: Which = EVERY) -> dict[str, int]:
        condition, values = chosen(tenant, which)
        with self._connections.read(tenant) as sql:
            rows = sql.all(
                f"""select coalesce((
                  select value from record_detail d where d.tenant = i.tenant and d.number = i.number
                  and d.field = ? order by seq desc limit 1), '') as key, count(*) as count
                from incident i where {condition} group by key""",
                field, *values,
            )  # fmt: skip
        counted: dict[str, int] = {}
        for row in rows:
            key = "" if row["key"].startswith(TAKEN) else row["key"]
            counted[key] = counted.get(key, 0) + row["count"]
        return dict(sorted(counted.items()))

    def days_taken(self, tenant: str, kind: str, which: Which = EVERY) -> tuple[MetDeadline, ...]:
        condition, values = chosen(tenant, which)
        with self._connections.read(tenant) as sql:
            rows = sql.all(
                f"""select c.ref as ref, s.discovered_on as discovered_on, n.set_at as set_at, (
                  select x.done_on from case_step x where x.tenant = k.tenant and x.ref = k.ref
                  and x.step = n.kind order by x.version desc limit 1) as done_on
                from case_record c
                join case_current k on k.tenant = c.tenant and k.ref = c.ref
                join case_step s on s.tenant = k.tenant and s.ref = k.ref and s.version = k.version
                join deadline_now n on n.tenant = k.tenant and n.subject = k.ref and n.kind = ?
                where c.tenant = ? and n.state = 'met'
                and c.number in (select number from incident where {condition})
                group by c.ref, s.discovered_on, n.set_at, k.tenant, k.ref, n.kind
                order by s.discovered_on, length(c.ref), c.ref""",
                kind, tenant, *values,
            )  # fmt: skip
        return tuple(
            MetDeadline(
                row["ref"], date.fromisoformat(row["discovered_on"]), moment(row["set_at"]),
                date.fromisoformat(row["done_on"]) if row["done_on"] else None,
            )
            for row in rows
        )  # fmt: skip

    def count_overdue(self, tenant: str, kind: str, today: date, which: Which = EVERY) -> int:
        condition, values = chosen(tenant, which)
        with self._connections.read(tenant) as sql:
            return int(
                sql.value(
                    f"""select count(distinct c.ref) from case_record c
                    join deadline_now n on n.tenant = c.tenant and n.subject = c.ref and n.kind = ?
                    where c.tenant = ? and n.state = 'open' and n.due_on < ?
                    and c.number in (select number from incident where {condition})""",
                    kind, tenant, today.isoformat(), *values,
                )
            )  # fmt: skip
