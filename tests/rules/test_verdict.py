"""A verdict as the plain data that `irmer decide` prints."""

import json
from datetime import date

from rules.deciding import decide
from rules.parsing import parse

TODAY = date(2026, 11, 23)


def written(facts):
    return json.loads(json.dumps(decide(parse(facts, TODAY)).as_dict()))


def test_a_verdict_is_written_with_names_all_the_way_down_and_iso_dates():
    facts = {
        "nation": "england", "age_group": "adult", "exposure": "unintended", "category": "diagnostic",
        "intended_dose": "1 mSv", "total_dose": "10 mSv", "equipment_fault": True,
        "discovered_on": "2026-11-02",
    }  # fmt: skip
    plain = written(facts)
    assert (plain["outcome"], plain["codes"], plain["complementary"]) == ("notify", ["2.2"], ["E2.2"])
    assert (plain["notify_by"], plain["report_by"]) == ("2026-11-16", "2027-01-25")
    assert plain["guidance"] == "2023-04-19"
    assert {*plain["authority"]} >= {"name", "how"}
    assert [{*told} for told in plain["also_tell"]] == [{"body", "reason"}]
    assert all({*reason} >= {"code", "status", "sentence", "where"} for reason in plain["reasons"])
    assert plain["reasons"]
    assert "facts" not in plain


def test_of_another_regime_nothing_is_said_but_whom_to_tell():
    plain = written({"exposed_person": "worker", "discovered_on": "2026-11-02"})
    assert plain.pop("also_tell")
    lists = (
        "codes",
        "complementary",
        "possible",
        "missing",
        "reasons",
        "cautions",
        "readings",
        "would_change",
        "base_needs",
    )
    assert [plain.pop(name) for name in lists] == [[]] * 9
    assert plain == {
        "outcome": "not_irmer", "duty_of_candour": False, "guidance": "2023-04-19",
        "notify_by": None, "report_by": None, "authority": None,
    }  # fmt: skip
