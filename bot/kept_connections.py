"""Connections that `irmer connect` has made, and what they sign in with, unsealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.configuration import Settings
from bot.environment import FromEnvironment
from bot.paths import path_of
from bot.slack.settings import SlackSettings
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady
from storage.chat_connection_model import ChatConnection
from storage.errors import StoreError
from storage.secret_box import CannotUnseal, SecretBox
from storage.store import Store

KEY = "IRMER_SECRETS_KEY"
NO_KEY = f"{KEY}_FILE is not set, and the secrets of connections are sealed: name the file of their keys"
# Of a connection the settings that are secret, and those that are not, by their names in the environment.
SECRET: Mapping[str, tuple[str, ...]] = {
    "slack": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    "teams": ("TEAMS_CLIENT_SECRET",),
}
PLAIN: Mapping[str, tuple[str, ...]] = {
    "slack": ("SLACK_API_URL",),
    "teams": (
        "TEAMS_CLIENT_ID", "TEAMS_TENANT_ID", "TEAMS_SECRET_EXPIRES", "TEAMS_CERTIFICATE",
        "TEAMS_LOGIN_URL", "TEAMS_SERVICE_URL",
    ),
}  # fmt: skip
MODELS: Mapping[str, type[FromEnvironment]] = {"slack": SlackSettings, "teams": TeamsSettings}


def box_of(settings: Settings) -> SecretBox | None:
    """None where no key is set. Raises NotReady. The file is read anew: a key may have been put before the
    others since this process began."""
    if not (text := settings.secrets_key.get_secret_value()):
        return None
    try:
        return SecretBox.of(_by_now(settings.secrets_key_file) or text)
    except StoreError as problem:
        raise NotReady(str(problem)) from None


def _by_now(file: str) -> str:
    """Empty where it cannot be read any more: what was read goes on."""
    try:
        return path_of(file).read_text(encoding="utf-8").strip() if file else ""
    except (OSError, ValueError):
        return ""


def served_connections(store: Store) -> tuple[ChatConnection, ...]:
    """Those that are live and not the environment's."""
    return tuple(one for one in store.connections() if one.state == "live" and not one.by_environment)


def opened(one: ChatConnection, store: Store, settings: Settings) -> FromEnvironment:
    """What one signs in with, as its platform's settings. Raises NotReady."""
    if (box := box_of(settings)) is None:
        raise NotReady(NO_KEY)
    given = dict(one.plan.settings)
    try:
        for row in store.sealed_secrets(one.id):
            given[row.name] = box.open(row.connection, row.name, row.sealed)
    except CannotUnseal as problem:
        raise NotReady(str(problem)) from None
    return MODELS[one.platform].of(given)


def wrong_with_secrets(store: Store, settings: Settings) -> Iterator[str]:
    """What of the secrets cannot be opened, or is sealed by a key of before, a line each; for doctor."""
    rows = store.sealed_secrets()
    try:
        box = box_of(settings)
    except NotReady as problem:
        yield str(problem)
        return
    if rows and box is None:
        yield NO_KEY
    for row in rows if box else ():
        assert box
        if not box.knows(row.key_id):
            yield f"{row.name} of {row.connection} is sealed by the key {row.key_id}, which is not there"
        elif row.key_id != box.key_id:
            old = f"{row.name} of {row.connection} is sealed by the key {row.key_id} of before"
            yield f"{old}: irmer secrets rotate"
