"""What another organisation keeps, each way of asking for it by its ids, and whether the store was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.actions import adding, handover, linking, pages, settings_dialogue
from bot.core.actions.table import ACTS
from bot.core.check import agreement, buttons, choice, correcting
from bot.core.check.form import CHECK, VERDICT
from bot.core.choosing import CHOOSE
from bot.core.gate_cards import ACTIONS as GATE
from bot.core.messages import mark_of
from bot.core.word_table import WORDS
from storage.model import Person
from storage.sqlite import SqliteStore
from storage.store import Store
from storage.upkeep import LATEST
from tests.core.cases.ward import BUTTONS, NOTIFY, T, Ward

OTHER = "other-trust"
SECRET = "seen by the other trust alone"
KEPT = f"{SECRET}, beside mulberry"  # the last word is typed by nobody
UNTYPED = ("mulberry", "U9SEES")
NUMBERS = {"case": "C26-0007", "record": "2026-0009", "theme": "T26-0001"}
MARKS = ("", mark_of(OTHER), mark_of(T))
# When the last was written at all, which whoever sends holds a machine's clock against.
_BY_THE_CLOCK = LATEST.replace("?", f"'{OTHER}'")
FORMS = (
    CHECK, VERDICT, agreement.FORM, choice.FORM, correcting.FORM, adding.FORM, handover.FORM,
    *(f"case.{act.name}" for act in ACTS),
)  # fmt: skip


class Watched:
    """Statements that name the other organisation, as they are run on the store's connections."""

    def __init__(self, store: SqliteStore) -> None:
        self._statements: list[str] = []
        for conn in (store._connections._writer, store._connections._reader):
            assert conn is not None
            conn.set_trace_callback(self._note)

    def _note(self, statement: str) -> None:
        if OTHER in statement and statement != _BY_THE_CLOCK:
            self._statements.append(statement)

    @property
    def of_theirs(self) -> list[str]:
        """Without those that keep what somebody typed."""
        named = [one for one in self._statements if not re.search(r"insert into (draft|remark|audit)", one)]
        return [one for one in named if f"tenant = '{OTHER}'" in one or f"values ('{OTHER}'" in one]


def fill(ward: Ward) -> str:
    """The other has many cases and records, a theme and a draft, whose id it gives; this one has one case."""
    for _ in range(9):
        number = ward.record(NOTIFY, OTHER)
        if int(number[-1]) < 8:
            ward.say(f"open {number}", tenant=OTHER)
        ward.store.add_note(OTHER, number, KEPT, by=Person("U9SEES"), now=ward.now)
    ward.store.add_note(OTHER, NUMBERS["case"], KEPT, by=Person("U9SEES"), now=ward.now)
    ward.say("check wrong patient, CT head", tenant=OTHER)
    draft = ward.store.drafts(OTHER)[0].state["id"]
    ward.case()
    return str(draft)


def filled_file(path: Path) -> str:
    ward = Ward(path, BUTTONS)
    with closing(ward.store):
        return fill(ward)


def everything(store: Store, tenant: str) -> dict[str, list[tuple[Any, ...]]]:
    with store._connections.read(None) as sql:  # type: ignore[attr-defined]
        tables = [
            row["name"]
            for row in sql.all("select name from sqlite_schema where type = 'table'")
            if "tenant" in sql.columns(row["name"])
        ]
        return {
            one: [tuple(row.values()) for row in sql.all(f"select * from {one} where tenant = ?", tenant)]
            for one in tables
        }


def words_of_every_act() -> Iterator[str]:
    for act in ACTS:
        for subject in NUMBERS.values():
            yield f"{act.verb} {subject}"
            yield f"{act.verb} {subject} 2026-11-23 some words of mine"
            yield f"{act.verb} {OTHER}:{subject}"
    for word in WORDS:
        yield word.verb
        yield f"{word.verb} {SECRET}"


def presses(draft: str) -> Iterator[tuple[str, str]]:
    """Actions with their values."""
    for act in ACTS:
        for subject in NUMBERS.values():
            for key in (subject, f"{subject}:1", f"{subject}:1:notify", f"{subject}::report"):
                yield f"case.{act.name}", key
    for action in (*buttons._ON_DRAFT, *GATE):
        yield action, draft
        yield action, f"{draft}:1"
        yield action, f"{draft}:notify"
    for action in (
        CHOOSE, handover.ACCEPT, handover.DECLINE, settings_dialogue.FORM, pages.LOOK, linking.PRIVATE,
    ):  # fmt: skip
        for value in (OTHER, draft, f"case {NUMBERS['case']}", "cases"):
            yield action, value


def forms(draft: str) -> Iterator[tuple[str, str]]:
    """Forms with their keys."""
    for form in FORMS:
        for key in (draft, f"{draft}:1", *NUMBERS.values(), f"{NUMBERS['case']}:1:notify"):
            yield form, key


INPUTS = {"note": "x", "case": NUMBERS["case"]}


@dataclass
class Walk:
    """How often it was tried, which statements touched what is theirs, whether rows of theirs are others, and
    what was shown of them."""

    tried: int = 0
    read: int = 0
    written: int = 0
    shown: int = 0

    @property
    def clean(self) -> bool:
        return not (self.read or self.written or self.shown)

    def saw(self, shown: str) -> None:
        self.shown += sum(one in shown for one in UNTYPED)


@contextmanager
def watching(store: Store, walk: Walk) -> Iterator[None]:
    before = everything(store, OTHER)
    watched = Watched(store)  # type: ignore[arg-type]
    yield
    walk.read += len(watched.of_theirs)
    after = everything(store, OTHER)
    walk.written += sum(set(rows) != set(before[table]) for table, rows in after.items())
