"""The stage at which a verdict stands, and what can be done with it."""

from __future__ import annotations

from dataclasses import replace

from bot.core.cards import Block, Button, Card, Text, Weight
from bot.core.cases.decide_anew import active_case, other_authority
from bot.core.cases.opening import TO_OPEN
from bot.core.check import correcting
from bot.core.check.answers import yes_or_no
from bot.core.check.check import Check, sources_of
from bot.core.check.interview import left_to_ask
from bot.core.check.said_against import open_doubts
from bot.core.check.verdict_card import verdict_card, whom_to_ask
from bot.core.check.verdict_reasons import reasons_card
from bot.core.draft import Draft
from bot.core.refused import Refused
from bot.core.register.alike_words import alike_to_check
from bot.core.turn import Turn
from bot.core.words.draft_words import about
from bot.core.words.fact_words import title
from bot.core.words.link_words import not_kept
from bot.core.words.phrases import sentence
from bot.core.words.verdict_words import kept_verdict, outcome_line
from rules.agree import NOBODY_IS_TOLD

ASK_ON = frozenset({"ask on", "ask me more", "more questions", "go on asking"})
KEEP = frozenset(
    {"keep", "keep it", "record", "yes keep it", "yes, keep it", "save", "save it", "record it", "file it"}
)
RECORD_ONLY = frozenset({"record only", "only the record", "no case", "without a case", "keep only"})
SHOW_REASONS = Button("Show reasons", "check.reasons")
REASONS = frozenset({"reasons", "show reasons", "why", "the reasons", "ruled out", "what was ruled out"})
DISCARDED = "Discarded: nothing of it was kept."
ENOUGH = "Nothing more is asked, as you said."
DISCARD_ASK = "Nothing of this check will be kept. Discard it?"
DISCARD = frozenset({"discard", "drop", "don't keep", "dont keep", "don't keep it"})


def at_verdict(turn: Turn, check: Check) -> Check:
    """The check, kept, now that nothing is left to ask."""
    draft = check.draft
    opens = check.verdict.outcome in TO_OPEN and not draft.case
    if opens and draft.number:  # a correction opens one where the record called for none before
        before = turn.store.record(turn.tenant, draft.number)
        another = before.cases and other_authority(kept_verdict(before.assessment), check.verdict)
        called_for_none = before.outcome not in TO_OPEN or another
        opens = bool(called_for_none) and active_case(turn, draft.number) is None
    return check.with_(stage="verdict", opens=opens, standing=(), listed=()).kept(turn)


def verdict(
    turn: Turn, check: Check, *, notes: tuple[str, ...] = (), problem: str = "", unfolded: bool = False
) -> Card:
    """`unfolded`: its reasons were asked for."""
    draft, decided = check.draft, check.verdict
    card = verdict_card(decided, today=turn.today, facts=check.facts, sources=sources_of(draft))
    card = card.headed(*about(draft)).with_blocks(*whom_to_ask(turn))
    if decided.outcome in NOBODY_IS_TOLD:
        card = card.with_blocks(
            *(Text(line, Weight.WARNING) for line in (not_used(draft), open_(check)) if line)
        )
    card = card.with_blocks(*alike_to_check(turn, {**draft.details, **draft.facts}, draft.number).texts)
    card = card.with_blocks(*(Text(note, Weight.SUBTLE) for note in notes))
    if problem:
        card = card.with_blocks(Text(sentence(problem), Weight.WARNING))
    if not turn.face.folds and not unfolded:
        card = card.without_folds
    if not turn.face.buttons:
        return card.with_blocks(*_to_type(check, card))
    seen = f"{draft.id}:{draft.mark}"
    return card.with_buttons(
        Button(keep_label(draft, decided.outcome), "check.keep", seen, "primary"),
        *((Button("Record only", "check.record_only", seen),) if draft.opens else ()),
        *((Button("Ask what is left", "check.ask_on", draft.id),) if asks_on(check) else ()),
        *(() if turn.face.folds or unfolded else (replace(SHOW_REASONS, value=draft.id),)),
        Button("Change an answer", "check.edit", draft.id),
        Button("Discard", "check.discard", seen, "danger", ask=DISCARD_ASK),
    )


def verdict_not_kept(turn: Turn, check: Check, notes: tuple[str, ...] = ()) -> Card:
    """Where nothing leads to an organisation the check ends with its verdict, and nothing of it stays."""
    draft = check.draft
    card = verdict_card(check.verdict, today=turn.today, facts=check.facts, sources=sources_of(draft))
    if check.verdict.outcome in NOBODY_IS_TOLD:
        card = card.with_blocks(
            *(Text(line, Weight.WARNING) for line in (not_used(draft), open_(check)) if line)
        )
    card = card.with_blocks(*(Text(note, Weight.SUBTLE) for note in notes))
    turn.drafts.drop(draft)
    return not_kept(turn, card)


def reasons(turn: Turn, check: Check) -> Card:
    """Why the verdict that stands is what it is."""
    card = verdict_card(check.verdict, today=turn.today, facts=check.facts, sources=sources_of(check.draft))
    why = reasons_card(card)
    return why if turn.face.buttons else why.with_blocks(*_to_type(check, card))


def _to_type(check: Check, card: Card) -> tuple[Block, ...]:
    draft = check.draft
    ask_on = " · ask on" if asks_on(check) else ""
    ways = f"no · reasons · edit · back{ask_on}"
    again = f" as a correction of record {draft.number}" if draft.number else ""
    yes = "yes"
    if draft.case:
        again = f", and decide {draft.case} anew with it"
    elif draft.opens:
        again, yes = f"{again} and open its case", "yes · record only"
    # The card is longer than a screen: what it begins with is seen beside the question too.
    read = (Text("Read the cautions above before acting.", Weight.WARNING),) if check.verdict.cautions else ()
    return *read, Text(card.summary, Weight.STRONG), Text(f"Keep it{again}? {yes} · {ways}")


def asks_on(check: Check) -> bool:
    """Was the asking ended, with something left that could be asked?"""
    return check.draft.enough and bool(left_to_ask(check))


def not_used(draft: Draft) -> str:
    """What was said and gave no fact, by its own words."""
    if not draft.unused:
        return ""
    return f"Not used: {', '.join(f'“{words}”' for words in draft.unused)}"


def open_(check: Check) -> str:
    """What was hinted at and nobody answered."""
    left = [f"{title(name)}: {check.draft.doubts[name]}" for name in open_doubts(check)]
    return f"Said, and never answered: {' · '.join(left)}" if left else ""


def keep_label(draft: Draft, outcome: str) -> str:
    """What keeping the verdict does, in at most 24 characters: a dialog's own button holds no more."""
    if draft.case:
        return "Keep and decide anew"
    if draft.number:
        return "Correct and open a case" if draft.opens else "Keep the correction"
    if draft.opens:
        return "Open a case"
    return "Keep as not notifiable" if outcome == "do_not_notify" else "Keep the record"


def told(check: Check, plain: str) -> Check | None:
    """The check after a word about its verdict; None where it is not to be kept. Raises Refused."""
    if plain in DISCARD or yes_or_no(plain) is False:
        return discarded(check)
    if plain in KEEP or yes_or_no(plain):
        return correcting.kept(check)
    if plain in RECORD_ONLY:
        return correcting.kept(check.with_(opens=False))
    raise Refused("type yes to keep it, no to discard it, reasons to see why, or edit to change an answer")


# Something settled is not thrown away by one word


def discarded(check: Check) -> Check | None:
    """None where it may go at once; else the check with the question whether it really is to go."""
    if check.verdict.outcome in NOBODY_IS_TOLD or check.draft.stage == "discarding":
        return None
    return check.with_(stage="discarding")


def discarding(turn: Turn, check: Check, *, problem: str = "") -> Card:
    draft, ask = check.draft, f"{outcome_line(check.verdict)}. Discard it all the same?"
    blocks: list[Block] = [
        *about(draft),
        *([Text(sentence(problem), Weight.WARNING)] if problem else []),
        Text("Discarding it ends the check: no record is kept, no case is opened, and nobody is reminded."),
    ]
    if not turn.face.buttons:
        return Card(ask, (*blocks, Text("yes, discard it · no", Weight.SUBTLE)))
    buttons = (
        Button("Back to the verdict", "check.resume", draft.id, "primary"),
        Button("Discard it all the same", "check.discard", f"{draft.id}:{draft.mark}", "danger"),
    )
    return Card(ask, tuple(blocks), buttons)


def discarding_told(check: Check, plain: str) -> Check | None:
    """None where it is to go. Raises Refused."""
    if plain in DISCARD or plain.startswith("yes") or yes_or_no(plain):
        return None
    if yes_or_no(plain) is False or plain in KEEP or plain == "back":
        return check.with_(stage="asking")
    raise Refused("type yes to discard it, or no to go back to the verdict")
