"""The settings' form, sent after somebody else has set something."""

from __future__ import annotations

from bot.core.messages import Pressed, Submitted
from tests.core.cases.ward import T, Ward

OPEN = Pressed("case.settings")


def value(pressed: Ward, name: str) -> str:
    assert pressed.form is not None
    return {one.name: one.value for one in pressed.form.inputs}[name]


def test_what_was_set_meanwhile_is_not_taken_back_by_a_form_that_leaves_it_as_it_was(pressed: Ward) -> None:
    pressed.ask(OPEN)
    form = pressed.form
    pressed.say("settings nation Scotland")
    pressed.say("settings fallback_channel here")
    pressed.say("settings may_read named")
    kept = pressed.store.settings(T)
    pressed.form = form
    assert pressed.submit(ping_hour="10") == "Ping hour: 10:00."
    assert pressed.store.settings(T) == {**kept, "ping_hour": "10:00"}


def test_what_both_have_changed_is_looked_at_once_more(pressed: Ward) -> None:
    pressed.ask(OPEN)
    form = pressed.form
    pressed.say("settings nation Scotland")
    pressed.say("settings ping_days 5")
    pressed.form = form
    pressed.submit(nation="Wales", ping_hour="10")
    assert pressed.store.settings(T) == {"nation": "scotland", "ping_days": [5]}
    shown = [value(pressed, name) for name in ("nation", "ping_hour", "ping_days")]
    assert shown == ["Wales", "10", "5, 0"]
    said = [str(block) for block in pressed.form.blocks] if pressed.form else []
    assert "Nothing is saved yet" in said[0]
    assert "('Nation', 'Scotland')" in said[1]
    pressed.submit()
    assert pressed.store.settings(T) == {"nation": "wales", "ping_days": [5], "ping_hour": "10:00"}


def test_a_form_that_does_not_say_what_stood_in_it_is_looked_at_before_it_is_saved(pressed: Ward) -> None:
    pressed.ask(OPEN)
    assert pressed.form is not None
    given = {one.name: one.value for one in pressed.form.inputs}
    pressed.ask(Submitted(pressed.form.name, "all", {**given, "nation": "Wales"}))
    assert pressed.store.settings(T) == {}
    pressed.submit()
    assert pressed.store.settings(T) == {"nation": "wales"}
