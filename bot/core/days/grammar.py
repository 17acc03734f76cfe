"""The one grammar of days and hours: which words are a day, and which a time of day.

A form is one way of writing a day. The same forms serve an answer, a snooze, a setting and a text; what one
means stands in `meaning.py`. In a text other words stand around a day, so there a form may want a sign of
what it is, before it or after it, and the forms that mean a day only where nothing else is said are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.core.days.numbers import NUMBER
from bot.core.days.time_of_day import BARE, BARE_IN_TEXT, PARTS, clock, unnamed
from rules.quantity_tokens import UNIT as DOSE_UNIT
from rules.quantity_tokens import plain

_QUOTES = str.maketrans("’‘`´", "''''")


def fold(text: str) -> str:
    """The same text, of the same length, in small letters and with one form of each digit, space, dash and
    apostrophe."""
    return small(plain(text).translate(_QUOTES))


def small(text: str) -> str:
    """In small letters, and of the same length."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


# The pieces

WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
# The third: two figures with no sign that they are a year; in a text only where the words end.
_YEAR = (
    r"(?:[\s,./-]{0,3}(?P<y>20\d\d|'\d\d)(?!\d)|[./-](?P<yy>\d\d)(?!\w|:\d)"
    r"|[\s,]{1,2}(?P<yyy>\d\d)(?!\w|[.:]\d)(?=\s*(?:[,.;)-]|$|at\b|@)(?!\s*\d\d)))?"
)
_UNIT = r"(?:m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:(?:ee)?ks?)?|fortnights?|mo(?:nth)?s?)"
SPAN = (
    rf"(?:(?P<half>half an?|1/2|½)\s*|(?P<two>(?:a )?couple(?: of)?)\s+|(?P<few>a few|several|some)\s+"
    rf"|(?P<n>\d{{1,3}}(?:[.,]\d)?|{NUMBER}|another|an?)\s*(?P<more>1/2|½)?\s*-?)(?P<unit>{_UNIT})\b"
    r"(?P<and>\s+and a half)?"
)
PART = rf"(?:\s+(?:in the )?(?:early |late |mid-?(?!night))?(?:(?:{PARTS}|pm|am)\b|[ap]\.m\b\.?))?"
_ABOUT = r"(?:about|around|roughly|approx\.?|approximately|circa|c\.?|~)"
LEAD = rf"(?:t(?=\d\d)|[\s,]{{0,2}}(?:-\s)?(?:at\b|@)?\s?(?:{_ABOUT}\s?)?)"


@dataclass(frozen=True)
class DayForm:
    """One way of writing a day. `before` and `after` hold in a text; `where` is "", "alone" or "text"."""

    name: str
    pattern: str
    before: str = ""
    after: str = ""
    where: str = ""


_SHORT_DAYS = "(?:sun|sat|wed|mon)"
_FORMS = (
    DayForm("absolute", r"(?P<y>\d{4})[-/](?P<m>\d\d?)[-/](?P<d>\d\d?)(?!\d)"),
    DayForm(
        "absolute",
        rf"(?:(?P<wd>{WEEKDAY})[ ,]+(?:the )?)?(?P<d>\d\d?)[/.-](?P<m>\d\d?)[/.-](?P<y>\d{{4}}|\d\d)",
        after=r"(?![\d/]|[.-]\d)",
    ),
    DayForm(
        "absolute",
        rf"(?:(?P<wd>{WEEKDAY})[ ,]+(?:the )?)?{_ORDINAL}(?:\s+of)?[\s./-]*(?P<m>{MONTH})\b\.?{_YEAR}",
        after=r"(?!\s+(?:have|be|not|need|well|ct|list|rota|mean|want)\b)",
    ),
    DayForm(
        "absolute",
        rf"(?:(?P<wd>{WEEKDAY})[ ,]+)?(?P<m>{MONTH})\.?\s+(?:the\s+)?{_ORDINAL}{_YEAR}",
        after=rf"(?!\d|[:./]\d|\s*(?:{DOSE_UNIT}|(?:images?|scans?|fractions?|patients?|pts)\b))",
    ),
    DayForm("holiday", rf"(?:last )?(?P<of>christmas|xmas|boxing|new year'?s) (?P<which>day|eve){_YEAR}"),
    DayForm("from_today", r"(?:the )?day (?P<two>before) yesterday|(?P<one>yesterday|yest\b|yday\b)"),
    DayForm("from_today", r"(?:the )?day (?P<two>after) tomorrow|(?P<one>tomorrow|tomo\b)", where="alone"),
    DayForm("last_night", r"last night|(?P<over>overnight)"),
    DayForm("same_day", rf"(?:the )?same (?:day|{PARTS})", where="text"),
    DayForm(
        "today",
        rf"today|(?P<late>this (?:afternoon|evening)|tonight)|this (?:{PARTS}|am|pm|[ap]\.m\b\.?)"
        r"|just now|right now|earlier(?: today)",
    ),
    DayForm("today", r"now|earlier|later today", where="alone"),
    DayForm("ago", rf"{SPAN}\s+ago(?P<today> today)?"),
    DayForm("ago", rf"(?:{SPAN}|(?P<n2>{NUMBER}))\s+(?:ago|back|earlier)", where="alone"),
    DayForm(
        "week_day",
        rf"(?P<wd>{WEEKDAY}) (?P<which>last|next) week|(?P<which2>last|next) week(?: on)? (?P<wd2>{WEEKDAY})"
        rf"|a week (?:ago )?(?:on |last )?(?P<wd3>{WEEKDAY})|(?P<wd4>{WEEKDAY}) week",
    ),
    DayForm("span", rf"(?:(?P<ahead>in) |for )?{SPAN}(?P<ahead2> from now|'? time)?", where="alone"),
    DayForm(
        "short",
        rf"(?:(?P<wd>{WEEKDAY})[ ,]+)?(?P<d>3[01]|[12]\d|0?[1-9])/(?P<m>1[0-2]|0?[1-9])",
        after=r"(?![\d/]|\s*(?:old|#|fractions?|of\b))",
    ),
    DayForm(
        "short",
        rf"(?:(?P<wd>{WEEKDAY})[ ,]+)?(?P<d>3[01]|[12]\d|0?[1-9])(?P<dot>[.-])(?P<m>1[0-2]|0?[1-9])",
        where="alone",
    ),
    DayForm(
        "dated_day",
        rf"(?:on )?(?P<wd>{WEEKDAY})[ ,]+(?:the )?(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)",
        after=rf"\b(?!\s*(?:of\s+)?{MONTH}\b)",
    ),
    DayForm(
        "weekday",
        rf"(?:(?P<which>last|past|next|coming|this(?: past| coming)?) )?\b(?P<wd>{WEEKDAY})",
        after=r"\b(?!\s+(?:damage|list|clinic|rota|\d{1,2}\s*(?:st|nd|rd|th)))"
        rf"(?:(?<!\bsun)(?<!\bsat)(?<!\bwed)(?<!\bmon)|(?<=(?:on|st|is) {_SHORT_DAYS})"
        r"|(?=\s*(?:[,.;)]|$|\d{1,2}[:.]\d\d|\d{4}\b|\d{1,2}\s?[ap]m|morning|afternoon|evening|night|am\b|pm\b|[ap]\.m"
        r"|at \d)))",
    ),
    DayForm(
        "vague",
        rf"(?:last|this|previous) (?:week(?:end)?|month)|at the weekend|(?:some time|sometime) last \w+"
        rf"|(?:in|during) (?:early |mid |late |mid-)?{MONTH}(?! \d)|recently"
        r"|(?:a )?(?:few|couple of) (?:days|weeks) (?:ago|back)|the other day",
    ),
    DayForm("to_come", r"(?:at )?the weekend|(?:this|next) weekend|next (?P<what>week|month)", where="alone"),
    DayForm(
        "ordinal",
        r"(?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)",
        before=r"(?:(?:on|the|from)\s+(?:the\s+)?|(?<=noticed )|(?<=discovered )|(?<=found )|(?<=spotted )"
        r"|(?<=happened )|(?<=occurred )|(?<=done ))",
        after=rf"\b(?!\s*(?:of\s+)?{MONTH}\b)(?!\s+(?:floor|fraction|scan|image|patient|attempt|time|week"
        r"|generation|film|exposure|of the|view|percentile|lumbar|rib|vertebra|metatarsal|metacarpal))",
    ),
)  # fmt: skip


def _every(where: str) -> str:
    """The forms of one place, as named groups of one pattern."""
    guards = where == "text"
    return "|".join(
        f"{form.before * guards}(?P<f{at}>{unnamed(form.pattern)}){form.after * guards}"
        for at, form in enumerate(_FORMS)
        if form.where in ("", where)
    )


def _phrase(where: str, *bare: str) -> str:
    end = (
        r"(?:(?<=\dt)|(?=t\d\d:)|(?![\w/]))" if where == "text" else r"(?:(?=t\d\d:?\d\d)|(?![\w/]|[.:-]\d))"
    )
    return (
        rf"(?:{clock('before', *bare)}{LEAD}(?:on\s+(?:the\s+)?|hrs\s+)?)?(?:{_every(where)}){end}"
        rf"(?P<part>{PART})(?:{LEAD}{clock('after', *bare)}(?!\s+on\s+(?:the\s+)?\d))?"
    )


_OPENING = (
    r"(?:(?:it|that) (?:was|is) )?(?:(?:until|till|til|to|from|since|by) )?"
    rf"(?:(?:on|at|@) ?)?(?:{_ABOUT} ?)?(?:the )?"
)


# Compiled when first used: together they take longer than starting Python.
@cache
def in_text() -> re.Pattern[str]:
    """A day in a text, with the time of day that stands with it."""
    return re.compile(rf"(?<![\w/.-]){_phrase('text', BARE_IN_TEXT)}")


@cache
def clock_in_text() -> re.Pattern[str]:
    """A time of day in a text that stands apart from its day."""
    said = r"(?:(?:at|@)\s*(?:about |around )?|(?=\d\d?(?:[:.]\d\d)?\s?[ap]m\b))"
    return re.compile(rf"(?<![\w/.:-]){said}{clock('clock')}")


@cache
def alone() -> re.Pattern[str]:
    """A day with or without its time, or a time of day: what an answer is, and what a snooze begins with."""
    time = rf"{clock('clock', *BARE)}(?P<clock_part>{PART})"
    return re.compile(rf"{_OPENING}(?:{_phrase('alone', *BARE)}|{time})")


def form_of(match: re.Match[str]) -> tuple[str, re.Match[str]] | None:
    """The form of a day that one of these found, and its pieces; None where it is a time of day alone."""
    for at, form in enumerate(_FORMS):
        stretch = match.groupdict().get(f"f{at}")
        if stretch is not None and (pieces := re.fullmatch(form.pattern, stretch)):
            return form.name, pieces
    return None
