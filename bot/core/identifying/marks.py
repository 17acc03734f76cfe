"""What tells who somebody is by its form, whatever is called: dates of birth, addresses, numbers, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.core.identifying.vocabulary import beside
from storage.identifiers import TELEPHONE, spelt

NAME, BIRTH, ADDRESS, POSTCODE = "a name", "a date of birth", "an address", "a postcode"
HOSPITAL, MAIL, PHONE = "a hospital number", "an e-mail address", "a telephone number"
OTHER = "a number that is somebody's"


class _Form(NamedTuple):
    """`wants` is a mark without which it cannot be there: `9` stands for any digit, `street` for a word for
    one beside a digit; else it is one of several in small letters."""

    what: str
    pattern: str
    wants: str | tuple[str, ...]
    flags: int


def _form(what: str, pattern: str, wants: str | tuple[str, ...] = "9", flags: int = re.I) -> _Form:
    return _Form(what, rf"(?<!\w)(?:{pattern})", wants, flags)


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DM = r"(?:0?[1-9]|[12]\d|3[01]){0}(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:\d{4}|\d\d)"
_DATE = (
    rf"(?:\d{{1,2}}[ ./\\-]{{1,3}}\d{{1,2}}[ ./\\-]{{1,3}}{_YEAR}|(?:19|20)\d\d[-/. ]\d\d?[-/. ]\d\d?"
    rf"|{_DAY}(?: of)?[ .,/-]{{0,2}}{_MONTH}[ .,/'-]{{0,3}}{_YEAR}"
    rf"|{_MONTH}[ .-]{{0,2}}{_DAY}[ ,.'-]{{0,3}}{_YEAR}|\d{{8}}|\d{{6}})(?!\d)"
)
_BORN = (
    r"(?:d\W{0,2}o\W{0,2}b\b\.?|date\sof\sbirth|birth\s?(?:date|day)|b'?day|ddn\b|dyddiad\sgeni"
    r"|born(?:\s(?:on|in))?(?=\W)|b\.(?=\s?\d))"
)
# A full date in one line with nothing said of it, of a year in which nobody's incident was.
_LONG_AGO = (
    rf"(?<![\d./-]){_DM.format('([./-])')}\1(?:19\d\d|200\d|201[0-5])(?![\d./-]\d)"
    rf"|(?<![\d./-]){_DM.format('([/-])')}\2[3-9]\d(?![\d./-]|%)"
    r"|(?<![\d.-])(?:19\d\d|200\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|{_DAY}(?: of)?[ .,-]{{0,2}}{_MONTH}[ .,'-]{{0,3}}(?:19\d\d|200\d)(?!\d)"
)
# The areas of Royal Mail, and ZZ for those of no abode.
_AREA = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    r"|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?"
    r"|YO|Z[EZ])"
)
_STREET = (
    r"(?:street|road|avenue|lane|crescent|terrace|gardens|mews|grove|cottages?|boulevard|highway|parade"
    r"|estate|esplanade|promenade|brae|wynd)"
)
# These are also something else, and are an address where they are written like one.
_OF_STREETS = ("high", "church", "station", "main", "mill", "chapel", "park")
_WAY = (
    r"(?:St|Rd|Ave?|Ln|Cres|Close|Drive|Dr|Court|Place|Way|Park|Hill|View|Row|Walk|Rise|Square|Green|Gate|End"
    r"|Side|Yard|Heights|Meadows?|Croft|Vale|Villas?|Buildings|House|Mount|Bank|Quay|Wharf|Loan|Heol|Ffordd)"
)
_REST = r"[^\n.;]{0,60}"
_CAPITAL = r"(?-i:[A-Z])"
_NUMBER = r"(?:numbers?|num|nos?|nr)\b\.?"
_NO = rf"(?:\s{{0,2}}(?:{_NUMBER}|(?:id|ref(?:erence)?|key|code)\b\.?#?)|\s?#)"
_SAID = r"[\W_]{0,4}(?:(?:is|was)\s|ending\s(?:in\s)?)?"
# With a digit within the first few, and four of them at least; a version is none.
_VALUE = (
    r"(?=[A-Z]{0,6}[\W_]{0,2}\d)(?!\W?\d{1,2}\.\d)[A-Z]{0,6}(?:[ /.-]?[A-Z]?\d){4,16}[A-Z]?"
    r"(?![\w]|[.,]\d)"
)
_WHOSE = (
    r"(?:hosp(?:ital)?|unit|patient|pt|pas|ris|cris|pacs|district|trust|case\s?-?notes?|notes?|epr|emis"
    r"|episode|attendance|accession|acc|exam(?:ination)?|study|staff\sbadge|badge|payroll|staff|employee"
    r"|passport|ni|national\sinsurance|nino|gmc|hcpc|nmc|(?:driving\s)?licen[cs]e|visa|ubrn|crn|x-?ray|film"
    r"|registration)"
)
# What is a number of somebody's with nothing more said.
_BY_ITSELF = (
    r"(?:mrn|crn|nhi|h/n|ubrn|gmc|hcpc|nmc|passport|accession|acc|cris|attendance|exam\skey|case\s?notes?"
    r"|hospital|hosp|k\sno)"
)
_RINGS = r"(?:mob(?:ile)?|tel(?:ephone)?|phone|ring|call|landline|cell|contact)"
_ORDINAL = r"(?:first|second|third|(?:twenty|thirty)[ -]?(?:first|second|third|[a-z]{2,4}th)|[a-z]{2,9}th)"

_FORMS = (
    _form(
        BIRTH,
        rf"{_BORN}(?:\s?\(\w{{1,12}}\))?[\s:=,;-]{{0,4}}"
        rf"(?:(?:is|was|on|of|the|given\sas|recorded\sas)\s){{0,2}}{_DATE}",
    ),
    _form(BIRTH, rf"dob\W{{0,3}}(?:(?:is|was)\s)?(?:(?:in\s)?{_MONTH}\s)?(?:19|20)\d\d(?!\d)"),
    _form(BIRTH, r"dob\s?\d{6}(?:\d\d)?(?!\d)"),
    _form(BIRTH, _LONG_AGO),
    _form(BIRTH, rf"born\s(?:on|in)\s(?:{_MONTH}\s)?(?:19\d\d|20[01]\d)(?!\d)"),
    _form(
        BIRTH,
        r"(?:birthday|born)\W{1,3}(?:(?:is|was)\s)?(?:on\s)?(?:the\s)?"
        rf"(?:{_DAY}(?:\sof)?\s{_MONTH}|{_MONTH}\s{_DAY})(?!\w)",
    ),
    _form(
        POSTCODE,
        rf"{_AREA}\d[A-Z\d]?\s{{0,2}}\d(?!GY)[ABD-HJLNP-UW-Z]{{2}}(?!\w)"
        rf"|(?i:{_AREA})\d[a-z\d]?\s{{0,2}}\d(?!gy|st|nd|rd|th)[abd-hjlnp-uw-z]{{2}}(?!\w)"
        r"|(?i:ZZ99\s?3[A-Z]{2})(?!\w)",
        flags=0,
    ),
    _form(POSTCODE, rf"post\s?code\W{{1,3}}(?:(?:is|was)\s)?{_AREA}\d[A-Z\d]?(?!\w)"),
    _form(
        ADDRESS,
        r"(?<!\.)\d{1,4}[a-f]?,?\s(?!(?:of|in|on|at|to|x)\s)[^\W\d_][\w'’-]{0,20}"
        rf"(?:\s[^\W\d_][\w'’-]{{1,20}}){{0,2}}\s{_STREET}(?!\w)",
        "street",
    ),
    _form(
        ADDRESS, rf"(?<!\.)\d{{1,4}}[A-Fa-f]?,?\s(?:[A-Z][\w'’-]{{1,20}}\s){{1,3}}{_WAY}(?!\w)", "street", 0
    ),
    _form(ADDRESS, rf"(?:{'|'.join(_OF_STREETS)})\s{_STREET}(?!\w)", _OF_STREETS),
    _form(ADDRESS, r"(?:flat|apt|apartment)\s(?:no\.?\s)?\d{1,4}[a-d]?(?!\w|[.,]\d|\spanel)"),
    _form(
        ADDRESS,
        r"(?<!ip\s)(?<!mac\s)(?<!e-mail\s)(?<!email\s)(?:address|cyfeiriad)(?:\s(?:is|was))?[\s:=-]{1,3}"
        rf"(?:\d{{1,4}}[a-f]?,?\s[^\W\d_]|{_CAPITAL}[a-z]+\s{_CAPITAL}){_REST}",
        ("address", "cyfeiriad"),
    ),
    _form(
        ADDRESS,
        r"(?:lives?|living|resides?|resident|residing|staying)\sat\s"
        rf"(?:(?:no\.?\s)?\d|(?:(?-i:The)\s)?{_CAPITAL}){_REST}",
        ("live", "living", "resid", "staying"),
    ),
    _form(ADDRESS, rf"c/o\s(?:\d|{_CAPITAL}){_REST}", ("c/o",)),
    _form(ADDRESS, r"no\sfixed\s(?:abode|address)(?!\w)", ("fixed",)),
    _form(BIRTH, rf"{_BORN}\W{{1,4}}(?:(?:is|was|on|the)\s){{0,2}}{_ORDINAL}\s(?:of\s)?{_MONTH}", _MONTHS),
    _form(MAIL, r"[\w.+-]{1,64}\s?[\[(]\s?at\s?[\])]\s?[\w-]{1,63}", ("[", "(")),
    # A conversation's id ends in @thread.tacv2, and is nobody's address.
    _form(MAIL, r"(?<![.+-])[\w.+-]{1,64}@(?!thread\.)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", "@"),
    _form(NAME, r"[^\W\d_]{2,30}(?:[-'][^\W\d_]{1,30})?\^[^\W\d_]{1,30}", "^"),
    _form(
        PHONE,
        r"(?:\+?\(?(?:00)?44\)?[ -]?\(?0?\)?|0)[ -]?[127]\d{2,4}\)?[ .-]?[\dOol]{3}[ .-]?[\dOol]{3,4}(?!\w)"
        r"|(?<!\.)0[ -]?[1237](?:[ -]?\d){9}(?!\d)",
    ),
    _form(
        PHONE,
        rf"{_RINGS}(?:\s?(?:no|number)\b)?[\W_]{{1,4}}(?:(?:is|on)\s)?"
        r"\+?\(?[\dO](?:[ .()-]{0,2}[\dOol]){7,12}(?!\w)",
    ),
    _form(HOSPITAL, rf"{_WHOSE}\.?{_NO}{_SAID}{_VALUE}"),
    _form(HOSPITAL, rf"{_BY_ITSELF}(?:{_NO}|s?(?=[\W])){_SAID}{_VALUE}"),
    _form(HOSPITAL, r"(?<![/.-])(?:[KDTHXPNMZBR]|R[A-Z0-9]{1,2})\d{6,11}(?![\w.-])", flags=0),
    _form(
        HOSPITAL,
        rf"(?P<whose>[^\W\d_]{{1,20}})[ -]{_NUMBER}[\W_]{{0,4}}(?:(?:is|was)\s)?"
        r"[A-Z]{0,3}\d{5,12}[A-Z]?(?![\w]|[.,]\d)",
    ),
    _form(HOSPITAL, rf"(?:nhs|chi|h\s?&\s?c)\s?{_NUMBER}[^\n.;]{{0,30}}?\d{{5,12}}(?!\d)"),
    _form(OTHER, r"(?<!-)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)"),
    _form(
        OTHER,
        r"(?:car|vehicle|number\splate|reg(?:istration)?)\W{1,2}(?:reg(?:istration)?|plate|no|number)?\W{0,3}"
        r"[A-Z]{2}\d\d\s?[A-Z]{3}(?!\w)",
    ),
)
_A_STREET = re.compile(rf"\s(?:{_STREET}|{_WAY})(?!\w)", re.I)
# Ours, and other systems' names for an incident.
_INCIDENT = re.compile(r"(?<!\w)(?:[A-Z]{0,4}C?\d\d-\d{4}|20\d\d-\d{4})(?!\w)", re.I)


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str], str | tuple[str, ...]], ...]:
    """60 ms, for the first text that is looked through and not for a start."""
    return tuple((one.what, re.compile(one.pattern, one.flags), one.wants) for one in _FORMS)


def _nobodys(match: re.Match[str]) -> bool:
    """`serial number`: that of a thing."""
    return match.groupdict().get("whose", "").lower() in beside("number_of")


def _there(text: str) -> set[str]:
    there = {mark for mark in "@^" if mark in text}
    if any(map(str.isdigit, text)):
        there |= {"9", "street"} if _A_STREET.search(text) else {"9"}
    return there


def marks(text: str) -> Iterator[tuple[str, int, int]]:
    """What it seems to be and where it stands, the end exclusive, form by form."""
    there = _there(text)
    low = text.lower() if text.isascii() else None  # other alphabets have small letters of their own
    for what, pattern, wants in _compiled():
        if wants not in there if isinstance(wants, str) else low and not any(map(low.__contains__, wants)):
            continue
        for match in pattern.finditer(text):
            if what is HOSPITAL and (_INCIDENT.search(match[0]) or _nobodys(match)):
                continue
            yield what, match.start(), match.end()
    for match in TELEPHONE.finditer(text) if "9" in there else ():
        yield PHONE, match.start(), match.end()
    for start, end in spelt(text):
        yield OTHER, start, end
