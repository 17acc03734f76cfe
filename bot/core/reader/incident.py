"""Does a text tell of an incident, or is it a question, a greeting or a matter of the rota?"""

from __future__ import annotations

import re

from bot.core.reader.findings import Findings
from bot.core.reader.page import Page

# Something went wrong.
_MISHAP = re.compile(
    r"\b(?:wrong\w*|incorrect\w*|error|mistake\w*|mistaken\w*|erroneous\w*|repeat(?:ed|s)?|re-?scan\w*"
    r"|redone|re-?done|unintended|unintentional\w*|inadvertent\w*|accident\w*|over-?expos\w*|over-?dos\w*"
    r"|under-?dos\w*|instead of|rather than"
    r"|should(?:'ve| have)|not (?:meant|intended|referred|supposed|asked|told|checked|licensed)"
    r"|unnecessar\w*|duplicat\w*|twice|too (?:much|many|high|low|early|soon|late)|fault\w*|fail(?:ed|ure|s)"
    r"|malfunction\w*|crashed|missed|\w* miss|extra|additional|near[ -]miss"
    r"|incident|swapped|mix(?:ed)?[ -]?up|mislabel\w*|stuck|burns?|ulcer\w*|epilation|hair loss|erythema"
    r"|redd?ening|pregnan\w*|foetal|fetal|foetus|fetus|each other's|no arsac|licen[cs]e|unrequested|exposed"
    r"|irradiated|vs\.?|versus|against|leaked|lost|broke\w*"
    r"|extravasat\w*|breast-?\s?fe\w+|breastfeeding|again|more than (?:intended|planned)"
    r"|less than (?:intended|planned)|unplanned|wrongly|unrequested|mid-scan|overheated|before clinical use"
    r"|clinically significant|exposures?|beam (?:was|on)|in the room|hazard|happened|occurred|discovered"
    r"|took place|came to light|affected|problem|issue)\b"
)
# An exposure was made.
_MADE = re.compile(
    r"\b(?:had|got|given|gave|received|scanned|imaged|x-?rayed|injected|treated|delivered|administered"
    r"|performed|done|underwent|taken|exposed|ct'?d|filmed|injection|infusion)\b"
)
_ASKING = re.compile(
    r"^\W{0,20}(?:hi|hello|hey|please|pls|ok|so|and|sorry|quick (?:one|question)|question)?"
    r"\W{0,20}(?:what|whats|what's|how|when|who|whom|where|which|why|is|are|do|does|did|can|could|would"
    r"|should|will|may (?:i|we)"
    r"|shall|must|thresholds?(?! (?:is|was|are))|limits?|help|show|list|cases|due|settings|remind|tell me"
    r"|explain|define)\b"
)
_GENERAL = re.compile(
    r"\b(?:threshold|limits?|criteri\w+|code \d+|how much|how many|how long|how do|notifiable for|what does"
    r"|what is|what's|deadline|report due|due date|need to (?:tell|report|notify)|do (?:i|we) (?:need|have)"
    r"|(?:can|could) (?:you|someone|anyone|i|we|a)\b|consent to)"
)
_OFFICE = re.compile(
    r"\b(?:meeting|rota|annual leave|on leave|training|booked out|book(?:ing)? a|cover the|audit"
    r"|service is due|due for review|rotas?|on call|lunch|birthday|teaching|course on|room booking|webinar"
    r"|survey|usually|conference|interview|induction|policy review|may be late)\b"
)
_PERSON = re.compile(
    r"\b(?:pts?|patients?|child|baby|lady|gentleman|man|woman|boy|girl|she|he|her|his|him|adult|toddler"
    r"|neonate)\b"
)
_PHANTOM = re.compile(r"\b(?:phantom|qa|quality assurance|test object|calibration)\b")
_MEASURED = frozenset(
    "total_dose intended_dose delivered_activity prescribed_activity foetal_dose infant_dose "
    "target_dose_ratio "
    "organ_dose_ratio fraction_dose_ratio miss_margin_ratio geographical_miss images_in_fraction "
    "planning_scans additional_images dose_ratio deterministic_effect".split()
)
_WORD = re.compile(r"[a-z]{2,}|\d+")
_SMALL = frozenset(
    "pt pts patient patients he she they it its his her their was is are were the an at on in of and age "
    "aged old yes approx about around hrs pm am uk ct xray dose nation site date sex male female years "
    "months".split()
)
_TELLING = frozenset(("age_years", "category", *_MEASURED))


def tells_of_incident(page: Page, found: Findings) -> bool:
    mishap, made = page.has(_MISHAP), page.has(_MADE)
    sure = set(found.certain())
    if page.has(_ASKING) and _first_sentence_asks(page):
        # "Is this notifiable? Wrong patient, CT ...": what comes after the question tells.
        rest = page.low[page.sentence(0)[1] :]
        first = page.low[: page.sentence(0)[1]]
        if _GENERAL.search(first) and not rest.strip():
            return False
        mishap, made = (
            (bool(pattern.search(rest)) for pattern in (_MISHAP, _MADE)) if rest.strip() else (mishap, made)
        )
        return (mishap or made) and bool(found.all) and bool(_told(first, rest))
    discovered = any(f.fact == "discovered_on" and not f.doubt for f in found.all)
    if page.has(_OFFICE) and not mishap and not discovered:
        return False
    if mishap and not (page.has(_PHANTOM) and not page.has(_PERSON)):
        return bool(found.all)
    if page.has(_PHANTOM) and not page.has(_PERSON):
        return False
    if discovered and found.says("category"):
        return True
    if _only_facts(page, found):
        return True
    dosed = any(f.fact in _MEASURED or f.doubt.startswith("did you mean") for f in found.all)
    if made and (found.says("category") or dosed or page.has(_PERSON)) and sure:
        return True
    return dosed or len(sure & _TELLING) > 1


def _only_facts(page: Page, found: Findings) -> bool:
    """A message of facts alone, such as a later one of a thread: "13 May, England, aged 9"."""
    left = page.low
    for finding in found.all:
        left = f"{left[: finding.start]}{' ' * (finding.end - finding.start)}{left[finding.end :]}"
    words = [word for word in _WORD.findall(left) if word not in _SMALL]
    return bool(found.certain()) and not words


def _told(first: str, rest: str) -> bool:
    if rest.strip():
        return True
    return bool(_PERSON.search(first)) and bool(_MADE.search(first)) and bool(_MISHAP.search(first))


def _first_sentence_asks(page: Page) -> bool:
    first = page.low[slice(*page.sentence(0))]
    return (
        first.rstrip().endswith("?")
        or bool(_GENERAL.search(first))
        or bool(_ASKING.match(first) and not _MADE.search(first))
    )
