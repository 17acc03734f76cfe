"""docs/mutants.md beside the reasons that it gives: `make mutants` writes it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPORT = (ROOT / "docs/mutants.md").read_text("utf-8")
REASONS = tomllib.loads((ROOT / "tools/mutants/reasons.toml").read_text("utf-8"))["reason"]


def test_nine_in_ten_of_the_changes_to_the_rules_are_noticed():
    tried, noticed = (
        sum(
            int(row[column].replace(",", ""))
            for row in re.findall(r"\| \w+ \| \d+ \| (\d+) \| (\d+) \|", REPORT)
        )
        for column in (0, 1)
    )
    assert noticed >= 0.9 * tried > 0
    total = re.search(r"\| \*\*all\*\* \| [\d,]+ \| ([\d,]+) \| ([\d,]+) \|", REPORT)
    assert total
    assert [int(number.replace(",", "")) for number in total.groups()] == [tried, noticed]


def test_every_survivor_has_a_reason():
    given = {*re.findall("^### (.+)$", REPORT, re.M)}
    assert given
    assert given <= {each["why"] for each in REASONS}
