"""A new incident, by whatever door it comes, meets a plain choice while another check is unfinished."""

from __future__ import annotations

import pytest

from tests.fakes.slack_people import Person, words
from tests.fakes.slack_state import Message
from tests.slack.conftest import World

OLD = "Wrong patient had a mammogram yesterday, 52 years old"
NEW = "Wrong side was treated in radiotherapy on Monday, 61 years old"


async def left_unfinished(ward: World, person: Person) -> None:
    await person.say(f"check {OLD}")
    direct = ward.slack.direct(person.id)
    await ward.slack.until(lambda: any(m.by_bot for m in direct.messages))
    ward.slack.advance(10)


async def by_command(ward: World, person: Person) -> None:
    await person.command(f"check {NEW}")


async def by_shortcut(ward: World, person: Person) -> None:
    await person.shortcut("check_message", await ward.slack.physicist.say(NEW, ward.slack.incidents.id))


async def by_words(ward: World, person: Person) -> None:
    await person.say(f"check {NEW}")


def asked(ward: World, person: Person) -> str:
    shown = [words(person.view)] if person.view else []
    shown += [words(m) for m in ward.slack.direct(person.id).messages[2:] if m.by_bot]
    return next((text for text in shown if "Begin with the new words" in text), "")


@pytest.mark.parametrize("door", [by_command, by_shortcut, by_words])
async def test_a_new_incident_never_meets_an_old_check(ward: World, door: object) -> None:
    person = ward.slack.radiographer
    await left_unfinished(ward, person)
    await door(ward, person)  # type: ignore[operator]
    choice = await ward.slack.until(lambda: asked(ward, person))
    assert "mammogram" in choice
    assert "Go on with it" in choice
    if person.view:
        await person.fill("What is next", "Begin with the new words")
        assert await person.submit() == {}
    else:
        on: Message = ward.slack.direct(person.id).messages[-1]
        await person.press("Begin with the new words", on)
        await ward.slack.quiet()
    held = [str(draft.state) for draft in ward.store.drafts(ward.tenant)]
    assert any("mammogram" in state for state in held), "the old one waits"
    assert any("radiotherapy" in state for state in held), "the new one is read"
    assert not any("mammogram" in state and "radiotherapy" in state for state in held), (
        "neither is in the other"
    )


async def test_a_mention_in_the_thread_of_a_check_is_asked_which_is_meant(ward: World) -> None:
    person, here = ward.slack.radiographer, ward.slack.incidents
    root = await person.mention(f"check {OLD}")
    await ward.slack.until(lambda: [m for m in here.messages if m.thread_ts == root.ts])
    await person.mention(f"check {NEW}", thread=root.ts)
    await ward.slack.until(
        lambda: any("Begin with the new words" in words(m) for m in here.messages if m.thread_ts == root.ts)
    )
