"""A form that was closed before it was sent."""

from __future__ import annotations

from tests.fakes.slack_people import words
from tests.slack.conftest import World
from tests.slack.test_cases import opened
from tests.slack.test_form import INTENDED, ONE_WAS, changed


async def test_what_was_typed_into_a_check_that_was_closed_is_there_again(either: World) -> None:
    person = either.slack.radiographer
    await either.form(person)
    await person.fill("How old", "41")
    await person.close()
    await either.form(person)
    assert person.value("How old") == "41"
    assert "What you had typed is filled in again" in words(person.view)
    await changed(either, person, INTENDED, ONE_WAS)
    assert person.value("How old") == "41"


async def test_nobody_else_sees_it(ward: World) -> None:
    person, other = ward.slack.radiographer, ward.slack.physicist
    await ward.form(person)
    await person.fill("How old", "41")
    await person.close()
    await ward.form(other)
    assert other.value("How old") in (None, "")


async def test_a_check_of_another_incident_is_not_filled_with_what_was_typed_for_one_before(
    ward: World,
) -> None:
    person = ward.slack.radiographer
    await ward.form(person)
    await person.fill("How old", "41")
    await person.close()
    await ward.form(person, "check new")
    assert person.value("How old") in (None, "")


async def test_a_note_that_was_closed_is_there_again_and_gone_once_it_is_sent(ward: World) -> None:
    person, card = ward.slack.radiographer, await opened(ward)
    for filled in ("", "The list was read wrongly", ""):
        ward.slack.advance(6)
        await person.press("Note", card)
        await ward.filled(person)
        shown = person.value("What is to be noted?")
        if filled:
            await person.fill("What is to be noted?", filled)
            await person.close()
            await person.press("Note", card)
            await ward.filled(person)
            assert person.value("What is to be noted?") == filled
            await person.submit()
        else:
            assert not shown
            await person.close()
