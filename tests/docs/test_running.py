"""What docs/running.md quotes of the program."""

import re
from pathlib import Path

from bot.command_rows import ROWS
from bot.doctor_checks import CHECKS
from bot.site import HEALTH, LIVE, READY
from bot.sources import SECRETS, gathered

TEXT = (Path(__file__).parents[2] / "docs" / "running.md").read_text(encoding="utf-8")


def section(title):
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_file_that_it_shows_is_taken_whole(tmp_path):
    shown = re.search(r"^    # /etc.*?(?=^\S)", section("Settings"), re.MULTILINE | re.DOTALL)[0]
    file = tmp_path / "irmer.toml"
    file.write_text("\n".join(line[4:] for line in shown.splitlines()), encoding="utf-8")
    found = gathered({"IRMER_CONFIG": str(file)})
    assert found.wrong == []
    assert len(found.values) == 8


def test_every_secret_every_check_and_every_page_is_named():
    assert set(re.findall(r"`([A-Z_]+(?:TOKEN|SECRET|SECRETS_KEY))`", section("Settings"))) == set(SECRETS)
    assert re.findall(r"^\| `([a-z ]+)` \|", section("Watching it"), re.MULTILINE) == list(CHECKS)
    pages = re.findall(r"^\| `GET (/[a-z]+)`", section("Start and stop"), re.MULTILINE)
    assert pages == [LIVE, READY, HEALTH]


def test_every_option_that_it_names_is_one():
    named = re.findall(r"^\| `(--[a-z-]+) ", section("Start and stop"), re.MULTILINE)
    assert named == [f"--{name}" for name in ROWS["serve"].options]
    assert {"config", "json"} <= ROWS["doctor"].options.keys()
