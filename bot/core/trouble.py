"""What is written down when something goes wrong."""

from __future__ import annotations

import logging


def note(log: logging.Logger, error: BaseException) -> None:
    """What went wrong and where, without the words of it: an error's text can hold what somebody typed."""
    at = error.__traceback__
    places = []
    while at is not None:
        places.append(f"{at.tb_frame.f_code.co_filename.rpartition('/')[2]}:{at.tb_lineno}")
        at = at.tb_next
    log.error("%(error)s at %(place)s", {"error": type(error).__name__, "place": " > ".join(places[-4:])})
