"""Somebody who has never seen the code finds each of these by the first table of docs/architecture.md."""

import re

import pytest

from tests.processes import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")
PARTS = ("rules", "storage", "bot", "tests", "tools", "bench", "ops", "docs")
ROWS = dict(re.findall(r"^\| (.+?) \| (.+) \|$", PAGE, re.M))


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
        ("how a patient's number is masked", "storage/identifiers.py", "def mask"),
        ("how a patient's number is masked", "storage/masking.py", "def text"),
        ("who somebody is", "bot/slack/people.py", "class People"),
        ("who somebody is", "bot/teams/people.py", "class People"),
        ("who somebody is", "bot/core/accounts.py", "def own_account"),
        ("who somebody is", "bot/core/visitors.py", "guests"),
        ("whose something is", "bot/core/whose.py", "class Whose"),
        ("whose something is", "bot/core/actions/linking.py", "code"),
        ("what is asked about before it is kept", "bot/core/gate.py", "def through"),
        ("what the report asks for, and who knows what it lacks", "bot/core/papers/report.py", "GOVERNANCE"),
        ("what the report asks for, and who knows what it lacks", "bot/core/paper.py", "class Paper"),
        ("what the report asks for, and who knows what it lacks", "bot/documents.py", "def "),
    ],
)
def test_the_file_that_the_table_names_holds_it(looking_for: str, file: str, holds: str) -> None:
    named = re.findall(r"`([\w./]+)`", ROWS[looking_for])
    # "`what_next.py` its three lines" stands beside the file before it.
    assert file in named
    assert holds in (ROOT / file).read_text("utf-8")


def test_every_file_that_the_page_names_is_there() -> None:
    there = [path.as_posix() for part in PARTS for path in (ROOT / part).rglob("*.*")]
    for name in re.findall(r"[\w/]+\.(?:py|sql|txt|yml)\b", PAGE):
        assert any(path.endswith(f"/{name}") for path in there), name
