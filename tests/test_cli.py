"""The irmer command's other commands, and what is wrong with how it was called."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bot.command_rows import ROWS
from tests.core.cases.ward import BUTTONS, Ward
from tests.processes import CHECK, ENVIRONMENT, NOW, ROOT, chat, irmer, irmer_here


def test_one_chat_command_and_out(tmp_path):
    chat(tmp_path / "a.sqlite", *CHECK, "yes")
    status, out, _ = irmer("case", "2026-0001", *NOW, database=tmp_path / "a.sqlite")
    assert status == 0
    assert out.startswith("Record 2026-0001: NOTIFY — code 1")


def test_a_threshold_is_looked_up_without_a_store(tmp_path):
    database = tmp_path / "none.sqlite"
    status, out, _ = irmer("threshold", "4.2b", database=database)
    assert status == 0
    assert out.startswith(
        "50% more images than intended, or more, over the course, after a protocol failure\n"
    )
    assert not database.exists()


@pytest.mark.parametrize(
    ("words", "first", "then"),
    [
        ("foetal", "10 mGy or more", "Who is told: the enforcing authority, within 14 days of discovery"),
        (
            "imaging",
            "Intended dose → notify from",
            "0.3 mSv to 2.5 mSv      10 or more times the intended dose",
        ),
        ("repeat CT child", "Intended dose → notify from", "1 mSv or more in all (an adult 3 mSv or more)"),
        ("ankle", "3 mSv or more in all (a child 1 mSv or more), by the typical dose", "less than 0.01 mSv"),
        ("CT head", "10 or more times the intended dose, by the typical dose", "2.5 mSv to 10 mSv"),
        ("DLP 850", "This is no effective dose", "Your medical physics expert (MPE) works out"),
        ("skin dose 5 Gy", "Tissue reactions that can be observed", "This is no effective dose"),
        ("wrong side", "Intended dose → notify from", "plus that of the right side where it was done"),
        ("deadline", "14 days to notify, 84 days to report", "calendar days in UK time"),
    ],
)
def test_a_look_up_begins_with_the_number(words, first, then, tmp_path):
    status, out, _ = irmer_here("threshold", *words.split(), database=tmp_path / "none.sqlite")
    assert status == 0
    assert out.startswith(first)
    assert then in out


def test_a_look_up_imports_nothing_heavy():
    heavy = (
        "rich prompt_toolkit sqlite3 pysqlite3 sqlite_utils pydantic dateparser rapidfuzz argparse asyncio"
    )
    code = (
        "import sys; from bot.cli import main; main(['threshold', '4.2b']);"
        f"print([m for m in '{heavy}'.split() if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=ROOT, env=ENVIRONMENT, text=True, timeout=60
    )
    assert done.stderr == "[]\n"


def test_verify_doctor_and_backup_speak_of_a_whole_store(tmp_path):
    database = tmp_path / "a.sqlite"
    chat(database, *CHECK, "yes")
    assert irmer_here("verify", database=database)[0] == 0
    status, out, _ = irmer_here("doctor", *NOW, database=database)
    assert status == 0
    assert "chain whole" in out
    status, out, _ = irmer_here("backup", str(tmp_path / "copy.sqlite"), database=database)
    assert (status, (tmp_path / "copy.sqlite").exists()) == (0, True)
    status, _, err = irmer_here("backup", str(tmp_path / "copy.sqlite"), database=database)
    assert status == 2
    assert err.startswith("irmer: ")


@pytest.mark.parametrize("args", [["verify"], ["backup", "copy.sqlite"]])
def test_a_database_that_is_not_there_is_not_found_in_good_order(args, tmp_path):
    status, out, err = irmer_here(*args, database=tmp_path / "typo.sqlite")
    assert (status, out) == (2, "")
    assert "there is no database" in err
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_names_what_is_put_off_past_its_day(tmp_path):
    ward = Ward(tmp_path / "a.sqlite", BUTTONS)
    ward.say("settings escalation_channel C0LEADS")
    ref = ward.case()
    ward.now = datetime(2026, 12, 7, 9, 1, tzinfo=UTC)
    ward.say(f"snooze {ref} notification Friday waiting for the physicist")
    ward.store.close()
    _, out, _ = irmer_here("doctor", "--now", "2026-12-07T10:00", database=tmp_path / "a.sqlite")
    assert f"put off    {ref}: the reminder to notify the authority by Mon 7 December 2026 is put off" in out


def test_the_doctor_sees_a_clock_that_is_behind_what_was_written(tmp_path):
    database = tmp_path / "a.sqlite"
    chat(database, *CHECK, "yes")
    status, out, _ = irmer_here("doctor", "--now", "2026-01-05T09:00", database=database)
    assert status == 1
    assert "clock      Mon 5 January 2026 at 09:00, UK time" in out
    assert "something was written at" in out


@pytest.mark.parametrize(
    "args",
    [
        ["chat", "--now", "noon"],
        ["threshold", "4.2b", "--now", "noon"],
        ["chat", "--now"],
        ["chat", "--nope"],
        ["decide", "a", "b"],
        ["decide", "nowhere.jsonl"],
        ["decide", "--port", "3"],
        ["doctor", "--tenant=x"],
        ["due", "--version=1"],
        ["backup"],
        ["treshold"],
        [],
    ],
)
def test_wrong_usage_is_one_line_and_status_2(args):
    status, out, err = irmer_here(*args)
    assert status == 2
    assert "Traceback" not in err
    assert len(err.splitlines()) == (1 if args else 0)
    assert bool(out) is not bool(args)


def test_a_platform_that_is_configured_but_not_installed_is_told_in_one_line(tmp_path):
    without = "uvicorn slack_bolt slack_sdk aiohttp microsoft_teams httpx jwt"
    code = (
        f"import sys; sys.modules.update(dict.fromkeys('{without}'.split()));"
        "from bot.cli import main; sys.exit(main(['serve']))"
    )
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    teams = {f"TEAMS_{name}": "11111111-1111-4111-8111-111111111111" for name in ("CLIENT_ID", "TENANT_ID")}
    for platform, given in (("slack", slack), ("teams", {**teams, "TEAMS_CLIENT_SECRET": "x"})):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            cwd=ROOT,
            env={**ENVIRONMENT, **given, "IRMER_DATABASE": str(tmp_path / "a.sqlite")},
            text=True,
            timeout=60,
        )
        assert done.returncode == 2
        assert done.stderr == (
            f"irmer: {platform.capitalize()} is configured, but not installed: "
            f"pip install 'irmer-bot[{platform}]'\n"
        )


def test_help_says_what_the_bot_understands_and_each_of_it_works_on_the_command_line(tmp_path):
    status, out, _ = irmer_here("help", database=tmp_path / "none.sqlite")
    assert status == 0
    assert "irmer due: what falls due, soonest first" in out
    assert not (tmp_path / "none.sqlite").exists()
    assert irmer_here("due", *NOW, database=tmp_path / "a.sqlite")[1] == "Nothing falls due\n\n"


@pytest.mark.parametrize(
    "typed",
    [
        "notified C26-0009 CQC-7",
        "case 2026-0009",
        "open 2026-0009",
        "settings nation atlantis",
        "stand down 2026-0001 no reason",
        "note C26-0001 " + "x" * 20_001,
    ],
)
def test_a_refused_one_shot_command_is_told_and_its_status_is_1(tmp_path, typed):
    status, out, err = irmer_here(*typed.split(), *NOW, database=tmp_path / "a.sqlite")
    assert (status, err) == (1, "")
    assert len(out.split("\n\n")[0].splitlines()) == 1


@pytest.mark.parametrize("command", [*ROWS, "due", "cases", "notified", "stand", "take", "settings"])
def test_every_command_tells_how_it_is_used(command, tmp_path):
    status, out, err = irmer_here(command, "--help", database=tmp_path / "none.sqlite")
    assert (status, err) == (0, "")
    first, empty, what, *_ = out.splitlines()
    assert first.startswith(f"usage: irmer {command}")
    assert (empty, bool(what.strip())) == ("", True)
    assert "--now DATE-TIME" in out
    assert list(tmp_path.iterdir()) == []


def test_usage_names_every_command_and_option():
    _, out, _ = irmer_here("--help")
    for name, row in ROWS.items():
        assert f"\n  {name} " in out
        assert all(f"[--{option}" in out for option in row.options)
    assert max(map(len, out.splitlines())) <= 100
    columns = [line for line in out.splitlines() if line.startswith(" ")]
    assert all(line[23] == " " != line[24:25] for line in columns if len(line) > 24 and line[2:3] == " ")


def test_the_version_names_the_editions_of_the_guidance():
    status, out, _ = irmer_here("--version")
    assert (status, out) == (0, "irmer-bot 0.1.0, guidance of 2023-04-19\n")


def test_json_lines_come_from_a_file_as_from_standard_input(tmp_path):
    lines = json.dumps({"exposure": "accidental"}).encode() + b"\n\xff\n"
    given = tmp_path / "incidents.jsonl"
    given.write_bytes(lines)
    of_file = irmer_here("decide", str(given), *NOW)
    assert of_file[0] == 1
    assert len(of_file[1].splitlines()) == 2
    assert of_file == irmer_here("decide", "-", *NOW, given=lines) == irmer("decide", *NOW, given=lines)


def test_after_two_dashes_everything_is_a_word(tmp_path):
    _, out, _ = irmer_here("threshold", "--", "--foetal", database=tmp_path / "none.sqlite")
    assert "10 mGy" in out


FOLDERS = (
    ["cases"], ["doctor"], ["backup", "x.sqlite"], ["migrate"], ["verify"], ["serve"], ["keys"],
    ["export", "{}"], ["secrets", "new-key", "{}"],
)  # fmt: skip


@pytest.mark.parametrize("folder", [".", "/"])
@pytest.mark.parametrize("words", FOLDERS, ids=" ".join)
def test_a_folder_that_is_named_for_a_file_is_told_in_a_line(tmp_path, monkeypatch, words, folder):
    monkeypatch.chdir(tmp_path)
    there = "{}" in words
    named = [word.format(folder) for word in words]
    if there:
        chat(tmp_path / "a.sqlite", *CHECK, "yes")
    status, out, err = irmer_here(*named, database=tmp_path / "a.sqlite" if there else folder)
    told = err or out
    assert (status in (1, 2), "is a folder" in told, told.count("\n")) == (True, True, 1), told
