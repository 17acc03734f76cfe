"""What is told and what is written down when something goes wrong."""

from __future__ import annotations

import logging

from bot import trouble

TROUBLE = "Something went wrong here, and it has been noted. What was kept before is kept: please try again."

log = logging.getLogger("irmer.slack")


def note(error: BaseException) -> None:
    trouble.note(log, error)
