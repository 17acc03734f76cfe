"""Unfinished checks in words: when they began, and who said what in them."""

from __future__ import annotations

from datetime import datetime

from bot.core.cards import Text, Weight
from bot.core.draft import Agreed, Draft, OldDraft, Source
from bot.core.words.phrases import moment, one_line
from rules.facts import FACTS
from storage.model import Person


def begun_words(draft: Draft) -> str:
    return moment(datetime.fromisoformat(draft.started))


def about(draft: Draft) -> tuple[Text, ...]:
    """Of what case or record this is, on every step of it."""
    if draft.case:
        return (Text(f"{draft.case}, decided anew", Weight.STRONG),)
    return (Text(f"The correction of record {draft.number}", Weight.STRONG),) if draft.number else ()


def called(draft: Draft, length: int = 60) -> str:
    """What an unfinished check is called in a few words, with when it was begun."""
    return f"{_called(draft, length)}, from {begun_words(draft)}"


def _called(draft: Draft, length: int) -> str:
    if draft.case:
        return f"{draft.case} decided anew"
    if draft.number:
        return f"the correction of record {draft.number}"
    if text := draft.details.get("account") or draft.waiting:
        return f"“{one_line(text, length)}”"
    category = draft.facts.get("category")
    return FACTS["category"].label(str(category)) if category else "a check"


def old_draft_words(old: OldDraft) -> str:
    begun = moment(old.begun)
    return f"The unfinished check from {begun} was made by an earlier version and cannot be taken up"


def source_words(source: Source) -> str:
    """Who gave a fact, how it came where nobody answered it, and when."""
    who = Person(source.id, source.name).called if source.id else source.name or "nobody here"
    how = {
        "answered": source.words,
        "read": f"read from “{source.words}”" if source.words else "read from what was written",
        "assumed": source.words,
        "carried": "from the source it was brought in from",
        "settings": "from the settings",
    }[source.how]
    at = f", {moment(datetime.fromisoformat(source.at))}" if source.at else ""
    agreed = f"; agreed to by {_agreed_words(source.agreed)}" if source.agreed else ""
    return f"{who}{f' ({how})' if how else ''}{at}{agreed}"


def _agreed_words(agreed: Agreed) -> str:
    return f"{Person(agreed.id, agreed.name).called}, {moment(datetime.fromisoformat(agreed.at))}"
