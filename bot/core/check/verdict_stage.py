"""The stage at which a verdict stands, and what can be done with it."""

from __future__ import annotations

from bot.core.cards import Button, Card, Text, Weight
from bot.core.cases.opening import TO_OPEN
from bot.core.check import record_details
from bot.core.check.answers import yes_or_no
from bot.core.check.check import Check
from bot.core.check.verdict_card import verdict_card
from bot.core.draft import Draft
from bot.core.refused import Refused
from bot.core.turn import Turn

KEEP = frozenset({"keep", "keep it", "1", "record"})
RECORD_ONLY = frozenset({"record only", "only the record", "no case", "without a case", "keep only"})
DISCARD = frozenset({"discard", "drop", "don't keep", "dont keep", "don't keep it"})


def at_verdict(turn: Turn, check: Check) -> Check:
    """The check, kept, now that nothing is left to ask."""
    draft = check.draft
    opens = check.verdict.outcome in TO_OPEN and not draft.case
    if opens and draft.number:  # a correction opens one where the record called for none before
        before = turn.store.record(turn.tenant, draft.number)
        opens = before.outcome not in TO_OPEN and not before.cases
    return check.with_(stage="verdict", opens=opens, standing=()).kept(turn)


def verdict(turn: Turn, check: Check, *, problem: str = "") -> Card:
    draft, decided = check.draft, check.verdict
    card = verdict_card(decided, today=turn.today, facts=check.facts)
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


def told(check: Check, plain: str) -> Check | None:
    """The check after a word about its verdict; None where it is not to be kept. Raises Refused."""
    if plain in DISCARD or yes_or_no(plain) is False:
        return None
    if plain in KEEP or yes_or_no(plain):
        return record_details.begun(check)
    if plain in RECORD_ONLY:
        return record_details.begun(check.with_(details={**check.draft.details, "open_case": "no"}))
    raise Refused("type yes to keep it, no to discard it, or edit to change an answer")
