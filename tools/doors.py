"""Every door that words of people come in by, tried with a patient's number and with a name: what was done
with them, and whether they are in the file or the log afterwards. `python -m tools.doors` writes the table
into `docs/data.md`."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core import gate_cards
from bot.core.actions.act import About, Act
from bot.core.actions.table import ACTS
from bot.core.bot import Bot
from bot.core.draft import Draft, new
from bot.core.messages import (
    Capabilities,
    Changed,
    Command,
    Edited,
    HomeOpened,
    Open,
    Place,
    Pressed,
    Reply,
    Request,
    Said,
    Show,
    Submitted,
    User,
    What,
)  # fmt: skip
from bot.core.messages import Replace as Replaced
from bot.core.patient_numbers import NOT_KEPT
from bot.core.settings.definitions import SETTINGS
from bot.core.turn import Defaults, Turn
from bot.lines import BadLine, decide_line, interview_line, read_line
from bot.slack.face import FORMS as SLACK
from bot.teams.asked import PERSONAL as TEAMS
from bot.terminal.chat import FACE as TERMINAL
from rules.deadlines import UK
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person, Standing
from storage.sqlite import open_store

PAGE = Path(__file__).parents[1] / "docs" / "data.md"
BEGIN, END = "<!-- doors: made by tools/doors.py -->\n", "<!-- end of doors -->\n"
T, NOW = "trust", datetime(2026, 11, 24, 9, 30, tzinfo=UK)
ANA = User("U1", "Radiographer A", "member")
PEOPLE: dict[str, Standing] = dict.fromkeys(("U1", "U6", "U7", "U8", "U9"), "member")
CHAT, THREAD = Place("c1", personal=True), Place("c1", thread="th1")
NOTIFY: dict[str, Any] = {
    "nation": "england", "discovered_on": "2026-11-23", "exposure": "accidental", "category": "diagnostic",
    "total_dose": "40 mSv", "age_years": 40, "individuals_exposed": 1, "clinically_significant": False,
    "unintended_foetal_exposure": False, "equipment_fault": False,
}  # fmt: skip
SETTLED = {**NOTIFY, "exposure": "unintended", "total_dose": "4 mSv", "intended_dose": "2 mSv"}
OPEN = {name: value for name, value in SETTLED.items() if name != "total_dose"}
# What has to be done before, so that the case is at the step.
BEFORE = {
    "report": ("notified",),
    "close": ("notified", "reported"),
    "reopen": ("notified", "reported", "close"),
}
STORED, NOTHING = "stored without it", "nothing stored"


@dataclass
class Ward:
    """One file, one bot, and what each door needs in it."""

    path: Path
    now: datetime = NOW
    logged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = open_store(self.path)
        faces = (TERMINAL, SLACK, TEAMS)
        self.bot = Bot(self.store, admins=tuple(f"{face.name}:{ANA.id}" for face in faces))
        for role in ("role_mpe", "role_governance", "may_settings"):
            self.store.set_setting(T, role, [ANA.id], by=Person("U9"), now=self.now)

    before: str = ""
    seq: int = 0

    def ask(
        self,
        what: What,
        face: Capabilities = TERMINAL,
        place: Place = CHAT,
        user: User = ANA,
        delivery: str = "",
    ) -> list[Reply]:
        """The last of a door's requests is the one that brings the words."""
        self.before = self.state()
        return self.bot.handle(Request(T, user, place, self.now, what, delivery, people=PEOPLE), face)

    def record(self) -> str:
        facts = parse(NOTIFY, self.now.date())
        assessment = Assessment({**facts.stated, "account": "wrong patient"}, decide(facts).as_dict(), {})
        return self.store.keep(T, assessment, by=Person("U9", "Radiographer B"), now=self.now).number

    def case(self, act: str = "") -> str:
        self.ask(Command(f"open {self.record()}"))
        ref = self.store.cases(T)[0].ref
        for word in BEFORE.get(act, ()):
            self.ask(Command(f"{word} {ref}"))
        return ref

    def draft(self, facts: dict[str, Any], face: Capabilities = TERMINAL, **more: Any) -> Draft:
        """A check that stands here, at the stage that a door is about."""
        turn = Turn(self.store, Request(T, ANA, CHAT, self.now, Command(""), people=PEOPLE), face, Defaults())
        for one in turn.drafts.all():
            turn.drafts.drop(one)
        begun = new(turn.request, typed=more.pop("typed", True))
        return turn.save(begun.with_(facts=facts, **more))

    def state(self) -> str:
        """What is stored, but for the settings of the file."""
        entries = self.store.audit(T, after=self.seq)
        self.seq = entries[-1].seq if entries else self.seq
        return f"{self.seq} {self.store.drafts(T)}"

    def holds(self, words: str) -> bool:
        mark = words.split()[0]  # which is in no other door's words
        files = [one.read_bytes() for one in self.path.parent.glob(f"{self.path.name}*")]
        return any(mark.encode() in content for content in files) or any(mark in line for line in self.logged)


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
    "notify": "CQC-77 ", "confirm": "as MPE ", "discovered": "2026-11-22 ", "done": "local ",
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
                "2026-11-22" if one.kind.value == "date" else
                (one.options[0].value if one.options else "")
                for name, one in kinds.items()
            }  # fmt: skip
            return ward.ask(Submitted(form.name, form.key, given), SLACK)

        yield Door(f"`{_called(act)}`, its form", play)

    def settings(ward: Ward, words: str) -> list[Reply]:
        (opened,) = ward.ask(Pressed("case.settings", ""), SLACK)
        assert isinstance(opened, Open)
        given = dict.fromkeys(SETTINGS, words)
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


def outcome(ward: Ward, door: Door, words: str) -> str:
    """What was done with the words at this door. Raises AssertionError where they are kept or logged although
    nobody said so."""
    replies = door.play(ward, words)
    if isinstance(replies, str):
        assert not ward.holds(words), door.name
        return replies
    changed = ward.state() != ward.before
    cards = str([reply.card for reply in replies if isinstance(reply, Show | Replaced)])
    forms = str([reply.form for reply in replies if isinstance(reply, Open)])
    asked = gate_cards.TITLE in cards or gate_cards.TITLE in forms
    if ward.holds(words):
        assert door.platforms, f"{door.name}: kept {words}"
        return "kept: the platform's own"
    if asked:
        return "done without it, then asked" if "kept with" in cards else "asked"
    if gate_cards.LEFT_OUT_OF_WHAT_WAS_HEARD in cards:
        return "stored without it, and told"
    if NOT_KEPT[1:] in cards + forms or any(isinstance(r, Show) and r.refused for r in replies):
        return "refused"
    if not changed:
        return NOTHING
    return "masked" if words.isdigit() else STORED


def rows() -> list[tuple[str, str, str]]:
    """Each door, what became of a patient's number at it, and of a name."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        ward = Ward(Path(folder) / "a.sqlite")
        listening = _Listening(ward.logged)
        logging.getLogger().addHandler(listening)
        try:
            for at, door in enumerate(DOORS):
                number, name = f"999{at:03}4560", f"Zq{chr(97 + at // 26)}{chr(97 + at % 26)}x Okonkwo"
                found.append((door.name, outcome(ward, door, number), outcome(ward, door, name)))
                ward.now += timedelta(seconds=5)
        finally:
            logging.getLogger().removeHandler(listening)
            ward.store.close()
    return found


class _Listening(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())


def table() -> str:
    lines = ["| door | a patient's number | a name |", "|---|---|---|"]
    lines += [f"| {door} | {number} | {name} |" for door, number, name in rows()]
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with its table as it is now."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}{table()}{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
