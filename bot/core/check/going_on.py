"""What is shown next in a check: the question that stands, its verdict, or its record once it is kept."""

from __future__ import annotations

from bot.core.cards import Text, Weight
from bot.core.check import correcting
from bot.core.check.agreement import agreement
from bot.core.check.check import Check
from bot.core.check.interview import Question, next_of, of_a_kind
from bot.core.check.keeping import keep_check
from bot.core.check.of_its_case import case_of, held_to_case
from bot.core.check.question_card import question_card
from bot.core.check.said_against import exposure_anew
from bot.core.check.typical_doses import hint
from bot.core.check.verdict_stage import at_verdict, discarding, verdict, verdict_not_kept
from bot.core.messages import Reply
from bot.core.turn import Turn
from bot.core.words.fact_words import value_words

EACH_KIND = (
    "Nobody could say what kind of exposure it was, so each kind is asked about. “Nothing of this kind” "
    "skips the rest of this one, “that is all I know” all of them."
)


def go_on(turn: Turn, check: Check, notes: tuple[str, ...] = (), problem: str = "") -> list[Reply]:
    """The check is kept as it stands, and what comes next is shown."""
    if check.draft.stage == "keeping":
        return keep_check(turn, check)
    if check.draft.stage == "why":
        return [turn.show(correcting.card(check.kept(turn).draft, problem))]
    if check.draft.stage == "discarding":
        return [turn.show(discarding(turn, check.kept(turn), problem=problem))]
    check = exposure_anew(check)
    if check.draft.number:
        check, stays = held_to_case(turn, check, case_of(turn, check.draft))
        problem = problem or stays
    asked = next_of(check)
    if asked is None and check.to_agree:
        check = check.with_(stage="agreeing", standing=(), listed=()).kept(turn)
        card = agreement(turn, check, problem=problem)
        return [turn.show(card.headed(*(Text(note, Weight.SUBTLE) for note in notes)))]
    if asked is None and turn.unlinked:
        return [turn.show(verdict_not_kept(turn, check, notes))]
    if asked is None:
        return [turn.show(verdict(turn, at_verdict(turn, check), notes=notes, problem=problem))]
    check = check.with_(stage="asking", standing=asked.names, listed=()).kept(turn)
    draft = check.draft
    doubts = tuple(why for name in asked.names if (why := draft.doubts.get(name, "")) not in ("", asked.ask))
    typical = hint(asked.name, check)
    each = (EACH_KIND,) if of_a_kind(check, asked) else ()
    told = (*notes, *each, *doubts, *_so_far(check, asked), *((typical,) if typical else ()))
    place = turn.request.place
    personal = place.personal or not place.thread  # where it is asked of one alone
    return [turn.show(question_card(asked, draft, turn.face, personal=personal, notes=told, problem=problem))]


def _so_far(check: Check, asked: Question) -> tuple[str, ...]:
    """What is changed by an answer to a question out of turn; a doubt names it already."""
    draft = check.draft
    name = "age_group" if asked.name == "age_years" and "age_group" in draft.facts else asked.name
    known = draft.aside and name in check.facts.stated and asked.name not in draft.doubts
    return (f"So far: {value_words(name, check.facts)} (back leaves it so)",) if known else ()
