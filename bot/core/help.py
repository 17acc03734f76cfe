"""`help`, and what is said to words that are no command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.core.cards import Button, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.messages import Capabilities
from bot.core.words.phrases import EMPLOYER_DECIDES

# In the order in which help lists them.
COMMANDS = {
    "check": ("check", "is it notifiable? A few questions, a verdict, a record"),
    "check <what happened>": ("check", "the same, with what you have written read first"),
    "threshold <words>": (
        "threshold",
        "the criteria: by code (4.2b), word (foetal) or intended dose (1.5 mSv)",
    ),
    "case <number>": ("case", "a case such as C26-0001 or a record such as 2026-0001, with its history"),
    "cases <which>": ("cases", "open cases; or mine, overdue, closed, all, unconfirmed"),
    "due": ("due", "what falls due, soonest first"),
    "settings <name> <value>": ("settings", "nation, channels, reminders, who may do what"),
    "correct <number>": ("correct", "a new revision of a record, beside the old one"),
    "help": ("help", "every command, those of a case as well"),
}
CASES = {
    "open <record>": ("open", "a case with its deadlines, from a kept record"),
    "investigate <ref>": ("investigate", "the preliminary investigation has begun"),
    "notified <ref> <number>": ("notified", "the authority is told; the number may follow later"),
    "reported <ref>": ("reported", "the report is submitted"),
    "close <ref>": ("close", "nothing is left to do; reopen <ref> <why> opens it again"),
    "stand down <ref> <reason>": ("stand", "a confirmed verdict rules notifying out"),
    "redecide <ref> <what is new>": ("redecide", "a new estimate: total dose 12 mSv"),
    "discovered <ref> <day> <why>": ("discovered", "corrects the day of discovery, and its deadlines"),
    "assign <ref> <person>": ("assign", "gives the case to somebody; take over <ref> takes it"),
    "note <ref> <text>": ("note", "kept with a case or a record"),
    "analysis <record> <text>": ("analysis", "what an analysis found; learning <record> <text> what follows"),
    "confirm <record>": ("confirm", "as MPE, RPS or governance lead; compared, where there is a caution"),
    "done <ref>": ("done", "what was reminded of is done"),
    "snooze <ref> <until>": ("snooze", "2 hours, 14:30, tomorrow, Friday; past a deadline with the reason"),
}
CASE_LISTS = ("cases", "due", "settings")
# Every word about cases, those that stand in the list beside another one too.
CASE_WORDS = (*CASE_LISTS, *(name for name, _ in CASES.values()), "reopen", "take", "learning")
# Other words for them.
SYNONYMS = {
    "thresholds": "threshold",
    "takeover": "take",
    "setting": "settings",
    "record": "case",
    "?": "help",
    "commands": "help",
    "hello": "help",
    "hi": "help",
}


def names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in COMMANDS.values()))


TITLE = "Is a radiation incident notifiable under IR(ME)R?"
# What the buttons beside the first one show: a command each.
LOOK = "look"
LOOKS = {
    "threshold": "Thresholds",
    "cases": "Open cases",
    "due": "What is due",
    "settings": "Settings",
    "help": "All commands",
}


def start_card(face: Capabilities) -> Card:
    """The bare command: what it can do, by buttons where the face has them."""
    if not face.buttons:
        return help_card(face)
    card = Card(TITLE, (_typed(COMMANDS, face), Text(EMPLOYER_DECIDES, Weight.SUBTLE)))
    return card.with_buttons(*_buttons(*LOOKS))


def help_card(face: Capabilities) -> Card:
    card = Card(
        TITLE,
        (
            _typed(COMMANDS, face),
            Heading("In the course of a case"),
            _typed(CASES, face),
            Text(
                "On the way: why, back, don't know, edit, quit. An unfinished check waits for you.",
                Weight.SUBTLE,
            ),
            Text(EMPLOYER_DECIDES, Weight.SUBTLE),
        ),
    )
    return card.with_buttons(*_buttons("threshold", "cases", "due", "settings")) if face.buttons else card


def _typed(listed: Mapping[str, tuple[str, str]], face: Capabilities) -> Pairs:
    return Pairs(tuple((f"{face.command} {usage}".strip(), what) for usage, (_, what) in listed.items()))


def _buttons(*looks: str) -> Iterator[Button]:
    yield Button("Check an incident", "check.start", style="primary")
    for command in looks:
        yield Button(LOOKS[command], LOOK, command)


def close_to(word: str) -> str:
    """The command that was probably meant; nothing where none is near."""
    from rapidfuzz import fuzz, process

    every = [*names(), *CASE_WORDS, *(synonym for synonym in SYNONYMS if synonym.isalpha())]
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
