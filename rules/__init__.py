"""What the guidance says. Pure: no I/O, no clock, no settings.

What the rest of the project needs of it, each name also here (`from rules import decide, parse`):

- `FACTS`: every fact by its name, with its unit, its question and its answers.
- `parse(raw, today)`: `Facts` from plain values, such as "25 mSv" or a number in the unit of its fact (mSv,
  mGy, MBq, years, or none). Raises `InvalidFacts`: by fact, what is wrong, what is wanted.
- `Facts`: what is known: spans of exact decimals, sets of options; what is absent is unknown.
- `decide(facts)`: the `Verdict`, settled exactly when every way of filling in the rest agrees.
- `StoredVerdict`: a verdict as it is kept, read by the same attributes as a fresh one.
- `next_question(facts, skip)`: the facts to ask for next; none once the outcome is settled.
- `to_agree(facts, answered)`: what a person has yet to agree to before a verdict that nobody need be told.
- `look_up(words)`: the criteria by code, by word, or by intended dose.
- `edition_for(day)`: the guidance in force on a day of discovery; else `rules.editions.NoEdition`.
- `READINGS`: how passages that can be read in two ways are read.

Source: "Notification codes, categories and criteria", Care Quality Commission, 19 April 2023
(`rules.april_2023`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rules.agree import to_agree
    from rules.contract import StoredVerdict
    from rules.deciding import decide
    from rules.editions import edition_for
    from rules.facts import FACTS
    from rules.incident import Facts, InvalidFacts
    from rules.parsing import parse
    from rules.planner import next_question
    from rules.readings import READINGS
    from rules.thresholds import look_up

__all__ = [
    "FACTS",
    "READINGS",
    "Facts",
    "InvalidFacts",
    "StoredVerdict",
    "decide",
    "edition_for",
    "look_up",
    "next_question",
    "parse",
    "to_agree",
]

_STANDS_IN = {
    "FACTS": "facts", "READINGS": "readings", "Facts": "incident", "InvalidFacts": "incident",
    "StoredVerdict": "contract", "decide": "deciding", "edition_for": "editions", "look_up": "thresholds",
    "next_question": "planner", "parse": "parsing", "to_agree": "agree",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """One of these names, imported when it is asked for: a look-up goes without pydantic's 90 ms."""
    if name not in _STANDS_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_STANDS_IN[name]}"), name)
