"""The app package that an administrator uploads: a ZIP of manifest.json and two icons."""

from __future__ import annotations

import json
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.core.commands import LISTED
from bot.teams import icons
from bot.teams.settings import TeamsSettings

SCHEMA = "1.29"
DEFAULT_FILE = "irmer-teams.zip"
ORGANISATION, WEBSITE = "Radiation safety", "https://example.org/irmer"  # where the settings name none
MAX_COMMANDS = 12  # a list, as the schema has it
DESCRIPTION = (
    "Checks whether a radiation incident is notifiable under IR(ME)R, with the criteria of the UK's guidance,"
    " keeps the written assessment, opens a case with its two statutory deadlines, and reminds until they "
    "are met.\n\nIt supports a decision and is not one: the employer decides, and the medical physics expert "
    "(MPE) confirms. No identifiers of patients belong in it."
)


def manifest(settings: TeamsSettings) -> dict[str, Any]:
    """The manifest by schema 1.29. Its id is made of the app's, so that a package made again is an update."""
    website = settings.website or WEBSITE
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": version("irmer-bot"),
        "id": str(uuid5(NAMESPACE_URL, f"irmer-bot:{settings.client_id.lower()}")),
        "developer": {
            "name": settings.organisation or ORGANISATION,
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
    commands = [
        {"title": row.verb, "description": row.does if row.typed == row.verb else f"{row.typed}: {row.does}"}
        for row in LISTED[:MAX_COMMANDS]
    ]
    return {"scopes": [scope], "triggers": ["mention", "slash"], "commands": commands}


def write(path: Path, settings: TeamsSettings) -> dict[str, Any]:
    """Write the package, the same bytes for the same settings; the manifest in it. Raises OSError."""
    made = manifest(settings)
    files = {
        "manifest.json": json.dumps(made, indent=2, ensure_ascii=False).encode(),
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made
