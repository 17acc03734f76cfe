"""A token that was found genuine is known again, and no longer than it is good for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest

from bot.teams.keys import Aside, Forged, Keys
from tests.fakes.teams import FakeTeams
from tests.teams.running import Running

CHAT = "a:alex"
HERE, ELSEWHERE = "https://smba.trafficmanager.net/uk/", "https://smba.trafficmanager.net/emea/"
TOKEN = jwt.encode({}, "0123456789abcdef0123456789abcdef", headers={"kid": "k1"})


class Once:
    """A validator that finds a token genuine the first time it is asked, and never again."""

    def __init__(self, claims: dict[str, Any]) -> None:
        self.claims, self.asked = claims, 0

    async def validate_token(self, raw_token: str, service_url: str | None = None) -> dict[str, Any]:
        self.asked += 1
        if self.asked > 1:
            raise jwt.InvalidTokenError
        return self.claims


@pytest.fixture
async def aside() -> AsyncIterator[Aside]:
    aside = Aside()
    yield aside
    aside.close()


async def test_the_same_token_for_the_same_address_is_not_checked_twice(aside: Aside):
    validator = Once({"exp": time.time() + 600})
    keys = Keys(lambda: validator, aside)
    assert await keys.check(TOKEN, HERE) == await keys.check(TOKEN, HERE)
    assert validator.asked == 1


async def test_for_another_address_it_is_checked_again(aside: Aside):
    keys = Keys(lambda: Once({"exp": time.time() + 600}), aside)
    await keys.check(TOKEN, HERE)
    with pytest.raises(Forged):
        await keys.check(TOKEN, ELSEWHERE)


async def test_once_it_has_run_out_it_is_checked_again(aside: Aside):
    keys = Keys(lambda: Once({"exp": str(int(time.time()) - 1)}), aside)
    await keys.check(TOKEN, HERE)
    with pytest.raises(Forged):
        await keys.check(TOKEN, HERE)


async def test_with_new_keys_it_is_checked_again(aside: Aside, monkeypatch: pytest.MonkeyPatch):
    made = [Once({"exp": time.time() + 600}) for _ in range(3)]
    fresh = iter(made)
    keys = Keys(lambda: next(fresh), aside)
    await keys.check(TOKEN, HERE)
    monkeypatch.setattr("bot.teams.keys.FRESH", 0.0)
    keys._until = 0.0
    await keys.check(TOKEN, HERE)
    assert [one.asked for one in made] == [0, 1, 1]


async def test_a_token_that_never_runs_out_is_refused_each_time(aside: Aside):
    keys = Keys(lambda: Once({}), aside)
    for _ in range(2):
        with pytest.raises(Forged):
            await keys.check(TOKEN, HERE)


@pytest.mark.parametrize("kid", ["other", "none"])
def test_a_key_that_is_not_endorsed_for_teams_is_refused(teams: FakeTeams, bot: Running, kid: str):
    activity = teams.activity(where=CHAT, text="help")
    assert teams.deliver(activity, teams.token(kid=kid)).status == 401
    bot.settle()
    assert teams.posted() == []
    assert teams.deliver(activity, teams.token()).status == 200


def test_a_token_that_was_taken_is_refused_beside_another_service_address(teams: FakeTeams, bot: Running):
    token = teams.token()
    assert teams.deliver(teams.activity(where=CHAT, text="help"), token).status == 200
    moved = teams.activity(where=CHAT, text="help") | {"serviceUrl": teams.service_url + "elsewhere/"}
    assert teams.deliver(moved, token).status == 401
    bot.settle()
    assert len(teams.posted(CHAT)) == 1
