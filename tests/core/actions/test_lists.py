"""`cases` and `due` in pages: all that is there, what is due soonest first, and nothing cut in silence."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.cards import Table
from bot.core.commands import is_just_a_command, split
from bot.core.messages import Capabilities, Home, HomeOpened, Pressed, Replace
from bot.slack import capabilities as slack
from bot.teams import asked as teams
from bot.terminal.chat import FACE
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, NewCase, Person
from storage.plans import Also, DeadlinePlan
from storage.sqlite import open_store
from tests.core.cases.ward import ANA, BEN, BUTTONS, NOTIFY, NOW, UNDECIDED, T, Ward
from tests.core.conftest import warded

COUNT = 47


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases of Ben's in the order of their deadlines turned round, the first 25 of them overdue."""
    path = tmp_path_factory.mktemp("busy") / "irmer.sqlite"
    store, verdict = open_store(path), decide(parse(NOTIFY, NOW.date())).as_dict()
    for n in range(COUNT):
        due = date(2026, 12, 20) - timedelta(days=n)
        case = NewCase(
            f"Incident {n}", date(2026, 11, 1), (Assessment(NOTIFY, verdict),), owner=Person(BEN.id)
        )
        also = Also(deadlines=(DeadlinePlan("notify", due, ()),))
        store.open_case(T, case, by=Person(BEN.id), now=NOW, also=also)
    store.close()
    return path


@pytest.fixture
def busy(kept: Path, tmp_path: Path) -> Iterator[Ward]:
    yield from warded(Path(shutil.copy(kept, tmp_path)), BUTTONS)


def shown(ward: Ward) -> list[tuple[str, ...]]:
    return [
        row for card in ward.cards for block in card.blocks if isinstance(block, Table) for row in block.rows
    ]


def refs(ward: Ward) -> list[str]:
    return [word for row in shown(ward) for word in re.findall(r"C26-\d{4}", row[1])]


def test_every_open_case_stands_on_one_page_the_oldest_deadline_first(busy: Ward) -> None:
    seen: list[str] = []
    busy.say("cases")
    assert busy.cards[0].title == "Open cases: 47, 1 to 20"
    seen += refs(busy)
    for title in ("Open cases: 47, 21 to 40", "Open cases: 47, 41 to 47"):
        replies = busy.ask(Pressed(busy.button("More").action, busy.button("More").value))
        assert isinstance(replies[0], Replace)
        assert busy.cards[0].title == title
        seen += refs(busy)
    assert seen == [f"C26-{n:04}" for n in range(COUNT, 0, -1)]
    assert [button.label for button in busy.cards[0].buttons][:1] == ["Back"]


LISTS = ("cases", "cases open", "cases all", "cases unconfirmed", "due", "incidents", "themes", "themes all")
FACES = (slack.FORMS, slack.TALK, slack.DIRECT, teams.CAPABILITIES, teams.PERSONAL, FACE)


@pytest.mark.parametrize("words", LISTS)
def test_a_page_is_asked_for_in_the_same_words_in_every_list(
    busy: Ward, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy.store, "count_themes", lambda *_, **__: COUNT)
    for way in ("{} 2", "{} page 2", "{} Page 2", "{} page2", "{}  page  2 "):
        busy.say(way.format(words))
        assert re.search(r": (47, 21 to 40|none)", busy.cards[0].title), way


def test_what_an_incident_is_found_by_is_no_page(busy: Ward) -> None:
    for words in ("incidents equipment CT 2", "incidents 2026", "incidents ct 2"):
        busy.say(words)
        assert "21 to" not in busy.cards[0].title
    busy.say("incidents 2026 page 2")
    assert "47, 21 to 40" in busy.cards[0].title


@pytest.mark.parametrize("words", ["cases", "cases all", "due", "incidents", "incidents notify 2026"])
@pytest.mark.parametrize("face", FACES, ids=lambda face: f"{face.name}{face.command}{face.dialogs:d}")
def test_the_hint_at_the_next_page_is_what_is_taken(busy: Ward, face: Capabilities, words: str) -> None:
    busy.face = face
    for title in ("1 to 20", "21 to 40", "41 to 47"):
        busy.say(words)
        assert busy.cards[0].title.endswith(f"47, {title}") or f"47, {title}, " in busy.cards[0].title
        words = next(iter(re.findall(r"(.*) shows the next of 3 pages", busy.shown)), "").strip()
        assert not words or words.startswith(face.command)
        assert not words or is_just_a_command(*split(words, face))
    assert not words


def test_what_is_overdue_is_found_before_it_is_cut(busy: Ward) -> None:
    busy.now = NOW + timedelta(days=10)
    late = sum(case.deadlines[0].due_on < busy.now.date() for case in busy.store.cases(T))
    assert late > 20
    busy.say("cases overdue")
    assert busy.cards[0].title == f"Overdue cases: {late}, 1 to 20"
    assert "/irmer cases overdue page 2 shows the next of 2 pages." in busy.shown
    busy.say("cases overdue 2")
    assert len(shown(busy)) == late - 20
    assert all("OVERDUE" in row[4] for row in shown(busy))


def test_due_pages_too_and_counts_what_is_overdue_on_all_pages(busy: Ward) -> None:
    busy.now = NOW + timedelta(days=30)
    busy.say("due 3")
    assert busy.cards[0].title == f"Due, soonest first: {COUNT}, 41 to 47, {COUNT} overdue"
    assert [row[0] for row in shown(busy)] == [f"{n}." for n in range(41, 48)]


@pytest.mark.parametrize(
    ("words", "told"),
    [("cases 9", "There are 3 pages."), ("cases mine 2", "There is one page."),
     ("due 0", "There are 3 pages."),
     ("cases soon", "There are these lists: open, mine"), ("cases open 1 2", "There are these lists")],
)  # fmt: skip
def test_a_list_or_a_page_that_is_not_there_is_told(busy: Ward, words: str, told: str) -> None:
    assert told in busy.say(words)
    assert len(busy.cards) == 1


def test_home_says_how_many_more_there_are_and_leads_there(busy: Ward) -> None:
    busy.now = NOW + timedelta(days=30)
    (home,) = busy.ask(HomeOpened(), BEN)
    assert isinstance(home, Home)
    text = str(home.card.blocks)
    assert "42 more within a week: /irmer due shows them all" in text
    assert "and 42 more: /irmer cases mine shows them all" in text
    assert [b.label for b in home.card.buttons] == [
        "Check an incident", "What is due", "C26-0047", "C26-0046", "C26-0045", "C26-0044", "C26-0043",
        "All your cases",
    ]  # fmt: skip
    button = home.card.buttons[-1]
    busy.ask(Pressed(button.action, button.value), BEN)
    assert busy.cards[0].title == "Your open cases: 47, 1 to 20"
    assert "Your open cases" not in str(busy.ask(HomeOpened(), ANA))


def test_unconfirmed_verdicts_page(pressed: Ward) -> None:
    for _ in range(21):
        pressed.record(NOTIFY)
    assert "Unconfirmed verdicts: 21, 1 to 20" in pressed.say("cases unconfirmed")
    pressed.say("cases unconfirmed 2")
    assert [row[1] for row in shown(pressed)] == ["2026-0001"]


def test_a_button_of_an_older_reminder_still_shows_what_is_due(pressed: Ward) -> None:
    pressed.case()
    pressed.ask(Pressed("case.due"))
    assert pressed.cards[0].title.startswith("Due, soonest first")


def test_what_no_law_dates_hides_no_statutory_deadline_that_is_over(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    assert "the medical physics expert's estimate: Thu 26 November 2026" in ward.say("cases")
    ward.later(days=14)
    assert f"{ref}  " in ward.say("cases overdue")
    assert "notify the authority: Mon 7 December 2026 (1 day OVERDUE)" in ward.shown


@pytest.mark.parametrize("words", ["due today", "due now", "due this week", "due please", "due."])
def test_what_is_due_is_listed_whatever_of_it_is_asked_for(ward: Ward, words: str) -> None:
    ward.case()
    assert ward.say(words).partition("\n")[0] == ward.say("due").partition("\n")[0]


@pytest.mark.parametrize("words", ["cases?", "Cases.", "`cases`", "CASES!", '"cases"'])
def test_a_list_is_known_with_marks_around_its_word(ward: Ward, words: str) -> None:
    ward.case()
    assert ward.say(words) == ward.say("cases")


@pytest.mark.parametrize("words", ["notified?", "close?", "`done`?"])
def test_a_step_is_not(ward: Ward, words: str) -> None:
    ref = ward.case()
    ward.say(words)
    assert ward.store.case(T, ref).state == "opened"
