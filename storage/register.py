"""The register, out of the records: what incidents are looked for, listed and counted by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage.connection import Base
from storage.errors import Invalid
from storage.register_model import EVERY, AlikeCount, By, Incident, Which
from storage.register_rows import causes_of, incident_of, plain


class Register(Base):
    def incidents(
        self, tenant: str, which: Which = EVERY, *, offset: int = 0, limit: int = 1000
    ) -> tuple[Incident, ...]:
        condition, values = chosen(tenant, which)
        with self._connections.read(tenant) as sql:
            found = sql.all(
                f"""select * from incident where {condition}
                order by {_NEAREST if which.nearest else ""} day desc, length(number) desc, number desc
                limit ? offset ?""",
                *values, limit, offset,
            )  # fmt: skip
        return tuple(map(incident_of, found))

    def count_incidents(self, tenant: str, which: Which = EVERY) -> int:
        condition, values = chosen(tenant, which)
        with self._connections.read(tenant) as sql:
            return int(sql.value(f"select count(*) from incident where {condition}", *values))

    def count_alike(self, tenant: str, which: Which = EVERY) -> tuple[AlikeCount, ...]:
        condition, values = chosen(tenant, which)
        with self._connections.read(tenant) as sql:
            rows = sql.tuples(
                f"""select causes, equipment, examination, site, modality, count(*)
                from incident where {condition} group by causes, equipment, examination, site, modality""",
                *values,
            )
            return tuple(AlikeCount(causes_of(causes), *rest) for causes, *rest in rows)

    def tally(self, tenant: str, by: By, which: Which = EVERY) -> dict[str, int]:
        condition, values = chosen(tenant, which)
        if by not in _KEYS:
            raise Invalid(f"incidents are counted by {', '.join(_KEYS)}")
        with self._connections.read(tenant) as sql:
            rows = sql.all(
                f"select {_KEYS[by]} as key, count(*) as count from incident where {condition} group by key",
                *values,
            )
        counted: dict[str, int] = {}
        for row in rows:
            for key in causes_of(row["key"]) or ("",) if by == "cause" else (row["key"],):
                counted[key] = counted.get(key, 0) + row["count"]
        return dict(sorted(counted.items()))


_KEYS: Mapping[str, str] = {
    "month": "substr(day, 1, 7)",
    "quarter": "substr(day, 1, 4) || '-Q' || ((cast(substr(day, 6, 2) as integer) + 2) / 3)",
    "outcome": "outcome", "category": "category", "cause": "causes", "site": "site",
    "equipment": "equipment", "modality": "modality", "nation": "nation",
}  # fmt: skip


# What could be decided first: somebody else was exposed, and then by how few facts are lacking.
_NEAREST = "instr(causes, '|wrong patient') = 0, lacking,"
# What words are looked for in.
_TEXT = "site || ' ' || equipment || ' ' || examination"


def chosen(tenant: str, which: Which) -> tuple[str, list[Any]]:
    """A condition and its values."""
    parts, values = ["tenant = ?", "hidden = 0"], [tenant]

    def among(column: str, given: Sequence[str]) -> None:
        if given:
            parts.append(f"{column} in ({', '.join('?' * len(given))})")
            values.extend(given)

    for column, given in (
        ("outcome", which.outcomes), ("category", which.categories), ("modality", which.modalities),
        ("exposure", which.exposures), ("nation", which.nations), ("number", which.numbers),
        ("site", tuple(map(plain, which.sites))), ("equipment", tuple(map(plain, which.equipment))),
    ):  # fmt: skip
        among(column, given)
    if which.causes:
        parts.append(f"({' or '.join(['instr(causes, ?) > 0'] * len(which.causes))})")
        values.extend(f"|{cause}|" for cause in which.causes)
    for word in which.words:
        parts.append(f"instr({_TEXT}, ?) > 0")
        values.append(plain(word))
    if which.local_number:
        parts.append(f"(local_number = ? or instr({_TEXT}, ?) > 0)")
        values.extend([plain(which.local_number)] * 2)
    for condition, value in (
        # A period is most of a register, or it is small: one walk through the table is quicker than the index
        # of days with a look at each row, by six times where all of 100,000 are counted by month.
        ("+day >= ?", which.since and which.since.isoformat()),
        ("+day <= ?", which.until and which.until.isoformat()),
        ("kept_by_id = ?", which.by),
    ):  # fmt: skip
        if value:
            parts.append(condition)
            values.append(value)
    if which.confirmed is not None:
        parts.append(f"confirmed = {int(which.confirmed)}")
    if which.imported is not None:
        parts.append("source != ''" if which.imported else "source = ''")
    return " and ".join(parts), values
