"""Words at an open question that answer nothing and tell an incident of their own: another one, perhaps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.check.check import Check, stated
from bot.core.check.interview import standing
from bot.core.check.later_words import LEAD
from bot.core.turn import Turn
from rules.facts import FACTS, Kind

if TYPE_CHECKING:
    from bot.core.reader import FactsRead

# Fewer words than the first may be an answer: they are looked at where they were none, and tell another
# incident where they speak of another examination than is known ("wrong side hip film"). With fewer than the
# second nobody tells one.
FEW_WORDS, LEAST_WORDS = 5, 2
# So many are no answer alone, whatever question they answer too: "Head CT became whole body. 33M. Only ...".
A_STORY = 12
# What was done. A text that names none of it tells no whole incident, unless it is long and says of whom.
_DONE = frozenset({"category", "modality", "examination_performed", "examination_intended"})
_OF_WHOM = frozenset({"age_years", "age_group"})
# One that is named as another, whatever the words begin with: "sorry, another patient", but not "for another
# patient", which says whose exposure it was.
_NAMED = re.compile(
    r"\b(?:another|different|second|2nd|new|next) (?:incident|case|check|event|one)\b"
    r"|(?:^|[,.:;!?-]|\b(?:is|was|that's|it's|had|got|have))\s*(?:a(?:nd)? )?(?:another|different|new|next) "
    r"(?:patient|pt|person|lady|man|woman|child)\b",
    re.I,
)
# What says that it is right, and adds to it: "yes, but she also had a burn".
_ADDS = re.compile(r"^\W*(?:yes|right|correct)\b|\b(?:s?he|they|it|patient|pt) also\b", re.I)
_SMALL = frozenset("a an the of on in for and with scan".split())


# What begins with a number and is no longer than this is a value, with what it is of, be it in another unit
# than was asked for.
_VALUE, LONGEST_VALUE = re.compile(r"[\s<>=~±]*\d[\d.,]*\s*[nµumckg]?(?:sv|gy|bq|%)(?!\w)", re.I), 8


def _a_value(check: Check, text: str) -> bool:
    """Is it what was asked for, where that is a number with its unit: "4 mSv plus the CT"?"""
    asked = standing(check) if check.draft.stage == "asking" else None
    if asked is None or asked.several or asked.name not in FACTS or len(text.split()) > LONGEST_VALUE:
        return False
    return bool(FACTS[asked.name].kind is Kind.QUANTITY and _VALUE.match(text))


def tells_another(turn: Turn, check: Check, text: str, *, refused: bool = False) -> bool:
    """Is it the story of another incident, or so much like one that only its author can tell? What answers
    the question and contradicts nothing is an answer. `refused`: it was tried as one."""
    draft, another = check.draft, bool(_NAMED.search(text))
    if not (another or _begins_anew(text, refused=refused)) or (_a_value(check, text) and not another):
        return False
    held = {*draft.facts, *draft.skipped, *draft.details}  # what is not known was asked, and is held too
    if not (_DONE & held or "account" in held):
        return False
    from bot.core.reader import read  # 120 ms, which a short answer does without

    got = read(text, turn.request.written, turn.nation or None)
    named = {*got.facts, *got.to_confirm}
    whole = _DONE & named or (_OF_WHOM & got.facts.keys() and len(text.split()) >= A_STORY)
    if not got.is_incident or not whole:
        return False
    asked = standing(check) if draft.stage == "asking" else None
    answers = bool(asked and {*asked.names} & named)
    story = not draft.number and len(text.split()) >= (A_STORY if answers else FEW_WORDS)
    return another or story or differs(check, got)


def of_another(turn: Turn, check: Check, text: str) -> bool:
    """Is it too little to be sure of an incident, and of another kind of exposure than is known, or of
    somebody of another age in words that say more than that, where neither was asked for? "Wedge missing for
    1 fraction of her breast tangents" is hardly of a CT head, and "something went wrong with a scan" begins
    anew."""
    draft, asked = check.draft, standing(check)
    if draft.number or not _begins_anew(text) or _a_value(check, text):
        return False
    from bot.core.reader import correct  # 120 ms, which a short answer does without
    from bot.core.reader.lexicon import expression  # 120 ms, as above

    if draft.holds and expression("perhaps_begins_to_tell", re.I).search(text):
        return True
    got, names = correct(stated(draft), text, turn.request.written), asked.names if asked else ()
    kinds = [*got.candidates.get("category", ()), *filter(None, [got.facts.get("category")])]
    if kinds and "category" in draft.facts and "category" not in names:
        return draft.facts["category"] not in kinds
    age, said = draft.facts.get("age_years"), got.facts.get("age_years")
    aged = None not in (age, said) and age != said and "age_years" not in names
    return aged and bool(got.unused) and not got.withdrawn


def _begins_anew(text: str, *, refused: bool = False) -> bool:
    """Are there words enough, that neither correct nor add to what was said?"""
    return _words_enough(text, refused=refused) and not (LEAD.match(text) or _ADDS.search(text))


def _words_enough(text: str, *, refused: bool) -> bool:
    return len(text.split()) >= (LEAST_WORDS if refused else FEW_WORDS)


def begins(turn: Turn, check: Check, text: str, *, refused: bool = False) -> bool:
    """At the first question of a check that holds nothing: is it the incident itself, and no mere answer?"""
    asked = standing(check)
    if check.draft.holds or asked is None or not _words_enough(text, refused=refused):
        return False
    from bot.core.reader import read  # 120 ms, which a short answer does without

    got = read(text, turn.request.written, turn.nation or None)
    return got.is_incident and (asked.name not in got.facts or _went_wrong(got))


def _went_wrong(got: FactsRead) -> bool:
    """Do words of their own say what went wrong?"""
    return got.phrases.get("exposure") not in (None, got.phrases.get("category"))


def differs(check: Check, got: FactsRead) -> bool:
    """Does it say something else than is known?"""
    facts, details = check.draft.facts, check.draft.details
    for name, value in got.facts.items():
        if name in FACTS:
            if name in facts and str(facts[name])[:10] != str(value)[:10]:
                return True
        elif name in ("examination_performed", "modality") and name in details:
            was, said = _words(details[name]), _words(str(value))
            if not (was <= said or said <= was):
                return True
    return False


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower())) - _SMALL
