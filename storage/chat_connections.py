"""Connections to chat platforms, and what they sign in with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage import masking, rows
from storage.chat_connection_model import (
    BY_ENVIRONMENT,
    ChatConnection,
    ConnectionPlan,
    ConnectionState,
    SealedSecret,
)
from storage.connection import Base
from storage.errors import Invalid, NotFound
from storage.model import MACHINE, Person
from storage.secret_box import SecretBox
from storage.sql import Row, Sql
from storage.times import moment, stamp
from storage.unit_of_work import Work

_NOW = """select * from chat_connection c where tenant = ? and change =
  (select max(change) from chat_connection m where m.tenant = c.tenant and m.id = c.id)"""
_HAPPENED: Mapping[ConnectionState, str] = {
    "live": "connected", "revoked": "connection revoked", "replaced": "connection replaced",
    "ended": "connection ended",
}  # fmt: skip
CHANGED = "connection changed"
_GONE = ("replaced", "ended")  # of these no secret is kept


class ChatConnections(Base):
    def connect(
        self, plan: ConnectionPlan, secrets: Mapping[str, str], box: SecretBox | None, *, id: str = "",  # noqa: A002
        installed_at: datetime, by: Person, now: datetime,
    ) -> ChatConnection:  # fmt: skip
        if plan.platform not in BY_ENVIRONMENT:
            raise Invalid(f"a connection is to one of: {', '.join(BY_ENVIRONMENT)}")
        with self._work(MACHINE, by, now) as work:
            there = [_connection(row) for row in work.sql.all(f"{_NOW} order by id", MACHINE)]
            last = next((one for one in there if one.id == id or (not id and _again(one, plan))), None)
            named = [one for one in there if one.platform == plan.platform and not one.by_environment]
            name = id or (last.id if last else f"{plan.platform}-{len(named) + 1}")
            # Whoever connects it again need not say again whose it is.
            whose = plan.organisation or (last.organisation if last else "")
            made = _put(work, name, replace(plan, organisation=whose), "live", "", installed_at)
            if box is not None:
                work.deleted = _forget(work.sql, name)
                for secret, value in secrets.items():
                    _keep(work, name, secret, value, box)
            changed = [made]
            for other in there:
                if other.id != name and other.state == "live" and _instead(other, made.plan):
                    changed.append(
                        _put(work, other.id, other.plan, "replaced", f"by {name}", other.installed_at)
                    )
                    work.deleted |= _forget(work.sql, other.id)
            _tell(work, changed)
            return made

    def end_connection(
        self, id: str, state: ConnectionState, why: str, *, told_at: datetime | None = None, by: Person,  # noqa: A002
        now: datetime,
    ) -> ChatConnection | None:  # fmt: skip
        with self._work(MACHINE, by, now) as work:
            last = _read(work.sql, id)
            if last.state == state or last.state in _GONE:
                return None
            if told_at is not None and told_at < last.installed_at:
                return None
            if state in _GONE:
                work.deleted = _forget(work.sql, id)
            made = _put(work, id, last.plan, state, masking.text(why), last.installed_at)
            _tell(work, [made])
            return made

    def connection_changed(
        self, id: str, told: Mapping[str, Any], *, by: Person, now: datetime  # noqa: A002
    ) -> ChatConnection | None:  # fmt: skip
        with self._work(MACHINE, by, now) as work:
            last = _read(work.sql, id)
            plan = replace(last.plan, **told)
            if plan == last.plan:
                return None
            made = _put(work, id, plan, last.state, last.why, last.installed_at, what=CHANGED)
            _tell(work, [made], CHANGED)
            return made

    def connections(self) -> tuple[ChatConnection, ...]:
        with self._connections.read(MACHINE) as sql:
            return tuple(map(_connection, sql.all(f"{_NOW} order by platform, id", MACHINE)))

    def sealed_secrets(self, connection: str = "") -> tuple[SealedSecret, ...]:
        where, given = ("and connection = ?", (connection,)) if connection else ("", ())
        with self._connections.read(MACHINE) as sql:
            found = sql.all(
                f"select * from chat_secret where tenant = ? {where} order by connection, name",
                MACHINE, *given,
            )  # fmt: skip
            return tuple(map(_secret, found))

    def seal_anew(self, box: SecretBox, *, by: Person, now: datetime) -> int:
        with self._work(MACHINE, by, now) as work:
            found = work.sql.all(
                "select * from chat_secret where tenant = ? and key_id != ? order by connection, name",
                MACHINE, box.key_id,
            )  # fmt: skip
            for row in found:
                value = box.open(row["connection"], row["name"], row["sealed"])
                _keep(work, row["connection"], row["name"], value, box)
            work.deleted = bool(found)
            if found:
                work.audit("secrets sealed anew", "", {"secrets": len(found), "key": box.key_id})
            return len(found)


def _again(one: ChatConnection, plan: ConnectionPlan) -> bool:
    """The same app in the same place: installed again, or with another token."""
    same = (one.platform, one.plan.app, _place(one.plan)) == (plan.platform, plan.app, _place(plan))
    return same and not one.by_environment


def _place(plan: ConnectionPlan) -> tuple[str, str]:
    return (plan.team, "" if plan.team else plan.enterprise)


def _instead(one: ChatConnection, plan: ConnectionPlan) -> bool:
    """Another app of the same organisation's takes its place. A directory may hold many organisations', of
    which only bindings tell."""
    same = (one.platform, one.organisation, _place(one.plan)) == (
        plan.platform, plan.organisation, _place(plan)
    )  # fmt: skip
    told_apart = plan.platform == "slack" or plan.organisation != ""
    return same and told_apart and not one.by_environment


def _put(
    work: Work, id: str, plan: ConnectionPlan, state: ConnectionState, why: str, installed_at: datetime, *,  # noqa: A002
    what: str = "",
) -> ChatConnection:  # fmt: skip
    """As it is from now on, in the machine's trail."""
    ids = (id, plan.platform, plan.app, plan.team, plan.enterprise, plan.bot_user, plan.organisation)
    if any(one and masking.machine(one) != one for one in ids):
        raise Invalid("a connection wants the platform's own ids")
    last = work.sql.value("select max(change) from chat_connection where tenant = ? and id = ?", MACHINE, id)
    row: Row = {
        "id": id, "change": (last or 0) + 1, "platform": plan.platform, "app": plan.app, "team": plan.team,
        "enterprise": plan.enterprise, "bot_user": plan.bot_user, "called": masking.text(plan.called),
        "scopes": masking.text(plan.scopes), "settings": json.dumps(dict(plan.settings)),
        "organisation": plan.organisation, "state": state, "why": why, "installed_at": stamp(installed_at),
        "set_at": work.now, "set_by_id": work.by.id, "set_by_name": work.by.name,
    }  # fmt: skip
    made = work.append("chat_connection", row)
    connection = _connection(row)
    work.audit(what or _HAPPENED[state], id, _told(connection), made)
    return connection


def _tell(work: Work, changed: Sequence[ChatConnection], what: str = "") -> None:
    """The organisation's own trail, where it has one, at the end: from then on the transaction is its."""
    for one in changed:
        if one.organisation:
            whose = Work(work.sql, one.organisation, work.by, work.at)
            if work.sql.value("select 1 from audit where tenant = ? limit 1", one.organisation) is None:
                continue
            whose.audit(what or _HAPPENED[one.state], "", {"connection": one.id, **_told(one)})


def _told(one: ChatConnection) -> dict[str, str]:
    plan = one.plan
    return {
        "platform": plan.platform, "app": plan.app, "team": plan.team, "enterprise": plan.enterprise,
        "organisation": plan.organisation, "state": one.state,
    }  # fmt: skip


def _keep(work: Work, connection: str, name: str, value: str, box: SecretBox) -> None:
    work.sql.run(
        "delete from chat_secret where tenant = ? and connection = ? and name = ?", MACHINE, connection, name
    )
    row: Row = {
        "tenant": MACHINE, "connection": connection, "name": name,
        "sealed": box.seal(connection, name, value), "key_id": box.key_id, "changed_at": work.now,
    }  # fmt: skip
    work.sql.insert("chat_secret", row)


def _forget(sql: Sql, connection: str) -> bool:
    many = sql.run("delete from chat_secret where tenant = ? and connection = ?", MACHINE, connection)
    return many > 0


def _read(sql: Sql, id: str) -> ChatConnection:  # noqa: A002
    """Raises NotFound."""
    row = sql.one(f"{_NOW} and id = ?", MACHINE, id)
    if row is None:
        name = masking.text(id) if 0 < len(id) <= 40 else "of that name"
        raise NotFound(f"there is no connection {name}: irmer connect list shows those there are")
    return _connection(row)


def _connection(row: Row) -> ChatConnection:
    settings: dict[str, Any] = json.loads(row["settings"])
    plan = ConnectionPlan(
        row["platform"], row["app"], row["team"], row["enterprise"], row["bot_user"], row["called"],
        row["scopes"], row["organisation"], tuple(settings.items()),
    )  # fmt: skip
    return ChatConnection(
        row["id"], plan, row["state"], row["why"], moment(row["installed_at"]), int(row["change"]),
        moment(row["set_at"]), rows.person(row, "set_by"),
    )  # fmt: skip


def _secret(row: Row) -> SealedSecret:
    at = moment(row["changed_at"])
    return SealedSecret(row["connection"], row["name"], row["sealed"], row["key_id"], at)
