"""The date grammar: which stretches of a text are a day, and which a clock time."""

from __future__ import annotations

import re

from bot.core.days.numbers import NUMBER

_DAY = r"(?:monday|tue(?:s(?:day)?)?|wed(?:nesday|s)|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|saturday|sunday)"
ANY_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = (
    r"(?:(?:\s*,)?\s*(?P<year{}>20\d\d|'\d\d\b)|\s+(?P<year{}z>\d\d)(?=\s*(?:[,.;)-]|$|at\b"
    r"|@)(?!\s*\d\d)))?"
)
_PART = r"(?:\s+(?:early |late |mid-?)?(?:morning|afternoon|evening|night|lunchtime|pm|am)\b)?"
_CLOCK = (
    r"(?:(?P<h{0}>[01]?\d|2[0-3])[:.](?P<m{0}>[0-5]\d)(?::\d\d)?(?:\s*(?P<ap{0}>[ap]\.?m\b\.?)|\s*(?:hrs?"
    r"|h)\b)?"
    r"|(?P<h{0}x>1[0-2]|0?[1-9])\s*(?P<ap{0}x>[ap]\.?m\b\.?)|(?P<h{0}y>[01]\d"
    r"|2[0-3])(?P<m{0}y>[0-5]\d)\s*(?:hrs?|h|hours)\b|(?P<h{0}z>0\d)(?P<m{0}z>[0-5]\d)\b"
    r"|(?P<noon{0}>(?:12\s*)?noon|midday)|(?P<midnight{0}>midnight))(?!\w|[.:]\d)"
)
_LEAD = r"(?:\s*,?\s*(?:at|@|around|about|approx\.?|circa|c\.?|~)?\s*)"
_DATES = (
    r"(?P<iso>20\d\d-(?:0?[1-9]|1[0-2])-(?:[12]\d|3[01]|0?[1-9]))(?:t(?=\d\d:))?",
    r"(?P<numeric>(?:3[01]|[12]\d|0?[1-9])[/.-](?:1[0-2]|0?[1-9])[/.-](?:20\d\d|\d\d))(?![\d/]|[.-]\d)",
    rf"(?:{ANY_DAY}[ ,]+(?:the )?)?(?P<named>{_ORDINAL}(?:\s+of)?[\s-]*{MONTH}\b(?!\s+(?:have|be|not|need"
    rf"|well|ct|list|rota|mean|want)\b)){_YEAR.format('a', 'a')}",
    rf"(?:{ANY_DAY}[ ,]+)?(?P<american>{MONTH}\s+(?:the\s+)?{_ORDINAL}(?![\d:./]|\s*(?:msv|mgy|mbq|gy"
    rf"|images?|scans?|fractions?|patients?|pts)\b)){_YEAR.format('b', 'b')}",
    rf"(?:last )?(?P<holiday>(?:christmas|xmas|boxing|new year'?s) (?:day|eve)){_YEAR.format('c', 'c')}",
    r"(?P<before_yesterday>(?:the )?day before yesterday)",
    r"(?P<yesterday>yesterday|yest\b)",
    r"(?P<last_night>last night|overnight)",
    r"(?P<same_day>(?:the )?same (?:day|morning|afternoon|evening|night))",
    r"(?P<today>today|this (?:morning|afternoon|evening|am|pm)|tonight|just now"
    r"|earlier(?= today)(?: today)?)",
    rf"(?P<ago>(?:half an hour|an? (?:couple of |few )?|{NUMBER} )\s*(?:minutes?|mins?|hours?|hrs?|days?"
    rf"|weeks?|wks?|fortnights?|months?)?\s*ago(?: today)?)",
    rf"(?P<week_day>(?:{_DAY} last week|last week(?: on)? {_DAY}|(?:a week (?:ago )?(?:on |last )?){_DAY}"
    rf"|{_DAY} week))",
    rf"(?:on\s+)?(?P<dated_day>{ANY_DAY}[ ,]+(?:the\s+)?(?:[12]\d|3[01]|[1-9])(?:st|nd|rd"
    rf"|th))\b(?!\s*(?:of\s+)?{MONTH}\b)",
    rf"(?P<weekday>(?:(?P<last>last|past)\s+|this\s+(?:past\s+)?)?\b(?:{_DAY}|(?:(?<=on )|(?<=last )"
    rf"|(?<=this ))(?:sun|sat|wed|mon)|(?:sun|sat|wed|mon)(?=\s*(?:[,.;)]|$|\d{{1,2}}[:.]\d\d"
    rf"|\d{{1,2}}\s?[ap]m|morning|afternoon|evening|night|am\b|pm\b|at \d)))\b)(?!\s+(?:damage|list|clinic"
    rf"|rota|\d{{1,2}}\s*(?:st|nd|rd|th)))",
    rf"(?P<vague>(?:last|this|previous) (?:week(?:end)?|month)|at the weekend|(?:some time"
    rf"|sometime) last \w+|(?:in|during) (?:early |mid |late |mid-)?{MONTH}(?! \d)|recently|a (?:few"
    rf"|couple of) (?:days|weeks) (?:ago|back)|the other day)",
    rf"(?:(?:on|the|from)\s+(?:the\s+)?|(?<=noticed )|(?<=discovered )|(?<=found )|(?<=spotted )"
    rf"|(?<=happened )|(?<=occurred )|(?<=done ))(?P<ordinal>(?:[12]\d|3[01]|[1-9])(?:st|nd|rd"
    rf"|th))\b(?!\s*(?:of\s+)?{MONTH}\b)(?!\s+(?:floor|fraction|scan|image|patient|attempt|time|week"
    rf"|generation|film|exposure|of the|view|percentile|lumbar|rib|vertebra|metatarsal|metacarpal))",
    r"(?P<strange>\d{1,2}[/.]\d{1,2}[/.](?:20\d\d|\d\d))(?![\d/]|[.]\d)",
    rf"(?:(?P<short_day>{ANY_DAY})[ ,]+)?"
    r"(?P<short>(?:3[01]|[12]\d|0?[1-9])/(?:1[0-2]|0?[1-9]))(?![\d/]|\s*(?:old|#|fractions?|of\b))",
)  # fmt: skip
GRAMMAR = re.compile(
    rf"(?<![\w/.-])(?:{_CLOCK.format(1)}{_LEAD.replace('?P', '?P')}(?:on\s+"
    rf"|hrs\s+)?)?(?:{'|'.join(_DATES)})(?:(?<=\dt)|(?![\w/])){_PART}(?:{_LEAD}{_CLOCK.format(2)}(?!\s+on\s+"
    rf"(?:the\s+)?\d))?"
)
CLOCK = re.compile(rf"(?<![\w/.:-])(?:at|@)\s*(?:about |around )?{_CLOCK.format(3)}")
LISTED = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s*(?:and|&|to|-|or|until|till)\s*(?:the\s+)?$|\bbetween\s+(?:the\s+)?$"
)
TO_COME = re.compile(r"\s*(?:-|to|until|till)\s*(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\b(?![:.]\d|\s*[ap]m)")
