"""A case decided anew, as a card that says what changed and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.core.cards import Block, Bullets, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.cases.decide_anew import DecidedAnew
from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import capitalised, day
from bot.core.words.verdict_words import authority_called, kept_verdict, outcome_line
from rules.editions import edition_for
from rules.facts import DETAILS, FACTS
from rules.incident import Facts
from rules.parsing import parse
from storage.model import Assessment, Case

if TYPE_CHECKING:
    from rules.contract import StoredVerdict

_SEVERITY = {"notify": Severity.ALARM, "undecided": Severity.WAITING}


def diff_card(turn: Turn, anew: DecidedAnew, why: str) -> Card:
    case, before, after = anew.case, anew.before.assessment, anew.after.assessment
    old, new = kept_verdict(before), kept_verdict(after)
    same = old.outcome == new.outcome
    blocks: list[Block] = [
        Pairs(
            (
                ("Was", outcome_line(old, case.discovered_on)),
                ("Is", outcome_line(new)),
                ("Because", why),
            )
        ),
        Heading("What changed"),
        Bullets(tuple(_changes(turn, before, after)) or ("none of the facts",)),
        *(Text(caution, Weight.WARNING) for caution in new.cautions),
    ]
    if reasons := tuple(_new_reasons(old, new)):
        blocks += [Heading("Which is why"), Bullets(reasons)]
    blocks.append(
        Text(
            f"The same edition judged both ({_edition(new)}). The day of discovery stays "
            f"{day(case.discovered_on)}, and with it every deadline."
        )
    )
    if (was := old.authority) and (now := new.authority) and was.name != now.name:
        told = f" {capitalised(authority_called(anew.told))} was notified: tell it so." if anew.told else ""
        falls = f"It falls to {authority_called(now.name)} now: notify it by the same dates.{told}"
        blocks.append(Text(falls, Weight.WARNING))
    blocks.append(Text(_next(turn, case, new), Weight.STRONG))
    changed = "the outcome stays" if same else "the outcome has changed"
    severity = _SEVERITY.get(new.outcome, Severity.SETTLED)
    return Card(f"{case.ref} decided anew: {changed}", tuple(blocks), severity=severity)


def _changes(turn: Turn, old: Assessment, new: Assessment) -> Iterator[str]:
    before, after = _facts(turn, old), _facts(turn, new)
    for name in FACTS:
        was, is_ = before.stated.get(name), after.stated.get(name)
        if was != is_ and name not in DETAILS:
            yield f"{title(name)}: {value_words(name, after)}, was {value_words(name, before)}"


def _facts(turn: Turn, kept: Assessment) -> Facts:
    return parse(kept.facts, turn.today)


def _new_reasons(old: StoredVerdict, new: StoredVerdict) -> Iterator[str]:
    """The codes whose standing changed, with the sentence that says why."""
    was = {reason.code: reason.status for reason in old.reasons}
    words = {"met": "met", "ruled_out": "ruled out", "unknown": "open"}
    for reason in new.reasons:
        before = was.get(reason.code)
        if before != reason.status and (reason.status != "ruled_out" or before in ("met", "unknown")):
            yield f"{reason.code}, now {words[reason.status]}: {reason.sentence}"


def _edition(kept: StoredVerdict) -> str:
    return day(edition_for(kept.guidance).published)


def _next(turn: Turn, case: Case, kept: StoredVerdict) -> str:
    outcome = kept.outcome
    if outcome == "notify":
        return "Notify the authority." if case.state in ("opened", "investigating") else "The report is next."
    if outcome == "undecided":
        return "It is still undecided: the clock runs on."
    if case.state == "notified":
        return (
            "The authority was notified already: tell it, with its number. The verdict is provisional: "
            f"once it is confirmed, {turn.command(f'stand down {case.ref}')} ends the case."
        )
    return (
        "The deadlines stand until the case is stood down: once the verdict is confirmed, "
        f"{turn.command(f'stand down {case.ref}')} with the reason."
    )
