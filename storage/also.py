"""What is committed together with another verb's work: deadlines, posts, the end of a draft, a delivery."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from storage import masking
from storage.deadline_rows import end_deadline, set_deadline
from storage.errors import Conflict, Duplicate
from storage.memory_model import DraftKey
from storage.outbox_rows import plan_post
from storage.plans import Also
from storage.sql import Row, Sql
from storage.theme_rows import answer_theme
from storage.times import moment
from storage.unit_of_work import Work, is_case

DRAFT = "select * from draft where tenant = ? and platform = ? and conversation = ? and holder = ?"


def seen_before(work: Work, also: Also) -> None:
    """To be called first. Raises Duplicate, with what the first delivery made."""
    if not also.delivery:
        return
    result = work.sql.value(
        "select result from delivery where tenant = ? and key = ?",
        work.tenant,
        masking.machine(also.delivery),
    )
    if result is not None:
        made = f": it made {result}" if result else ""
        raise Duplicate(f"this was done already{made}", result=result)


def also_do(work: Work, subject: str, also: Also, records: Sequence[str] = (), result: str = "") -> None:
    """To be called last, when the subject is there. `records`: those written with it. `result`: what
    came of the delivery, where that is not the subject."""
    for kinds, state in ((also.meet, "met"), (also.withdraw, "withdrawn")):
        for one, kind in product((subject, *records), kinds):
            end_deadline(work, one, kind, state, "")
    for plan in also.deadlines:
        set_deadline(work, plan.subject or subject, plan)
    for number, plan in product(records, also.record_deadlines):
        set_deadline(work, number, plan)
    for post in also.posts:
        plan_post(work, post, subject)
    if also.theme:
        answer_theme(work, also.theme, subject if is_case(subject) else "")
    if also.drop_draft:
        require_version(work, also.drop_draft, also.draft_version)
        work.deleted |= drop_draft(work.sql, work.tenant, also.drop_draft)
    if also.delivery:
        row = {
            "tenant": work.tenant,
            "key": masking.machine(also.delivery),
            "at": work.now,
            "result": masking.text(result) or subject,
        }
        work.sql.insert("delivery", row)


def require_version(work: Work, key: DraftKey, expected: int | None) -> Row | None:
    """The draft as it is kept. Raises Conflict where `expected` is not its version (0: none is kept)."""
    row = work.sql.one(DRAFT, work.tenant, *draft_key(key))
    if expected is not None and expected != (row["version"] if row else 0):
        at = moment(row["updated_at"]) if row else None
        raise Conflict("somebody answered at the same moment: look at the question again", at=at)
    return row


def drop_draft(sql: Sql, tenant: str, key: DraftKey) -> bool:
    return bool(
        sql.run(
            "delete from draft where tenant = ? and platform = ? and conversation = ? and holder = ?",
            tenant, *draft_key(key),
        )
    )  # fmt: skip


def draft_key(key: DraftKey) -> tuple[str, str, str]:
    return masking.machine(key.platform), masking.machine(key.conversation), masking.machine(key.holder)
