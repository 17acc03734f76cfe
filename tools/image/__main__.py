"""Builds the image twice, compares, runs it as tight as it is meant to be, and prints what came of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.lacking import lacking

ROOT = Path(__file__).parents[2]
HERE = ROOT / ".image"
BASE, NAME, SUITE = "localhost/irmer-base:bookworm", "localhost/irmer-bot:try", "bookworm"
PACKAGES = "python3,python3-venv,ca-certificates,tzdata"
STAMP = "1764374400"  # of every file in it, so that the day of building is not in it
PROGRAMS = ("debootstrap", "buildah", "podman", "crun")
TIGHT = (
    "--cgroups=disabled --runtime=crun --read-only --tmpfs=/tmp --cap-drop=ALL --network=none"
    " --security-opt=no-new-privileges --ulimit=nofile=1024:4096 --ulimit=nproc=4096:4096"
).split()
# crun takes either form of control groups and not both, which a machine may have.
APART = ("unshare", "-m", "sh", "-c", 'umount -l /sys/fs/cgroup/unified 2>/dev/null; exec "$@"', "sh")
QUIET = {"capture_output": True, "text": True}


def run(*words: str | Path) -> str:
    """What it prints. Raises AssertionError with the end of what it says."""
    store = {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot", "TMPDIR": str(HERE)}
    done = subprocess.run(words, env=os.environ | store, **QUIET, check=False)  # type: ignore[call-overload]
    if done.returncode:
        raise AssertionError(f"{words[0]} {words[1]}: {done.returncode}: {done.stderr.strip()[-400:]}")
    return str(done.stdout).strip()


def make_base() -> None:
    root = HERE / "base"
    if not (root / "etc" / "debian_version").exists():
        shutil.rmtree(root, ignore_errors=True)
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, root)
    (HERE / "Containerfile").write_text("FROM scratch\nCOPY base /\n")
    run("buildah", "bud", "-q", "--layers=false", "-t", BASE, "-f", HERE / "Containerfile", HERE)


def make_wheels() -> Path:
    """What the image is made of: the locked wheels, hashes checked, our own, and the file that says how."""
    context = HERE / "context"
    shutil.rmtree(context / "locks", ignore_errors=True)
    (context / "wheels").mkdir(parents=True, exist_ok=True)
    (context / "locks").mkdir()
    shutil.copy(ROOT / "locks" / "serve.txt", context / "locks")
    for name in ("Containerfile", ".containerignore"):
        shutil.copy(ROOT / name, context)
    pip = (sys.executable, "-m", "pip", "download", "-q", "--only-binary", ":all:", "--no-deps")
    run(*pip, "--require-hashes", "-r", ROOT / "locks" / "serve.txt", "-d", context / "wheels")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", context / "wheels")
    return context


def inspect() -> Any:
    (told,) = json.loads(run("podman", "image", "inspect", NAME))
    return told


def build(context: Path) -> dict[str, Any]:
    """The digests of the layers, which are all its files, and how it is run. The docker form, which alone
    knows a health check, also writes down a number of the build's own."""
    how = ("-q", "--layers=false", "--format=docker", f"--timestamp={STAMP}", f"--build-arg=BASE={BASE}")
    run("buildah", "bud", *how, "-t", NAME, context)
    told = inspect()
    return {name: told[name] for name in ("RootFS", "Config", "Healthcheck", "Created")}


def in_it(*words: str, given: str = "") -> str:
    done = subprocess.run(
        [*APART, "podman", "run", "--rm", "-i", *TIGHT, NAME, *words], input=given,
        env=os.environ | {"STORAGE_DRIVER": "vfs"}, **QUIET, check=False,
    )  # type: ignore[call-overload] # fmt: skip
    if done.returncode:
        raise AssertionError(f"irmer {' '.join(words)}: {done.returncode}: {done.stderr.strip()[-400:]}")
    return str(done.stdout).strip()


def answers() -> str:
    assert "10 mGy" in in_it("threshold", "foetal")
    facts = {
        "nation": "england",
        "discovered_on": "2026-11-23",
        "exposure": "accidental",
        "total_dose": "40 mSv",
    }
    facts |= {"category": "diagnostic", "age_years": 40}
    verdict = json.loads(in_it("decide", given=json.dumps(facts)))
    assert verdict["outcome"] == "notify", verdict
    return f"threshold; decide: {verdict['outcome']}"


def inspected() -> str:
    told = inspect()
    config = told["Config"]
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"
    assert "/data" in config["Volumes"]
    assert told["Healthcheck"]["Test"][:2] == ["CMD", "python3"]
    return f"user {config['User']}, {told['Size'] // 2**20} MB with its base"


def nothing_unneeded() -> str:
    found = subprocess.run(
        [*APART, "podman", "run", "--rm", *TIGHT, "--entrypoint", "/bin/sh", NAME, "-c",
         "find /opt/irmer -name __pycache__ | head -3;"
         " ls /opt/irmer/lib/python3*/site-packages | grep -c hatchling"],
        env=os.environ | {"STORAGE_DRIVER": "vfs"}, **QUIET, check=False,
    )  # type: ignore[call-overload] # fmt: skip
    assert str(found.stdout).strip() == "0", found.stdout
    return "no compiled files, no build tools"


def main() -> int:
    if why := lacking(PROGRAMS, "to make a base"):
        print(f"Skipped: {why}.")
        return 0
    HERE.mkdir(exist_ok=True)
    began, well = time.monotonic(), True
    print("| step | found | |\n|---|---|---|")

    def row(step: str, do: Callable[[], str]) -> None:
        nonlocal well
        try:
            found, ok = do(), True
        except AssertionError as error:
            found, ok = str(error).replace("\n", " "), False
        well &= ok
        print(f"| {step} | {found} | {'ok' if ok else 'NOT REACHED'} |", flush=True)

    def built_twice() -> str:
        make_base()
        context = make_wheels()
        one, other = build(context), build(context)
        assert one == other, "the two differ"
        return f"{len(one['RootFS']['Layers'])} layers, the last {one['RootFS']['Layers'][-1][:19]}"

    row("built twice: the same bytes", built_twice)
    row("non-root, with a health check, a volume and a signal to stop by", inspected)
    row("answers, read-only, without capabilities and without a network", answers)
    row("nothing in it that only builds", nothing_unneeded)
    print(f"\n{time.monotonic() - began:.0f} s in all.")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
