"""Published typical effective doses of adults, in mSv: hints that decide nothing and become no fact.

Source: "Patient dose information: guidance", 4 September 2008, on GOV.UK under "Medical radiation: patient
doses". It gives one value for any adult, and none for children, interventional work or therapy.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from rules.edition_model import Edition
from rules.spans import EXACT, ZERO, Bound, Span
from rules.threshold_rows import Entry
from rules.topics import Topic

SOURCE = "Patient dose information, GOV.UK, 2008"
# Doses of one examination differ from room to room and from person to person. A look-up therefore shows every
# band between half of the typical dose and twice it.
SPREAD = 2


class TypicalDose(NamedTuple):
    """`dose` is in mSv, and an upper limit where `below`."""

    name: str
    modality: str  # X-ray, CT or nuclear medicine
    dose: str
    below: bool = False

    @property
    def words(self) -> str:
        return f"{'less than ' * self.below}{self.dose} mSv"


ALL = (
    TypicalDose("Limb or joint X-ray", "X-ray", "0.01", below=True),
    TypicalDose("Bitewing X-ray", "X-ray", "0.01", below=True),
    TypicalDose("Panoramic dental X-ray", "X-ray", "0.01"),
    TypicalDose("Chest X-ray", "X-ray", "0.02"),
    TypicalDose("Skull X-ray", "X-ray", "0.07"),
    TypicalDose("Cervical spine X-ray", "X-ray", "0.08"),
    TypicalDose("Hip X-ray", "X-ray", "0.3"),
    TypicalDose("Thoracic spine X-ray", "X-ray", "0.7"),
    TypicalDose("Pelvis X-ray", "X-ray", "0.7"),
    TypicalDose("Abdomen X-ray", "X-ray", "0.7"),
    TypicalDose("Lumbar spine X-ray", "X-ray", "1.3"),
    TypicalDose("Barium swallow", "X-ray", "1.5"),
    TypicalDose("IVU", "X-ray", "2.5"),
    TypicalDose("Barium meal", "X-ray", "3"),
    TypicalDose("Barium follow-through", "X-ray", "3"),
    TypicalDose("Barium enema", "X-ray", "7"),
    TypicalDose("CT head", "CT", "2"),
    TypicalDose("CT chest", "CT", "8"),
    TypicalDose("CT abdomen and pelvis", "CT", "10"),
    TypicalDose("Lung ventilation scan (Kr-81m)", "nuclear medicine", "0.1"),
    TypicalDose("Lung perfusion scan (Tc-99m)", "nuclear medicine", "1"),
    TypicalDose("Kidney scan (Tc-99m)", "nuclear medicine", "1"),
    TypicalDose("Thyroid scan (Tc-99m)", "nuclear medicine", "1"),
    TypicalDose("Bone scan (Tc-99m)", "nuclear medicine", "4"),
    TypicalDose("Dynamic cardiac scan (Tc-99m)", "nuclear medicine", "6"),
    TypicalDose("Myocardial perfusion scan (Tl-201)", "nuclear medicine", "18"),
)
BY_NAME = {typical.name: typical for typical in ALL}


CHILD = (
    "For a child no typical dose is published, so any band can hold. Where less than 0.3 mSv was intended, a "
    "child counts from 1 mSv in all."
)
NONE = "No typical dose is published for these words, so every band is shown."


def by_examination(
    topics: Iterable[Topic], rows: list[Entry], edition: Edition, *, child: bool
) -> tuple[list[Entry], Entry | None, list[str]]:
    """The rows whose bands the examination can fall in, the one of the typical dose, and what is said of
    that."""
    parts = [topic.typical for topic in topics if topic.typical]
    modalities = {topic.modality for topic in topics if topic.modality}
    named = [BY_NAME[name] for name in parts[0].split(", ")] if len(parts) == 1 else []
    found = [typical for typical in named if not modalities or typical.modality in modalities]
    if child:
        return rows, None, [CHILD]
    if not found:
        return rows, None, [NONE]
    near = {code for typical in found for code in _bands_near(typical, edition)}
    kept = [_marked(row, found, edition) for row in rows if row.code in near or row.code not in edition.bands]
    own = {_band_of(typical, edition) for typical in found}
    first = next((row for row in kept if {row.code} == own), None)
    return kept, first, [*map(_remark, found), CHILD]


def _marked(row: Entry, found: list[TypicalDose], edition: Edition) -> Entry:
    here = [typical for typical in found if _band_of(typical, edition) == row.code]
    return row._replace(typical=", ".join(f"{typical.name} {typical.words}" for typical in here))


def _band_of(typical: TypicalDose, edition: Edition) -> str:
    """The code in whose band the typical dose itself lies."""
    at = Bound(Decimal(typical.dose), -1 if typical.below else 0)
    return next(code for code, band in edition.bands.items() if Span(at, at) & band)


def _bands_near(typical: TypicalDose, edition: Edition) -> list[str]:
    """The codes of every band between half of it and twice it."""
    dose = Decimal(typical.dose)
    low = ZERO if typical.below else EXACT.divide(dose, Decimal(SPREAD))
    near = Span(Bound(low), Bound(EXACT.multiply(dose, Decimal(SPREAD))))
    return [code for code, band in edition.bands.items() if near & band]


def _remark(typical: TypicalDose) -> str:
    return (
        f"{typical.name}: {typical.words} is the published typical effective dose for an adult ({SOURCE}), "
        "not this person's dose. Every band from half of it to twice it is shown."
    )
