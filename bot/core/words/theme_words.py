"""Themes in words: what they share, how they stand, what was answered."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.words.case_words import who
from bot.core.words.phrases import counted, day
from rules.deadlines import uk_date
from storage.theme_model import Shared, Theme, ThemeState, ThemeStep

STATE_OF_THEME: Mapping[ThemeState, str] = {
    "one_cause": "one cause", "unclear": "not known yet whether it is one cause",
    "apart": "not one cause", "closed": "closed",
}  # fmt: skip


# As the register holds them, in small letters.
_SHORT = frozenset({"ct", "cbct", "pet", "spect", "dxa", "dexa", "dr", "cr", "ir", "rt", "nm"})


def registered(value: str) -> str:
    """`CT 2` of `ct 2`, `PET CT` of `pet_ct`."""
    plain = value.replace("_", " ")
    return re.sub(r"[^\W\d]+", lambda word: word[0].upper() if word[0] in _SHORT else word[0], plain)


def shared_words(shared: Shared) -> str:
    """`wrong side, equipment CT 2`."""
    parts = (shared.cause, f"{shared.field} {registered(shared.value)}".strip())
    return ", ".join(part for part in parts if part) or "a cause that is not told"


def people_words(count: int | None) -> str:
    if count is None:
        return "how many people were exposed is not known"
    return f"{counted(count, 'person', 'people')} exposed"


def answer_words(step: ThemeStep) -> str:
    """`one cause, 3 people exposed`; what follows it is when it was said, and by whom."""
    match step.one_cause:
        case "yes":
            same = ", the same one each time" if step.different_people == "no" else ""
            return f"one cause, {people_words(step.people)}{same}"
        case "no":
            return "not one cause"
    return "not known whether it is one cause"


def said_words(step: ThemeStep) -> str:
    why = f": {step.why}" if step.why else ""
    return f"{answer_words(step)}, said {who(step.by)} on {day(uk_date(step.at))}{why}"


def theme_line(theme: Theme) -> str:
    """`T26-0001 (wrong side, equipment CT 2): one cause, 3 people exposed, said A on Mon 2 November 2026`."""
    closed = "closed; " if theme.state == "closed" else ""
    return f"{theme.ref} ({shared_words(theme.shared)}): {closed}{said_words(theme.answer)}"
