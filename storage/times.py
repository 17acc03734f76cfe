"""Instants are kept as UTC text of one width (2026-11-23T09:00:00.000000Z), so that text order is time
order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from storage.errors import Invalid

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""For a time that cannot be read: it has come."""


def stamp(moment: datetime) -> str:
    """Raises Invalid for a time without a zone."""
    if moment.tzinfo is None:
        raise Invalid("a time without a zone cannot be stored: give an aware datetime")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found


def readable(text: str, instead: datetime = LONG_AGO) -> datetime:
    try:
        return moment(text)
    except (ValueError, TypeError):
        return instead


def at_local(on: date, at: time, zone: str) -> datetime:
    """The instant at which a clock in `zone` shows this date and hour. Adding days to a UTC instant would
    drift by an hour where the clocks change between."""
    return datetime.combine(on, at, _zone(zone)).astimezone(UTC)


def local_day(text: str, zone: str) -> str:
    """The ISO date that a clock in `zone` showed at a stored instant; empty where it cannot be read."""
    try:
        return moment(text).astimezone(_zone(zone)).date().isoformat()
    except (ValueError, TypeError):
        return ""


@lru_cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Invalid(f"{name!r} is no time zone: give one like Europe/London") from None
