"""Why a verdict is what it is: what folds below what is to be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from bot.core.cards import Block, Bullets, Card, Folded, Heading, Text, Weight
from bot.core.words.phrases import listed
from bot.core.words.verdict_words import AnyVerdict
from rules.complementary import CLAIMED_BY
from rules.readings import READINGS

if TYPE_CHECKING:
    from rules.contract import StoredReason
    from rules.reasons import Reason as DecidedReason

Reason: TypeAlias = "DecidedReason | StoredReason"
REASONS = "Reasons"


def reasons(verdict: AnyVerdict) -> Iterator[Block]:
    """In one line what was ruled out, and the reasons in full, folded."""
    if out := [r.code for r in verdict.reasons if r.status == "ruled_out" and r.code not in CLAIMED_BY]:
        yield Text(f"Ruled out: {listed(list(dict.fromkeys(out)))}.", Weight.SUBTLE)
    if full := tuple(_in_full(verdict)):
        yield Folded(REASONS, full)


def reasons_card(shown: Card) -> Card:
    """What folds on a card, as one of its own."""
    found = tuple(one for block in shown.blocks if isinstance(block, Folded) for one in block.blocks)
    return Card(f"{REASONS}: {shown.summary}", found, severity=shown.severity)


def _in_full(verdict: AnyVerdict) -> Iterator[Block]:
    words = (("met", "Criteria met"), ("unknown", "Still open"), ("ruled_out", "Ruled out"))
    for status, heading in words:
        if found := [r for r in verdict.reasons if r.status == status and r.code not in CLAIMED_BY]:
            yield Heading(heading)
            yield Bullets(tuple(_together(found, with_place=status != "ruled_out")))
    if labels := [r for r in verdict.reasons if r.code in CLAIMED_BY]:
        yield Heading("Labels, which decide nothing")
        yield Bullets(tuple(_together(labels, with_place=True)))
    if changes := verdict.would_change:
        yield Heading("What would change the answer")
        yield Bullets(changes)
    if verdict.readings:
        known = [READINGS[id_] for id_ in verdict.readings if id_ in READINGS]
        yield Heading("Readings of the guidance it rests on")
        yield Bullets(tuple(f"{r.id}, {r.point}: {r.reading}" for r in known))


def _together(reasons: Sequence[Reason], *, with_place: bool) -> Iterator[str]:
    """Codes with the same reason share a line."""
    groups: dict[str, list[Reason]] = {}
    for reason in reasons:
        groups.setdefault(reason.sentence.replace(f"code {reason.code}", "the code"), []).append(reason)
    for same, group in groups.items():
        if len(group) > 1:
            yield f"{', '.join(r.code for r in group)}: {same}"
        else:
            place = f" ({group[0].where})" if with_place else ""
            yield f"{group[0].code}: {group[0].sentence}{place}"
