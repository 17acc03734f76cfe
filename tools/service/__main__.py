"""The outer half: makes the machine, boots it, prints what came of it. Exit status 0: all was reached."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.lacking import lacking

ROOT = Path(__file__).parents[2]
HERE = ROOT / ".service-test"
MACHINE, WHEELS, RESULT = HERE / "machine", HERE / "wheels", HERE / "machine" / "rig" / "result.json"
PROGRAMS = ("debootstrap", "systemd-nspawn")
SUITE, BOOT_WITHIN = "bookworm", 300  # seconds
PACKAGES = "systemd,systemd-sysv,dbus,python3,python3-venv,ca-certificates,tzdata"
OF_THE_BOT = ("bot", "rules", "storage", "locks", "ops", "README.md", "LICENSE", "pyproject.toml")
OF_THE_RIG = ("aiohttp", "pyyaml")


def run(*words: str | Path, **how: object) -> None:
    subprocess.run(words, check=True, **how)  # type: ignore[call-overload]


def steps() -> list[str]:
    """The lines of the page, as they stand there, but for what has to come from a network."""
    page = (ROOT / "docs" / "administrators.md").read_text()
    tried = page.partition("<!-- tried: begins -->")[2].partition("<!-- tried: ends -->")[0]
    lines = [line.strip() for line in tried.splitlines() if line.strip()]
    assert lines[0].startswith("apt-get install"), "what debootstrap has put there already"
    assert all(name in PACKAGES for name in lines[0].split() if name.startswith(("python3-", "ca-")))
    return lines[1:]


def make_machine() -> None:
    """A bare Debian, kept for the next time, and beside it wheels with their hashes checked."""
    if not (MACHINE / "etc" / "debian_version").exists():
        shutil.rmtree(MACHINE, ignore_errors=True)
        MACHINE.parent.mkdir(exist_ok=True)
        run(
            "debootstrap",
            "--variant=minbase",
            f"--include={PACKAGES}",
            SUITE,
            MACHINE,
            stdout=subprocess.DEVNULL,
        )
    WHEELS.mkdir(exist_ok=True)
    download = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--only-binary",
        ":all:",
        "--no-deps",
        "-d",
        WHEELS,
    ]
    run(*download, "--require-hashes", "-r", ROOT / "locks" / "serve.txt")
    lock = (ROOT / "locks" / "dev.txt").read_text()
    run(*download, *(re.search(rf"^{name}==[\w.]+", lock, re.M)[0] for name in OF_THE_RIG))  # type: ignore[index]


def furnish() -> None:
    """The release unpacked, the page followed, and what tries it put beside it."""
    release, rig = MACHINE / "release", MACHINE / "rig"
    for path in (release, rig, MACHINE / "opt" / "irmer", MACHINE / "var" / "lib" / "irmer"):
        shutil.rmtree(path, ignore_errors=True)
        path.parent.mkdir(parents=True, exist_ok=True)
    release.mkdir()
    rig.mkdir()
    for name in OF_THE_BOT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, release / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, release / name)
    shutil.copytree(
        ROOT / "tests" / "fakes", rig / "tests" / "fakes", ignore=shutil.ignore_patterns("__pycache__")
    )
    (rig / "tests" / "__init__.py").touch()
    shutil.copy(ROOT / "manifest.yml", rig / "manifest.yml")
    for name in ("inside.py", "slack.py"):
        shutil.copy(Path(__file__).parent / name, rig / name)
    shutil.rmtree(MACHINE / "wheels", ignore_errors=True)
    shutil.copytree(WHEELS, MACHINE / "wheels")
    offline = ["PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
    inside = ["chroot", MACHINE, "env", "-i", *offline, "/bin/sh", "-ec"]
    lines = [line for line in steps() if line != "systemctl daemon-reload"]  # it is not booted yet
    run(*inside, "\n".join(["cd /release", *lines]))
    if not (MACHINE / "opt" / "rig" / "bin" / "python").exists():
        peer = "python3 -m venv /opt/rig && /opt/rig/bin/pip install -q --only-binary :all: "
        run(*inside, peer + " ".join(OF_THE_RIG))
    units = MACHINE / "etc" / "systemd" / "system"
    (units / "rig-slack.service").write_text(
        "[Service]\nType=simple\nWorkingDirectory=/rig\nExecStart=/opt/rig/bin/python /rig/slack.py\n"
    )
    (units / "rig.service").write_text(
        "[Unit]\nAfter=multi-user.target\n"
        "[Service]\nType=oneshot\nExecStart=/usr/bin/python3 /rig/inside.py\n"
        "ExecStopPost=/bin/systemctl --force poweroff\n"
    )
    wants = units / "multi-user.target.wants"
    wants.mkdir(exist_ok=True)
    (wants / "rig.service").unlink(missing_ok=True)
    (wants / "rig.service").symlink_to("../rig.service")
    drop_in = units / "irmer.service.d"
    drop_in.mkdir(exist_ok=True)
    (drop_in / "rig.conf").write_text(
        "[Service]\nEnvironment=SLACK_API_URL=http://127.0.0.1:4000/api/\nWatchdogSec=6\nRestartSec=1\n"
    )


def boot() -> list[dict[str, object]]:
    """What the inner half found. An empty list where it did not come to its end."""
    words = [
        "systemd-nspawn",
        "-q",
        "-D",
        MACHINE,
        "--register=no",
        "--keep-unit",
        "--private-network",
        "--boot",
    ]
    with (HERE / "boot.log").open("w") as log:
        try:
            subprocess.run(
                words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=BOOT_WITHIN, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"It did not end within {BOOT_WITHIN} s: see {HERE / 'boot.log'}.")
    return json.loads(RESULT.read_text()) if RESULT.exists() else []


def main() -> int:
    if why := lacking(PROGRAMS, "to make a machine and to boot it"):
        print(f"Skipped: {why}.")
        return 0
    make_machine()
    furnish()
    found = boot()
    print("| step | found | |\n|---|---|---|")
    for row in found:
        print(f"| {row['step']} | {row['found']} | {'ok' if row['ok'] else 'NOT REACHED'} |")
    whole = bool(found) and found[-1]["step"] == "the end"
    if not whole:
        print(f"It did not come to its end: see {HERE / 'boot.log'} and {RESULT.parent}.")
    return 0 if whole and all(row["ok"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
