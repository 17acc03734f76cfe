"""The locks hold what pyproject.toml asks for, with hashes, and name no place to fetch it from."""

import ensurepip
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "locks").glob("*.txt"))
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+)(?P<rest>(?:.*\\\n)(?:    --hash=.*\n?)*)", re.MULTILINE
)


def pinned(lock: str) -> dict[str, str]:
    """The versions in a lock by package name."""
    text = (ROOT / f"locks/{lock}.txt").read_text(encoding="utf-8")
    return {entry["name"]: entry["version"] for entry in ENTRY.finditer(text)}


def asked(lock: str) -> list[Requirement]:
    """What pyproject.toml asks of a lock."""
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = [item for extra in project["optional-dependencies"].values() for item in extra]
    wanted = {
        "run": project["dependencies"],
        "serve": project["dependencies"] + extras + groups["build"],
        "dev": project["dependencies"] + extras + groups["build"] + groups["dev"],
        "bench": project["dependencies"] + groups["build"] + groups["bench"],
        "lock": groups["lock"],
    }[lock]
    return [Requirement(item) for item in wanted if isinstance(item, str)]


@pytest.mark.parametrize("lock", ["run", "serve", "dev", "bench", "lock"])
def test_a_lock_pins_all_that_is_asked_for(lock):
    versions = pinned(lock)
    missing = [
        str(requirement)
        for requirement in asked(lock)
        if versions.get(canonicalize_name(requirement.name)) not in requirement.specifier
    ]
    assert missing == [], "make lock"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_line_of_a_lock_is_one_version_with_its_hashes(lock):
    text = lock.read_text(encoding="utf-8")
    entries = list(ENTRY.finditer(text))
    assert len(entries) == len(re.findall(r"^\w", text, re.MULTILINE))
    assert [entry["name"] for entry in entries if "--hash=sha256:" not in entry["rest"]] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_place_to_fetch_from(lock):
    text = lock.read_text(encoding="utf-8")
    assert [piece for piece in ("://", "-index", "find-links", " @ ") if piece in text] == []


def test_what_runs_is_what_was_tested():
    assert pinned("run").items() <= pinned("serve").items() <= pinned("dev").items()


def test_the_build_backend_is_locked_wherever_the_project_is_installed():
    backends = {canonicalize_name(Requirement(item).name) for item in PROJECT["build-system"]["requires"]}
    for lock in ("serve", "dev", "bench"):
        assert backends <= pinned(lock).keys()


def test_what_is_installed_is_installed_by_the_pip_of_the_python_that_runs():
    """Another Python's pip, such as the machine's own, may be too old for it."""
    own = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not own:
        pytest.skip("this Python keeps no pip")
    words = [sys.executable, str(ROOT / "locks" / "bundled_pip.py"), "--version"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    assert str(own[0]) in said
