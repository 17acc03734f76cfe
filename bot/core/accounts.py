"""Accounts of the machine that the bot runs on: os:jane. Who sits at a terminal is the account that runs the
process, whatever the environment says; and that it is one of these stands in every row that it leaves."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from storage.model import ACCOUNT, Standing

pwd: Any = import_module("pwd") if find_spec("pwd") else None  # Windows has no such list

OS = ACCOUNT


def is_account(user: str) -> bool:
    return user.startswith(OS)


def own_account() -> str:
    """Of this process. An account without a name, as in a container, goes by its number."""
    if pwd is None:
        return f"{OS}{os.getlogin()}"
    try:
        return f"{OS}{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"{OS}{os.getuid()}"


def standing_of(user: str) -> Standing:
    if user == own_account():
        return "member"
    if pwd is None:
        return ""
    try:
        pwd.getpwnam(user.removeprefix(OS))
    except KeyError:
        return "nobody"
    return "member"


def standing_at(database: Path | None) -> Standing:
    """Of the account of this process before a file: whoever owns it could write into it what they like, and
    so administers it where nobody else is named to. Of a database on a server no account of this machine
    does: IRMER_ADMIN names who."""
    if database is None:
        return "member"
    if pwd is None:
        return "admin"
    try:
        return "admin" if database.stat().st_uid == os.getuid() else "member"
    except OSError:
        return "member"
