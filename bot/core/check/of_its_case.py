"""A check of a record that has a case: its day of discovery is the case's, whatever is said in the check."""

from __future__ import annotations

from bot.core.cases.decide_anew import active_case, day_of_case, discovery
from bot.core.check.check import Check
from bot.core.check.stating import state
from bot.core.draft import Draft
from bot.core.turn import Turn
from bot.core.words.fact_words import title
from bot.core.words.phrases import day, listed
from storage.model import Case, Record


def case_of(turn: Turn, draft: Draft) -> Case | None:
    """The case that is decided anew: also where a record that has one is corrected."""
    if draft.case:
        return turn.store.case(turn.tenant, draft.case)
    return active_case(turn, draft.number) if draft.number else None


def on_its_day(turn: Turn, draft: Draft, case: Case, record: Record) -> Draft:
    """With the day that the case runs from, and who gave that."""
    found, source = day_of_case(turn, case, record)
    facts, sources = {**draft.facts, "discovered_on": found}, {**draft.sources, "discovered_on": source}
    return draft.with_(facts=facts, sources=sources)


def held_to_case(turn: Turn, check: Check, case: Case | None) -> tuple[Check, str]:
    """The check on the day of its case (`case_of`), and what is said where another one was given: what cannot
    stand beside that day is taken out, and named."""
    draft = check.draft
    said = str(draft.facts.get("discovered_on") or "")
    if case is None or discovery(case, said) == said:
        return check, ""
    found, source = day_of_case(turn, case, turn.store.record(turn.tenant, draft.number))
    held = state(check, {"discovered_on": found}, source=source, keep=False)
    how = turn.command(f"discovered {case.ref} {said[:10] or '<day>'}")
    stays = f"the day of discovery stays {day(case.discovered_on)}: {how} <why> corrects it"
    lost = [title(name) for name in draft.facts if name not in held.draft.facts]
    return held, f"{stays}. Taken out, since it cannot be beside that day: {listed(lost)}" if lost else stays
