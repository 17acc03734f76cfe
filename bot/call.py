"""How the irmer command was called."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class Usage(Exception):
    """One line: what is wrong and what is wanted."""


@dataclass
class Call:
    """What was typed: words, and options by name."""

    words: list[str]
    options: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def now(self) -> datetime:
        from datetime import datetime

        from rules.deadlines import UK, uk_moment

        given = self.options.get("now")
        if given is None:
            return datetime.now(UK)
        try:
            return uk_moment(given)
        except ValueError:
            raise Usage("--now wants a date and time such as 2026-12-01T09:00") from None

    def database(self) -> Path:
        from pathlib import Path

        given = self.options.get("database") or os.environ.get("IRMER_DATABASE")
        if given:
            return Path(given).expanduser()
        from platformdirs import user_data_path

        return user_data_path("irmer-bot") / "irmer.sqlite"

    def nothing_more(self) -> None:
        if self.words:
            raise Usage(f"irmer {self.options['command']} takes no words: see irmer --help")


def parse(args: list[str]) -> Call:
    """Raises Usage."""
    call = Call([])
    rest = iter(args)
    for arg in rest:
        name, given, value = arg.removeprefix("--").partition("=")
        if arg.startswith("--") and name in ("database", "now", "port", "tenant"):
            found = value if given else next(rest, None)
            if not found:
                raise Usage(f"--{name} wants a value: see irmer --help")
            call.options[name] = found
        elif arg in ("-h", "--help"):
            call.options.update(command="help", usage="yes")
        elif arg.startswith("--") and len(arg) > 2:
            raise Usage(f"there is no option {arg.partition('=')[0][:40]}: see irmer --help")
        else:
            call.words.append(arg)
    if not call.words and "command" not in call.options:
        raise Usage("a command is wanted: see irmer --help")
    call.options.setdefault("command", call.words.pop(0) if call.words else "help")
    return call
