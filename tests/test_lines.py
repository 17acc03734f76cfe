"""`irmer decide` and `irmer read`: JSON Lines in and out; `irmer schema` describes them."""

import json
import subprocess
import sys
from datetime import datetime

import pytest
from jsonschema import Draft202012Validator

from bot.lines import BadLine, read_line
from bot.schemas import SCHEMAS
from rules.deadlines import UK
from rules.facts import DETAILS, FACTS
from tests.processes import ENVIRONMENT, NOW, ROOT, STORY, decide, irmer_here


def test_every_line_of_facts_gets_a_verdict_in_its_place():
    wales = {"nation": "wales", "exposure": "accidental", "discovered_on": "2026-11-02"}
    status, (first, second) = decide(wales, {"exposure": "near_miss"})
    assert status == 0
    assert (first["outcome"], first["codes"], first["notify_by"]) == ("notify", ["1"], "2026-11-16")
    assert second["outcome"] == "do_not_notify"


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("[1]", None),
        ('"text"', None),
        ("", None),
        ("{", None),
        (b'{"nation": "\xff"}', None),
        ("[" * 100_000, None),
        ('{"total_dose": NaN}', "total_dose"),
        ('{"total_dose": Infinity}', "total_dose"),
        ('{"total_dose": -1}', "total_dose"),
        ('{"total_dose": "25 MSv"}', "total_dose"),
        ('{"total_dose": "25 mGy"}', "total_dose"),
        ('{"total_dose": 1, "total_dose": 30}', "total_dose"),
        ('{"total_dose": ' + "9" * 5000 + "}", "total_dose"),
        ('{"total_dos": 1}', "total_dos"),
        ('{"nation": "france"}', "nation"),
        ('{"discovered_on": "2026-11-06"}', "discovered_on"),
        ('{"discovered_on": "2023-04-18"}', "discovered_on"),
        ('{"discovered_on": "0001-01-01T00:00+14:00"}', "discovered_on"),
        ('{"planning_scans": 2.5}', "planning_scans"),
    ],
)
def test_a_bad_line_is_answered_in_its_place_and_the_rest_go_on(line, fact):
    status, (before, bad, after) = decide({"exposure": "near_miss"}, line, {"exposure": "near_miss"})
    assert status == 1
    assert before == after
    assert [error["fact"] for error in bad["error"]] == [fact]
    assert all(error["message"] and "\n" not in error["message"] for error in bad["error"])


def test_facts_that_contradict_each_other_are_each_named():
    status, (bad,) = decide({"exposure": "accidental", "intended_dose": 1})
    assert status == 1
    assert {error["fact"] for error in bad["error"]} == {"exposure", "intended_dose"}


def test_numbers_are_read_as_exact_decimals():
    raw = '{"category": "radiotherapy_treatment", "exposure": "unintended", "organ_dose_ratio": 1.1}'
    assert decide(raw)[1][0]["codes"] == ["8.1"]
    assert decide(raw.replace("1.1", "1.0999999999999999999"))[1][0]["codes"] == []


def test_a_verdict_comes_as_soon_as_its_line_is_there():
    command = [sys.executable, "-m", "bot", "decide", *NOW]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT
    ) as process:
        for _ in range(3):
            process.stdin.write(b'{"exposure": "near_miss"}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] == "do_not_notify"
        process.stdin.close()
        assert process.wait(60) == 0


def test_the_mark_that_windows_puts_before_a_text_is_passed_over():
    status, (verdict,) = decide(b'\xef\xbb\xbf{"exposure": "near_miss"}')
    assert (status, verdict["outcome"]) == (0, "do_not_notify")


def test_a_clock_at_the_end_of_the_calendar_is_refused_in_one_line():
    status, out, err = irmer_here("decide", "--now", "0001-01-01T00:00+14:00")
    assert (status, out) == (2, "")
    assert err == "irmer: --now wants a date and time such as 2026-12-01T09:00\n"


def test_a_reader_that_goes_away_is_no_error():
    command = f"yes '{{}}' | head -c 600000 | '{sys.executable}' -m bot decide {' '.join(NOW)} | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        cwd=ROOT,
        env=ENVIRONMENT,
        text=True,
        timeout=120,
    )
    assert json.loads(done.stdout)["outcome"] == "undecided"
    assert done.stderr == ""


def test_read_says_what_it_understands_of_each_line(tmp_path):
    given = json.dumps({"text": STORY, "now": "2026-11-05T10:00"}) + "\n{}\n"
    status, out, _ = irmer_here("read", given=given)
    first, second = (json.loads(line) for line in out.splitlines())
    assert status == 1
    assert first["facts"]["age_years"] == 9
    assert {"exposure", "total_dose"} <= set(first["to_confirm"])
    assert second["error"][0]["fact"] == "text"


# ------------------------------------------------------------------------------------------ one line of read
NOON = datetime(2026, 5, 14, 10, 30, tzinfo=UK)
read_one = read_line(NOON)


def test_a_line_gives_facts_what_to_confirm_and_the_masked_text():
    text = "Pt 999 123 4560: CT head 2 mSv intended, received 12 mSv yesterday"
    assert read_one({"text": text}) == {
        "facts": {
            "category": "diagnostic",
            "total_dose": "12 mSv",
            "intended_dose": "2 mSv",
            "occurred_on": "2026-05-13",
            "modality": "ct",
        },
        "to_confirm": ["exposure"],
        "masked": "Pt [number removed]: CT head 2 mSv intended, received 12 mSv yesterday",
    }


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-12-01T09:00", "2026-11-30"),
        ("2026-12-01", "2026-11-30"),
        ("2026-07-01T23:30:00+00:00", "2026-07-01"),
        ("2026-07-01T23:30:00Z", "2026-07-01"),
        (None, "2026-05-13"),
    ],
)
def test_now_may_be_given_with_or_without_an_offset(now, day):
    told = read_one({"text": "wrong patient had CT yesterday", "now": now})
    assert told["facts"]["occurred_on"] == day


@pytest.mark.parametrize(
    ("line", "fact", "wanted"),
    [
        ({}, "text", "what happened"),
        ({"text": None}, "text", "what happened"),
        ({"text": 3}, "text", "what happened"),
        ({"text": "CT", "now": "soon"}, "now", "ISO date-time"),
        ({"text": "CT", "now": 3}, "now", "ISO date-time"),
        ({"text": "CT", "now": "0001-01-01"}, "now", "ISO date-time"),
        ({"text": "CT", "now": "9999-12-31T23:59"}, "now", "ISO date-time"),
        ({"text": "CT", "nation": "france"}, "nation", "england, wales"),
        ({"text": "CT", "nation": []}, "nation", "england, wales"),
        ({"text": "CT", "site": "x"}, "site", "now, nation, text"),
    ],
)
def test_a_line_of_read_that_cannot_be_taken_names_what_is_wrong(line, fact, wanted):
    with pytest.raises(BadLine) as bad:
        read_one(line)
    ((named, message),) = bad.value.errors
    assert named == fact
    assert wanted in message
    assert "france" not in message


# ------------------------------------------------------------------------------------------ schema
def test_the_schema_of_each_is_printed_and_what_goes_in_and_comes_out_is_as_it_says():
    status, out, _ = irmer_here("schema")
    assert status == 0
    printed = json.loads(out)
    assert printed == {name: json.loads(irmer_here("schema", name)[1]) for name in SCHEMAS}
    for made in printed.values():
        Draft202012Validator.check_schema(made)
    given = {"text": STORY, "now": "2026-11-05T10:00", "nation": None}
    answered, refused = (
        json.loads(line) for line in irmer_here("read", given=json.dumps(given) + "\n{}")[1].splitlines()
    )
    for line in (given, answered, refused):
        Draft202012Validator(printed["read"]).validate(line)
    assert not Draft202012Validator(printed["read"]).is_valid({**answered, "more": 1})
    _, (verdict,) = decide({"nation": "wales", "exposure": "accidental"})
    Draft202012Validator(printed["verdict"]).validate(verdict)
    assert not Draft202012Validator(printed["facts"]).is_valid({"nation": "france"})


def properties(schema):
    """Every property of a schema, however deep it stands, by the way there."""
    for name, part in schema.items():
        if name == "properties":
            yield from part.items()
        if isinstance(part, dict):
            yield from ((f"{name}.{way}", one) for way, one in properties(part))
        elif isinstance(part, list):
            yield from ((f"{name}.{way}", one) for each in part if isinstance(each, dict)
                        for way, one in properties(each))  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_of_every_schema_says_itself_what_it_is_and_in_which_unit(name):
    every = dict(properties(json.loads(irmer_here("schema", name)[1])))
    assert len(every) > 10
    assert [way for way, one in every.items() if not (one.get("description") and one.get("unit"))] == []


def test_what_is_answered_and_what_is_known_is_described_fact_by_fact():
    printed = json.loads(irmer_here("schema", "interview")[1])["$defs"]
    answers = printed["given"]["properties"]["answers"]["properties"]
    known = printed["answer"]["properties"]["facts"]["properties"]
    assert list(answers) == list(known) == [*FACTS, *DETAILS]
    assert answers["total_dose"]["unit"] == known["total_dose"]["unit"] == "mSv"
    assert answers["total_dose"]["description"] == known["total_dose"]["description"]
    for value, taken in (("unknown", True), ("12 mSv", True), (12, True), (["12"], False)):
        assert Draft202012Validator(answers["total_dose"]).is_valid(value) is taken


def test_a_schema_of_something_else_is_refused_in_one_line():
    assert irmer_here("schema", "dose") == (
        2,
        "",
        "irmer: irmer schema wants one of: facts, verdict, read, interview\n",
    )
