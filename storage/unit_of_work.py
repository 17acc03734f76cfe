"""One write: what a verb's transaction has in hand, and how rows get into the append-only tables and the
audit trail.

The trail is a chain per tenant. A row's hash is the sha256 over the JSON list [tenant, seq, at, by_id,
by_name, what, subject, detail, previous_hash], written with Python's json.dumps(ensure_ascii=False) and
default separators. `detail` names each append-only row that the entry is about under "rows", with its
digest: the sha256 over the JSON object of its stored columns, sorted by name, those that are null left out,
and each text that somebody wrote as its seal (`storage.seals`). No words stand in `detail`; those that
belong to an entry and to no other row are rows of `remark`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from storage import masking
from storage.errors import Invalid, NotFound
from storage.model import UNLINKED, Destination, Json, Person
from storage.quick_json import as_json
from storage.seals import new_salts, sealed
from storage.sql import Row, Sql
from storage.tables import APPEND_ONLY
from storage.times import stamp


class Work:
    """A write in progress. `sql` is its transaction, `now` its stamp, `by` the person, masked."""

    def __init__(self, sql: Sql, tenant: str, by: Person, now: datetime) -> None:
        if not tenant:
            raise Invalid("no tenant was given")
        sql.enter(tenant)
        self.sql, self.tenant, self.at, self.now = sql, tenant, now, stamp(now)
        self.by = Person(masking.machine(by.id), masking.text(by.name))
        self.deleted = False  # something that is to leave no byte
        self.there: set[str] = set()  # subjects that were made or seen in this very transaction
        self.places: dict[Destination, Row] = {}  # as they are kept
        self.dumps = masking.Dumps()
        self._made: dict[str, set[str]] = {}  # subjects of this very transaction, and what each has by now
        self._last: Row | None = None
        self._asked: dict[str, Callable[[], list[Row]]] = {}  # what is on its way already
        self._gathered: list[Row] | None = None
        self._open = False

    def require_open(self) -> None:
        """Raises Invalid where nothing is kept in this one's name, or not any more."""
        if self._open:
            return
        if self.tenant == UNLINKED:
            raise Invalid("nothing is kept here: this place leads to no organisation")
        self._asked[_END] = self.sql.ahead(_END, self.tenant)
        state = self.sql.one(
            "select name, state, merged_into from organisation where tenant = ? order by change desc limit 1",
            self.tenant,
        )
        if state and state["state"] != "active":
            into = f" into {state['merged_into']}, where its cases go on" if state["merged_into"] else ""
            raise Invalid(f"{state['name']} was {state['state']}{into}: it can be read, and is not changed")
        self._open = True

    def require(self, subject: str) -> None:
        """Raises NotFound."""
        if subject not in self.there:
            require_subject(self.sql, self.tenant, subject)
            self.there.add(subject)

    def append(self, table: str, row: Row) -> dict[str, str]:
        """Insert into an append-only table, what was written salted; the row's label and digest, for
        `audit`."""
        if table not in NOT_ITS_RECORDS:
            self.require_open()
        full = {"tenant": self.tenant, **row}
        full.pop("salts", None)  # of the row that it goes on from
        if salts := new_salts(table, row):
            full["salts"] = as_json(salts)
        self.sql.insert(table, full)
        return {label(table, full): digest(full, salts)}

    def audit(
        self, what: str, subject: str, detail: Json, rows: Mapping[str, str] | None = None, *, said: str = ""
    ) -> Row:
        """The new row of the trail. `detail` must be masked already, and hold no words that somebody wrote:
        it is made of what the verb stores. `said` are such words that stand in no other row."""
        last = self._last or self._end()
        if said:
            remark = {"subject": subject, "seq": last["seq"] + 1, "text": masking.text(said)}
            rows = {**(rows or {}), **self.append("remark", remark)}
        content = {**detail, "rows": dict(rows)} if rows else dict(detail)
        entry: Row = {
            "tenant": self.tenant, "seq": last["seq"] + 1, "at": self.now,
            "by_id": self.by.id, "by_name": self.by.name, "what": what, "subject": subject,
            "detail": as_json(content), "previous_hash": last["hash"],
        }  # fmt: skip
        self._last = entry | {"hash": chain_hash(entry)}
        if self._gathered is None:
            self.sql.insert("audit", self._last)
        else:
            self._gathered.append(self._last)
        return self._last

    def _end(self) -> Row:
        found = (self._asked.pop(_END, None) or self.sql.ahead(_END, self.tenant))()
        return found[0] if found else {"seq": 0, "hash": ""}

    def gather(self) -> None:
        """The entries of a verb that writes several, and reads none, are written together by `finish`."""
        self._gathered = []

    def finish(self) -> None:
        """To be called before the transaction ends."""
        if self._gathered:
            self.sql.insert_all("audit", self._gathered)
        self._gathered = None

    def made(self, subject: str) -> None:
        """It is of this very transaction."""
        self.there.add(subject)
        self._made[subject] = set()

    def first(self, subject: str, what: str) -> bool:
        """Is it to be of a subject that is so new that it has none of this name? Once."""
        there = self._made.get(subject)
        if there is None or what in there:
            return False
        there.add(what)
        return True

    def will_number(self, *series: str) -> None:
        """One of each is going to be wanted."""
        for one in series:
            self._asked[one] = self.sql.ahead(_NUMBER, self.tenant, one)

    def number(self, series: str) -> int:
        """The next of a gapless series."""
        asked = self._asked.pop(series, None) or self.sql.ahead(_NUMBER, self.tenant, series)
        self.require_open()
        return int(asked()[0]["last"])

    def numbers(self, series: str, count: int) -> range:
        """The next ones, of which each is used."""
        self.require_open()
        last = int(
            self.sql.value(
                "insert into numbering values (?, ?, ?) "
                "on conflict (tenant, series) do update set last = numbering.last + ? returning last",
                self.tenant, series, count, count,
            )
        )  # fmt: skip
        return range(last - count + 1, last + 1)


_END = "select seq, hash from audit where tenant = ? order by seq desc limit 1"
_NUMBER = (
    "insert into numbering values (?, ?, 1) "
    "on conflict (tenant, series) do update set last = numbering.last + 1 returning last"
)
# What can be added to an organisation whose records are closed.
NOT_ITS_RECORDS = frozenset({"organisation", "binding", "remark"})
HASHED = ("tenant", "seq", "at", "by_id", "by_name", "what", "subject", "detail", "previous_hash")


def chain_hash(entry: Mapping[str, Any]) -> str:
    return sha256([entry[name] for name in HASHED])


def digest(row: Mapping[str, Any], salts: Mapping[str, str] | None = None) -> str:
    """Null columns are left out, so that a later release may add columns to a table. `salts`, where they are
    at hand already."""
    return sha256(dict(sorted(sealed(row, salts).items())))


def reference_noted(row: Mapping[str, Any]) -> Json:
    """How the trail writes down where a platform is reached: whoever changes that redirects what is sent."""
    told = {"platform": row["platform"], "conversation": row["conversation"], "data": sha256(row["data"])}
    return told | ({"dead": True} if row["dead"] else {})


_LABELS = {
    table: "/".join([table, *[f"{{{column}}}" for column in columns]])
    for table, columns in APPEND_ONLY.items()
}


def label(table: str, row: Mapping[str, Any]) -> str:
    return _LABELS[table].format_map(row)


def sha256(content: Any) -> str:
    return hashlib.sha256(as_json(content).encode()).hexdigest()


def is_case(subject: str) -> bool:
    return subject.startswith("C")


def is_theme(subject: str) -> bool:
    return subject.startswith("T")


def require_subject(sql: Sql, tenant: str, subject: str) -> None:
    """Raises NotFound where it is no case, theme or record of this tenant."""
    table, column = "decision_record", "number"
    if is_case(subject) or is_theme(subject):
        table, column = "case_file" if is_case(subject) else "theme", "ref"
    if sql.value(f"select 1 from {table} where tenant = ? and {column} = ?", tenant, subject) is None:
        raise missing(subject)


def missing(subject: str) -> NotFound:
    """Does not repeat a long text: it may be anything that somebody typed."""
    name = masking.text(subject) if 0 < len(subject) <= 20 else "this"
    what = "case" if is_case(subject) else "theme" if is_theme(subject) else "record"
    return NotFound(f"there is no {what} {name} here: check its number")
