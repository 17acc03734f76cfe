"""The details of a record: what it tells beside the facts that decide. Whoever knows one gives it, in any
order, once the record is kept."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.check.detail_field import Field
from bot.core.check.further_fields import FURTHER, SECTIONS
from rules.facts import CAUSES, FACTS, MODALITIES

_DOSES = ("total_dose", "intended_dose", "foetal_dose", "infant_dose", "dose_ratio")

# Facts that a settled "no" does not wait for. The verdict hangs on them, so the record's next revision has
# them.
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
BY_NAME: Mapping[str, Field] = {field.name: field for field in (*FIELDS, *FURTHER)}


def fields_for(facts: Mapping[str, object], *, has_case: bool, section: str) -> tuple[Field, ...]:
    """What can be told of a record with these facts: about a dose only where there is one, a fact only where
    it lacks it. What hangs on a case's own facts is changed with the case."""
    doses = any(name in facts for name in _DOSES)
    late = {field.name for field in LATE_FACTS} if has_case else set()
    there = {name for name in FACTS if name in facts} | late
    among = [BY_NAME[name] for name in SECTIONS[section].fields] if section else FIELDS
    return tuple(f for f in among if (doses or not f.doses_only) and f.name not in there)
