"""`irmer connect` at a terminal, and a key that is put before the others while a process runs."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import subprocess
import sys
import termios
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import connecting, running
from storage.organisation_model import Outside
from storage.secret_box import SecretBox
from storage.sqlite import open_store
from tests.fakes.teams import FakeTeams
from tests.processes import ENVIRONMENT, irmer_here
from tests.processes import ROOT as PROJECT
from tests.test_many_connections import CANARY, KEY, ROOT, SEALED, begun, kept_slack, slack_of, two
from tests.test_start_and_stop import page, serving


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(running, "LOOK", 0.1)


@pytest.fixture
def teams() -> Iterator[FakeTeams]:
    fake = FakeTeams().start()
    yield fake
    fake.stop()


def at_a_terminal(*words: str, answers: Mapping[str, str], **given: str) -> tuple[int, str]:
    """The command at a terminal of its own: to each prompt its answer, and what stands there in the end."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "bot", *words], stdin=theirs, stdout=theirs, stderr=theirs, cwd=PROJECT,
        env={**ENVIRONMENT, **given}, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(theirs)
    left, shown = dict(answers), ""
    with suppress(OSError):  # the terminal ends with the command
        while read := os.read(ours, 4096):
            shown += read.decode()
            for prompt in [one for one in left if one in shown]:
                os.write(ours, f"{left.pop(prompt)}\n".encode())
    os.close(ours)
    return run.wait(60), shown.replace("\r\n", "\n")


async def test_at_a_terminal_secrets_are_asked_for_and_not_shown(tmp_path: Path, teams: FakeTeams) -> None:
    file, key = tmp_path / "a.sqlite", tmp_path / "secrets.key"
    begun(file, "ward", "city").close()
    assert irmer_here("secrets", "new-key", str(key))[0] == 0
    where = {
        "IRMER_DATABASE": str(file), "IRMER_SECRETS_KEY_FILE": str(key),
        "TEAMS_LOGIN_URL": teams.connector.address, "TEAMS_SERVICE_URL": teams.service_url,
    }  # fmt: skip
    answers = {
        "Client id of the registration": teams.app_id, "Directory (tenant) id": teams.tenant,
        "Client secret (nothing is shown)": teams.secret, "The day on which it ends": "2027-03-01",
    }  # fmt: skip

    async def typed(*words: str, **changed: str) -> tuple[int, str]:
        def run() -> tuple[int, str]:
            return at_a_terminal("connect", *words, answers={**answers, **changed}, **where)

        return await asyncio.to_thread(run)

    wrong = {"Client secret (nothing is shown)": "another-secret"}
    status, shown = await typed("teams", **wrong)
    assert (status, "another-secret" in shown) == (2, False)
    assert "Traceback" not in shown
    status, shown = await typed("teams", "--organisation", "ward")
    assert (status, teams.secret in shown) == (0, False)
    assert f"teams {teams.tenant} is connected, app {teams.app_id}" in shown, shown
    assert "Messaging endpoint of the bot: https://your.host/api/messages/teams-1" in shown
    store = open_store(file)
    (one,) = store.connections()
    assert dict(one.plan.settings)["TEAMS_SECRET_EXPIRES"] == "2027-03-01"
    assert [row.name for row in store.sealed_secrets("teams-1")] == ["TEAMS_CLIENT_SECRET"]
    assert store.bound([Outside("teams", "directory", teams.tenant, teams.app_id)]) == "ward"
    async with slack_of("CITY") as city:
        where["SLACK_API_URL"] = city.api_url
        answers = {
            "Bot token": city.bot_token, "App-level token": "", "Signing secret": city.signing_secret,
        }  # fmt: skip
        status, shown = await typed("slack", "--organisation", "city")
    assert (status, CANARY in shown) == (0, False)
    assert "Request URL, where Slack calls by HTTP: https://your.host/slack/events/slack-1" in shown
    assert {row.name for row in store.sealed_secrets("slack-1")} == {
        "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET",
    }  # fmt: skip
    store.close()


@pytest.mark.usefixtures("quick")
async def test_a_key_that_is_put_before_the_others_seals_for_a_process_that_runs(tmp_path: Path) -> None:
    file, keys = tmp_path / "a.sqlite", tmp_path / "secrets.key"
    store, new = begun(file, "ward", "city"), urlsafe_b64encode(b"n" * 32).decode()
    keys.write_text(f"{KEY}\n")
    async with two() as (ward, city):
        kept_slack(store, ward, "ward")
        async with serving(file, SEALED | {"IRMER_SECRETS_KEY_FILE": str(keys)}) as made:
            keys.write_text(f"{new}\n{KEY}\n")
            store.seal_anew(SecretBox([new, KEY]), by=ROOT, now=datetime.now(UTC))
            keys.write_text(f"{new}\n")
            kept_slack(store, city, "city", box=SecretBox([new]))
            for _ in range(600):
                status, health = await page(f"{made.url}/health")
                if status == 200 and len(health["faces"]) == 2:  # it is there before it can answer
                    break
                await asyncio.sleep(0.05)
            for number, slack in enumerate((ward, city), 1):
                slack.bot_url = f"{made.url}/slack/events/slack-{number}"
                assert await slack.radiographer.command("threshold foetal")
    store.close()
