"""What is typed in the middle of a check and answers no question: a correction ("no, 12 mSv"), or a further
fact."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.core.check.check import Check, stated
from bot.core.check.disputed import disputed
from bot.core.check.facts_for_the_record import AGES
from bot.core.check.former_values import first_of, with_former_values
from bot.core.check.free_text import (
    Understood,
    added_to_account,
    doubt_line,
    not_used_lines,
    understood_lines,
    with_facts,
    without_nation,
)
from bot.core.check.interview import advance, standing, turned_over
from bot.core.check.stating import PERSON, without
from bot.core.check.value_and_more import (
    OF_AN_INTENTION,
    a_slip,
    a_woman,
    not_all,
    number_of_a_line,
    of_another,
    says_meant,
    says_more,
    turned_round,
)
from bot.core.draft import Draft
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import capitalised, listed
from rules.facts import FACTS, Kind
from rules.incident import Facts
from rules.planner import missing

if TYPE_CHECKING:
    from bot.core.reader import FactsRead

NO_MAN = "The person is not said to be male any more: pregnancy is asked about where it matters."


def corrected_by(turn: Turn, check: Check, text: str, *, overheard: bool = False) -> Understood | None:
    """None where it is neither a correction nor a further fact.

    What somebody else said is changed only by who says that it was wrong; else both are named, and it is
    asked. Overheard, only what is certain counts.
    """
    from bot.core.reader import correct  # 120 ms, which a short answer does without

    draft = check.draft
    asked = standing(check) if draft.stage == "asking" and (draft.asking or draft.standing) else None
    got = correct(stated(draft), text, turn.request.written, asked=asked.name if asked else None)
    got = with_former_values(got, draft, text)
    names = asked.names if asked else ()
    one = names[0] if len(names) == 1 and names[0] in FACTS else ""
    if one and LEAD.match(text) and (others := of_another(check, got, one)):
        return Understood(*_unsure(check, got, (*others, one), ()))
    facts = {n: v for n, v in got.facts.items() if n in FACTS and _meant(n, got, names, text)}
    facts |= _pending(check, got, names, text)
    slip = AGES if one and a_slip(one, text) else ()
    facts = {n: v for n, v in facts.items() if n not in slip}
    if asked and asked.name == "exposure" and len(got.candidates.get("exposure", ())) == 1:
        (kind,) = got.candidates["exposure"]
        if not turned_round(kind, got, text):  # "he wasn't due anything", in answer to just that
            facts["exposure"] = kind
    # What is not taken contradicts nothing.
    all_taken = facts.keys() >= got.facts.keys() & FACTS.keys()
    gone = tuple(name for name in got.withdrawn if name in draft.facts) if all_taken else ()
    unsure = tuple(n for n in got.to_confirm if n not in slip and _to_ask(n, got, check, names, text))
    if got.facts.keys() < facts.keys():
        unsure = ()
    unsure = first_of([n for n in unsure if not overheard or _not_let_be(n, text)])
    doubted = {}
    if one and (in_part := not_all(got, one, text)):
        told = [n for n in unsure if n in draft.facts and FACTS[n].kind is not Kind.CHOICE]
        got, first = in_part, tuple(told[:1])
        doubted = {one: f"{title(one)}: {doubt_line(got, one)}"} if first else {}
        unsure = first or (one,)  # what speaks against an answer comes first, and that after it
        facts.pop(one, None)
    alone = () if overheard else tuple(n for n in got.facts if _says_not_of_what(n, got, facts, draft.facts))
    if len(alone) == 1 and not unsure and _matters(alone[0], check, names):
        (name,) = unsure = alone
        holds = {**got.doubts, name: "does that hold?"}
        got, alone = replace(got, doubts=holds, candidates={**got.candidates, name: [got.facts[name]]}), ()
    lost = tuple(got.phrases.get(name, "") for name in alone)
    got = replace(got, unused=(*got.unused, *filter(None, lost)))
    if overheard:
        gone, facts, again = (), *_said_again(turn, draft, facts, text)
        unsure = unsure or again
        holds = dict.fromkeys(again, "does that hold?")
        candidates = {name: [got.facts[name]] for name in again}
        got = replace(got, doubts={**got.doubts, **holds}, candidates={**got.candidates, **candidates})
    hints = {n: why for n, why in _hints(check, got, names).items() if n in _NOT_LET_BE or not overheard}
    check = without_nation(check, got, hints)
    if woman := draft.person == "male" and a_woman(text, overheard=overheard):
        check = without(check, (PERSON,))
    draft = check.draft
    new = any(draft.facts.get(name) != value for name, value in facts.items())
    known = facts and not (one and lost) and (draft.stage == "asking" or not says_more(got, text))
    if not (unsure or gone or hints or woman or new or known):
        return None  # nothing, or what is known beside a value or words that nothing was understood of
    outright = bool(draft.number) or bool(LEAD.match(text))
    try:
        against = () if outright else disputed(turn, check, facts, got)
        taken = {name: value for name, value in facts.items() if name not in {one.new for one in against}}
        after = check if against else without(check, gone)
        after = with_facts(after, taken, got, turn.source, names)
        after = after.with_(
            unused=tuple(dict.fromkeys((*after.draft.unused, *got.unused))),
            doubts={**hints, **after.draft.doubts, **doubted},
        )
    except Refused:
        return None
    if over := turned_over(check, after, taken):
        after = without(after, (*over,))
    if not overheard:
        after = added_to_account(turn, after, got.masked)
    lines = (*understood_lines(after, taken, draft.person), *_taken_out(check, after), *not_used_lines(got))
    if woman and not after.draft.person:
        lines = (NO_MAN, *lines)
    if left := [title(name).lower() for name in hints if name not in after.draft.facts]:
        lines = (*lines, f"To be asked, and not taken from words alone: {listed(left, 'and')}.")
    if against:
        asks = dict.fromkeys("age_years" if one.new == "age_group" else one.new for one in against)
        why = {name: one.line for one, name in zip(reversed(against), reversed(asks), strict=False)}
        after = after.with_(doubts={**after.draft.doubts, **why}).asked_aside((next(iter(asks)),))
    elif over:
        after = after.with_(doubts={**after.draft.doubts, **over}).asked_aside((*over,))
    elif unsure:
        after, lines = _unsure(after, got, unsure, lines)
    elif asked and one and {one, *(AGES if one in AGES else ())} & taken.keys():
        after = advance(after, asked)
    return Understood(after, lines)


# What is asked of words in a thread that were not for the bot: it may bring a verdict of "no" down.
_NOT_LET_BE = frozenset(
    {"unintended_foetal_exposure", "breastfed_infant_exposed", "wrong_radiopharmaceutical"}
    | {"clinically_significant", "deterministic_effect"}
)


_WITH_A_UNIT = re.compile(r"\d\s*[nµumkg]?(?:sv|gy|bq)\b", re.I)
_SO_MANY = re.compile(r"\W*(?:it|that|there) (?:was|were)\b|.*\b(?:exposed|scanned)\b", re.I)


def _not_let_be(name: str, text: str) -> bool:
    """Is what is uncertain asked, though it was only overheard?"""
    put_right = FACTS[name].kind is Kind.QUANTITY and LEAD.match(text) and _WITH_A_UNIT.search(text)
    people = name == "individuals_exposed" and _SO_MANY.match(text)
    return bool(name in _NOT_LET_BE or put_right or people)


def _said_again(
    turn: Turn, draft: Draft, facts: dict[str, Any], text: str
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Of what was overheard the facts that are taken, and a number of one's own that is told otherwise: it is
    asked. What else one said oneself is changed outright or not at all."""
    new = {name: value for name, value in facts.items() if draft.facts.get(name) != value}
    if LEAD.match(text):
        return new, ()
    sources = draft.sources.items()
    own = {n for n, given in sources if given.id == turn.person.id and given.how != "settings"}
    again = [name for name in new if name in own and FACTS[name].numeric]
    return {name: value for name, value in new.items() if name not in own}, tuple(again[:1])


def says_nothing(turn: Turn, check: Check, text: str) -> bool:
    """Do words give no fact but what is known, not even perhaps, and nothing that is told of an incident
    but that there was one person?"""
    from bot.core.reader import correct  # 120 ms, as above

    got = correct(stated(check.draft), text, turn.request.written)
    known = check.draft.facts
    perhaps = any({*map(str, got.candidates[n])} != {str(known.get(n))} for n in got.to_confirm)
    return not (got.facts or perhaps or {*got.unused} - {"one"})


def _says_not_of_what(name: str, got: FactsRead, facts: dict[str, Any], known: dict[str, Any]) -> bool:
    """Is it a quantity or a day without a word on what it is, and nothing that is known already?"""
    value = got.facts[name]
    return name in FACTS and name not in facts and str(known.get(name))[:10] != str(value)[:10]


def _matters(name: str, check: Check, names: tuple[str, ...]) -> bool:
    """Is it a quantity that is known otherwise, or that could still change the outcome? Where another one is
    asked for it is a wrong answer."""
    of_quantity = len(names) == 1 and names[0] in FACTS and FACTS[names[0]].kind is Kind.QUANTITY
    if of_quantity or FACTS[name].kind is not Kind.QUANTITY:
        return False
    return name == "total_dose" or name in check.draft.facts or name in missing(check.facts)


def _hints(check: Check, got: FactsRead, names: tuple[str, ...]) -> dict[str, str]:
    """What the words only suggest of facts that nobody has answered: asked before the verdict, or named
    beside it. Quantities and days that are uncertain are asked at once."""
    draft = check.draft
    from_settings = {name for name, given in draft.sources.items() if given.how == "settings"}
    known = {*draft.facts, *draft.doubts, *got.facts, *names} - from_settings
    known |= AGES if known & AGES else set()
    return {
        name: capitalised(doubt_line(got, name))
        for name in got.doubts
        if name in FACTS and name not in known and FACTS[name].kind not in (Kind.QUANTITY, Kind.DATE)
        if not (name in AGES and number_of_a_line(got.phrases.get(name, "")))
    }


def _pending(check: Check, got: FactsRead, names: tuple[str, ...], text: str) -> dict[str, Any]:
    """After "about 2 mSv" it is that dose of which "no, 12 mSv" speaks, whichever else it could be."""
    from bot.core.reader.corrections import WHICH  # 120 ms, as above

    draft = check.draft
    waiting = [
        name for name in got.to_confirm
        if name in draft.doubts and name not in draft.facts and _meant(name, got, names, text)
        and got.doubts[name] == WHICH and len(got.candidates[name]) == 1
    ]  # fmt: skip
    return {waiting[0]: got.candidates[waiting[0]][0]} if len(waiting) == 1 else {}


def _to_ask(name: str, got: FactsRead, check: Check, names: tuple[str, ...], text: str) -> bool:
    """Is it an uncertain fact that is meant, and not just the answer that stands? Of several that are asked
    for in one, each is asked by itself."""
    if name not in FACTS or (name in names and len(names) == 1):
        return False
    if name in AGES and not LEAD.match(text) and number_of_a_line(got.phrases.get(name, "")):
        return False
    if name in names:
        return FACTS[name].numeric
    if not (_meant(name, got, names, text) or _matters(name, check, names)):
        return False
    known = check.draft.facts.get(name)
    if known is None:
        return FACTS[name].kind in (Kind.QUANTITY, Kind.DATE)
    return known not in got.candidates[name]


def _unsure(
    check: Check, got: FactsRead, unsure: tuple[str, ...], lines: tuple[str, ...]
) -> tuple[Check, tuple[str, ...]]:
    """One fact that is uncertain is asked; a value that could be of several is handed back."""
    so_far = [title(name).lower() + _so_far(name, check.facts) for name in unsure]
    if len(unsure) > 1:
        return check, (*lines, f"That could be {listed(so_far, 'or')}: name the one that is meant.")
    (name,) = unsure
    doubt = f"{title(name)}{_so_far(name, check.facts)}: {doubt_line(got, name)}"
    aside = check.asked_aside((name,))
    return aside.with_(doubts={**check.draft.doubts, aside.draft.asking[0]: doubt}), lines


def _so_far(name: str, known: Facts) -> str:
    return f" (so far {value_words(name, known)})" if name in known.stated else ""


def _taken_out(before: Check, after: Check) -> tuple[str, ...]:
    """What was known and does not stand beside the new facts."""
    now = after.draft.facts
    gone = [n for n in before.draft.facts if n not in now and not (n in AGES and AGES & now.keys())]
    return tuple(f"{title(name)} taken out: it was {value_words(name, before.facts)}" for name in gone)


# What a correction begins with.
LEAD = re.compile(
    r"[^\w*]*(?:no(?=\s*[,.:;!-]|\s+\d|\s+(?:it|s?he|they|the|that|we|i)\b)"
    r"|\*\s*\d[^*]*$|(?:(?:i )?(?:meant|mistyped)|(?:(?:it|that) )?should (?:be|have been|say|read))\b"
    r"|(?:nope|sorry|actually|correction|i mean|make that|wait|oops|rather|typo|hang on)\b)",
    re.I,
)
# What a day is said of: "see you on Monday" is no day of an incident.
_OF_A_DAY = re.compile(
    r"^\W*(?:it|that|this)(?:'s| was| is)\b|\bnot\b|happen|occur|discover|f[oi]und|notic|spotted|expos"
    r"|incident|scan|came to light|known|aware|realis",
    re.I,
)


_BESIDE = {"total_dose": "intended_dose", "delivered_activity": "prescribed_activity"}


def _meant(name: str, got: FactsRead, names: tuple[str, ...], text: str) -> bool:
    """A quantity or a day alone is an answer, perhaps a wrong one; it changes another fact only where it says
    so. It answers what was asked also where more follows."""
    if FACTS[name].kind not in (Kind.QUANTITY, Kind.DATE):
        return True
    if FACTS[name].kind is Kind.DATE:
        begins = name in names and text.lower().startswith(got.phrases.get(name, "?").lower())
        return bool(begins or LEAD.match(text) or _OF_A_DAY.search(text))
    if name in names:
        return True
    of_both = name in OF_AN_INTENTION or _BESIDE.get(name) in got.facts  # "400 MBq prescribed, 440 MBq given"
    named = title(name).lower().split()[0] in text.lower() or (of_both and says_meant(text))
    return bool(LEAD.match(text)) or named
