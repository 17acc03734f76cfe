"""Somebody who answers each question by what it asks, whatever the order."""

from __future__ import annotations

from typing import Any

from bot.core.messages import Said
from rules.facts import FACTS
from tests.core.cases.ward import ANA, T, Ward

NAMES = {fact.ask: name for name, fact in FACTS.items()}
UNINTENDED = {
    "exposure": "Yes, but not the exposure they got",
    "category": "mammography",
    "nation": "England",
    "age_years": "34",
    "total_dose": "2 mSv",
    "intended_dose": "1 mSv",
    "flags": "none",
}


def known(ward: Ward) -> dict[str, Any]:
    """The facts of the one check that is unfinished."""
    (draft,) = ward.store.drafts(T)
    return draft.state["facts"]


def told(ward: Ward, words: str, answers: dict[str, str] | None = None, place=None, user=ANA) -> str:
    """What is shown once something else than a question is, after `words`."""
    given = {**UNINTENDED, **(answers or {})}
    ward.ask(Said(words, mentioned=True), user, place=place)
    for _ in range(20):
        title = ward.cards[-1].title
        name = "flags" if title == "Which of these apply?" else NAMES.get(title)
        if name is None:
            break
        ward.ask(Said(given.get(name, "don't know"), mentioned=True), user, place=place)
    return ward.shown
