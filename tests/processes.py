"""The irmer command as people and scripts meet it: a process of its own, or within this one."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

from bot.cli import main

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("IRMER_")} | {"PYTHONUTF8": "1"}
NOW = ("--now", "2026-11-05T10:00")
CHECK = ["check", "mammography", "no", "england", "5 mSv", "yesterday", "none"]
STORY = "wrong pt had a CT head yesterday at 2pm, about 2 mSv, 9 year old boy, in England"


def irmer(*args, given="", database=None, **extra):
    """Run the command; `given` is its standard input, text or bytes."""
    environment = {**ENVIRONMENT, **extra}
    if database:
        environment["IRMER_DATABASE"] = str(database)
    text = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "bot", *args],
        input=text,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=120,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def irmer_here(*args, given="", database=None, **extra):
    """The same within this process, for what is about no start, signal or stream: a tenth of it, and less."""
    environment = {**ENVIRONMENT, **extra}
    if database:
        environment["IRMER_DATABASE"] = str(database)
    text = given.encode() if isinstance(given, str) else given
    streams = {name: _stream(text if name == "stdin" else b"") for name in ("stdin", "stdout", "stderr")}
    terminated = signal.getsignal(signal.SIGTERM)
    try:
        with (
            mock.patch.dict(os.environ, environment, clear=True),
            mock.patch.multiple(sys, **streams),
            mock.patch("truststore.inject_into_ssl"),  # of a whole process, before its libraries are imported
        ):
            status = main(list(args))
    finally:
        if signal.getsignal(signal.SIGTERM) is not terminated:
            signal.signal(signal.SIGTERM, terminated)
    return status, *(_written(streams[name]) for name in ("stdout", "stderr"))


def _stream(content):
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="\n")


def _written(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()


def decide(*objects):
    lines = [o if isinstance(o, str | bytes) else json.dumps(o) for o in objects]
    given = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    status, out, err = irmer_here("decide", *NOW, given=given)
    assert err == ""
    return status, [json.loads(line) for line in out.splitlines()]


def chat(database, *typed, args=NOW, **extra):
    """What is typed, a line each, through a chat that reads a pipe."""
    given = "".join(f"{line}\n" for line in typed)
    return irmer_here("chat", *args, given=given, database=database, **extra)


def heed_control_c():
    """As at a keyboard: what runs in the background is started with SIGINT ignored, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
