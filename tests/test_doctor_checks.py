"""`irmer doctor --json`, as a monitor reads it, and each check of its table."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.configuration import Settings
from bot.doctor_checks import CHECKS, Gravity, Looked, checked, report
from bot.platform_answers import PlatformAnswer, checkup
from storage.sqlite import open_store
from tests.core.cases.ward import Ward
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams
from tests.processes import irmer_here

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def asked(path: Path, *more: str, **given: str) -> tuple[int, dict[str, Any]]:
    status, out, err = irmer_here("doctor", "--json", *more, database=path, **given)
    assert err == ""
    assert len(out.splitlines()) == 1
    found: dict[str, Any] = json.loads(out)
    assert status == Gravity[found["state"]]
    return status, found


def of(found: dict[str, Any], check: str) -> list[tuple[str, str]]:
    return [(one["state"], one["says"]) for one in found["checks"] if one["check"] == check]


def test_where_nothing_is_kept_yet_all_is_well_and_nothing_is_made(tmp_path: Path) -> None:
    status, found = asked(tmp_path / "a.sqlite")
    assert (status, found["line"]) == (0, "IRMER OK: all is well")
    assert not list(tmp_path.iterdir())


def test_a_database_without_a_backup_is_a_warning_and_an_old_backup_is_critical(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    assert irmer_here("settings", "nation", "wales", "--now", "2026-12-01T09:00", database=path)[0] == 0
    status, found = asked(path, "--now", "2026-12-01T09:00")
    assert (status, found["line"]) == (
        1,
        "IRMER WARNING: no backup was ever made: irmer backup FILE makes one",
    )
    made = irmer_here("backup", str(tmp_path / "b.sqlite"), "--now", "2026-12-01T09:00", database=path)
    assert made[0] == 0
    for now, state in (("02T09:00", "OK"), ("03T10:00", "WARNING"), ("09T09:00", "CRITICAL")):
        status, found = asked(path, "--now", f"2026-12-{now}")
        assert found["state"] == state
        assert of(found, "backup") == [(state, "the last backup was made on 2026-12-01 at 09:00 UTC")]
    (one,) = [one for one in found["checks"] if one["check"] == "backup"]
    assert (one["value"], one["unit"]) == (8 * 24 * 3600, "s")


def test_what_is_late_is_critical_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    ward = Ward(path)
    ward.case()
    ward.store.close()
    status, found = asked(path, "--now", "2027-06-01T09:00")
    assert status == 2
    late = [one for one in found["checks"] if one["says"] == "reminders that are late"]
    assert [one["value"] > 0 for one in late] == [True]
    assert any("should have left" in says for _, says in of(found, "reminders"))
    assert " more)" in found["line"]


@pytest.mark.parametrize(
    ("given", "check", "told"),
    [
        ({"IRMER_NATION": "x"}, "configuration", "IRMER_NATION wants one of: england, wales, scotland, "),
        ({"IRMER_QQQ": "x"}, "configuration", "there is no setting IRMER_QQQ"),
    ],
)
def test_what_is_wrong_with_the_configuration_is_critical_and_told_once(
    tmp_path: Path, given: dict[str, str], check: str, told: str
) -> None:
    status, found = asked(tmp_path / "a.sqlite", **given)
    assert status == 2
    ((state, says),) = of(found, check)
    assert (state, says.startswith(told)) == ("CRITICAL", True)
    assert [one["says"] for one in found["checks"] if one["says"].startswith(told)] == [says]


def test_a_database_that_cannot_be_opened_is_critical(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"no database" * 1000)
    status, found = asked(tmp_path / "a.sqlite")
    assert status == 2
    assert of(found, "database")[0][1].endswith("is not a database: give the path of a new file, or of ours")


async def test_a_platform_is_asked_for_its_clock(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.sqlite")
    async with FakeSlack(began=None) as slack:
        given = {
            "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": slack.api_url,
        }  # fmt: skip
        for offset, gravity in ((0, Gravity.OK), (3600, Gravity.CRITICAL)):
            slack.offset = offset
            told = await checkup(Settings.of(given), store)
            (one,) = checked(Looked(NOW, store=store, asked=told))["clock"]
            assert one.gravity == gravity
            assert abs((one.value or 0) - offset) < 60
            assert one.says.startswith("slack's clock is +3") or not offset
    store.close()


def test_the_day_on_which_a_secret_ends_is_told_before_it(tmp_path: Path) -> None:
    teams = FakeTeams().start()
    try:
        given = {
            "TEAMS_CLIENT_ID": teams.app_id, "TEAMS_CLIENT_SECRET": teams.secret,
            "TEAMS_TENANT_ID": teams.tenant, "TEAMS_LOGIN_URL": teams.connector.address,
            "TEAMS_SERVICE_URL": teams.service_url,
        }  # fmt: skip
        today = datetime.now(UTC).date()
        for days, state in ((40, "OK"), (20, "WARNING"), (10, "CRITICAL"), (-1, "CRITICAL")):
            ends = today + timedelta(days=days)
            _, found = asked(tmp_path / "a.sqlite", **given, TEAMS_SECRET_EXPIRES=ends.isoformat())
            assert of(found, "credentials") == [(state, f"what teams is signed in to with ends on {ends}")]
        told = f"Teams: the client secret ended on {ends}, and nothing can be sent after it"
        assert of(found, "platforms")[0][1].startswith(told)
        _, found = asked(tmp_path / "a.sqlite", **given, TEAMS_SECRET_EXPIRES="canary")
        said = of(found, "configuration")[0][1]
        assert (
            said == "TEAMS_SECRET_EXPIRES wants the day on which the client secret ends, such as 2027-03-01"
        )
    finally:
        teams.stop()


def test_a_copy_of_before_an_upgrade_is_told_and_warned_of_once_nobody_goes_back(
    tmp_path: Path,
) -> None:
    database = tmp_path / "a.sqlite"
    open_store(database).close()
    copy = tmp_path / "a.sqlite.before-m012"
    copy.write_bytes(database.read_bytes())
    for days, state in ((3, "OK"), (31, "WARNING")):
        at = (NOW - timedelta(days=days)).timestamp()
        os.utime(copy, (at, at))
        _, found = asked(database, "--now", f"{NOW:%Y-%m-%dT%H:%M}")
        told = f"{copy.name}, of before an upgrade, is {days} days old: delete it once nobody goes back to it"
        assert of(found, "before upgrades") == [(state, told)]
    _, out, _ = irmer_here("doctor", "--now", f"{NOW:%Y-%m-%dT%H:%M}", database=database)
    assert f"before     {told}\n" in out
    assert "wrong" not in out


def test_each_check_is_in_the_table_and_the_gravest_finding_leads(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.sqlite")
    one = PlatformAnswer("slack", ("Slack refuses",), ahead=1.0, ends=date(2026, 12, 20))
    looked = Looked(NOW, ("a setting is wrong",), (), store, store.doctor(now=NOW), frozenset(), (one,))
    found = checked(looked)
    store.close()
    assert found.keys() == CHECKS.keys()
    said = report(found)
    assert said["state"] == "CRITICAL"
    assert said["line"] == "IRMER CRITICAL: a setting is wrong (and 2 more)"
