"""Up to when things are kept, and what is older."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Before:
    """What nobody touched since then is not kept any longer; None: it is kept, however old. `cases` holds
    for themes as well."""

    drafts: datetime | None = None
    deliveries: datetime | None = None
    cases: datetime | None = None
    records: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outdated:
    """`cases`, `themes` and `records` by their numbers, `staying` those that are old enough and
    wait for something."""

    drafts: int = 0
    deliveries: int = 0
    cases: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    staying: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
