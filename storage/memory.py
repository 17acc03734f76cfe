"""What the bot remembers for itself: deliveries, drafts, settings, addresses, conversation references.

Settings leave a trail in the audit, where a platform is reached does as a digest, and a draft that is
discarded does without what it said; the rest is bookkeeping that decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from storage import masking, rows, verify
from storage.also import DRAFT, draft_key, drop_draft, require_version
from storage.connection import Base
from storage.deadline_rows import plan_all_again
from storage.errors import Invalid
from storage.memory_model import Address, ConversationReference, DraftKey, KeptDraft
from storage.model import BOT, UNLINKED, Destination, Json, KnownPerson, Person, Standing
from storage.outbox import remember
from storage.outbox_rows import APART, plan_post
from storage.plans import DeadlinePlan, PostPlan
from storage.sql import Row
from storage.times import stamp
from storage.unit_of_work import Work, reference_noted, require_subject


def _set(work: Work, key: str, value: Any) -> None:
    work.require_open()
    old = work.sql.value("select value from setting where tenant = ? and key = ?", work.tenant, key)
    text = masking.dump(value)
    if value is None:
        work.sql.run("delete from setting where tenant = ? and key = ?", work.tenant, key)
    else:
        work.sql.run(
            "insert into setting values (?, ?, ?, ?, ?, ?) on conflict (tenant, key) do update set "
            "value = excluded.value, set_at = excluded.set_at, set_by_id = excluded.set_by_id, "
            "set_by_name = excluded.set_by_name",
            work.tenant, key, text, work.now, work.by.id, work.by.name,
        )  # fmt: skip
    was = None if old is None else json.loads(old)
    work.audit("setting changed", "", {"setting": key, "was": was, "is": json.loads(text)})


REFERENCE = "select * from conversation_reference where tenant = ? and platform = ? and conversation = ?"
PERSON = "from person where tenant = ? and id = ?"
DRAFT_KEY = ("platform", "conversation", "holder")


class Memory(Base):
    def first_time(
        self, tenant: str, key: str, *, now: datetime, result: str = "", within: timedelta | None = None
    ) -> bool:
        again, since = "nothing", tuple[str, ...]()
        if within is not None:  # what was written by a clock that was ahead is no longer ago than that
            again = "update set at = excluded.at where delivery.at <= ? or delivery.at > ?"
            since = stamp(now - within), stamp(now + APART)
        with self._work(tenant, BOT, now) as work:
            made = work.sql.run(
                f"insert into delivery values (?, ?, ?, ?) on conflict (tenant, key) do {again}",
                tenant, masking.machine(key), work.now, masking.text(result), *since,
            )  # fmt: skip
            return made == 1

    def came_of(self, tenant: str, key: str) -> str:
        with self._connections.read(tenant) as sql:
            asked = "select result from delivery where tenant = ? and key = ?"
            return str(sql.value(asked, tenant, masking.machine(key)) or "")

    def forget_deliveries(self, tenant: str, *, before: datetime, of: str = "") -> int:
        key = masking.machine(of)
        with self._connections.write(tenant) as sql:
            return sql.run(
                "delete from delivery where tenant = ? and at < ? and substr(key, 1, ?) = ?",
                tenant, stamp(before), len(key), key,
            )  # fmt: skip

    def save_draft(
        self, tenant: str, key: DraftKey, state: Json, *, now: datetime, expected: int | None = None
    ) -> KeptDraft:
        with self._work(tenant, BOT, now) as work:
            old = require_version(work, key, expected)
            text, masked = masking.dump_with(state)
            row: Row = {
                "tenant": tenant,
                **dict(zip(DRAFT_KEY, draft_key(key), strict=True)),
                "state": text, "version": old["version"] + 1 if old else 1,
                "updated_at": work.now,
            }  # fmt: skip
            drop_draft(work.sql, tenant, key)
            work.sql.insert("draft", row)
            work.deleted = old is not None
            return rows.draft(row, masked)

    def draft(self, tenant: str, key: DraftKey) -> KeptDraft | None:
        with self._connections.read(tenant) as sql:
            row = sql.one(DRAFT, tenant, *draft_key(key))
            return rows.draft(row) if row else None

    def drafts(self, tenant: str, *, platform: str = "", holder: str = "") -> tuple[KeptDraft, ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                "select * from draft where tenant = ? and ? in ('', platform) and ? in ('', holder) "
                "order by updated_at desc",
                tenant, masking.machine(platform), masking.machine(holder),
            )  # fmt: skip
            return tuple(map(rows.draft, found))

    def drop_draft(self, tenant: str, key: DraftKey) -> bool:
        with self._connections.write(tenant) as sql:
            dropped = drop_draft(sql, tenant, key)
            self._connections.unscrubbed |= dropped
            return dropped

    def scrub(self) -> bool:
        return not self._connections.unscrubbed or self._connections.scrub()

    def discard_draft(
        self, tenant: str, key: DraftKey, *, by: Person, now: datetime, expected: int | None = None
    ) -> bool:
        with self._work(tenant, by, now) as work:
            old = require_version(work, key, expected)
            if old is None:
                return False
            drop_draft(work.sql, tenant, key)
            work.audit("draft discarded", "", {name: old[name] for name in DRAFT_KEY})
        self._connections.scrub()
        return True

    def set_setting(self, tenant: str, key: str, value: Any, *, by: Person, now: datetime) -> None:
        self.change_settings(tenant, {key: value}, by=by, now=now)

    def change_settings(
        self, tenant: str, values: Mapping[str, Any], *, plans: Sequence[DeadlinePlan] | None = None,
        posts: Sequence[PostPlan] = (), by: Person, now: datetime,
    ) -> int:  # fmt: skip
        if not all(key and masking.text(key) == key for key in values):
            raise Invalid("a setting needs a name")
        with self._work(tenant, by, now) as work:
            for key, value in values.items():
                _set(work, key, value)
            for post in posts:
                plan_post(work, post)
            return 0 if plans is None else plan_all_again(work, plans)

    def setting(self, tenant: str, key: str, default: Any = None) -> Any:
        with self._connections.read(tenant) as sql:
            found = sql.value("select value from setting where tenant = ? and key = ?", tenant, key)
            return default if found is None else json.loads(found)

    def settings(self, tenant: str) -> dict[str, Any]:
        with self._connections.read(tenant) as sql:
            found = sql.all("select key, value from setting where tenant = ? order by key", tenant)
            return {row["key"]: json.loads(row["value"]) for row in found}

    def remember_person(
        self, tenant: str, platform: str, user: str, standing: Standing, name: str = "", *, now: datetime
    ) -> None:
        if tenant == UNLINKED:
            return  # nothing of anybody is kept
        who = (masking.machine(platform), masking.machine(user))
        with self._work(tenant, BOT, now) as work:
            was = work.sql.value(f"select standing {PERSON} and platform = ?", tenant, who[1], who[0])
            work.sql.run(
                "insert into person values (?, ?, ?, ?, ?, ?) on conflict (tenant, platform, id) "
                "do update set standing = excluded.standing, name = excluded.name, at = excluded.at",
                tenant, *who, standing, masking.text(name), work.now,
            )  # fmt: skip
            if was not in (None, standing):
                told = {"platform": who[0], "id": who[1], "was": was, "is": standing}
                work.audit("person changed", "", told)

    def person(self, tenant: str, user: str, platform: str = "") -> KnownPerson | None:
        with self._connections.read(tenant) as sql:
            row = sql.one(
                f"select * {PERSON} and ? in ('', platform) order by at desc limit 1",
                tenant, masking.machine(user), masking.machine(platform),
            )  # fmt: skip
            return rows.known_person(row) if row else None

    def tenants(self) -> tuple[str, ...]:
        with self._connections.read(None) as sql:
            return tuple(verify.tenants(sql))

    def remember_address(
        self, tenant: str, subject: str, place: Destination, message: str, *, now: datetime
    ) -> None:
        with self._work(tenant, BOT, now) as work:
            require_subject(work.sql, tenant, subject)
            remember(work, subject, place, masking.machine(message))

    def addresses(self, tenant: str, subject: str) -> tuple[Address, ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                "select * from address where tenant = ? and subject = ? order by at", tenant, subject
            )
            return tuple(map(rows.address, found))

    def subject_at(self, tenant: str, place: Destination) -> str | None:
        if not place.thread:
            return None
        with self._connections.read(tenant) as sql:
            for column in ("thread", "message"):
                found = sql.value(
                    f"select subject from address where tenant = ? and platform = ? and conversation = ? "
                    f"and {column} = ? order by at desc limit 1",
                    tenant, masking.machine(place.platform), masking.machine(place.conversation),
                    masking.machine(place.thread),
                )  # fmt: skip
                if found is not None:
                    return str(found)
            return None

    def remember_reference(
        self, tenant: str, platform: str, conversation: str, data: Json, *, now: datetime
    ) -> None:
        if tenant == UNLINKED:
            return  # nothing of anybody is kept
        row: Row = {
            "tenant": tenant, "platform": masking.machine(platform),
            "conversation": masking.machine(conversation), "data": masking.dump(data), "dead": 0, "why": "",
        }  # fmt: skip
        with self._work(tenant, BOT, now) as work:
            old = work.sql.one(REFERENCE, tenant, row["platform"], row["conversation"])
            work.sql.run(
                "insert into conversation_reference values (?, ?, ?, ?, ?, ?, ?) "
                "on conflict (tenant, platform, conversation) do update set data = excluded.data, "
                "dead = excluded.dead, why = excluded.why, updated_at = excluded.updated_at",
                *row.values(), work.now,
            )  # fmt: skip
            if old is None or (old["data"], old["dead"]) != (row["data"], 0):
                work.audit("conversation reference kept", "", reference_noted(row))

    def reference(self, tenant: str, platform: str, conversation: str) -> ConversationReference | None:
        with self._connections.read(tenant) as sql:
            row = sql.one(REFERENCE, tenant, masking.machine(platform), masking.machine(conversation))
            return rows.reference(row) if row else None

    def references(
        self, tenant: str, platform: str, *, dead: bool = False
    ) -> tuple[ConversationReference, ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                "select * from conversation_reference where tenant = ? and platform = ? and dead = ? "
                "order by conversation",
                tenant, masking.machine(platform), int(dead),
            )  # fmt: skip
            return tuple(map(rows.reference, found))

    def mark_reference_dead(
        self, tenant: str, platform: str, conversation: str, *, why: str, now: datetime
    ) -> None:
        with self._work(tenant, BOT, now) as work:
            row = work.sql.one(REFERENCE, tenant, masking.machine(platform), masking.machine(conversation))
            if row is not None and not row["dead"]:
                work.sql.run(
                    "update conversation_reference set dead = 1, why = ?, updated_at = ? "
                    "where tenant = ? and platform = ? and conversation = ?",
                    masking.text(why), work.now, tenant, row["platform"], row["conversation"],
                )  # fmt: skip
                work.audit("conversation reference dead", "", reference_noted(row | {"dead": 1}))
