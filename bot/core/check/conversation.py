"""A check answered in words: what is said at the question or the verdict that stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.core import patient_numbers
from bot.core.cards import Bullets, Card, Pairs, Text, Weight
from bot.core.check import agreement, beginning, correcting, verdict_stage
from bot.core.check.another_incident import begins, of_another, tells_another
from bot.core.check.answers import after_first, all_i_know, fact_named, with_value
from bot.core.check.check import PERSON_WORDS, Check, stated
from bot.core.check.choice import unfinished
from bot.core.check.free_text import in_quotes
from bot.core.check.going_on import go_on
from bot.core.check.interview import BACK, PERSON_OPTIONS, Question, answer, back, next_of, standing
from bot.core.check.later_words import corrected_by, says_nothing
from bot.core.check.question_card import understood
from bot.core.check.stating import PERSON
from bot.core.draft import Draft
from bot.core.messages import Reply, Said
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.draft_words import called
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import capitalised, plain_words, sentence
from rules.facts import FACTS

# Where what is told might be of another incident.
_TELLING = frozenset({"asking", "agreeing", "verdict", "discarding"})
OF_THE_REST = "What was left out is not taken as a no. So:"
# It answers the question or the list that stands, and changes nothing else.
BARE_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
QUIT = frozenset({"quit", "exit", "stop", "pause", "q", "later", "bye"})


def said(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    """A typed answer, or a word about the interview."""
    check = Check(draft, turn.today)
    plain = plain_words(text) or text.strip()
    if (told := _incident_told(turn, check, text)) is not None:
        return told
    if plain in QUIT:
        turn.save(draft.with_(paused=True))
        return turn.say(f"Set aside, nothing is lost: type {turn.command('check')} to go on.")
    if turn.drafts.crossed(draft):
        again = beginning.choose if draft.stage == "choosing" else reask
        return again(turn, turn.drafts.refused(draft), not_this(turn, text))
    if draft.stage == "choosing":
        return beginning.choice_said(turn, draft, text)
    if draft.stage == "why":
        return _why_told(turn, check, text)
    if plain == "edit" or plain.startswith(("edit ", "change ")):
        return edit(turn, check, after_first(text))
    if draft.stage == "asking" and all_i_know(text):
        return enough(turn, check)
    if draft.stage == "verdict" and plain in verdict_stage.REASONS:
        return [turn.show(verdict_stage.reasons(turn, check))]
    if draft.enough and plain in verdict_stage.ASK_ON:
        return go_on(turn, check.with_(enough=False, stage="asking"))
    if plain in BACK and draft.stage != "discarding":
        return go_back(turn, check)
    if draft.listed and plain.isdecimal():
        return edit(turn, check, plain)
    try:
        return _STAGES.get(draft.stage, answered)(turn, check, text)
    except Refused as refused:
        if (told := _incident_told(turn, check, text, refused=True)) is not None:
            return told
        if (told := _none_and_more(turn, check, text)) is not None:
            return told
        if draft.stage in _TELLING and (name := _fact_alone(draft, plain)):
            return edit(turn, check, title(name))
        if not (bare := BARE_NUMBER.fullmatch(plain)) and (corrected := corrected_by(turn, check, text)):
            return go_on(turn, corrected.check, notes=corrected.notes)
        if bare and draft.stage != "asking":
            number = "A number" if turn.holds_number(text) else plain
            return go_on(turn, check, problem=f"{number} of what? {sentence(str(refused))}")
        return go_on(turn, check, problem=beginning.with_not_taken(str(refused), text))


# What follows a "none" explains it, and does not take anything out of it.
_NONE_AND = re.compile(
    r"(none(?: of (?:these|them|those))?)\b\s*(?:[,.;:-]|(?=\s(?:but|although|though)\b))\s*"
    r"(?P<but>(?:but|although|though)\b\s*)?(?P<more>.+)",
    re.I | re.S,
)
_EXCEPT = re.compile(
    r"\b(?:but|except|apart|although|though|unless|if|however|yes|(?:un)?sure|know|think|maybe|perhaps"
    r"|probably|possibly|might|will|check\w*|ask\w*|review\w*|confirm\w*|await\w*|pending|later|yet|carers?|comforters?|staff|nurses?|visitors?|relatives?|parents?|mum|mother|dad|father"
    r"|me|us|workers?|porters?|public|(?:some|any)(?:body|one) else)\b|[\d?]",
    re.I,
)


def _none_and_more(turn: Turn, check: Check, text: str) -> list[Reply] | None:
    """`none, she is not pregnant`: none of the lines, and what else the words give; None where it is not
    that, or leaves open what it is."""
    asked, match = standing(check), _NONE_AND.fullmatch(text.strip())
    if check.draft.stage != "asking" or asked is None or not (asked.several and match):
        return None
    more = match["more"]
    if _EXCEPT.search(more) or turn.holds_number(text):
        return None
    try:
        none = answer(check, asked, match[1], source=turn.source())
    except Refused:
        return None
    added = corrected_by(turn, none, more)
    if match["but"] and (added is None or not _beside(none.draft, added.check.draft)):
        return None
    if added is None:
        return go_on(turn, none, notes=(f"Not used: “{more}”",)) if says_nothing(turn, none, more) else None
    same = all(added.check.draft.facts.get(name) == none.draft.facts.get(name) for name in asked.names)
    return go_on(turn, added.check, notes=added.notes) if same and not added.check.draft.asking else None


_THE = re.compile(r"^(?:(?:it is|it's|i meant?) )?(?:(?:the|its|their) )?")


def _fact_alone(draft: Draft, plain: str) -> str:
    """The one number that is named and nothing said of: "total dose", or "the total" where that is known."""
    words = _THE.sub("", plain.rstrip(".!")).removesuffix(" one")
    called = {name: title(name).lower() for name, fact in FACTS.items() if fact.numeric}
    known = (n for n, name in called.items() if n in draft.facts and name.partition(" ")[0] == words)
    found = [name for name, whole in called.items() if whole == words] or [*known]
    return found[0] if len(found) == 1 else ""


def _beside(none: Draft, added: Draft) -> bool:
    """Do words after a "but" only tell facts that the lines are not about, all of them understood?"""
    return (added.doubts, added.unused) == (none.doubts, none.unused) and added.facts != none.facts


def _incident_told(turn: Turn, check: Check, text: str, *, refused: bool = False) -> list[Reply] | None:
    """An incident that begins this check, or another one; None where it is neither."""
    stage = check.draft.stage
    if stage in _TELLING and (
        tells_another(turn, check, text, refused=refused) or (refused and of_another(turn, check, text))
    ):
        return beginning.start(turn, text)
    if stage == "asking" and begins(turn, check, text, refused=refused):
        return beginning.begin(turn, check, text)
    return None


def not_this(turn: Turn, text: str) -> str:
    """Said of an answer to a question that its author had not read."""
    what = turn.request.what
    elsewhere = isinstance(what, Said) and what.crossed == "elsewhere"
    when = "in another place than this stood in" if elsewhere else "before this stood here"
    return f"{in_quotes(turn, text)} was written {when}, and nothing of it was taken"


def answered(turn: Turn, check: Check, text: str) -> list[Reply]:
    asked = standing(check)
    if asked is None:
        return go_on(turn, check)
    if plain_words(text) == "why":
        return why(turn, check)
    if not text.strip():
        raise Refused("type an answer, or don't know")
    return take(turn, check, asked, text)


def take(turn: Turn, check: Check, asked: Question, text: str) -> list[Reply]:
    """Raises Refused where the answer cannot be taken."""
    if turn.holds_number(text):
        raise Refused(patient_numbers.NOT_KEPT)
    after = answer(check, asked, text, source=turn.source())
    notes = understood(stated(check.draft), after.facts, ticked=asked.names if asked.several else ())
    if after.draft.person and after.draft.person != check.draft.person:
        who = PERSON_WORDS[after.draft.person]
        notes = (f"{capitalised(who)}: pregnancy and breast-feeding are left out.", *notes)
    if asked.several and (left := next_of(after)) and {*left.names} < {*asked.names}:
        notes = (*notes, OF_THE_REST)
    return go_on(turn, after, notes=notes)


def why(turn: Turn, check: Check) -> list[Reply]:
    """The reason for the question that stands."""
    asked = standing(check)
    if asked is None or check.draft.stage != "asking":
        return go_on(turn, check)
    reasons = (Bullets(asked.why),) if asked.several else (Text(asked.why[0]),)
    return [turn.show(Card("Why this is asked", reasons)), *go_on(turn, check)]


def enough(turn: Turn, check: Check) -> list[Reply]:
    """Whoever answers knows no more: nothing is asked any further."""
    return go_on(
        turn, check.with_(enough=True, asking=(), aside=False, standing=()), notes=(verdict_stage.ENOUGH,)
    )


def go_back(turn: Turn, check: Check) -> list[Reply]:
    before = back(check)
    if before is None:
        return go_on(turn, check, problem="this is the first question: there is nothing to go back to")
    return go_on(turn, before)


def _verdict_told(turn: Turn, check: Check, text: str) -> list[Reply]:
    after = verdict_stage.told(check, _decided(text))
    return discard(turn, check) if after is None else go_on(turn, after)


def _discarding_told(turn: Turn, check: Check, text: str) -> list[Reply]:
    after = verdict_stage.discarding_told(check, _decided(text))
    return discard(turn, check) if after is None else go_on(turn, after)


def _agreement_told(turn: Turn, check: Check, text: str) -> list[Reply]:
    return go_on(turn, agreement.told(turn, check, _decided(text)))


def _decided(text: str) -> str:
    """In plain letters. Raises Refused for what is asked: a "yes?" agrees to nothing."""
    if text.rstrip().endswith("?"):
        raise Refused("that reads like a question: nothing was decided by it")
    return plain_words(text, ".!")


_STAGES: dict[str, Callable[[Turn, Check, str], list[Reply]]] = {
    "agreeing": _agreement_told,
    "verdict": _verdict_told,
    "discarding": _discarding_told,
}


def _why_told(turn: Turn, check: Check, text: str) -> list[Reply]:
    try:
        return go_on(turn, correcting.told(turn, check, text))
    except Refused as refused:
        return go_on(turn, check, problem=str(refused))


def discard(turn: Turn, check: Check) -> list[Reply]:
    turn.drafts.discard(check.draft)
    return turn.say(verdict_stage.DISCARDED)


def edit(turn: Turn, check: Check, which: str) -> list[Reply]:
    """Without words the facts to choose from, with words that fact's question again. A number is one of the
    list that was shown last."""
    known = {name: value_words(name, check.facts) for name in check.draft.facts}
    if check.draft.person:
        known[PERSON] = next(o.label for o in PERSON_OPTIONS if o.value == check.draft.person)
    if not which:
        check.with_(listed=tuple(known)).kept(turn)
        lines = tuple((f"{n}. {title(name)}", words) for n, (name, words) in enumerate(known.items(), 1))
        how = turn.command("edit total dose")
        asks = Text(f"Type a number, or edit and any fact's name: {how}.", Weight.SUBTLE)
        return [turn.show(Card("What is known so far", (Pairs(lines), asks) if lines else (asks,)))]
    for what, value in with_value(which):
        try:
            name = _named(what, check.draft.listed or tuple(known))
        except Refused:
            continue
        aside = check.asked_aside((name,))
        try:
            return answered(turn, aside, value) if value else go_on(turn, aside)
        except Refused as refused:
            return go_on(turn, aside, problem=str(refused))
    how = turn.command("edit total dose")
    problem = f"type edit and a number from 1 to {len(known)}, or a fact's name such as {how}"
    return go_on(turn, check, problem=problem)


def _named(which: str, known: Sequence[str]) -> str:
    """The fact that a number of the list, or words, stand for. Raises Refused."""
    if which.isdecimal() and 1 <= int(which[:4]) <= len(known):
        return known[int(which[:4]) - 1]
    if which.isdecimal():
        raise Refused("no such number")
    return fact_named(which, (PERSON, *FACTS))


def reask(turn: Turn, draft: Draft, problem: str = "") -> list[Reply]:
    """The question that stands, once more, after something else was said; of which check, where there are
    several."""
    several = len(unfinished(turn)) > 1
    notes = (f"This is about {called(draft)}.",) if several else ()
    return go_on(turn, Check(draft, turn.today), notes, problem)
