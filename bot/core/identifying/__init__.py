"""What in a text seems to tell who somebody is: a name, a date of birth, an address, a number that is theirs.

It only seems so, and is asked about (`bot/core/gate.py`). What is a patient's number for certain is found by
`storage/identifiers.py`, and masked or refused unasked.
"""

from __future__ import annotations

from bot.core.identifying.seeming import LEFT_OUT, Seeming, find, without

__all__ = ["LEFT_OUT", "Seeming", "find", "without"]
