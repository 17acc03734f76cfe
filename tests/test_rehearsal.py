"""What the server does before it says that it serves."""

import logging
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.rehearsal import rehearse
from bot.slack.capabilities import FORMS

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 5, 10, tzinfo=UTC)

AFTER = """
import sys, tempfile
from datetime import UTC, datetime
from pathlib import Path
from bot.core.bot import Bot
from bot.core.messages import Command, Place, Request, User
from bot.rehearsal import rehearse
from bot.slack.capabilities import FORMS
from storage.sqlite import open_store

now = datetime(2026, 11, 5, 10, tzinfo=UTC)
rehearse([FORMS], now)
before = set(sys.modules)
with tempfile.TemporaryDirectory() as folder:
    store = open_store(Path(folder) / "irmer.sqlite")
    words = ("threshold sabr", "chekc", "check", "check 9 yr old had CT on Tuesday, 3 mSv", "due", "cases")
    user = User("U", standing="member")
    for each in words:
        Bot(store).handle(Request("T", user, Place("D", personal=True), now, Command(each)), FORMS)
    store.close()
print(*sorted(set(sys.modules) - before))
"""


def test_after_the_rehearsal_the_first_commands_import_nothing():
    done = subprocess.run(
        [sys.executable, "-c", AFTER], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == []


def test_it_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rehearse([FORMS], NOW)
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_it_the_server_starts_all_the_same(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "no such folder"))
    with caplog.at_level(logging.WARNING, "irmer"):
        rehearse([FORMS], NOW)
    assert "the first answers will take a little longer" in caplog.text
