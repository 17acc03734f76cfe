"""What in a text seems to tell who somebody is: names, dates of birth, addresses, telephone and hospital numbers.

It only seems so, and is asked about (`bot/core/gate.py`). What is a patient's number for certain is found by
`storage/identifiers.py`, and masked or refused unasked.
"""

from __future__ import annotations

from bot.core.identifying.seeming import Seeming, find, warnings, without

__all__ = ["Seeming", "find", "warnings", "without"]
