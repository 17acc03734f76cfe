"""What stands in the register of a record: a row, made of what the record holds.

It is no evidence and can be made anew at any time: `BUILT` says by which way of making it. It is written in
the transaction of whatever changes a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from storage.errors import Damaged
from storage.model import UK, Detail, Json, Person, Record
from storage.register_model import Incident
from storage.seals import TAKEN
from storage.sql import Row, Sql
from storage.times import local_day, moment, stamp

# Another number, and every entry is made anew when the file is opened next.
BUILT = 3


def plain(text: str) -> str:
    """As texts are compared: `CT  Scanner 2` is `ct scanner 2`."""
    return " ".join(text.split()).casefold()


def refresh(sql: Sql, record: Record) -> None:
    """Makes a record's entry anew. For the transaction of whatever changed it."""
    verdict, known = record.assessment.verdict, known_of(record)
    row = _row(_first(sql, record.tenant, record.number), known, verdict)
    row |= {"tenant": record.tenant, "number": record.number, "revision": record.revision,
            "confirmed": int(bool(record.confirmations))}  # fmt: skip
    if not known.get("occurred_on") and (corrected := _corrected(sql, record)):
        row["day"] = corrected
    _put(sql, row | _brought_in(sql, record.tenant, record.number))


def _corrected(sql: Sql, record: Record) -> str:
    """The day of discovery that the last of its cases was corrected to, if one was."""
    found = sql.value(
        "select discovered_on from case_step where tenant = ? and ref = ? and step = 'correct_discovery' "
        "order by version desc limit 1",
        record.tenant, record.cases[-1],
    ) if record.cases else ""  # fmt: skip
    return str(found or "")


def enter(sql: Sql, tenant: str, kept: Row, facts: Json, verdict: Json, source: str) -> None:
    """The entry of a record of this very moment, to which nothing was added: its row is `kept`, by the facts
    with their texts. What comes from a source is in no list until all that comes with it is there."""
    row = _row(kept, _held(_with_number(facts, kept["local_incident_number"])), verdict)
    row |= {"tenant": tenant, "number": kept["number"], "revision": kept["revision"], "confirmed": 0}
    _put(sql, row | ({"source": source, "hidden": 1} if source else {}))


def _brought_in(sql: Sql, tenant: str, number: str) -> Row:
    """From where, and whether the run that brought it is still to be finished."""
    return sql.one(
        """select i.source as source, case when r.finished_at is null then 1 else 0 end as hidden
        from imported i join import_run r on r.tenant = i.tenant and r.id = i.run
        where i.tenant = ? and i.number = ?""",
        tenant, number,
    ) or {}  # fmt: skip


def _first(sql: Sql, tenant: str, number: str) -> Row:
    found = sql.one(
        """select recorded_at, recorded_by_id, recorded_by_name from decision_record
        where tenant = ? and number = ? and revision = 1""",
        tenant, number,
    )  # fmt: skip
    return found or {"recorded_at": "", "recorded_by_id": "", "recorded_by_name": ""}


_ELSE_0 = ("hidden", "lacking")


def _put(sql: Sql, row: Row) -> None:
    """In place of what there is of it."""
    sql.tell(_putting(tuple(row)), *row.values())


@cache
def _putting(columns: tuple[str, ...]) -> str:
    anew = [f"{name} = excluded.{name}" for name in columns if name not in ("tenant", "number")]
    # What is not named is as in a new row: an entry is made anew as a whole.
    anew += [f"{name} = 0" for name in _ELSE_0 if name not in columns]
    return (
        f"insert into incident ({', '.join(columns)}) values ({', '.join('?' * len(columns))}) "
        f"on conflict (tenant, number) do update set {', '.join(anew)}"
    )


# What no list may get wrong: that it is there, how it was judged, and whether that is confirmed.
_UNLIKE = """
select c.number as number from record_current c
  left join incident i on i.tenant = c.tenant and i.number = c.number
  where c.tenant = ? and (i.number is null or i.revision != c.revision or i.outcome != c.outcome
    or i.confirmed != c.confirmed or (i.hidden = 1) != (c.number in (
      select m.number from import_run r join imported m on m.tenant = r.tenant and m.run = r.id
      where r.tenant = ? and r.finished_at is null)))
union all
select i.number as number from incident i where i.tenant = ? and not exists (
  select 1 from record_current c where c.tenant = i.tenant and c.number = i.number)"""


def built_by_today(sql: Sql) -> bool:
    return bool(sql.value("select version from register_built") == BUILT)


def unlike(sql: Sql, tenant: str) -> Iterator[str]:
    """The numbers of entries that are not what their records say; none where another release made them."""
    if built_by_today(sql):
        yield from (row["number"] for row in sql.each(_UNLIKE, tenant, tenant, tenant))


def make_anew(sql: Sql, read: Callable[[Sql, str, str], Record]) -> int:
    """Every entry, of what `read` finds of its record; how many."""
    sql.run("delete from incident")
    there = sql.all("select * from record_current order by tenant, number")
    for row in there:
        try:
            refresh(sql, read(sql, row["tenant"], row["number"]))
        except (Damaged, ValueError, TypeError, KeyError, AttributeError):  # damaged, which `verify` names
            _put(sql, _bare(row, _first(sql, row["tenant"], row["number"])))
    sql.run("update register_built set version = ?", BUILT)
    return len(there)


def _bare(current: Row, kept: Row) -> Row:
    """Of a record that cannot be read: it stays in the list all the same."""
    return {
        "tenant": current["tenant"], "number": current["number"], "revision": current["revision"],
        "day": _on(current["kept_at"]), "kept_at": current["kept_at"],
        "kept_by_id": kept["recorded_by_id"], "kept_by_name": kept["recorded_by_name"],
        "outcome": current["outcome"], "confirmed": current["confirmed"],
        **dict.fromkeys((*_TEXTS, "causes", "examination", "local_number", "source"), ""),
        "individuals": 1, "equipment_fault": 0,
    }  # fmt: skip


def told_last(record: Record, seen: int | None = None) -> dict[str, Detail]:
    """By field, what was told of it last, "" where it was taken back; of the first `seen` that were given."""
    return {one.field: one for one in record.details[:seen]}


def known_of(record: Record) -> dict[str, Any]:
    """Facts and details as they hold now: what was told later of a field stands before what was kept."""
    known = _with_number(record.assessment.facts, record.assessment.local_incident_number)
    return _held(known | {name: one.value for name, one in told_last(record).items()})


def _with_number(facts: Json, number: str) -> dict[str, Any]:
    return {**facts, "local_incident_number": number} if number else dict(facts)


def _held(known: Json) -> dict[str, Any]:
    """Without what is empty or was taken out."""
    return {
        name: value for name, value in known.items()
        if value not in ("", None, []) and not (isinstance(value, str) and value.startswith(TAKEN))
    }  # fmt: skip


# Columns that are called as the facts that they come from.
_TEXTS = ("nation", "category", "exposure", "exposed_person", "modality", "site", "equipment")


def sketch(known: Mapping[str, Any], *, at: datetime, by: Person, number: str = "") -> Incident:
    """As something would stand in the register by these facts and details, kept or not yet."""
    told = _about(known)
    return incident_of(
        {"number": number, "revision": 0, "outcome": "", "confirmed": 0, "kept_at": stamp(at),
         "kept_by_id": by.id, "kept_by_name": by.name, **told, "day": told["day"] or _on(stamp(at))}
    )  # fmt: skip


def _row(kept: Row, known: Json, verdict: Json) -> Row:
    """Of whichever record; `kept` is its first revision."""
    told = _about(known)
    return {
        "kept_at": kept["recorded_at"],
        "kept_by_id": kept["recorded_by_id"], "kept_by_name": kept["recorded_by_name"],
        "outcome": str(verdict.get("outcome", "")), "lacking": len(verdict.get("missing") or ()),
        **told, "day": told["day"] or _on(kept["recorded_at"]),
    }  # fmt: skip


def _on(at: str) -> str:
    """The day on which something was kept, in the UK; of a time that cannot be read what it begins with."""
    return local_day(at, UK) or at[:10]


def _about(known: Mapping[str, Any]) -> Row:
    def one(name: str) -> str:
        if (value := known.get(name)) is None:
            return ""
        return plain(", ".join(map(str, value)) if isinstance(value, list) else str(value))

    causes = known.get("cause", ())
    causes = causes.split(",") if isinstance(causes, str) else causes
    named = [plain(str(cause)) for cause in causes]
    return {
        "day": _day(known),
        **{name: one(name) for name in _TEXTS},
        "causes": f"|{'|'.join(named)}|" if named else "",
        "examination": one("examination_performed") or one("examination_intended"),
        "local_number": one("local_incident_number"), "source": "",
        "individuals": _count(known.get("individuals_exposed")),
        "equipment_fault": int(known.get("equipment_fault") in (True, "yes")),
    }  # fmt: skip


def _day(known: Mapping[str, Any]) -> str:
    """Of `2026-11-02`, or of `2026-11-02T14:05`."""
    for name in ("occurred_on", "discovered_on"):
        given = str(known.get(name, ""))[:10]
        try:
            return date.fromisoformat(given).isoformat()
        except ValueError:
            continue
    return ""


def _count(given: Any) -> int:
    try:
        return max(1, int(str(given)))
    except ValueError:
        return 1


def causes_of(stored: str) -> tuple[str, ...]:
    return tuple(filter(None, stored.split("|")))


def incident_of(row: Row) -> Incident:
    return Incident(
        number=row["number"], revision=row["revision"], day=date.fromisoformat(row["day"]),
        kept_at=moment(row["kept_at"]), kept_by=Person(row["kept_by_id"], row["kept_by_name"]),
        outcome=row["outcome"], confirmed=bool(row["confirmed"]), causes=causes_of(row["causes"]),
        equipment_fault=bool(row["equipment_fault"]), individuals=row["individuals"],
        **{name: row[name] for name in (*_TEXTS, "examination", "local_number", "source")},
    )  # fmt: skip
