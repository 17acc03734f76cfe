"""Words beside an answer that change it: that a value is not all, or not the one that is asked for; that a
kind of exposure is denied; that the person is a woman."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.check.free_text import doubt_line
from bot.core.words.fact_words import title
from bot.core.words.phrases import listed
from rules.facts import FACTS, Kind

if TYPE_CHECKING:
    from bot.core.check.check import Check
    from bot.core.reader import FactsRead

ALL_OF_IT = "is that all of it?"
MEANT = "is that what was intended, and not what was given?"
# Beside a value these change nothing of it, nor do the words of what is asked for.
_PLAIN = frozenset(
    "a actually all altogether and at be by calculated came correction dose effective for gave given"
    " got had hang has he her his i in is it its make mean meant mpe no of on oops our out overall patient"
    " person physicist physics planned please pt received report s said says she so sorry that the their them"
    " they this to total totals typo was wait we were whole with yes".split()
)  # fmt: skip
_PLAIN_OF_A_COUNT = _PLAIN | {"just", "one", "only"}
_PLAIN_OF_NONE = _PLAIN | frozenset(
    "any anybody anyone anything before been beam being checks couch did ever exposed exposure it luckily"
    " near nobody nothing operator person radiographer scan scanned table thankfully then there us".split()
)
_OF_WHOM = frozenset("boy f female gentleman girl lad lady m male man woman".split())
_WORD = re.compile(r"[^\W\d_]+|\d+|[±+×*/%]")
# Where what was intended is asked, somebody's figure may be of all that was given, unless it says otherwise.
OF_AN_INTENTION = frozenset({"intended_dose", "prescribed_activity"})
_SAYS_MEANT = re.compile(
    r"(?<!not )(?<!not as )(?<!than )(?<!what was )\b(?:intend|plan|meant|prescri|should(?: have|'ve) been)",
    re.I,
)
_A_FIGURE_OF = re.compile(
    r"\b(?:says?|said|calculat\w*|comes?|came|ga[iv]\w*|got|had|received?|reckon\w*|estimat\w*|report\w*|makes?|made"
    r"|mpe|physicists?|physics|total|overall|altogether|whole|all)\b",
    re.I,
)
_NOT_THE_OLD = re.compile(r"[,;]?\s*\b(?:and )?not\s+[\d.]+\s*[^\W\d]*\W*$")
# What takes back a kind of exposure that stands behind it, and what says that there was one yet.
_TAKEN_BACK = re.compile(
    r"(?:\b(?:not|never|almost|nearly|hardly|neither)|n't)\b(?:\W+\w+){0,3}?\W+"
    r"(?:near|miss|accident\w*|unintended|as (?:intended|planned|requested|prescribed)|caught|stopped|noticed"
    r"|spotted|in time)\b",
    re.I,
)
_LEFT_OUT = re.compile(
    r"\b(?:but|except|apart|aside|bar|save|other than|though|although|however|until)\b", re.I
)
_UNSURE = re.compile(
    r"\?|\b(?:maybe|perhaps|probabl[ey]|possibl[ey]|might|may|could|should|would|think|thought|believed?|assumed?|guess"
    r"|suspect\w*|seem\w*|appear\w*|apparently|suppos\w+|likely|potential\w*|report\w*|recorded|logged|called|says?|said"
    r"|told|unsure|sure|unclear|if|or|initially|originally|first)\b",
    re.I,
)
_WOMAN = r"(?:a |an )?(?:\d+[- ]?(?:yo|years?[- ]old)? )?(?:woman|female|lady|girl)\b"
_A_WOMAN = re.compile(rf"\b{_WOMAN}|\bshe(?:'s| is| was) \d", re.I)
_IT_IS_A_WOMAN = re.compile(rf"\b(?:it|patient|pt|person)(?:'s| is| was) {_WOMAN}", re.I)
_A_MAN = re.compile(r"\b(?:m[ae]n|male|boy|gentleman|he)\b", re.I)


def a_woman(text: str, *, overheard: bool) -> bool:
    """Do words say of the person that she is one?"""
    said = _IT_IS_A_WOMAN if overheard else _A_WOMAN
    return bool(said.search(text)) and not _A_MAN.search(text)


def says_meant(text: str) -> bool:
    """Do words say of a value that it was intended?"""
    return bool(_SAYS_MEANT.search(text))


def turned_round(kind: str, got: FactsRead, text: str) -> bool:
    """Do words that name this kind of exposure say otherwise, or of one that clears that it may be so, or
    more than is understood: "no exposure beyond the scout"?"""
    if kind in ("near_miss", "as_intended") and (
        _LEFT_OUT.search(text)
        or _UNSURE.search(text)
        or not _PLAIN_OF_NONE.issuperset(_WORD.findall(_without_understood(got, text, _own_of(kind, got))))
    ):
        return True
    return bool(_TAKEN_BACK.search(text))


_OF_AN_AGE = re.compile(
    r"\b(?:aged?|years?|yrs?|y/?o|old|adult|child|bab(?:y|ies)|infant|months?|weeks?)\b", re.I
)
_OF_A_LINE = re.compile(r"\W*(?:all )?(?:\d+|one|two|three|four|five|six|seven)\W*(?:only\W*)?", re.I)


def a_slip(name: str, text: str) -> bool:
    """Is what reads as an age no such thing where that is asked? "5 mS" is a dose with a slip in its unit."""
    return FACTS[name].numeric and name != "age_years" and not _OF_AN_AGE.search(text)


def number_of_a_line(words: str) -> bool:
    """Are the words of an age a number and no more, as that of an answer is?"""
    return bool(_OF_A_LINE.fullmatch(words))


def not_all(got: FactsRead, name: str, text: str) -> FactsRead | None:
    """What was read, with the quantity or count that was asked for in doubt where more is said of it than is
    understood; None where that is not so."""
    if FACTS[name].kind not in (Kind.QUANTITY, Kind.COUNT):
        return None
    why = _why_not_all(got, name, text) if name in got.facts else ""
    if why:
        value = got.facts[name]
        return replace(
            got, facts={n: v for n, v in got.facts.items() if n != name}, to_confirm=[*got.to_confirm, name],
            candidates={**got.candidates, name: [value]}, doubts={**got.doubts, name: why},
        )  # fmt: skip
    values = got.candidates.get(name, []) if name in got.to_confirm else []
    if len(values) > 1:
        which = f"{listed([f'“{value}”' for value in values[:4]], 'or')}: which is it?"
        return replace(got, doubts={**got.doubts, name: which})
    return got if values and doubt_line(got, name).startswith(f"“{values[0]}”") else None


def _why_not_all(got: FactsRead, name: str, text: str) -> str:
    """Why the value that was read may not be all of what was asked for, or not that; else empty."""
    if name in OF_AN_INTENTION and _A_FIGURE_OF.search(text) and not says_meant(text):
        return MEANT
    return ALL_OF_IT if name not in got.phrases or _more(got, name, text) else ""


def _more(got: FactsRead, name: str, text: str) -> bool:
    """Do words stand beside a value that nothing was understood of?"""
    rest = _without_understood(got, _NOT_THE_OLD.sub("", text), _understood(got))
    plain = _PLAIN_OF_A_COUNT if FACTS[name].kind is Kind.COUNT else _PLAIN
    plain = plain | _OF_WHOM if name == "age_years" else plain
    known = plain.union(*(title(fact).lower().split() for fact in _understood(got)))
    return not known.issuperset(_WORD.findall(rest))


def says_more(got: FactsRead, text: str) -> bool:
    """Do words stand beside what was understood that nothing was understood of?"""
    understood = [name for name in (*got.facts, *got.to_confirm) if name in got.phrases]
    return not _PLAIN.issuperset(_WORD.findall(_without_understood(got, text, understood)))


def _understood(got: FactsRead) -> list[str]:
    flags = (n for n in got.to_confirm if n in FACTS and FACTS[n].kind is Kind.FLAG)
    return [*(n for n in got.facts if n in FACTS), *flags]


def _own_of(kind: str, got: FactsRead) -> list[str]:
    """What may stand beside a kind of exposure: whatever is in doubt where it was as intended, and nothing
    where there was none."""
    return ["exposure", *(_understood(got) if kind == "as_intended" else ())]


def _without_understood(got: FactsRead, text: str, facts: list[str]) -> str:
    rest = text.lower()
    for fact in facts:
        for words in got.phrases[fact].lower().split(" … "):
            rest = rest.replace(words, " ", 1)
    return rest


def of_another(check: Check, got: FactsRead, name: str) -> tuple[str, ...]:
    """What else of its kind is known, and may be what is put right: "sorry, 30 mSv" at the question after."""
    fact = FACTS[name]
    if not fact.numeric or name not in got.facts or name in check.draft.doubts:
        return ()
    alike = (n for n in check.draft.facts if n != name and n not in got.facts)
    return tuple(n for n in alike if (FACTS[n].kind, FACTS[n].unit) == (fact.kind, fact.unit))
