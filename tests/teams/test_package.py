"""The app package, as an administrator uploads it."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.cli import main
from bot.configuration import Settings
from bot.core.commands import names
from bot.teams import icons, package
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady

IDS = {
    "TEAMS_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
    "TEAMS_CLIENT_SECRET": "secret",
    "TEAMS_TENANT_ID": "99999999-aaaa-bbbb-cccc-dddddddddddd",
}
SETTINGS = TeamsSettings.of(IDS)
SCHEMAS = (
    Path(__file__).parents[2]
    / ".e2e"
    / "node_modules"
    / "@microsoft"
    / "app-manifest"
    / "build"
    / "json-schemas"
)


@pytest.fixture
def made(tmp_path) -> dict[str, bytes]:
    package.write(tmp_path / "irmer.zip", SETTINGS)
    with zipfile.ZipFile(tmp_path / "irmer.zip") as made:
        assert made.testzip() is None
        return {name: made.read(name) for name in made.namelist()}


def manifest(made: dict[str, bytes]) -> dict:
    return json.loads(made["manifest.json"])


def test_it_holds_the_manifest_and_the_two_icons_that_it_names(made):
    assert set(made) == {"manifest.json", *manifest(made)["icons"].values()}


def test_it_names_the_bot_and_no_secret(made):
    (bot,) = manifest(made)["bots"]
    assert bot["botId"] == SETTINGS.client_id
    assert all(b"secret" not in content for content in made.values())


def test_every_command_of_the_bot_is_in_every_scopes_list_and_none_too_many(made):
    (bot,) = manifest(made)["bots"]
    assert len(bot["commandLists"]) <= 3
    assert [scope for one in bot["commandLists"] for scope in one["scopes"]] == bot["scopes"]
    for one in bot["commandLists"]:
        assert [command["title"] for command in one["commands"]] == list(names())
        assert len(one["commands"]) <= 12
        assert one["triggers"] == ["mention", "slash"]


def test_texts_are_no_longer_than_teams_shows(made):
    found = manifest(made)
    assert len(found["name"]["short"]) <= 30
    assert len(found["name"]["full"]) <= 100
    assert len(found["description"]["short"]) <= 80
    assert len(found["description"]["full"]) <= 4000
    assert len(found["developer"]["name"]) <= 32
    for one in found["bots"][0]["commandLists"]:
        assert all(len(command["title"]) <= 32 for command in one["commands"])
        assert all(len(command["description"]) <= 128 for command in one["commands"])


def test_whoever_stands_behind_it_is_named_by_the_settings(tmp_path):
    whose = {"IRMER_ORGANISATION": "A trust", "IRMER_WEBSITE": "https://trust.example/irmer"}
    found = package.write(tmp_path / "x.zip", TeamsSettings.of({**IDS, **whose}))
    assert found["developer"]["name"] == "A trust"
    assert found["developer"]["privacyUrl"] == "https://trust.example/irmer"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IRMER_ORGANISATION", "An NHS trust with a name that never ends"),
        ("IRMER_WEBSITE", "trust.example"),
        ("IRMER_WEBSITE", "http://trust.example"),
        ("IRMER_WEBSITE", "https://"),
        ("IRMER_WEBSITE", "https://trust.example/a page"),
        ("IRMER_WEBSITE", "https://[trust"),
    ],
)
def test_what_teams_would_not_take_is_said(name, value):
    with pytest.raises(NotReady) as raised:
        Settings.of({**IDS, name: value})
    (line,) = raised.value.lines
    assert line.startswith(name)


def test_made_again_it_is_the_same_app_to_the_byte(tmp_path):
    for name in ("one.zip", "two.zip"):
        package.write(tmp_path / name, SETTINGS)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def checked(path, capsys, monkeypatch, **more: str) -> tuple[int, list[str]]:
    for name, value in {**IDS, **more}.items():
        monkeypatch.setenv(name, value)
    status = main(["teams", "package", str(path), "--check"])
    return status, capsys.readouterr().out.splitlines()


WHOSE = {"IRMER_ORGANISATION": "A trust", "IRMER_WEBSITE": "https://trust.example/irmer"}


def test_a_check_says_what_an_administrator_would_stumble_over_and_writes_nothing(
    tmp_path, capsys, monkeypatch
):
    path = tmp_path / "x.zip"
    status, lines = checked(path, capsys, monkeypatch)
    assert (status, len(lines)) == (1, 2)
    assert lines[0].startswith("IRMER_ORGANISATION is not set")
    status, lines = checked(path, capsys, monkeypatch, **WHOSE)
    assert (status, lines) == (0, [f"IRMER {package.release(version('irmer-bot'))} can be uploaded."])
    assert not path.exists()


def test_a_check_beside_an_earlier_package_says_whether_teams_takes_it_as_an_update(
    tmp_path, capsys, monkeypatch
):
    path = tmp_path / "x.zip"
    package.write(path, TeamsSettings.of({**IDS, **WHOSE}))
    assert checked(path, capsys, monkeypatch, **WHOSE)[0] == 0
    changed = {**WHOSE, "IRMER_ORGANISATION": "Another trust"}
    assert "only by a higher one" in checked(path, capsys, monkeypatch, **changed)[1][0]
    monkeypatch.setattr(package, "version", lambda _: "9.9.9")
    assert "make it again for 9.9.9" in checked(path, capsys, monkeypatch, **changed)[1][0]
    other = {"TEAMS_CLIENT_ID": IDS["TEAMS_TENANT_ID"]}
    assert "another app" in checked(path, capsys, monkeypatch, **WHOSE, **other)[1][0]
    path.write_text("no zip")
    assert checked(path, capsys, monkeypatch, **WHOSE)[1] == [f"{path} is no app package"]


@pytest.mark.parametrize(
    ("program", "teams"),
    [("0.2.0", "0.2.0"), ("1.10.3.dev4+gabc", "1.10.3"), ("2.0rc1", "2.0.1"), ("3", "3.0.0")],
)
def test_the_version_is_the_programs_in_the_form_that_teams_takes(program, teams):
    assert package.release(program) == teams


def test_nothing_in_it_asks_for_consent(made):
    """Neither rights in the directory (an admin's consent) nor in a team (resource-specific consent)."""
    assert not {"webApplicationInfo", "authorization"} & manifest(made).keys()
    assert set(manifest(made)["permissions"]) <= {"identity", "messageTeamMembers"}


def test_private_and_shared_channels_are_served_too(made):
    assert manifest(made)["supportsChannelFeatures"] == "tier1"


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the rows of RGBA pixels of a PNG without filters."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    start = png.index(b"IDAT") + 4
    length = struct.unpack(">I", png[start - 8 : start - 4])[0]
    assert (
        zlib.crc32(png[start - 4 : start + length])
        == struct.unpack(">I", png[start + length : start + length + 4])[0]
    )
    raw = zlib.decompress(png[start : start + length])
    stride = 1 + 4 * width
    assert all(raw[row * stride] == 0 for row in range(height))
    return width, height, [raw[row * stride + 1 : (row + 1) * stride] for row in range(height)]


def test_the_colour_icon_is_192_pixels_and_filled_to_the_edge():
    width, height, rows = pixels(icons.colour())
    assert (width, height) == (192, 192)
    assert all(alpha == 255 for row in rows for alpha in row[3::4])
    assert len({row[x : x + 4] for row in rows for x in range(0, 4 * width, 4)}) > 2


def test_the_outline_icon_is_32_pixels_of_white_on_nothing():
    width, height, rows = pixels(icons.outline())
    assert (width, height) == (32, 32)
    shown = [row[x : x + 4] for row in rows for x in range(0, 4 * width, 4)]
    assert {pixel[:3] for pixel in shown} == {b"\xff\xff\xff"}
    assert {0, 255} <= {pixel[3] for pixel in shown}


def test_the_manifest_fits_the_published_schema(made):
    path = SCHEMAS / "teams" / f"v{package.SCHEMA}" / "MicrosoftTeams.schema.json"
    if not path.exists():
        pytest.skip("no copy of the manifest's schema at hand: `make teams-e2e` installs one")
    from jsonschema import Draft4Validator

    found = manifest(made)
    validator = Draft4Validator(json.loads(path.read_text(encoding="utf-8-sig")))
    assert [error.message for error in validator.iter_errors(found)] == []
    assert [error.message for error in validator.iter_errors({**found, "botss": 1})]
