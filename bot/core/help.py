"""`help`, and what is said to words that are no command: both go by the rows of the words and of the acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.core.actions.act import Act
from bot.core.actions.pages import LOOK
from bot.core.actions.table import ACTS
from bot.core.cards import Button, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.messages import Capabilities, Reply
from bot.core.turn import Turn
from bot.core.words.outcomes import EMPLOYER_DECIDES

TITLE = "Is a radiation incident notifiable under IR(ME)R?"


@dataclass(frozen=True)
class Word:
    """A command that is about no one case: how it is typed, what help says of it, other words for it, and
    what its button is called where it has one. `run` is given what follows it. `looks`: it changes
    nothing, and `from_memory`: it does not even look into the store."""

    verb: str
    usage: str
    does: str
    run: Callable[[Turn, str], list[Reply]]
    also: tuple[str, ...] = ()
    button: str = ""
    looks: bool = False
    from_memory: bool = False

    @property
    def typed(self) -> str:
        return f"{self.verb} {self.usage}".strip()

    @property
    def look(self) -> Button:
        return Button(self.button, LOOK, self.verb)


Row = Word | Act


def start_card(words: Iterable[Row], face: Capabilities) -> Card:
    """The bare command: what it can do, by buttons where the face has them."""
    words = tuple(words)
    if not face.buttons:
        return help_card(words, face)
    card = Card(TITLE, (_listed(words, face), Text(EMPLOYER_DECIDES, Weight.SUBTLE)))
    return card.with_buttons(*_buttons(words))


def help_card(words: Iterable[Row], face: Capabilities, beside: Iterable[Row] = ()) -> Card:
    """`beside`: words that are listed with the acts."""
    words = tuple(words)
    card = Card(
        TITLE,
        (
            _listed(words, face),
            Heading("With a case, a record or a reminder"),
            _listed((*(act for act in ACTS if act not in words), *beside), face),
            Text(
                "On the way: why, back, don't know, edit, quit. An unfinished check waits for you.",
                Weight.SUBTLE,
            ),
            Text(EMPLOYER_DECIDES, Weight.SUBTLE),
        ),
    )
    return (
        card.with_buttons(*_buttons(word for word in words if word.verb != "help")) if face.buttons else card
    )


def _listed(rows: Iterable[Row], face: Capabilities) -> Pairs:
    return Pairs(tuple((f"{face.command} {row.typed}".strip(), row.does) for row in rows))


def _buttons(words: Iterable[Row]) -> Iterator[Button]:
    yield Button("Check an incident", "check.start", style="primary")
    yield from (word.look for word in words if isinstance(word, Word) and word.button)


def close_to(word: str, every: Iterable[str]) -> str:
    """The one of them that was probably meant; nothing where none is near."""
    best = process.extractOne(word, every, scorer=fuzz.ratio, score_cutoff=60) if word else None
    return str(best[0]) if best else ""


def unknown_card(words: Iterable[Row], typed: str, meant: str, face: Capabilities) -> Card:
    """No command: what was probably meant, or the list. The words are repeated only where they are plain."""
    first = typed.split()[0].lower() if typed.split() else ""
    said = f"“{first}” is" if re.fullmatch(r"[a-z]{1,20}", first) and first != meant else "That is"
    perhaps = f" Did you mean {face.command} {meant}?".replace("  ", " ") if meant else ""
    lines = Text(f"{said} no command.{perhaps}")
    return Card("Sorry, that was not understood", (lines, _listed(words, face)), severity=Severity.WAITING)
