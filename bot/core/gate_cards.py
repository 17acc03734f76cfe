"""What the gate shows: the question, and what was done with the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.cards import Bullets, Button, Card, Form, Input, InputKind, Option, Severity, Text, Weight
from bot.core.turn import Turn

KEEP, NOBODYS, CHANGE = "keep", "nobodys", "change"
ACTIONS = {"gate.keep": KEEP, "gate.nobodys": NOBODYS, "gate.change": CHANGE}
INPUT = "gate"  # of a form that comes again
_LABELS = {KEEP: "Keep without it", NOBODYS: "It is not a person's", CHANGE: "Change"}
NOT_KEPT = "What you wrote before was asked about, and was not kept."
LEFT_OUT_OF_WHAT_WAS_HEARD = (
    "Something in what you wrote seems to tell who somebody is: it was taken without that. Mention the bot "
    "to say it whole."
)
ONE_OF_THREE = "That answers none of the three: choose one, or write something else and nothing is kept."
TITLE = "Does this tell who somebody is?"
_MOST, _LONGEST = 8, 80
_YES, _NO = ("yes", "y", "yes it does", "it does"), ("no", "n", "nope", "no it does not", "no it doesn't")


def question(
    turn: Turn, held: str, phrases: Mapping[str, Sequence[tuple[str, str]]], *, done: str = ""
) -> Card:
    """`done` is the subject of a step that is done already, without the words."""
    so_far = (
        f"It is kept with {done} without these words, so that no date waits for them."
        if done
        else "Nothing of it is kept yet."
    )
    blocks = (Bullets(tuple(_lines(phrases))), Text(so_far))
    card = Card(TITLE, blocks, severity=Severity.WAITING)
    if not turn.face.buttons:
        ways = " · ".join(f"{number} {_label(way, done)}" for number, way in enumerate(_LABELS, 1))
        return card.with_blocks(Text(ways, Weight.SUBTLE))
    styles = {KEEP: "primary"}
    return card.with_buttons(
        *(Button(_label(way, done), f"gate.{way}", held, styles.get(way, "default")) for way in _LABELS)
    )


def _label(way: str, done: str) -> str:
    return "Leave it out" if done and way == KEEP else _LABELS[way]


def _lines(phrases: Mapping[str, Sequence[tuple[str, str]]]) -> list[str]:
    every = [pair for pairs in phrases.values() for pair in pairs]
    lines = [f"“{_short(phrase)}” seems to be {what}" for phrase, what in every[:_MOST]]
    return [*lines, *([f"and {len(every) - _MOST} more"] if len(every) > _MOST else [])]


def _short(phrase: str) -> str:
    plain = " ".join(phrase.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def choice(text: str) -> str:
    """What was typed in answer; nothing where it is none. Yes and no answer what the title asks."""
    plain = " ".join(text.replace("’", "'").lower().split()).strip(" .!()")
    ways = {
        KEEP: (
            "1",
            "keep without it",
            "keep without",
            "without",
            "without it",
            "leave it out",
            "leave out",
            *_YES,
        ),
        NOBODYS: (
            "2",
            "it is not a person's",
            "not a person's",
            "it's not a person's",
            "nobody's",
            "not a person",
            *_NO,
        ),
        CHANGE: ("3", "change", "change it"),
    }
    return next((way for way, said in ways.items() if plain in said), "")


def chosen(turn: Turn, way: str, done: str) -> Card:
    """`done` as for the question."""
    if way == CHANGE:
        again = f" as a note: {turn.command(f'note {done} …')}" if done else " again"
        return Card(f"Not kept: write it{again}", severity=Severity.WAITING)
    if way == KEEP:
        return Card("It stays left out" if done else "Taken without it")
    return Card("Taken as you wrote it: you said that it is not a person's")


def over() -> Card:
    return Card(
        "That question is over: nothing is kept of it any more, so write it again", severity=Severity.WAITING
    )


def form_again(
    form: Form, typed: Mapping[str, str], phrases: Mapping[str, Sequence[tuple[str, str]]]
) -> Form:
    """As it was filled in, with what is asked beside each input that it is about."""
    errors = {name: f"{'; '.join(_lines({name: pairs}))}." for name, pairs in phrases.items()}
    blocks = tuple(
        replace(block, value=typed.get(block.name, block.value), error=errors.get(block.name, ""))
        if isinstance(block, Input) else block
        for block in form.blocks
        if not (isinstance(block, Input) and block.name == INPUT)
    )  # fmt: skip
    options = tuple(Option(way, _LABELS[way]) for way in (KEEP, NOBODYS))
    asked = Input(
        INPUT, TITLE, InputKind.CHOICE, options, hint="Or change it above. Nothing of it is kept yet."
    )
    return replace(form, blocks=(*blocks, asked))
