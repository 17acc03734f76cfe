"""Which incidents words mean: `notify ct wrong side 2026 site Main`, on every face the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.days.written import leading_day
from bot.core.patient_numbers import holds_number
from bot.core.refused import Refused
from bot.core.register.periods import leading_period
from bot.core.words.phrases import day
from rules.deadlines import uk_date
from rules.fact import CATEGORIES, NATIONS
from rules.facts import CAUSES, MODALITIES
from storage.register_model import EVERY, Which


@dataclass(frozen=True)
class Filter:
    """`which` incidents, and `said`: each part as it was understood, in the words that say it again."""

    which: Which = EVERY
    said: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return " ".join(self.said)

    def narrowed(self, said: str, **parts: object) -> Filter:
        """With a part more; what a part has already stays beside it."""
        merged = {
            name: (*getattr(self.which, name), *value) if isinstance(value, tuple) else value
            for name, value in parts.items()
        }
        return Filter(replace(self.which, **merged), (*self.said, said))  # type: ignore[arg-type]


_WRONG_PATIENT = ("wrong patient referred", "wrong patient identified")
# By the words for it, the longest of which is taken: the part of the filter, and its values.
_VALUES: Mapping[str, Mapping[str, object]] = {
    "do not notify": {"outcomes": ("do_not_notify",)},
    "not notifiable": {"outcomes": ("do_not_notify",)},
    "notify": {"outcomes": ("notify",)},
    "notifiable": {"outcomes": ("notify",)},
    "undecided": {"outcomes": ("undecided",)},
    "not irmer": {"outcomes": ("not_irmer",)},
    "near miss": {"exposures": ("near_miss",)},
    "near misses": {"exposures": ("near_miss",)},
    "accidental": {"exposures": ("accidental",)},
    "unintended": {"exposures": ("unintended",)},
    "confirmed": {"confirmed": True},
    "unconfirmed": {"confirmed": False},
    "provisional": {"confirmed": False},
    "imported": {"imported": True},
    "checked here": {"imported": False},
    "wrong patient": {"causes": _WRONG_PATIENT},
    "planning": {"categories": ("radiotherapy_planning",)},
    "verification": {"categories": ("radiotherapy_verification",)},
    "treatment": {"categories": ("radiotherapy_treatment",)},
    "radiotherapy": {"categories": tuple(c for c in CATEGORIES if c.startswith("radio"))},
    "nuclear medicine": {"categories": ("nuclear_medicine", "nuclear_medicine_therapy")},
    "x-ray": {"modalities": ("radiography",)},
    "xray": {"modalities": ("radiography",)},
    "dxa": {"modalities": ("dexa",)},
    "pet": {"modalities": ("pet_ct",)},
    "cone beam ct": {"modalities": ("cbct",)},
    **{cause: {"causes": (cause,)} for cause in CAUSES if cause not in ("other", "planning")},
    **{one.replace("_", " "): {"modalities": (one,)} for one in MODALITIES if one != "other"},
    **{one.replace("_", " "): {"categories": (one,)} for one in CATEGORIES
       if one != "nuclear_medicine"},
    **{one.replace("_", " "): {"nations": (one,)} for one in NATIONS},
}  # fmt: skip
_LONGEST = max(len(name.split()) for name in _VALUES)
# What takes words after it, up to the next word that means something, or between quotes.
_OF = {"site": "sites", "equipment": "equipment", "machine": "equipment"}
# Fills that say nothing.
_FILL = frozenset(
    {"and", "the", "by", "with", "of", "in", "at", "for", "incidents", "records", "all", "from"}
)
_REF = re.compile(r"(?=[^\s]*\d)(?=[^\s]{3,30}$)[\w][\w./-]*")
_ENDS = ("since", "until", "till", "before")
_NEXT_END = re.compile(r"\s(?=(?:until|till|before|since)\s)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w.+&/-]*")


def read_filter(text: str, now: datetime, user: str = "") -> Filter:
    """Raises Refused where something in it can mean nothing. `user` is whose "mine" is."""
    if holds_number(text):
        raise Refused("a patient's number finds no incident: none is kept. Give the incident system's number")
    rest, found = " ".join(text.replace("“", '"').replace("”", '"').split()), Filter()
    today = uk_date(now)
    while rest:
        for step in (_quoted, _labelled(now), _value, _since_until(now)):
            if taken := step(rest, found):
                break
        else:
            if (period := leading_period(rest, today)) and not found.which.since:
                (since, until), after = period
                said = rest[: len(rest) - len(after)].strip(" ,;")
                taken = found.narrowed(said, since=since, until=until), after
            else:
                taken = _one_word(rest, found, user)
        found, rest = taken
        rest = rest.lstrip(" ,;·|")
    return found


def _quoted(rest: str, found: Filter) -> tuple[Filter, str] | None:
    match = re.match(r'"([^"]{1,60})"', rest)
    return (found.narrowed(match[0], words=(match[1],)), rest[match.end() :]) if match else None


def _labelled(now: datetime) -> Callable[[str, Filter], tuple[Filter, str] | None]:
    """`site Main`, `site "Main Hospital"`, `equipment CT 2 in 2025/26`."""

    def read(rest: str, found: Filter) -> tuple[Filter, str] | None:
        first, _, after = rest.partition(" ")
        part = _OF.get(first.lower().rstrip(":="))
        if not part:
            return None
        after = after.strip()
        if match := re.match(r'"([^"]{1,60})"', after):
            name, left = match[1], after[match.end() :]
        else:
            words, today = after.split(), uk_date(now)
            ends = (n for n in range(1, len(words)) if _means_something(words[n:], today))
            count = next(ends, len(words))
            left = " ".join(words[count:])
            while left and count > 1 and words[count - 1].lower() in _FILL:
                count -= 1
            name = " ".join(words[:count]).rstrip(",;")
        if not name:
            raise Refused(f"{first} which? Such as: {first} Main")
        return found.narrowed(f'{first.lower()} "{name}"', **{part: (name,)}), left

    return read


def _means_something(words: list[str], today: date) -> bool:
    low = [word.lower().rstrip(",;") for word in words[:_LONGEST]]
    if low[0] in _OF or low[0] in (*_ENDS, "mine"):
        return True
    if any(" ".join(low[:count]) in _VALUES for count in range(1, len(low) + 1)):
        return True
    return leading_period(" ".join(words), today) is not None


def _value(rest: str, found: Filter) -> tuple[Filter, str] | None:
    words = rest.split()
    for count in range(min(_LONGEST, len(words)), 0, -1):
        name = " ".join(words[:count]).lower().rstrip(",;").replace("_", " ")
        if name in _VALUES:
            return found.narrowed(name, **_VALUES[name]), " ".join(words[count:])
    return None


def _since_until(now: datetime) -> Callable[[str, Filter], tuple[Filter, str] | None]:
    """`since June`, `until 30 June`, `before 2026`, whose days are none of it."""

    def read(rest: str, found: Filter) -> tuple[Filter, str] | None:
        first, _, after = rest.partition(" ")
        word = first.lower()
        if word not in _ENDS or not after:
            return None
        if period := leading_period(after, uk_date(now)):
            (begin, last), left = period
        else:
            stretch = _NEXT_END.split(after, maxsplit=1)[0]
            given, left = leading_day(stretch, now)
            begin = last = datetime.fromisoformat(given).date()
            left = f"{left} {after[len(stretch) :]}".strip()
        if word == "since":
            return found.narrowed(f"since {begin.isoformat()}", since=begin), left
        until = begin - timedelta(days=1) if word == "before" else last
        return found.narrowed(f"until {until.isoformat()}", until=until), left

    return read


def _one_word(rest: str, found: Filter, user: str) -> tuple[Filter, str]:
    word, _, after = rest.partition(" ")
    plain = word.strip(",;:()").lower()
    if plain in _FILL:
        return found, after
    if plain == "mine":
        return found.narrowed("mine", by=user), after
    if _REF.fullmatch(plain):
        return found.narrowed(word.strip(",;:()"), local_number=word.strip(",;:()")), after
    if not _WORD.fullmatch(plain):
        raise Refused(f"“{word[:30]}” is nothing that incidents are found by: {WANTED}")
    return found.narrowed(plain, words=(plain,)), after


WANTED = (
    "name a verdict (notify, undecided, do not notify), a kind, a cause, a site, equipment, a period (2026, "
    "last quarter, since March), confirmed or unconfirmed, or the number of your incident system"
)


def description(chosen: Filter) -> Iterator[str]:
    """Each part in words, for a title."""
    which = chosen.which
    dated = {"since", "until"}
    yield from (part for part in chosen.said if part.split(" ")[0] not in dated)
    if which.since or which.until:
        ends = (f"{word} {day(end)}" for word, end in (("from", which.since), ("to", which.until)) if end)
        yield " ".join(ends)
