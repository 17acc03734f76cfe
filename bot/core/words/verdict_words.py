"""A verdict in words: its outcome in one line. It is read by attribute, be it decided now or kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from bot.core.words.fact_words import title
from bot.core.words.phrases import day, listed
from rules.authorities import SAFETY, Body, contact_of, dated
from rules.deadlines import NOTIFY_DAYS
from rules.deciding import Verdict
from storage.model import Assessment

if TYPE_CHECKING:
    from rules.contract import StoredContact, StoredVerdict

AnyVerdict: TypeAlias = "Verdict | StoredVerdict"


def kept_verdict(kept: Assessment) -> StoredVerdict:
    """The verdict that a record keeps."""
    from rules.contract import StoredVerdict  # 40 ms, which a start does without

    return StoredVerdict.model_validate(kept.verdict)


def outcome_line(verdict: AnyVerdict, since: date | None = None) -> str:
    """The outcome in one line that can't be misread. `since`: the day of discovery of its case, where it was
    corrected after the verdict."""
    if verdict.outcome == "notify":
        codes = [*verdict.codes, *verdict.complementary]
        if not codes:
            return f"NOTIFY — by which code is still open ({listed(verdict.possible, 'or')})"
        needs = listed([title(name).lower() for name in verdict.base_needs], "or")
        base = f"; the base code still needs: {needs}" if needs else ""
        return f"NOTIFY — code{'' if len(codes) == 1 else 's'} {listed(codes)}{base}"
    if verdict.outcome == "undecided":
        by = verdict.notify_by
        found = since or (by - timedelta(days=NOTIFY_DAYS) if by else None)
        began = day(found) if found else "the day of discovery"
        return f"UNDECIDED — notifying cannot be ruled out; the clock has been running since {began}"
    if verdict.outcome == "not_irmer":
        safety = {body.name for body in SAFETY.values()}
        whose = listed([told.body for told in verdict.also_tell if told.body in safety], "or")
        return f"NOT FOR IR(ME)R — {whose or 'another regulator'} is told if it is an over-exposure"
    return "DO NOT NOTIFY — every criterion is ruled out"


def contact(authority: Body | StoredContact) -> Iterator[tuple[str, str]]:
    """Whom to notify, how and where, and how old that is: as it is known now, where a kept verdict has an
    older one."""
    now = contact_of(authority.name) or authority
    yield "Authority", now.name
    yield "How", now.how
    if now.address:
        yield "Address", now.address
    yield "Contact from", f"{now.source}, {dated(now.as_of)}: contacts age, so check it before sending"


def authority_called(name: str) -> str:
    """As it stands in a sentence: some have an article, and some have none."""
    return f"the {name}" if name.endswith(("Commission", "Authority")) else name
