"""A rehearsal, before the first person comes: what is imported or worked out at its first use is ready then.

The first command after a start would wait for it else, longer than a platform waits for its acknowledgement.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.core.bot import Bot
from bot.core.messages import Capabilities, Command, Place, Request, Said, User
from storage.errors import StoreError
from storage.sqlite import open_store

log = logging.getLogger("irmer")

COMMANDS = ("threshold foetal", "no command", "check", "cases", "due", "settings", "help")
INCIDENT = "wrong patient had CT head yesterday at 2pm, about 2 mSv, 9 yr old, not pregnant"
ANSWERS = (INCIDENT, "no", "2 mSv", "none", "keep", "quit")


def rehearse(
    faces: Iterable[Capabilities], now: datetime, given_up: Callable[[], bool] = lambda: False
) -> None:
    """Play a check through in a store of its own, which is thrown away; where there is no room for one,
    nothing. Ends early once it is `given_up`."""
    try:
        with TemporaryDirectory(prefix="irmer-") as folder:
            store = open_store(Path(folder) / "rehearsal.sqlite")
            try:
                bot = Bot(store, nation="england")
                for face in faces:
                    _play(bot, face, now, given_up)
            finally:
                store.close()
    except (OSError, StoreError) as problem:
        log.warning("the first answers will take a little longer: %(error)s", {"error": problem})


def leave_out_of_collections() -> None:
    """What is there by now stays as long as the process. Looking through it stops everybody's answers for a
    quarter of a second; from here on the garbage collector looks at what is new alone."""
    gc.collect()
    gc.freeze()


def _play(bot: Bot, face: Capabilities, now: datetime, given_up: Callable[[], bool]) -> None:
    heard = [Command(words) for words in COMMANDS] + [Said(words, mentioned=True) for words in ANSWERS]
    for what in heard:
        if given_up():
            return
        place = Place("rehearsal", personal=True)
        bot.handle(Request("rehearsal", User("rehearsal", standing="member"), place, now, what, ""), face)
