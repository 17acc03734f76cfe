"""What takes certainty from a reading, in one place: a hedge, a question, a retraction, a denial, another
person, a number that was masked beside it, a word that may have been misspelt."""

from __future__ import annotations

from bot.core.reader.patterns import pattern, tagset
from bot.core.reader.tags import Tagged

MEANT = "did you mean"
UNSURE = "the text is not sure of it"
ELSES = "that may be somebody else's"

_HEDGES, _NOES, _BETWEEN = tagset("hedge may"), tagset("not nobody"), tagset("comma semi and slash plus")
_ASKED = pattern("close? quest")
_TAKEN_BACK = pattern("mark* (retract | actually comma? not)")
# "Nobody noticed the fault" does not say that there was none, nor "not only", "not sure".
_OF_SOMETHING_ELSE = pattern("(not|nobody ~3 notice | not only)")
_DENIED_AFTER = pattern("colon|quest|dash? (none_after | not mark | not $ | ruled_out)")
_NOT_RULED_OUT = pattern("not ~3 ruled_out")
_OTHERS = pattern("(else | other ~1 patient|patients|person|child|baby|children)")
_NOT_THE_PATIENTS = pattern("(feeding | hold | had | with) a? ~1")
_NUMERIC = tagset(
    "age_years total_dose intended_dose foetal_dose infant_dose prescribed_activity delivered_activity"
)
_PERSONAL = _NUMERIC | tagset("age_group unintended_foetal_exposure breastfed_infant_exposed")


def judge(t: Tagged, fact: str, i: int, j: int) -> str:
    """Every doubt that words of a fact are held against, wherever they were understood."""
    others = fact in _PERSONAL and whose(t, fact, i, j)
    return doubt(t, i, j) or (fact in _NUMERIC and masked(t, i)) or others or ""


def doubt(t: Tagged, i: int, j: int) -> str:
    """Why what tokens `i` to `j` say is not certain; empty where nothing casts doubt on it."""
    begin, end = t.clause(i)
    if guess := next((token.guess for token in t.tokens[i:j] if token.guess), ""):
        return f"{MEANT} “{guess}”?"
    if t.starts(_TAKEN_BACK, j):
        return "the text takes it back"
    near = [*t.tokens[begin:i], *t.tokens[j : min(j + 4, max(end, j))]]
    if any(token.tags & _HEDGES for token in near) or t.starts(_ASKED, j):
        return UNSURE
    return "it stands in a question" if t.asks(i) else ""


def denied(t: Tagged, i: int, j: int, reach: int = 8) -> bool | None:
    """Is what stands there said not to be so? None where a "not" is near that denies something else."""
    if t.starts(_DENIED_AFTER, j):
        return True
    begin = max(t.clause(i)[0], i - reach)
    noes = [k for k in range(begin, i) if t.tokens[k].tags & _NOES]
    if not noes:
        return t.has_in(begin, i, "ruled_out")
    if t.first(_NOT_RULED_OUT, begin, i) or t.starts(_OF_SOMETHING_ELSE, noes[-1]):
        return None
    return True


def whose(t: Tagged, fact: str, i: int, j: int) -> str:
    """Are they words that stand beside another person?"""
    begin, end = t.clause(i)
    if fact == "age_years" and t.before(_NOT_THE_PATIENTS, i):
        return ELSES
    return ELSES if t.first(_OTHERS, max(begin, i - 6), min(end, j + 4)) else ""


def masked(t: Tagged, i: int) -> str:
    """Does a number stand beside one that was masked? Then it may be the rest of it."""
    begin, end = t.clause(i)
    while begin > 0 and t.tokens[begin - 1].tags & _BETWEEN:
        begin -= 1
    while end < len(t.tokens) and t.tokens[end].tags & _BETWEEN:
        end += 1
    begin -= begin > 0 and begin < t.clause(i)[0]
    return "a number beside it was removed" if t.has_in(begin, end + 1, "mask") else ""
