"""At a real terminal (a pseudo-terminal): typed lines, colours, Ctrl-C and Ctrl-D."""

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.terminal.chat import Terminated
from bot.terminal.screen import Watched
from tests.processes import chat

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
termios = pytest.importorskip("termios", reason="no pseudo-terminals on this system")
ROOT = Path(__file__).parents[2]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STOPPED = "Stopped. The check is unfinished, and kept: type check next time to go on."
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class Keyboard:
    """A process on a pseudo-terminal of 100 columns."""

    def __init__(self, database, *args):
        self.master, slave = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("IRMER_") and k != "NO_COLOR"}
        environment |= {
            "TERM": "xterm-256color",
            "COLUMNS": "100",
            "LINES": "60",
            "IRMER_DATABASE": str(database),
        }
        environment["PROMPT_TOOLKIT_NO_CPR"] = "1"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "chat", "--now", "2026-11-05T10:00", *args],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self.raw = ""

    def until(self, text, seconds=60):
        """Read until the text is on the screen; what was read since the last time."""
        begun, end = len(self.raw), time.monotonic() + seconds
        while text not in CONTROL.sub("", self.raw[begun:]):
            if time.monotonic() > end or not self._read():
                pytest.fail(f"no {text!r} in:\n{CONTROL.sub('', self.raw[begun:])}")
        return self.raw[begun:]

    def _read(self):
        ready, _, _ = select.select([self.master], [], [], 1)
        if not ready:
            return self.process.poll() is None
        try:
            given = os.read(self.master, 65536).decode(errors="replace")
        except OSError:
            return False
        self.raw += given
        return bool(given)

    def press(self, key):
        """Once it is waiting for a line: before, a key would mean something else to the terminal."""
        end = time.monotonic() + 60
        while not self.raw.rpartition("\x1b[?2004")[2].startswith("h") and time.monotonic() < end:
            self._read()
        self.type(key)

    def type(self, text):
        os.write(self.master, text.encode())

    def ends(self):
        while self._read():
            pass
        os.close(self.master)
        return self.process.wait(60)


@pytest.fixture
def keyboard(tmp_path):
    begun = []

    def start():
        begun.append(Keyboard(tmp_path / "a.sqlite"))
        return begun[-1]

    yield start
    for one in begun:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()


def test_a_question_is_drawn_in_a_frame_and_answered_from_the_keyboard(keyboard):
    terminal = keyboard()
    assert COLOUR.search(terminal.until("notifiable under IR(ME)R?"))
    terminal.type("check\r")
    assert "╭" in terminal.until("What kind of exposure was it?")
    terminal.type("1\r")
    terminal.until("Was any exposure of this person intended?")


def test_control_c_ends_in_one_line_and_the_next_start_takes_the_check_up(keyboard):
    terminal = keyboard()
    terminal.until("notifiable under IR(ME)R?")
    terminal.type("check\r")
    terminal.until("What kind of exposure was it?")
    terminal.press("\x03")
    terminal.until(STOPPED)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.raw
    again = keyboard()
    again.until("is unfinished: type check")


def test_sigterm_ends_in_one_line_too_and_gives_the_terminal_back(keyboard):
    terminal = keyboard()
    terminal.until("notifiable under IR(ME)R?")
    terminal.type("check\r")
    terminal.until("What kind of exposure was it?")
    terminal.press("1")
    assert not termios.tcgetattr(terminal.master)[3] & termios.ECHO
    terminal.process.terminate()
    terminal.until(STOPPED)
    terminal.process.wait(60)
    assert termios.tcgetattr(terminal.master)[3] & termios.ECHO
    assert terminal.ends() == 143
    assert "Traceback" not in terminal.raw


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Terminated])
def test_a_signal_that_comes_as_a_line_begins_shows_no_traceback(monkeypatch, caplog, stop):
    async def load(_):
        raise stop
        yield ""

    monkeypatch.setattr(DummyHistory, "load", load)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
        line = Watched().line
        keys.send_text("check\r")
        with pytest.raises(stop):
            line()
    assert caplog.records == []


def test_control_characters_in_a_record_do_not_reach_the_screen(keyboard, tmp_path):
    account = "\x1b]0;another title\x07 \x9b31m text"
    chat(tmp_path / "a.sqlite", "check", "1", "near miss", "yes", f"details 2026-0001 site {account}")
    terminal = keyboard()
    terminal.until("notifiable under IR(ME)R?")
    terminal.type("case 2026-0001\r")
    shown = terminal.until("another title")
    assert "\x1b]0;" not in shown
    assert "\ufffd]0;another title" in shown


def test_control_d_says_goodbye(keyboard):
    terminal = keyboard()
    terminal.until("notifiable under IR(ME)R?")
    terminal.press("\x04")
    terminal.until("Goodbye.")
    assert terminal.ends() == 0


def test_brackets_in_what_somebody_wrote_are_no_markup(keyboard):
    terminal = keyboard()
    terminal.until("notifiable under IR(ME)R?")
    terminal.type("check new\r")
    terminal.until("What kind of exposure was it?")
    for typed, shown in (
        ("1", "Was any exposure"),
        ("near miss", "DO NOT NOTIFY"),
        ("yes", "Kept as record"),
        ("details 2026-0001 site [red]plan[/red] [link=x]", "Kept with 2026-0001"),
        ("case 2026-0001", "[red]plan[/red] [link=x]"),
    ):
        terminal.type(f"{typed}\r")
        terminal.until(shown)
