"""Who was exposed: age, age group, sex, and whether a patient at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.days.grammar import MONTH
from bot.core.days.numbers import NUMBER, whole
from bot.core.reader.findings import Finding
from bot.core.reader.page import RETRACTION, Page
from bot.core.reader.persons import names_carer, persons

_AT_MOST = 40
_SEX = r"male|female|man|woman|boy|girl|gentleman|lady|gent|lad"
_NOT_A_PLACE = (
    r"(?<!bed )(?<!bay )(?<!ward )(?<!room )(?<!level )(?<!floor )(?<!linac )(?<!unit )(?<!theatre )"
    r"(?<!lab )"
)
_UNIT_AHEAD = r"(?!\s*(?:months?|mths?|mo\b|weeks?|wks?|days?|hours?|min|/|[-.:,]?\d|%|st\b|nd\b|rd\b|th\b))"
_YEARS = re.compile(
    rf"\b(?P<n5>\d{{1,3}})\s?(?:years?|yrs?|y)[\s,]*(?:and\s+)?\d{{1,2}}\s?(?:months?|mths?"
    rf"|mo?)\b(?:[\s-]*old\b)?"
    rf"|\b(?P<n>{NUMBER})[\s-]*(?:years?|yrs?|y)(?:[\s-]*olds?\b|\s+of\s+age\b|[\s/-]*o\b)"
    rf"|\b(?:just |recently )?turn(?:s|ed)\s+(?P<n3>{NUMBER})(?! (?:degrees|times))"
    rf"|\baged?\s*(?:is|was|of|:|=|at exposure)?\s*(?P<aged>{NUMBER})(?:\s*(?:years?|yrs?"
    rf"|y)\b)?{_UNIT_AHEAD}(?![\w])"
    rf"|\b(?:{_SEX}|patient|pt|child|kid|baby|toddler|person|ms|mrs?|s?he|who)(?:\s+(?:is|was)"
    rf"|'?s)\s+(?P<is>{NUMBER})(?=\s*(?:[,;)!]|\.(?!\d)|$|-\s|and\b|years?\b|yrs?\b))"
    rf"|(?<![\d.,/:])\b(?P<before>\d{{1,3}})\s?(?:{_SEX})\b(?!\s+(?:patients|pts|adults|children"
    rf"|volunteers))"
    rf"|\b(?:patient|pt|child|kid|teenager|(?:child|boy|girl"
    rf"|lad) of)\s*,?\s+(?P<named>{NUMBER})(?=\s*(?:[,;()!]|\.(?!\d)|$))"
    rf"|\b(?:{_SEX}|patient|pt|person|individual|child)\s+of\s+(?P<n2>{NUMBER})\s*(?:years?|yrs?)\b"
    rf"|\b(?:{_SEX})\b,?\s*\(?(?:aged?\s|of\s)?\s*(?P<after>\d{{1,3}})\b{_UNIT_AHEAD}"
    rf"(?!\s*(?:[a-z]{{0,5}}(?:sv|gy|bq)\b|scans?|images?|fractions?|patients?|pts?|[ap]m\b|{MONTH}\b))"
)
# "F18 FDG" is fluorine, and nobody's age.
_NO_FLUORINE = r"(?![\s-]*(?i:fdg|psma|choline|fluor\w*|fet|naf|dopa|pet|flor\w+|labelled|tracer)\b)"
_BRIEF = re.compile(
    rf"{_NOT_A_PLACE}\b(?P<n>\d{{1,3}})\s?(?P<sex>[MF])\b(?!\s*(?:sheath|catheter|introducer|fr|fraction|V"
    rf"|/)){_NO_FLUORINE}"
    rf"|\b(?P<sex2>[MF])\s?[/,]?\s?(?P<n2>\d{{1,3}})\b(?!\s*(?:[a-z]{{0,5}}(?:Sv|Gy|Bq)\b|[-/.:]?\d|%))"
    rf"{_NO_FLUORINE}"
)
# "16, sorry 17"; the unit of the former holds.
_CORRECTED = re.compile(
    rf"{RETRACTION}[\s,:-]*(?:(?:s?he|it|age) (?:is|was) |(?:s?he"
    rf"|it)'s )?(?P<n>{NUMBER})(?!\s*(?:[a-z]{{0,3}}(?:sv|gy|bq)\b|st|nd|rd|th|am|pm|[/:]))"
)
_IN_SLOT = re.compile(
    r"\b(?:child|kid|boy|girl|lad|toddler|pt|patient)\s*\((?P<n3>\d{1,2})\)"
    r"|\b(?:child|kid|boy|girl|lad|toddler),?\s+(?P<n4>\d{1,2})\s?(?:yrs?|y)\b(?!\s*(?:post|after|since|ago"
    r"|later|follow))"
    r"|(?:^|[,(;.]\s)\s*[mf],?\s*(?P<n2>\d{1,3})(?=\s*(?:[,;)]|\.(?!\d)|$))"
    r"|(?:^|[,(;.]\s*|\b(?:patient|pt|child|boy|girl|man|woman|lady)\s+)(?P<n>\d{1,3})\s?(?:years?|yrs?"
    r"|y)(?=\s*(?:[,);.]|$|male\b|female\b|m\b|f\b|boy\b|girl\b))"
)
_MONTHS = r"months?|mths?|mo|weeks?|wks?|days?|/12|/52|/7"
_YOUNGER = re.compile(
    rf"\b(?P<n>{NUMBER})\s*-?\s*(?P<unit>{_MONTHS}|m)[\s-]*(?:olds?\b|of age\b|/?o\b"
    rf"|(?=(?:baby|infant|neonate|child|{_SEX})\b))"
    rf"|\baged?\s*:?\s*(?P<n2>{NUMBER})\s*-?\s*(?P<unit2>{_MONTHS})\b"
    rf"|\b(?:baby|infant|neonate|child|{_SEX}),?\s*\(?\s*(?P<n4>\d{{1,2}})(?P<unit4>/12|/52|/7)(?!\d)"
    rf"|\b(?:baby|infant|neonate|child|{_SEX}) of (?P<n3>{NUMBER})\s*-?\s*(?P<unit3>{_MONTHS})\b"
)
_NEWBORN = re.compile(
    r"\b(?:neonat(?:e|es|al)|newborns?|new-born)\b(?!\s*(?:unit|intensive|ward|protocol|setting))"
)
_MACHINE = re.compile(
    r"\s+(?:\w[\w-]*\s+){0,2}?(?:scanner|machine|linac|unit|equipment|system|set|tube|detector|monitor"
    r"|phantom|software"
    r"|protocol|request|referral|report|building|record|plate|cassette|x-?ray (?:set|unit|room)|fault"
    r"|old image)s?\b"
)
_GUESS = re.compile(
    r"(?:\d\s*(?:or|to|and|&)|\b(?:about|around|approx\w*\.?|roughly|circa|nearly|almost|maybe|over|under"
    r"|above|below|than|age|aged about)|~|\d\s*[,/])\s*$|[?\-–]$"
)
_LISTED = re.compile(
    rf"\s*(?:and|&|,|/|or|to|-)\s*(?:aged\s+)?{NUMBER}(?!\s*(?:[a-z]{{0,5}}(?:sv|gy|bq)\b|%|/|scans?"
    rf"|images?|ct|st\b|th\b|patients))(?=\s*(?:[,.;)]|$|year|yr|y\b|yo\b|\w+))"
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:mother|father|mum|dad|parent|carer|comforter|radiographer|porter|nurse|sister|brother|husband"
    r"|wife|partner|(?:breast[- ]?)?feeding|nursing|has an?|with (?:an?|her|his)"
    r"|staff|student|when (?:s?he|they) (?:was|were)|since(?: the)?(?: age of)?|operator"
    r"|other)\b[^.,;]{0,15}$"
)
_ELSES = "that may be somebody else's age"
_BYSTANDER = re.compile(
    r"\s+(?:nurse|porter|radiographer|doctor|student|member of staff|mother|father|parent|carer|husband"
    r"|wife|visitor)\b"
)
_CHILD = re.compile(
    r"(?<!unborn )\b(?:child(?:'s)?|children|toddlers?|paediatrics?|pediatrics?|paeds?|peads|schoolboy"
    r"|schoolgirl"
    r"|schoolchild(?:ren)?"
    r"|kids?)\b"
)
_MAYBE_CHILD = re.compile(r"\b(?:baby|babies|infant|boy|girl|teenager?|teen|adolescent|youth|lad)\b")
_ADULT = re.compile(
    r"\badults?\b|\b(?:elderly|geriatric|pensioner|oap)\b|\bmiddle[- ]aged\b"
    r"|\bin (?:his|her|their) (?:early |mid |late |mid-)?(?:[2-9]0'?s|twenties|thirties|forties|fifties"
    r"|sixties|seventies|eighties|nineties)\b"
)
_NOT_A_PERSON = re.compile(
    r"(?:\s|-)(?:\w+\s+)?(?:protocols?|settings?|presets?|exposure|factors?|phantom|list|ward|department"
    r"|dept"
    r"|dose|hospital"
    r"|mode|parameters?|technique|scanner|scan settings|unit|clinic|size|radiologist|radiographer"
    r"|specialist|icu|threshold"
    r"|limit|protection|services?|safeguarding)\b"
)
_A_RELATIVE = re.compile(
    r"\b(?:unborn|mother|father|mum|dad|parents?|carers?|comforters?|breast|holding|pregnant|with|of|'s|no"
    r"|not a"
    r"|nor|than a|for)"
    r"\s+(?:an?|the|her|his|second|first|third|their)?\s*$"
)

_YEARS_OLD = r"\d\s*-?\s*(?:(?:years?|yrs?|y)(?:[\s/-]*(?:old|o))?\.?)?\s*"


def _own(words: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_YEARS_OLD}\b(?:{words})\b|\b(?:{words}),?\s*\(?(?:aged?\s|of\s)?\d{{1,3}}\b"
        rf"|\b(?:{words}) (?:patient|pt|inpatient|outpatient|adult|child)\b"
        rf"|\b(?:patient|pt|person) (?:is|was|:) (?:an? )?(?:\w+ )?(?:{words})\b|\bsex:? (?:{words})\b"
    )


_OWN_MALE = _own("male|man|boy|gentleman|gent|lad")
_OWN_FEMALE = _own("female|woman|girl|lady")
_ANY_MALE = re.compile(r"\b(?:male|man|boy|gentleman|gent|lad)\b")
_ANY_FEMALE = re.compile(
    r"\b(?:female|woman|women|girl|lady|ladies|she|her|mum|mother|twins?|patients)\b"
    r"|pregnan|foet|fetus|fetal|breast[ -]?f"
)


def people(page: Page) -> Iterator[Finding]:
    ages = [*_ages(page)]
    yield from ages
    yield from _groups(page, {f.value for f in ages if not f.doubt})
    yield from persons(page)


def sex(page: Page) -> str:
    """`male` or `female` where the person's own age or description says so, and nothing of the other sex.

    A pronoun is not enough: "he" may be the radiographer.
    """
    brief = {(m["sex"] or m["sex2"]) for m in _BRIEF.finditer(page.text)}
    male = "M" in brief or bool(_OWN_MALE.search(page.low))
    female = "F" in brief or bool(_OWN_FEMALE.search(page.low))
    if male and not female and not _ANY_FEMALE.search(page.low):
        return "male"
    return "female" if female and not male and not _ANY_MALE.search(page.low) else ""


def _ages(page: Page) -> Iterator[Finding]:
    for pattern in (_YOUNGER, _YEARS, _BRIEF, _IN_SLOT):
        page_text = page.text if pattern is _BRIEF else page.rest
        for match in islice(pattern.finditer(page_text), _AT_MOST):
            start, end = match.span()
            if not page.rest[start:end].strip() or _MACHINE.match(page.low, end):
                continue
            years = _years(match)
            if years is None or years > 120 or _is_an_elders_past(page, start):
                continue
            page.take(start, end)
            corrected = _CORRECTED.match(page.low, end)
            if corrected and (said := whole(corrected["n"])) is not None:
                page.take(*corrected.span())
                years = said
            doubt = _age_doubt(page, match, years, bool(corrected))
            weight = -1 if doubt == _ELSES else 0
            yield Finding("age_years", years, start, end, doubt, weight)
    for match in _NEWBORN.finditer(page.rest):
        yield Finding("age_years", 0, *match.span(), page.doubt(*match.span()))


def _years(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    count = whole(next(value for name, value in groups.items() if value and name[0] in "nabi"))
    unit = groups.get("unit") or groups.get("unit2") or groups.get("unit3") or groups.get("unit4")
    if count is None or not unit:
        return count
    if unit.startswith("m") or unit == "/12":
        return count // 12
    # 52 weeks or 365 days may be either side of a birthday.
    weeks = count if unit.startswith("w") or unit == "/52" else count // 7
    return None if weeks > 51 else 0


def _is_an_elders_past(page: Page, start: int) -> bool:
    return bool(
        re.search(
            r"\bwhen (?:s?he|they) (?:was|were) $|\bsince (?:the age of |s?he was )?$", page.before(start)
        )
    )


def _age_doubt(page: Page, match: re.Match[str], years: int, corrected: bool) -> str:
    before = page.before(match.start())
    if _GUESS.search(before) or re.search(r"\babout|around|approx", match[0].lower()):
        return "the age is not said exactly"
    if _LISTED.match(page.low, match.end()):
        return "more than one age is given"
    if _SOMEBODY_ELSE.search(before) or _BYSTANDER.match(page.low, match.end()):
        return _ELSES
    if re.match(r"(?:patient|pt)\s*\(", match[0].lower()):
        return "is that an age?"
    slot = re.search(r"(?:^|[,(]\s*)$", before) and re.match(r"\s*(?:[,.;:)/]|$)", page.low[match.end() :])
    if match.re is _BRIEF and years < 10 and not slot:
        return "is that an age?"
    return "" if corrected else page.doubt(*match.span())


def _groups(page: Page, ages: set[str | int | bool | None]) -> Iterator[Finding]:
    """Only where no age is given: the age says more."""
    if ages:
        return
    for value, pattern in (("child", _CHILD), ("adult", _ADULT), ("child", _MAYBE_CHILD)):
        for match in pattern.finditer(page.low):
            start, end = match.span()
            if _NOT_A_PERSON.match(page.low, end):
                continue
            doubt = page.doubt(start, end)
            if pattern is _MAYBE_CHILD:
                doubt = f"is the person under age? “{match[0]}” does not settle it"
            elif (value == "child" and _A_RELATIVE.search(page.before(start))) or page.denied(
                start, end
            ) is not False:
                doubt = "is that the person who was exposed?"
            elif names_carer(page):
                doubt = "is that the person who was exposed?"
            yield Finding("age_group", value, start, end, doubt)
