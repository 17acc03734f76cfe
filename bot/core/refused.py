"""What a person is told in one line instead of what they asked for."""

from __future__ import annotations


class Refused(Exception):
    """One line that may be shown: what is wrong and what is wanted."""
