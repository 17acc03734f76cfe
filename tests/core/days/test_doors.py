"""The same words for a day, at each door that people bring them to. It is Tuesday 24 November 2026, 9:30."""

from bot.core.messages import Command, Pressed, Submitted
from tests.core.cases.ward import UNDECIDED, T, Ward
from tests.core.days.table import NOW as TABLE_NOW
from tests.core.days.table import ROWS
from tests.core.players import DIALOGS, CorePlayer

# What is written, what is kept, and how it is shown.
DAYS = [
    ("23/11", "2026-11-23", "Mon 23 November 2026"),
    ("20-11-2026", "2026-11-20", "Fri 20 November 2026"),
    ("20 Nov '26", "2026-11-20", "Fri 20 November 2026"),
    ("yesterday 1430", "2026-11-23T14:30", "Mon 23 November 2026 at 14:30"),
    ("3am", "2026-11-24T03:00", "Tue 24 November 2026 at 03:00"),
    ("23:50", "2026-11-23T23:50", "Mon 23 November 2026 at 23:50"),
    ("Friday 3pm", "2026-11-20T15:00", "Fri 20 November 2026 at 15:00"),
    ("a fortnight ago", "2026-11-10", "Tue 10 November 2026"),
]
REFUSED = [
    ("Tuesday", "today, or a week ago?"),
    ("25 December", "which year was that?"),
    ("yesterday at midnight", "the midnight before"),
    ("tomorrow", "is in the future"),
]


def test_an_answer_is_taken_and_what_was_understood_is_said(ward: Ward) -> None:
    ward.say("check wrong patient had CT, was due nothing, 50 year old, England")
    ward.tell("none")
    ward.tell("40 mSv")
    for words, why in REFUSED:
        assert why in ward.tell(words).lower()
    for words, _, shown in DAYS:
        assert f"Discovered: {shown}\n" in ward.tell(words)
        assert "When did anybody" in ward.tell("back")


def test_a_field_of_a_form_takes_what_an_answer_takes(tmp_path) -> None:
    player = CorePlayer(DIALOGS, tmp_path / "a.sqlite", TABLE_NOW, "england")
    player.do(Command("check"))
    for words, value, *_ in ROWS[:-1]:  # the last is nothing at all: not known
        player.do(Submitted(player.form.name, player.form.key, {"discovered_on": words}))
        error = "".join(one.error for one in player.form.inputs if one.name == "discovered_on")
        if value.startswith("!"):
            assert value[1:] in error
        elif value[:10] > TABLE_NOW.date().isoformat():
            assert "is in the future" in error
        else:
            assert not error
            player.do(Pressed("check.edit", player.form.key))
            assert {one.name: one.value for one in player.form.inputs}["discovered_on"] == value


def test_the_day_of_discovery_is_corrected_in_the_same_words_typed_and_in_the_form(ward: Ward) -> None:
    ref = ward.case()
    for words, value, _ in DAYS[1:]:
        ward.say(f"discovered {ref} {words} found in the log")
        assert ward.store.case(T, ref).discovered_on.isoformat() == value[:10]
    assert "Today, or a week ago?" in ward.say(f"discovered {ref} Tuesday found in the log")
    assert "Give the day and why" in ward.say(f"discovered {ref} found in the log")


def test_a_clock_time_is_never_taken_for_a_reason(ward: Ward) -> None:
    ref = ward.case()  # to be notified by Monday 7 December
    ward.later(days=10)
    assert "say why after it" in ward.say(f"snooze {ref} notification 8 December 3pm")
    assert "say why after it" in ward.say(f"snooze {ref} notification Wednesday 9 December at noon, please")
    assert "say why after it" in ward.say(f"snooze {ref} notification 8 December p.m.")
    assert "say why after it" in ward.say(f"snooze {ref} notification 8 December first thing")
    assert "At what time was it?" in ward.say(f"snooze {ref} notification 8 December at 3")
    assert "one day and one time" in ward.say(f"snooze {ref} notification 8 December 3pm 4pm").lower()
    assert "Sun 6 December 2026 at 15:00" in ward.say(f"snooze {ref} notification Sunday 3pm")
    assert "Fri 4 December 2026 at 10:00" in ward.say(f"snooze {ref} notification half an hour")
    assert "still to come" in ward.say(f"snooze {ref} notification 2 hours ago")


def test_a_snooze_in_the_form_takes_what_is_typed(pressed: Ward) -> None:
    ref = pressed.case(UNDECIDED)
    for words, shown in (
        ("Thursday 3pm", "Thu 26 November 2026 at 15:00"),
        ("2026-11-27T15:00", "Fri 27 November"),
    ):
        pressed.ask(Pressed("case.snooze", f"{ref}::notify"))
        pressed.submit(day=words)
        assert shown in pressed.shown
