"""What is written beside a verdict and would belong into it: said, since a note decides nothing."""

from __future__ import annotations

from datetime import date

from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import listed
from bot.core.words.references import NUMBER, REF
from rules.deadlines import uk_date
from rules.facts import FACTS, Kind
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from storage.model import Record

# Of any text of an incident something is supposed of these, to be asked in a check.
_SUPPOSED = ("exposure", "category")


def not_in_the_verdict(turn: Turn, subject: str, text: str) -> str:
    """The facts that `text` tells otherwise than the verdict of the record, or of the last of its case, was
    decided with, and how it is decided anew; else empty. A note has days of its own: they are none of them.
    """
    # Here, since the reader takes 120 ms to import, and most that is done does without.
    from bot.core.reader import read

    record = _decided(turn, subject)
    if record is None:
        return ""
    got = read(text, turn.request.now, turn.nation or None)
    today = max(turn.today, uk_date(record.at))
    kept = parse(record.assessment.facts, today)
    told = {name: [value] for name, value in got.facts.items()} | {
        name: values for name, values in got.candidates.items() if name not in _SUPPOSED
    }
    other = [
        f"{title(name).lower()} {given} (decided with: {value_words(name, kept)})"
        for name, values in told.items()
        if name in FACTS and FACTS[name].kind is not Kind.DATE
        if (given := listed(_other(name, values, kept, today), "or"))
    ]
    if not other:
        return ""
    how = turn.command(f"correct {record.number}")
    return f"The verdict of {record.number} does not know of it: {'; '.join(other)}. {how} decides anew"


def _decided(turn: Turn, subject: str) -> Record | None:
    if REF.fullmatch(subject):
        subject = turn.store.case(turn.tenant, subject).records[-1]
    return turn.store.record(turn.tenant, subject) if NUMBER.fullmatch(subject) else None


def _other(name: str, values: list[object], kept: Facts, today: date) -> list[str]:
    """The values in words, where none of them is the one that was kept."""
    words = []
    for value in values:
        try:
            words.append(value_words(name, parse({name: value}, today)))
        except InvalidFacts:
            words.append(str(value))
    return [] if value_words(name, kept) in words else list(dict.fromkeys(words))
