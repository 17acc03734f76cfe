"""The columns of the register's table for what is told of a record once it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.core.check.further_fields import FURTHER
from bot.core.check.record_fields import BY_NAME
from bot.core.register.columns import COLUMNS, Column, KeptIncident, Value, iso, known_as
from storage.measure_model import CorrectiveMeasure


def _told(name: str) -> Callable[[KeptIncident], Value]:
    """Kept with the record, or told of it since."""
    return lambda row: known_as(name)(row) or getattr(row.record.assessment, name, "") or None


def _later() -> Iterator[Column]:
    """What is told once a record is kept, and decides nothing."""
    for name in ("immediate_actions", "dose_estimated_by", "dose_estimated_how"):
        yield Column(name, BY_NAME[name].ask, "text", _told(name))
    for field in FURTHER:
        values = {
            "day": "ISO 8601 date",
            "done": f"ISO 8601 date{', a reference after it' if field.reference else ''}; or not: and why",
            "words": ", ".join(field.choices) or "text",
        }[field.takes]
        yield Column(field.name, field.ask, values, _told(field.name))


def _open_measures(row: KeptIncident) -> list[CorrectiveMeasure]:
    return [one for one in row.measures if one.state == "open"]


_MEASURES: tuple[Column, ...] = (
    Column("measures", "How many corrective measures were set, those given up left out", "whole number",
           lambda row: len([one for one in row.measures if one.state != "withdrawn"])),
    Column("measures_open", "How many of them are still to be done", "whole number",
           lambda row: len(_open_measures(row))),
    Column("next_measure_due", "By when the next of them is to be done", "ISO 8601 date",
           lambda row: iso(min((one.due_on for one in _open_measures(row)), default=None))),
)  # fmt: skip

EVERY_COLUMN: tuple[Column, ...] = (*COLUMNS, *_later(), *_MEASURES)
