"""How old the person is, whether a child or an adult, and the sex."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.core.reader.findings import Finding
from bot.core.reader.guards import ELSES, another
from bot.core.reader.matching import said
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token

_ONLY_YEARS = "!months|weeks|days|amount|people|image|fractions|fraction|percent|x|slash|mm|cm|dot"
_YEARS = (
    ("age:n yo", ""),
    ("age:n years and? n months yo?", ""),
    ("aged open years close colon? age:n", ""),
    (f"aged colon|dash? approx? age:n years? old? {_ONLY_YEARS}", ""),
    (f"person|child of? comma|open? aged? age:n years? {_ONLY_YEARS}", ""),
    ("<!place age:n years? person|sex|child|baby !staff", ""),
    ("sex slash|comma? age:n years? (mark | had | got | made | exam | $)", ""),
    ("<!place age:n slash sex", ""),
    ("he|she|patient|child age:n (mark | and | dash | years | $)", ""),
    (
        "(^ | comma | open | person | patient | child) age:n years !past|after|extra (mark |"
        " person | sex | $)",
        "",
    ),
    ("he|she age:n (as|now|today|not|but|or|then|with|in|on)", "is that an age?"),
    ("child|baby|he|she open age:n close", ""),
    ("patient age:n (had | made | got | who | mark)", ""),
    ("patient open age:n close", "is that an age?"),
    ("(^ | open | comma) age:n (close | comma | $) !n", "is that an age?"),
)
_MONTHS = (
    "age:n unit:months|weeks|days yo|old",
    "aged colon? age:n unit:months|weeks|days",
    "age:n unit:months|weeks|days person|child|baby",
    "person|child|baby of? comma|open? age:n unit:months|weeks|days !preg|past|later",
    "child|person|baby ~3 open age:n unit:months|weeks|days close",
    "age:part_of_year yo|old|person|child|baby",
    "person|child|baby|aged of? comma|open? age:part_of_year",
)
_GROWN = tagset("decade grown")
_OF_SOMETHING = "activity protocol dose kit place staff phantom organ_dose typical plan".split()


def ages(t: Tagged) -> Iterator[Finding]:
    taken: set[int] = set()
    for hit, years, unsure in (*_in_months(t), *_in_years(t)):
        number = hit.get("age")
        if (
            number is None
            or number.start in taken
            or years > 120
            or t.starts("~2 kit|linac|plan|phantom|problem", t.at(number.end))
        ):
            continue
        taken.add(number.start)
        if t.before("approx|hedge|more_than|less_than", t.at(number.start)):
            unsure = "the age is not said exactly"
        elif t.has("feeding") and t.has_in(hit.i, hit.j, "baby", "months", "weeks", "days"):
            unsure = ELSES
        elif t.starts("@more", t.at(number.start) + 1):
            unsure = "more than one age is given"
        yield said(t, "age_years", int(years), hit, unsure)
    for hit in t.find("baby"):
        if t.tokens[hit.i].of("baby") == "newborn" and not t.starts("place", hit.j):
            yield said(t, "age_years", 0, hit)


def _in_years(t: Tagged) -> Iterator[tuple[Hit, Decimal, str]]:
    for words, unsure in _YEARS:
        for hit in t.find(words):
            number = hit.get("age")
            if number and number.value is not None and number.value % 1 == 0 and number.word != "one":
                yield hit, number.value, unsure


def _in_months(t: Tagged) -> Iterator[tuple[Hit, Decimal, str]]:
    for words in _MONTHS:
        for hit in t.find(words):
            number, unit = hit.get("age"), hit.get("unit")
            if number is None or number.value is None:
                continue
            if unit is None:
                yield hit, Decimal(number.value), ""
                continue
            months, many = "months" in unit.tags, int(number.value)
            # 52 weeks or 365 days may be either side of a birthday.
            if months or (many if "weeks" in unit.tags else many // 7) <= 51:
                yield hit, Decimal(many // 12 if months else 0), ""


def groups(t: Tagged) -> Iterator[Finding]:
    """A child or an adult, where the text says no more."""
    for hit in t.find("person|child|children|baby|decade|grown"):
        token = t.tokens[hit.i]
        kind = (token.of("person") or ("", ""))[1] or token.of("baby")
        if any(
            tag in following.tags
            for tag in _OF_SOMETHING
            for following in t.tokens[hit.j : min(hit.j + 2, t.clause(hit.i)[1])]
        ):
            continue
        if kind == "adult" or token.tags & _GROWN:
            yield said(t, "age_group", "adult", hit)
        elif "child" in token.tags or "children" in token.tags:
            another = t.before("@others_child", hit.i) or t.has("carer")
            somebody = "is that the person who was exposed?" if another else ""
            yield said(t, "age_group", "child", hit, somebody)
        elif kind in ("young", "baby"):
            unsure = f"is the person under age? “{token.word}” does not settle it"
            yield said(t, "age_group", "child", hit, unsure)


def sex(t: Tagged) -> str:
    """`male` or `female` where the person's own age or description says so, and nothing of the other sex.

    A pronoun is not enough: "he" may be the radiographer.
    """
    if any(another(t, hit.i, hit.j) for hit in t.find("@own")) or t.first(
        "relative|carer|public|other_person"
    ):
        return ""
    own = {_sex(token) for hit in t.find("@own") for token in t.tokens[hit.i : hit.j]} - {""}
    named = {_sex(token) for token in t.tokens} - {""}
    if own == {"female"}:
        return "female" if named == own else ""
    womanly = (
        t.has("she", "preg", "feeding", "preg_check", "patients")
        or "her" in t.words_said
        or "mum" in t.words_said
    )
    return "male" if own == named == {"male"} and not womanly else ""


def _sex(token: Token) -> str:
    if "sex" in token.tags:
        return {"m": "male", "f": "female"}[token.word]
    person = token.of("person")
    return person[0] if person else ""
