"""Every act, through typed words, its button and its form, on every face: the same comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.actions.act import About
from bot.core.actions.table import ACTS, BY_NAME
from bot.core.words.deadline_kinds import LOCAL
from bot.core.words.references import REF, THEME
from rules.deadlines import UK
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Destination, NewCase, Person, Step
from storage.plans import Also, DeadlinePlan, PingPlan
from storage.store import Store
from storage.theme_model import Shared, ThemeAnswer
from tests.core.cases.ward import NOT, NOTIFY, UNDECIDED
from tests.fakes.card_limits import walk
from tests.fakes.slack_people import buttons, words
from tests.fakes.slack_state import elements_of
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, SAM
from tests.slack.player import SlackPlayer
from tests.teams.player import CHAT, TeamsPlayer
from tests.terminal.player import TerminalPlayer

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UK)
DISCOVERED = date(2026, 11, 23)
DUE = date(2026, 12, 7)
SUBMITS = ("Save", "Confirm", "Snooze", "Keep", "Take out", "Make it", "Answer")


Pings = tuple[PingPlan, ...]


@dataclass
class Hospital:
    """What is there before an act, written into the store of one face."""

    store: Store
    tenant: str
    me: str
    other: str
    place: Destination

    def __post_init__(self) -> None:
        """Others keep the records, and the MPE confirms them."""
        for key in ("role_mpe", "role_rps"):
            self.store.set_setting(self.tenant, key, [self.me], by=Person(self.me), now=NOW)

    def record(self, facts: Mapping[str, object] = NOTIFY) -> str:
        facts = dict(facts)
        verdict = decide(parse(facts, NOW.date())).as_dict()
        return self.store.keep(self.tenant, Assessment(facts, verdict), by=Person(self.other), now=NOW).number

    def reminded(self, owner: str = "") -> str:
        """A case with two reminders that are due now."""
        now = (PingPlan("-13d", NOW.date(), self.place),)
        return self.case(owner=owner, pings=now)

    def case(
        self,
        *steps: str,
        facts: Mapping[str, object] = NOTIFY,
        owner: str = "",
        pings: tuple[PingPlan, ...] = (),
    ) -> str:
        """A case after these steps."""
        number = self.record(facts)
        local = DeadlinePlan(f"{LOCAL}board", DUE, pings)
        also = Also(deadlines=(DeadlinePlan("notify", DUE, pings), DeadlinePlan("report", DUE, ()), local))
        new = NewCase("CT head", DISCOVERED, (number,), owner=Person(owner or self.me))
        case = self.store.open_case(self.tenant, new, by=Person(self.me), now=NOW, also=also)
        for kind in steps:
            step = Step(kind, "", "CQC-0" + case.ref[-2:] if kind == "notify" else "")  # type: ignore[arg-type]
            meet = ("notify",) if kind == "notify" else ()
            self.store.take_step(
                self.tenant, case.ref, step, expected=None, by=Person(self.me), now=NOW, also=Also(meet=meet)
            )
        return case.ref

    def to_stand_down(self) -> str:
        ref = self.case(facts=NOT)
        (number,) = self.store.case(self.tenant, ref).records
        self.store.confirm(
            self.tenant, number, revision=1, role="mpe", same_person=False, by=Person(self.me), now=NOW
        )
        return ref

    def who(self, person: Person | None) -> str:
        return {self.me: "me", self.other: "other"}.get(person.id, "?") if person else ""

    def with_account(self) -> str:
        self.store.set_setting(self.tenant, "role_governance", [self.me], by=Person(self.me), now=NOW)
        return self.record({**NOTIFY, "account": "it was Mr Testperson"})

    def faulty(self) -> str:
        """The second fault of one machine, of which somebody is asked whether it is one cause."""
        numbers = [self.record({**NOT, "equipment_fault": True}) for _ in range(2)]
        for number in numbers:
            machine = {"equipment": f"C-arm {numbers[0]}"}
            self.store.give_details(self.tenant, number, machine, by=Person(self.other), now=NOW)
        return numbers[-1]

    def theme(self) -> str:
        numbers = (self.record(NOT), self.record(NOT))
        given = ThemeAnswer(numbers, Shared("set-up", "diagnostic", "", ""), "no", "not_known", None, "rooms")
        return self.store.answer_theme(self.tenant, given, by=Person(self.other), now=NOW).ref

    def result(self, subject: str) -> object:
        """What is kept of it now, without the ids of people, places and moments."""
        store, tenant = self.store, self.tenant
        if THEME.fullmatch(subject):
            notes = [(note.kind, note.text) for note in store.notes(tenant, subject)]
            return [(one.kind, one.state) for one in store.theme(tenant, subject).steps], notes
        case = store.case(tenant, subject) if REF.fullmatch(subject) else None
        records = case.records if case else (subject,)
        kept = [store.record(tenant, number) for number in records]
        cases = [case] if case else [store.case(tenant, ref) for record in kept for ref in record.cases]
        about = (*records, *(one.ref for one in cases))
        return {
            "cases": [
                (c.state, self.who(c.owner), c.discovered_on, c.authority_reference[:4],
                 [(s.kind, s.note) for s in store.steps(tenant, c.ref)])
                for c in cases
            ],
            "records": [
                (r.revision, r.status, [(o.role, o.compared, o.note) for o in r.confirmations],
                 r.assessment.facts.get("account"))
                for r in kept
            ],
            "themes": [
                (one.state, len(one.numbers), one.answer.people, one.answer.why, len(one.cases))
                for one in store.themes_of(tenant, records)
            ],
            "notes": [(n.kind, n.text) for one in about for n in store.notes(tenant, one)],
            "papers": [e.detail for one in about for e in store.audit(tenant, subject=one)
                       if e.what == "paper made"],
            "measures": [
                (one.seq, one.what, self.who(one.owner), one.role, one.due_on, one.state)
                for r in records for one in store.measures(tenant, r)
            ],
            "details": [(one.field, one.value) for record in kept for one in record.details],
            "deadlines": sorted(
                (d.kind, d.due_on, d.state)
                for one in about for d in store.deadlines(tenant, subject=one, state="")
            ),
            "put off": sorted(
                (p.rule, p.planned_at, p.state) for one in about for p in store.outgoing(tenant, one)
                if p.offset.startswith("snooze")
            ),
            "checks": [
                (bool(d.state["case"]), d.state["number"] in records, d.state["stage"], len(d.state["facts"]))
                for d in store.drafts(tenant) if d.state["number"]
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Play:
    """What an act begins from, what is typed after what it is about, what is filled into its form, and where
    its button stands: on the case's or the record's own card, or on a reminder."""

    before: Callable[[Hospital], str]
    words: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    button: str = ""
    on_reminder: bool = False
    changes: bool = True


PLAYS: Mapping[str, Play] = {
    "show": Play(Hospital.case, changes=False),
    "open": Play(Hospital.record),
    "investigate": Play(Hospital.case),
    "notify": Play(Hospital.case, "CQC-{n} by portal", {"reference": "CQC-{n}", "note": "by portal"}),
    "confirm": Play(Hospital.case, "as MPE, seen", {"role": "mpe", "note": "seen"}, "Confirm the verdict"),
    "report": Play(lambda h: h.case("notify"), "by portal", {"note": "by portal"}),
    "close": Play(lambda h: h.case("notify", "report")),
    "redecide": Play(lambda h: h.case(facts=UNDECIDED)),
    "stand_down": Play(Hospital.to_stand_down, "ruled out", {"note": "ruled out"}),
    "assign": Play(Hospital.case, "{other}", {"user": "{other}"}),
    "take": Play(lambda h: h.reminded(h.other), on_reminder=True),
    "discovered": Play(
        Hospital.case, "2026-11-20 it stood in the log", {"day": "2026-11-20", "why": "it stood in the log"}
    ),
    "reopen": Play(lambda h: h.case("notify", "report", "close"), "one more", {"note": "one more"}),
    "note": Play(Hospital.case, "the ward knows", {"note": "the ward knows"}),
    "analysis": Play(lambda h: h.record(NOT), "a list misread", {"analysis": "a list misread"}),
    "learning": Play(lambda h: h.record(NOT), "two read it", {"learning": "two read it"}),
    "details": Play(Hospital.record, "site: East wing", {"site": "East wing"}),
    "measure": Play(
        Hospital.record, "{other} by 2027-01-20: two people read it",
        {"user": "{other}", "day": "2027-01-20", "what": "two people read it"},
    ),
    "estimate": Play(
        lambda h: h.case(facts=UNDECIDED), "provisional, from the DLP",
        {"dose_estimated_how": "from the DLP", "dose_estimate": "provisional"},
    ),
    "paper": Play(Hospital.case, "report as text", {"which": "report", "as": "text"}),
    "correct": Play(Hospital.record),
    "redact": Play(Hospital.with_account, "account a name", {"what": "account", "why": "a name"}),
    "theme": Play(
        Hospital.faulty, "yes, 2 people: a relay",
        {"one_cause": "yes", "different": "yes", "people": "2", "why": "a relay"},
    ),
    "close_theme": Play(Hospital.theme, "they differ", {"note": "they differ"}),
    "done": Play(Hospital.reminded, "board", on_reminder=True, button=": board"),
    "snooze": Play(
        Hospital.reminded, "notification tomorrow", {"until": "tomorrow"}, ": notify the authority", True
    ),
}  # fmt: skip


class Door:
    """One way into the program on one face."""

    hospital: Hospital

    def done(self, name: str, play: Play, subject: str) -> None:
        """The act, with what belongs to it."""
        raise NotImplementedError

    def until(self, there: Callable[[], bool]) -> None:
        """What an act sets going may go on after its answer. Where it never comes, the test says what did."""

    def filled(self, play: Play, subject: str) -> dict[str, str]:
        return {key: self._words(value, subject) for key, value in play.given.items()}

    def _words(self, text: str, subject: str) -> str:
        return text.format(n=subject[-4:], other=self.hospital.other)


class Typed(Door):
    def __init__(self, player: Any, hospital: Hospital) -> None:
        self.player, self.hospital = player, hospital

    def done(self, name: str, play: Play, subject: str) -> None:
        self.player.say(f"{BY_NAME[name].verb} {subject} {self._words(play.words, subject)}".strip())


class SlackButtons(Door):
    def __init__(self, player: SlackPlayer, hospital: Hospital) -> None:
        self.player, self.hospital = player, hospital

    def done(self, name: str, play: Play, subject: str) -> None:
        self.player._runner.run(self._done(name, play, subject))

    def until(self, there: Callable[[], bool]) -> None:
        with suppress(AssertionError):
            self.player._runner.run(self.player.slack.until(there))

    async def _done(self, name: str, play: Play, subject: str) -> None:
        slack, person = self.player.slack, self.player.person
        slack.advance(10)
        if play.on_reminder:
            card = await slack.until(
                lambda: next((m for m in person.sees(person.direct) if subject in words(m)), None)
            )
        else:
            card = await person.command("cases all" if name == "show" else f"case {subject}")
        act = BY_NAME[name if name != "analysis" else "learning"]
        label = subject if name == "show" else _label(act.name, play, buttons(card))
        view = person.view
        await person.press(label, card)
        if act.form is None:
            return
        await slack.until(lambda: person.view is not view and person.view.content["callback_id"] == "form")
        given = self.filled(play, subject)
        for _, element in list(elements_of(person.view.content["blocks"])):
            if element["action_id"] in given:
                await self.player._put(element, given[element["action_id"]])
        assert await person.submit() == {}, person.errors
        while person.view is not None:
            await person.close()


class TeamsButtons(Door):
    def __init__(self, player: TeamsPlayer, hospital: Hospital) -> None:
        self.player, self.hospital = player, hospital

    def done(self, name: str, play: Play, subject: str) -> None:
        player = self.player
        if play.on_reminder:
            player.wait(player.now + timedelta(minutes=1))
            card = next(m for m in reversed(player.teams.posted(CHAT)) if subject in m.text)
        else:
            player.say("cases all" if name == "show" else f"case {subject}")
            card = player.card
        act = BY_NAME[name if name != "analysis" else "learning"]
        self._press(card, subject if name == "show" else _label(act.name, play, _titles(card.card)))
        if act.form is not None:
            submit = next(title for title in SUBMITS if title in _titles(card.card))
            self._press(card, submit, **self.filled(play, subject))

    def _press(self, card: Any, title: str, **inputs: str) -> None:
        answer = self.player.teams.press(card, title, **inputs)
        assert (answer.status, answer.body["statusCode"]) == (200, 200)
        self.player.bot.settle()


def _titles(card: Mapping[str, Any]) -> list[str]:
    """Of all its buttons, also those behind "More"."""
    return [node["title"] for _, node in walk(card) if node.get("type") == "Action.Execute"]


def _label(name: str, play: Play, offered: list[str]) -> str:
    """The button of an act, as it is called where it stands."""
    act = BY_NAME[name]
    if play.on_reminder:
        return next(one for one in offered if one.startswith(act.button) and one.endswith(play.button))
    wanted = {play.button, act.button, *act.steps.values()} - {""}
    return next(one for one in offered if one.removeprefix("Yes: ") in wanted)


@contextmanager
def terminal(path: Path) -> Iterator[Typed]:
    player = TerminalPlayer(path, NOW, "england")
    yield Typed(
        player, Hospital(player.store, player.tenant, "u1", "os:nobody", Destination("terminal", "terminal"))
    )


@contextmanager
def slack(path: Path) -> Iterator[SlackPlayer]:
    player = SlackPlayer(path, NOW, "england")
    yield player
    player.close()


def of_slack(player: SlackPlayer) -> Hospital:
    place = Destination("slack", player.person.direct)
    return Hospital(player.store, player.tenant, player.person.id, player.slack.physicist.id, place)


@contextmanager
def slack_typed(path: Path) -> Iterator[Door]:
    with slack(path) as player:
        yield Typed(player, of_slack(player))


@contextmanager
def slack_buttons(path: Path) -> Iterator[Door]:
    with slack(path) as player:
        yield SlackButtons(player, of_slack(player))


@contextmanager
def teams(path: Path) -> Iterator[TeamsPlayer]:
    fake = FakeTeams().start()
    player = TeamsPlayer(fake, path, NOW, "england")
    player.say("help")
    yield player
    player.stop()
    fake.stop()
    assert fake.complaints == []


def of_teams(player: TeamsPlayer) -> Hospital:
    return Hospital(player.store, player.tenant, ALEX.object_id, SAM.object_id, Destination("teams", CHAT))


@contextmanager
def teams_typed(path: Path) -> Iterator[Door]:
    with teams(path) as player:
        yield Typed(player, of_teams(player))


@contextmanager
def teams_buttons(path: Path) -> Iterator[Door]:
    with teams(path) as player:
        yield TeamsButtons(player, of_teams(player))


DOORS: Mapping[str, Any] = {
    "terminal": terminal,
    "slack, typed": slack_typed,
    "slack, buttons and forms": slack_buttons,
    "teams, typed": teams_typed,
    "teams, buttons and forms": teams_buttons,
}


def played(door: Door, expected: Mapping[str, object] | None = None) -> dict[str, object]:
    """What comes of each act, and that something does. `expected`: what is waited for."""
    found = {}
    for name, play in PLAYS.items():
        subject = play.before(door.hospital)
        before = door.hospital.result(subject)
        door.done(name, play, subject)
        if expected is not None:
            door.until(lambda name=name, subject=subject: door.hospital.result(subject) == expected[name])
        after = found[name] = door.hospital.result(subject)
        assert (after != before) is play.changes, name
        for draft in door.hospital.store.drafts(door.hospital.tenant):
            door.hospital.store.drop_draft(door.hospital.tenant, draft.key)
    return found


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    with terminal(tmp_path_factory.mktemp("acts") / "a.sqlite") as door:
        found = played(door)
        number_picks_from_the_list(door)
        no_words_are_in_the_trail(door.hospital)
        return found


def no_words_are_in_the_trail(hospital: Hospital) -> None:
    """What was typed with any act stands in its own row, and never where nothing can be taken out."""
    typed = {text for play in PLAYS.values() for text in (*play.given.values(), "it was Mr Testperson")}
    texts = [text for text in typed if " " in text and not text.startswith(("{", "2026"))]
    trail = str([entry.detail for entry in hospital.store.audit(hospital.tenant)])
    assert len(texts) > 5
    assert [text for text in (*texts, "CQC-", "East wing") if text in trail] == []
    assert hospital.store.verify() == []


def test_every_row_of_the_table_is_played() -> None:
    assert PLAYS.keys() == BY_NAME.keys()
    for act in ACTS:
        play = PLAYS[act.name]
        assert bool(play.given) == bool(act.form) or act.name == "analysis", act.name
        assert act.about is not About.DEADLINE or play.on_reminder


@pytest.mark.long
@pytest.mark.parametrize("way", list(DOORS)[1:])
def test_the_same_comes_of_every_act_whatever_door_it_came_through(
    expected: dict[str, object], tmp_path: Path, way: str
) -> None:
    with DOORS[way](tmp_path / "a.sqlite") as door:
        assert played(door, expected) == expected
        if isinstance(door, Typed):
            number_picks_from_the_list(door)


def number_picks_from_the_list(door: Typed) -> None:
    listed = door.player.say("cases all")
    ref = door.hospital.store.cases(door.hospital.tenant)[1].ref
    assert ref in listed
    assert ref in door.player.say("2").partition("\n")[0]
    assert "2 of what? There is no question and no list here" in door.player.say("2")
