"""What is older than a hospital keeps it, and its going. Nothing goes by itself, but for the keys of
deliveries: somebody asks what would go, and says so.

A case or a record goes as a whole, with its messages. Its entries in the trail stay, which hold no words, and
one more, "erased", says that it went: so its number stays given, and the trail whole.
"""

from __future__ import annotations

from datetime import datetime

from storage.connection import Base
from storage.imports import forget_content
from storage.model import Person
from storage.outbox_rows import OPEN
from storage.retention_model import Before, Outdated
from storage.sql import Sql
from storage.tables import APPEND_ONLY
from storage.times import stamp
from storage.unit_of_work import Work
from storage.verify_trail import ERASED


class Retention(Base):
    def outdated(self, tenant: str, before: Before) -> Outdated:
        with self._connections.read(tenant) as sql:
            return _outdated(sql, tenant, before)

    def let_go(self, tenant: str, before: Before, *, by: Person, now: datetime) -> Outdated:
        with self._work(tenant, by, now) as work:
            found = _outdated(work.sql, tenant, before)
            for table, column, since in (
                ("draft", "updated_at", before.drafts), ("delivery", "at", before.deliveries),
            ):  # fmt: skip
                if since is not None:
                    work.sql.run(
                        f"delete from {table} where tenant = ? and {column} < ?", tenant, stamp(since)
                    )
            if found.drafts or found.deliveries:
                told = {"drafts": found.drafts, "deliveries": found.deliveries}
                work.audit("let go", "", told)
            with work.sql.rewriting(APPEND_ONLY, "delete"):
                for subject in (*found.cases, *found.themes, *found.records):
                    _delete(work, subject)
                    work.audit(ERASED, subject, {"gone": True})
        self._connections.scrub()
        return found


def _outdated(sql: Sql, tenant: str, before: Before) -> Outdated:
    drafts = before.drafts and sql.value(
        "select count(*) from draft where tenant = ? and updated_at < ?", tenant, stamp(before.drafts)
    )
    deliveries = before.deliveries and sql.value(
        "select count(*) from delivery where tenant = ? and at < ?", tenant, stamp(before.deliveries)
    )
    cases, staying = _split(
        sql, tenant, before.cases,
        """select ref as subject, state not in ('closed', 'stood_down') as waits from case_current c
        where tenant = ? and opened_at < ?""",
    )  # fmt: skip
    records, more = _split(
        sql, tenant, before.records,
        """select number as subject, 0 as waits from record_current where tenant = ? and kept_at < ?""",
    )  # fmt: skip
    themes, themes_staying = _split(
        sql, tenant, before.cases,
        """select t.ref as subject, s.state not in ('closed', 'apart') as waits
        from theme t join theme_step s on s.tenant = t.tenant and s.ref = t.ref
        where t.tenant = ? and t.opened_at < ? and s.version = (
          select max(version) from theme_step v where v.tenant = s.tenant and v.ref = s.ref)""",
    )  # fmt: skip
    going = {*cases, *themes}
    held = {
        row["number"]
        for row in sql.all(
            """select number, ref from case_record where tenant = ?
            union all select number, ref from theme_incident where tenant = ?""",
            tenant,
            tenant,
        )
        if row["ref"] not in going
    }
    free = tuple(one for one in records if one not in held)
    staying += [*themes_staying, *more, *(one for one in records if one in held)]
    return Outdated(int(drafts or 0), int(deliveries or 0), tuple(cases), free, tuple(staying), tuple(themes))


def _split(sql: Sql, tenant: str, before: datetime | None, query: str) -> tuple[list[str], list[str]]:
    """Those that go, and those that are old enough and wait: for a step, a deadline or a message."""
    if before is None:
        return [], []
    going: list[str] = []
    staying: list[str] = []
    for row in sql.all(f"{query} order by subject", tenant, stamp(before)):
        subject = row["subject"]
        touched = sql.value("select max(at) from audit where tenant = ? and subject = ?", tenant, subject)
        if touched is not None and touched >= stamp(before):
            continue
        waits = row["waits"] or sql.value(
            "select 1 from deadline_current where tenant = ? and subject = ? and state = 'open'",
            tenant, subject,
        ) or sql.value(
            f"select 1 from outbox where tenant = ? and subject = ? and state in {OPEN}",
            tenant, subject,
        )  # fmt: skip
        (staying if waits else going).append(subject)
    return going, staying


def _delete(work: Work, subject: str) -> None:
    """What refers to others goes before them."""
    forget_content(work.sql, work.tenant, subject)
    for table, key in reversed(APPEND_ONLY.items()):
        work.sql.run(f"delete from {table} where tenant = ? and {key[0]} = ?", work.tenant, subject)
    for table, column in (
        ("outbox", "subject"), ("address", "subject"), ("deadline_current", "subject"),
        ("case_current", "ref"), ("record_current", "number"), ("incident", "number"),
    ):  # fmt: skip
        work.sql.run(f"delete from {table} where tenant = ? and {column} = ?", work.tenant, subject)
