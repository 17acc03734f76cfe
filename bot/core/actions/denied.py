"""Words beside a step that deny it: asked, still to come, or not agreed to. Nobody is reminded any more of
what was done, so it is taken from no such words; whoever did it says so once more, without them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.actions.act import Act
from bot.core.actions.still_to_come import still_to_come
from bot.core.words.deadline_kinds import CONFIRM, LEARNING
from bot.core.words.looks import without_looks

NOT_SO = "that asks, or says that it is not so: nothing was changed"
_TO_COME = (
    r"[\W_]*(?:no\W*$|not (?:yet|now|today|done|sent|made|notified|reported|submitted|needed|required)\b"
    r"|(?:is|has|was|are|have|were|wo|ca|do|does|did)n['’]?t\b|never\b|cannot\b|will\b"
    r"|to (?:be|do|come|follow)\b|should\b|must\b|needs?\b|(?:going|about) to\b|tomorrow\b|later\b"
    r"|soon\b|pending\b|awaiting\b|if\b|(?:is|has|was) (?:it|that|this)\b)"
)
_STEP = re.compile(_TO_COME, re.I)
# Of a verdict any doubt counts: whoever has one corrects it, or says so in a note.
_VERDICT = re.compile(
    rf"{_TO_COME}|.*(?:n['’]t\b|\b(?:not|disagree\w*|reject\w*|disput\w*|wrong|incorrect|except|unless"
    r"|subject to|provisional\w*|once|when|until|if|assuming|provided|maybe|perhaps|possibly|probably|think"
    r"|unsure|for now)\b)",
    re.I | re.S,
)
_TEXT = re.compile(
    r"[\W_]*(?:none|nothing|nil|n/?a|tb[ac]|no|to (?:come|follow)|pending|later|not)(?: yet)?\W*$", re.I
)
_DENIED: Mapping[str, re.Pattern[str]] = {
    "investigate": _STEP, "notify": _STEP, "report": _STEP, "done": _STEP, "close": _STEP,
    "stand_down": _STEP, "confirm": _VERDICT, "learning": _TEXT, "analysis": _TEXT,
}  # fmt: skip
_BY_DEADLINE = {CONFIRM: _VERDICT, LEARNING: _TEXT}
_ASKED = frozenset({*_DENIED, "reopen", "discovered"})
# With these a reminder ends, or all of them: there such words count wherever they stand.
_ENDS = frozenset({"notify", "report", "done", "close", "confirm"})


def denied(act: Act, words: str, deadline: str = "") -> bool:
    """`words` stand after what it is about, and after the deadline where it is one's."""
    if act.name not in _ASKED:
        return False
    words = without_looks(words)  # what is written into a form comes with its marks
    pattern = _BY_DEADLINE.get(deadline) or _DENIED.get(act.name)
    asks = words.rstrip().endswith("?") and pattern is not _TEXT
    if asks or (pattern and pattern.match(words)):
        return True
    return (
        act.name in _ENDS and pattern is not _TEXT and still_to_come(words, report_aside=act.name == "notify")
    )
