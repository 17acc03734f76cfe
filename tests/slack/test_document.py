"""docs/slack.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from bot.core.settings.definitions import SETTINGS
from tests.fakes.slack_manifest import Manifest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")


def test_every_file_it_points_to_is_there() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT)
    assert len(linked) > 5
    for path in linked:
        assert (ROOT / "docs" / path).exists(), path


def test_every_setting_it_names_can_be_set() -> None:
    named = {*re.findall(r"/irmer settings (\w+)", TEXT), *re.findall(r"`(\w+_channel)`", TEXT)}
    assert named
    assert named <= set(SETTINGS)


def test_it_calls_scopes_and_shortcuts_as_the_manifest_does() -> None:
    manifest = Manifest.read()
    for name in (shortcut["name"] for shortcut in manifest.content["features"]["shortcuts"]):
        assert f"*{name}*" in TEXT
    for scope in re.findall(r"`(\w+:history)`", TEXT):
        assert scope in manifest.scopes


def test_the_make_targets_it_names_exist() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z-]+)`", TEXT)) <= set(targets)
