"""On a machine that is busy everything takes long, which is no fault of the bot: nobody gives up waiting."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

LONG = 300.0  # seconds
# How long the bot, and what stands at its far end, wait for one another; each is its module's own.
WAITS = frozenset({
    "PATIENCE", "TIMEOUT", "TOKEN_TIMEOUT", "PING", "CONNECT", "GRACE", "ACKNOWLEDGED", "STORE_WITHIN",
    "ACK_LIMIT", "TRIGGER_LIFE", "TEAMS_GIVES_UP", "BUSY",
})  # fmt: skip
WAITING = ("bot.", "tests.fakes.", "tests.teams.")


@contextmanager
def unhurried() -> Iterator[None]:
    with ExitStack() as stack:
        for name, module in [*sys.modules.items()]:
            for wait in WAITS & vars(module).keys() if name.startswith(WAITING) else ():
                if isinstance(vars(module)[wait], int | float):
                    stack.enter_context(patch.object(module, wait, LONG))
        yield
