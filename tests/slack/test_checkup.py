"""What Slack says of the app, in health and by the doctor: scopes, tokens, channels."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.slack import service
from bot.slack.checkup import SCOPES, checkup
from storage.model import Person
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_manifest import Manifest
from tests.fakes.slack_state import BOT_USER
from tests.processes import irmer_here
from tests.slack.conftest import PACE, World, bot_for

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def test_the_scopes_that_are_looked_for_are_those_of_the_manifest() -> None:
    assert set(Manifest.read().scopes) == SCOPES


async def named(world: World, words: str) -> str:
    async def there() -> str:
        return next((line for line in await world.server.problems() if words in line), "")

    for _ in range(200):
        if found := await there():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {words!r} in {await world.server.problems()}")


def set_channel(world: World, conversation: str) -> None:
    place = {"platform": "slack", "conversation": conversation}
    world.store.change_settings(world.tenant, {"incidents_channel": place}, by=Person("U1"), now=NOW)


async def test_a_scope_that_the_app_lacks_is_named_in_health(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        slack.scopes.discard("im:write")
        async with bot_for(slack, file) as world:
            assert "im:write" in await named(world, "lacks the scopes")


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda channel: channel.members.discard(BOT_USER), "the bot is not in it"),
        (lambda channel: setattr(channel, "archived", True), "it is archived"),
        (lambda channel: setattr(channel, "id", "C0GONE"), "channel_not_found"),
    ],
)
async def test_a_channel_that_cannot_be_written_to_is_named_in_health(
    ward: World, monkeypatch: pytest.MonkeyPatch, how, why
) -> None:
    monkeypatch.setattr(service, "CHECKUP", 0.05)
    channel = ward.slack.add_channel("governance", "C0GOV")
    how(channel)
    set_channel(ward, channel.id)
    ward.service._looking.cancel()  # type: ignore[union-attr]
    await ward.service.start()
    assert why in await named(ward, f"the incidents channel {channel.id}")


async def test_a_token_that_is_taken_again_while_people_are_asked_about_ends_its_line(
    ward: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look at the app finds the token refused; before that look is over a call goes through."""
    looked = asyncio.Event()

    async def told(*_: object) -> list[str]:
        ward.slack.revoked = False
        await ward.service._web.call("auth.test")
        return []

    async def found(*asked: object) -> list[str]:
        lines = await checkup(*asked)  # type: ignore[arg-type]
        assert "token_revoked" in str(lines)
        asyncio.get_running_loop().call_later(0.2, looked.set)
        return lines

    ward.service._looking.cancel()  # type: ignore[union-attr]
    monkeypatch.setattr(ward.service.face.people, "review", told)
    monkeypatch.setattr(service, "checkup", found)
    ward.slack.revoked = True
    await ward.service.start()
    await asyncio.wait_for(looked.wait(), 10)
    await told()
    assert await ward.service.problems() == []


async def doctor(slack: FakeSlack, file: Path, app_token: str) -> tuple[int, list[str]]:
    given = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url, "SLACK_APP_TOKEN": app_token}
    status, out, err = await asyncio.to_thread(lambda: irmer_here("doctor", database=file, **given))
    assert err == ""
    return status, [line for line in out.splitlines() if line.startswith("wrong")]


async def test_the_doctor_asks_slack(file: Path) -> None:
    async with FakeSlack(began=None) as slack:
        slack.scopes.discard("users:read")
        assert await doctor(slack, file, "xapp-wrong") == (1, [
            "wrong      Slack: the app lacks the scopes users:read: "
            "update it by manifest.yml, and install it again",
            "wrong      Slack refuses SLACK_APP_TOKEN: invalid_auth",
        ])  # fmt: skip


async def test_the_doctor_finds_nothing_wrong_with_a_slack_that_is_as_it_should_be(file: Path) -> None:
    async with FakeSlack(began=None) as slack:
        assert await doctor(slack, file, slack.app_token) == (0, [])
