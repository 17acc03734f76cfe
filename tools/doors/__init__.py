"""Every door that words of people come in by, tried with a patient's number and with a name: what was done
with them, and whether they are in the file or the log afterwards. `python -m tools.doors` writes the table
into `docs/data.md`."""

from __future__ import annotations

import logging
import tempfile
from datetime import timedelta
from pathlib import Path

from bot.core import gate_cards
from bot.core.messages import Open, Show
from bot.core.messages import Replace as Replaced
from bot.core.patient_numbers import NOT_KEPT
from tools.doors.every_door import DOORS, NOTHING, Door
from tools.doors.ward import Ward

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
BEGIN, END = "<!-- doors: made by tools/doors -->\n", "<!-- end of doors -->\n"
STORED = "stored without it"


def outcome(ward: Ward, door: Door, words: str) -> str:
    """What was done with the words at this door. Raises AssertionError where they are kept or logged although
    nobody said so."""
    replies = door.play(ward, words)
    if isinstance(replies, str):
        assert not ward.holds(words), door.name
        return replies
    changed = ward.state() != ward.before
    cards = str([reply.card for reply in replies if isinstance(reply, Show | Replaced)])
    forms = str([reply.form for reply in replies if isinstance(reply, Open)])
    asked = gate_cards.TITLE in cards or gate_cards.TITLE in forms
    if ward.holds(words):
        assert door.platforms, f"{door.name}: kept {words}"
        return "kept: the platform's own"
    if asked:
        return "done without it, then asked" if "kept with" in cards else "asked"
    if gate_cards.LEFT_OUT_OF_WHAT_WAS_HEARD in cards:
        return "stored without it, and told"
    if NOT_KEPT[1:] in cards + forms or any(isinstance(r, Show) and r.refused for r in replies):
        return "refused"
    if not changed:
        return NOTHING
    return "masked" if words.isdigit() else STORED


def rows() -> list[tuple[str, str, str]]:
    """Each door, what became of a patient's number at it, and of a name."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        ward = Ward(Path(folder) / "a.sqlite")
        listening = _Listening(ward.logged)
        logging.getLogger().addHandler(listening)
        try:
            for at, door in enumerate(DOORS):
                number, name = f"999{at:03}4560", f"Zq{chr(97 + at // 26)}{chr(97 + at % 26)}x Okonkwo"
                found.append((door.name, outcome(ward, door, number), outcome(ward, door, name)))
                ward.now += timedelta(seconds=5)
        finally:
            logging.getLogger().removeHandler(listening)
            ward.store.close()
    return found


class _Listening(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())


def table() -> str:
    lines = ["| door | a patient's number | a name |", "|---|---|---|"]
    lines += [f"| {door} | {number} | {name} |" for door, number, name in rows()]
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with its table as it is now."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}{table()}{END}{tail}"
