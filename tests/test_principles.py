"""What is promised of every check, held on every face: a bare number, an empty input, something settled that
is thrown away, a message that is changed, and two who keep at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.cards import Button, Card, Form
from bot.core.messages import Command, Edited, Open, Pressed, Reply, Said, Show, Submitted, What
from tests.truthful.doors import Door
from tests.truthful.hand import BEGIN
from tests.truthful.plays import FACES
from tests.truthful.unhurried import unhurried

NOTIFIED = {
    "nation": "england", "discovered_on": "2025-12-30", "exposure": "accidental", "category": "diagnostic",
    "age_years": "40", "total_dose": "60 mSv", "exposed_person": "patient", "flags": "none",
}  # fmt: skip


class Played:
    """One face, and what was shown last; its tests follow one another, each with checks of its own."""

    def __init__(self, door: Door) -> None:
        self.door, self.now, self.last = door, BEGIN, list[Reply]()
        self.by_forms = door.face.dialogs or door.face.forms_in_messages

    def do(self, what: What) -> str:
        self.now += timedelta(seconds=20)
        self.last = self.door.do(what, 0, self.now)
        return self.shown

    @property
    def shown(self) -> str:
        return " ".join(str(getattr(reply, "form", getattr(reply, "card", ""))) for reply in self.last)

    @property
    def form(self) -> Form | None:
        return next((reply.form for reply in self.last if isinstance(reply, Open)), None)

    def button(self, action: str) -> Button | None:
        held: list[Card | Form] = [r.card for r in self.last if isinstance(r, Show)]
        held += [r.form for r in self.last if isinstance(r, Open)]
        return next((b for one in held for b in one.buttons if b.action == action), None)

    def say_or_press(self, words: str, action: str) -> str:
        button = self.button(action)
        return self.do(Pressed(button.action, button.value) if button else Said(words, mentioned=True))

    def command(self, words: str) -> str:
        return self.do(Command(words) if self.by_forms else Said(words, mentioned=True))

    def draft(self) -> dict[str, Any]:
        return next(d.state for d in self.door.store.drafts(self.door.tenant) if not d.state["paused"])

    def to_verdict(self) -> None:
        self.command("check new")
        for _ in range(15):
            if form := self.form:
                if form.name == "check.verdict":
                    return
                given = {one.name: NOTIFIED.get(one.name, "") for one in form.inputs}
                self.do(Submitted(form.name, form.key, given))
            elif (state := self.draft())["stage"] == "verdict":
                return
            else:
                asked = state["standing"]
                self.do(Said("none" if len(asked) > 1 else NOTIFIED.get(asked[0], "?"), mentioned=True))
        raise AssertionError(self.shown)


def begun(face: str, folder: Path) -> Iterator[Played]:
    with unhurried():
        one = Played(FACES[face](folder / "irmer.sqlite"))
        yield one
        assert one.door.store.verify() == []
        one.door.close()


@pytest.fixture(scope="module", params=FACES)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    yield from begun(request.param, tmp_path_factory.mktemp("principles"))


def test_what_is_left_empty_is_not_known_and_no_step_shows_only_what_was_shown(played: Played) -> None:
    seen: list[list[str]] = []
    played.command("check new")
    while (form := played.form) and form.name == "check":
        asked = [one.name for one in form.inputs]
        assert asked not in seen
        seen.append(asked)
        played.do(Submitted(form.name, form.key, dict.fromkeys(asked, "")))
    while not played.form and (state := played.draft())["stage"] == "asking":
        assert state["standing"] not in seen
        seen.append(state["standing"])
        played.do(Said("don't know", mentioned=True))
    assert "UNDECIDED" in played.shown
    assert False not in played.draft()["facts"].values()
    played.say_or_press("no", "check.discard")
    played.say_or_press("yes", "check.discard")


def test_what_is_to_be_notified_is_not_thrown_away_by_one_word(played: Played) -> None:
    played.to_verdict()
    before = played.draft()
    assert "Discard it all the same?" in played.say_or_press("no", "check.discard")
    assert played.draft()["facts"] == before["facts"]
    played.say_or_press("yes", "check.discard")
    assert before["id"] not in [d.state["id"] for d in played.door.store.drafts(played.door.tenant)]
    told = [one for one in played.door.store.audit(played.door.tenant) if "discard" in one.what]
    assert told
    assert told[-1].by.id
    assert "60 mSv" not in str(told)


def test_a_message_that_is_changed_afterwards_changes_nothing_unsaid(played: Played) -> None:
    played.do(Said("check new", mentioned=True))
    played.do(Said("CT head on the wrong protocol, total dose 60 mSv", mentioned=True))
    before = played.draft()["facts"]
    assert before["category"] == "diagnostic"
    if played.door.edits:  # a line in a terminal is sent once and for all
        assert "what you wrote first stands" in played.do(Edited(deleted=False))
        assert "what you wrote first stands" in played.do(Edited(deleted=True))
    assert played.draft()["facts"] == before


def test_a_check_is_kept_once_however_it_is_pressed(played: Played) -> None:
    played.to_verdict()
    many = len(played.door.store.records(played.door.tenant))
    keep, form = played.button("check.keep"), played.form
    what: What = Said("yes", mentioned=True)
    if form:
        what = Submitted(form.name, form.key, {})
    elif keep:
        what = Pressed(keep.action, keep.value)
    if played.door.people > 1:
        played.now += timedelta(seconds=20)
        played.door.both(what, played.now)
    else:
        played.do(what)
    assert len(played.door.store.records(played.door.tenant)) == many + 1
    assert len(played.door.store.cases(played.door.tenant)) == many + 1


def test_a_bare_number_is_of_the_list_or_the_question_that_stands_or_is_asked_about(played: Played) -> None:
    if not played.door.store.records(played.door.tenant):
        played.to_verdict()
        form = played.form
        if form:
            played.do(Submitted(form.name, form.key, {}))
        else:
            played.say_or_press("yes", "check.keep")
    assert "2026-0001" in played.command("incidents")
    assert "2026-0001" in played.do(Said("1", mentioned=True))
    played.do(Said("check new", mentioned=True))
    if played.form:  # which is answered where it stands
        return
    (asked,) = played.draft()["standing"]
    played.do(Said("1", mentioned=True))
    assert played.draft()["facts"][asked] or asked in played.draft()["skipped"]
    played.do(Said("quit", mentioned=True))
    before = played.door.store.drafts(played.door.tenant)
    assert "1 of what?" in played.do(Said("1", mentioned=True))
    assert played.door.store.drafts(played.door.tenant) == before
