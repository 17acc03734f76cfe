"""Every door that words of people come in by, a row each: how it is called, and how words come in there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.actions.act import About, Act
from bot.core.actions.table import ACTS
from bot.core.messages import (
    Changed,
    Command,
    Edited,
    HomeOpened,
    Open,
    Place,
    Pressed,
    Reply,
    Said,
    Submitted,
    User,
)  # fmt: skip
from bot.lines import BadLine, decide_line, interview_line, read_line
from bot.slack.capabilities import FORMS as SLACK
from bot.teams.asked import PERSONAL as TEAMS
from tools.doors.ward import OPEN, SETTLED, THREAD, T, Ward

NOTHING = "nothing stored"
Play = Callable[[Ward, str], list[Reply] | str]


@dataclass(frozen=True)
class Door:
    name: str
    play: Play
    platforms: bool = False  # what comes in by it is the platform's own, and nobody's text


def _subject(ward: Ward, about: About, act: str) -> str:
    if about is About.THEME:
        numbers = (ward.record(), ward.record())
        ward.ask(Command(f"theme {numbers[0]} no, two rooms, with {numbers[1]}"))
        return ward.store.themes_of(T, numbers)[0].ref
    of_record = act in ("confirm", "details", "redact", "theme") or about is About.RECORD
    return ward.record() if of_record else ward.case(act)


def _doors() -> Iterator[Door]:
    yield from _typed()
    yield from _forms()
    yield from _checks()
    yield from _answers()
    yield from _looks()
    yield from _others()


_LEAD = {
    "notify": "CQC-77 ", "confirm": "as MPE ", "discovered": "2026-11-22 ", "done": "notification ",
    "snooze": "notify tomorrow ", "details": "account: ", "redact": "account ", "theme": "no, ",
}  # fmt: skip


def _called(act: Act) -> str:
    return f"{act.verb} <theme>" if act.about is About.THEME else act.verb


def _typed() -> Iterator[Door]:
    for act in ACTS:

        def play(ward: Ward, words: str, act: Act = act) -> list[Reply]:
            lead = _LEAD.get(act.name, "")
            return ward.ask(Command(f"{act.verb} {_subject(ward, act.about, act.name)} {lead}{words}"))

        yield Door(f"`{_called(act)}`, typed", play)
    for key, kind in (
        ("nation", "a setting"),
        ("role_mpe", "a setting of people"),
        ("incidents_channel", "a channel"),
    ):

        def setting(ward: Ward, words: str, key: str = key) -> list[Reply]:
            return ward.ask(Command(f"settings {key} {words}"))

        yield Door(f"`settings {key}`: {kind}", setting)


def _forms() -> Iterator[Door]:
    for act in ACTS:
        if act.form is None or act.name == "paper":  # its form has choices alone
            continue

        def play(ward: Ward, words: str, act: Act = act) -> list[Reply]:
            assert act.form is not None
            subject = _subject(ward, act.about, act.name)
            deadline = "notify" if act.about is About.DEADLINE else ""
            opened = ward.ask(Pressed(act.action, f"{subject}::{deadline}"), SLACK)
            form = next((reply.form for reply in opened if isinstance(reply, Open)), None)
            if form is None:
                return opened
            kinds = {one.name: one for one in form.inputs}
            given = {
                name: words if one.kind.value in ("text", "lines") else
                "2026-11-22" * one.required if one.kind.value == "date" else
                (one.options[0].value if one.options else "")
                for name, one in kinds.items()
            }  # fmt: skip
            return ward.ask(Submitted(form.name, form.key, given), SLACK)

        yield Door(f"`{_called(act)}`, its form", play)

    def settings(ward: Ward, words: str) -> list[Reply]:
        (opened,) = ward.ask(Pressed("case.settings", ""), SLACK)
        assert isinstance(opened, Open)
        given = {one.name: words for one in opened.form.inputs}
        return ward.ask(Submitted(opened.form.name, opened.form.key, given), SLACK)

    yield Door("`settings`, its form", settings)
    yield Door(
        "what a button says it is about",
        lambda w, words: w.ask(Pressed("case.note", f"{w.case()}:{words}"), SLACK),
    )


def _checks() -> Iterator[Door]:
    told = "diagnostic exposure of the wrong person. {} was there"
    yield Door("`check`, in a terminal", lambda w, x: w.ask(Command(f"check {told.format(x)}")))
    yield Door("`/irmer check`, a command", lambda w, x: w.ask(Command(f"check {told.format(x)}"), SLACK))
    yield Door(
        "a mention in a thread", lambda w, x: w.ask(Said(told.format(x), mentioned=True), SLACK, THREAD)
    )
    yield Door("a message to the bot alone", lambda w, x: w.ask(Said(told.format(x)), TEAMS))

    def overheard(ward: Ward, words: str) -> list[Reply]:
        ward.ask(Said("check new", mentioned=True), SLACK, THREAD)
        return ward.ask(Said(f"diagnostic. {words} said so"), SLACK, THREAD)

    yield Door("said among people, in answer to a question", overheard)
    yield Door(
        "said among people, where nothing was asked",
        lambda w, x: w.ask(Said(f"{x} is here"), SLACK, Place("c2")),
    )


def _answers() -> Iterator[Door]:
    asked = ("category", "total_dose", "occurred_on", "age_years", "equipment_fault")
    for name in asked:

        def play(ward: Ward, words: str, name: str = name) -> list[Reply]:
            rest = {fact: value for fact, value in OPEN.items() if fact != name}
            ward.draft(rest, asking=(name,))
            return ward.ask(Said(words, mentioned=True))

        yield Door(f"an answer: {name.replace('_', ' ')}", play)
    for stage, what in (("verdict", "at a verdict"), ("discarding", "asked whether to discard it")):

        def at(ward: Ward, words: str, stage: str = stage) -> list[Reply]:
            ward.draft(SETTLED, stage=stage)
            return ward.ask(Said(words, mentioned=True))

        yield Door(f"an answer, {what}", at)

    def correction(ward: Ward, words: str) -> list[Reply]:
        ward.draft(OPEN)
        return ward.ask(Said(f"no, it was interventional. {words} says so", mentioned=True))

    yield Door("a correction in the middle of a check", correction)

    def why(ward: Ward, words: str) -> list[Reply]:
        ward.draft(SETTLED, stage="details", number=ward.record(), revision=1)
        return ward.ask(Said(words, mentioned=True))

    yield Door("why a record is corrected", why)

    def other(ward: Ward, words: str) -> list[Reply]:
        ward.draft(OPEN)
        return ward.ask(Command(f"check another wrong patient. {words} was there"))

    yield Door("`check`, while another is unfinished", other)

    def form(ward: Ward, words: str) -> list[Reply]:
        draft = ward.draft({}, SLACK, typed=False)
        (opened,) = (r for r in ward.ask(Pressed("check.resume", draft.id), SLACK) if isinstance(r, Open))
        given = {one.name: words for one in opened.form.inputs}
        return ward.ask(Submitted(opened.form.name, opened.form.key, given), SLACK)

    yield Door("the check's form, in each input", form)

    def changed(ward: Ward, words: str) -> list[Reply]:
        draft = ward.draft({}, SLACK, typed=False)
        (opened,) = (r for r in ward.ask(Pressed("check.resume", draft.id), SLACK) if isinstance(r, Open))
        what = Changed(
            opened.form.name, opened.form.key, "category", {"category": words, "total_dose": words}
        )
        return ward.ask(what, SLACK)

    yield Door("the check's form, an input changed", changed)

    def pressed(ward: Ward, words: str) -> list[Reply]:
        draft = ward.draft({}, SLACK)
        return ward.ask(Pressed("check.answer", f"{draft.id}:category", {"answer": words}), SLACK)

    yield Door("a button with an input beside it", pressed)

    def record_form(ward: Ward, words: str) -> list[Reply]:
        draft = ward.draft(SETTLED, SLACK, stage="verdict", number=ward.record(), revision=1)
        return ward.ask(Submitted("check.record", f"{draft.id}:{draft.mark}:", {"why": words}), SLACK)

    yield Door("the form of a corrected record", record_form)


def _looks() -> Iterator[Door]:
    for word in ("threshold", "case", "record", "cases", "incidents", "themes", "due", "help", "what is"):

        def look(ward: Ward, words: str, word: str = word) -> list[Reply]:
            return ward.ask(Command(f"{word} {words}"))

        yield Door(f"`{word}` with it", look)
    yield Door("words that are no command", lambda w, words: w.ask(Command(f"hello {words}")))


def _line(answer: Callable[[dict[str, Any]], dict[str, Any]], raw: dict[str, Any]) -> str:
    try:
        json.dumps(answer(raw), default=str)
    except BadLine:
        return "refused"
    return NOTHING


def _others() -> Iterator[Door]:
    yield Door("a message that is edited afterwards", lambda w, _: w.ask(Edited()))
    yield Door(
        "`irmer decide`: a line", lambda w, x: _line(decide_line(w.now.date()), {"account": x, "category": x})
    )
    yield Door(
        "`irmer read`: a line", lambda w, x: _line(read_line(w.now), {"text": f"{x} had the wrong CT"})
    )
    yield Door(
        "`irmer interview`: a line",
        lambda w, x: _line(interview_line(w.now), {"text": f"{x} had the wrong CT"}),
    )
    yield Door(
        "the key of a delivery", lambda w, x: w.ask(Command(f"note {w.case()} told"), delivery=f"d {x}"), True
    )
    named = "the display name of who writes"
    yield Door(
        named, lambda w, x: w.ask(Command(f"note {w.case()} told"), user=User("U8", x, "member")), True
    )
    mention = "the display name in a mention: `assign`"
    yield Door(mention, lambda w, x: w.ask(Command(f"assign {w.case()} <@U7|{x}>")), True)
    yield Door("the bot's own page", lambda w, x: w.ask(HomeOpened(), SLACK, user=User("U6", x, "member")))


DOORS = tuple(_doors())
