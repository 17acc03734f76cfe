"""`threshold [words]`: the criteria, found by code, word or intended dose. It needs no store, and starts
fast."""

from __future__ import annotations

from bot.core.cards import Block, Card, Heading, Severity, Table, Text, Weight
from bot.core.words.phrases import EMPLOYER_DECIDES
from rules.thresholds import look_up


def threshold_card(words: str, command: str = "/irmer") -> Card:
    """What the guidance asks for. Anything may be typed; what is not found is said, with what can be looked
    up."""
    found = look_up(words[:200])
    blocks: list[Block] = [Text(note, Weight.WARNING) for note in found.notes]
    if words.strip():
        for match in found.matches:
            heading = Heading(f"{match.code}  {match.title}".strip())
            blocks += [heading, Text(match.sentence), Text(match.where, Weight.SUBTLE)]
    else:
        rows = tuple((match.code, match.sentence) for match in found.matches)
        blocks.append(Table(("Code", "Met when"), rows))
    if not found.matches:
        typed = f"{command} threshold".strip()
        ways = (
            f"Look up a code ({typed} 4.2b), a word ({typed} foetal), or an intended dose ({typed} 1.5 mSv). "
            f"With nothing after it, {typed} lists them all."
        )
        return Card("No threshold found for these words", (*blocks, Text(ways)), severity=Severity.WAITING)
    blocks.append(Text(EMPLOYER_DECIDES, Weight.SUBTLE))
    title = (
        "The thresholds" if not words.strip() else "Threshold" if len(found.matches) == 1 else "Thresholds"
    )
    return Card(title, tuple(blocks))
