"""Patients' numbers in what people write: refused where a form asks, warned about where a text may hold
other marks."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.refused import Refused
from storage import identifiers

NOT_KEPT = "that holds what looks like an NHS, CHI or H&C number, and was not kept: write it again without"


def holds_number(text: str) -> bool:
    """Does a patient's number stand in the text?"""
    return identifiers.worth_a_look(text) and bool(identifiers.find(text))


def refuse_numbers(text: str) -> None:
    """Raises Refused where a patient's number stands in the text, which is not repeated."""
    if holds_number(text):
        raise Refused(NOT_KEPT)


def without_numbers(inputs: Mapping[str, str]) -> dict[str, str]:
    """What was sent off, as it may be shown again: a patient's number is not repeated, not even to whoever
    wrote it."""
    return {name: "" if holds_number(text) else text for name, text in inputs.items()}


def masked(text: str) -> str:
    """The text with its patients' numbers taken out."""
    return identifiers.mask(text)
