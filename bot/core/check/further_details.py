"""What of the further details is held, what is still wanted, and from whom: of the records of one case
together. A paper asks this by the fields that it wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.core.check.detail_field import Field
from bot.core.check.further_fields import ALSO_TELL, SECTIONS
from bot.core.check.record_details import Held, held, open_fields
from bot.core.check.record_fields import BY_NAME
from storage.model import Record
from storage.register_rows import known_of


class FieldStanding(NamedTuple):
    """One field as it stands: what is held of it and by whom, and whether it is wanted at all."""

    field: Field
    held: Held | None
    wanted: bool

    @property
    def missing(self) -> bool:
        return self.wanted and self.held is None


def known_together(records: Sequence[Record]) -> Mapping[str, Any]:
    """Facts and details of all; where several records tell one, the last of them. With whom their verdicts
    say to tell."""
    known: dict[str, Any] = {}
    for record in records:
        known |= known_of(record)
    told = (one for record in records for one in record.assessment.verdict.get(ALSO_TELL) or ())
    return {**known, ALSO_TELL: tuple(dict.fromkeys(str(one.get("body", "")) for one in told))}


def held_together(records: Sequence[Record]) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for record in records:
        found |= held(record)
    return found


def standing(records: Sequence[Record], names: Iterable[str]) -> tuple[FieldStanding, ...]:
    """How these fields stand, in their order."""
    known, have = known_together(records), held_together(records)
    sections = [open_fields(record, section) for record in records for section in ("", *SECTIONS)]
    offered = {field.name for fields in sections for field in fields}
    every = ((BY_NAME[name], have.get(name)) for name in names)
    return tuple(
        FieldStanding(field, told, field.name in offered and field.where(known)) for field, told in every
    )


def missing(records: Sequence[Record], names: Iterable[str]) -> tuple[Field, ...]:
    return tuple(one.field for one in standing(records, names) if one.missing)


def section_of(name: str) -> str:
    """The short form in which a field is asked for; "" where every record is asked it at once."""
    return next((section.name for section in SECTIONS.values() if name in section.fields), "")
