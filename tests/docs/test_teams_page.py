"""What docs/teams.md says of which steps are tried is so."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "teams.md").read_text()
SETUP = PAGE.partition("## Set it up")[2].partition("### In NHSmail")[0]
TRIED = PAGE.partition("### Which of these steps are tried")[2].partition("\n\nSlack and Teams")[0]


def test_every_step_is_tried_by_a_test_that_there_is_or_said_to_be_beyond_trying() -> None:
    steps = re.findall(r"^(\d+)\. \*\*", SETUP, re.M)
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", TRIED, re.M))
    assert list(rows) == steps
    for row in rows.values():
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert named or "cannot be tried" in row
        for path, test in named:
            assert f"def {test}(" in (ROOT / path).read_text()
