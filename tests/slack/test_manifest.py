"""`manifest.yml` and the listeners are one: what is asked of Slack is listened to, and nothing else is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack_api import HISTORY, WebApi
from tests.fakes.slack_manifest import EVENT_SCOPES, Manifest
from tests.fakes.slack_state import BOT_USER
from tests.slack.conftest import World

FACE = Path(__file__).parents[2] / "bot" / "slack"
MANIFEST = Manifest.read()
_METHOD = re.compile(r"(auth|chat|conversations|files|users|views|apps)\.[a-zA-Z.]+")


@pytest.fixture
def manifest() -> Manifest:
    return MANIFEST


def called_methods() -> set[str]:
    """Every method of the Web API that the face calls, found in its source."""
    found: set[str] = set()
    for path in FACE.glob("*.py"):
        texts = [n.value for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant)]
        found |= {text for text in texts if isinstance(text, str) and _METHOD.fullmatch(text)}
    return found


async def test_every_command_of_the_manifest_is_listened_to_and_every_listener_is_in_it(
    ward: World, manifest: Manifest
) -> None:
    assert set(manifest.commands) == set(ward.service.face.commands)


async def test_every_shortcut_of_the_manifest_is_listened_to_and_every_listener_is_in_it(
    ward: World, manifest: Manifest
) -> None:
    assert set(manifest.shortcuts) == set(ward.service.face.shortcuts)
    assert set(manifest.shortcuts.values()) == {"message", "global"}


async def test_every_event_of_the_manifest_is_listened_to_and_every_listener_is_in_it(
    ward: World, manifest: Manifest
) -> None:
    heard = {event.partition(".")[0] for event in manifest.events}
    assert heard == set(ward.service.face.events)


@pytest.mark.parametrize("command", MANIFEST.commands)
async def test_a_command_of_the_manifest_reaches_its_listener(ward: World, command: str) -> None:
    assert await ward.slack.radiographer.command("help", command=command) is not None


@pytest.mark.parametrize("callback_id", MANIFEST.shortcuts)
async def test_a_shortcut_of_the_manifest_reaches_its_listener(ward: World, callback_id: str) -> None:
    message = await ward.slack.physicist.say("a message", ward.slack.incidents.id)
    of_message = MANIFEST.shortcuts[callback_id] == "message"
    await ward.slack.radiographer.shortcut(callback_id, message if of_message else None)
    # There is no case yet that anything could be added to, and that is said.
    await ward.filled(ward.slack.radiographer, "card" if callback_id == "add_to_case" else "form")


def test_every_event_has_the_scope_that_slack_wants_for_it(manifest: Manifest) -> None:
    wanted = {EVENT_SCOPES[event] for event in manifest.events} - {""}
    assert wanted <= set(manifest.scopes)


def test_every_scope_is_used_and_every_call_has_its_scope(manifest: Manifest) -> None:
    api = WebApi.__new__(WebApi)
    WebApi.__init__(api, slack=None)  # type: ignore[arg-type]
    calls = called_methods() - {"apps.connections.open"}
    assert calls <= set(api.methods), "the fake does not know these methods"
    needed = {scope for method in calls for scope in api.methods[method][1]}
    if calls & {"conversations.history", "conversations.replies"}:
        needed |= set(HISTORY.values())
    needed |= {EVENT_SCOPES[event] for event in manifest.events} - {""}
    needed.add("commands")
    assert needed == set(manifest.scopes)


# From Slack's own schema of manifests, version 1: the shortest and the longest text, the most items.
TEXTS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4_000),
    "display_information.background_color": (4, 7),
    "features.bot_user.display_name": (1, 80),
    "features.shortcuts.name": (1, 24),
    "features.shortcuts.type": (6, 7),
    "features.shortcuts.callback_id": (1, 255),
    "features.shortcuts.description": (1, 150),
    "features.slash_commands.command": (2, 32),
    "features.slash_commands.description": (1, 2_000),
    "features.slash_commands.usage_hint": (1, 1_000),
    "oauth_config.scopes.bot": (1, 50),
    "settings.event_subscriptions.bot_events": (1, 50),
}
ITEMS = {
    "features.shortcuts": 10,
    "features.slash_commands": 50,
    "oauth_config.scopes.bot": 255,
    "settings.event_subscriptions.bot_events": 100,
}
SWITCHES = {
    "features.app_home.home_tab_enabled",
    "features.app_home.messages_tab_enabled",
    "features.app_home.messages_tab_read_only_enabled",
    "features.bot_user.always_online",
    "features.slash_commands.should_escape",
    "settings.interactivity.is_enabled",
    "settings.org_deploy_enabled",
    "settings.socket_mode_enabled",
    "settings.token_rotation_enabled",
}


def refused(content: Any, at: str = "") -> Iterator[str]:
    """What Slack would not take of a manifest, and what is not known here, a line each."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from refused(value, f"{at}.{key}".lstrip("."))
    elif isinstance(content, list):
        if not 1 <= len(content) <= ITEMS.get(at, 0) or len({str(one) for one in content}) < len(content):
            yield f"{at}: {len(content)} items"
        for one in content:
            yield from refused(one, at)
    elif isinstance(content, str):
        least, most = TEXTS.get(at, (1, 0))
        if not least <= len(content) <= most:
            yield f"{at}: {len(content)} characters, {least} to {most}"
    elif not (isinstance(content, bool) and at in SWITCHES) and at[:9] != "_metadata":
        yield f"{at}: {content!r}"


def test_slack_would_take_the_manifest_as_it_is(manifest: Manifest) -> None:
    assert list(refused(manifest.content)) == []
    features = manifest.content["features"]
    assert all(re.fullmatch(r"/[a-z0-9_-]+", one["command"]) for one in features["slash_commands"])
    # The client's own settings page holds these two shorter than the schema does.
    assert all(
        len(one[key]) <= 100 for one in features["slash_commands"] for key in ("description", "usage_hint")
    )
    assert manifest.content["settings"]["interactivity"]["is_enabled"]
    assert "http" not in str(manifest.content)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("features.shortcuts", [{"name": "Check as radiation incident"}]),
        ("features.shortcuts", []),
        ("display_information", {"long_description": "Too short."}),
        ("settings", {"colour": True}),
        ("oauth_config.scopes.bot", ["commands", "commands"]),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_told(where: str, value: Any) -> None:
    assert list(refused(value, where))


def test_the_bot_hears_only_what_it_was_given(manifest: Manifest) -> None:
    event = {"type": "message", "channel_type": "channel", "user": "U", "text": f"<@{BOT_USER}>"}
    assert manifest.hears(event)
    assert not manifest.hears({**event, "channel_type": "mpim"})
