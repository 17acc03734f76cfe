"""What the environment says, and one line for whatever is wrong with it."""

from __future__ import annotations

import pytest

from bot.configuration import Settings
from bot.slack.settings import SlackSettings
from bot.usage import NotReady

TOKEN, SECRET, APP = "xoxb-1", "abc", "xapp-1"


def test_nothing_set_is_no_slack() -> None:
    assert Settings.of({"PATH": "/bin", "SLACK_API_URL": "http://127.0.0.1/api/"}).slack is None


def test_an_app_token_means_socket_mode() -> None:
    settings = SlackSettings.of({"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP})
    assert settings.socket_mode


def test_a_signing_secret_alone_means_http() -> None:
    settings = SlackSettings.of({"SLACK_BOT_TOKEN": f" {TOKEN} ", "SLACK_SIGNING_SECRET": SECRET})
    assert not settings.socket_mode
    assert settings.bot_token.get_secret_value() == TOKEN


def test_the_address_of_another_web_api_ends_in_a_slash() -> None:
    settings = SlackSettings.of(
        {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP, "SLACK_API_URL": "http://127.0.0.1:1/api"}
    )
    assert settings.api_url == "http://127.0.0.1:1/api/"


WRONG = [
    ({"SLACK_APP_TOKEN": APP}, "SLACK_BOT_TOKEN"),
    ({"SLACK_SIGNING_SECRET": SECRET}, "SLACK_BOT_TOKEN"),
    ({"SLACK_BOT_TOKEN": TOKEN}, "SLACK_APP_TOKEN"),
    ({"SLACK_BOT_TOKEN": "xoxp-secret", "SLACK_APP_TOKEN": APP}, "xoxb-"),
    ({"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": "xoxb-secret"}, "xapp-"),
    ({"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP, "SLACK_API_URL": "ftp://secret"}, "SLACK_API_URL"),
]


@pytest.mark.parametrize(("environment", "named"), WRONG)
def test_what_is_wrong_is_named_in_one_line_that_repeats_no_token(
    environment: dict[str, str], named: str
) -> None:
    with pytest.raises(NotReady) as wrong:
        Settings.of(environment)
    assert named in str(wrong.value)
    assert "\n" not in str(wrong.value)
    assert "secret" not in str(wrong.value).replace("SIGNING_SECRET", "")
