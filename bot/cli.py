"""The irmer command. Nothing heavy is imported before it is known what is wanted: a look-up starts at
once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.call import Call, Usage, parse

if TYPE_CHECKING:
    from bot.terminal.session import Session
    from storage.store import Store

USAGE = """usage: irmer COMMAND [words]

  chat                  the bot in this terminal            --now 2026-12-01T09:00 sets its clock
  check [what happened] one check
  threshold [words]     the criteria, by code, word or intended dose
  case NUMBER           one record or case
  help                  all that the bot understands; each of it works here too: irmer due, irmer cases

  serve                 the bot for Slack and Teams, whichever is configured   --port 3000
  teams package [FILE]  the app package that an administrator uploads to Teams
  decide                JSON Lines of facts in, of verdicts out
  read                  JSON Lines of texts in, of facts out
  doctor                checks the configuration and the database
  verify                checks the database's audit trail
  backup FILE           a verified copy of the database
  export FILE           everything that was kept, as JSON Lines for an auditor     --tenant NAME

  --database FILE       default: IRMER_DATABASE, else a file in your data directory
  --now DATE-TIME       UK time; default: now
  --version

IRMER_NATION names the nation that checks begin with.
"""
NATIONS = ("england", "wales", "scotland", "northern_ireland")


def main(argv: Sequence[str] | None = None) -> int:
    """0 all well, 1 something was found wrong, 2 wrong usage, 130 Ctrl-C."""
    args = list(sys.argv[1:] if argv is None else argv)
    _streams()
    try:
        status = _run(args)
        print(end="", flush=True)
        return status
    except Usage as wrong:
        _complain(str(wrong))
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # The interpreter would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # whoever read has gone
            return 0
        _complain(f"reading or writing failed: {error.strerror or error}")
        return 1


def _streams() -> None:
    """What was closed reads as empty and writes into nothing; what cannot be encoded becomes a mark."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    if sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]


def _complain(line: str) -> None:
    from bot.terminal.printable import printable

    print(f"irmer: {printable(line)}", file=sys.stderr)


def _run(args: list[str]) -> int:
    if not args or args[0] in ("-h", "--help"):
        print(USAGE, end="")
        return 0 if args else 2
    if args[0] == "--version":
        from importlib.metadata import version

        print(f"irmer-bot {version('irmer-bot')}")
        return 0
    call = parse(args)
    name = call.options["command"]
    return _OWN.get(name, _chat_command)(call)


# The command's own commands


def _platforms(call: Call) -> int:
    from bot import cli_serve

    return cli_serve.run(call, _nation, _store)


def _decide(call: Call) -> int:
    from bot import lines
    from rules.deadlines import uk_date

    call.nothing_more()
    return lines.run(lines.decide_line(uk_date(call.now())), lines.standard_input(), sys.stdout.buffer)


def _read(call: Call) -> int:
    from bot import lines

    call.nothing_more()
    return lines.run(lines.read_line(call.now()), lines.standard_input(), sys.stdout.buffer)


def _chat(call: Call) -> int:
    call.nothing_more()
    return _terminal(call).run()


def _check(call: Call) -> int:
    return _terminal(call).run(f"check {call.text}".strip())


def _upkeep(call: Call) -> int:
    from bot import cli_upkeep

    return cli_upkeep.run(call, _store, _configuration)


def _configuration() -> Iterator[str]:
    nation = os.environ.get("IRMER_NATION", "")
    if nation and nation not in NATIONS:
        yield f"IRMER_NATION wants one of: {', '.join(NATIONS)}"


def _threshold(call: Call) -> int:
    """Without a store, and where nobody watches without colours: nothing else is needed to look something
    up."""
    from bot.core.threshold import threshold_card
    from bot.terminal.screen import screen

    screen().show(threshold_card(call.text, "irmer"))
    return 0


def _help(call: Call) -> int:
    """What can be said to the bot; after `--help` what can be typed here."""
    if call.options.get("usage"):
        print(USAGE, end="")
        return 0
    from dataclasses import replace

    from bot.core.help import help_card
    from bot.terminal.chat import FACE
    from bot.terminal.screen import screen

    screen().show(help_card(replace(FACE, command="irmer")))
    return 0


def _chat_command(call: Call) -> int:
    """`irmer due`: one chat command and out."""
    from bot.core.router import knows

    name = call.options["command"]
    if not knows(name):
        from bot.core.help import close_to

        meant = close_to(name)
        perhaps = f", but there is {meant}" if meant else ""
        raise Usage(f"there is no such command{perhaps}: see irmer --help")
    return _terminal(call).once(" ".join([name, *call.words]))


_OWN: dict[str, Callable[[Call], int]] = {
    **dict.fromkeys(("serve", "teams"), _platforms),
    "decide": _decide,
    "read": _read,
    "chat": _chat,
    "check": _check,
    **dict.fromkeys(("doctor", "verify", "backup", "export"), _upkeep),
    "threshold": _threshold,
    "help": _help,
}


# What they need


@contextmanager
def _store(call: Call) -> Iterator[Store]:
    from storage.errors import StoreError
    from storage.sqlite import open_store

    try:
        store = open_store(call.database())
        try:
            yield store
        finally:
            store.close()
    except StoreError as error:
        raise Usage(str(error)) from None


def _nation() -> str:
    problem = next(_configuration(), None)
    if problem:
        raise Usage(problem)
    return os.environ.get("IRMER_NATION", "")


def _terminal(call: Call) -> Session:
    from bot.terminal.session import Session

    call.now()
    return Session(call.database(), call.now(), _nation())
