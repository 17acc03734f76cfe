"""The register made anew: where another release made its entries, or where they are not what the records say.

For the transaction of whoever may change all of it, in a file or on a server.
"""

from __future__ import annotations

from storage import verify
from storage.record_rows import read_record
from storage.register_rows import built_by_today, make_anew, unlike
from storage.sql import Sql


def by_today(sql: Sql) -> None:
    if not built_by_today(sql):
        make_anew(sql, read_record)


def as_the_records_say(sql: Sql) -> tuple[str, ...]:
    """By today's way as well; what was done, in a line."""
    wrong = sum(1 for tenant in verify.tenants(sql) for _ in unlike(sql, tenant))
    if built_by_today(sql) and not wrong:
        return ()
    many = make_anew(sql, read_record)
    if wrong:
        return (f"the register was made anew: {wrong} of its entries were not what their records say",)
    return (f"the register was made anew: {many} records",) if many else ()
