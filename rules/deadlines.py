"""The two statutory dates: calendar dates in UK time that run from the day of discovery (reading R14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
NOTIFY_DAYS = 14
REPORT_DAYS = 84


def uk_date(moment: datetime) -> date:
    """The calendar day of a moment in the UK; a moment without an offset is UK time already."""
    return moment.astimezone(UK).date() if moment.tzinfo else moment.date()


def uk_moment(text: str) -> datetime:
    """The moment that an ISO date-time names, in UK time, which one without an offset is already.

    Raises ValueError where it names none, and for a year at either end of the calendar, where a day has
    none before or after it.
    """
    moment = datetime.fromisoformat(text)
    try:
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UK)).astimezone(UK)
    except OverflowError:
        raise ValueError(text) from None
    if not 1900 < moment.year < 9000:
        raise ValueError(text)
    return moment


def notify_by(discovered: date) -> date:
    """Two weeks after discovery: the last day to notify the authority."""
    return discovered + timedelta(days=NOTIFY_DAYS)


def report_by(discovered: date) -> date:
    """Twelve weeks after discovery: the last day to submit the investigation's report."""
    return discovered + timedelta(days=REPORT_DAYS)
