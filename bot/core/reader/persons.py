"""Of which sex the patient is."""

from __future__ import annotations

from bot.core.reader.guards import another
from bot.core.reader.tags import Tagged
from bot.core.reader.tokens import Token


def sex(t: Tagged) -> str:
    """`male` or `female` where the person's own age or description says so, and nothing of the other sex.

    A pronoun is not enough: "he" may be the radiographer.
    """
    if any(another(t, hit.i, hit.j) for hit in t.find("@own")) or t.first(
        "relative|carer|public|other_person"
    ):
        return ""
    own = {_sex(token) for hit in t.find("@own") for token in t.tokens[hit.i : hit.j]} - {""}
    named = {_sex(token) for token in t.tokens} - {""}
    if own == {"female"}:
        return "female" if named == own else ""
    womanly = (
        t.has("she", "preg", "feeding", "preg_check", "patients")
        or "her" in t.words_said
        or "mum" in t.words_said
    )
    return "male" if own == named == {"male"} and not womanly else ""


def _sex(token: Token) -> str:
    if "sex" in token.tags:
        return {"m": "male", "f": "female"}[token.word]
    person = token.of("person")
    return person[0] if person else ""
