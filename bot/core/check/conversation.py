"""`check`, answered in words: from the first question to the verdict, and what can be said on the way."""

from __future__ import annotations

from datetime import datetime

from bot.core import patient_numbers
from bot.core.cards import Bullets, Button, Card, Option, Pairs, Text, Weight
from bot.core.check import record_details
from bot.core.check.answers import choose, yes_or_no
from bot.core.check.free_text import alone, corrected_by, read_text
from bot.core.check.interview import (
    PERSON,
    PERSON_OPTIONS,
    PERSON_WORDS,
    Question,
    answer,
    back,
    facts_of,
    next_of,
    state,
    verdict_of,
)
from bot.core.check.keeping import keep_check
from bot.core.check.question_card import question_card, understood
from bot.core.check.typical_doses import hint
from bot.core.check.verdict_card import verdict_card
from bot.core.draft import Draft, new
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.turn import FROM_SETTINGS, Turn
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import moment
from rules.facts import FACTS

TAKEN_FOR_GRANTED = (
    "A patient's exposure on equipment in clinical use is taken for granted; for anything else type edit "
    "exposed person, or edit equipment in clinical use."
)
WAITING = "What you wrote is kept, and read once you start a new one."
QUIT = frozenset({"quit", "exit", "stop", "pause", "q", "later", "bye"})
AFRESH = frozenset({"new", "afresh", "start again", "start afresh", "restart"})
KEEP = frozenset({"keep", "keep it", "1", "record"})
RECORD_ONLY = frozenset({"record only", "only the record", "no case", "without a case", "keep only"})
DISCARD = frozenset({"discard", "drop", "don't keep", "dont keep", "don't keep it"})


def start(turn: Turn, text: str) -> list[Reply]:
    """`check`, `check new` or `check <what happened>`."""
    draft = turn.drafts.load()
    if draft is not None and text.lower() not in AFRESH:
        draft = turn.save(draft.with_(paused=True, waiting=patient_numbers.masked(text) or draft.waiting))
        return [turn.show(_unfinished(draft))]
    if draft is not None:
        turn.drafts.drop()
    return begin(turn, "" if text.lower() in AFRESH else text)


def begin(turn: Turn, text: str = "") -> list[Reply]:
    """A new check, with what the settings know already."""
    draft = prefill(turn, new(turn.request, typed=True))
    if not text:
        return go_on(turn, draft, notes=(TAKEN_FOR_GRANTED,))
    read = read_text(turn, draft, text)
    return [*alone(turn, read.warnings), *go_on(turn, read.draft, notes=read.notes)]


def prefill(turn: Turn, draft: Draft) -> Draft:
    if not turn.nation:
        return draft
    return state(draft, {"nation": turn.nation}, source=turn.source(FROM_SETTINGS), today=turn.today)


def go_on(turn: Turn, draft: Draft, notes: tuple[str, ...] = (), problem: str = "") -> list[Reply]:
    """The draft is kept, and the next question asked; or the verdict given."""
    if draft.stage in ("details", "complete"):
        return _detail(turn, draft, problem)
    asked = next_of(draft, turn.today)
    if asked is None:
        return [turn.show(verdict(turn, at_verdict(turn, draft), problem=problem))]
    draft = turn.save(draft.with_(stage="asking"))
    doubts = tuple(draft.doubts[name] for name in asked.names if name in draft.doubts)
    typical = hint(asked.name, draft, facts_of(draft, turn.today))
    told = (*notes, *doubts, *_so_far(turn, draft, asked), *((typical,) if typical else ()))
    personal = turn.request.place.personal
    return [turn.show(question_card(asked, draft, turn.face, personal=personal, notes=told, problem=problem))]


def _so_far(turn: Turn, draft: Draft, asked: Question) -> tuple[str, ...]:
    """What is changed by an answer to a question out of turn; a doubt names it already."""
    facts = facts_of(draft, turn.today)
    name = "age_group" if asked.name == "age_years" and "age_group" in draft.facts else asked.name
    known = draft.aside and name in facts.stated and asked.name not in draft.doubts
    return (f"So far: {value_words(name, facts)} (back leaves it so)",) if known else ()


def at_verdict(turn: Turn, draft: Draft) -> Draft:
    """The draft, kept, now that nothing is left to ask."""
    opens = verdict_of(draft, turn.today).outcome in ("notify", "undecided") and not draft.case
    if opens and draft.number:  # a correction opens one where the record called for none before
        before = turn.store.record(turn.tenant, draft.number)
        opens = before.outcome not in ("notify", "undecided") and not before.cases
    return turn.save(draft.with_(stage="verdict", opens=opens))


def verdict(turn: Turn, draft: Draft, *, problem: str = "") -> Card:
    """The verdict, and what can be done with it."""
    decided = verdict_of(draft, turn.today)
    card = verdict_card(decided.as_dict(), today=turn.today, facts=facts_of(draft, turn.today))
    if problem:
        card = card.with_blocks(Text(problem[:1].upper() + problem[1:] + ".", Weight.WARNING))
    if not turn.face.buttons:
        ways = "yes · no · edit · back"
        again = f" as a correction of record {draft.number}" if draft.number else ""
        if draft.case:
            again = f", and decide {draft.case} anew with it"
        elif draft.opens:
            again, ways = f"{again} and open its case", "yes · record only · no · edit · back"
        # The card is longer than a screen: what it begins with is seen beside the question too.
        read = (Text("Read the cautions above before acting.", Weight.WARNING),) if decided.cautions else ()
        return card.with_blocks(*read, Text(card.summary, Weight.STRONG), Text(f"Keep it{again}? {ways}"))
    return card.with_buttons(
        Button(keep_label(draft, decided.outcome), "check.keep", draft.id, "primary"),
        Button("Change an answer", "check.edit", draft.id),
        Button(
            "Discard", "check.discard", draft.id, "danger", ask="Nothing of this check is kept. Discard it?"
        ),
    )


def keep_label(draft: Draft, outcome: str) -> str:
    """What keeping the verdict does, in at most 24 characters: a dialog's own button holds no more."""
    if draft.case:
        return "Keep and decide anew"
    if draft.number:
        return "Correct and open a case" if draft.opens else "Keep the correction"
    if draft.opens:
        return "Open a case"
    return "Keep as not notifiable" if outcome == "do_not_notify" else "Keep the record"


# What is said on the way


def said(turn: Turn, draft: Draft, text: str, *, overheard: bool = False) -> list[Reply]:
    """A typed answer, or a word about the interview."""
    plain = " ".join(text.lower().split()).rstrip(".!?") or text.strip()
    if overheard:
        return _overheard(turn, draft, text, plain)
    if draft.paused:
        return _take_up(turn, draft, plain)
    if plain in QUIT:
        turn.save(draft.with_(paused=True))
        return turn.say(f"Set aside, nothing is lost: type {turn.command('check')} to go on.")
    if draft.stage == "details":
        return _detail_said(turn, draft, text)
    if plain == "back":
        return go_back(turn, draft)
    if plain == "edit" or plain.startswith(("edit ", "change ")):
        return edit(turn, draft, plain.partition(" ")[2])
    try:
        if draft.stage == "verdict":
            return _verdict_said(turn, draft, plain)
        return _answered(turn, draft, text, plain)
    except Refused as refused:
        if corrected := corrected_by(turn, draft, text):
            return go_on(turn, corrected.draft, notes=corrected.notes)
        return go_on(turn, draft, problem=str(refused))


def _overheard(turn: Turn, draft: Draft, text: str, plain: str) -> list[Reply]:
    """Said in a thread, but not to the bot: taken where it answers the question that stands or states
    another fact for certain, else let be."""
    try:
        return _answered(turn, draft, text, plain)
    except Refused:
        added = corrected_by(turn, draft, text, overheard=True)
        return go_on(turn, added.draft, notes=added.notes) if added else []


def _answered(turn: Turn, draft: Draft, text: str, plain: str) -> list[Reply]:
    asked = next_of(draft, turn.today)
    if asked is None:
        return go_on(turn, draft)
    if plain == "why":
        return why(turn, draft)
    if not text.strip():
        raise Refused("type an answer, or don't know")
    return take(turn, draft, asked, text)


def take(turn: Turn, draft: Draft, asked: Question, text: str) -> list[Reply]:
    """Raises Refused where the answer cannot be taken."""
    patient_numbers.refuse_numbers(text)
    after = answer(draft, asked, text, source=turn.source(), today=turn.today)
    before, now = facts_of(draft, turn.today), facts_of(after, turn.today)
    notes = understood(before, now, ticked=asked.names if asked.several else ())
    if after.person and after.person != draft.person:
        who = PERSON_WORDS[after.person]
        notes = (f"{who[:1].upper()}{who[1:]}: pregnancy and breast-feeding are left out.", *notes)
    return go_on(turn, after, notes=notes)


def why(turn: Turn, draft: Draft) -> list[Reply]:
    """The reason for the question that stands."""
    asked = next_of(draft, turn.today)
    if asked is None or draft.stage != "asking":
        return go_on(turn, draft)
    reasons = (Bullets(asked.why),) if asked.several else (Text(asked.why[0]),)
    return [turn.show(Card("Why this is asked", reasons)), *go_on(turn, draft)]


def go_back(turn: Turn, draft: Draft) -> list[Reply]:
    before = back(draft)
    if before is None:
        return go_on(turn, draft, problem="this is the first question: there is nothing to go back to")
    return go_on(turn, before)


def _verdict_said(turn: Turn, draft: Draft, plain: str) -> list[Reply]:
    if plain in DISCARD or yes_or_no(plain) is False:
        return discard(turn)
    if plain in KEEP or yes_or_no(plain):
        return go_on(turn, record_details.begun(draft))
    if plain in RECORD_ONLY:
        details = {**draft.details, "open_case": "no"}
        return go_on(turn, record_details.begun(draft.with_(details=details)))
    raise Refused("type yes to keep it, no to discard it, or edit to change an answer")


def _detail(turn: Turn, draft: Draft, problem: str = "") -> list[Reply]:
    """The next detail of the record is asked, or the check is kept once there is none."""
    field = record_details.next_field(draft)
    if field is None:
        return keep_check(turn, draft)
    turn.save(draft)
    return [turn.show(record_details.detail_card(draft, field, problem))]


def _detail_said(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    try:
        after = record_details.told(turn, draft, text)
    except Refused as refused:
        return _detail(turn, draft, str(refused))
    return go_on(turn, after)


def discard(turn: Turn) -> list[Reply]:
    turn.drafts.drop()
    return turn.say("Discarded: nothing of it was kept.")


def edit(turn: Turn, draft: Draft, which: str) -> list[Reply]:
    """Without words the facts to choose from, with words that fact's question again."""
    facts = facts_of(draft, turn.today)
    known = {name: value_words(name, facts) for name in draft.facts}
    if draft.person:
        known[PERSON] = next(option.label for option in PERSON_OPTIONS if option.value == draft.person)
    if not which:
        lines = tuple((f"{n}. {title(name)}", words) for n, (name, words) in enumerate(known.items(), 1))
        asks = Text("Type edit and a number, or edit and any fact's name: edit total dose.", Weight.SUBTLE)
        return [turn.show(Card("What is known so far", (Pairs(lines), asks) if lines else (asks,)))]
    try:
        name = _named(which, list(known))
    except Refused:
        problem = f"type edit and a number from 1 to {len(known)}, or a fact's name such as edit total dose"
        return go_on(turn, draft, problem=problem)
    return go_on(turn, draft.asked_aside((name,)))


def _named(which: str, known: list[str]) -> str:
    """The fact that a number of the list, or words, stand for. Raises Refused."""
    if which.isdecimal() and 1 <= int(which[:4]) <= len(known):
        return known[int(which[:4]) - 1]
    if which.isdecimal():
        raise Refused("no such number")
    return choose(which, [Option(n, f"{title(n)} {n.replace('_', ' ')}") for n in (PERSON, *FACTS)])


# Taking up again


def _unfinished(draft: Draft) -> Card:
    since = moment(datetime.fromisoformat(draft.started))
    return Card(
        f"There is an unfinished check from {since}. Take up where you left off?",
        (*((Text(WAITING),) if draft.waiting else ()), Text("yes · no (start a new one)", Weight.SUBTLE)),
        (
            Button("Take it up", "check.resume", draft.id, "primary"),
            Button("Start a new one", "check.afresh", draft.id),
        ),
    )


def _take_up(turn: Turn, draft: Draft, plain: str) -> list[Reply]:
    wanted = yes_or_no(plain)
    if wanted or plain in ("continue", "resume", "take it up"):
        return go_on(turn, draft.with_(paused=False, typed=True, waiting=""))
    if wanted is False or plain in AFRESH:
        turn.drafts.drop()
        return begin(turn, draft.waiting)
    return [turn.show(_unfinished(draft))]


def reask(turn: Turn, draft: Draft) -> list[Reply]:
    """The question that stands, once more, after something else was said."""
    return [] if draft.paused else go_on(turn, draft)
