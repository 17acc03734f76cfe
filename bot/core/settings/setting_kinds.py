"""The kinds of settings: how what is typed is read, said and kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from bot.core.cards import InputKind
from bot.core.days import numbers
from bot.core.days.written import read_days, read_time
from bot.core.refused import Refused
from bot.core.settings.quiet_days import read_quiet_days
from bot.core.words.case_words import kind_of
from bot.core.words.phrases import counted
from storage.model import Destination


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
    ours: bool = False  # what the hospital says of itself, or of whom it names as its contact


# How values are typed and shown


def as_nation(text: str, _: Asker) -> str:
    return text.lower().replace(" ", "_")


def as_items(text: str) -> list[str]:
    """Of a list with commas; `none` for an empty one."""
    items = [" ".join(item.split()) for item in re.split(r"[,;\n]", text)]
    return [item for item in items if item.lower() not in ("", "none")]


def as_days(text: str, _: Asker) -> list[int]:
    words = text.replace(",", " ").split()
    return [read_days(item) for item in (words if all(map(str.isdecimal, words)) else as_items(text))]


def as_hour(text: str, _: Asker) -> str:
    return f"{read_time(f'{text}:00' if re.fullmatch('[0-9]{1,2}', text) else text):%H:%M}"


def as_quiet(text: str, asker: Asker) -> list[str]:
    return read_quiet_days(text, asker.nation).words


def as_line(text: str, _: Asker) -> str:
    """One line; `none` for nothing."""
    line = " ".join(text.split())
    return "" if line.lower() == "none" else line


def as_number(text: str, _: Asker) -> int:
    return read_days(text)


def as_minutes(text: str, _: Asker) -> int:
    return _so_many(text, "m|min|mins|minutes?")


def as_days_kept(text: str, _: Asker) -> int | None:
    return None if _for_good(text) else read_days(text.lower())


def as_years_kept(text: str, _: Asker) -> int | None:
    return None if _for_good(text) else _so_many(text, "years?")


def _for_good(text: str) -> bool:
    return text.lower() in ("none", "for good")


def _so_many(text: str, unit: str) -> int:
    """`10` or `ten`, alone or with its own unit: another one means something else. Raises ValueError."""
    found = re.fullmatch(rf"(.+?)(?: ?(?:{unit}))?", text.lower())
    count = numbers.whole(found[1]) if found else None
    if count is None:
        raise ValueError("no number of these")
    return count


def as_local(text: str, _: Asker) -> dict[str, int]:
    """Each name once, and none that a deadline of the law goes by: `done report` is to mean one alone."""
    found: dict[str, int] = {}
    for item in as_items(text):
        name, days = (part.strip() for part in item.rpartition(":")[::2])
        if name.lower() in map(str.lower, found):
            raise Refused(f"“{name}” stands there twice: each local deadline has a name of its own")
        kind, more = kind_of(name, ())
        if kind and not more:
            raise Refused(f"“{name}” is the name of another deadline: name this one otherwise")
        found[name] = read_days(days)
    return found


def as_conversation(text: str, asker: Asker) -> dict[str, str] | None:
    """An id, or a mention of a channel as a platform sends it, `<#C0123|name>`. What is kept is the
    conversation with the face that it was named on."""
    if text.lower() == "none":
        return None
    named = re.sub(r"^<#([^|>]+)(?:\|[^>]*)?>$", r"\1", text)
    return {
        "platform": asker.here.platform,
        "conversation": asker.here.conversation if named.lower() == "here" else named,
    }


def as_people(text: str, asker: Asker) -> list[str]:
    words = re.findall(r"<@([^|>]+)(?:\|[^>]*)?>|([^,;\s]+)", text)
    named = [asker.user if word.lower() == "me" else mention or word for mention, word in words]
    return [] if [word.lower() for word in named] == ["none"] else named


def as_readers(text: str, asker: Asker) -> str | list[str]:
    if text.lower() in ("everybody", "everyone", "all"):
        return "everybody"
    return [] if text.lower() == "named" else as_people(re.sub(r"(?i)^named\b[,;]?", "", text), asker)


def as_yes_or_no(text: str, _: Asker) -> bool:
    return {"yes": True, "no": False}[text.lower()]


def as_also_to_owner(text: str, _: Asker) -> bool:
    return {"no": False, "yes": True, "also by direct message": True}[" ".join(text.lower().split())]


def comma(value: Any) -> str:
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


def with_the_day_itself(days: tuple[int, ...]) -> tuple[int, ...]:
    if not days:
        raise ValueError("no days")
    return tuple(sorted({*days, 0}, reverse=True))


def as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def whole(least: int, most: int) -> Any:
    return Field(strict=True, ge=least, le=most)


def from_to(least: int, most: int) -> Any:
    return AfterValidator(partial(_within, least, most))


def _within(least: int, most: int, value: int | None) -> int | None:
    if value is not None and not least <= value <= most:
        raise ValueError("too short or too long")
    return value


Line = Annotated[str, Field(max_length=200)]
Email = Annotated[str, Field(max_length=200, pattern=r"^(?:[^@\s]+@[^@\s]+\.[^@\s]+)?$")]
Telephone = Annotated[str, Field(pattern=r"^(?:\+?[0-9 ()-]{6,25}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?)?$")]
Id = Annotated[str, AfterValidator(_id)]
People = Annotated[tuple[Id, ...], BeforeValidator(as_tuple)]
Channel = Annotated[Destination | None, BeforeValidator(_destination)]
DeadlineName = Annotated[str, Field(min_length=1, max_length=40)]
_CHANNEL = "name a channel: here, in the channel itself; or mention it, give its id, or none"
_PEOPLE = "name people: me, or mention them in the command, or give their ids, or none"
READERS_WANTED = "name the readers: everybody, or named, with people after it who may read everything as well"
OWNER_REMINDERS_WANTED = "the owner's reminders go: also by direct message, or no"
YES_OR_NO_WANTED = "answer yes or no"
PING_DAYS_WANTED = "the ping schedule takes days before the deadline, 0 to 84, such as 7, 3, 1, 0"
LOCAL_WANTED = "local deadlines need a name and days from discovery each, such as 72-hour report: 3"


def of_channel(label: str, hint: str) -> SettingWords:
    return SettingWords(label, hint, _CHANNEL, as_conversation, channel_words, InputKind.CHANNEL)


def of_days(label: str, hint: str, what: str, least: int, most: int) -> SettingWords:
    return SettingWords(label, hint, f"{what} wants a number of days from {least} to {most}", as_number)


def kept_for(label: str, hint: str, what: str, unit: str, least: int, most: int) -> SettingWords:
    one, read = unit.removesuffix("s"), as_years_kept if unit == "years" else as_days_kept
    wanted = f"{what} are kept for good (none), or for {least} to {most} {unit}: such as "
    wanted += counted(least, one)
    return SettingWords(label, hint, wanted, read, lambda value: counted(value, one) if value else "for good")


def of_people(label: str) -> SettingWords:
    hint = "people, mentioned or by id, or none"
    return SettingWords(label, hint, _PEOPLE, as_people, comma, InputKind.USERS)


def of_ours(
    label: str, hint: str, wanted: str = "it wants a line of at most 200 marks, or none"
) -> SettingWords:
    return SettingWords(label, hint, f"{label.lower()}: {wanted}", as_line, ours=True)
