"""The app package that an administrator uploads: a ZIP of manifest.json and two icons."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from bot.core.help import COMMANDS
from bot.teams import icons
from bot.teams.settings import SettingsError, TeamsSettings

SCHEMA = "1.29"
DEFAULT_FILE = "irmer-teams.zip"
WEBSITE = "https://example.org/irmer"
MAX_COMMANDS = 12  # a list, as the schema has it
MAX_ORGANISATION, MAX_WEBSITE = 32, 2048  # characters, as the schema has it
DESCRIPTION = (
    "Checks whether a radiation incident is notifiable under IR(ME)R, with the criteria of the UK's guidance,"
    " keeps the written assessment, opens a case with its two statutory deadlines, and reminds until they "
    "are met.\n\nIt supports a decision and is not one: the employer decides, and the medical physics expert "
    "(MPE) confirms. No identifiers of patients belong in it."
)


def manifest(
    settings: TeamsSettings, *, organisation: str = "Radiation safety", website: str = WEBSITE
) -> dict[str, Any]:
    """The manifest by schema 1.29. Its id is made of the app's, so that a package made again is an update."""
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": version("irmer-bot"),
        "id": str(uuid5(NAMESPACE_URL, f"irmer-bot:{settings.client_id.lower()}")),
        "developer": {
            "name": organisation,
            "websiteUrl": website,
            "privacyUrl": website,
            "termsOfUseUrl": website,
        },
        "name": {"short": "IRMER", "full": "IRMER: radiation incidents under IR(ME)R"},
        "description": {"short": "Is a radiation incident notifiable under IR(ME)R?", "full": DESCRIPTION},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#00305C",
        "bots": [
            {
                "botId": settings.client_id,
                "scopes": ["personal", "team", "groupChat"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "supportsTargetedMessages": True,
                "commandLists": [_commands(scope) for scope in ("personal", "team", "groupChat")],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],
        "defaultInstallScope": "team",
    }


def _commands(scope: str) -> dict[str, Any]:
    """Menu entries: a command each, its usage in the description. As slash commands they are a preview."""
    listed: dict[str, str] = {}
    for usage, (name, what) in COMMANDS.items():
        listed.setdefault(name, what if usage == name else f"{usage}: {what}")
    commands = [{"title": name, "description": what} for name, what in listed.items()][:MAX_COMMANDS]
    return {"scopes": [scope], "triggers": ["mention", "slash"], "commands": commands}


def write(
    path: Path, settings: TeamsSettings, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Write the package, the same bytes for the same settings; the manifest in it.

    IRMER_ORGANISATION and IRMER_WEBSITE, where set, say who stands behind the app. Raises SettingsError where
    Teams would not take them, and OSError.
    """
    made = manifest(settings, **behind(environment or {}))
    files = {
        "manifest.json": json.dumps(made, indent=2, ensure_ascii=False).encode(),
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made


def behind(environment: Mapping[str, str]) -> dict[str, str]:
    """Who stands behind the app, as `manifest` takes it. Raises SettingsError."""
    given = {
        name: value
        for name, key in (("organisation", "IRMER_ORGANISATION"), ("website", "IRMER_WEBSITE"))
        if (value := environment.get(key, "").strip())
    }
    wrong = []
    if (length := len(given.get("organisation", ""))) > MAX_ORGANISATION:
        wrong.append(f"IRMER_ORGANISATION has {length} characters, and Teams takes {MAX_ORGANISATION}")
    if "website" in given and not _is_page(given["website"]):
        wrong.append("IRMER_WEBSITE wants an address such as https://your.page/irmer")
    if wrong:
        raise SettingsError(*wrong)
    return given


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    whole = parts.scheme == "https" and bool(parts.hostname) and not any(c.isspace() for c in url)
    return whole and len(url) <= MAX_WEBSITE
