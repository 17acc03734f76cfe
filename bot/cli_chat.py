"""`irmer chat`, `check`, `help`, and each command of the bot on its own: `irmer due`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.call import Call
from bot.core.commands import knows, meant_by, row_of
from bot.core.help import help_card
from bot.core.word_table import BESIDE, LISTED
from bot.paths import path_of
from bot.process_settings import ProcessSettings
from bot.terminal.chat import FACE
from bot.terminal.screen import screen
from bot.terminal.session import Session
from bot.usage import Usage


def chat(call: Call) -> int:
    call.nothing_more()
    for line in call.brought_up_to_date():
        print(line)
    return _session(call).run()


def check(call: Call) -> int:
    return _session(call).run(f"check {call.text}".strip())


def once(call: Call) -> int:
    """One command, and out: 1 where it was refused."""
    _known(call.command)
    return _session(call).once(" ".join([call.command, *call.words]))


def paper(call: Call) -> int:
    """As `once`; what is made goes into the folder that one is in, or where `--to` says."""
    from bot.terminal.paper_files import names_file  # 20 ms, which the other commands do without

    to = path_of(call.options.get("to") or ".")
    folder = to.parent if names_file(to) else to
    if not folder.is_dir():
        raise Usage(f"there is no folder {folder}: give one that there is with --to, or a file name in one")
    words = " ".join([call.command, *call.words])
    return replace(_session(call), papers=to).once(words)


def help_(call: Call) -> int:
    """What can be said to the bot; after `--help` what can be typed here."""
    call.nothing_more()
    screen().show(help_card(LISTED, replace(FACE, command="irmer"), BESIDE))
    return 0


def usage_of(command: str) -> Iterator[str]:
    """Of a command of the bot. Raises Usage."""
    _known(command)
    row = row_of(command)
    assert row is not None
    yield f"usage: irmer {row.typed}\n\n  {row.does}\n"


def _known(command: str) -> None:
    if knows(command):
        return
    meant = meant_by(command)
    perhaps = f", but there is {meant}" if meant else ""
    raise Usage(f"there is no such command{perhaps}: see irmer --help")


def _session(call: Call) -> Session:
    settings = ProcessSettings.of(call.settings)
    return Session(call.database(), call.now(), settings.nation, call.witness(), settings.admins)
