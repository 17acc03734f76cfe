"""Does a text tell of an incident, or is it a question, a greeting or a matter of the rota?"""

from __future__ import annotations

import re

from bot.core.reader.findings import Finding, Findings
from bot.core.reader.page import Page
from rules.facts import DETAILS

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
    r"|clinically significant|exposures?|beam (?:was|on)|in the room|hazard|happen?e?d|occ?urr?ed|discovere?d"
    r"|reali[sz]ed|noticed|spotted|found out|left (?:out|on|off)|omitted|forgot\w*|misread|interlock"
    r"|not (?:been )?(?:used|done|in place|applied|followed|noticed)|interrupted"
    r"|\d ?(?:%|pct|per ?cent) (?:too )?(?:high|low|more|less|over|under|hot|cold)"
    r"|took place|came to light|affected|problems?|issues?|doubled?)\b"
)
# An exposure was made.
_MADE = re.compile(
    r"\b(?:had|got|given|gave|received|scanned|imaged|x-?rayed|injected|treated|delivered|administered"
    r"|performed|(?:we|they|i|s?he) did|swallowed|done|underwent|taken|exposed|ct'?d|filmed|injection"
    r"|infusion)\b"
)
_ASKING = re.compile(
    r"^\W{0,20}(?:hi|hello|hey|please|pls|ok|so|and|sorry|quick (?:one|question)|question)?"
    r"\W{0,20}(?:what|whats|what's|how|when|who|whom|where|which|why|is|are|do|does|did|can|could|would"
    r"|should|will|may (?:i|we)"
    r"|shall|must|thresholds?(?! (?:is|was|are))|limits?|help|show|list|cases|due|settings|remind|tell me"
    r"|explain|define)\b(?!\s*[:=-])"
)
_GENERAL = re.compile(
    r"\b(?:threshold|limits?|criteri\w+|code \d+|how much|how many|how long|how do|notifiable for|what does"
    r"|what is|what's|deadline|report due|due date|need to (?:tell|report|notify)|do (?:i|we) (?:need|have)"
    r"|(?:can|could) (?:you|someone|anyone|i|we|a)\b|consent to)"
)
_OFFICE = re.compile(
    r"\b(?:meeting|rota|annual leave|on leave|training|booked out|book(?:ing)? a|cover the|audit"
    r"|service is due|due for review|rotas?|on call|lunch|birthday|teaching|course on|room booking|webinar"
    r"|survey|usually (?:quote|say|tell|use)|conference|interview|induction|policy review|may be late)\b"
)
# "No incident on this shift", and what only might come.
_NOTHING = re.compile(r"\b(?:no|nil) (?:incidents?|events)\b|\bnothing to report\b|\ball quiet\b")
_SUPPOSING = re.compile(
    r"\b(?:what|how)\b[^.?]{0,30}\bif (?:an?|the|my|our|we|i|someone|somebody)\b[^.]{0,200}\?"
)
_COURTESY = re.compile(
    r"^\W*(?:(?:ta|hi|hello|hey|hiya|thanks?|thank you|morning|good (?:morning|evening|afternoon)|evening|ok"
    r"|okay"
    r"|cheers|sorry|please|all|there|team|so|and|very much|again)\W*)+$"
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
# What a text about anything may name.
_CIRCUMSTANCES = frozenset(
    (
        "category",
        "nation",
        "occurred_on",
        "discovered_on",
        "individuals_exposed",
        "age_group",
        "exposed_person",
        "nm_therapy",
        *DETAILS,
    )
)
_WORD = re.compile(r"[a-z]{2,}|\d+")
_SMALL = frozenset(
    "pt pts patient patients he she they it its his her their was is are were the an at on in of and age "
    "aged old yes approx about around hrs pm am uk ct xray dose nation site date sex male female years "
    "months this we our us here trust hospital city general board nhs no yes na doc".split()
)
# What says by itself that something went wrong.
_WENT_WRONG = (
    "exposure",
    "equipment_fault",
    "procedural_failure",
    "breastfed_infant_exposed",
    "geographical_miss",
)
_AMOUNT = re.compile(r"\d\s?(?:[mcuµ]?gy|[mgk]bq|[mcuµ]?sv)\b")
_SHARE = re.compile(r"\d\s?%")
_TELLING = frozenset(("age_years", "category", *_MEASURED))


def tells_of_incident(page: Page, found: Findings) -> bool:
    if page.has(_NOTHING) or page.has(_SUPPOSING):
        return False
    if found.says("equipment_in_clinical_use") and page.has(_MISHAP):
        return True
    mishap = page.has(_MISHAP) or any(found.says(name) for name in _WENT_WRONG)
    made = page.has(_MADE)
    sure = set(found.certain())
    begin, end = _opening(page)
    first, rest = page.low[begin:end], page.low[end:]
    if _asks(first):
        # "Is this notifiable? Wrong patient, CT ...": what comes after the question tells.
        if not rest.strip():
            story = all(words.search(first) for words in (_PERSON, _MADE, _MISHAP))
            return bool(found.all) and story and not _GENERAL.search(first)
        told = bool(_MISHAP.search(rest) or _MADE.search(rest))
        return bool(found.all) and (told or any(_own(f) and f.start >= end for f in found.all))
    discovered = any(f.fact == "discovered_on" and not f.doubt for f in found.all)
    if page.has(_OFFICE) and not mishap and not discovered:
        return False
    if mishap and not (page.has(_PHANTOM) and not page.has(_PERSON)):
        return bool(found.all)
    if page.has(_PHANTOM) and not page.has(_PERSON):
        return False
    if discovered and found.says("category"):
        return True
    if found.says("occurred_on") and found.says("discovered_on"):
        return True
    if _only_facts(page, found):
        return True
    if found.all and ((made and page.has(_AMOUNT)) or ("category" in sure and page.has(_SHARE))):
        return True
    dosed = any(f.fact in _MEASURED or f.doubt.startswith("did you mean") for f in found.all)
    if made and (found.says("category") or dosed or page.has(_PERSON)) and (sure or page.has(_PERSON)):
        return bool(found.all)
    return dosed or len(sure & _TELLING) > 1 or (len(sure) > 1 and bool(sure - _CIRCUMSTANCES))


def _only_facts(page: Page, found: Findings) -> bool:
    """A message of facts alone, such as a later one of a thread: "13 May, England, aged 9"."""
    left = page.low
    for finding in found.all:
        left = f"{left[: finding.start]}{' ' * (finding.end - finding.start)}{left[finding.end :]}"
    words = [word for word in _WORD.findall(left) if word not in _SMALL]
    return bool((found.certain().keys() - {"individuals_exposed"}) or found.says("occurred_on")) and not words


def _own(finding: Finding) -> bool:
    return finding.fact in ("exposed_person", "total_dose", "delivered_activity")


def _opening(page: Page) -> tuple[int, int]:
    """Where the first sentence stands that is more than a greeting."""
    begin, end = page.sentence(0)
    while _COURTESY.match(page.low[begin:end]) and end < len(page.low):
        begin, end = page.sentence(end)
    return begin, end


def _asks(first: str) -> bool:
    if re.search(r"\b(?:right|correct|yes|yeah)\s*\?\s*$", first):
        return True
    return bool(_ASKING.search(first)) and (
        first.rstrip().endswith("?")
        or bool(_GENERAL.search(first))
        or bool(_ASKING.match(first) and not _MADE.search(first))
    )
