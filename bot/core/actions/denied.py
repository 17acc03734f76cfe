"""Words beside a step that deny it: asked, still to come, or not agreed to. Nobody is reminded any more of
what was done, so it is taken from no such words; whoever did it says so once more, without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from bot.core.actions.act import Act
from bot.core.actions.still_to_come import begins_so, not_now, still_to_come
from bot.core.refused import Refused
from bot.core.words.deadline_kinds import CONFIRM, LEARNING, NOTIFY, REPORT
from bot.core.words.looks import without_looks

NOT_SO = "that asks, or says that it is not so: nothing was changed"
# Of a verdict any doubt counts: whoever has one corrects it, or says so in a note.
_DOUBT = re.compile(
    r"n['’]t\b|\b(?:not|disagree\w*|reject\w*|disput\w*|wrong|incorrect|except|unless|subject to"
    r"|provisional\w*|once|when|until|if|assuming|provided|maybe|perhaps|possibly|probably|think"
    r"|unsure|for now)\b",
    re.I,
)
# Of a reason, where it begins with a doubt of what it is given for.
_UNSURE = re.compile(
    r"\W*(?:(?:is|may be|might be) (?:wrong|incorrect|not (?:right|so|it)\b)|isn['’]?t\b"
    r"|(?:(?:I|we|am|are|['’]m|['’]re)\s*)*"
    r"(?:not (?:sure|certain|yet|confirmed)|think|guess|believe|unsure)\b"
    r"|(?:maybe|perhaps|possibly|probably|if|unless|assuming|provided|provisional\w*|approx\w*|roughly)\b)",
    re.I,
)
_TEXT = re.compile(
    r"[\W_]*(?:none|nothing|nil|n/?a|tb[ac]|no|to (?:come|follow)|pending|later|not)(?: yet)?\W*$", re.I
)


def _verdict(words: str) -> bool:
    return bool(_DOUBT.search(words)) or still_to_come(words)


def _text(words: str) -> bool:
    return bool(_TEXT.match(words))


# Those that end a reminder, or all of them, are put off by such words wherever they stand.
_DENIED: Mapping[str, Callable[[str], bool]] = {
    "investigate": begins_so, "stand_down": begins_so,
    "notify": partial(still_to_come, step="notify"), "report": partial(still_to_come, step="report"),
    "done": still_to_come,
    "close": not_now, "confirm": _verdict, "learning": _text, "analysis": _text,
}  # fmt: skip
_BY_DEADLINE = {
    NOTIFY: _DENIED["notify"], REPORT: _DENIED["report"], CONFIRM: _verdict, LEARNING: _text,
}  # fmt: skip
_ASKED = frozenset({*_DENIED, "reopen", "discovered"})


def refuse_unsure(reason: str, about: str) -> None:
    """Raises Refused of a reason that doubts what it is given for."""
    if _UNSURE.match(without_looks(reason)):
        raise Refused(NOT_SO, about=about)


def denied(act: Act, words: str, deadline: str = "") -> bool:
    """`words` stand after what it is about, and after the deadline where it is one's."""
    if act.name not in _ASKED:
        return False
    words = without_looks(words)  # what is written into a form comes with its marks
    denies = _BY_DEADLINE.get(deadline) or _DENIED.get(act.name)
    asks = words.rstrip().endswith("?") and denies is not _text
    return asks or bool(denies and denies(words))
