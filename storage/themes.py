"""Themes: opened with an answer, answered again as incidents join, closed with what was learnt.

A theme is what its latest step says. Its incidents are rows of their own and stay in it. Notes and learning
about a theme stand beside those about records and cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.also import also_do, seen_before
from storage.connection import Base
from storage.errors import Invalid, OutOfOrder
from storage.model import Person
from storage.plans import NOTHING_ELSE, Also
from storage.record_rows import note_row
from storage.theme_model import THEME_STATES, Theme, ThemeAnswer, ThemeState
from storage.theme_rows import answer_theme, did, read_theme, require_version, step_row

_LATEST = """(select max(version) from theme_step v where v.tenant = s.tenant and v.ref = s.ref)"""


class Themes(Base):
    def answer_theme(
        self, tenant: str, given: ThemeAnswer, *, by: Person, now: datetime, also: Also = NOTHING_ELSE
    ) -> Theme:
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            ref = answer_theme(work, given)
            also_do(work, ref, also)
            return read_theme(work.sql, tenant, ref)

    def close_theme(
        self, tenant: str, ref: str, learning: str, *, expected: int | None, by: Person, now: datetime,
        also: Also = NOTHING_ELSE,
    ) -> Theme:  # fmt: skip
        if not learning.strip():
            raise Invalid("closing a theme needs what was learnt from it, and how that is shared")
        with self._work(tenant, by, now) as work:
            seen_before(work, also)
            theme = read_theme(work.sql, tenant, ref)
            require_version(theme, expected)
            if theme.state == "closed":
                raise OutOfOrder(f"{ref} is closed already ({did(theme.steps[-1])})")
            made = work.append("note", note_row(work, ref, "learning", learning))
            step = step_row(work, theme.version + 1, "close", "closed")
            made |= work.append("theme_step", {"ref": ref, **step})
            work.audit("theme closed", ref, {}, made)
            also_do(work, ref, also)
            return read_theme(work.sql, tenant, ref)

    def theme(self, tenant: str, ref: str) -> Theme:
        with self._connections.read(tenant) as sql:
            return read_theme(sql, tenant, ref)

    def themes(
        self, tenant: str, *, states: Sequence[ThemeState] = (), offset: int = 0, limit: int = 1000
    ) -> tuple[Theme, ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select s.ref as ref from theme_step s where {_chosen(states)}
                order by length(ref) desc, ref desc limit ? offset ?""",
                tenant, limit, offset,
            )  # fmt: skip
            return tuple(read_theme(sql, tenant, row["ref"]) for row in found)

    def count_themes(self, tenant: str, *, states: Sequence[ThemeState] = ()) -> int:
        with self._connections.read(tenant) as sql:
            return int(sql.value(f"select count(*) from theme_step s where {_chosen(states)}", tenant))

    def themes_of(self, tenant: str, numbers: Sequence[str]) -> tuple[Theme, ...]:
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select ref from theme_incident where tenant = ?
                and number in ({", ".join("?" * len(numbers))})
                group by ref order by length(ref) desc, ref desc""",
                tenant, *numbers,
            )  # fmt: skip
            return tuple(read_theme(sql, tenant, row["ref"]) for row in found)


def _chosen(states: Sequence[ThemeState]) -> str:
    known = [state for state in THEME_STATES if state in states]
    of = f" and s.state in ({', '.join(map(repr, known))})" if states else ""
    return f"s.tenant = ? and s.version = {_LATEST}{of}"
