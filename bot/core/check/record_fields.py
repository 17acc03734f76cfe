"""The details of a record: what is asked beside the facts that decide, each of which may stay empty."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.cards import Option
from bot.core.draft import Draft
from rules.facts import CAUSES, FACTS, MODALITIES


@dataclass(frozen=True)
class Field:
    """One detail of a record. `choices` where it is one (or several, `many`) of a list kept in one place."""

    name: str
    ask: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    lines: bool = False
    required: bool = False
    doses_only: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(
            Option(choice, _LABELS.get(choice) or choice[:1].upper() + choice[1:]) for choice in self.choices
        )

    def words(self, value: str | list[str]) -> str:
        """What was kept, as a person reads it: `CT`."""
        if isinstance(value, list):
            return ", ".join(value)
        return next((option.label for option in self.options if option.value == value), value)


_LABELS = {
    "ct": "CT", "dexa": "DXA", "cbct": "Cone-beam CT", "linac": "Linear accelerator",
    "planar": "Planar imaging",
    "spect_ct": "SPECT-CT", "pet_ct": "PET-CT",
}  # fmt: skip
_DOSES = ("total_dose", "intended_dose", "foetal_dose", "infant_dose", "dose_ratio")

WHY = Field(
    "why", "Why is the record corrected?", "The earlier revision stays, with this beside it.", required=True
)
# Facts that a settled "no" does not wait for: asked here unless they were told before.
LATE_FACTS = (
    Field("discovered_on", FACTS["discovered_on"].ask, "For example: yesterday, or 2026-11-03"),
    Field("equipment_fault", FACTS["equipment_fault"].ask, choices=("yes", "no")),
)
FIELDS = (
    *LATE_FACTS,
    Field("account", "What happened, in words?", "No names, numbers or dates of birth.", lines=True),
    Field("occurred_on", "When did the exposure happen?", "For example: yesterday 14:05, or 2026-11-02"),
    Field("examination_intended", "Which examination was intended?", "For example: chest X-ray"),
    Field("examination_performed", "Which examination was performed?", "For example: CT head"),
    Field("modality", "Which modality was it?", choices=MODALITIES),
    Field("equipment", "Which equipment?", "For example: CT scanner 2, software 4.1"),
    Field("site", "Which site or department?"),
    Field("cause", "What was the cause, as far as is known?", choices=CAUSES, many=True),
    Field("local_incident_number", "The local incident number?", "Of your own incident system"),
    Field("dose_as_measured", "The dose as measured?", "DLP, DAP or MBq, kept as it is and never decided on"),
    Field("dose_estimated_by", "Who estimated the dose in mSv?", "A role, such as MPE", doses_only=True),
    Field("dose_estimated_how", "How was it estimated?", "For example: from the DLP", doses_only=True),
    Field("immediate_actions", "What was done at once?", lines=True),
)
OPEN_CASE = Field(
    "open_case", "Open a case, with its deadlines and reminders?",
    "Yes unless you say no: the clock runs in either case.", choices=("yes", "no"),
)  # fmt: skip


def fields_for(draft: Draft) -> tuple[Field, ...]:
    """Those worth asking: about a dose only where there is one, the reason only for a correction."""
    doses = any(name in draft.facts for name in _DOSES)
    told = {field.name for field in LATE_FACTS} & {*draft.facts, *draft.skipped}
    kept = tuple(field for field in FIELDS if (doses or not field.doses_only) and field.name not in told)
    why = (WHY,) if draft.number else ()
    return (*why, *kept, *((OPEN_CASE,) if draft.opens else ()))
