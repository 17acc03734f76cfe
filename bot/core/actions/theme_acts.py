"""Whether incidents are one cause, as somebody answers it; and a theme that is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.core.actions.act import Instruction, Outcome
from bot.core.actions.theme_card import theme_card
from bot.core.cards import Block, Button, Card, Form, Input, InputKind, Option, Text, Weight
from bot.core.cases.theme import ThemeAnswered, ThemeSaid, answer_question
from bot.core.refused import Refused
from bot.core.register.alike_words import question_words
from bot.core.register.theme_question import ThemeQuestion, about, of_theme
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.case_words import line
from bot.core.words.phrases import listed
from bot.core.words.references import NUMBER, THEME
from bot.core.words.theme_words import answer_words, theme_line
from storage.register_rows import known_of, sketch
from storage.theme_model import Told

_SAID: Mapping[str, Told] = {
    **dict.fromkeys(("yes", "y", "one cause", "same cause"), "yes"),
    **dict.fromkeys(("no", "n", "not one cause", "different causes", "no theme"), "no"),
    **dict.fromkeys(("not known", "not_known", "unknown", "don't know", "dont know", "unclear"), "not_known"),
}  # fmt: skip
_END = r"(?:[\s,.;:!-]+|$)"
_FIRST = re.compile(rf"(?:(?:it(?:'s| is) )?({'|'.join(sorted(_SAID, key=len, reverse=True))})){_END}", re.I)
_COUNT = re.compile(
    rf"(?:,?\s*\b)(\d{{1,4}})\s+(?:different\s+)?(?:people|persons?|patients?|individuals?)(?:\s+exposed)?{_END}",
    re.I,
)
_WHO = re.compile(
    rf"\b(?:(different|not the same|(?:the )?same)\s+(?:people|persons?|patients?))(?:\s+each time)?{_END}",
    re.I,
)
_NOT_KNOWN = re.compile(rf"\b(?:not known|unknown|don['’]?t know)(?: yet)?(?: how many)?{_END}", re.I)
_WITH = re.compile(r"\bwith\s+((?:\d{4}-\d{4,}[\s,;&]*(?:and\b\s*)?)+)", re.I)
_ANOTHER = re.compile(r"(?<![\w-])\d{4}-\d{4,}(?![\w-])")
ONE_CAUSE = (
    Option("yes", "Yes, one cause"), Option("no", "No, not one cause"), Option("not_known", "Not known yet"),
)  # fmt: skip
DIFFERENT = (
    Option("yes", "Yes, different people"), Option("no", "No, the same person each time"),
    Option("not_known", "Not known yet"),
)  # fmt: skip


def as_answer(text: str) -> Mapping[str, str]:
    """`yes, 3 different people, with 2026-0001: the same template`, in this order or another. Raises Refused
    where a record is named and it does not show whether it is one of them."""
    text = text.strip()
    if not text:
        return {}
    given = {"one_cause": "", "different": "", "people": "", "incidents": "", "why": ""}
    if first := _FIRST.match(text):
        given["one_cause"] = _SAID[first[1].lower()]
        text = text[first.end() :]
    if found := _WITH.search(text):
        given["incidents"] = found[1]
        text = f"{text[: found.start()]} {text[found.end() :]}"
    if count := _COUNT.search(text):
        given |= {"people": count[1], "different": "no" if int(count[1]) < 2 else "yes"}
        text = f"{text[: count.start()]} {text[count.end() :]}"
    if people := _WHO.search(text):
        given["different"] = "no" if people[1].lower().endswith("same") and "not" not in people[1] else "yes"
        text = f"{text[: people.start()]} {text[people.end() :]}"
    if given["one_cause"] == "yes" and not given["different"] and (unknown := _NOT_KNOWN.search(text)):
        given["different"] = "not_known"
        text = f"{text[: unknown.start()]} {text[unknown.end() :]}"
    if given["one_cause"] == "yes" and (other := _ANOTHER.search(text)):
        every = ", ".join(dict.fromkeys((*_ANOTHER.findall(given["incidents"]), *_ANOTHER.findall(text))))
        raise Refused(f"is {other[0]} one of them? Name all that are together, after “with”: with {every}")
    return given | {"why": " ".join(text.split()).strip(" ,.;:-")}


def answer(turn: Turn, asked: Instruction) -> Outcome:
    permissions.require_reading_everything(turn, "themes")
    question = _question(turn, asked)
    if not asked.given:
        card = theme_card(turn, question.theme) if THEME.fullmatch(asked.subject) and question.theme else None
        return Outcome(replies=(turn.show(card or _ask(turn, asked, question)),))
    answered = answer_question(turn, question, _read(turn, asked), seen=_seen(asked))
    return _outcome(turn, answered)


def _question(turn: Turn, asked: Instruction) -> ThemeQuestion:
    """Of a theme, or of the incidents that are alike to a record's."""
    if THEME.fullmatch(asked.subject):
        return of_theme(turn.store, turn.tenant, turn.store.theme(turn.tenant, asked.subject))
    record = turn.store.record(turn.tenant, asked.subject)
    one = sketch(known_of(record), at=record.at, by=record.by, number=record.number)
    return about(turn.store, turn.tenant, one)


def _seen(asked: Instruction) -> int | None:
    """The version of a theme that somebody saw."""
    of_theme = THEME.fullmatch(asked.subject) and asked.version.isdecimal()
    return int(asked.version[:9]) if of_theme else None


def _read(turn: Turn, asked: Instruction) -> ThemeSaid:
    """Raises Refused, naming what is still to be said."""
    said, different = asked["one_cause"].strip(), asked["different"].strip() or "not_known"
    how = turn.command(f"theme {asked.subject}")
    if said not in ("yes", "no", "not_known"):
        raise Refused(f"say whether it is one cause: {how} yes, 3 different people; or {how} no <why>",
                      about="one_cause")  # fmt: skip
    if said == "no" and not asked["why"].strip():
        raise Refused("say why it is not one cause: that is the analysis, and it is kept", about="why")
    if said == "yes" and not asked["different"].strip():
        raise Refused(
            f"were they different people, and how many? {how} yes, 3 different people; or yes, the same "
            "person; or yes, not known how many",
            about="different",
        )
    if different not in ("yes", "no", "not_known"):
        raise Refused("whether they were different people is yes, no or not known", about="different")
    return ThemeSaid(said, different, _people(asked["people"]), asked["why"].strip(), _numbers(asked))  # type: ignore[arg-type]


def _people(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 9999:
        raise Refused("how many people were exposed is a whole number from 1", about="people")
    return int(text)


def _numbers(asked: Instruction) -> tuple[str, ...]:
    """Of the incidents, with the one that it was asked of."""
    words = re.split(r"[\s,;&]+|\band\b", asked["incidents"].strip())
    named = tuple(word for word in words if word)
    if wrong := next((word for word in named if not NUMBER.fullmatch(word)), ""):
        raise Refused(f"“{wrong[:20]}” is no number of a record, such as 2026-0001", about="incidents")
    own = (asked.subject,) if NUMBER.fullmatch(asked.subject) else ()
    return (*own, *(number for number in named if number not in own)) if named else ()


def form(turn: Turn, asked: Instruction) -> Form:
    permissions.require_reading_everything(turn, "themes")
    question = _question(turn, asked)
    last = question.theme.answer if question.theme and THEME.fullmatch(asked.subject) else None
    hint = "If no two of them were the same person. Near misses, staff and members of the public do not count"
    inputs = (
        Input("one_cause", "Is it one cause?", InputKind.CHOICE, ONE_CAUSE,
              value=(last and last.one_cause) or "", required=True),
        Input("different", "Were they different people?", InputKind.CHOICE, DIFFERENT,
              value=(last and last.one_cause == "yes" and last.different_people) or ""),
        Input("people", "How many people were exposed in all?", value=str(question.people or ""), hint=hint),
        Input("incidents", "Which incidents?", value=", ".join(question.numbers),
              hint="By their records: more may be added, or taken out"),
        Input("why", "Why, or what is to be said of it?", InputKind.LINES,
              hint="Needed where it is not one cause. No names, numbers or dates of birth of patients."),
    )  # fmt: skip
    title = f"Is {asked.subject} a theme?"
    return Form("case.theme", asked.key, title, (*_words(question), *inputs), "Answer")


def _ask(turn: Turn, asked: Instruction, question: ThemeQuestion) -> Card:
    """The question, to be answered by a button or in words."""
    title = f"{asked.subject}: is it one cause with others?"
    if turn.face.buttons:
        button = Button("Answer", "case.theme", asked.key, "primary")
        return Card(title, tuple(_words(question)), (button,))
    how = turn.command(f"theme {asked.subject}")
    ways = f"{how} yes, 3 different people · {how} no <why> · {how} not known"
    ways += f" · {how} yes, 2 people, with 2026-0001"
    return Card(title, (*_words(question), Text(ways, Weight.SUBTLE)))


def _words(question: ThemeQuestion) -> Iterator[Block]:
    if question.theme:
        yield Text(theme_line(question.theme))
    if len(question.members) > 1:
        yield Text(question_words(question))
    else:
        yield Text("Nothing that is kept is alike to it by cause and category: name the other incidents.")


def _outcome(turn: Turn, made: ThemeAnswered) -> Outcome:
    theme, case, record = made
    said = [f"{theme.ref}: {answer_words(theme.answer)}."]
    if case and record and record.corrects:
        more = "code M" if theme.answer.people else "whether code M is met is not known, which is not a “no”"
        due = next((d for d in case.deadlines if d.kind == "notify" and d.state == "open"), None)
        by = f"; notify {line(due, turn.today)}" if due else ""
        said.append(f"{record.number} is decided anew ({more}), in case {case.ref}{by}.")
    elif case:
        said.append(f"Its case is {case.ref}.")
    if case and (others := [n for n in theme.numbers if not record or n != record.number]):
        said.append(f"{listed(others)} keep{'s' if len(others) == 1 else ''} what was judged.")
    if theme.cases and (theme.answer.one_cause == "no" or not case):
        said.append(f"{listed(theme.cases)} stays as it is: redecide it where its verdict changes.")
    return Outcome(replies=(turn.show(theme_card(turn, theme, said=" ".join(said))),))


def close(turn: Turn, asked: Instruction) -> Outcome:
    if not asked["note"].strip():
        raise Refused(
            f"say what was learnt, and how it is shared: {turn.command(f'close {asked.subject} <what>')}",
            about="note",
        )
    theme = turn.store.close_theme(
        turn.tenant, asked.subject, asked["note"].strip(), expected=_seen(asked), by=turn.person,
        now=turn.request.now,
    )  # fmt: skip
    return Outcome(replies=(turn.show(theme_card(turn, theme, said="Closed, with what was learnt.")),))
