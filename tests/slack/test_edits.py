"""Messages that are changed or deleted after they were said: whoever does it is told at once what stands."""

from __future__ import annotations

import pytest

from tests.fakes.slack_people import words
from tests.fakes.slack_state import BOT_USER
from tests.slack.conftest import World
from tests.slack.test_conversation import answered, told

STANDS = "what you wrote first stands"


@pytest.mark.parametrize("how", ["edit", "delete"])
async def test_an_answer_that_is_changed_afterwards_stands_and_its_author_is_told(
    either: World, how: str
) -> None:
    person = either.slack.radiographer
    await told(either, person, "check")
    answer = await person.say("diagnostic")
    await answered(either, person.direct)
    before = either.store.drafts(either.tenant)
    await (person.edit(answer, "radiotherapy") if how == "edit" else person.delete(answer))
    direct = either.slack.direct(person.id)
    (said,) = await either.slack.until(lambda: [m for m in direct.messages if STANDS in words(m)])
    assert "edit total dose" in words(said)
    assert either.store.drafts(either.tenant) == before


async def test_in_a_thread_only_the_author_of_what_was_answered_is_told_and_alone(ward: World) -> None:
    person, other = ward.slack.radiographer, ward.slack.physicist
    here = ward.slack.incidents
    root = await person.mention("check")
    await ward.slack.until(lambda: [m for m in here.messages if m.thread_ts == root.ts])
    answer = await person.say("diagnostic", here.id, thread=root.ts)
    await answered(ward, here.id, root.ts)
    talk = await other.say("I shall ask the ward", here.id, thread=root.ts)
    await ward.slack.quiet()
    count = len(here.messages)
    await other.edit(talk, "I shall ask the ward tomorrow")
    await ward.slack.quiet()
    assert len(here.messages) == count, "people's talk is none of the bot's business"
    await person.edit(answer, "therapy")
    await ward.slack.until(lambda: person.private())
    assert STANDS in words(person.private()[-1])
    assert other.private() == []


async def test_a_message_that_a_thread_hangs_on_is_deleted_and_not_edited(ward: World) -> None:
    """Slack tells of it as of a change, and of the mark that stays as of Slackbot's."""
    person, here = ward.slack.radiographer, ward.slack.incidents
    root = await person.mention("check")
    await ward.slack.until(lambda: [m for m in here.messages if m.thread_ts == root.ts])
    await person.delete(root)
    await ward.slack.until(lambda: person.private())
    assert "A deleted message takes nothing back" in words(person.private()[-1])
    mark = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": root.ts}
    gone = {
        "type": "message", "subtype": "message_deleted", "hidden": True, "channel": here.id,
        "channel_type": "channel", "ts": ward.slack.new_ts(), "previous_message": mark,
    }  # fmt: skip
    calls = len(ward.slack.calls)
    await ward.slack.event({**gone, "event_ts": gone["ts"]})
    await ward.slack.quiet()
    assert len(ward.slack.calls) == calls, "that is nobody's doing"


async def test_a_mention_that_an_edit_brings_is_not_taken_and_its_author_is_told(ward: World) -> None:
    person = ward.slack.radiographer
    message = await person.say("threshold foetal", ward.slack.incidents.id)
    await person.edit(message, f"<@{BOT_USER}> threshold foetal")
    await ward.slack.until(lambda: person.private())
    assert "Say it again" in words(person.private()[-1])


async def test_a_link_that_slack_unfolds_and_what_others_change_is_no_edit(
    ward: World, caplog: pytest.LogCaptureFixture
) -> None:
    person = ward.slack.radiographer
    direct = ward.slack.direct(person.id)
    asked = await person.say("threshold foetal, see https://example.org")
    card = await answered(ward, person.direct)
    await person.unfold(asked)
    await person.edit(card, "the bot's own card")
    await ward.slack.quiet()
    assert len(direct.messages) == 2
    assert caplog.messages == []
