"""The day that may have been meant by words that are none of ours: offered, never taken."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dateparser.date import DateDataParser
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.days import grammar
from bot.core.days.meaning import Seen, meaning
from bot.core.words.phrases import MONTHS, day, moment
from rules.deadlines import UK

_WORDS = (
    *(name.lower() for name in MONTHS), "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "yesterday", "today", "tonight", "morning", "afternoon", "evening", "night", "hours", "minutes",
    "fortnight", "midnight",
)  # fmt: skip


def near_day(words: str, now: datetime) -> str:
    """That day in words, where it is one of the last year; else nothing. `words` are folded."""
    return _misspelt(words, now) or _as_programs_write(words, now)


def _misspelt(words: str, now: datetime) -> str:
    mended = re.sub(r"[a-z]{4,}", lambda word: _mended(word[0]), words)
    match = grammar.alone().fullmatch(mended) if mended != words else None
    told = meaning(match, Seen(now)) if match else None
    if told is None or told.doubt or told.day is None:
        return ""
    at = datetime.combine(told.day, told.time or datetime.min.time(), UK)
    return _lately(at.replace(tzinfo=None), now, timed=told.time is not None)


def _mended(word: str) -> str:
    close = process.extractOne(word, _WORDS, scorer=OSA.distance, score_cutoff=1 + (len(word) > 6))
    return close[0] if close else word


def _as_programs_write(words: str, now: datetime) -> str:
    """`Tue, 03 Nov 2026 14:05:00 GMT`, as in the head of a mail or in a log."""
    if not re.search(r"\d", words):
        return ""
    settings = {
        "DATE_ORDER": "DMY", "PREFER_DATES_FROM": "past", "REQUIRE_PARTS": ["day", "month"],
        "RELATIVE_BASE": now.astimezone(UK).replace(tzinfo=None), "TIMEZONE": "Europe/London",
        "TO_TIMEZONE": "Europe/London", "RETURN_AS_TIMEZONE_AWARE": False,
    }  # fmt: skip
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(words).date_obj
    return _lately(found, now, timed=":" in words) if found else ""


def _lately(local: datetime, now: datetime, *, timed: bool) -> str:
    if not timedelta(0) <= now.astimezone(UK).replace(tzinfo=None) - local < timedelta(days=366):
        return ""
    return moment(local.replace(tzinfo=UK)) if timed else day(local.date())
