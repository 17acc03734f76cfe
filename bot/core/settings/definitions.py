"""What a hospital sets for itself: one model of what is kept, with the words of each setting.

A setting is one field of `TenantSettings`: its type is what is kept, its `SettingWords` how it is read and
said. What is kept and does not fit (of another release, or damaged) is named and counts as not set; it is
never half read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
)

from bot.core.cards import InputKind
from bot.core.days.written import read_days, read_time
from bot.core.refused import Refused
from bot.core.settings.quiet_days import WANTED, QuietDays, kept_quiet_days, read_quiet_days
from rules.authorities import NATION_NAMES
from storage.model import MACHINE, Destination
from storage.store import Store

ROLES = ("mpe", "rps", "governance")


@dataclass(frozen=True)
class Asker:
    """Who sets something, and where: what `me` and `here` mean."""

    user: str
    here: Destination
    nation: str = ""


@dataclass(frozen=True)
class SettingWords:
    """How a setting is said. `read` makes what is kept of what was typed; it raises ValueError where it
    cannot, or Refused where it can say more than `wanted` does. What `shown` gives can be typed again."""

    label: str
    hint: str
    wanted: str
    read: Callable[[str, Asker], Any]
    shown: Callable[[Any], str] = str
    kind: InputKind = InputKind.TEXT  # of its input in a form


# How values are typed and shown


def _nation(text: str, _: Asker) -> str:
    return text.lower().replace(" ", "_")


def _items(text: str) -> list[str]:
    """Of a list with commas; `none` for an empty one."""
    items = [" ".join(item.split()) for item in re.split(r"[,;\n]", text)]
    return [item for item in items if item.lower() not in ("", "none")]


def _days(text: str, _: Asker) -> list[int]:
    words = text.replace(",", " ").split()
    return [read_days(item) for item in (words if all(map(str.isdecimal, words)) else _items(text))]


def _hour(text: str, _: Asker) -> str:
    return f"{read_time(f'{text}:00' if re.fullmatch('[0-9]{1,2}', text) else text):%H:%M}"


def _quiet(text: str, asker: Asker) -> list[str]:
    return read_quiet_days(text, asker.nation).words


def _number(text: str, _: Asker) -> int:
    return read_days(text)


def _while_kept(text: str, _: Asker) -> int | None:
    """`10 years` or `10`; None for `none`."""
    if text.lower() == "none":
        return None
    found = re.fullmatch(r"(\d{1,5})(?: ?(?:days?|years?))?", text.lower())
    if not found:
        raise ValueError("no time")
    return int(found[1])


def _local(text: str, _: Asker) -> dict[str, int]:
    parts = (item.rpartition(":") for item in _items(text))
    return {name.rstrip(): read_days(days.strip()) for name, _, days in parts}


def _conversation(text: str, asker: Asker) -> dict[str, str] | None:
    """An id, or a mention of a channel as a platform sends it, `<#C0123|name>`. What is kept is the
    conversation with the face that it was named on."""
    if text.lower() == "none":
        return None
    named = re.sub(r"^<#([^|>]+)(?:\|[^>]*)?>$", r"\1", text)
    return {
        "platform": asker.here.platform,
        "conversation": asker.here.conversation if named.lower() == "here" else named,
    }


def _people(text: str, asker: Asker) -> list[str]:
    words = re.findall(r"<@([^|>]+)(?:\|[^>]*)?>|([^,;\s]+)", text)
    named = [asker.user if word.lower() == "me" else mention or word for mention, word in words]
    return [] if [word.lower() for word in named] == ["none"] else named


def _readers(text: str, asker: Asker) -> str | list[str]:
    if text.lower() in ("everybody", "everyone", "all"):
        return "everybody"
    return [] if text.lower() == "named" else _people(re.sub(r"(?i)^named\b[,;]?", "", text), asker)


def _yes_or_no(text: str, _: Asker) -> bool:
    return {"yes": True, "no": False}[text.lower()]


def _also_to_owner(text: str, _: Asker) -> bool:
    return {"no": False, "yes": True, "also by direct message": True}[" ".join(text.lower().split())]


def _comma(value: Any) -> str:
    return ", ".join(map(str, value)) or "none"


def channel_words(value: Destination | None) -> str:
    return value.conversation if value else "not set"


# What is kept


def _id(name: str) -> str:
    # A name that a platform did not turn into an id is one that nothing could be sent to.
    if not name or len(name) > 300 or re.search(r"\s", name) or name.startswith(("#", "@")):
        raise ValueError("no id")
    return name


def _destination(value: Any) -> Any:
    if isinstance(value, Mapping) and value.keys() == {"platform", "conversation"}:
        return Destination(str(value["platform"]), _id(str(value["conversation"])))
    return value


def _with_the_day_itself(days: tuple[int, ...]) -> tuple[int, ...]:
    if not days:
        raise ValueError("no days")
    return tuple(sorted({*days, 0}, reverse=True))


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _whole(least: int, most: int) -> Any:
    return Field(strict=True, ge=least, le=most)


def _from_to(least: int, most: int) -> Any:
    return AfterValidator(partial(_within, least, most))


def _within(least: int, most: int, value: int | None) -> int | None:
    if value is not None and not least <= value <= most:
        raise ValueError("too short or too long")
    return value


Id = Annotated[str, AfterValidator(_id)]
People = Annotated[tuple[Id, ...], BeforeValidator(_tuple)]
Channel = Annotated[Destination | None, BeforeValidator(_destination)]
DeadlineName = Annotated[str, Field(min_length=1, max_length=40)]
_CHANNEL = "a channel is wanted: here, in the channel itself; or mention it, give its id, or none"
_PEOPLE = "people are wanted: me, or mention them in the command, or give their ids, or none"
_READERS = "readers are wanted: everybody, or named, with people after it who may read everything as well"
_OWNER_REMINDERS = "the owner's reminders want: also by direct message, or no"
_YES_OR_NO = "yes or no is wanted"
_PING_DAYS = "the ping schedule wants days before the deadline, 0 to 84, such as 7, 3, 1, 0"
_LOCAL = "local deadlines want a name and days from discovery each, such as 72-hour report: 3"


def _of_channel(label: str, hint: str) -> SettingWords:
    return SettingWords(label, hint, _CHANNEL, _conversation, channel_words, InputKind.CHANNEL)


def _of_days(label: str, hint: str, what: str, least: int, most: int) -> SettingWords:
    return SettingWords(label, hint, f"{what} wants a number of days from {least} to {most}", _number)


def _kept_for(label: str, hint: str, what: str, unit: str, least: int, most: int) -> SettingWords:
    wanted = f"{what} are kept for good (none), or for {least} to {most} {unit}: such as {least} {unit}"
    shown = f"{{}} {unit}".format
    return SettingWords(label, hint, wanted, _while_kept, lambda value: shown(value) if value else "for good")


def _of_people(label: str) -> SettingWords:
    hint = "people, mentioned or by id, or none"
    return SettingWords(label, hint, _PEOPLE, _people, _comma, InputKind.USERS)


class TenantSettings(BaseModel):
    """The settings of one tenant as they are kept in the store, each with what holds until it is set."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, strict=True)

    nation: Annotated[
        Literal["", "england", "wales", "scotland", "northern_ireland"],
        SettingWords(
            "Nation",
            "England, Wales, Scotland or Northern Ireland",
            f"nation wants one of: {', '.join(NATION_NAMES.values())}",
            _nation,
            lambda value: NATION_NAMES.get(value, "not set"),
        ),
    ] = ""
    incidents_channel: Annotated[Channel, _of_channel("Incidents channel", "where kept cases are posted")] = (
        None
    )
    fallback_channel: Annotated[
        Channel, _of_channel("Fallback channel", "where pings go that cannot be delivered")
    ] = None
    escalation_channel: Annotated[
        Channel, _of_channel("Escalation channel", "where overdue pings go as well")
    ] = None
    governance_channel: Annotated[
        Channel,
        _of_channel("Governance channel", "for the weekly digest, and a daily line on the audit trail"),
    ] = None
    ping_days: Annotated[
        tuple[Annotated[int, _whole(0, 84)], ...],
        BeforeValidator(_tuple),
        AfterValidator(_with_the_day_itself),
        SettingWords("Ping days before", "such as 7, 3, 1, 0", _PING_DAYS, _days, _comma),
    ] = (7, 3, 1, 0)
    ping_hour: Annotated[
        time,
        Field(strict=False),
        SettingWords(
            "Ping hour",
            "UK time, such as 09:00",
            "the ping hour wants a time of day, such as 09:00",
            _hour,
            "{:%H:%M}".format,
        ),
    ] = time(9)
    owner_reminders: Annotated[
        bool,
        SettingWords(
            "Reminders also to the owner",
            "no; or also by direct message: what goes to a channel comes to the case's owner as well",
            _OWNER_REMINDERS,
            _also_to_owner,
            lambda value: "also by direct message" if value else "no",
        ),
    ] = False
    quiet_days: Annotated[
        QuietDays,
        PlainValidator(kept_quiet_days),
        SettingWords(
            "Quiet days",
            "such as sat-sun, 24 December to 2 January, bank holidays in England",
            WANTED,
            _quiet,
            lambda value: _comma(value.words),
        ),
    ] = QuietDays()
    mpe_days: Annotated[
        int, _whole(0, 14), _of_days("MPE's estimate due", "days from opening", "the estimate", 0, 14)
    ] = 2
    confirm_days: Annotated[
        int, _whole(1, 84), _of_days("Confirmation due", "days from keeping", "the confirmation", 1, 84)
    ] = 7
    learning_days: Annotated[
        int, _whole(1, 366), _of_days("Learning due", "days from keeping", "the learning", 1, 366)
    ] = 28
    retention_drafts: Annotated[
        int | None, _from_to(1, 3650),
        _kept_for("Drafts kept", "days after the last answer, or none: for good", "drafts", "days", 1, 3650),
    ] = None  # fmt: skip
    retention_deliveries: Annotated[
        int, _whole(7, 366),
        _of_days("Deliveries remembered", "days in which a delivery that comes again is known", "deliveries",
                 7, 366),
    ] = 30  # fmt: skip
    retention_cases: Annotated[
        int | None, _from_to(10, 100),
        _kept_for("Closed cases kept", "years after the last thing that was done, or none: for good", "cases",
                  "years", 10, 100),
    ] = None  # fmt: skip
    retention_records: Annotated[
        int | None, _from_to(10, 100),
        _kept_for("Records kept", "years after the last thing that was done, or none: for good", "records",
                  "years", 10, 100),
    ] = None  # fmt: skip
    local_deadlines: Annotated[
        Mapping[DeadlineName, Annotated[int, _whole(0, 366)]],
        SettingWords(
            "Local deadlines",
            "name: days from discovery, such as 72-hour report: 3",
            _LOCAL,
            _local,
            lambda value: ", ".join(f"{name}: {days}" for name, days in value.items()) or "none",
        ),
    ] = {}
    role_mpe: Annotated[People, _of_people("Medical physics experts")] = ()
    role_rps: Annotated[People, _of_people("Radiation protection supervisors")] = ()
    role_governance: Annotated[People, _of_people("Governance leads")] = ()
    confirm_own: Annotated[
        bool,
        SettingWords(
            "May confirm what they kept themselves",
            "no; yes where a department is too small for two, and each such confirmation says so",
            _YES_OR_NO,
            _yes_or_no,
            lambda value: "yes" if value else "no",
        ),
    ] = False
    may_read: Annotated[
        Literal["everybody"] | People,
        SettingWords(
            "May read cases and records",
            "everybody, or named: owners, whoever gave facts, roles, and the people after it",
            _READERS,
            _readers,
            lambda value: value if value == "everybody" else ", ".join(("named", *value)),
        ),
    ] = "everybody"
    may_close: Annotated[People, _of_people("May close cases")] = ()
    may_export: Annotated[People, _of_people("May export")] = ()
    may_settings: Annotated[People, _of_people("May change settings")] = ()


SETTINGS: Mapping[str, SettingWords] = {
    key: next(one for one in field.metadata if isinstance(one, SettingWords))
    for key, field in TenantSettings.model_fields.items()
}


# Those that name people: `may_read` beside those whom it concerns.
OF_PEOPLE = (*(key for key, words in SETTINGS.items() if words.kind is InputKind.USERS), "may_read")


def _is_channel(words: SettingWords) -> bool:
    return words.kind is InputKind.CHANNEL


def read_setting(key: str, text: str, asker: Asker) -> Any:
    """What is to be kept, as JSON has it, of what was typed for a setting; None for `default`. Raises
    Refused."""
    if text.strip().lower() == "default":
        return None
    try:
        value = SETTINGS[key].read(text.strip(), asker)
        TenantSettings.model_validate({key: value})
    except (ValueError, KeyError):
        raise Refused(SETTINGS[key].wanted) from None
    return value


class Chosen:
    """The settings of one tenant. `unfit` says of each that is kept and does not fit what is wrong."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        kept = {key: value for key, value in kept.items() if value is not None}
        self.unfit = {key: "is no setting of this release" for key in kept if key not in SETTINGS}
        try:
            self.settings = TenantSettings.model_validate(kept)
        except ValidationError as error:
            wrong = {str(one["loc"][0]) for one in error.errors(include_url=False, include_input=False)}
            self.settings = TenantSettings.model_validate({k: v for k, v in kept.items() if k not in wrong})
            self.unfit |= {key: f"does not fit: {SETTINGS[key].wanted}" for key in sorted(wrong)}

    def get(self, key: str) -> Any:
        return getattr(self.settings, key)

    def shown(self, key: str) -> str:
        return SETTINGS[key].shown(self.get(key)) or "not set"

    @property
    def problems(self) -> tuple[str, ...]:
        """A line for each setting that does not fit, with what holds instead."""
        return tuple(
            f"the setting {key} {why}"
            + (f"; until it is set again, {self.shown(key)} holds" if key in SETTINGS else "")
            for key, why in self.unfit.items()
        )

    @property
    def ping_days(self) -> tuple[int, ...]:
        return self.settings.ping_days

    @property
    def ping_hour(self) -> time:
        return self.settings.ping_hour

    @property
    def quiet_days(self) -> QuietDays:
        return self.settings.quiet_days

    @property
    def local_deadlines(self) -> Mapping[str, int]:
        return self.settings.local_deadlines

    def people(self, key: str) -> tuple[str, ...]:
        """Whom a setting names; `may_read` beside those whom it concerns."""
        found = self.get(key)
        return found if isinstance(found, tuple) else ()

    @property
    def places(self) -> Mapping[str, Destination]:
        """Every channel that is set, by what it is for: `incidents channel`."""
        set_ = {words.label.lower(): self.get(key) for key, words in SETTINGS.items() if _is_channel(words)}
        return {label: place for label, place in set_.items() if place is not None}

    def place(self, key: str) -> Destination | None:
        """The conversation of a channel's setting; None where there is none."""
        found: Destination | None = self.get(key)
        return found


def settings_that_do_not_fit(store: Store) -> list[str]:
    """A line for each, of every tenant: for those who look after the bot."""
    return [
        f"{tenant}: {line}"
        for tenant in store.tenants()
        if tenant != MACHINE
        for line in Chosen(store.settings(tenant)).problems
    ]
