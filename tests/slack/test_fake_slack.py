"""The fake Slack is as strict as the real one: what it lets pass, the tests may rely on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.slack.web import Failed, RateLimited, Unsure, Web
from tests.fakes.slack import FakeSlack

MODAL = {
    "type": "modal", "callback_id": "c", "title": {"type": "plain_text", "text": "T"},
    "submit": {"type": "plain_text", "text": "S"},
    "blocks": [
        {
            "type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "L"},
            "element": {"type": "plain_text_input", "action_id": "a"},
        }
    ],
}  # fmt: skip


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(strict=False) as fake:
        yield fake


@pytest.fixture
async def web(slack: FakeSlack) -> AsyncIterator[Web]:
    made = Web(slack.bot_token, api_url=slack.api_url, seconds_a_message=0.0)
    await made.start()
    yield made
    await made.close()


async def refusal(web: Web, method: str, **arguments: Any) -> str:
    with pytest.raises(Failed) as failed:
        await web.once(method, **arguments)
    return failed.value.error


async def test_a_trigger_works_once(slack: FakeSlack, web: Web) -> None:
    trigger = slack.trigger("U0RADIO")
    await web.once("views.open", trigger_id=trigger, view=MODAL)
    assert await refusal(web, "views.open", trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(slack: FakeSlack, web: Web) -> None:
    trigger = slack.trigger("U0RADIO")
    slack.advance(3.1)
    assert await refusal(web, "views.open", trigger_id=trigger, view=MODAL) == "expired_trigger_id"
    assert await refusal(web, "views.open", trigger_id="made up", view=MODAL) == "invalid_trigger_id"


async def test_what_breaks_a_limit_is_refused_and_complained_of(slack: FakeSlack, web: Web) -> None:
    long = {**MODAL, "title": {"type": "plain_text", "text": "T" * 25}}
    trigger = slack.trigger("U0RADIO")
    assert await refusal(web, "views.open", trigger_id=trigger, view=long) == "invalid_blocks"
    assert "at most 24" in slack.complaints[0]


async def test_a_channel_takes_one_message_a_second(slack: FakeSlack, web: Web) -> None:
    await web.once("chat.postMessage", channel="C0INCIDENTS", text="one")
    with pytest.raises(RateLimited) as limited:
        await web.once("chat.postMessage", channel="C0INCIDENTS", text="two")
    assert limited.value.seconds >= 1


async def test_a_method_takes_so_many_calls_a_minute(slack: FakeSlack, web: Web) -> None:
    for _ in range(50):
        await web.once("conversations.history", channel="C0INCIDENTS")
    with pytest.raises(RateLimited):
        await web.once("conversations.history", channel="C0INCIDENTS")


async def test_a_scope_that_the_manifest_lacks_is_missing(slack: FakeSlack, web: Web) -> None:
    slack.scopes.discard("chat:write")
    assert await refusal(web, "chat.postMessage", channel="C0INCIDENTS", text="one") == "missing_scope"
    slack.scopes.discard("channels:history")
    assert await refusal(web, "conversations.history", channel="C0INCIDENTS") == "missing_scope"


async def test_other_tokens_and_unknown_methods_are_refused(slack: FakeSlack, web: Web) -> None:
    other = Web("xoxb-other", api_url=slack.api_url)
    await other.start()
    assert await refusal(other, "auth.test") == "invalid_auth"
    await other.close()
    assert await refusal(web, "chat.scheduleMessage") == "unknown_method"


async def test_a_response_url_takes_five_answers_within_thirty_minutes(slack: FakeSlack, web: Web) -> None:
    url = slack.response_url("U0RADIO", "C0INCIDENTS")
    for _ in range(5):
        await web.respond(url, {"text": "x"})
    with pytest.raises(Failed):
        await web.respond(url, {"text": "x"})
    fresh = slack.response_url("U0RADIO", "C0INCIDENTS")
    slack.advance(30 * 60 + 1)
    with pytest.raises(Failed):
        await web.respond(fresh, {"text": "x"})


async def test_a_client_keeps_what_was_typed_where_a_block_keeps_its_id(slack: FakeSlack, web: Web) -> None:
    opened = await web.once("views.open", trigger_id=slack.trigger("U0RADIO"), view=MODAL)
    view = slack.radiographer.view
    assert view is not None
    await slack.radiographer.fill("L", "typed")
    await web.once("views.update", view_id=opened["view"]["id"], view=MODAL)
    assert slack.radiographer.value("L") == "typed"
    renamed = {**MODAL, "blocks": [{**MODAL["blocks"][0], "block_id": "c"}]}  # type: ignore[dict-item]
    await web.once("views.update", view_id=opened["view"]["id"], view=renamed)
    assert slack.radiographer.value("L") is None


async def test_an_ephemeral_message_can_be_neither_updated_nor_read_by_others(
    slack: FakeSlack, web: Web
) -> None:
    sent = await web.once("chat.postEphemeral", channel="C0INCIDENTS", user="U0RADIO", text="only you")
    assert await refusal(web, "chat.update", channel="C0INCIDENTS", ts=sent["message_ts"], text="x") == (
        "message_not_found"
    )
    assert slack.physicist.sees("C0INCIDENTS") == []
    assert len(slack.radiographer.sees("C0INCIDENTS")) == 1


@pytest.mark.parametrize(
    ("kind", "taken"), [("500", 0), ("reset_before", 0), ("reset_after", 1), ("bad_json", 1)]
)
async def test_a_fault_leaves_the_message_taken_or_not(
    slack: FakeSlack, web: Web, kind: str, taken: int
) -> None:
    slack.fault("chat.postMessage", kind)
    with pytest.raises(Unsure):
        await web.once("chat.postMessage", channel="C0INCIDENTS", text="one")
    assert len(slack.incidents.messages) == taken


async def test_somebody_deactivated_and_two_people_alone_cannot_be_written_to(
    slack: FakeSlack, web: Web
) -> None:
    slack.physicist.flags["deleted"] = True
    assert await refusal(web, "conversations.open", users=slack.physicist.id) == "user_disabled"
    theirs = slack.between(slack.radiographer, slack.governance)
    assert await refusal(web, "chat.postMessage", channel=theirs.id, text="x") == "channel_not_found"


async def test_what_is_typed_comes_as_slack_hands_it_on(slack: FakeSlack) -> None:
    said = await slack.radiographer.say("<0.3 mSv & <@U0PHYS>", slack.incidents.id)
    assert said.text == "&lt;0.3 mSv &amp; <@U0PHYS>"


async def test_a_late_acknowledgement_is_complained_of(slack: FakeSlack) -> None:
    slack.acknowledged("slash_commands", 3.2)
    assert "operation_timeout" in slack.complaints[0]


async def test_what_was_complained_of_ends_the_test() -> None:
    with pytest.raises(AssertionError, match="at most 24"):
        async with FakeSlack() as slack:
            slack.complain("a title of 25, at most 24")


async def test_a_thread_lives_on_without_its_first_message_and_no_other_does(slack: FakeSlack, web: Web):
    person, place = slack.radiographer, slack.incidents.id
    slack.seconds_a_message = 0.0
    root, alone = await person.say("Wrong patient", place), await person.say("Morning", place)
    await web.post(place, {"text": "An answer"}, thread=root.ts)
    await person.delete(root)
    await person.delete(alone)
    await web.post(place, {"text": "Another answer"}, thread=root.ts)
    assert len(person.sees(place, root.ts)) == 2
    told = await refusal(web, "chat.postMessage", channel=place, thread_ts=alone.ts, text="An answer")
    assert told == "thread_not_found"
