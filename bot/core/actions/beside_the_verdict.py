"""What is written beside a verdict and would belong into it: said, since a note decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import listed
from bot.core.words.references import NUMBER, REF
from bot.core.words.verdict_words import kept_verdict
from rules.deadlines import uk_date
from rules.facts import FACTS, Kind
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse
from storage.model import Record

# Of any text of an incident something is supposed of these, to be asked in a check.
_SUPPOSED = ("exposure", "category")
_CODE = r"[MCEV]?\d{1,2}(?:\.\d)?[ab]?"
_CODES = re.compile(rf"\bcodes?:?\s+({_CODE}(?:\s*(?:,|and|&)\s*{_CODE})*)(?![.\d]*\d)", re.I)
_RULED_OUT = re.compile(r"\b(?:not|ruled out|rather than|instead|nor|excluded)\b", re.I)


def not_in_the_verdict(turn: Turn, subject: str, text: str) -> str:
    """The facts that `text` tells otherwise than the verdict of the record, or of the last of its case, was
    decided with, and how it is decided anew; else empty. A note has days of its own: they are none of them.
    """
    if not text.strip():
        return ""
    # Here, since the reader takes 120 ms to import, and most that is done does without.
    from bot.core.reader import read

    record = _decided(turn, subject)
    if record is None:
        return ""
    got = read(text, turn.request.written, turn.nation or None)
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
    other += _other_codes(record, text)
    if not other:
        return ""
    how = turn.command(f"correct {record.number}")
    return f"The verdict of {record.number} does not know of it: {'; '.join(other)}. {how} decides anew"


def refuse_other_facts(turn: Turn, subject: str, text: str) -> None:
    """Raises Refused where a verdict would be vouched for with words that tell of another."""
    if told := not_in_the_verdict(turn, subject, text):
        raise Refused(f"{told}; so nothing is confirmed by it, and nothing ended", about="note")


def _other_codes(record: Record, text: str) -> Iterator[str]:
    """Codes that are named as met, beside a verdict that others are."""
    decided = kept_verdict(record.assessment)
    have = {code.lower() for code in (*decided.codes, *decided.complementary)}
    if decided.outcome != "notify" or not decided.codes or _RULED_OUT.search(text):
        return
    named = [code for found in _CODES.finditer(text) for code in re.findall(_CODE, found[1], re.I)]
    if other := [code for code in dict.fromkeys(named) if code.lower() not in have]:
        yield f"code {listed(other)} (decided with: code {listed(decided.codes)})"


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
