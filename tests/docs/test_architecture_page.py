"""Somebody who has never seen the code finds each of these by the first table of docs/architecture.md."""

import re

import pytest

from tests.processes import ROOT

ROWS = dict(re.findall(r"^\| (.+?) \| (.+) \|$", (ROOT / "docs/architecture.md").read_text("utf-8"), re.M))


@pytest.mark.parametrize(
    ("looking_for", "file", "holds"),
    [
        ("the row of code 4.2b", "rules/april_2023.py", '"4.2b"'),
        ("the wording of the question about a foetus", "rules/facts_of_category.py", "Was a foetus exposed"),
        ("who may close a case", "bot/core/settings/permissions.py", "def may_close"),
        ("who may close a case", "bot/core/actions/table.py", "May.CLOSE"),
        ("when the third reminder comes", "bot/core/reminders/schedule.py", "ping_days"),
        ("when the third reminder comes", "bot/core/settings/definitions.py", "(7, 3, 1, 0)"),
        ("how a snooze is read", "bot/core/days/until.py", "def read_until"),
        ("what Slack shows for a verdict", "bot/core/check/verdict_card.py", "def verdict_card"),
        ("what Slack shows for a verdict", "bot/slack/blocks.py", "def messages"),
        ("how a patient's number is masked", "storage/masking.py", "def text"),
    ],
)
def test_the_file_that_the_table_names_holds_it(looking_for: str, file: str, holds: str) -> None:
    named = re.findall(r"`([\w./]+)`", ROWS[looking_for])
    # "`what_next.py` its three lines" stands beside the file before it.
    assert file in named
    assert holds in (ROOT / file).read_text("utf-8")
