"""The end of a check: its verdict as the record keeps it, and what is said of it."""

from __future__ import annotations

from bot.core.cases.decide_anew import decide_anew
from bot.core.cases.keep import keep
from bot.core.cases.opening import TO_OPEN
from bot.core.check.check import Check, sources_of
from bot.core.check.correcting import WHY
from bot.core.check.diff_card import diff_card
from bot.core.check.kept_card import kept_card
from bot.core.check.of_its_case import case_of, held_to_case
from bot.core.draft import Draft
from bot.core.messages import Reply
from bot.core.turn import Turn
from bot.core.words.fact_words import name_within
from bot.core.words.phrases import listed
from rules.facts import DETAILS
from storage.errors import Duplicate, StoreError
from storage.model import Assessment, Case, Correction

# What is kept as a detail beside the record, once there is one.
_BESIDE = ("dose_estimated_on", "dose_estimate")
OF_ESTIMATE = ("dose_estimated_how", "dose_estimated_by", *_BESIDE)
# What is asked on the way, and stands in no assessment.
_ASKED_ONLY = (WHY, *_BESIDE)


def keep_check(turn: Turn, check: Check) -> list[Reply]:
    """The record, and with it, in the same transaction, its case or its reminders. Raises storage.errors."""
    case = case_of(turn, check.draft)
    check, _ = held_to_case(turn, check, case)
    try:
        return _kept(turn, check, _assessment(check), case)
    except Duplicate as again:
        return turn.say(f"Kept already, as {again.result}.")


def _kept(turn: Turn, check: Check, assessment: Assessment, case: Case | None) -> list[Reply]:
    draft = check.draft
    why, ending = draft.details.get("why", ""), turn.drafts.ending(draft)
    verdict = Correction(draft.number, assessment, why, draft.revision) if draft.number else assessment
    if case and isinstance(verdict, Correction):
        anew = decide_anew(turn, case, verdict, ending)
        return [turn.show(diff_card(turn, anew, why)), *_beside(turn, draft)]
    opens = draft.opens and check.verdict.outcome in TO_OPEN
    return [turn.show(kept_card(turn, keep(turn, verdict, opens=opens, ending=ending)))]


def _assessment(check: Check) -> Assessment:
    """As the record keeps it."""
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


def _beside(turn: Turn, draft: Draft) -> list[Reply]:
    """The details that came with what decided it. The verdict stands where these could not be kept, and that
    is said."""
    given = {name: draft.details[name] for name in _BESIDE if draft.details.get(name)}
    if not given:
        return []
    try:
        turn.store.give_details(turn.tenant, draft.number, given, by=turn.person, now=turn.request.now)
    except StoreError as error:
        lost = listed([name_within(name) for name in given])
        return [turn.refuse(f"Decided anew, but this was not kept with it: {lost} ({error}). Give it again.")]
    return []
