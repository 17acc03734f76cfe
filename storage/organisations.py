"""Organisations, what of a platform is bound to them, and the codes by which people bind it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from storage import masking, rows, verify
from storage.connection import Base
from storage.errors import Conflict, Invalid
from storage.model import UNLINKED, Destination, Person
from storage.organisation_model import Binding, LinkCode, Organisation, Outside, Unlinked
from storage.organisation_rows import (
    LONGEST_ID,
    OF_NOBODY,
    close_binding,
    open_binding,
    organisation_row,
    put_organisation,
    read_bindings,
    read_organisation,
    refuse_same_code,
)
from storage.sql import Row, Sql
from storage.times import moment, stamp
from storage.unit_of_work import Work

CODE_LASTS, MOST_TRIES = timedelta(minutes=15), 5
CODE_LENGTH = 8
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another


class Organisations(Base):
    def add_organisation(
        self, tenant: str, name: str, *, ods_code: str = "", by: Person, now: datetime
    ) -> Organisation:
        if not name.strip() or tenant in OF_NOBODY or masking.machine(tenant) != tenant:
            raise Invalid("an organisation wants a name, and an id that is nobody's number")
        if not (0 < len(tenant) <= LONGEST_ID) or tenant.startswith("-") or len(tenant.split()) != 1:
            raise Invalid(f"an organisation's id is one word of at most {LONGEST_ID} characters")
        with self._work(tenant, by, now) as work:
            row = organisation_row(work.sql, tenant)
            if row and row["name"] != tenant:  # one that nobody has named gets its name
                raise Conflict(f"there is an organisation {tenant} already: {row['name']}")
            refuse_same_code(work.sql, tenant, ods_code)
            return put_organisation(work, Organisation(tenant, masking.text(name.strip()), ods_code))

    def organisation(self, tenant: str) -> Organisation:
        with self._connections.read(tenant) as sql:
            return read_organisation(sql, tenant)

    def organisations(self) -> tuple[Organisation, ...]:
        with self._connections.read(None) as sql:
            named = {row["tenant"] for row in sql.all("select distinct tenant from organisation")}
            every = sorted({*named, *verify.tenants(sql)} - {*OF_NOBODY})
            return tuple(read_organisation(sql, one) for one in every)

    def merged(self, tenant: str) -> frozenset[str]:
        found, ahead = set[str](), [tenant]
        with self._connections.read(tenant) as sql:
            while ahead:
                asked = "select distinct tenant from organisation where merged_into = ?"
                new = {row["tenant"] for row in sql.all(asked, ahead.pop())} - found
                found |= new
                ahead += new
        return frozenset(found)

    # What leads to them

    def bind(self, tenant: str, outside: Outside, *, how: str, by: Person, now: datetime) -> Binding:
        with self._work(tenant, by, now) as work:
            return open_binding(work, outside, how)

    def unbind(self, tenant: str, outside: Outside, *, how: str, by: Person, now: datetime) -> Binding:
        with self._work(tenant, by, now) as work:
            return close_binding(work, outside, how)

    def bindings(self, tenant: str) -> tuple[Binding, ...]:
        with self._connections.read(tenant) as sql:
            return read_bindings(sql, tenant)

    def bound(self, outsides: Sequence[Outside]) -> str:
        with self._connections.read(None) as sql:
            for one in outsides:
                for app in dict.fromkeys((one.app, "")):
                    found = sql.value(
                        "select tenant from binding_open where platform = ? and app = ? and kind = ? "
                        "and external = ?",
                        one.platform, app, one.kind, one.external,
                    )  # fmt: skip
                    if found is not None:
                        return str(found)
            return ""

    def leads(self) -> tuple[tuple[str, Outside], ...]:
        with self._connections.read(None) as sql:
            return tuple(
                (row["tenant"], Outside(row["platform"], row["kind"], row["external"], row["app"]))
                for row in sql.all(
                    "select * from binding_open order by tenant, platform, kind, external, app"
                )
            )

    # Codes

    def ask_link(self, tenant: str, where: Destination, *, by: Person, now: datetime) -> str:
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        with self._work(tenant, by, now) as work:
            read_organisation(work.sql, tenant)
            work.sql.run("delete from link_code where asked_at < ?", stamp(now - CODE_LASTS))
            row: Row = {
                "tenant": tenant, "digest": _digest(code), "platform": masking.machine(where.platform),
                "conversation": masking.machine(where.conversation), "asked_at": work.now,
                "asked_by_id": work.by.id, "asked_by_name": work.by.name,
            }  # fmt: skip
            work.sql.insert("link_code", row)
            work.audit("link code made", "", {"platform": row["platform"], "code": row["digest"][:8]})
        return code

    def link(
        self, code: str, outside: Outside, *, typed_in: str, before: str = "", by: Person, now: datetime
    ) -> tuple[LinkCode, Binding]:
        """`typed_in`: the conversation, `before`: whose it was until now."""
        self._refuse_more_tries(outside.platform, typed_in, by, now)
        digest = _digest(code)
        with self._connections.write(None) as sql:
            row = sql.one("select * from link_code where digest = ?", digest)
            problem = _unfit(row, now)
            found = None if problem or row is None else _by_code(sql, row, outside, before, by, now)
            if found is None:
                sql.run(
                    "insert into link_try values (?, ?, ?, ?) "
                    "on conflict (platform, conversation, person, at) do nothing",
                    outside.platform, masking.machine(typed_in), masking.machine(by.id), stamp(now),
                )  # fmt: skip
        if found is None or row is None:
            raise Invalid(problem)
        return _code(row), found

    def _refuse_more_tries(self, platform: str, conversation: str, by: Person, now: datetime) -> None:
        with self._connections.read(None) as sql:
            tries = sql.value(
                "select count(*) from link_try where platform = ? and (conversation = ? or person = ?) "
                "and at > ?",
                platform, masking.machine(conversation), masking.machine(by.id), stamp(now - CODE_LASTS),
            )  # fmt: skip
        if tries >= MOST_TRIES:
            raise Invalid("that was too many codes that are none: ask for a new one, and try it later")

    # Whom nothing leads anywhere

    def note_unlinked(self, outside: Outside, *, now: datetime) -> None:
        with self._connections.write(None) as sql:
            day = f"{now:%Y-%m-%d}"
            new = sql.run(
                "insert into unlinked values (?, ?, ?, ?, 1) "
                "on conflict (day, platform, kind, external) do update set times = unlinked.times + 1",
                outside.platform, outside.kind, masking.machine(outside.external), day,
            )  # fmt: skip
            assert new

    def unlinked(self, *, since: datetime) -> tuple[Unlinked, ...]:
        with self._connections.read(None) as sql:
            found = sql.all(
                "select * from unlinked where day >= ? order by day desc, times desc", f"{since:%Y-%m-%d}"
            )
            return tuple(
                Unlinked(
                    Outside(row["platform"], row["kind"], row["external"]), row["day"], int(row["times"])
                )
                for row in found
            )

    def forget_links(self, *, before: datetime) -> None:
        with self._connections.write(None) as sql:
            sql.run("delete from unlinked where day < ?", f"{before:%Y-%m-%d}")
            sql.run("delete from link_try where at < ?", stamp(before))
            sql.run("delete from link_code where asked_at < ?", stamp(before))
        with self._connections.write(UNLINKED) as sql:
            sql.run("delete from draft where tenant = ? and updated_at < ?", UNLINKED, stamp(before))

    # Whoever is in several

    def choose_organisation(self, platform: str, conversation: str, tenant: str, *, now: datetime) -> None:
        with self._connections.write(None) as sql:
            sql.run(
                "insert into chosen_organisation values (?, ?, ?, ?) on conflict (platform, conversation) "
                "do update set tenant = excluded.tenant, at = excluded.at",
                masking.machine(platform), masking.machine(conversation), tenant, stamp(now),
            )  # fmt: skip

    def chosen_organisation(self, platform: str, conversation: str) -> str:
        with self._connections.read(None) as sql:
            found = sql.value(
                "select tenant from chosen_organisation where platform = ? and conversation = ?",
                masking.machine(platform), masking.machine(conversation),
            )  # fmt: skip
            return str(found or "")

    def data_version(self) -> int | None:
        return self._connections.data_version()


def _by_code(sql: Sql, row: Row, outside: Outside, before: str, by: Person, now: datetime) -> Binding:
    """In both trails: the organisation's, and that of whoever the place led to before, or the operator's."""
    used = "update link_code set used_at = ? where digest = ? and used_at is null"
    if not sql.run(used, stamp(now), row["digest"]):  # by somebody else, at this very moment
        raise Invalid(_USED)
    work = Work(sql, row["tenant"], by, now)
    found = open_binding(work, outside, f"by a code that {row['asked_by_name']} asked for")
    work.audit("link code used", "", {"code": row["digest"][:8]})
    told = {
        "platform": outside.platform, "kind": outside.kind, "external": outside.external,
        "organisation": row["tenant"], "code": row["digest"][:8],
    }  # fmt: skip
    other = before if before not in ("", row["tenant"]) else UNLINKED
    Work(sql, other, by, now).audit("linked by a code", "", told)
    return found


def _digest(code: str) -> str:
    """Without what people put between its letters."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


_USED = "that code was used already: ask for a new one with link"


def _unfit(row: Row | None, now: datetime) -> str:
    if row is None:
        return "there is no such code: ask for a new one with link"
    if row["used_at"] is not None:
        return _USED
    if moment(row["asked_at"]) + CODE_LASTS < now:
        return "that code is too old, it lasts 15 minutes: ask for a new one with link"
    return ""


def _code(row: Row) -> LinkCode:
    return LinkCode(
        row["tenant"], row["platform"], row["conversation"], rows.person(row, "asked_by"),
        moment(row["asked_at"]),
    )  # fmt: skip
