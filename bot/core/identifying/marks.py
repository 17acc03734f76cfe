"""What tells who somebody is by its form, whatever is called: dates of birth, addresses, numbers, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

BIRTH, ADDRESS, POSTCODE = "a date of birth", "an address", "a postcode"
HOSPITAL, MAIL, PHONE, OTHER = (
    "a hospital number", "an e-mail address", "a telephone number", "a number that is somebody's",
)  # fmt: skip

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{1,2}}[ ./\\-]{{1,3}}\d{{1,2}}[ ./\\-]{{1,3}}(?:\d{{4}}|\d\d)|(?:19|20)\d\d[-/. ]\d\d?[-/. ]\d\d?"
    rf"|{_DAY}(?: of)?[ .,/-]{{0,2}}{_MONTH}[ .,/'-]{{0,3}}(?:\d{{4}}|\d\d)"
    rf"|{_MONTH}[ .-]{{0,2}}{_DAY}[ ,.'-]{{0,3}}(?:\d{{4}}|\d\d)|\d{{8}}|\d{{6}})(?!\d)"
)
# A full date in one line with nothing said of it, of a year in which nobody's incident was.
_LONG_AGO = (
    rf"(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:19\d\d|200\d|201[0-5])(?![\d./-]\d)"
    rf"|(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])([/-])(?:0?[1-9]|1[0-2])\2[3-9]\d(?![\d./-]|%)"
    rf"|(?<![\d.-])(?:19\d\d|200\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?<!\w){_DAY}(?: of)?[ .,-]{{0,2}}{_MONTH}[ .,'-]{{0,3}}(?:19\d\d|200\d)(?!\d)"
)
_AREA = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    r"|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?"
    r"|YO|Z[EZ])"
)
_STREET = (
    r"(?:street|road|avenue|lane|crescent|terrace|gardens|mews|grove|cottages?|boulevard|highway|parade|estate"
    r"|esplanade|promenade|brae|wynd)"
)
# These are also something else, and are an address where they are written like one.
_WAY = (
    r"(?:St|Rd|Ave?|Ln|Cres|Close|Drive|Dr|Court|Place|Way|Park|Hill|View|Row|Walk|Rise|Square|Green|Gate|End"
    r"|Side|Yard|Heights|Meadows?|Croft|Vale|Villas?|Buildings|House|Mount|Bank|Quay|Wharf|Loan|Heol|Ffordd)"
)
_NO = r"(?:\s{0,2}(?:numbers?|num|nos?|nr|id|ref(?:erence)?|key|code|#)\b\.?#?|\s?#)"
# With a digit within the first few, and four of them at least.
_VALUE = r"(?=[A-Z]{0,6}[\W_]{0,2}\d)[A-Z]{0,6}(?:[ /.-]?[A-Z]?\d){4,16}[A-Z]?(?![\w]|[.,]\d)"
_WHOSE = (
    r"(?:hosp(?:ital)?|unit|patient|pt|pas|ris|cris|pacs|district|trust|case\s?-?notes?|notes?|epr|emis|episode"
    r"|attendance|accession|acc|exam(?:ination)?|study|staff\sbadge|badge|payroll|staff|employee|passport"
    r"|ni|national\sinsurance|nino|gmc|hcpc|nmc|driving\slicen[cs]e|licen[cs]e|visa|ubrn|crn|x-?ray|film|registration)"
)

_FORMS = tuple(
    (what, re.compile(pattern, re.I if any_case else 0), within)
    for what, within, any_case, pattern in (
        (
            BIRTH, "brd", True,
            r"(?<!\w)(?:d\W{0,2}o\W{0,2}b\b\.?|date\sof\sbirth|birth\s?(?:date|day)|birthdate|b'?day|ddn\b"
            r"|dyddiad\sgeni|born(?:\s(?:on|in))?(?=\W)|b\.(?=\s?\d))(?:\s?\(\w{1,12}\))?"
            rf"[\s:=,;-]{{0,4}}(?:(?:is|was|on|of|the|given\sas|recorded\sas)\s){{0,2}}{_DATE}",
        ),
        (BIRTH, "", True, rf"(?<!\w)dob\W{{0,3}}(?:(?:is|was)\s)?(?:(?:in\s)?{_MONTH}\s)?(?:19|20)\d\d(?!\d)"),
        (BIRTH, "", True, rf"(?<!\w)dob\s?\d{{6}}(?:\d\d)?(?!\d)"),
        (BIRTH, "", True, _LONG_AGO),
        (
            BIRTH, "", True,
            rf"(?<!\w)born\s(?:on|in)\s(?:{_MONTH}\s)?(?:19[0-9]\d|20[01]\d)(?!\d)"
            rf"|(?<!\w)(?:birthday|born)\W{{1,3}}(?:is\s|was\s)?(?:on\s)?(?:the\s)?(?:{_DAY}(?:\sof)?\s{_MONTH}|{_MONTH}\s{_DAY})(?!\w)",
        ),
        (
            POSTCODE, "", False,
            rf"(?<!\w){_AREA}\d[A-Z\d]?\s{{0,2}}\d(?!GY)[ABD-HJLNP-UW-Z]{{2}}(?!\w)"
            rf"|(?<!\w)(?i:{_AREA})\d[a-z\d]?\s{{0,2}}\d(?!gy|st|nd|rd|th)[abd-hjlnp-uw-z]{{2}}(?!\w)",
        ),
        (POSTCODE, "", True, rf"(?<!\w)post\s?code\W{{1,3}}(?:is\s|was\s)?{_AREA}\d[A-Z\d]?(?!\w)"),
        (
            ADDRESS, "", True,
            rf"(?<![\w.])\d{{1,4}}[a-f]?,?\s(?!of\s|the\s|in\s|on\s|at\s|to\s|x\s)[^\W\d_][\w'’-]{{0,20}}"
            rf"(?:\s[^\W\d_][\w'’-]{{1,20}}){{0,2}}\s{_STREET}(?!\w)",
        ),
        (
            ADDRESS, "", False,
            r"(?<![\w.])\d{1,4}[A-Fa-f]?,?\s(?:[A-Z][\w'’-]{1,20}\s){1,3}" rf"{_WAY}(?!\w)",
        ),
        (ADDRESS, "", True, rf"(?<!\w)(?:high|church|station|main|mill|chapel|park)\s{_STREET}(?!\w)"),
        (ADDRESS, "", True, r"(?<!\w)(?:flat|apt|apartment)\s(?:no\.?\s)?\d{1,4}[a-d]?(?!\w|[.,]\d|\spanel)"),
        (
            ADDRESS, "", True,
            r"(?<!\w)(?<!ip\s)(?<!mac\s)(?<!e-mail\s)(?<!email\s)(?:address|cyfeiriad)(?:\sis|\swas)?[\s:=-]{1,3}"
            r"(?:\d{1,4}[a-f]?,?\s[^\W\d_]|(?-i:[A-Z])[a-z]+\s(?-i:[A-Z]))[^\n.;]{0,60}",
        ),
        (
            ADDRESS, "", True,
            r"(?<!\w)(?:lives?|living|resides?|resident|residing|staying)\sat\s(?:(?:no\.?\s)?\d|(?-i:(?:The\s)?[A-Z]))[^\n.;]{1,60}",
        ),
        (ADDRESS, "", True, r"(?<!\w)c/o\s(?:\d|(?-i:[A-Z]))[^\n.;]{1,60}"),
        (ADDRESS, "", True, r"(?<!\w)no\sfixed\s(?:abode|address)(?!\w)"),
        (MAIL, "@", True, r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
        (
            PHONE, "", True,
            r"(?<!\w)(?:\+?\(?(?:00)?44\)?[ -]?\(?0?\)?|0)[ -]?[127]\d{2,4}\)?[ .-]?[\dOol]{3}[ .-]?[\dOol]{3,4}(?!\w)"
            r"|(?<!\w)(?:mob(?:ile)?|tel(?:ephone)?|phone|ring|call|landline|cell)(?:\s?(?:no|number)\b)?[\W_]{1,4}(?:is\s|on\s)?"
            r"\+?\(?[\dO](?:[ .()-]{0,2}[\dOol]){7,12}(?!\w)",
        ),
        (
            HOSPITAL, "", True,
            rf"(?<!\w){_WHOSE}{_NO}[\W_]{{0,4}}(?:is\s|was\s|ending\s(?:in\s)?)?{_VALUE}",
        ),
        (
            HOSPITAL, "", True,
            r"(?<!\w)(?:mrn|crn|nhi|ubrn|accession|acc|cris|attendance|exam\skey|case\s?notes?|hospital|hosp|k\sno)"
            rf"(?:{_NO}|s?(?=[\W]))[\W_]{{0,4}}(?:is\s|was\s|ending\s(?:in\s)?)?{_VALUE}",
        ),
        (
            HOSPITAL, "", False,
            r"(?<![\w/.-])(?:[KDTHXPNMZBR]|R[A-Z0-9]{1,2})\d{6,11}(?![\w.-])",
        ),
        (OTHER, "", True, r"(?<![\w-])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)"),
        (
            OTHER, "", True,
            r"(?<!\w)(?:car|vehicle|number\splate|reg(?:istration)?)\W{1,2}(?:reg(?:istration)?|plate|no|number)?\W{0,3}"
            r"[A-Z]{2}\d\d\s?[A-Z]{3}(?!\w)",
        ),
    )
)  # fmt: skip
# Ours, and other systems' names for an incident.
_INCIDENT = re.compile(r"(?<!\w)(?:[A-Z]{0,4}C?\d\d-\d{4}|20\d\d-\d{4})(?!\w)", re.I)


def marks(text: str) -> Iterator[tuple[str, int, int]]:
    """What it seems to be and where it stands, form by form."""
    if not any(map(str.isdigit, text)):
        forms = tuple(form for form in _FORMS if form[0] in (ADDRESS, MAIL))
    else:
        forms = _FORMS
    for what, pattern, needs in forms:
        if needs == "@" and "@" not in text:
            continue
        for match in pattern.finditer(text):
            if what is HOSPITAL and _INCIDENT.search(match[0]):
                continue
            yield what, match.start(), match.end()
