"""What an import would do, or did: each row's fate counted, nothing of anybody's text repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import counted
from bot.importing.cell_values import RowFails
from bot.importing.mapping import Mapping as ColumnMapping
from bot.importing.row_facts import RowTaken, Taking
from bot.importing.source_files import SourceTable
from storage.imports import BroughtIn, Known

NAMED = 5
A_RECORD = 6_000  # bytes in the file, about
RATE = 1_000  # rows a second on a busy machine; a quiet one takes half the time


@dataclass
class Trial:
    """What became of each row of a file under a mapping. Of those that are new no more than this is held."""

    rows: int = 0
    new: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    masked: int = 0
    flagged: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    known: int = 0
    changed: list[str] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    totals: int = 0
    columns_not_used: tuple[str, ...] = ()
    empty: Counter[str] = field(default_factory=Counter)

    def add(self, one: RowTaken) -> None:
        self.new += 1
        self.outcomes[one.outcome] += 1
        self.lacking.update(one.missing if one.outcome == "undecided" else ())
        self.masked += one.masked
        self.flagged.update(one.flagged)


def nowhere(_: BroughtIn) -> None:
    """Where rows go that are only tried."""


def attempt(
    table: SourceTable, mapping: ColumnMapping, there: Mapping[str, Known], today: date, *, keep_texts: bool,
    to: Callable[[BroughtIn], None],
) -> Trial:  # fmt: skip
    """Reads the table; each row that is new goes `to`. Raises Usage."""
    done = Trial()
    done.columns_not_used = tuple(one for one in table.columns if one not in mapping.columns)
    taking, seen = Taking(mapping, today, keep_texts=keep_texts), set[bytes]()
    read = dict.fromkeys(column for _, of in mapping.fields for column in of.column)
    for number, line in table:
        if out := next((column for column, wanted in mapping.only.items() if line[column] not in wanted), ""):
            done.left_out[out] += 1
            continue
        for column in read:
            if not line[column]:
                done.empty[column] += 1
        try:
            taken = taking.take(line)
        except RowFails as fails:
            done.failed.append((number, str(fails)))
            continue
        ref = taken.row.ref
        before = there.get(ref)
        short = bytes.fromhex(ref[:32])  # each one costs memory
        if short in seen:
            done.twice.append(number)
        elif before is None:
            done.add(taken)
            to(taken.row)
        elif before.holds(taken.row.content):
            done.known += 1
        else:
            done.changed.append(before.number)
        seen.add(short)
    done.rows, done.totals = table.count, table.totals
    return done


def told(done: Trial, head: str, *, tried: bool) -> Iterator[str]:
    yield head
    yield f"  {done.new:>7,}  new"
    for column, count in done.left_out.items():
        yield f"  {count:>7,}  left out ({column})"
    if done.known:
        yield f"  {done.known:>7,}  known already (same reference, same content)"
    if done.changed:
        numbers = _some(done.changed)
        yield f"  {len(done.changed):>7,}  known, changed since: {numbers} (left as they are here)"
    if done.twice:
        rows = _some([str(number) for number in done.twice])
        yield f"  {len(done.twice):>7,}  twice in the file, the first is taken: rows {rows}"
    if done.totals:
        yield f"  {done.totals:>7,}  empty, or a total"
    if done.failed:
        rows = "; ".join(f"row {number} {why}" for number, why in done.failed[:NAMED])
        more = f"; and {len(done.failed) - NAMED} more" if len(done.failed) > NAMED else ""
        yield f"  {len(done.failed):>7,}  fail: {rows}{more}"
    if done.new:
        yield from _of_the_new(done)
    if done.new and tried:
        size = done.new * A_RECORD / 1e6
        yield f"  it takes about {max(size, 0.1):,.1f} MB and {max(1, round(done.new / RATE)):,} s"
    if done.columns_not_used:
        yield f"  columns not used: {_some(done.columns_not_used, 20)}"
    if done.empty:
        empty = ", ".join(f"{column} {count:,}" for column, count in done.empty.most_common())
        yield f"  empty though mapped: {empty}"


def _of_the_new(done: Trial) -> Iterator[str]:
    outcomes = " · ".join(f"{done.outcomes[name]:,} {word.upper()}" for name, word in OUTCOMES.items()
                          if done.outcomes[name])  # fmt: skip
    lacking = ", ".join(f"{count:,} lack {name}" for name, count in done.lacking.most_common(4))
    yield f"  of the new: {outcomes}{f' (undecided is not a no: {lacking})' if lacking else ''}"
    if done.masked:
        texts = counted(done.masked, "text holds", "texts hold")
        yield f"  {texts} a patient's number, which is masked"
    if done.flagged:
        where = ", ".join(f"{column} {count:,}" for column, count in done.flagged.most_common())
        texts = counted(done.flagged.total(), "text seems", "texts seem")
        yield f"  {texts} to name somebody; left out: {where} (--texts keep takes them)"


def _some(names: list[str] | tuple[str, ...], most: int = NAMED) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
