"""A paper as data: parts of lines, each known or a gap that says who knows it. Text, cards and documents are
made of it alone, so that all of them say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

# What stands in the place of a text that is not for others to see.
LEFT_OUT = "Left out, since it seems to name somebody"


@dataclass(frozen=True)
class PaperLine:
    """`text` is what is known, its line breaks kept; where nothing is, `gap` says who knows it. `blank`: to
    be filled in by whoever gets it, and not missing. `theirs`: the words are people's own, and may tell who
    somebody is. `field` is the detail that it says, where it says one."""

    label: str
    text: str = ""
    gap: str = ""
    blank: bool = False
    theirs: bool = False
    field: str = ""


@dataclass(frozen=True)
class PaperPart:
    """`counted`: one of the points that have to be filled before the paper is whole. `note` says how it is to
    be read, and is no part of what is copied."""

    title: str
    lines: tuple[PaperLine, ...] = ()
    note: str = ""
    counted: bool = False

    @property
    def missing(self) -> tuple[PaperLine, ...]:
        return tuple(line for line in self.lines if line.gap)


@dataclass(frozen=True)
class Paper:
    """`stem` is what its file is called, without an ending and without anything of the incident; `warnings`
    stand above it and are for whoever sends it, `foot` below each page."""

    kind: str
    title: str
    subject: str
    stem: str
    head: tuple[PaperLine, ...]
    parts: tuple[PaperPart, ...]
    made: datetime
    warnings: tuple[str, ...] = ()
    foot: str = ""

    @property
    def lines(self) -> Iterator[tuple[str, PaperLine]]:
        """Every line, with where it stands."""
        yield from (("the head", line) for line in self.head)
        yield from ((f"“{part.title}”", line) for part in self.parts for line in part.lines)

    @property
    def points(self) -> tuple[PaperPart, ...]:
        return tuple(part for part in self.parts if part.counted)

    @property
    def filled(self) -> int:
        """How many of its points lack nothing."""
        return sum(not part.missing for part in self.points)

    @property
    def missing(self) -> int:
        return sum(len(part.missing) for part in self.parts)

    @property
    def so_far(self) -> str:
        """`5 of 8`, or how many answers are missing where it has no points."""
        if self.points:
            return f"{self.filled} of {len(self.points)}"
        count = self.missing
        return "complete" if not count else f"{count} answer{'' if count == 1 else 's'} missing"
