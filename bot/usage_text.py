"""How irmer is used, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from textwrap import TextWrapper

from bot.command_rows import FOR_MACHINES, FOR_PEOPLE, ON_CASES, CommandRow

_COLUMN, _UNBROKEN = 24, "\u00a0"
_WRAP = TextWrapper(width=100 - _COLUMN, break_on_hyphens=False, break_long_words=False)
_OPTIONS = """\
  --database FILE       or an address like postgresql://USER@HOST/DATABASE; default: IRMER_DATABASE,
                        else a file in your data directory
  --now DATE-TIME       UK time, such as 2026-12-01T09:00; default: now
"""
_AFTER = """\
  --version             of this program, and of the guidance it knows
  COMMAND --help        more of one command

IRMER_CONFIG names a file of settings; irmer doctor --config says which come from where.
IRMER_NATION names the nation that checks begin with.
IRMER_ADMIN names who administers: slack:U0123ABCD, os:jane.
Exit status: 0 done, 1 a line or a request was refused, 2 wrong use or a machine that is not ready.
"""


def usage() -> Iterator[str]:
    yield "usage: irmer COMMAND [words]\n"
    for rows in (FOR_PEOPLE, FOR_MACHINES):
        yield "\n"
        for name, row in rows.items():
            yield from _in_columns(f"{name} {row.takes}".rstrip(), row)
    yield f"\n{_OPTIONS}{_AFTER}"


def _in_columns(call: str, row: CommandRow) -> Iterator[str]:
    """A call that is wider than its column has a line of its own."""
    options = " ".join(f"[{_option(*one)}]".replace(" ", _UNBROKEN) for one in row.options.items())
    told = [line for text in (row.what, options) for line in _WRAP.wrap(text)]
    if len(call) > _COLUMN - 3:
        yield f"  {call}\n"
        call = ""
    for left, right in zip_longest((call,), told, fillvalue=""):
        yield f"  {left:{_COLUMN - 2}}{right}\n".replace(_UNBROKEN, " ")


def usage_of(name: str, row: CommandRow) -> Iterator[str]:
    if row is ON_CASES:
        from bot.cli_chat import usage_of  # 250 ms, which a look-up does without

        yield from usage_of(name)
    else:
        yield f"usage: irmer {name} {row.takes}".rstrip() + f"\n\n  {row.what}\n"
    yield "\n"
    yield from (f"  {_option(*one)}\n" for one in row.options.items())
    yield _OPTIONS


def _option(name: str, example: str) -> str:
    return f"--{name} {example}".rstrip()
