"""The inner half, run as root in the booted machine by its own Python: one step after another, written down.

It has nothing but the standard library, and `/rig` for what it finds.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ADMIN = "http://127.0.0.1:3001"
DATA, SECRETS = Path("/var/lib/irmer"), Path("/etc/credstore")
TOKENS = {"slack-bot-token": "xoxb-0-fake", "slack-app-token": "xapp-0-fake"}
FOUND: list[dict[str, object]] = []
STEPS: list[Callable[[], str]] = []


def step(what: Callable[[], str]) -> Callable[[], str]:
    """Its docstring is what is to be seen; it returns what was, and raises where that is not it."""
    STEPS.append(what)
    return what


def run(*words: str, check: bool = True) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    if check and done.returncode:
        raise AssertionError(
            f"{' '.join(words)}: {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}"
        )
    return done.stdout.strip()


def shows(name: str, unit: str = "irmer") -> str:
    return run("systemctl", "show", unit, "-p", name, "--value")


def main_pid() -> int:
    """Raises AssertionError where it does not run."""
    pid = int(shows("MainPID"))
    assert pid > 1, f"it does not run: {shows('Result')}"
    return pid


def until(look: Callable[[], object], seconds: float) -> float:
    """The seconds that it took. Raises AssertionError."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if look():
            return time.monotonic() - began
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds:.0f} s: {shows('ActiveState')}, {shows('StatusText')}")


def page(path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(ADMIN + path, timeout=5) as got:
            return got.status, got.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def ready() -> bool:
    return page("/ready")[0] == 200


@step
def it_starts() -> str:
    """started by systemd, ready once it listens"""
    for name, token in TOKENS.items():
        path = SECRETS / f"irmer.{name}"
        path.write_text(token)
        path.chmod(0o600)
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "rig-slack")
    run("systemctl", "enable", "--now", "irmer", "irmer-backup.timer", "irmer-verify.timer")
    assert shows("ActiveState") == "active"
    took = until(ready, 60)
    return f"READY, and /ready after {took:.0f} s more; {shows('StatusText')}"


@step
def its_user() -> str:
    """a user of its own, no privileges, no capabilities, system calls filtered"""
    pid = main_pid()
    told = Path(f"/proc/{pid}/status").read_text()
    assert Path(f"/proc/{pid}").owner() == shows("User") == "irmer"
    for wanted in (r"NoNewPrivs:\s+1", r"CapEff:\s+0+\n", r"Seccomp:\s+2"):
        assert re.search(wanted, told), wanted
    return "irmer, NoNewPrivs 1, CapEff 0, Seccomp 2"


@step
def its_secrets() -> str:
    """its tokens are credentials, and not in its environment"""
    pid = main_pid()
    environment = Path(f"/proc/{pid}/environ").read_text()
    assert not any(token in environment for token in TOKENS.values())
    given = sorted(path.name for path in Path("/run/credentials/irmer.service").iterdir())
    assert given == sorted(TOKENS), given
    return ", ".join(given)


@step
def its_files() -> str:
    """its folder and database are its own alone"""
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (DATA, DATA / "irmer.sqlite")}
    assert modes == {"irmer": "0o700", "irmer.sqlite": "0o600"}, modes
    return str(modes)


@step
def a_look() -> str:
    """`irmer doctor` as the service would run it"""
    told = run("/usr/local/sbin/irmer", "doctor", check=False)
    assert "chain whole" in told or "database" in told, told
    return told.splitlines()[0]


@step
def a_backup() -> str:
    """the backup's service makes a verified copy, its owner's alone"""
    run("systemctl", "start", "irmer-backup")
    (copy,) = (DATA / "backups").glob("irmer-*.sqlite")
    assert copy.stat().st_mode & 0o777 == 0o600
    return copy.name


@step
def the_timers() -> str:
    """the timers stand, in UK time"""
    listed = run("systemctl", "list-timers", "--no-pager", "--all")
    assert "irmer-backup.timer" in listed
    assert "irmer-verify.timer" in listed
    return shows("TimersCalendar", "irmer-backup.timer")[:80]


@step
def the_watchdog() -> str:
    """stands still: started anew by the watchdog"""
    before, pid = int(shows("NRestarts")), main_pid()
    os.kill(pid, signal.SIGSTOP)
    took = until(lambda: int(shows("NRestarts")) > before and ready(), 60)
    return f"anew and ready after {took:.0f} s"


@step
def killed() -> str:
    """kill -9: started anew"""
    before = int(shows("NRestarts"))
    os.kill(main_pid(), signal.SIGKILL)
    took = until(lambda: int(shows("NRestarts")) > before and ready(), 60)
    return f"anew and ready after {took:.0f} s"


@step
def stopped() -> str:
    """stopped within two seconds, well"""
    began = time.monotonic()
    run("systemctl", "stop", "irmer")
    took = time.monotonic() - began
    assert shows("Result") == "success", shows("Result")
    assert took < 2, f"{took:.1f} s"
    return f"{took:.1f} s, {shows('Result')}"


@step
def without_slack() -> str:
    """Slack down at the start: listens, says so, and stops within two seconds"""
    run("systemctl", "stop", "rig-slack")
    run("systemctl", "start", "irmer")
    until(lambda: "not reached" in page("/health")[1], 40)
    said, began = page("/health")[0], time.monotonic()
    assert (live := page("/live")[0]) == 200, f"/live {live}"
    run("systemctl", "stop", "irmer")
    took = time.monotonic() - began
    assert (said, shows("Result")) == (503, "success"), f"/health {said}, {shows('Result')}"
    assert took < 2, f"stopped in {took:.1f} s"
    return f"/live 200, /health 503, stopped in {took:.1f} s"


@step
def verified() -> str:
    """the trail is checked by its service"""
    run("systemctl", "start", "irmer-verify")
    return shows("Result", "irmer-verify")


@step
def somebody_changes_the_file() -> str:
    """a changed file: the check fails, and the alert says so"""
    with sqlite3.connect(DATA / "irmer.sqlite") as file:
        (name,) = file.execute("select name from sqlite_schema where type = 'trigger' limit 1").fetchone()
        file.execute(f"drop trigger {name}")
    file.close()
    run("systemctl", "start", "irmer-verify", check=False)
    assert shows("Result", "irmer-verify") == "exit-code"
    until(
        lambda: "irmer-verify.service failed" in run("journalctl", "--no-pager", "-p", "crit", check=False),
        20,
    )
    return "failed, and an alert in the journal"


@step
def nothing_is_left_open() -> str:
    """no secret in the journal"""
    journal = run("journalctl", "--no-pager", check=False)
    assert not any(token in journal for token in TOKENS.values())
    return f"{len(journal.splitlines())} lines, none with a token"


def main() -> None:
    for one in STEPS:
        row: dict[str, object] = {"step": (one.__doc__ or "").strip(), "ok": True}
        try:
            row["found"] = one()
        except Exception as error:  # noqa: BLE001 - whatever it was stands in the table
            row |= {"ok": False, "found": f"{type(error).__name__}: {error}"[:400].replace("\n", " ")}
        FOUND.append(row)
        Path("/rig/result.json").write_text(json.dumps(FOUND))
    Path("/rig/journal").write_text(run("journalctl", "--no-pager", "-u", "irmer*", check=False))
    FOUND.append({"step": "the end", "ok": True, "found": ""})
    Path("/rig/result.json").write_text(json.dumps(FOUND))


main()
