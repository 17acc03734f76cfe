"""What is wrong, typed or around it, costs one clear line and nothing that was taken already."""

import os
import signal
import subprocess
import sys

import pytest

from tests.processes import CHECK, ENVIRONMENT, NOW, ROOT, chat, heed_control_c, irmer_here


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
            "\nStopped. The check is unfinished, and kept: type check next time to go on.\n"
        )
    _, out, _ = chat(database, "check", "yes")
    assert "Was any exposure of this person intended?" in out


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
    [("tomorrow", "in the future"), ("2026-11-06", "in the future"), ("2023-04-18", "too early")],
)
def test_a_day_of_discovery_that_cannot_be_is_refused(tmp_path, typed, wanted):
    _, out, _ = chat(tmp_path / "a.sqlite", *CHECK[:5], typed)
    assert wanted in out
    assert out.count("When did anybody in the organisation first know of it?") == 2


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

    typed = ["check", "yes", "no", *["england", "back"] * 8, "cases"]
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
    assert "Open cases: none" in done.stdout
    assert "Traceback" not in done.stderr
    assert irmer_here("verify", database=database)[0] == 0
    _, out, _ = chat(database, "check", "yes", "back", "back")
    assert "Was any exposure of this person intended?" in out


def test_broken_utf8_on_the_keyboard_is_survived(tmp_path):
    status, out, err = irmer_here("chat", *NOW, given=b"check\n\xff\xfe\n1\n", database=tmp_path / "a.sqlite")
    assert (status, err) == (0, "")
    assert "Was any exposure of this person intended?" in out


def test_control_characters_that_somebody_typed_never_reach_the_terminal(tmp_path):
    database = tmp_path / "a.sqlite"
    told = "check \x1b[31mwrong patient caught before CT\x07 \u202e"
    account = "\x1b]0;another title\x07 \x9b31m text"
    _, out, err = chat(
        database,
        told,
        "3",
        "yes",
        f"details 2026-0001 site {account}",
        "case 2026-0001",
        "note 2026-0001 \x1b[5mx",
    )
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & {*out, *err}
    assert "Site: \ufffd]0;another title\ufffd \ufffd31m text" in out
    assert irmer_here("fr\x1b[31mob", "--x\x1b[31m")[2].count("\x1b") == 0


def test_a_line_in_what_somebody_wrote_cannot_pass_for_a_line_of_the_bot(tmp_path):
    from bot.core.cards import Card, Pairs
    from bot.terminal.plain import lines

    shown = "\n".join(lines(Card("Record", (Pairs((("Account", "Fell.\nDO NOT NOTIFY"),)),))))
    assert shown == "Record\n  Account: Fell.\n    DO NOT NOTIFY"


@pytest.mark.parametrize("args", [["decide"], ["chat"]])
def test_an_answer_that_cannot_be_written_is_told_in_one_line(tmp_path, args):
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("no device here that is always full")
    done = shell(f"{' '.join(args)} > /dev/full", tmp_path, given="{}\n")
    assert done.returncode == 2
    assert done.stderr == "irmer: reading or writing failed: No space left on device\n"


@pytest.mark.parametrize("args", [["decide"], ["chat"]])
def test_without_an_input_or_an_output_nothing_is_answered_and_nothing_fails(tmp_path, args):
    for closed in ("<&- >&-", "2>&-"):
        done = shell(f"{' '.join(args)} {closed}", tmp_path)
        assert (done.returncode, done.stderr) == (0, "")


def shell(command, tmp_path, given=""):
    return subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m bot {command}"],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**ENVIRONMENT, "IRMER_DATABASE": str(tmp_path / "a.sqlite")},
        text=True,
        timeout=120,
    )


def test_a_line_without_end_is_not_taken_and_the_question_stands(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "check", "1", "x" * 1_000_000, "none at all")
    assert "That is too long, and nothing of it was taken: write it in at most 20,000 characters." in out
    assert "Where in the UK did it happen?" in out


def test_a_number_that_is_not_there_is_told_and_the_question_that_stands_is_asked_again(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "check", "mammography", "case 2026-0099")
    again = out.partition("There is no record 2026-0099 here: check its number")[2]
    assert "Was any exposure of this person intended?" in again
