"""A new incident while another check is unfinished: what is to be gone on with is chosen, and nothing of
either is lost."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.cards import Block, Bullets, Button, Card, Form, Input, InputKind, Option, Text, Weight
from bot.core.check.answers import choose, yes_or_no
from bot.core.draft import Draft
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.draft_words import called
from bot.core.words.phrases import plain_words, sentence

FORM, NEXT = "check.choice", "next"
GO, NEW, LOOK, ADD, DROP = "go", "new", "look", "add", "drop"
# More unfinished checks than this are not listed; the choice says how many there are.
MOST = 3


def unfinished(turn: Turn) -> tuple[Draft, ...]:
    """The checks that something was said in and that are not ended, the newest first."""
    left = (draft for draft in turn.drafts.all() if draft.holds)
    return tuple(sorted(left, key=lambda draft: (draft.started, draft.id), reverse=True))


def options(turn: Turn, chooser: Draft, seen: str = "") -> tuple[Option, ...]:
    """`chooser` is the draft of the new words, `seen` the unfinished check that has been looked at."""
    others = [draft for draft in unfinished(turn) if draft.id != chooser.id][:MOST]
    one = len(others) == 1
    begin = "Begin with the new words" if chooser.waiting else "Begin a new check"
    return (
        *(Option(f"{GO}:{d.id}", "Go on with it" if one else f"Go on with {called(d, 20)}") for d in others),
        Option(NEW, begin),
        *(
            Option(f"{LOOK}:{d.id}", "Look at the old one" if one else f"Look at {called(d, 20)}")
            for d in others
            if d.id != seen
        ),
        *(
            Option(
                f"{ADD}:{d.id}", "The new words belong to it" if one else f"They belong to {called(d, 20)}"
            )
            for d in others
            if chooser.waiting and d.stage != "choosing"
        ),
        *(Option(f"{DROP}:{d.id}", "Discard the old one") for d in others if d.id == seen),
    )


def _heading(others: Sequence[Draft]) -> str:
    if len(others) == 1:
        return f"Another check is unfinished: {called(others[0])}. What is next?"
    return f"{len(others)} other checks are unfinished. What is next?"


def choice(turn: Turn, chooser: Draft, offered: Sequence[Option], problem: str = "") -> Card | Form:
    """As a form where one can be opened, with buttons where there are any, else as a list to type from."""
    others = [draft for draft in unfinished(turn) if draft.id != chooser.id]
    title = _heading(others)
    blocks: list[Block] = [Text(sentence(problem), Weight.WARNING)] if problem else []
    if len(others) > 1:
        blocks.append(Bullets(tuple(called(draft) for draft in others)))
    if chooser.waiting:
        blocks.append(Text(f"The new words: {chooser.waiting}"))
        blocks.append(Text("Nothing is lost, whichever you choose: the other waits for you.", Weight.SUBTLE))
    if not chooser.typed:
        pick = Input(NEXT, "What is next?", InputKind.CHOICE, tuple(offered), required=True)
        return Form(FORM, chooser.id, "An unfinished check", (Text(title), *blocks, pick), "Continue")
    if not turn.face.buttons:
        numbered = tuple(f"{number}. {option.label}" for number, option in enumerate(offered, 1))
        return Card(title, (*blocks, Bullets(numbered), Text("type the number · quit", Weight.SUBTLE)))
    buttons = (Button(one.label, "check.choose", f"{chooser.id}:{one.value}") for one in offered)
    return Card(title, tuple(blocks), tuple(buttons))


def picked(turn: Turn, chooser: Draft, text: str) -> str:
    """The option that words stand for. Raises Refused."""
    offered = options(turn, chooser)
    plain = plain_words(text)
    if yes_or_no(plain) or plain in ("go on", "continue", "resume", "take it up"):
        old = [option.value for option in offered if option.value.startswith(GO)]
        if len(old) == 1:
            return old[0]
    if plain in ("new", "begin", "start a new one", "afresh"):
        return NEW
    if plain == "look":
        return next(option.value for option in offered if option.value.startswith(LOOK))
    if chooser.listed and plain.isdecimal():
        if 1 <= int(plain[:4]) <= len(chooser.listed):
            return chooser.listed[int(plain[:4]) - 1]
        raise Refused(f"type a number from 1 to {len(chooser.listed)}")
    return choose(text, offered)
