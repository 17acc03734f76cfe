"""A paper as text, and as a card: what its document says, where there is no document."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.cards import Block, Card, Heading, Pairs, Text, Weight
from bot.core.paper import LEFT_OUT, Paper, PaperLine, PaperPart

BLANK = "(to be filled in)"
ABOUT = "About this paper"
NOTHING = "Nothing is kept of this."
PAGE = 8_000  # characters of one card


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
    yield from ("", ABOUT, "-" * len(ABOUT))
    yield from map(_line, paper.head)
    for part in paper.parts:
        yield ""
        yield part.title
        yield "-" * len(part.title)
        if part.note:
            yield f"({part.note})"
        yield from map(_line, part.lines)
        if not part.lines:
            yield NOTHING
    yield ""
    yield paper.foot


def _line(line: PaperLine) -> str:
    said = value(line)
    colon = ": " if line.label and line.label[-1] not in ".?!" else " " if line.label else ""
    return (
        f"{line.label}{colon}\n  " + said.replace("\n", "\n  ")
        if "\n" in said
        else f"{line.label}{colon}{said}"
    )


def as_cards(paper: Paper) -> tuple[Card, ...]:
    """The whole of it, part by part, for where no file can go: as many cards as it takes for each to be shown
    uncut."""
    pages: list[list[PaperPart]] = [[]]
    for part in paper.parts:
        if pages[-1] and sum(map(_size, (*pages[-1], part))) > PAGE:
            pages.append([])
        pages[-1].append(part)
    return tuple(_page(paper, parts, at, len(pages)) for at, parts in enumerate(pages, 1))


def _size(part: PaperPart) -> int:
    return sum(len(line.label) + len(value(line)) for line in part.lines) + len(part.title) + len(part.note)


def _page(paper: Paper, parts: list[PaperPart], at: int, of: int) -> Card:
    blocks: list[Block] = []
    if at == 1:
        blocks = [*(Text(warning, Weight.SUBTLE) for warning in paper.warnings), _pairs(paper.head)]
    for part in parts:
        blocks += _of_part(part)
    if at == of:
        blocks.append(Text(paper.foot, Weight.SUBTLE))
    return Card(paper.title if of == 1 else f"{paper.title}, {at} of {of}", tuple(blocks))


def _of_part(part: PaperPart) -> Iterator[Block]:
    yield Heading(part.title)
    if part.note:
        yield Text(part.note, Weight.SUBTLE)
    yield _pairs(part.lines) if part.lines else Text(NOTHING)


def _pairs(lines: tuple[PaperLine, ...]) -> Pairs:
    return Pairs(tuple((line.label or "–", value(line)) for line in lines))
