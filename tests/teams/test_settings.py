"""What the environment says of Teams, and what of it is refused."""

from __future__ import annotations

import pytest

from bot.configuration import Settings
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import TENANT

GOOD = {
    "TEAMS_CLIENT_ID": FakeTeams.app_id,
    "TEAMS_CLIENT_SECRET": "secret",
    "TEAMS_TENANT_ID": TENANT.upper(),
}


def test_the_settings_come_from_the_environment():
    settings = TeamsSettings.of(GOOD)
    assert settings.allowed_tenants == {TENANT}
    assert settings.service_scheme == "https"
    assert settings.client_secret.get_secret_value() == "secret"


@pytest.mark.parametrize("value", ["1", "true", "yes", "on", "TRUE", "whatever"])
def test_without_checking_signatures_it_does_not_start(value):
    with pytest.raises(NotReady, match="every request must be signed"):
        TeamsSettings.of({**GOOD, "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS": value})


@pytest.mark.parametrize("name", GOOD)
def test_a_setting_that_is_missing_is_named(name):
    with pytest.raises(NotReady) as raised:
        TeamsSettings.of({**GOOD, name: " "})
    assert len(raised.value.lines) == 1
    assert raised.value.lines[0].startswith(f"{name} is not set")


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(NotReady) as raised:
        TeamsSettings.of({"TEAMS_CLIENT_ID": "irmer", "TEAMS_TENANT_ID": "trust.nhs.uk"})
    assert len(raised.value.lines) == 3


def test_nothing_set_means_that_teams_is_not_wanted():
    assert Settings.of({"TEAMS_LOGIN_URL": "http://127.0.0.1:4000"}).teams is None
    with pytest.raises(NotReady, match="TEAMS_CLIENT_SECRET is not set"):
        Settings.of({"TEAMS_CLIENT_ID": FakeTeams.app_id})


LOCAL = {"TEAMS_LOGIN_URL": "http://127.0.0.1:4000", "TEAMS_SERVICE_URL": "http://127.0.0.1:4001/teams/"}


def test_another_login_and_connector_on_this_machine_take_the_place_of_microsofts():
    settings = TeamsSettings.of({**GOOD, **LOCAL})
    assert settings.service_hosts == {"127.0.0.1:4001", "localhost:4001", "::1:4001"}
    assert settings.keys_url == "http://127.0.0.1:4000/v1/.well-known/openidconfiguration"
    assert TeamsSettings.of(GOOD).token is None


@pytest.mark.parametrize("name", LOCAL)
@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.0.7:4000",
        "https://login.example.org",
        "http://127.0.0.1.example.org:4000",
        "http://127.0.0.1:4000@example.org/",
        "http://example.org:80\\@127.0.0.1:4000/",
        "127.0.0.1:4000",
        "http://127.0.0.1:x/",
    ],
)
def test_what_stands_in_for_microsoft_is_on_this_machine_or_refused(name, url):
    with pytest.raises(NotReady, match=f"{name} is for tests"):
        TeamsSettings.of({**GOOD, **LOCAL, name: url})


@pytest.mark.parametrize("name", LOCAL)
def test_login_and_connector_go_together(name):
    with pytest.raises(NotReady, match="go together"):
        TeamsSettings.of({**GOOD, name: LOCAL[name]})
