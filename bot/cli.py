"""The irmer command. Nothing heavy is imported before it is known what is wanted: a look-up starts at
once."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from bot.call import Call, parse
from bot.command_rows import EVERYWHERE, ON_CASES, ROWS
from bot.core.refused import Refused
from bot.terminal.printable import printable
from bot.usage import Declined, Usage

if TYPE_CHECKING:
    from types import ModuleType


def main(argv: Sequence[str] | None = None) -> int:
    """0 done, 1 a line or a request was refused or something was found wrong, 2 wrong use or a machine that
    is not ready, 130 Ctrl-C."""
    args = list(sys.argv[1:] if argv is None else argv)
    _streams()
    try:
        status = _run(args)
        print(end="", flush=True)
        return status
    except Usage as wrong:
        _complain(str(wrong))
        return wrong.status
    except Refused as refused:
        _complain(str(refused))
        return Declined.status
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # The interpreter would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # whoever read has gone
            return 0
        _complain(f"reading or writing failed: {error.strerror or error}")
        return 2


def _streams() -> None:
    """What was closed reads as empty and writes into nothing; what cannot be encoded becomes a mark."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    if sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]


def _complain(line: str) -> None:
    print(f"irmer: {printable(line)}", file=sys.stderr)


def _run(args: list[str]) -> int:
    every = {name: example for row in ROWS.values() for name, example in row.options.items()}
    # Two commands may have an option of one name, with a value and without.
    own = next((ROWS[arg].options for arg in args if arg in ROWS), {})
    call = parse(args, {**every, **own, **EVERYWHERE, "version": ""})
    if "version" in call.options:
        print(_version())
        return 0
    if not call.command:
        from bot.usage_text import usage  # 7 ms, which a look-up does without

        print("".join(usage()), end="")
        return 0 if "help" in call.options else 2
    row = ROWS.get(call.command, ON_CASES)
    if "help" in call.options:
        from bot.usage_text import usage_of  # 7 ms, as above

        print("".join(usage_of(call.command, row)), end="")
        return 0
    for name in call.options.keys() - EVERYWHERE.keys() - row.options.keys():
        raise Usage(f"irmer {call.command} takes no --{name}: see irmer {call.command} --help")
    if "now" in call.options:
        call.now()  # whoever has no use for it refuses what is none as well
    if call.command == "serve":
        _end_when_told()
    module, _, function = row.run.partition(":")
    run: Callable[[Call], int] = getattr(_imported(module), function)
    return run(call)


def _imported(module: str) -> ModuleType:
    """Nothing that is made by importing is to be thrown away: looking for it takes a tenth of the time."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.enable()


def _end_when_told() -> None:
    """Before the second of imports that serving takes; from then on it ends by itself. What was begun in the
    database is rolled back when it is opened next. A process that is the first of its container hears no
    signal that it does not ask for."""
    import signal  # 2 ms, which a look-up does without

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


def _version() -> str:
    from rules.editions import EDITIONS  # 20 ms, which a look-up does without
    from storage.release import DISTRIBUTION, program_version  # 22 ms in what it reads, as above

    known = ", ".join(edition.published.isoformat() for edition in EDITIONS)
    return f"{DISTRIBUTION} {program_version()}, guidance of {known}"
