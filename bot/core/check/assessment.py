"""A finished check as the record keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.check.interview import sources_of
from bot.core.draft import Draft
from rules.facts import DETAILS
from rules.incident import Facts
from storage.model import Assessment

# What is asked on the way and stands in no record.
_ASKED_ONLY = ("why", "open_case")


def assessment_of(draft: Draft, facts: Facts, verdict: Mapping[str, Any]) -> Assessment:
    contract = {name: value for name, value in draft.details.items() if name in DETAILS}
    if "cause" in contract:
        contract = {**contract, "cause": contract["cause"].split(", ")}  # type: ignore[dict-item]
    details = {name: value for name, value in draft.details.items() if name not in (*DETAILS, *_ASKED_ONLY)}
    told = {
        name: given
        for name, given in draft.sources.items()
        if name in draft.details and name not in _ASKED_ONLY
    }
    return Assessment({**facts.stated, **contract}, verdict, {**sources_of(draft), **told}, **details)
