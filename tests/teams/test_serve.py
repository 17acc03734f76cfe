"""`irmer serve` as a process of its own, with Teams configured and the fake in the place of Microsoft."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.model import Person
from storage.sqlite import open_store
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL
from tests.processes import ROOT, irmer_here
from tests.teams.running import Running

pytestmark = pytest.mark.long

CHAT = "a:alex"


def given(teams: FakeTeams, **more: str) -> dict[str, str]:
    return {
        "IRMER_NATION": "england",
        "TEAMS_CLIENT_ID": teams.app_id, "TEAMS_CLIENT_SECRET": teams.secret, "TEAMS_TENANT_ID": teams.tenant,
        "TEAMS_LOGIN_URL": teams.connector.address, "TEAMS_SERVICE_URL": teams.service_url, **more,
    }  # fmt: skip


def environment(teams: FakeTeams, folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT),
        "IRMER_DATABASE": str(folder / "irmer.sqlite"), **given(teams, **more),
    }  # fmt: skip


@contextmanager
def serving(teams: FakeTeams, folder: Path, **more: str) -> Iterator[tuple[str, list[str]]]:
    """The address, and what it said when it started."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--port", "0"], env=environment(teams, folder, **more),
        cwd=folder, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    said: list[str] = []
    try:
        assert process.stdout is not None
        while not said or "http://" not in said[-1].partition("Serving at ")[2]:
            said.append(process.stdout.readline())
            assert said[-1], "it ended"
        url = said[-1].partition("Serving at ")[2].split()[0].rstrip(".")
        teams.bot = f"{url}/api/messages"
        yield url, said
    finally:
        process.terminate()
        assert process.wait(30) == 0


def health(url: str) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_it_answers_what_is_signed_and_says_that_it_is_a_test(teams: FakeTeams, tmp_path: Path):
    with serving(teams, tmp_path) as (url, said):
        assert any("in the place of Microsoft" in line for line in said)
        assert teams.say("threshold foetal", CHAT).status == 200
        teams.wait(lambda: "10 mGy" in teams.last(CHAT).text)
        assert teams.say("check", CHANNEL).status == 200
        teams.wait(lambda: "Is it notifiable?" in teams.last(CHAT).text)
        assert teams.deliver(teams.activity(where=CHAT, text="help"), "x.y.z").status == 401
        status, found = health(url)
        assert (status, found["problems"]) == (200, [])
        assert "in the place of Microsoft" in found["faces"][0]


def test_without_a_token_of_its_own_it_goes_on_and_health_names_the_setting(teams: FakeTeams, tmp_path: Path):
    with serving(teams, tmp_path, TEAMS_CLIENT_SECRET="another") as (url, _):
        assert teams.say("help", CHAT).status == 200
        teams.wait(lambda: "TEAMS_CLIENT_SECRET" in str(health(url)[1]["problems"]))
        assert health(url)[0] == 503
        assert teams.posted() == []


def test_what_is_wrong_is_said_in_one_line_and_nothing_is_served(teams: FakeTeams, tmp_path: Path):
    wrong = given(teams, DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS="true")
    status, out, err = irmer_here("serve", "--port", "0", database=tmp_path / "irmer.sqlite", **wrong)
    assert (status, out) == (2, "")
    assert "every request must be signed" in err
    assert len(err.strip().splitlines()) == 1


def doctor(teams: FakeTeams, folder: Path, **more: str) -> list[str]:
    status, out, err = irmer_here("doctor", database=folder / "irmer.sqlite", **given(teams, **more))
    assert err == ""
    wrong = [line.partition(" ")[2].strip() for line in out.splitlines() if line.startswith("wrong")]
    assert status == (1 if wrong else 0)
    return wrong


def test_the_doctor_says_that_a_stand_in_is_none_of_microsofts(teams: FakeTeams, tmp_path: Path):
    _, out, _ = irmer_here("doctor", database=tmp_path / "irmer.sqlite", **given(teams))
    assert "in the place of Microsoft" in next(
        line for line in out.splitlines() if line.startswith("not real")
    )


def test_the_doctor_asks_microsoft_for_a_token_and_names_a_channel_that_is_not_known(
    teams: FakeTeams, tmp_path: Path
):
    assert doctor(teams, tmp_path) == []
    store = open_store(tmp_path / "irmer.sqlite")
    place = {"platform": "teams", "conversation": CHANNEL}
    store.change_settings(teams.tenant, {"incidents_channel": place}, by=Person("U1"), now=datetime.now(UTC))
    store.close()
    assert doctor(teams, tmp_path) == [
        "Teams: the incidents channel has never written to the bot: mention it there once"
    ]
    assert "check TEAMS_CLIENT_SECRET" in doctor(teams, tmp_path, TEAMS_CLIENT_SECRET="another")[0]


def test_the_doctor_sends_a_test_to_each_channel_and_says_what_became_of_it(teams: FakeTeams, tmp_path: Path):
    running = Running(teams, tmp_path / "irmer.sqlite")
    assert teams.say("help", CHANNEL).status == 200
    teams.wait(lambda: teams.posted(CHANNEL))
    running.stop()
    store = open_store(tmp_path / "irmer.sqlite")
    place = {"platform": "teams", "conversation": CHANNEL}
    store.change_settings(teams.tenant, {"incidents_channel": place}, by=Person("U1"), now=datetime.now(UTC))
    store.close()
    said = [
        irmer_here("doctor", "--ping", database=tmp_path / "irmer.sqlite", **given(teams))[1]
        for teams.conversations[CHANNEL].installed in (True, False)
    ]
    assert "test ping  teams, the incidents channel: arrived" in said[0]
    assert teams.last(CHANNEL).text.startswith("TEST by irmer doctor")
    assert "wrong      test ping, teams, the incidents channel: refused with 403" in said[1]
