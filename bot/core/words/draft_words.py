"""Unfinished checks in words: when they began, and who said what in them."""

from __future__ import annotations

from datetime import datetime

from bot.core.draft import OldDraft, Source
from bot.core.words.phrases import moment


def old_draft_words(old: OldDraft) -> str:
    begun = moment(old.begun)
    return f"The unfinished check from {begun} was made by an earlier version and cannot be taken up"


def source_words(source: Source) -> str:
    """Who gave a fact, how it came where nobody answered it, and when."""
    who = source.name or source.id or "nobody here"
    how = {
        "answered": source.words,
        "read": f"read from “{source.words}”" if source.words else "read from what was written",
        "assumed": source.words,
        "carried": "from the source it was brought in from",
        "settings": "from the settings",
    }[source.how]
    at = f", {moment(datetime.fromisoformat(source.at))}" if source.at else ""
    return f"{who}{f' ({how})' if how else ''}{at}"
