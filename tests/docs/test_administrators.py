"""Each line of health has its row on the administrators' page, and what the page names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot import command_rows
from tests.docs.links import broken_links
from tools.words.sentences import sentences, texts

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "administrators.md").read_text()
HEALTH = PAGE.partition("## What `/health`")[2]
ROWS = re.findall(r"^\| (`.*`) \| (.+) \|$", HEALTH, re.M)
SAID = [said for row, _ in ROWS for said in re.findall(r"`([^`]+)`", row)]
# Where the lines of health and doctor are worded.
WORDED = (
    "bot/connecting.py",
    "bot/connectable.py",
    "bot/running.py",
    "bot/core/reminders/clock.py",
    "bot/core/reminders/delivery.py",
    "bot/core/reminders/late_and_lost.py",
    "bot/core/reminders/replan.py",
    "bot/core/reminders/serving.py",
    "bot/core/reminders/watch.py",
    "bot/heartbeat.py",
    "bot/presence.py",
    "bot/slack/checkup.py",
    "bot/slack/service.py",
    "bot/slack/socket.py",
    "bot/teams/checkup.py",
    "storage/upkeep.py",
)
# Parts of those lines, and what is said at a start and is nothing wrong.
PARTS = re.compile(
    r"^(?:open deadline|message waits|messages wait|…: …|the … … is on …"
    r"|IRMER_TENANT=.*"
    r"|…: is irmer serve running.*|…: serve it.*|nobody has tried.*"
    r"|no answer (?:yet|in time)|the owner's copy of.*|…(?:the card|a message|the reminder).*|by …"
    r"|could not be shown:|unknown twice.*|and the platform cannot.*|but (?:something|the platform).*"
    r"|Slack: … by .*|workspace …|a workspace that.*|…, last heard.*|… has …, and nobody.*|Slack: the … …: …"
    r"|%\(.*|update it by manifest.*|… is not served|select .*|.*[=<] \\?.*|the trigger|backup made"
    r"|given up|put off|ahead of|nothing is sent until they agree|set it right|it answers …|slack …|… UTC"
    r"|…: each hears only a part|, or it is connected anew|, of …,|no chat platform is.*"
    r"|… is configured, but.*)$"
)
STORE = "storage/upkeep.py"


@cache
def worded() -> list[tuple[str, tuple[str, ...]]]:
    """Looked for once one asks, and not by every worker that only collects."""
    return [*sentences(), *((text, (STORE,)) for text in texts(ast.parse((ROOT / STORE).read_text())))]


def test_every_line_that_is_worded_there_has_its_row() -> None:
    lines = [text for text, where in worded() if set(where) & set(WORDED) and not PARTS.match(text)]
    assert len(lines) > 20
    assert [line for line in lines if not any(said in line for said in SAID)] == []


@pytest.mark.parametrize("said", SAID)
def test_what_a_row_quotes_is_said_somewhere(said: str) -> None:
    named = said in ("irmer verify", "/health", "manifest.yml")
    assert named or any(said in text for text, _ in worded())


def test_its_commands_are_commands() -> None:
    for word in re.findall(r"`(?:sudo )?irmer ([a-z]+)", PAGE):
        assert word in command_rows.ROWS or word in ("serve", "threshold"), word


def test_its_links_and_files_are_there() -> None:
    assert broken_links(PAGE, ROOT / "docs") == []
    for path in re.findall(r"\b((?:ops|locks)/[\w.-]+[\w])", PAGE):
        assert (ROOT / path).exists(), path


def test_the_ten_questions_each_have_an_answer_in_a_paragraph_with_a_command() -> None:
    part = PAGE.partition("## The ten questions")[2].partition("\n## ")[0]
    answers = re.findall(r"^- \*\*(.+?)\?\*\* (.+?)(?=^- |\Z)", part, re.M | re.S)
    assert len(answers) == 10
    for question, answer in answers:
        assert "\n\n" not in answer.strip(), question
        assert "`" in answer, question
