"""A finished check as the record keeps it."""

from __future__ import annotations

from bot.core.check.check import Check, sources_of
from bot.core.check.correcting import WHY
from rules.facts import DETAILS
from storage.model import Assessment

# What is kept as a detail beside the record, once there is one.
BESIDE = ("dose_estimated_on", "dose_estimate")
OF_ESTIMATE = ("dose_estimated_how", "dose_estimated_by", *BESIDE)
# What is asked on the way, and stands in no assessment.
_ASKED_ONLY = (WHY, *BESIDE)


def assessment_of(check: Check) -> Assessment:
    draft = check.draft
    contract = {name: value for name, value in draft.details.items() if name in DETAILS}
    if "cause" in contract:
        contract = {**contract, "cause": contract["cause"].split(", ")}  # type: ignore[dict-item]
    details = {name: value for name, value in draft.details.items() if name not in (*DETAILS, *_ASKED_ONLY)}
    told = {
        name: given
        for name, given in draft.sources.items()
        if name in draft.details and name not in _ASKED_ONLY
    }
    sources = {name: given.as_json() for name, given in {**sources_of(draft), **told}.items()}
    return Assessment({**check.facts.stated, **contract}, check.verdict.as_dict(), sources, **details)
