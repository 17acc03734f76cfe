"""The irmer command as people and scripts meet it: a real process each time."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("IRMER_")} | {"PYTHONUTF8": "1"}
NOW = ("--now", "2026-11-05T10:00")
CHECK = ["check", "mammography", "no", "england", "5 mSv", "yesterday", "none"]


def irmer(*args, given="", database=None, **extra):
    """Run the command; `given` is its standard input, text or bytes."""
    environment = {**ENVIRONMENT, **extra}
    if database:
        environment["IRMER_DATABASE"] = str(database)
    text = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "bot", *args],
        input=text,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=120,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def decide(*objects):
    lines = [o if isinstance(o, str | bytes) else json.dumps(o) for o in objects]
    given = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    status, out, err = irmer("decide", *NOW, given=given)
    assert err == ""
    return status, [json.loads(line) for line in out.splitlines()]


def chat(database, *typed, args=NOW, **extra):
    return irmer("chat", *args, given="".join(f"{line}\n" for line in typed), database=database, **extra)


# --- decide


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
        ('{"total_dose": ' + "9" * 5000 + "}", None),
        ('{"total_dos": 1}', "total_dos"),
        ('{"nation": "france"}', "nation"),
        ('{"discovered_on": "2026-11-06"}', "discovered_on"),
        ('{"discovered_on": "2023-04-18"}', "discovered_on"),
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


# --- the chat


def test_a_check_goes_from_the_first_question_to_the_record(tmp_path):
    status, out, err = chat(
        tmp_path / "a.sqlite", *CHECK, "yes", "Wrong patient called.", "done", "case 2026-0001"
    )
    assert (status, err) == (0, "")
    assert "NOTIFY — code 1" in out
    assert "Notify by: Wed 18 November 2026 (1 day of 14 used, 13 days left)" in out
    assert "Kept as record 2026-0001, case C26-0001 opened\n  Outcome: NOTIFY — code 1\n" in out
    assert f"Where: {tmp_path / 'a.sqlite'}" in out
    assert "Account: Wrong patient called." in out


def test_a_draft_left_by_the_end_of_input_is_taken_up_again(tmp_path):
    database = tmp_path / "a.sqlite"
    status, out, _ = chat(database, *CHECK[:4])
    assert status == 0
    assert out.rstrip().endswith(
        "Goodbye. The check is unfinished: nothing is lost, check takes it up again."
    )
    later = ("--now", "2026-11-12T09:00")
    status, out, _ = chat(database, "check", "yes", *CHECK[4:], args=later)
    assert "Take up where you left off?" in out
    assert "What effective dose did the whole incident give" in out
    assert "NOTIFY — code 1" in out


def test_a_draft_can_be_left_for_a_new_check(tmp_path):
    database = tmp_path / "a.sqlite"
    chat(database, *CHECK[:4])
    _, out, _ = chat(database, "check", "no", "quit", "quit")
    assert "What kind of exposure was it?" in out
    assert "Set aside, nothing lost" in out


def heed_control_c():
    """As at a keyboard: what runs in the background is started with SIGINT ignored, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_control_c_at_a_question_ends_in_one_line_and_loses_nothing(tmp_path):
    database = tmp_path / "a.sqlite"
    environment = {**ENVIRONMENT, "IRMER_DATABASE": str(database)}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", *NOW],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
        preexec_fn=heed_control_c,
    ) as process:
        process.stdin.write(b"check\nmammography\n")
        process.stdin.flush()
        for line in process.stdout:
            if b"Was any exposure of this person intended?" in line:
                break
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read().decode() == (
            "\nStopped. The check is unfinished: nothing is lost, check takes it up again.\n"
        )
    _, out, _ = chat(database, "check", "yes")
    assert "Was any exposure of this person intended?" in out


def test_why_back_edit_and_an_answer_that_is_not_understood(tmp_path):
    _, out, _ = chat(
        tmp_path / "a.sqlite",
        "check",
        "1",
        "perhaps",
        "why",
        "back",
        "2",
        "yes",
        "edit",
        "edit 3",
        "edit 1",
        "1",
    )
    assert "Accidental means that no exposure of any kind was intended" in out
    assert "Type a number from 1 to 3, the words of an answer, or don't know." in out
    assert "Category: Interventional radiology or cardiology, interventional CT" in out
    assert "Type edit and a number from 1 to 2" in out
    assert out.count("What kind of exposure was it?") == 2
    assert out.count("Was any exposure of this person intended?") == 5


def test_an_answer_that_cannot_be_beside_the_others_is_refused_and_what_a_change_contradicts_is_named(
    tmp_path,
):
    _, out, _ = chat(tmp_path / "a.sqlite", "check", "mammography", "yes", "edit intended dose", "0")
    assert "Intended dose wants more than 0 mSv in an unintended exposure" in out
    changed = ("edit occurred on", "2026-11-04")
    _, out, _ = chat(tmp_path / "b.sqlite", *CHECK[:5], "2026-11-03", *changed)
    assert "Discovered no longer fits what was said, and was taken out." in out
    assert out.count("When did anybody in the organisation first know of it?") == 2


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("25 MSv", "write mSv if you mean millisieverts"),
        ("5 mGy", "an effective dose is in mSv"),
        ("-2 mSv", "negative"),
        ("about 3 mSv", "limits"),
        ("1,200 mSv", "could be two numbers: write 1200 or 1.2"),
        ("12-10 mSv", "runs downwards"),
        ("", "Type an answer, or don't know"),
    ],
)
def test_a_dose_that_is_not_clear_is_refused_with_what_to_write(tmp_path, typed, wanted):
    _, out, _ = chat(tmp_path / "a.sqlite", *CHECK[:4], typed)
    assert wanted in out.replace("\n", " ")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("tomorrow", "Not clear as a day"), ("2026-11-06", "in the future"), ("2023-04-18", "too early")],
)
def test_a_day_of_discovery_that_cannot_be_is_refused(tmp_path, typed, wanted):
    _, out, _ = chat(tmp_path / "a.sqlite", *CHECK[:5], typed)
    assert wanted in out
    assert out.count("When did anybody in the organisation first know of it?") == 2


def test_a_patients_number_is_refused_without_being_repeated_and_never_kept(tmp_path):
    database = tmp_path / "a.sqlite"
    number = "999 000 0018"
    _, out, _ = chat(
        database, *CHECK, "yes", f"Scanned {number} by mistake", "Scanned the wrong person", "done"
    )
    assert "looks like an NHS, CHI or H&C number" in out
    assert number not in out
    assert number.encode() not in database.read_bytes()
    assert number.replace(" ", "").encode() not in database.read_bytes()


def test_what_may_tell_who_the_patient_is_is_warned_about(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", *CHECK, "yes", "Patient born 3/4/1950, wrong side", "done")
    assert "There seems to be a date of birth in the text" in out
    assert "Kept as record 2026-0001" in out


def test_a_record_is_corrected_by_a_revision_that_says_why(tmp_path):
    database = tmp_path / "a.sqlite"
    chat(database, *CHECK, "yes", "Wrong patient", "done")
    _, out, _ = chat(
        database,
        *("correct 2026-0001", "edit total dose", "0.5 mSv", "male", "yes", ""),
        *("The dose was in the wrong unit", "done", "case 2026-0001"),
    )
    assert "A reason is wanted" in out
    assert "C26-0001 decided anew: the outcome has changed" in out
    assert "Revision: 2, corrects revision 1: The dose was in the wrong unit" in out
    assert "Revision 1, Thu 5 November 2026 at 10:00" in out


def test_what_is_not_a_patients_goes_to_another_regulator_and_is_kept_all_the_same(tmp_path):
    typed = ("check", "edit exposed person", "member of staff", "yes", "done")
    _, out, _ = chat(tmp_path / "a.sqlite", *typed, IRMER_NATION="scotland")
    assert "NOT FOR IR(ME)R — HSE is to be told, by other regulations" in out
    assert "Notify by" not in out
    assert "Kept as record 2026-0001" in out


def test_an_unknown_command_suggests_one(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "treshold foetal", "case 2026-0099", "/irmer help")
    assert "Did you mean threshold?" in out
    assert "2026-0099" in out
    assert "case <number>" in out


def test_the_nation_of_the_environment_begins_every_check(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "check", "1", "no", IRMER_NATION="wales")
    assert "Where in the UK" not in out
    status, _, err = chat(tmp_path / "a.sqlite", "check", IRMER_NATION="cornwall")
    assert (status, err) == (
        2,
        "irmer: IRMER_NATION wants one of: england, wales, scotland, northern_ireland\n",
    )


# --- commands, and what is wrong


def test_one_chat_command_and_out(tmp_path):
    chat(tmp_path / "a.sqlite", *CHECK, "yes", "done")
    status, out, _ = irmer("case", "2026-0001", *NOW, database=tmp_path / "a.sqlite")
    assert status == 0
    assert out.startswith("Record 2026-0001: NOTIFY — code 1")


def test_a_threshold_is_looked_up_without_a_store(tmp_path):
    database = tmp_path / "none.sqlite"
    status, out, _ = irmer("threshold", "4.2b", database=database)
    assert status == 0
    assert "half as many images again as intended" in out
    assert not database.exists()


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
    chat(database, *CHECK, "yes", "done")
    assert irmer("verify", database=database)[0] == 0
    status, out, _ = irmer("doctor", *NOW, database=database)
    assert status == 0
    assert "chain whole" in out
    status, out, _ = irmer("backup", str(tmp_path / "copy.sqlite"), database=database)
    assert (status, (tmp_path / "copy.sqlite").exists()) == (0, True)
    status, _, err = irmer("backup", str(tmp_path / "copy.sqlite"), database=database)
    assert status == 2
    assert err.startswith("irmer: ")


@pytest.mark.parametrize(
    "args",
    [
        ["chat", "--now", "noon"],
        ["chat", "--now"],
        ["chat", "--nope"],
        ["decide", "a"],
        ["backup"],
        ["treshold"],
        [],
    ],
)
def test_wrong_usage_is_one_line_and_status_2(args):
    status, out, err = irmer(*args)
    assert status == 2
    assert "Traceback" not in err
    assert len(err.splitlines()) == (1 if args else 0)
    assert bool(out) is not bool(args)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("not a database, " * 500)
    before = other.read_bytes()
    status, _, err = chat(other, "check")
    assert status == 2
    assert len(err.splitlines()) == 1
    assert other.read_bytes() == before


def test_a_directory_that_cannot_be_written_to_is_one_line(tmp_path):
    target = "/proc/irmer/a.sqlite" if os.geteuid() == 0 else tmp_path / "locked" / "a.sqlite"
    (tmp_path / "locked").mkdir(mode=0o555)
    status, _, err = chat(target, "check")
    assert status == 2
    assert len(err.splitlines()) == 1
    assert "cannot be written to" in err


def test_a_full_disk_loses_no_answer_that_was_taken_and_goes_on_by_itself(tmp_path):
    resource = pytest.importorskip("resource", reason="no limits on file sizes on this system")
    database = tmp_path / "a.sqlite"
    chat(database, "check", "mammography")

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    typed = ["check", "yes", "no", *["england", "back"] * 8]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", *NOW],
        input="\n".join(typed),
        capture_output=True,
        cwd=ROOT,
        env={**ENVIRONMENT, "IRMER_DATABASE": str(database)},
        text=True,
        timeout=120,
        preexec_fn=small_disk,
    )
    assert "could not be written to" in done.stdout
    assert "nothing was changed; make space and try again" in done.stdout
    assert "Traceback" not in done.stderr
    assert irmer("verify", database=database)[0] == 0
    _, out, _ = chat(database, "check", "yes", "back", "back")
    assert "Was any exposure of this person intended?" in out


def test_broken_utf8_on_the_keyboard_is_survived(tmp_path):
    status, out, err = irmer("chat", *NOW, given=b"check\n\xff\xfe\n1\n", database=tmp_path / "a.sqlite")
    assert (status, err) == (0, "")
    assert "Was any exposure of this person intended?" in out


# --- what people write in their own words

STORY = "wrong pt had a CT head yesterday at 2pm, about 2 mSv, 9 year old boy, in England"


def test_what_happened_is_read_shown_and_only_the_rest_asked(tmp_path):
    typed = (f"check {STORY}", "no", "2.5 mSv", "today", "none", "yes", "", "done", "case 2026-0001")
    _, out, _ = chat(tmp_path / "a.sqlite", *typed)
    assert "Age: 9 years\nNation: England\nHappened: Wed 4 November 2026 at 14:00\nThe person is male" in out
    assert "Wrong patient: was this person due any exposure of their own?" in out
    assert "“about 2 mSv” is not a limit" in out
    assert "NOTIFY — code 1" in out
    assert f"Account: {STORY}" in out


def test_an_incident_told_without_a_command_begins_a_check_and_other_talk_does_not(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "good morning to you all", STORY)
    assert "Sorry, that was not understood" in out
    assert "Understood so far" in out


def test_a_correction_in_words_changes_the_fact_it_is_about(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", f"check {STORY}", "no", "3 mSv", "actually she was 17", "edit")
    assert "Age: 17 years" in out


def test_a_patients_number_in_a_message_is_masked_and_the_author_told(tmp_path):
    database = tmp_path / "a.sqlite"
    _, out, _ = chat(database, f"check NHS 999 000 0018, {STORY}")
    assert "A patient's number was taken out of what you wrote" in out
    assert (
        b"999 000 0018" not in database.read_bytes() + (tmp_path / "a.sqlite-wal").read_bytes()
        if (tmp_path / "a.sqlite-wal").exists()
        else b"999 000 0018" not in database.read_bytes()
    )


def test_read_says_what_it_understands_of_each_line(tmp_path):
    given = json.dumps({"text": STORY, "now": "2026-11-05T10:00"}) + "\n{}\n"
    status, out, _ = irmer("read", given=given)
    first, second = (json.loads(line) for line in out.splitlines())
    assert status == 1
    assert first["facts"]["age_years"] == 9
    assert {"exposure", "total_dose"} <= set(first["to_confirm"])
    assert second["error"][0]["fact"] == "text"
