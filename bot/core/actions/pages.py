"""The pages of a list, and how one is asked for: in the same words for every list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.core.actions.table import BY_NAME
from bot.core.cards import Button, Text, Weight
from bot.core.refused import Refused
from bot.core.turn import Turn

PAGE = 20  # rows: some 9 KB on the platform that carries the least
BUTTONS = 5
# A button that shows what words show.
LOOK = "look"
_ASKED_FOR = re.compile(r"(.*?)(?:(?<!\S)(page)\s*)?(\d{1,4})", re.IGNORECASE | re.DOTALL)


def split_page(text: str, lists: Collection[str] = ()) -> tuple[str, int]:
    """The words of a list, and its page: ("overdue", 2) of `overdue page 2`; 1 where none is named. After
    one of `lists`, which are a list by name, or after nothing, the number alone will do: one below a
    hundred, since a larger one may be a year or a number of the incident system."""
    found = _ASKED_FOR.fullmatch(text.strip())
    if found and (found[2] or (len(found[3]) < 3 and found[1].strip().lower() in ("", *lists))):
        return found[1].strip(), int(found[3])
    return text.strip(), 1


@dataclass(frozen=True)
class ListPage:
    """One of a list's pages, from 1. `words` shows it without its number: `cases overdue`. Raises Refused
    where there is no such page."""

    words: str
    at: int
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.at <= self.pages:
            raise Refused(f"there are {self.pages} pages" if self.pages > 1 else "there is one page")

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))

    @property
    def begin(self) -> int:
        return (self.at - 1) * PAGE

    @property
    def title(self) -> str:
        """How many, and which of them are here."""
        last = min(self.begin + PAGE, self.count)
        return str(self.count) if self.pages == 1 else f"{self.count}, {self.begin + 1} to {last}"

    def words_for(self, at: int) -> str:
        return f"{self.words} page {at}"

    def ways(self, turn: Turn) -> Iterator[Text]:
        if self.at < self.pages:
            more = f"{turn.command(self.words_for(self.at + 1))} shows the next of {self.pages} pages."
            yield Text(more, Weight.SUBTLE)

    def buttons(self, turn: Turn) -> Iterator[Button]:
        if not turn.face.buttons:
            return
        if self.at > 1:
            yield Button("Back", LOOK, self.words_for(self.at - 1))
        if self.at < self.pages:
            yield Button("More", LOOK, self.words_for(self.at + 1))


def numbered(subjects: list[str], page: ListPage) -> tuple[tuple[int, str], ...]:
    """What a number that is typed after the list shows."""
    return tuple((n, f"{BY_NAME['show'].verb} {one}") for n, one in enumerate(subjects, page.begin + 1))


def subject_buttons(turn: Turn, subjects: list[str], page: ListPage) -> tuple[Button, ...]:
    some = tuple(dict.fromkeys(subjects))[:BUTTONS] if turn.face.buttons else ()
    return (*page.buttons(turn), *(BY_NAME["show"].press(one, one) for one in some))
