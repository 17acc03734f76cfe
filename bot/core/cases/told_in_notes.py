"""What a note tells of the facts, and the verdict does not know."""

from __future__ import annotations

from bot.core.turn import Turn
from bot.core.words.references import REF
from rules.facts import FACTS, Kind

_ASKED = frozenset({Kind.QUANTITY, Kind.COUNT, Kind.FLAG})


def not_known_to_the_verdict(turn: Turn, subject: str, text: str) -> str:
    """In a line, with what puts it right; empty where the verdict is to notify, or there is nothing new."""
    number = turn.store.case(turn.tenant, subject).records[-1] if REF.fullmatch(subject) else subject
    assessment = turn.store.record(turn.tenant, number).assessment
    if assessment.verdict["outcome"] == "notify":
        return ""
    # Here, since the reader takes 120 ms to import.
    from bot.core.reader import correct

    known = {name: value for name, value in assessment.facts.items() if name in FACTS}
    got = correct(known, text, turn.request.now)
    told = {name: [value] for name, value in got.facts.items()}
    told |= {name: got.candidates[name] for name in got.to_confirm if name in FACTS}
    new = [n for n in told if n in FACTS and FACTS[n].kind in _ASKED and told[n] != [known.get(n)]]
    if not any(told[name] for name in new):
        return ""
    return f"the verdict does not know of it: {turn.command(f'correct {number}')} decides anew with it"
