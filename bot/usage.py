"""Why a command does not begin: it was used wrongly, is refused, or the machine is not ready for it."""

from __future__ import annotations

from bot.core.refused import Problem


class Usage(Problem):
    """Wrong use, or a machine that is not ready. One line: what is wrong and what is wanted."""

    status = 2


class Declined(Usage):
    """What was wanted was understood, and is refused."""

    status = 1


class NotReady(Usage):
    """What is set will not do. `lines` say what is wrong and what is wanted, one thing a line."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class NotReached(NotReady):
    """A platform does not answer, which may pass."""
