"""What is alike, as it is said beside a verdict, a record and a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.core.cards import Text, Weight
from bot.core.register.alike import ALOUD, Likeness, likeness
from bot.core.register.theme_question import ThemeQuestion, aloud, shared_of
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.phrases import day
from bot.core.words.theme_words import people_words, shared_words, theme_line
from storage.model import Record
from storage.register_model import Incident
from storage.register_rows import known_of, sketch
from storage.theme_model import Theme

SHOWN = 6


class AlikeTexts(NamedTuple):
    """`asks`: one of them is a question, which the act "theme" answers."""

    texts: tuple[Text, ...] = ()
    asks: bool = False


def alike_to_record(turn: Turn, record: Record) -> AlikeTexts:
    known = known_of(record)
    one = sketch(known, at=record.at, by=record.by, number=record.number)
    return _texts(turn, one, turn.command(f"theme {record.number}"))


def alike_to_check(turn: Turn, known: Mapping[str, Any], number: str) -> AlikeTexts:
    """To what is being checked, from the facts that stand in its draft: the record `number` once more, or
    what is kept nowhere yet."""
    one = sketch(known, at=turn.request.now, by=turn.person, number=number)
    return _texts(turn, one, "")


def _texts(turn: Turn, one: Incident, how: str) -> AlikeTexts:
    found = likeness(turn.store, turn.tenant, one)
    question = aloud(turn.store, turn.tenant, one, found)
    if not permissions.reads_everything(turn):
        return AlikeTexts((Text(_FOR_OTHERS, Weight.WARNING),)) if question else AlikeTexts()
    themes = turn.store.themes_of(turn.tenant, [one.number]) if one.number else ()
    quiet = [Text(line, Weight.SUBTLE) for line in alike_lines(found, themes, one.number)]
    if question is None:
        return AlikeTexts(tuple(quiet))
    line = f"{question_words(question)} {how} answers." if how else notice_words(question)
    return AlikeTexts((*quiet, Text(line, Weight.STRONG)), bool(how))


_FOR_OTHERS = (
    "Incidents that you may not read are alike to this one, and may have one cause with it: ask somebody "
    "with a role to look."
)


def alike_lines(found: Likeness, themes: tuple[Theme, ...] = (), own: str = "") -> Iterator[str]:
    """A line for each theme that it is in, and for each set; `own` is its number."""
    yield from (f"Theme {theme_line(theme)}." for theme in themes)
    for one in found.near:
        numbers = _numbers(tuple(member for member in one.members if member.number != own))
        yield f"Alike since {day(one.members[-1].day)} ({shared_words(shared_of(one))}): {numbers}."


def _numbers(members: tuple[Incident, ...]) -> str:
    numbers = [member.number for member in members if member.number]
    more = f" and {len(numbers) - SHOWN} more" if len(numbers) > SHOWN else ""
    return ", ".join(numbers[:SHOWN]) + more


def _what(question: ThemeQuestion) -> str:
    never = len(question.members) - len(question.counted)
    but = f"; {never} of them exposed nobody who counts for it" if never else ""
    return f"({shared_words(question.shared)}): {_numbers(question.members)}{but}"


def notice_words(question: ThemeQuestion) -> str:
    """That it will be asked: where something else is asked now."""
    theme = f" They may belong to {question.theme.ref}." if question.joins and question.theme else ""
    return (
        f"{len(question.members)} with this one {_what(question)}.{theme} Whether that is one cause is asked "
        "once it is kept: two or more people exposed by one cause are notifiable whatever the dose (code M)."
    )


def question_words(question: ThemeQuestion) -> str:
    """Why it may be a theme, and what only people can tell."""
    members, theme, what = question.members, question.theme, _what(question)
    if theme and question.joins:
        begin = f"Is it part of {theme.ref} {what}?"
    elif theme:
        before = "not one cause" if theme.answer.one_cause == "no" else "not known to be one cause"
        begin = f"{theme.ref} was said to be {before}, and there are {len(members)} now {what}. Is it one?"
    else:
        span = (members[0].day - members[-1].day).days
        within = f" within {ALOUD.days} days" if span <= ALOUD.days else ""
        begin = f"{len(members)}{within} {what}. Is it one cause?"
    many = f"{people_words(question.people)}, if no two of them were the same" if question.counted else ""
    return (
        f"{begin} Were they different people, and how many{f' ({many})' if many else ''}? Two or more people "
        "exposed by one cause are notifiable whatever the dose (code M). The incidents of before keep what "
        "was judged."
    )
