"""The irmer command. Nothing heavy is imported before it is known what is wanted: a look-up starts at
once."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from bot.call import Call, parse
from bot.core.refused import Refused
from bot.terminal.printable import printable
from bot.usage import Declined, Usage

if TYPE_CHECKING:
    from types import ModuleType


class CommandRow(NamedTuple):
    """A command: what it takes and does, the function that runs it, and the options that it alone has, each
    with an example of its value, or "" where it takes none."""

    takes: str
    what: str
    run: str
    options: dict[str, str] = {}  # noqa: RUF012 - never changed


CHAT, LINES, SERVE, UPKEEP = "bot.cli_chat", "bot.cli_lines", "bot.cli_serve", "bot.cli_upkeep"
ADMIN, CONNECT = "bot.cli_admin", "bot.cli_connect"
EVERYWHERE = {"database": "irmer.sqlite", "now": "2026-12-01T09:00"}
_ON_CASES = CommandRow("[words]", "a command of the bot, and out", f"{CHAT}:once")

_FOR_PEOPLE = {
    "chat": CommandRow("", "the bot in this terminal", f"{CHAT}:chat"),
    "check": CommandRow("[what happened]", "one check", f"{CHAT}:check"),
    "threshold": CommandRow(
        "[words]", "the criteria, by code, word or intended dose", "bot.cli_look_up:threshold"
    ),
    "case": CommandRow("NUMBER", "one record or case", f"{CHAT}:once"),
    "paper": CommandRow(
        "NUMBER [which]",
        "its papers: a draft notification, the report, and others",
        f"{CHAT}:paper",
        {"to": "FOLDER"},
    ),
    "help": CommandRow(
        "", "all that the bot understands; each of it works here too: irmer due, irmer cases", f"{CHAT}:help_"
    ),
}
_FOR_MACHINES = {
    "serve": CommandRow(
        "",
        "the bot for Slack and Teams, whichever is configured",
        f"{SERVE}:serve",
        {"port": "3000", "host": "0.0.0.0", "admin-port": "9090"},
    ),
    "teams": CommandRow(
        "package [FILE]",
        "the app package that an administrator uploads to Teams",
        f"{SERVE}:teams",
        {"check": ""},
    ),
    "decide": CommandRow(
        "[FILE]", "JSON Lines of facts in, from FILE or standard input; of verdicts out", f"{LINES}:decide"
    ),
    "read": CommandRow(
        "[FILE]", "JSON Lines of texts in, from FILE or standard input; of facts out", f"{LINES}:read"
    ),
    "interview": CommandRow(
        "[FILE]", "JSON Lines of what is known in, of the next question or verdict out", f"{LINES}:interview"
    ),
    "schema": CommandRow(
        "[facts|verdict|read|interview]", "the JSON Schema of what goes in and comes out", f"{LINES}:schema"
    ),
    "admin": CommandRow(
        "add|remove|list [WHO]",
        "who administers the bot: slack:U0123ABCD, teams:<id>, os:jane",
        f"{ADMIN}:admin",
    ),
    "connect": CommandRow(
        "slack|teams|list|end [CONNECTION]",
        "one app of many in one process; its secrets come from a prompt, or a file of NAME=value lines",
        f"{CONNECT}:connect",
        {"file": "FILE", "organisation": "ID"},
    ),
    "secrets": CommandRow(
        "new-key FILE|rotate",
        "the keys that the secrets of connections are sealed with",
        f"{CONNECT}:secrets",
    ),
    "doctor": CommandRow(
        "",
        "checks the configuration and the database; with --ping it sends a test to each channel that is set, "
        "with --config it says where each setting comes from, with --network which hosts are reached, with "
        "--json it answers a monitor",
        "bot.cli_doctor:doctor",
        {"ping": "", "config": "", "network": "", "json": ""},
    ),
    "verify": CommandRow(
        "",
        "checks the database's audit trail; with --entry it keeps there that all was well",
        f"{UPKEEP}:verify",
        {"since": "irmer.checkpoints", "entry": ""},
    ),
    "keys": CommandRow("", "makes the key that checkpoints of the trail are signed with", f"{UPKEEP}:keys"),
    "org": CommandRow(
        "add|bind|unbind|list|merge …",
        "the organisations that there are, and what of a platform leads to each",
        "bot.cli_org:org",
        {"ods": "RXX", "app": "ID"},
    ),
    "migrate": CommandRow(
        "",
        "brings a database of an earlier release up to date, after a copy; serve and chat do so themselves",
        f"{UPKEEP}:migrate",
    ),
    "backup": CommandRow(
        "FILE|FOLDER",
        "a verified copy of the database; in a folder under a name of its time",
        f"{UPKEEP}:backup",
        {"keep": "14", "also": "FOLDER"},
    ),
    "copy": CommandRow(
        "",
        "all of a database's file into a new database on a server, as the owner of its tables; the file is "
        "closed then",
        f"{UPKEEP}:copy",
        {"from": "irmer.sqlite", "to": "postgresql://OWNER@HOST/DATABASE"},
    ),
    "retention": CommandRow(
        "",
        "what is older than the settings keep it; with --go it is deleted",
        "bot.cli_retention:retention",
        {"go": "", "tenant": "NAME"},
    ),
    "restore": CommandRow(
        "FILE",
        "puts a copy in the database's place: irmer serve must not run",
        f"{UPKEEP}:restore",
        {"last": "C26-0005,2026-0007"},
    ),
    "import": CommandRow(
        "FILE",
        "incidents out of another system's file: tried, and done with --go",
        "bot.cli_import:import_",
        {"map": "MAPPING.toml", "go": "CODE", "sketch": "", "texts": "keep", "tenant": "NAME"},
    ),
    "judge": CommandRow(
        "[words]",
        "the incidents that the words find, decided once more: what would come out otherwise",
        "bot.cli_register:judge",
        {"tenant": "NAME", "edition": "2023-04-19"},
    ),
    "register": CommandRow(
        "FILE [words]",
        "the incidents that the words find, all without any, as .csv, .xlsx or .jsonl",
        "bot.cli_register:register",
        {"tenant": "NAME", "excel": "", "preset": "ukhsa"},
    ),
    "export": CommandRow(
        "FILE",
        "everything that was kept, as JSON Lines for an auditor",
        f"{UPKEEP}:export",
        {"tenant": "NAME"},
    ),
}
ROWS = {**_FOR_PEOPLE, **_FOR_MACHINES}

_OPTIONS = """\
  --database FILE       or an address like postgresql://USER@HOST/DATABASE; default: IRMER_DATABASE,
                        else a file in your data directory
  --now DATE-TIME       UK time, such as 2026-12-01T09:00; default: now
"""
_AFTER = """\
  --version             of this program, and of the guidance it knows
  COMMAND --help        more of one command

IRMER_CONFIG names a file of settings; irmer doctor --config says which come from where.
IRMER_NATION names the nation that checks begin with, IRMER_ADMIN who administers: slack:U0123ABCD, os:jane.
Exit status: 0 done, 1 a line or a request was refused, 2 wrong use or a machine that is not ready.
"""


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
        print("".join(_usage()), end="")
        return 0 if "help" in call.options else 2
    row = ROWS.get(call.command, _ON_CASES)
    if "help" in call.options:
        print("".join(_usage_of(call.command, row)), end="")
        return 0
    for name in call.options.keys() - EVERYWHERE.keys() - row.options.keys():
        raise Usage(f"irmer {call.command} takes no --{name}: see irmer {call.command} --help")
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


def _usage() -> Iterator[str]:
    yield "usage: irmer COMMAND [words]\n"
    for rows in (_FOR_PEOPLE, _FOR_MACHINES):
        yield "\n"
        for name, row in rows.items():
            more = "".join(f"   {_option(*one)}" for one in row.options.items())
            yield f"  {f'{name} {row.takes}':22}{row.what}{more}\n"
    yield f"\n{_OPTIONS}{_AFTER}"


def _usage_of(name: str, row: CommandRow) -> Iterator[str]:
    if row is _ON_CASES:
        from bot.cli_chat import usage_of  # 250 ms, which a look-up does without

        yield from usage_of(name)
    else:
        yield f"usage: irmer {name} {row.takes}".rstrip() + f"\n\n  {row.what}\n"
    yield "\n"
    yield from (f"  {_option(*one)}\n" for one in row.options.items())
    yield _OPTIONS


def _option(name: str, example: str) -> str:
    return f"--{name} {example}".rstrip()
