"""Where each setting comes from: the environment, a file that NAME_FILE names, a credential of systemd's, or
the TOML file that IRMER_CONFIG names. One mapping of it all feeds the models.

Whatever is wrong is told by the setting's name, and no value is ever repeated: a path may be a secret that
was put in the wrong place.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.paths import path_of
from bot.usage import NotReady

CONFIG, CREDENTIALS = "IRMER_CONFIG", "CREDENTIALS_DIRECTORY"
SECRETS = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "TEAMS_CLIENT_SECRET", "IRMER_SECRETS_KEY",
)  # fmt: skip
# What holds a password where it is an address, and may come from a file of its own as well.
FILED = ("IRMER_DATABASE",)
# A file that holds a secret, and is named by its path.
GUARDED = ("TEAMS_CERTIFICATE",)
PLAIN = (
    "IRMER_DATABASE", "IRMER_NATION", "IRMER_TENANT", "IRMER_ADMIN", "IRMER_KEYS", "IRMER_CHECKPOINTS",
    "IRMER_SHARED_DIRECTORIES", "IRMER_ORGANISATION", "IRMER_WEBSITE", "IRMER_HOST", "IRMER_PORT",
    "IRMER_ADMIN_PORT", "IRMER_LOG", "IRMER_LOG_LEVEL", "IRMER_HEARTBEAT_URL",
    "SLACK_API_URL", "TEAMS_CLIENT_ID", "TEAMS_TENANT_ID", "TEAMS_SECRET_EXPIRES", "TEAMS_LOGIN_URL",
    "TEAMS_SERVICE_URL",
)  # fmt: skip
NAMES = (*PLAIN, *GUARDED, *SECRETS)
OURS = "IRMER_"  # before the names that nobody else has
UTF_8 = "utf-8-sig"  # editors of Windows begin a text with a mark that nobody sees
NEAR = 0.85  # how alike a misspelt name is
_KEY = re.compile(r"[a-z][a-z_]{0,30}(?:\.[a-z][a-z_]{0,30})?")
_PLACE = re.compile(r"line (\d+), column (\d+)")


@dataclass
class Sources:
    """The settings by name, and where each comes from, in words; `over` says what sets one as well and is not
    heeded. `wrong` is what is wrong, a line each, and `unused` what looks like a setting and may be another
    program's."""

    values: dict[str, str] = field(default_factory=dict)
    whence: dict[str, str] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def put(self, name: str, value: str, whence: str) -> None:
        if name in self.whence:
            self.over[name] = self.whence[name]
        self.values[name], self.whence[name] = value, whence


def key_of(name: str) -> str:
    """As it is called in the file: `nation`, `slack.api_url`."""
    return name.removeprefix(OURS).lower() if name.startswith(OURS) else name.lower().replace("_", ".", 1)


KEYS = {key_of(name): name for name in NAMES}


def gathered(environment: Mapping[str, str], *, secrets: bool = True) -> Sources:
    """Without `secrets` no file of a secret is looked at: whoever types a command need not be able to read
    it."""
    found = Sources()
    _misspelt(environment, found)
    if file := environment.get(CONFIG, "").strip():
        _of_the_file(file, found)
    for name in (*FILED, *((*SECRETS, *GUARDED) if secrets else ())):
        _of_secrets(name, environment, found)
    for name in NAMES:
        if value := environment.get(name, "").strip():
            found.put(name, value, "the environment")
    return found


def settings_of(environment: Mapping[str, str], *, secrets: bool = True) -> Mapping[str, str]:
    """What the environment says beside, and over it what is set anywhere. Raises NotReady."""
    found = gathered(environment, secrets=secrets)
    if found.wrong:
        raise NotReady(*found.wrong)
    return {**environment, **found.values}


def _misspelt(environment: Mapping[str, str], found: Sources) -> None:
    files = [f"{name}_FILE" for name in (*SECRETS, *FILED)]
    known = [*NAMES, *files, CONFIG]
    for name in environment:
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, 1, NEAR)
        if name.removesuffix("_FILE") in NAMES:
            found.wrong.append(f"{name} is not read: only a secret comes from a file of its own")
        elif name.startswith(OURS):
            perhaps = f", but there is {near[0]}" if near else ": see irmer doctor --config"
            found.wrong.append(f"there is no setting {name}{perhaps}")
        elif near:
            found.unused.append(f"{name} is not one of ours; there is {near[0]}")


def _of_secrets(name: str, environment: Mapping[str, str], found: Sources) -> None:
    """Of one secret: the file that NAME_FILE names, or a credential of systemd's. With both, or with the
    environment beside one, it is set twice, and one of the two is old."""
    forms: dict[str, Path] = {}
    if name not in GUARDED and (named := environment.get(f"{name}_FILE", "").strip()):
        forms[f"the file of {name}_FILE"] = path_of(named)
    if folder := environment.get(CREDENTIALS):
        credential = Path(folder, name.lower().replace("_", "-"))
        if credential.exists():
            forms[f"the credential {credential.name}"] = credential
    plain = environment.get(name, "").strip()
    told = [*(["the environment"] if plain else []), *forms]
    if len(told) > 1:
        found.wrong.append(f"{name} is set more than once: by {' and by '.join(told)}: take one out")
        return
    for whence, path in forms.items():
        if (wrong := _unfit(path)) or not (value := _text(path)):
            found.wrong.append(f"{name}: {whence} {wrong or 'is empty, or no text'}")
        else:
            found.put(name, str(path) if name in GUARDED else value, whence)
    if plain and name in GUARDED and (wrong := _open_to_all(path_of(plain))):
        found.wrong.append(f"{name} names a file that {wrong}")


def _unfit(path: Path) -> str:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            file.read(1)
    except (OSError, ValueError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or 'it is not a path'}"
    return _readable_by_all(mode)


def lines_of(path: Path, names: Collection[str]) -> dict[str, str]:
    """A file of NAME=value lines, each name one of these. Raises NotReady."""
    if wrong := _unfit(path):
        raise NotReady(f"the file {wrong}")
    found: dict[str, str] = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        name, given, value = (part.strip() for part in line.partition("="))
        if not line.strip() or line.startswith("#"):
            continue
        if not given or name not in names or name in found:
            wanted = ", ".join(names)
            raise NotReady(f"line {number} of the file wants one of {wanted}, once, then = and its value")
        found[name] = value
    return found


def _open_to_all(path: Path) -> str:
    try:
        return _readable_by_all(path.stat().st_mode)
    except (OSError, ValueError):
        return ""  # what reads it says so


def _readable_by_all(mode: int) -> str:
    if os.name == "posix" and mode & stat.S_IROTH:
        return "can be read by everybody on this machine: chmod 600 it, and have the secret changed"
    return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding=UTF_8).strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _of_the_file(file: str, found: Sources) -> None:
    import tomllib  # 7 ms, which most starts do without

    try:
        given = tomllib.loads(path_of(file).read_text(encoding=UTF_8))
    except (OSError, ValueError) as error:
        found.wrong.append(_broken(error))
        return
    for key, value in _flat(given):
        if not _KEY.fullmatch(key):
            found.wrong.append(f"the file of {CONFIG} has a key that cannot be a setting's name")
        elif (name := KEYS.get(key)) is None:
            near = difflib.get_close_matches(key, KEYS, 1)
            perhaps = f", but there is {near[0]}" if near else ""
            found.wrong.append(f"the file of {CONFIG}: there is no setting {key}{perhaps}")
        elif name in SECRETS:
            found.wrong.append(
                f"the file of {CONFIG}: {key} is a secret and does not belong there: give it by {name}_FILE, "
                f"or as the credential {name.lower().replace('_', '-')}, and have it changed"
            )
        elif name in FILED and "://" in str(value) and "@" in str(value):
            found.wrong.append(
                f"the file of {CONFIG}: {key} may hold a password and does not belong there: give it by "
                f"{name}_FILE"
            )
        elif (text := _as_text(value)) is None:
            found.wrong.append(f"the file of {CONFIG}: {key} wants a text, a number or a list of texts")
        elif text:
            found.put(name, text, f"the file of {CONFIG}")


def _broken(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{CONFIG} names a file that cannot be read: {error.strerror}"
    if isinstance(error, UnicodeDecodeError):
        return f"the file of {CONFIG} is not text in UTF-8"
    place = _PLACE.search(str(error))
    where = f" at line {place[1]}, column {place[2]}" if place else ""
    return f'the file of {CONFIG} is not TOML{where}: a line is like nation = "england"'


def _flat(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in given.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{name}", one) for name, one in value.items())
        else:
            yield key, value


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str | int):
        return str(value).strip()
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return str(value) if type(value).__name__ == "date" else None
