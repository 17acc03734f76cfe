"""docs/contract.md is what the models say today."""

from rules.facts import DETAILS, FACTS
from tools.contract.__main__ import PLACE
from tools.contract.page import page


def test_the_page_is_what_the_models_say_today():
    assert PLACE.read_text(encoding="utf-8") == page(), "stale: run `make contract`"


def test_every_fact_and_detail_has_a_line():
    lines = page().partition("## Verdict")[0].splitlines()
    for name in (*FACTS, *DETAILS):
        assert len([line for line in lines if line.startswith(f"| `{name}` |")]) == 1
