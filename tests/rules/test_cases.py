"""Incidents in data, each with a sentence for its name: `cases/README.md` says how to add one."""

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from rules.deciding import Verdict, decide
from rules.parsing import parse
from rules.readings import READINGS

TODAY = date(2026, 11, 23)
CASES = Path(__file__).parent / "cases"
OTHERS = Path(__file__).parents[3] / "shared" / "cases.jsonl"
ABOUT_REFUSALS = {"refused", "contradictory", "odd_but_fine"}
KEYS = {
    "name", "facts", "without", "outcome", "codes", "complementary", "readings", "not_readings", "cautions",
    "also_tell", "authority", "notify_by", "report_by", "duty_of_candour", "possible", "missing",
    "missing_first", "says",
}  # fmt: skip


def load():
    for path in sorted(CASES.glob("*.toml")):
        if path.stem not in ABOUT_REFUSALS:
            content = tomllib.loads(path.read_text("utf-8"))
            for case in content["case"]:
                facts = {**content["usual"], **case.get("facts", {})}
                for name in case.get("without", ()):
                    del facts[name]
                yield pytest.param({**case, "facts": facts}, id=f"{path.stem}: {case['name']}")


ALL = list(load())


@pytest.mark.parametrize("case", ALL)
def test_the_verdict_on(case):
    assert case.keys() <= KEYS, "a key that is not checked"
    verdict = decide(parse(case["facts"], TODAY))
    assert (verdict.outcome, list(verdict.codes)) == (case["outcome"], case["codes"])
    for name in ("complementary", "possible"):
        if name in case:
            assert list(getattr(verdict, name)) == case[name], name
    assert sorted(verdict.missing) == sorted(case.get("missing", verdict.missing))
    if "missing_first" in case:
        assert verdict.missing[0] == case["missing_first"]
    assert {*case.get("readings", ())} <= {*verdict.readings}
    assert not {*case.get("not_readings", ())} & {*verdict.readings}
    cautions = case.get("cautions", [])
    assert len(cautions) == len(verdict.cautions) or cautions == "any"
    assert all(
        any(words in caution for caution in verdict.cautions) for words in cautions if cautions != "any"
    )
    check_who_and_when(case, verdict)
    said = "\n".join([*(reason.sentence for reason in verdict.reasons), *verdict.would_change])
    assert [words for words in case.get("says", ()) if words not in said] == [], said


def check_who_and_when(case: dict, verdict: Verdict) -> None:
    for name in ("notify_by", "report_by"):
        if name in case:
            found = getattr(verdict, name)
            assert (found.isoformat() if found else "none") == case[name]
    if "also_tell" in case:
        assert [told.body for told in verdict.also_tell] == case["also_tell"]
    if "authority" in case:
        assert verdict.authority.name == case["authority"]
    if "duty_of_candour" in case:
        wanted = None if case["duty_of_candour"] == "own procedure" else case["duty_of_candour"]
        assert verdict.duty_of_candour is wanted


def test_no_two_cases_have_the_same_name():
    names = [param.id for param in ALL]
    assert len({*names}) == len(names) >= 80


@pytest.mark.parametrize("reading", READINGS)
def test_a_case_shows_that_the_reading_is_named_and_another_that_it_is_not(reading):
    cases = [param.values[0] for param in ALL]
    assert [case["name"] for case in cases if reading in case.get("readings", ())]
    assert [case["name"] for case in cases if reading in case.get("not_readings", ())]


@pytest.mark.skipif(not OTHERS.exists(), reason="the file of further cases is not beside this checkout")
def test_further_cases_agree():
    for line in OTHERS.read_text("utf-8").splitlines():
        case = json.loads(line)
        verdict = decide(parse(case["facts"], TODAY))
        assert (verdict.outcome, list(verdict.codes)) == (case["outcome"], case["codes"]), case["name"]
