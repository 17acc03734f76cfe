"""Accidental, unintended or a near miss: offered with its reason, and always left to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.reader.examinations import Mention
from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.vocabulary import NO_RADIATION, PART, SOMEBODY_ELSE

_WRONG = r"(?:wrong|incorrect|mistaken|erroneous)"
# What is beside the question has its answers too, so none of this is to be answered with yes or no: “Was no
# exposure intended?” would turn the yes to “Was any exposure intended?” into its opposite.
_HINTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("near_miss",),
        "it reads as if nobody was exposed: which was it?",
        r"near[ -]miss(?:es)?|(?:nobody|no[ -]?one|no patient|patient (?:was )?not) (?:was )?(?:exposed"
        r"|irradiated|scanned)|(?:caught|spotted|noticed|stopped|cancelled|identified|picked up"
        r"|intercepted) (?:\w+ )?(?:before|prior to|in time)"
        r"|no exposure (?:took place|was made|occurred|happened|made)|before (?:any |the )?exposure"
        r"|nearly (?:gave|scanned|exposed|injected|irradiated)|almost (?:gave|scanned|exposed|injected"
        r"|irradiated)",
    ),
    (
        ("accidental",),
        "it reads as if no exposure of this person was intended at all: which was it?",
        r"(?:not|never|\w+n't) (?:been |was |were )?(?:referred|meant to (?:be|have)|supposed to (?:be|have)"
        r"|due|requested|intended to|booked)(?: for)?(?: (?:anything|any|an? (?:scan|x-?ray|exposure)"
        r"|to have any|scanned|imaged|exposed))?|(?:did not|didn't) need (?:any|an? (?:scan|ct|x-?ray))"
        r"|no (?:exposure|imaging|scan|x-?ray|request"
        r"|referral) (?:was |were |had been )?(?:intended|requested|made|due|needed)?"
        r"|unrequested|without (?:a |any )?(?:request|referral)|accidental(?:ly)? (?:exposed|exposure"
        r"|irradiat\w+|ct|x-?ray|scan)|accidental|(?:was |were )?(?:due|meant to have) nothing"
        r"|no (?:request|referral)\b",
    ),
    (
        ("accidental", "unintended"),
        "wrong patient: was this person due any exposure of their own?",
        rf"{_WRONG} (?:\w+ ){{0,2}}?(?:patient|pt|person|child|baby|man|woman|lady|individual|boy|girl|kid"
        rf"|infant|neonate|toddler|gent(?:leman)?|brother|sister|twin|inpatient"
        rf"|one(?= (?:had|was|got|given|came|attended|went)))\b"
        rf"|(?:meant|intended|booked|requested|due|referred|ordered|for|of|to|on) (?:for )?{SOMEBODY_ELSE}"
        rf" ?(?:patient|pt|person|child|lady|man|woman|baby)?|different (?:patient|pt|person|child)"
        r"|(?:his|her|their) (?:brother|sister|twin|mother|father|son|daughter|neighbour)'s"
        r" (?:ct|scan|x-?ray|film|exam\w*|injection|treatment)|should(?:n't| not) have (?:had|been|received"
        r"|got|done)|cancelled\b.{0,30}\b(?:still|anyway"
        r"|went ahead)"
        r"|instead of (?:his|her|their|the) (?:brother|sister|twin|neighbour|namesake|father|mother|son"
        r"|daughter)|patient (?:identification|id) error|mistaken identity|mis-?identified"
        r"|wrongly identified|(?:carer|comforter|member of (?:the )?public|porter|visitor)",
    ),
    (
        ("unintended",),
        "was another exposure of this person intended?",
        rf"{_WRONG} (?:\w+ ){{0,2}}?(?:side|site|laterality|part|breast|lobe|{PART}|exam(?:ination)?|protocol"
        rf"|date|day|time|timing|phase|scan|ct|x-?ray|film|level|vertebra|plan|dose|activity|tracer|kidney"
        rf"|radio-?pharmaceutical|isotope|exposure|study|view|preset|position|moves?|tattoo|kv|mas|isocentre"
        rf"|immobilisation|procedure|modality|region|area|organ|settings?|factors?|angiogram)\b"
        r"|repeat\w*|re-?scan\w*|re-?done|redone|scanned twice|imaged twice|done twice|performed twice"
        r"|twice"
        r"|each other'?s|the other'?s|swapped|over-?exposure|over-?exposed|overdose|under-?dosed?|unintended"
        r"|instead of"
        r"|rather than|in place of|(?:meant|supposed) to (?:be|have been)|should(?:'ve| have) been|wrong one"
        r"|not needed|in error|by accident"
        r"|by mistake|mistakenly|erroneously|unnecessar\w+|dup(?:licate\w*)?"
        r"|too (?:early|soon|late)|adult (?:protocol|settings?|preset)|extra|additional|set-?up error",
    ),
)  # fmt: skip
_COMPILED = tuple((values, doubt, re.compile(rf"\b(?:{words})(?!\w)")) for values, doubt, words in _HINTS)


def exposures(page: Page, named: list[Mention]) -> Iterator[Finding]:
    """At most one hint: the first of the list, from the most telling."""
    meant_without = [m for m in named if m.category == NO_RADIATION and (m.meant or not m.made)]
    exposed = [m for m in named if m.category != NO_RADIATION and m.modality and not m.aside]
    for values, doubt, words in _COMPILED:
        match = words.search(page.low)
        if not match or (
            page.denied(*match.span(), 12) is True and values != ("accidental",) and values != ("near_miss",)
        ):
            continue
        if values == ("unintended",) and meant_without and exposed:
            break
        yield from (Finding("exposure", value, *match.span(), doubt) for value in values)
        return
    if meant_without and exposed:
        where = meant_without[0]
        doubt = "an examination without radiation was meant, so perhaps no exposure at all: which was it?"
        yield Finding("exposure", "accidental", where.start, where.end, doubt)
