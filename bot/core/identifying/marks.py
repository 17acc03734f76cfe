"""What tells who somebody is by its form, whatever is called: dates of birth, addresses, numbers, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.core.identifying.vocabulary import beside
from storage.identifiers import TELEPHONE
from storage.spoken_digits import spelt

NAME, BIRTH, ADDRESS, POSTCODE = "a name", "a date of birth", "an address", "a postcode"
HOSPITAL, MAIL, PHONE = "a hospital number", "an e-mail address", "a telephone number"
OTHER = "a number that is somebody's"


class _Form(NamedTuple):
    """It has so many digits at least; `wants`: one of these stands in it, in small letters, and `shape`: so
    does this. Most texts have none of it, and are not looked through for the form itself."""

    what: str
    pattern: str
    wants: tuple[str, ...] = ()
    shape: str = ""
    digits: int = 1
    flags: int = re.I


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
_STREETS = (
    "street", "road", "avenue", "lane", "crescent", "terrace", "gardens", "mews", "grove", "cottage",
    "boulevard", "highway", "parade", "estate", "esplanade", "promenade", "brae", "wynd",
)  # fmt: skip
_STREET = rf"(?:{'|'.join(_STREETS)}|cottages)"
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
# What stands in any that is born, is a house or a telephone, or has a value: seen at once where it lacks.
_SHAPE_BORN = r"d\W{0,2}o\W{0,2}b\b|birth|b'?day|ddn|dyddiad|born|b\."
_SHAPE_HOUSE = r"\d[a-f]?,?\s[^\W\d_]"
_SHAPE_PHONE = r"44|0[ -]?[1-378]"
_SHAPE_VALUE = r"\d(?:[ /.-]?[a-z]?\d){3}"
_ORDINAL = r"(?:first|second|third|(?:twenty|thirty)[ -]?(?:first|second|third|[a-z]{2,4}th)|[a-z]{2,9}th)"

_FORMS = (
    _Form(
        BIRTH,
        rf"{_BORN}(?:\s?\(\w{{1,12}}\))?[\s:=,;-]{{0,4}}"
        rf"(?:(?:is|was|on|of|the|given\sas|recorded\sas)\s){{0,2}}{_DATE}",
        shape=_SHAPE_BORN,
    ),
    _Form(BIRTH, rf"dob\W{{0,3}}(?:(?:is|was)\s)?(?:(?:in\s)?{_MONTH}\s)?(?:19|20)\d\d(?!\d)", ("dob",)),
    _Form(BIRTH, r"dob\s?\d{6}(?:\d\d)?(?!\d)", ("dob",)),
    _Form(BIRTH, _LONG_AGO, shape=r"[./-]\d\d?[./-]|(?:19\d|20[01])\d", digits=4),
    _Form(BIRTH, rf"born\s(?:on|in)\s(?:{_MONTH}\s)?(?:19\d\d|20[01]\d)(?!\d)", ("born",)),
    _Form(
        BIRTH,
        r"(?:birthday|born)\W{1,3}(?:(?:is|was)\s)?(?:on\s)?(?:the\s)?"
        rf"(?:{_DAY}(?:\sof)?\s{_MONTH}|{_MONTH}\s{_DAY})(?!\w)",
        ("born", "birthday"),
    ),
    _Form(
        POSTCODE,
        rf"{_AREA}\d[A-Z\d]?\s{{0,2}}\d(?!GY)[ABD-HJLNP-UW-Z]{{2}}(?!\w)"
        rf"|(?i:{_AREA})\d[a-z\d]?\s{{0,2}}\d(?!gy|st|nd|rd|th)[abd-hjlnp-uw-z]{{2}}(?!\w)"
        r"|(?i:ZZ99\s?3[A-Z]{2})(?!\w)",
        shape=r"\d[a-z]?\s{0,2}\d[a-z]{2}",
        digits=2,
        flags=0,
    ),
    _Form(POSTCODE, rf"post\s?code\W{{1,3}}(?:(?:is|was)\s)?{_AREA}\d[A-Z\d]?(?!\w)", ("code",)),
    _Form(
        ADDRESS,
        r"(?<!\.)\d{1,4}[a-f]?,?\s(?!(?:of|in|on|at|to|x)\s)[^\W\d_][\w'’-]{0,20}"
        rf"(?:\s[^\W\d_][\w'’-]{{1,20}}){{0,2}}\s{_STREET}(?!\w)",
        _STREETS,
        _SHAPE_HOUSE,
    ),
    _Form(
        ADDRESS,
        rf"(?<!\.)\d{{1,4}}[A-Fa-f]?,?\s(?:[A-Z][\w'’-]{{1,20}}\s){{1,3}}{_WAY}(?!\w)",
        shape=_SHAPE_HOUSE,
        flags=0,
    ),
    _Form(ADDRESS, rf"(?:{'|'.join(_OF_STREETS)})\s{_STREET}(?!\w)", _OF_STREETS, digits=0),
    _Form(
        ADDRESS,
        r"(?:flat|apt|apartment)\s(?:no\.?\s)?\d{1,4}[a-d]?(?!\w|[.,]\d|\spanel)",
        ("flat", "apt", "apartment"),
    ),
    _Form(
        ADDRESS,
        r"(?<!ip\s)(?<!mac\s)(?<!e-mail\s)(?<!email\s)(?:address|cyfeiriad)(?:\s(?:is|was))?[\s:=-]{1,3}"
        rf"(?:\d{{1,4}}[a-f]?,?\s[^\W\d_]|{_CAPITAL}[a-z]+\s{_CAPITAL}){_REST}",
        ("address", "cyfeiriad"),
        digits=0,
    ),
    _Form(
        ADDRESS,
        r"(?:lives?|living|resides?|resident|residing|staying)\sat\s"
        rf"(?:(?:no\.?\s)?\d|(?:(?-i:The)\s)?{_CAPITAL}){_REST}",
        ("live", "living", "resid", "staying"),
        digits=0,
    ),
    _Form(ADDRESS, rf"c/o\s(?:\d|{_CAPITAL}){_REST}", ("c/o",), digits=0),
    _Form(ADDRESS, r"no\sfixed\s(?:abode|address)(?!\w)", ("fixed",), digits=0),
    _Form(
        BIRTH,
        rf"{_BORN}\W{{1,4}}(?:(?:is|was|on|the)\s){{0,2}}{_ORDINAL}\s(?:of\s)?{_MONTH}",
        _MONTHS,
        _SHAPE_BORN,
        digits=0,
    ),
    _Form(MAIL, r"[\w.+-]{1,64}\s?[\[(]\s?at\s?[\])]\s?[\w-]{1,63}", shape=r"[\[(]\s?at\s?[\])]", digits=0),
    # A conversation's id ends in @thread.tacv2, and is nobody's address.
    _Form(MAIL, r"(?<![.+-])[\w.+-]{1,64}@(?!thread\.)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", ("@",), digits=0),
    _Form(NAME, r"[^\W\d_]{2,30}(?:[-'][^\W\d_]{1,30})?\^[^\W\d_]{1,30}", ("^",), digits=0),
    _Form(
        PHONE,
        r"(?:\+?\(?(?:00)?44\)?[ -]?\(?0?\)?|0)[ -]?[127]\d{2,4}\)?[ .-]?[\dOol]{3}[ .-]?[\dOol]{3,4}(?!\w)"
        r"|(?<!\.)0[ -]?[1237](?:[ -]?\d){9}(?!\d)",
        shape=_SHAPE_PHONE,
        digits=4,
    ),
    _Form(
        PHONE,
        rf"{_RINGS}(?:\s?(?:no|number)\b)?[\W_]{{1,4}}(?:(?:is|on)\s)?"
        r"\+?\(?[\dO](?:[ .()-]{0,2}[\dOol]){7,12}(?!\w)",
        ("mob", "tel", "phone", "ring", "call", "landline", "cell", "contact"),
        shape=r"[\do](?:[ .()-]{0,2}[\dol]){7}",
    ),
    _Form(HOSPITAL, rf"{_WHOSE}\.?{_NO}{_SAID}{_VALUE}", shape=_SHAPE_VALUE, digits=4),
    _Form(HOSPITAL, rf"{_BY_ITSELF}(?:{_NO}|s?(?=[\W])){_SAID}{_VALUE}", shape=_SHAPE_VALUE, digits=4),
    _Form(
        HOSPITAL,
        r"(?<![/.-])(?:[KDTHXPNMZBR]|R[A-Z0-9]{1,2})\d{6,11}(?![\w.-])",
        shape=r"\d{6}",
        digits=6,
        flags=0,
    ),
    _Form(
        HOSPITAL,
        rf"(?P<whose>[^\W\d_]{{1,20}})[ -]{_NUMBER}[\W_]{{0,4}}(?:(?:is|was)\s)?"
        r"[A-Z]{0,3}\d{5,12}[A-Z]?(?![\w]|[.,]\d)",
        shape=r"\d{5}",
        digits=5,
    ),
    _Form(
        HOSPITAL,
        rf"(?:nhs|chi|h\s?&\s?c)\s?{_NUMBER}[^\n.;]{{0,30}}?\d{{5,12}}(?!\d)",
        shape=r"\d{5}",
        digits=5,
    ),
    _Form(
        OTHER,
        r"(?<!-)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)",
        shape=r"\d\d\s?\d\d\s?\d\d",
        digits=6,
    ),
    _Form(
        OTHER,
        r"(?:car|vehicle|number\splate|reg(?:istration)?)\W{1,2}(?:reg(?:istration)?|plate|no|number)?\W{0,3}"
        r"[A-Z]{2}\d\d\s?[A-Z]{3}(?!\w)",
        shape=r"\d\d\s?[a-z]{3}",
        digits=2,
    ),
)
_RUNG, _RUNG_DIGITS = re.compile(_SHAPE_PHONE), 10
# Letters that `re` takes for one of ours in small or in capitals.
_OUR_LETTERS = str.maketrans("İıſ", "iis")
# Ours, and other systems' names for an incident.
_INCIDENT = re.compile(r"(?<!\w)(?:[A-Z]{0,4}C?\d\d-\d{4}|20\d\d-\d{4})(?!\w)", re.I)


# Compiled once a text may have it: all of them take 60 ms, and most texts have none.
_compiled = cache(re.compile)
_WHOLE = tuple((one.what, one.digits, rf"(?<!\w)(?:{one.pattern})", one.flags, one.wants, one.shape)
               for one in _FORMS)  # fmt: skip


def _nobodys(match: re.Match[str]) -> bool:
    """`serial number`: that of a thing."""
    return match.groupdict().get("whose", "").lower() in beside("number_of")


def _digits_in(text: str) -> int:
    if not text.isascii():
        return sum(map(str.isdecimal, text))
    plain = text.encode("ascii")
    return len(plain) - len(plain.translate(None, b"0123456789"))


def marks(text: str) -> Iterator[tuple[str, int, int]]:
    """What it seems to be and where it stands, the end exclusive, form by form."""
    low = (text if text.isascii() else text.translate(_OUR_LETTERS)).lower()
    there = _digits_in(low)
    shaped: dict[str, bool] = {}  # several forms ask for the same shape
    for what, digits, pattern, flags, wants, shape in _WHOLE:
        if there < digits or (wants and not any(map(low.__contains__, wants))):
            continue
        if shape:
            if shape not in shaped:
                shaped[shape] = bool(_compiled(shape).search(low))
            if not shaped[shape]:
                continue
        for match in _compiled(pattern, flags).finditer(text):
            if what is HOSPITAL and (_INCIDENT.search(match[0]) or _nobodys(match)):
                continue
            yield what, match.start(), match.end()
    for match in TELEPHONE.finditer(text) if there >= _RUNG_DIGITS and _RUNG.search(low) else ():
        yield PHONE, match.start(), match.end()
    for start, end in spelt(text):
        yield OTHER, start, end
