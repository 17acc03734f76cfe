"""What is said in the thread of a check, but not to the bot."""

from __future__ import annotations

import re

from bot.core.cards import Severity
from bot.core.check.another_incident import tells_another
from bot.core.check.check import Check
from bot.core.check.conversation import BARE_NUMBER, answered, edit, not_this
from bot.core.check.going_on import go_on
from bot.core.check.interview import answer, standing
from bot.core.check.later_words import corrected_by
from bot.core.draft import Draft
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.fact_words import title
from rules.facts import FACTS

ANOTHER = "That reads like another incident, and nothing of it was taken here"
# Where facts are stated. No word of talk keeps a verdict or throws it away, and none is a reason.
_STATING = frozenset({"asking", "agreeing", "verdict", "discarding"})
# Among talk a change is asked for by the whole name of a fact.
_EDIT = re.compile(r"(?:edit|change) (?:the )?(.+?)\W*", re.I)
_TITLES = frozenset(title(name).lower() for name in FACTS)


def overheard(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    """Taken where it answers the question that stands or states another fact for certain, else let be.
    Another incident that is told there is none of this one's."""
    check, stage = Check(draft, turn.today), draft.stage
    if stage not in _STATING:
        return []
    if tells_another(turn, check, text):
        how = turn.command("check")
        return [turn.refuse(f"{ANOTHER}: {how} and its words begin a check of its own.", Severity.WAITING)]
    if (which := _EDIT.fullmatch(text.strip())) and which[1].lower() in _TITLES:
        return edit(turn, check, which[1])
    taken = _answer(turn, check, text) if stage == "asking" else None
    if taken is not None:
        return taken
    bare = BARE_NUMBER.fullmatch(text.strip())
    added = None if bare else corrected_by(turn, check, text, overheard=True)
    return go_on(turn, added.check, notes=added.notes) if added else []


def _answer(turn: Turn, check: Check, text: str) -> list[Reply] | None:
    """None where it is no answer."""
    try:
        if (asked := standing(check)) and turn.drafts.crossed(check.draft):
            answer(check, asked, text, source=turn.source())
            return go_on(
                turn, Check(turn.drafts.refused(check.draft), turn.today), problem=not_this(turn, text)
            )
        return answered(turn, check, text)
    except Refused:
        return None
