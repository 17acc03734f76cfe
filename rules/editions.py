"""The editions that there are. The one in force on the day of discovery judges an incident."""

from __future__ import annotations

from datetime import date

from rules import april_2023
from rules.edition_model import Edition

EDITIONS = (april_2023.EDITION,)  # the oldest first
NEWEST_FIRST = EDITIONS[::-1]


class NoEdition(ValueError):
    """There is no edition for that day in the code: a refusal, not a guess."""


def edition_for(day: date | None) -> Edition:
    """The edition in force on the day of discovery; the latest where the day is not known.

    Raises NoEdition for a day before the oldest.
    """
    for edition in NEWEST_FIRST:
        if day is None or edition.published <= day:
            return edition
    first = EDITIONS[0].published
    raise NoEdition(f"the oldest edition of the guidance here is of {first.day} {first:%B %Y}")
