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
_TEXT = "site || ' ' || equipment || ' ' || examination || ' ' || causes"
# Of the two forms of an apostrophe one.
_SAME = "replace({}, '’', '''')"
_COLUMNS: Mapping[str, str] = {
    "outcomes": "outcome", "categories": "category", "modalities": "modality", "exposures": "exposure",
    "nations": "nation", "numbers": "number", "causes": "causes",
    "sites": _SAME.format("site"), "equipment": _SAME.format("equipment"),
}  # fmt: skip
_OF_A_CASE = "number in (select c.number from case_record c where c.tenant = ? and c.ref = ?)"


def chosen(tenant: str, which: Which) -> tuple[str, list[Any]]:
    """A condition and its values."""
    parts, values = ["tenant = ?", "hidden = 0"], [tenant]

    def add(condition: str, given: Sequence[str]) -> None:
        parts.append(condition)
        values.extend(given)

    for part in _COLUMNS:
        if given := getattr(which, part):
            add(*_among(part, given))
    for group in which.either:
        each = [_among(part, (value,)) for part, value in group]
        add(f"({' or '.join(one for one, _ in each)})", [value for _, given in each for value in given])
    if which.words:
        add(*_words(tenant, which.words))
    for condition, value in (
        ("local_number = ?", plain(which.local_number)),
        # A period is most of a register, or it is small: one walk through the table is quicker than the index
        # of days with a look at each row, by six times where all of 100,000 are counted by month.
        ("+day >= ?", which.since and which.since.isoformat()),
        ("+day <= ?", which.until and which.until.isoformat()),
        ("kept_by_id = ?", which.by),
    ):
        if value:
            add(condition, [value])
    if which.confirmed is not None:
        parts.append(f"confirmed = {int(which.confirmed)}")
    if which.imported is not None:
        parts.append("source != ''" if which.imported else "source = ''")
    return " and ".join(parts), values


def _among(part: str, given: Sequence[str]) -> tuple[str, list[str]]:
    if part == "causes":
        known = [f"|{cause}|" for cause in given if cause]
        each = [*["instr(causes, ?) > 0"] * len(known), *(["causes = ''"] if "" in given else [])]
        return f"({' or '.join(each)})", known
    sought = [_sought(one) for one in given] if part in ("sites", "equipment") else list(given)
    return f"{_COLUMNS[part]} in ({', '.join('?' * len(given))})", sought


def _words(tenant: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """Each in a text or a number of its own, or all together the incident system's, which may have blanks."""
    each, values = [], list[str]()
    for word in words:
        sought = _sought(word)
        text = _SAME.format(_TEXT) if "'" in sought else _TEXT
        one, given = [f"instr({text}, ?) > 0", "local_number = ?"], [sought, plain(word)]
        if "-" in word:  # as in 2026-0001 and C26-0001
            one += ["number = ?", _OF_A_CASE]
            given += [word, tenant, word.upper()]
        each.append(f"({' or '.join(one)})")
        values += given
    return f"(({' and '.join(each)}) or local_number = ?)", [*values, plain(" ".join(words))]


def _sought(text: str) -> str:
    return plain(text).replace("’", "'")
