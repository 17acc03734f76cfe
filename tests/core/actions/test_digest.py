"""The digest, on demand and each week."""

from datetime import datetime, timedelta

from bot.core.messages import Pressed
from bot.core.reminders.clock import Clock
from bot.core.reminders.watch import Watch
from rules.deadlines import UK
from storage.model import Destination
from tests.core.cases.ward import NOT, T, Ward
from tests.core.reminders.test_reminders import post_all


def test_it_says_what_is_open_overdue_unconfirmed_and_without_learning(ward: Ward) -> None:
    ref, number = ward.case(), ward.record(NOT)
    ward.later(days=20)
    shown = ward.say("digest")
    assert "1 case open, 1 deadline overdue, " in shown
    assert "2 unconfirmed, 1 without learning" in shown
    assert (
        f"{ref} Diagnostic, accidental exposure, 40 years: notify the authority, since Mon 7 December"
        in shown
    )
    assert f"{number} Diagnostic, unintended exposure, 40 years" in shown


def test_where_nothing_is_open_it_is_one_line(ward: Ward) -> None:
    assert ward.say("digest").strip().count("\n") == 0


def test_what_it_has_no_room_for_is_counted_and_led_to(ward: Ward) -> None:
    for _ in range(9):
        ward.case()
        ward.record(NOT)
    ward.later(days=20)
    shown = ward.say("digest")
    for wanted in (
        "1 more: due shows them all",
        "1 more: cases shows them all",
        "10 more: cases unconfirmed shows them all",
        "1 more: cases unlearnt shows them all",
    ):
        assert wanted in shown
    assert "Not notifiable, without learning: 9\n" in ward.say("cases unlearnt")
    assert "learning 2026-0001" in ward.shown


def test_a_statutory_date_that_passed_is_named_before_what_no_law_dates_and_is_older(ward: Ward) -> None:
    for n in range(10):
        ward.say(f"measure {ward.record(NOT)} me by 25 November: two people check list {n}")
    ref = ward.case()
    ward.later(days=20)
    first = ward.say("digest").partition("Overdue deadlines: 11")[2].splitlines()[1]
    assert f"{ref} Diagnostic, accidental exposure, 40 years: notify the authority" in first
    assert "1 case open, 11 deadlines overdue" in ward.shown
    assert "3 more: due shows them all" in ward.shown


def test_in_a_channel_the_button_shows_what_the_line_names(pressed: Ward) -> None:
    for _ in range(9):
        pressed.case()
    pressed.say("digest")
    assert "1 more: /irmer cases shows them all" in pressed.shown
    assert [button.value for button in pressed.cards[0].buttons] == ["cases", "cases unconfirmed"]
    pressed.ask(Pressed("look", "cases"))
    assert "Open cases: 9" in pressed.shown


def looked(ward: Ward, now: datetime) -> list[str]:
    """The digests that a watch, begun anew, has planned by then, as they are posted."""
    clock = Clock(lambda: now, lambda: 0.0)
    clock.believe()
    watch = Watch(ward.store, Destination(ward.face.name, "C0"), clock)
    for _ in range(3):
        assert "failed" not in watch.look()
    posted = [card.title for place, card in post_all(ward, now) if place.conversation == "C0GOV"]
    return [title for title in posted if title.startswith("Digest")]


def test_each_week_brings_one_whatever_was_down_on_monday(ward: Ward) -> None:
    assert looked(ward, datetime(2026, 11, 30, 9, 1, tzinfo=UK)) == []
    ward.say("settings governance_channel C0GOV")
    monday = datetime(2026, 11, 30, 9, 1, tzinfo=UK)
    (title,) = looked(ward, monday)
    assert title.startswith("Digest of Mon 30 November 2026")
    assert looked(ward, monday + timedelta(days=1)) == []
    assert looked(ward, datetime(2026, 12, 7, 8, 59, tzinfo=UK)) == []
    assert len(looked(ward, datetime(2026, 12, 9, 12, 0, tzinfo=UK))) == 1
    assert looked(ward, datetime(2026, 12, 10, 12, 0, tzinfo=UK)) == []
    assert ward.store.verify() == []
    assert ward.store.cases(T) == ()
