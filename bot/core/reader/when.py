"""When it happened, and when it was discovered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile, zip_longest

from bot.core.days.in_text import Moment, moments, times
from bot.core.reader.findings import Finding
from bot.core.reader.guards import first_of
from bot.core.reader.lexicon import Exam
from bot.core.reader.matching import said
from bot.core.reader.page import Page
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Tagged
from bot.core.reader.tokens import Token
from rules.deadlines import UK

_PARTS, _HAPPENED, _SMALL = tagset("day_parts"), tagset("happened_then"), tagset("day_small")
_MEANS = {
    "discovered": ("discovered_on", ""), "told_of": ("discovered_on", "?known_before"),
    "elsewhen": ("elsewhen", ""), "happened": ("occurred_on", ""),
}  # fmt: skip


def when(page: Page, now: datetime) -> Iterator[Finding]:
    """`now` is aware. What is found is UK local time."""
    rest = page.rest.replace("yesterdays", "yesterday ").replace("todays", "today ").replace("y'day", "yday ")
    found = moments(rest, now)
    if not found and "tomorrow" not in page.low and len(alone := times(page.rest, now)) == 1:
        found = alone
    for moment in found:
        words = page.low[moment.start : moment.end].rstrip(" .,;:-")
        page.cut("day", moment.start, moment.start + len(words), moment)
    t = page.tagged
    days = [i for i, token in enumerate(t.tokens) if "day" in token.tags]
    days = [i for i, after in zip_longest(days, days[1:]) if not _taken_back(t, i, after)]
    placed = [(i, *told) for i in days if (told := _sense(t, i, days)) is not None]
    senses = [sense for _, sense, _ in placed]
    ends = {i for hit in t.find("@span") for i in (hit.i, hit.j - 1)}
    for i, fact, doubt in placed:
        moment = _with_clock(page, t.tokens[i].value, len(days), now)
        if fact == "unclear":
            fact = "occurred_on"
            # Beside one day that is plainly the discovery's, the other is the exposure's.
            only = senses.count("unclear") == 1 and "occurred_on" not in senses
            doubt = doubt or ("" if only else "?which_day")
        if fact == "both":
            fact = "occurred_on"
            yield said(t, "discovered_on", moment.value, t.span(i, i + 1), doubt)
        rough = fact == "occurred_on" and any(t.tokens[k].value.doubt for k in days if k != i)
        doubts = (
            (moment.doubt, moment.doubt), (doubt, doubt), ("?spanned", i in ends),
            ("?day_in_question", _of_another(t, i)), ("?which_day", rough),
        )  # fmt: skip
        yield said(t, fact, moment.value, t.span(i, i + 1), first_of(doubts))
        if fact == "occurred_on" and t.has_in(max(t.sentence(i)[0], i - 8), i, "told_of"):
            yield said(t, "discovered_on", moment.value, t.span(i, i + 1), "?known_before")


def _taken_back(t: Tagged, i: int, after: int | None) -> bool:
    """ "It was yesterday - correction, Tuesday"."""
    back = t.starts("mark* retract mark* it? in?", i + 1)
    return bool(after and back and back.j >= after - 1)


def _of_another(t: Tagged, i: int) -> bool:
    """Does a day stand beside an examination, or a person, with whom nothing went wrong, while what did is
    told elsewhere? "Wrong hip x-rayed, her CT was on Monday"."""
    begin, end = t.clause(i)
    if t.first("@mishap", begin, end):
        return False
    own = {token.given(Exam) for token in t.tokens[begin:end] if "made" not in token.tags} - {None}
    wrong = (t.clause(hit.i) for hit in t.find("@mishap") if not begin <= hit.i < end)
    others = (token for clause in wrong for token in t.tokens[slice(*clause)])
    beside = own and any(token.given(Exam) or "part" in token.tags for token in others)
    apart = own and {token.given(Exam) for token in (*t.tokens[:begin], *t.tokens[end:])} - {None, *own}
    return bool(beside or apart or t.first("@others | right_patient had|got|made", begin, end))


def _with_clock(page: Page, moment: Moment, days: int, now: datetime) -> Moment:
    """With the clock time that its sentence gives apart from the day, where there is one day in the text."""
    t, i = page.tagged, page.tagged.at(moment.start)
    begin, end = t.sentence(i)
    if t.has_in(begin, end, "spelt_time"):
        return replace(moment, doubt=moment.doubt or "?what_time")
    if moment.day is None or days > 1:
        return moment
    sentence = page.rest[t.tokens[begin].start : t.tokens[end - 1].end]
    clocks = [one.time for one in times(sentence, now) if one.time]
    if len(clocks) > 1:
        return replace(moment, doubt=moment.doubt or "?times")
    if not clocks or moment.time or datetime.combine(moment.day, clocks[0], UK) > now:
        return moment
    return replace(moment, time=clocks[0])


def _sense(t: Tagged, i: int, days: Sequence[int]) -> tuple[str, str] | None:
    """occurred_on, discovered_on or unclear, with a doubt; None where the day is of something else."""
    begin, end = t.sentence(i)
    label = i - t.has_in(i - 1, i, "colon") if i else i  # "Date reported: 13/10"
    before = t.tokens[max([begin, *(k + 1 for k in days if k < i)]) : label]
    after = t.tokens[i + 1 : min([end, *(k for k in days if k > i)])]
    if t.before("@exposure_of", i, 6):
        return "occurred_on", ""
    another = t.before("had number:n in?", i, 5)
    if another and another["number"].word == "one":
        return None  # "had one 2 days ago"
    if i and t.tokens[i - 1].word == "since":
        return "occurred_on", "?first_exposure"
    # After a day the first verb counts.
    last, first = (
        [*takewhile(lambda token: not token.tags & _PARTS, words)] for words in (before[::-1], after)
    )
    told, noticed = _told_before(last), _MEANS.get("".join(_cues(first)[:1]))
    if noticed == _MEANS["discovered"]:
        if told and told[1]:
            return noticed
        if not told and t.starts("exam|planning|cbct|fluoro|treatment", i + 1):
            return "both", "?which_day"  # "yesterday CT of the wrong patient, noticed at once"
    cue = told or noticed
    if cue is None and any("discovered" in token.tags for token in before):
        cue = ("discovered_on", "?which_day")
    if cue is None:
        alone = all(token.tags & (_PARTS | _SMALL) for token in (*before, *after))
        by_itself = t.only(*t.clause(i), "day|day_parts|day_small")  # "CT of the wrong man, Monday, Leeds"
        exposing = t.has_in(*(begin, end) if by_itself else t.clause(i), "of_an_exposure")
        cue = ("unclear", "" if alone or exposing else "?which_day")
    return None if cue[0] == "elsewhen" else cue


def _told_before(words: Sequence[Token]) -> tuple[str, str] | None:
    """Before a day the last verb counts, which is the first of these, and the discovery whatever else is
    said."""
    cues = _cues(words)
    if "discovered" in cues:
        return _MEANS["discovered"]
    if "told_of" in cues and any("meeting" in token.tags for token in words):
        return "discovered_on", "?which_day"
    if cues[:1] != ["elsewhen"]:
        cues = [cue for cue in cues if cue != "elsewhen"]
    return _MEANS[cues[0]] if cues else None


def _cues(words: Sequence[Token]) -> list[str]:
    """A word of discovery or of another day is that first; "repeat" and "was" are no more than they are."""
    happened = ("happened" if w.tags & _HAPPENED or w.word in ("was", "were") else "" for w in words)
    cues = (next((sense for sense in _MEANS if sense in w.tags and sense != "happened"), "") for w in words)
    return [cue or verb for cue, verb in zip(cues, happened, strict=True) if cue or verb]
