"""What may go to a terminal as it stands: nothing that moves its cursor, sets its colours or title, or turns
the order of letters round."""

from __future__ import annotations

import re

# C0 but for tab and line feed, DEL and C1, and the marks that override the direction of writing.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text with a replacement character for each control character in it."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n"))
