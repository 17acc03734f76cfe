"""What `pip install .` gives."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    made = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return next(made.glob("irmer_bot-*.whl"))


def test_the_wheel_holds_every_file_of_the_three_packages_and_nothing_else(wheel):
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in ("rules", "storage", "bot")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == ours


def test_who_builds_it_again_gets_the_same_bytes(wheel, tmp_path):
    """From a copy with other times and rights, as another machine would have them."""
    copy = tmp_path / "copy"
    for name in ("rules", "storage", "bot", "README.md", "LICENSE", "pyproject.toml"):
        source, target = ROOT / name, copy / name
        if source.is_dir():
            shutil.copytree(
                source, target, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copy
            )
        else:
            shutil.copy(source, target)
    for path in copy.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700 if path.is_dir() else 0o600)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=copy, check=True, capture_output=True,
    )  # fmt: skip
    assert next(tmp_path.glob("*.whl")).read_bytes() == wheel.read_bytes()


def test_the_installed_command_answers_from_anywhere(wheel, tmp_path):
    target = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index", "--target", target, wheel],
        check=True, capture_output=True,
    )  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(target)}
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import rules, storage, bot.cli; print(bot.cli.__file__)"],
        cwd=tmp_path, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()) == target / "bot/cli.py"
    command = subprocess.run(
        [target / "bin/irmer", "--version"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (command.returncode, command.stdout.strip()) == (0, "irmer-bot 0.1.0, guidance of 2023-04-19")


def test_rules_and_storage_show_their_names_and_import_nothing():
    asked = (
        "import sys, rules, storage; print([n for n in sys.modules if n.startswith(('rules', 'storage'))])"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "['rules', 'storage']"
