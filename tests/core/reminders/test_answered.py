"""Reminders that were answered, and the cards above them: what stands in a thread stays true."""

from datetime import timedelta

from bot.core.actions.delivery_cards import CaseContents
from bot.core.cards import Card
from bot.core.messages import Command, Place, Pressed, Replace, Said, Show
from bot.core.reminders.placing import updates
from bot.terminal.plain import lines
from tests.core.cases.ward import BEN, NOT, T, Ward
from tests.core.reminders.test_reminders import at, claim, post_all


def updated(ward: Ward) -> dict[str, Card]:
    """What the messages that are brought up to date now say, by their ids."""
    contents, found = CaseContents(ward.store, ward.face), {}
    ward.later(seconds=1)
    while batch := claim(ward, ward.now):
        assert batch.items[0].kind == "update"
        found[batch.items[0].message] = contents.card(batch, ward.now, repeat=False)
        ward.store.sent(T, batch, message=batch.items[0].message, now=ward.now)
    return found


def test_a_reminder_that_was_answered_says_by_whom_and_so_do_the_older_ones(pressed: Ward) -> None:
    ref = pressed.case()
    post_all(pressed, pressed.now)  # m1: the card
    post_all(pressed, at(30, month=11))  # its first reminder
    ((_, last),) = [one for one in post_all(pressed, at(4)) if "notify" in one[1].title]
    assert {"Done", "Snooze"} <= {button.label for button in last.buttons}
    pressed.say(f"notified {ref} CQC-77", BEN)
    reminders = {
        one.message
        for one in pressed.store.outgoing(T, ref)
        if one.kind == "ping" and one.rule == "notify" and one.sent_at
    }
    shown = updated(pressed)
    assert len(reminders) == 2
    assert reminders < set(shown)
    for message in reminders:
        card = shown[message]
        assert f"{ref} Diagnostic, accidental exposure, 40 years: notify" in card.title
        assert "Physicist B marked it as met" in card.title
        assert card.buttons == ()


def test_a_press_on_a_reminder_answers_in_the_reminder(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.say("settings local_deadlines 72-hour report: 10")
    second = pressed.case()
    post_all(pressed, pressed.now)
    posted = post_all(pressed, at(3))
    card = next(card for _, card in posted if any("72-hour" in line for line in lines(card)))
    message = next(
        one.message
        for one in pressed.store.outgoing(T, second)
        if one.rule == "local:72-hour report" and one.sent_at
    )
    done = next(
        b for b in card.buttons if b.value.endswith("local:72-hour report") and b.action == "case.done"
    )
    replies = pressed.ask(Pressed(done.action, done.value, message=message), BEN)
    (reply,) = [one for one in replies if isinstance(one, Replace)]
    assert "72-hour report, Physicist B marked it as met" in "\n".join(lines(reply.card))
    assert not any("72-hour" in button.value for button in reply.card.buttons)
    assert ref


def test_what_was_put_off_says_until_when_and_by_whom(pressed: Ward) -> None:
    ref = pressed.case()
    post_all(pressed, pressed.now)
    post_all(pressed, at(30, month=11))
    pressed.say(f"snooze {ref} tomorrow", BEN)
    (card,) = [card for card in updated(pressed).values() if "put off" in card.title]
    assert "put off until Tue 1 December 2026 at 09:00 by Physicist B" in card.title
    assert card.buttons == ()


def test_what_stands_beside_it_in_one_message_keeps_its_buttons(pressed: Ward) -> None:
    refs = [pressed.case(), pressed.case()]
    post_all(pressed, pressed.now)
    post_all(pressed, at(30, month=11))
    pressed.say(f"notified {refs[0]} CQC-77")
    (card,) = [card for card in updated(pressed).values() if "notify" in card.title and card.buttons]
    assert (
        f"{refs[0]} Diagnostic, accidental exposure, 40 years: notify the authority, Radiographer A marked"
        in list(lines(card))[1]
    )
    assert all(refs[1] in button.value for button in card.buttons)


def test_a_confirmed_verdict_ends_its_reminder_too(pressed: Ward) -> None:
    number = pressed.record(NOT)
    pressed.say(f"open {number}")
    assert updates(pressed.store, T, number) == ()


def test_a_step_typed_in_the_case_s_thread_is_answered_in_one_line(ward: Ward) -> None:
    ref = ward.case()
    ((place, _),) = post_all(ward, ward.now)
    thread = Place(place.conversation, thread="m1")
    replies = ward.ask(Said(f"notified {ref} CQC-77", mentioned=True), place=thread)
    (reply,) = [one for one in replies if isinstance(one, Show)]
    assert reply.card.title.startswith("Notified, with the authority's reference CQC-77")
    assert reply.card.blocks == ()
    ward.ask(Command(f"case {ref}"), place=thread)
    assert "Notify the authority: done" in ward.shown


def test_the_card_is_brought_up_to_date_beside_each_reminder_and_counts_no_days(pressed: Ward) -> None:
    ref = pressed.case()
    post_all(pressed, pressed.now)
    contents = CaseContents(pressed.store, pressed.face)
    pressed.now = at(30, month=11)
    batch = claim(pressed, pressed.now)
    assert batch is not None
    pressed.store.sent(T, batch, message="m2", now=pressed.now)
    (plan,) = contents.beside(batch.items[0])
    assert (plan.kind, plan.subject) == ("update", ref)
    pressed.store.post(T, plan, now=pressed.now)
    card = updated(pressed)["m1"]
    assert "days" not in "\n".join(lines(card))
    pressed.now += timedelta(days=30)
    late = CaseContents(pressed.store, pressed.face)
    pressed.store.post(T, plan, now=pressed.now)
    found = [
        c
        for batch in iter(lambda: claim(pressed, pressed.now), None)
        if batch.items[0].kind == "update"
        for c in (late.card(batch, pressed.now, repeat=False),)
    ]
    assert any("OVERDUE since Mon 7 December 2026" in "\n".join(lines(c)) for c in found)
