"""The systemd units in ops/: that they are what the program needs, and as tight as they are said to be."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.command_rows import ROWS
from bot.sources import GUARDED, SECRETS, gathered

OPS = Path(__file__).parents[1] / "ops"
UNITS = sorted([*OPS.glob("*.service"), *OPS.glob("*.timer")])
SERVICES = [unit for unit in UNITS if unit.suffix == ".service" and "@" not in unit.name]
ANALYSE = shutil.which("systemd-analyze")


def options(unit: Path) -> dict[str, list[str]]:
    """What a unit sets, each with its values in order; the sections together."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        name, is_one, value = line.partition("=")
        if is_one and not line.startswith(("#", "[")):
            found.setdefault(name, []).append(value)
    return found


def test_they_are_read_as_they_are_meant() -> None:
    assert len(UNITS) == 6
    for unit in UNITS:
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(unit)
        assert set(parser.sections()) <= {"Unit", "Service", "Timer", "Install"}
        assert parser["Unit"]["Description"].startswith("irmer-bot: ")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_what_they_start_is_a_command_with_options_that_it_has(unit: Path) -> None:
    (line,) = options(unit)["ExecStart"]
    program, command, *words = line.split()
    assert program == "/opt/irmer/bin/irmer"
    given = {word.removeprefix("--") for word in words if word.startswith("--")}
    assert given <= ROWS[command].options.keys()


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_they_run_as_a_user_of_their_own_that_can_write_in_one_place_alone(unit: Path) -> None:
    said = options(unit)
    assert said["User"] == ["irmer"]
    assert said["ProtectSystem"] == ["strict"]
    assert said["StateDirectory"][0].split()[0] == "irmer"
    assert said["UMask"] == ["0077"]
    assert said["CapabilityBoundingSet"] == [""]
    assert re.search(r"^u irmer - ", (OPS / "irmer.sysusers").read_text(), re.M)


def test_the_server_is_watched_started_again_and_given_its_secrets_as_files() -> None:
    said = options(OPS / "irmer.service")
    assert said["Type"] == ["notify"]
    assert said["Restart"] == ["always"]
    assert said["StartLimitIntervalSec"] == ["0"], "it is tried for as long as it takes"
    assert int(said["WatchdogSec"][0]) == 60
    assert "time-sync.target" in said["After"][0]
    assert not re.search(r"TOKEN|SECRET", "".join(said["Environment"])), "the environment is read by others"
    given = [one.partition(":")[0] for one in said["LoadCredential"]]
    assert sorted(given) == sorted(name.lower().replace("_", "-") for name in (*SECRETS, *GUARDED))
    as_service = (OPS / "irmer-as-service").read_text()
    assert re.findall(r"LoadCredential=([\w-]+):", as_service) == given, "a look has what the server has"


@pytest.mark.parametrize("told", ["as it is", "with all that stands there for show"])
def test_the_settings_file_is_one_that_is_taken(told: str, tmp_path: Path) -> None:
    text = (OPS / "irmer.toml").read_text()
    if told != "as it is":
        text = re.sub(r"^# (?=[a-z]+_?[a-z]* = |\[)", "", text, flags=re.M)
    path = tmp_path / "irmer.toml"
    path.write_text(text)
    found = gathered({"IRMER_CONFIG": str(path)})
    assert (found.wrong, found.unused) == ([], [])
    assert found.values["IRMER_NATION"] == "england"
    assert ("TEAMS_TENANT_ID" in found.values) == (told != "as it is")


def test_what_fails_at_night_is_told_and_each_timer_has_its_service() -> None:
    for timer in OPS.glob("*.timer"):
        service = timer.with_suffix(".service")
        assert options(service)["OnFailure"] == ["irmer-alert@%n.service"]
        assert options(timer)["OnCalendar"][0].endswith("Europe/London")
        assert options(timer)["Persistent"] == ["true"], "what was slept through is made up for"
    assert (OPS / "irmer-alert@.service").exists()


@pytest.mark.skipif(ANALYSE is None, reason="no systemd-analyze here")
def test_systemd_has_nothing_to_say_against_them(tmp_path: Path) -> None:
    """It ends well whatever it finds: what it prints is what counts."""
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/irmer/bin/irmer", "/bin/true"))
    for unit in UNITS:
        told = subprocess.run([ANALYSE, "verify", tmp_path / unit.name], capture_output=True, text=True)
        ours = [line for line in told.stderr.splitlines() if "irmer" in line]
        assert ours == []


@pytest.mark.skipif(ANALYSE is None, reason="no systemd-analyze here")
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_their_exposure_is_two_at_most(unit: Path, tmp_path: Path) -> None:
    (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/irmer/bin/irmer", "/bin/true"))
    judged = subprocess.run(
        [ANALYSE, "security", "--offline=true", "--threshold=20", "--no-pager", tmp_path / unit.name],
        capture_output=True,
    )
    assert judged.returncode == 0, judged.stdout.decode()[-300:]
