"""Plays of a truthful person, each from one number: the same number plays the same."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from random import Random

from bot.core.messages import Capabilities
from storage.store import Store
from tests.truthful.incident import drawn
from tests.truthful.misreading import misread
from tests.truthful.person import Person

# What the platforms can do, as core is told it: words alone, words and buttons, dialogs, forms in messages.
FACES = {
    "words": Capabilities(
        dialogs=False, private_answers=True, hears_everything=True, buttons=False, command="", name="w"
    ),
    "buttons": Capabilities(dialogs=False, private_answers=True, hears_everything=True, name="b"),
    "dialogs": Capabilities(
        dialogs=True, private_answers=True, hears_everything=True, live_inputs=True, name="d"
    ),
    "forms": Capabilities(
        dialogs=False, private_answers=False, hears_everything=False, forms_in_messages=True, name="f"
    ),
}


def play(store: Store, face: str, number: int) -> Counter[str]:
    """One or two incidents from their first word to what is kept of them, and what came of it. Raises
    Found."""
    random = Random(number)
    person = Person(store, FACES[face], f"{face}{number}", random)
    with misread(random) if random.random() < 0.5 else nullcontext():
        person.report(drawn(random))
        while random.random() < 0.3:
            person.report(drawn(random))
    person.look_back()
    return person.counted
