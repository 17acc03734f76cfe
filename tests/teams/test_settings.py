"""What the environment says of Teams, and what of it is refused."""

from __future__ import annotations

import pytest

from bot.teams.settings import SettingsError, configured, from_environment
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import TENANT

GOOD = {
    "TEAMS_CLIENT_ID": FakeTeams.app_id,
    "TEAMS_CLIENT_SECRET": "secret",
    "TEAMS_TENANT_ID": TENANT.upper(),
}


def test_the_settings_come_from_the_environment():
    settings = from_environment(GOOD)
    assert settings.allowed_tenants == {TENANT}
    assert settings.service_scheme == "https"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("value", ["1", "true", "yes", "on", "TRUE", "whatever"])
def test_without_checking_signatures_it_does_not_start(value):
    with pytest.raises(SettingsError, match="every request must be signed"):
        from_environment({**GOOD, "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS": value})


@pytest.mark.parametrize("name", GOOD)
def test_a_setting_that_is_missing_is_named(name):
    with pytest.raises(SettingsError) as raised:
        from_environment({**GOOD, name: " "})
    assert raised.value.lines == (f"{name} is not set",)


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(SettingsError) as raised:
        from_environment({"TEAMS_CLIENT_ID": "irmer", "TEAMS_TENANT_ID": "trust.nhs.uk"})
    assert len(raised.value.lines) == 3


def test_nothing_set_means_that_teams_is_not_wanted():
    assert not configured({})
    assert configured({"TEAMS_CLIENT_ID": "x"})
