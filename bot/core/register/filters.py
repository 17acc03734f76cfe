"""Which incidents words mean: `notify ct wrong side 2026 site Main`, on every face the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from bot.core.patient_numbers import holds_number
from bot.core.refused import Refused
from bot.core.register.asked_days import QUOTED, AskedDays, between, leading_days
from bot.core.register.filter_values import LABELS, NOT_KNOWN, labelled_value, leading_value, values_of
from bot.core.register.periods import leading_period
from bot.core.words.phrases import day, listed
from rules.deadlines import uk_date
from storage.register_model import EVERY, Which

Taken = tuple["Filter", str]


@dataclass(frozen=True)
class Filter:
    """`which` incidents; `parts` and `days`, as they were understood, in words that say them again."""

    which: Which = EVERY
    parts: tuple[str, ...] = ()
    days: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        return (*((self.days,) if self.days else ()), *self.parts)

    @property
    def words(self) -> str:
        return " ".join(self.said)

    def narrowed(self, said: str, parts: Mapping[str, object]) -> Filter:
        """With a part more, beside what that part has already. Raises Refused where it leaves none."""
        merged = dict(parts)
        for name, value in parts.items():
            there = getattr(self.which, name)
            if isinstance(value, tuple):
                merged[name] = (*there, *(one for one in value if one not in there))
            elif there not in (None, "", value):
                raise Refused(f"“{said[:30]}” and “{self.words[-60:]}” are never both")
        which = replace(self.which, **merged)  # type: ignore[arg-type]
        return replace(self, which=which, parts=(*self.parts, said))

    def within(self, asked: AskedDays) -> Filter:
        """Of the days that are in what was said before and in this."""
        since = max(filter(None, (self.which.since, asked.since)), default=None)
        until = min(filter(None, (self.which.until, asked.until)), default=None)
        if since and until and since > until:
            raise Refused(
                f"no day is in all of what is named, “{asked.said}” the last: from … to … names several"
            )
        days = between(since, until) if self.days else asked.said
        return replace(self, which=replace(self.which, since=since, until=until), days=days)


# What takes words after it, up to the next word that means something, or between quotes.
_OF = {"site": "sites", "equipment": "equipment", "machine": "equipment"}
# Fills that say nothing.
_FILL = frozenset(
    {"and", "the", "by", "with", "of", "in", "at", "for", "incidents", "records", "all", "from", "on"}
)
_BEGIN_DAYS = frozenset({"since", "after", "until", "till", "before", "between"})
_LABEL = re.compile(rf"({'|'.join((*LABELS, *_OF))})\s?[:=]\s?(?=\S)", re.IGNORECASE)
_NO_WORD = re.compile(r"[<>{}\[\]|=*\\^~`\"]")
_NOT = frozenset({"not", "without", "except", "excluding"})
# How a case stands, which is no word of an incident: it would be found nowhere, and be taken for "none".
_OF_CASES = frozenset("open closed overdue late notified reported stood investigating due".split())
_UNKNOWN = re.compile(rf"{NOT_KNOWN}(?![^\s,;])", re.IGNORECASE)
# Who kept it: oneself, or somebody as a platform sends a mention.
_ME = re.compile(r"(?:(?:kept )?by )?(?:me|mine)(?![^\s,;:])", re.IGNORECASE)
_WHO = re.compile(r"(?:(?:kept )?by )?<@([^|>\s]{1,200})(?:\|([^>]{0,80}))?>", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]{1,60})"')
_PLAIN_QUOTES = str.maketrans("“”„‘’", '"""\'\'')


def read_filter(text: str, now: datetime, user: str = "") -> Filter:
    """Raises Refused where something in it can mean nothing. `user` is whose "mine" is."""
    if holds_number(text):
        raise Refused("a patient's number finds no incident: none is kept. Give the incident system's number")
    rest, found = " ".join(text.translate(_PLAIN_QUOTES).split()), Filter()
    either: Filter | None = None  # what there was before what stands before an "or"
    before = found
    while rest := rest.lstrip(" ,;·|"):
        if rest.lower().startswith("or ") and found.said:
            either, rest = before, rest[3:]
            continue
        taken, rest = _next(rest, found, now, user)
        if either is not None and not _of_one_part(either, found, taken):
            raise Refused(f"“or” stands between two of a kind, such as: ct or mammography; {QUOTED}")
        if taken is not found:
            before, found, either = found, taken, None
    return found


def _next(rest: str, found: Filter, now: datetime, user: str) -> Taken:
    if label := _LABEL.match(rest):
        rest = f"{label[1]} {rest[label.end() :]}"
    if own := _ME.match(rest):
        return found.narrowed("mine", {"by": user}), rest[own.end() :]
    for step in (_quoted, _who, _value, _labelled_value):
        if taken := step(rest, found):
            return taken
    if taken := _named(rest, found, now):
        return taken
    if days := leading_days(rest, now):
        return found.within(days[0]), days[1]
    return _one_word(rest, found)


def _of_one_part(before: Filter, between: Filter, after: Filter) -> bool:
    """Was the same part, of whose values any fits, narrowed twice?"""
    first, second = _narrowed(before, between), _narrowed(between, after)
    return first == second and len(first) == 1 and not first & {"words", "either", "since", "until"}


def _narrowed(before: Filter, after: Filter) -> set[str]:
    names = (field.name for field in fields(Which))
    return {name for name in names if getattr(before.which, name) != getattr(after.which, name)}


def _quoted(rest: str, found: Filter) -> Taken | None:
    match = _QUOTED.match(rest)
    return (found.narrowed(match[0], {"words": (match[1],)}), rest[match.end() :]) if match else None


def _who(rest: str, found: Filter) -> Taken | None:
    match = _WHO.match(rest)
    return (found.narrowed(match[0], {"by": match[1]}), rest[match.end() :]) if match else None


def _value(rest: str, found: Filter) -> Taken | None:
    words = rest.split()
    if value := leading_value(words):
        count, parts = value
        return found.narrowed(_plain(words[:count]), parts), " ".join(words[count:])
    return None


def _labelled_value(rest: str, found: Filter) -> Taken | None:
    """`cause planning`, `kind: diagnostic`."""
    first, *words = rest.split()
    part = LABELS.get(_label(first))
    if not part:
        return None
    if value := labelled_value(part, words):
        count, parts = value
        return found.narrowed(_plain([_label(first), *words[:count]]), parts), " ".join(words[count:])
    raise Refused(f"{_label(first)} which? One of: {listed(values_of(part), 'or')}; {QUOTED}")


def _plain(words: list[str]) -> str:
    return " ".join(words).lower().rstrip(",; ")


def _label(word: str) -> str:
    return word.lower().rstrip(":=")


def _named(rest: str, found: Filter, now: datetime) -> Taken | None:
    """`site Main`, `site "Main Hospital"`, `equipment CT 2 in 2025/26`."""
    first, _, after = rest.partition(" ")
    part = _OF.get(_label(first))
    if not part:
        return None
    after = after.strip()
    if unknown := _UNKNOWN.match(after):
        return found.narrowed(f"{_label(first)} not known", {part: ("",)}), after[unknown.end() :]
    if match := _QUOTED.match(after):
        name, left = match[1], after[match.end() :]
    else:
        words = after.split()
        count = next((n for n in range(1, len(words)) if _ends(words, n, part, now)), len(words))
        left = " ".join(words[count:])
        while left and count > 1 and words[count - 1].lower() in _FILL:
            count -= 1
        name = " ".join(words[:count]).rstrip(",;")
    if not name:
        raise Refused(f"{_label(first)} which? Such as: {_label(first)} Main")
    said = f"{_label(first)} {name}" if '"' in name else f'{_label(first)} "{name}"'
    return found.narrowed(said, {part: (name,)}), left


def _ends(words: list[str], at: int, part: str, now: datetime) -> bool:
    """Does a name end before this word? Raises Refused where that cannot be told."""
    low = re.split("[:=]", words[at].lower().rstrip(",;"))[0]
    if low in _OF or low in LABELS or low in _BEGIN_DAYS or low in ("mine", "or", "not"):
        return True
    if leading_value(words[at:]) or _WHO.match(" ".join(words[at:])):
        return True
    if not leading_days(" ".join(words[at:]), now, within=True):
        return False
    after, numbered = " ".join(words[at + 1 :]), words[at - 1][-1:].isdecimal()
    number = part == "equipment" and not numbered and low.isdecimal() and len(low) < 3
    if number and leading_period(after, uk_date(now)):
        one, other = (f'equipment "{" ".join(words[:n])}" {" ".join(words[n:])}' for n in (at + 1, at))
        raise Refused(f"is {low} the equipment's number, or a day? Write {one}, or {other}")
    return True


def _one_word(rest: str, found: Filter) -> Taken:
    word, _, after = rest.partition(" ")
    plain = word.strip(",;:()").lower()
    if plain in _FILL:
        return found, after
    if plain in _NOT:
        said = "not notifiable, not irmer, not confirmed and not imported"
        raise Refused(f"“{plain}” is said of some things alone: {said}; {QUOTED}")
    if plain in _OF_CASES:
        lists = "cases, cases overdue, cases closed, due and trends days to notify"
        raise Refused(f"“{plain}” is said of cases, and not of incidents: {lists} tell of them; {QUOTED}")
    if not any(map(str.isalnum, plain)) or _NO_WORD.search(plain):
        raise Refused(f"“{word[:30]}” is nothing that incidents are found by: {WANTED}")
    given = word.strip(",;:()")[:60]  # as long as what stands between quotes
    return found.narrowed(f'"{given}"', {"words": (given,)}), after


WANTED = (
    "name a verdict (notify, undecided, do not notify), a kind, a cause, a site, equipment, a period (2026, "
    "last quarter, since March), confirmed or unconfirmed, or the number of your incident system"
)


def description(chosen: Filter) -> Iterator[str]:
    """Each part in words, for a title."""
    which = chosen.which
    for part in chosen.parts:
        who = _WHO.fullmatch(part)
        yield f"kept by {who[2] or who[1]}" if who else part if " " in part else part.strip('"')
    if chosen.days and chosen.days.split(" ")[0] not in ("since", "until", "from", "on"):
        yield chosen.days
    if which.since and which.since == which.until:
        yield f"on {day(which.since)}"
    elif which.since or which.until:
        ends = (f"{word} {day(end)}" for word, end in (("from", which.since), ("to", which.until)) if end)
        yield " ".join(ends)
