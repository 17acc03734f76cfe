"""`help`, and what is said to words that are no command."""

from __future__ import annotations

import re

from bot.core.cards import Button, Card, Pairs, Severity, Text, Weight
from bot.core.messages import Capabilities
from bot.core.wording import EMPLOYER_DECIDES

# In the order in which help lists them.
COMMANDS = {
    "check": ("check", "is it notifiable? A few questions, a verdict, a record"),
    "check <what happened>": ("check", "the same, with what you have written read first"),
    "threshold <words>": (
        "threshold",
        "the criteria: by code (4.2b), word (foetal) or intended dose (1.5 mSv)",
    ),
    "case <number>": ("case", "a decision record such as 2026-0001, with its history"),
    "correct <number>": ("correct", "a new revision of a record, beside the old one"),
    "help": ("help", "this list"),
}
# Other words for them.
SYNONYMS = {
    "thresholds": "threshold",
    "record": "case",
    "?": "help",
    "commands": "help",
    "hello": "help",
    "hi": "help",
}


def names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in COMMANDS.values()))


def help_card(face: Capabilities) -> Card:
    lines = tuple((f"{face.command} {usage}".strip(), what) for usage, (_, what) in COMMANDS.items())
    card = Card(
        "Is a radiation incident notifiable under IR(ME)R?",
        (
            Pairs(lines),
            Text(
                "On the way: why, back, don't know, edit, quit. An unfinished check waits for you.",
                Weight.SUBTLE,
            ),
            Text(EMPLOYER_DECIDES, Weight.SUBTLE),
        ),
    )
    return (
        card.with_buttons(Button("Check an incident", "check.start", style="primary"))
        if face.buttons
        else card
    )


def close_to(word: str) -> str:
    """The command that was probably meant; nothing where none is near."""
    from rapidfuzz import fuzz, process

    every = [*names(), *(synonym for synonym in SYNONYMS if synonym.isalpha())]
    best = process.extractOne(word, every, scorer=fuzz.ratio, score_cutoff=60) if word else None
    return SYNONYMS.get(best[0], best[0]) if best else ""


def unknown_card(typed: str, face: Capabilities) -> Card:
    """No command: what was probably meant, or the list. The words are repeated only where they are plain."""
    first = typed.split()[0].lower() if typed.split() else ""
    best = close_to(first)
    said = f"“{first[:20]}” is" if re.fullmatch(r"[a-z]{1,20}", first) else "That is"
    meant = f" Did you mean {face.command} {best}?".replace("  ", " ") if best else ""
    lines = Text(f"{said} no command.{meant}")
    return Card(
        "Sorry, that was not understood", (lines, *help_card(face).blocks[:1]), severity=Severity.WAITING
    )
