"""The kinds of deadlines, as they stand in the store."""

from __future__ import annotations

from storage.measure_model import MEASURE

NOTIFY = "notify"
REPORT = "report"
MPE = "mpe_estimate"
CONFIRM = "confirm"
LEARNING = "learning"
LOCAL = "local:"  # and the name that the trust gave it
INSPECTOR_WEEK = 9  # from here on an unfinished report is to be spoken of with the inspector
INSPECTOR = "inspector"
ACCOUNT = "account"  # Scotland's portal account, asked for on the first day


def is_weekly(kind: str) -> bool:
    """What no law dates, and the trust neither: once overdue it is reminded of by the week."""
    return kind in (CONFIRM, LEARNING) or kind.startswith(MEASURE)
