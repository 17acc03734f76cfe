"""A paper as text, and as a card: what its document says, where there is no document."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.cards import Block, Card, Heading, Pairs, Text, Weight
from bot.core.paper import LEFT_OUT, Paper, PaperLine, PaperPart

BLANK = "(to be filled in)"


def value(line: PaperLine) -> str:
    """What stands beside the label: `MISSING. Ask the medical physics expert.` where nothing is known."""
    if line.gap:
        return line.gap if line.gap.startswith(LEFT_OUT) else f"MISSING. Ask {line.gap}."
    return BLANK if line.blank else line.text


def as_text(paper: Paper) -> str:
    """Plain text, with a heading to each part, ready to be copied."""
    return "\n".join(_lines(paper)) + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    yield paper.title
    yield "=" * len(paper.title)
    for warning in paper.warnings:
        yield ""
        yield warning
    yield ""
    yield from map(_line, paper.head)
    for part in paper.parts:
        yield ""
        yield part.title
        yield "-" * len(part.title)
        if part.note:
            yield f"({part.note})"
        yield from map(_line, part.lines)
        if not part.lines:
            yield "(nothing is kept)"
    yield ""
    yield paper.foot


def _line(line: PaperLine) -> str:
    said = value(line)
    colon = ": " if line.label and line.label[-1] not in ".?!☐" else " " if line.label else ""
    return (
        f"{line.label}{colon}\n  " + said.replace("\n", "\n  ")
        if "\n" in said
        else f"{line.label}{colon}{said}"
    )


def as_card(paper: Paper) -> Card:
    """The whole of it, part by part: for where no file can go."""
    blocks: list[Block] = [Text(warning, Weight.SUBTLE) for warning in paper.warnings]
    blocks.append(_pairs(paper.head))
    for part in paper.parts:
        blocks += _of_part(part)
    return Card(paper.title, (*blocks, Text(paper.foot, Weight.SUBTLE)))


def _of_part(part: PaperPart) -> Iterator[Block]:
    yield Heading(part.title)
    if part.note:
        yield Text(part.note, Weight.SUBTLE)
    if part.lines:
        yield _pairs(part.lines)


def _pairs(lines: tuple[PaperLine, ...]) -> Pairs:
    return Pairs(tuple((line.label or "–", value(line)) for line in lines))
