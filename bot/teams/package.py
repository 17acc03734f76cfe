"""The app package that an administrator uploads: a ZIP of manifest.json and two icons."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bot.core.word_table import LISTED
from bot.teams import icons
from bot.teams.settings import MAX_ORGANISATION, TeamsSettings

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
        "version": release(version("irmer-bot")),
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
                "supportsFiles": True,
                "isNotificationOnly": False,
                "supportsTargetedMessages": True,
                "commandLists": [_commands(scope) for scope in ("personal", "team", "groupChat")],
            }
        ],
        # Private and shared channels too, where the app is added to each of them.
        "supportsChannelFeatures": "tier1",
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],
        "defaultInstallScope": "team",
    }


def release(program: str) -> str:
    """The program's version as a manifest takes it: three numbers. It rises with the program's."""
    return ".".join((*re.findall(r"\d+", program.partition("+")[0])[:3], "0", "0")[:3])


def _commands(scope: str) -> dict[str, Any]:
    """Menu entries: a command each, its usage in the description. As slash commands they are a preview."""
    commands = [
        {"title": row.verb, "description": row.does if row.typed == row.verb else f"{row.typed}: {row.does}"}
        for row in LISTED[:MAX_COMMANDS]
    ]
    return {"scopes": [scope], "triggers": ["mention", "slash"], "commands": commands}


def _files(made: Mapping[str, Any]) -> dict[str, bytes]:
    return {
        "manifest.json": json.dumps(made, indent=2, ensure_ascii=False).encode(),
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }


def check(path: Path, settings: TeamsSettings) -> list[str]:
    """What stands in the way of this package's upload, a line each; nothing is written.

    `path` is the package that was made before, if there is one: Teams takes another only by a higher version.
    """
    made = manifest(settings)
    found = [
        f"{name} is not set: an administrator sees “{instead}” in its place"
        for name, value, instead in (
            ("IRMER_ORGANISATION", settings.organisation, ORGANISATION),
            ("IRMER_WEBSITE", settings.website, WEBSITE),
        )
        if not value
    ]
    found += [
        f"{what} has {len(text)} characters, and Teams takes {most}"
        for what, text, most in _texts(made)
        if len(text) > most
    ]
    if path.exists():
        found += _against(path, made)
    return found


def _texts(made: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Each text of the manifest, with the most that its schema takes."""
    yield "the short name", made["name"]["short"], 30
    yield "the full name", made["name"]["full"], 100
    yield "the short description", made["description"]["short"], 80
    yield "the full description", made["description"]["full"], 4000
    yield "the organisation's name", made["developer"]["name"], MAX_ORGANISATION
    for one in made["bots"][0]["commandLists"][0]["commands"]:
        yield f"the command {one['title']}", one["title"], 32
        yield f"the description of {one['title']}", one["description"], 128


def _against(path: Path, made: Mapping[str, Any]) -> list[str]:
    try:
        with zipfile.ZipFile(path) as package:
            before = json.loads(package.read("manifest.json"))
            files = {name: package.read(name) for name in package.namelist()}
        earlier = str(before["version"])
        same_app = before["id"] == made["id"]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        return [f"{path} is no app package"]
    if not same_app:
        return [f"{path} is another app: made for another TEAMS_CLIENT_ID"]
    if files == _files(made):
        return []
    if _numbers(earlier) >= _numbers(made["version"]):
        return [f"{path} differs and has version {earlier}: Teams takes an update only by a higher one"]
    return [f"{path} is of version {earlier}: make it again for {made['version']}"]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def write(path: Path, settings: TeamsSettings) -> dict[str, Any]:
    """Write the package, the same bytes for the same settings; the manifest in it. Raises OSError."""
    made = manifest(settings)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _files(made).items():
            package.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made
