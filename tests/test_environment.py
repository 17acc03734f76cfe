"""What is set outside: every problem by its variable's name, and no value of it anywhere."""

from __future__ import annotations

import io
import itertools
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.configuration import Settings
from bot.process_settings import ProcessSettings
from bot.slack.service import connect
from bot.slack.settings import SlackSettings
from bot.teams.sdk import Sdk
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady

ID = "11111111-2222-4333-8444-555555555555"
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary", "SLACK_SIGNING_SECRET": "canary-sign",
    "TEAMS_CLIENT_ID": ID, "TEAMS_CLIENT_SECRET": "canary-teams", "TEAMS_TENANT_ID": ID,
}  # fmt: skip
VARIABLES = [
    alias
    for model in (Settings, SlackSettings, TeamsSettings)
    for field in model.model_fields.values()
    if isinstance(alias := field.validation_alias, str)
]
CANARY = "canary"


def shown(thing: object) -> Iterator[str]:
    """Whatever a log, a debugger or a traceback would print of it."""
    yield repr(thing)
    yield str(thing)
    if isinstance(thing, Settings):
        yield from (
            str(vars(thing)),
            str(thing.model_dump()),
            str(thing.model_dump(mode="json")),
            f"{thing!r:}",
        )
        yield from itertools.chain(*map(shown, (thing.slack, thing.teams)))
    if isinstance(thing, BaseException):
        yield "".join(traceback.format_exception(thing))
        yield str(thing.args)
        for other in (thing.__cause__, thing.__context__):
            if other is not None:
                yield from shown(other)
                yield str(getattr(other, "errors", list)())


def test_no_secret_is_shown_by_the_settings_or_by_what_is_made_of_them() -> None:
    settings = Settings.of(GOOD)
    assert settings.slack
    assert settings.teams
    assert settings.slack.bot_token.get_secret_value() == GOOD["SLACK_BOT_TOKEN"]
    made = (settings, Sdk(settings.teams))
    assert not [line for thing in made for line in shown(thing) if CANARY in line]


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize(
    "value", ["canary", "xoxb-canary", "http://canary.example:x/", "canary\n" * 3, "ca\udcffnary"]
)
def test_whatever_is_set_no_value_stands_in_an_error(name: str, value: str) -> None:
    told: NotReady | None = None
    try:
        Settings.of({**GOOD, name: value})
    except NotReady as wrong:
        told = wrong
    lines = told.lines if told else ()
    assert all(len(line.splitlines()) == 1 for line in lines)
    assert not [line for line in shown(told) if "nary" in line]


def test_what_is_wrong_everywhere_is_told_at_once_by_name() -> None:
    given = {**GOOD, "SLACK_BOT_TOKEN": "canary", "TEAMS_TENANT_ID": "canary", "IRMER_NATION": "canary"}
    with pytest.raises(NotReady) as raised:
        Settings.of(given)
    named = {line.split()[0] for line in raised.value.lines}
    assert named == {"SLACK_BOT_TOKEN", "TEAMS_TENANT_ID", "IRMER_NATION"}


def test_a_chat_in_a_terminal_minds_no_platforms_settings() -> None:
    assert ProcessSettings.of({"SLACK_BOT_TOKEN": "nonsense", "IRMER_NATION": "wales"}).nation == "wales"


async def test_a_token_that_slack_refuses_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    from tests.fakes.slack import FakeSlack

    caplog.set_level(logging.DEBUG)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logging.getLogger().addHandler(handler)
    try:
        async with FakeSlack(began=None) as slack:
            settings = SlackSettings.of({**GOOD, "SLACK_API_URL": slack.api_url})
            with pytest.raises(NotReady) as raised:
                await connect(settings, None, None, lambda: datetime.now(UTC), patience=0)  # type: ignore[arg-type]
    finally:
        logging.getLogger().removeHandler(handler)
    assert "SLACK_BOT_TOKEN" in str(raised.value)
    lines = [*shown(raised.value), out.getvalue()]
    assert not [line for line in lines if CANARY in line]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://slack.com/api/", ""),
        ("https://acme.slack.com/api/", ""),
        ("https://slack-gov.com/api", ""),
        ("http://slack.com/api/", "slack.com in the place of Slack"),
        ("http://127.0.0.1:4000/api/", "127.0.0.1:4000 in the place of Slack"),
        ("https://slack.com.example/api/", "slack.com.example in the place of Slack"),
        ("https://user:secret@proxy.example/api/", "proxy.example in the place of Slack"),
    ],
)
def test_an_address_that_is_none_of_slacks_is_shown(address, said):
    names = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": address}
    assert Settings.of(names).in_place == ((said,) if said else ())
