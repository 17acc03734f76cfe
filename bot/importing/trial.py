"""What an import would do, or did: each row's fate counted, nothing of anybody's text repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import counted
from bot.importing.cell_values import RowFails
from bot.importing.mapping import Mapping as ColumnMapping
from bot.importing.repeated import may_be_quoted, name_of, names_of
from bot.importing.row_facts import RowTaken, Taking
from bot.importing.source_files import SourceTable
from storage.imports import BroughtIn, Known
from storage.quick_json import as_json

NAMED = 5
MOST_NAMED = 20
IN_ROWS = 2  # what stands in one row alone may be about somebody
MOST_VALUES = 1_000
# Bytes in the file, about: what each record takes, and what each byte of its facts and its verdict does.
BESIDE, OF_A_BYTE, MEASURED = 2_000, 1.25, 16  # of so many records one is measured
RATE = 1_000  # rows a second on a busy machine; a quiet one takes half the time


class ChangedRow(NamedTuple):
    """The record of a row that is not what it was, with the verdict by the file and the one here."""

    number: str
    by_file: str
    here: str


@dataclass
class Trial:
    """What became of each row of a file under a mapping. Of those that are new no more than this is held."""

    rows: int = 0
    new: int = 0
    measured: float = 0  # bytes of those that were
    outcomes: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    masked: int = 0
    flagged: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    known: int = 0
    changed: list[ChangedRow] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    untranslated: Counter[tuple[str, str]] = field(default_factory=Counter)
    twice: list[int] = field(default_factory=list)
    empty_rows: int = 0
    sums: list[int] = field(default_factory=list)
    figures: int = 0
    ref: str = ""
    columns_not_used: tuple[str, ...] = ()
    empty: Counter[str] = field(default_factory=Counter)

    def add(self, one: RowTaken) -> None:
        if self.new % MEASURED == 0:
            held = one.row.assessment
            self.measured += BESIDE + OF_A_BYTE * len((as_json(held.facts) + as_json(held.verdict)).encode())
        self.new += 1
        self.outcomes[one.outcome] += 1
        self.lacking.update(one.missing if one.outcome == "undecided" else ())
        self.masked += one.masked
        self.flagged.update(one.flagged)

    def fail(self, number: int, fails: RowFails) -> None:
        self.failed.append((number, str(fails)))
        value = fails.where, fails.value
        if fails.value and (value in self.untranslated or len(self.untranslated) < MOST_VALUES):
            self.untranslated[value] += 1

    def place(self, one: RowTaken, before: Known | None, to: Callable[[BroughtIn], None]) -> None:
        """A row as the register has it `before`: new, and then it goes `to`, or known, or changed since."""
        if before is None:
            self.add(one)
            to(one.row)
        elif before.holds(one.row.content):
            self.known += 1
        else:
            self.changed.append(ChangedRow(before.number, one.outcome, before.outcome))


def nowhere(_: BroughtIn) -> None:
    """Where rows go that are only tried."""


def attempt(
    table: SourceTable, mapping: ColumnMapping, there: Mapping[str, Known], today: date, *, keep_texts: bool,
    to: Callable[[BroughtIn], None],
) -> Trial:  # fmt: skip
    """Reads the table; each row that is new goes `to`. Raises Usage."""
    done = Trial(ref=mapping.ref)
    done.columns_not_used = tuple(one for one in table.columns if one not in mapping.columns)
    taking, seen = Taking(mapping, today, keep_texts=keep_texts), dict[bytes, int]()
    read = dict.fromkeys(column for _, of in mapping.fields for column in of.column)
    for number, line, wrong in table:
        if wrong:
            done.failed.append((number, f"has {wrong}"))
            continue
        if out := next((column for column, wanted in mapping.only.items() if line[column] not in wanted), ""):
            done.left_out[out] += 1
            continue
        for column in read:
            if not line[column]:
                done.empty[column] += 1
        try:
            taken = taking.take(line)
        except RowFails as fails:
            done.fail(number, fails)
            continue
        ref = taken.row.ref
        before = there.get(ref)
        short, what = bytes.fromhex(ref[:32]), _told_apart(number, taken.row)  # each one costs memory
        first = seen.setdefault(short, what)
        if first == what:
            done.place(taken, before, to)
        elif first & _CONTENT == what & _CONTENT:
            done.twice.append(number)
        else:
            other = f"row {first >> _BITS} has the same, and not the same content: give each its own"
            done.fail(number, RowFails((mapping.ref,), other))
    done.rows, done.empty_rows, done.sums, done.figures = table.count, table.empty, table.sums, table.figures
    return done


_BITS = 62
_CONTENT = (1 << _BITS) - 1


def _told_apart(number: int, row: BroughtIn) -> int:
    """A row's number and what tells its content from another's, as one number."""
    return number << _BITS | hash(row.content) & _CONTENT


def told(done: Trial, head: str, *, tried: bool) -> Iterator[str]:
    yield head
    yield f"  {done.new:>7,}  new"
    for column, count in done.left_out.items():
        yield f"  {count:>7,}  left out ({name_of(column)})"
    if done.known:
        yield f"  {done.known:>7,}  known already (same reference, same content)"
    if done.changed:
        yield from _of_the_changed(done.changed)
    if done.twice:
        rows = _some([str(number) for number in done.twice])
        yield f"  {len(done.twice):>7,}  twice in the file, the first is taken: rows {rows}"
    if done.empty_rows:
        yield f"  {done.empty_rows:>7,}  empty"
    if done.sums:
        yield f"  {len(done.sums):>7,}  a total of others: rows {_some(list(map(str, done.sums)))}"
    if done.failed:
        rows = "; ".join(f"row {number} {why}" for number, why in done.failed[:NAMED])
        more = f"; and {len(done.failed) - NAMED} more" if len(done.failed) > NAMED else ""
        yield f"  {len(done.failed):>7,}  fail: {rows}{more}"
    if values := [
        f"{column} “{value}” in {count:,} rows"
        for (column, value), count in done.untranslated.most_common()
        if count >= IN_ROWS and may_be_quoted(value)
    ]:
        yield f"           without a translation: {_some(values, MOST_NAMED)}"
    if done.figures:
        zeros = "zeros that are only shown before it are not read"
        yield f"  {name_of(done.ref)} is a number in this workbook: {zeros}"
    if done.new:
        yield from _of_the_new(done)
    if done.new and tried:
        size = done.new * done.measured / -(-done.new // MEASURED) / 1e6
        yield f"  it takes about {max(size, 0.1):,.1f} MB and {max(1, round(done.new / RATE)):,} s"
    if done.columns_not_used:
        yield f"  columns not used: {names_of(done.columns_not_used, MOST_NAMED)}"
    if done.empty:
        empty = ", ".join(f"{name_of(column)} {count:,}" for column, count in done.empty.most_common())
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
        where = ", ".join(f"{name_of(column)} {count:,}" for column, count in done.flagged.most_common())
        texts = counted(done.flagged.total(), "text seems", "texts seem")
        yield f"  {texts} to name somebody; left out: {where} (--texts keep takes them)"


def _of_the_changed(changed: list[ChangedRow]) -> Iterator[str]:
    numbers = _some([one.number for one in changed])
    yield f"  {len(changed):>7,}  known, changed since: {numbers} (left as they are here)"
    for by_file in OUTCOMES:
        for here in OUTCOMES:
            if both := [one.number for one in changed if (one.by_file, one.here) == (by_file, here)]:
                verdicts = f"{OUTCOMES[by_file].upper()} by the file, {OUTCOMES[here].upper()} here"
                if by_file != here:
                    yield f"           {verdicts}: {_some(both, MOST_NAMED)}"
    yield f"           look at each: correct {changed[0].number} sets one right"


def _some(names: list[str] | tuple[str, ...], most: int = NAMED) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
