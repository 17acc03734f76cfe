"""`manifest.yml` and the listeners are one: what is asked of Slack is listened to, and nothing else is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.fakes.slack_api import HISTORY, WebApi
from tests.fakes.slack_manifest import EVENT_SCOPES, Manifest
from tests.fakes.slack_state import BOT_USER
from tests.slack.conftest import World

FACE = Path(__file__).parents[2] / "bot" / "slack"
MANIFEST = Manifest.read()
_METHOD = re.compile(r"(auth|chat|conversations|users|views|apps)\.[a-zA-Z.]+")


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
    await ward.filled(ward.slack.radiographer)


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


def test_slack_would_take_the_manifest_as_it_is(manifest: Manifest) -> None:
    about = manifest.content["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4_000
    for command in manifest.content["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert len(command["description"]) <= 100
        assert len(command["usage_hint"]) <= 100
    for shortcut in manifest.content["features"]["shortcuts"]:
        assert len(shortcut["description"]) <= 150
    assert manifest.content["settings"]["interactivity"]["is_enabled"]
    assert "http" not in str(manifest.content)


def test_the_bot_hears_only_what_it_was_given(manifest: Manifest) -> None:
    event = {"type": "message", "channel_type": "channel", "user": "U", "text": f"<@{BOT_USER}>"}
    assert manifest.hears(event)
    assert not manifest.hears({**event, "channel_type": "mpim"})
