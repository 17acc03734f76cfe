"""Rows that are read and decided together are what each would be by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.importing.judging import MOST_REMEMBERED, Judging
from rules.deciding import decide
from rules.incident import Facts, InvalidFacts
from rules.parsing import parse

TODAY = date(2026, 11, 24)
ONE_OF = {
    "nation": ["england", "wales", "france"],
    "exposure": ["accidental", "unintended", "as_intended", "near_miss"],
    "category": ["diagnostic", "radiotherapy", "nuclear_medicine_diagnostic"],
    "occurred_on": [
        "2026-11-02",
        "2026-11-02T14:05",
        "2026-11-02T09:00+01:00",
        "2026-11-20",
        "2027-01-01",
        3,
    ],
    "discovered_on": ["2026-11-02", "2026-11-02T13:00", "2026-11-21", "2012-01-01", "soon"],
    "total_dose": ["4 mSv", "0.02 mSv", "<3 mSv", "much", 12, True],
    "intended_dose": ["1 mSv", 2.5],
    "age_years": ["34", 7, "-1"],
    "age_group": ["child", "adult"],
    "clinically_significant": [True, False, 1, "yes"],
    "cause": ["wrong side", "set-up", ["wrong side", "set-up"], "weather"],
    "modality": ["ct", "radiography"],
    "others_exposed": ["worker", ["member_of_public"]],
    "account": ["It was seen on the next day.", "", 5],
    "site": ["Main"],
    "no_such_fact": ["1"],
}
FRAME = ("nation", "exposure", "category")
ROW = st.fixed_dictionaries(
    {name: st.sampled_from(ONE_OF[name]) for name in FRAME},
    optional={name: st.sampled_from(values) for name, values in ONE_OF.items() if name not in FRAME},
)


def shown(come_to: Callable[[], tuple[Facts, object]]) -> object:
    try:
        facts, verdict = come_to()
    except InvalidFacts as invalid:
        return invalid.errors
    return list(facts.stated.items()), facts.known, facts.discovered_on, facts.occurred_on, verdict


def alone(row: dict[str, object]) -> tuple[Facts, object]:
    facts = parse(row, TODAY)
    return facts, decide(facts).as_dict()


@given(rows=st.lists(ROW, min_size=1, max_size=5), most=st.sampled_from([1, 2, MOST_REMEMBERED]))
@settings(max_examples=40, deadline=None)
def test_rows_come_to_what_each_comes_to_by_itself(rows: list[dict[str, object]], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.importing.judging.MOST_REMEMBERED", most)
        come_to_the_same(rows)


def come_to_the_same(rows: list[dict[str, object]]) -> None:
    judging = Judging(TODAY)
    for row in [*rows, *rows]:
        assert shown(partial(judging.of, row)) == shown(partial(alone, row))


def test_what_is_alike_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decided: list[object] = []
    monkeypatch.setattr("bot.importing.judging.decide", lambda facts: decided.append(facts) or decide(facts))
    judging = Judging(TODAY)
    row = {"nation": "england", "exposure": "unintended", "category": "diagnostic", "total_dose": "12 mSv"}
    for day in range(1, 20):
        judging.of({**row, "discovered_on": f"2026-11-{day:02}", "account": f"It was the list of {day}."})
    assert len(decided) == 1


def test_what_is_remembered_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.importing.judging.MOST_REMEMBERED", 20)
    row, judging = {"nation": "england", "exposure": "unintended", "category": "diagnostic"}, Judging(TODAY)
    for n in range(160):
        day = f"2025-{1 + n % 12:02}-{1 + n % 28:02}"
        judging.of({**row, "total_dose": f"{n}.5 mSv", "occurred_on": day, "discovered_on": day})
    held = {name: len(one) for name, one in vars(judging).items() if isinstance(one, dict)}
    assert len(held) == 3
    assert all(0 < count <= 20 for count in held.values()), held


def test_whom_else_to_tell_is_of_each_row_alone() -> None:
    judging = Judging(TODAY)
    row = {"nation": "england", "exposure": "unintended", "category": "diagnostic", "total_dose": "12 mSv"}
    (_, first), (_, second) = judging.of(row), judging.of({**row, "others_exposed": "worker"})
    assert "Exposed as well: a member of staff" in str(second["also_tell"])
    assert first["also_tell"] != second["also_tell"]
