"""A verdict in words: its outcome in one line. It is read by attribute, be it decided now or kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeAlias

from bot.core.words.phrases import MONTHS, day, listed
from rules.authorities import SAFETY
from rules.contract import StoredVerdict
from rules.deadlines import NOTIFY_DAYS
from rules.decide import Verdict
from storage.model import Assessment

AnyVerdict: TypeAlias = Verdict | StoredVerdict


def kept_verdict(kept: Assessment) -> StoredVerdict:
    """The verdict that a record keeps."""
    return StoredVerdict.model_validate(kept.verdict)


def outcome_line(verdict: AnyVerdict, since: date | None = None) -> str:
    """The outcome in one line that can't be misread. `since`: the day of discovery of its case, where it was
    corrected after the verdict."""
    if verdict.outcome == "notify":
        codes = [*verdict.codes, *verdict.complementary]
        if not codes:
            return f"NOTIFY — by which code is still open ({listed(verdict.possible, 'or')})"
        return f"NOTIFY — code{'' if len(codes) == 1 else 's'} {listed(codes)}"
    if verdict.outcome == "undecided":
        by = verdict.notify_by
        found = since or (by - timedelta(days=NOTIFY_DAYS) if by else None)
        began = day(found) if found else "the day of discovery"
        return f"UNDECIDED — notifying cannot be ruled out; the clock has been running since {began}"
    if verdict.outcome == "not_irmer":
        safety = {body.name for body in SAFETY.values()}
        whose = listed([told.body for told in verdict.also_tell if told.body in safety], "or")
        return f"NOT FOR IR(ME)R — {whose or 'another regulator'} is to be told, by other regulations"
    return "DO NOT NOTIFY — every criterion is ruled out"


def as_of(text: str) -> str:
    """`19 April 2023`, or `November 2026` where the day is not known."""
    year, month, *day_ = text.split("-")
    return " ".join([*(str(int(d)) for d in day_), MONTHS[int(month) - 1], year])
