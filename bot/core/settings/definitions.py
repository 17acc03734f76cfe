"""What a hospital sets for itself, and what holds until it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from rules.authorities import NATION_NAMES
from storage.model import Destination

ROLES = ("mpe", "rps", "governance")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BadSetting(ValueError):
    """One line: what is wrong with a setting, and what is wanted."""


@dataclass(frozen=True)
class Setting:
    """One thing to set. `read` takes what a person typed; it raises BadSetting."""

    key: str
    label: str
    default: Any
    read: Callable[[str], Any]
    hint: str
    shown: Callable[[Any], str] = str


def _nation(text: str) -> str:
    name = text.strip().lower().replace(" ", "_")
    if name not in NATION_NAMES:
        raise BadSetting(f"nation wants one of: {', '.join(NATION_NAMES.values())}")
    return name


def _days(text: str) -> list[int]:
    days = [int(word) for word in re.findall(r"\d{1,3}", text)]
    if not days or re.search(r"[^\d,\s]", text) or max(days) > 84:
        raise BadSetting("the ping schedule wants days before the deadline, 0 to 84, such as 7, 3, 1, 0")
    return sorted({*days, 0}, reverse=True)


def _hour(text: str) -> str:
    found = re.fullmatch(r"(\d{1,2})(?::([0-5]\d))?", text.strip())
    if not found or int(found[1]) > 23:
        raise BadSetting("the ping hour wants a time of day, such as 09:00")
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _quiet(text: str) -> list[str]:
    words = [word for word in re.split(r"[,\s]+", text.strip().lower()) if word not in ("", "none")]
    full = {day[:3]: day for day in WEEKDAYS}
    if any(word[:3] not in full for word in words) or len({word[:3] for word in words}) > 6:
        raise BadSetting(
            "quiet days wants days of the week, such as saturday, sunday, or none; one must be left"
        )
    return [day for day in WEEKDAYS if day[:3] in {word[:3] for word in words}]


def _number(what: str, least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,4}", text.strip()) or not least <= int(text) <= most:
            raise BadSetting(f"{what} wants a number of days from {least} to {most}")
        return int(text)

    return read


def _channel(text: str) -> str:
    """An id, or a mention of a channel as a platform sends it, `<#C0123|name>`; `none` for no channel. What
    is kept is the conversation with the face that it was named on (`Chosen.place`)."""
    name = re.sub(r"^<#([^|>]+)(?:\|[^>]*)?>$", r"\1", text.strip())
    if not name or len(name) > 300 or re.search(r"\s", name) or name.startswith(("#", "@")):
        # A name that a platform did not turn into an id is one that nothing could be sent to.
        raise BadSetting(
            "a channel is wanted: here, in the channel itself; or mention it, give its id, or none"
        )
    return "" if name.lower() == "none" else name


def _people(text: str) -> list[str]:
    words = [
        re.sub(r"^<@([^|>]+)(?:\|[^>]*)?>$", r"\1", word)
        for word in re.split(r"[,\s]+", text.strip())
        if word
    ]
    if any(len(word) > 200 or word.startswith("@") for word in words):
        raise BadSetting("people are wanted: me, or mention them in the command, or give their ids, or none")
    return [] if [word.lower() for word in words] == ["none"] else list(dict.fromkeys(words))


def _local(text: str) -> dict[str, int]:
    """`72-hour report: 3, board: 30`: a trust's own deadlines, in days from discovery."""
    if text.strip().lower() in ("", "none"):
        return {}
    found: dict[str, int] = {}
    for part in re.split(r"[,;\n]", text):
        name, _, days = part.rpartition(":")
        name = " ".join(name.split())
        if (
            not name
            or len(name) > 40
            or not re.fullmatch(r"\s*\d{1,3}\s*", days)
            or not 0 <= int(days) <= 366
        ):
            raise BadSetting(
                "local deadlines want a name and days from discovery each, such as 72-hour report: 3"
            )
        found[name] = int(days)
    return found


def _comma(value: Any) -> str:
    return ", ".join(map(str, value)) or "none"


def _of_people(key: str, label: str) -> Setting:
    return Setting(key, label, [], _people, "people, mentioned or by id, or none", _comma)


def channel_words(value: Any) -> str:
    return str(value["conversation"]) if value else "not set"


def _of_channel(key: str, label: str, hint: str) -> Setting:
    return Setting(key, label, None, _channel, hint, channel_words)


_ALL = (
    Setting(
        "nation",
        "Nation",
        "",
        _nation,
        "England, Wales, Scotland or Northern Ireland",
        lambda value: NATION_NAMES.get(value, "not set"),
    ),
    _of_channel("incidents_channel", "Incidents channel", "where kept cases are posted"),
    _of_channel("fallback_channel", "Fallback channel", "where pings go that cannot be delivered"),
    _of_channel("escalation_channel", "Escalation channel", "where overdue pings go as well"),
    Setting("ping_days", "Ping days before", [7, 3, 1, 0], _days, "such as 7, 3, 1, 0", _comma),
    Setting("ping_hour", "Ping hour", "09:00", _hour, "UK time, such as 09:00"),
    Setting("quiet_days", "Quiet days", [], _quiet, "days that have only a deadline's own ping", _comma),
    Setting("mpe_days", "MPE's estimate due", 2, _number("the estimate", 0, 14), "days from opening"),
    Setting("confirm_days", "Confirmation due", 7, _number("the confirmation", 1, 84), "days from keeping"),
    Setting("learning_days", "Learning due", 28, _number("the learning", 1, 366), "days from keeping"),
    Setting(
        "local_deadlines",
        "Local deadlines",
        {},
        _local,
        "name: days from discovery, such as 72-hour report: 3",
        lambda value: ", ".join(f"{name}: {days}" for name, days in value.items()) or "none",
    ),
    _of_people("role_mpe", "Medical physics experts"),
    _of_people("role_rps", "Radiation protection supervisors"),
    _of_people("role_governance", "Governance leads"),
    _of_people("may_close", "May close cases"),
    _of_people("may_export", "May export"),
    _of_people("may_settings", "May change settings"),
)
SETTINGS: dict[str, Setting] = {setting.key: setting for setting in _ALL}


@dataclass(frozen=True)
class Chosen:
    """The settings of one tenant, read once: what was set, else the default."""

    values: Mapping[str, Any]

    def get(self, key: str) -> Any:
        return self.values.get(key, SETTINGS[key].default)

    def shown(self, key: str) -> str:
        return SETTINGS[key].shown(self.get(key)) or "not set"

    @property
    def ping_days(self) -> tuple[int, ...]:
        return tuple(self.get("ping_days"))

    @property
    def ping_hour(self) -> time:
        return time.fromisoformat(self.get("ping_hour"))

    @property
    def quiet_days(self) -> frozenset[int]:
        return frozenset(WEEKDAYS.index(day) for day in self.get("quiet_days"))

    @property
    def local_deadlines(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.get("local_deadlines")
        return found

    def people(self, key: str) -> tuple[str, ...]:
        return tuple(self.get(key))

    def place(self, key: str) -> Destination | None:
        """The conversation of a channel's setting; None where there is none."""
        value = self.get(key)
        return Destination(value["platform"], value["conversation"]) if value else None
