"""Plays of a truthful person, each from one number: the same number plays the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from random import Random

from bot.core.messages import Capabilities
from storage.store import Store
from tests.truthful.doors import CoreDoor, Door
from tests.truthful.hand import BEGIN
from tests.truthful.incident import drawn
from tests.truthful.misreading import misread
from tests.truthful.person import Person
from tests.truthful.slack_door import SlackDoor
from tests.truthful.teams_door import TeamsDoor
from tests.truthful.terminal_door import TerminalDoor

# What the platforms can do, as core is told it: words alone, words and buttons, dialogs, forms in messages.
WORDS = Capabilities(
    dialogs=False, private_answers=True, hears_everything=True, buttons=False, command="", name="w"
)  # fmt: skip
BUTTONS = Capabilities(dialogs=False, private_answers=True, hears_everything=True, name="b")
DIALOGS = Capabilities(dialogs=True, private_answers=True, hears_everything=True, live_inputs=True, name="d")
FORMS = Capabilities(
    dialogs=False, private_answers=False, hears_everything=False, forms_in_messages=True, name="f"
)  # fmt: skip
OF_CORE: dict[str, Callable[[Store, str], CoreDoor]] = {
    "words": lambda store, tenant: CoreDoor(WORDS, store, tenant, shared=False),
    "buttons": lambda store, tenant: CoreDoor(BUTTONS, store, tenant, shared=False),
    "thread": lambda store, tenant: CoreDoor(BUTTONS, store, tenant, shared=True),
    "dialogs": lambda store, tenant: CoreDoor(DIALOGS, store, tenant, shared=False),
    "forms": lambda store, tenant: CoreDoor(FORMS, store, tenant, shared=False),
    "shared forms": lambda store, tenant: CoreDoor(FORMS, store, tenant, shared=True),
}
# The faces themselves, over what stands at their far end.
FACES: dict[str, Callable[[Path], Door]] = {
    "terminal": lambda path: TerminalDoor(path, BEGIN),
    "Slack, dialogs": lambda path: SlackDoor(path, BEGIN, "dialogs"),
    "Slack, direct": lambda path: SlackDoor(path, BEGIN, "direct"),
    "Slack, thread": lambda path: SlackDoor(path, BEGIN, "thread"),
    "Teams, chat": lambda path: TeamsDoor(path, BEGIN, "chat"),
    "Teams, thread": lambda path: TeamsDoor(path, BEGIN, "thread"),
}
ALONE = (
    "leaves out", "slips", "corrects", "other command", "another day", "quits", "restart",
    "another incident", "confirms", "tells details",
)  # fmt: skip
IN_WORDS = ("all I know",)
AT_A_CARD = ("yes keeps", "discards, and not")
IN_FORMS = ("late form",)
AFTERWARDS = ("edits", "deletes", "old button")
TOGETHER = ("both press",)
MOST_REPORTS = 10


def moves(door: Door) -> tuple[str, ...]:
    """The kinds of move that there are at a door."""
    by_forms = door.face.dialogs or door.face.forms_in_messages
    return (
        *ALONE,
        *(IN_FORMS if by_forms else IN_WORDS),
        *(() if door.face.dialogs else AT_A_CARD),
        *(AFTERWARDS if door.edits else ()),
        *(TOGETHER if door.people > 1 else ()),
    )


def errands(door: Door, number: int, plays: int) -> tuple[str, ...]:
    """Of so many plays, the moves that this one is to make: each is made by one."""
    every = moves(door)
    return every[number % plays :: plays]


def play(door: Door, number: int, errands: Sequence[str] = ()) -> Counter[str]:
    """One or two incidents from their first word to what is kept of them, and what came of it. Raises
    Found."""
    random = Random(number)
    person = Person(door, random, errands)
    with misread(random) if random.random() < 0.5 else nullcontext():
        for reports in range(MOST_REPORTS):
            if reports and random.random() > 0.12 and not person.errands:
                break
            person.report(drawn(random))
            person.look_after()
    person.look_back()
    return person.counted
