"""Between Slack and the bot nothing is lost and nothing doubled, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.slack_state import Message
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_form import filled_in


def replies(ward: World, root: Message) -> list[Message]:
    return [m for m in ward.slack.incidents.messages if m.thread_ts == root.ts and m.by_bot]


# --- duplicates


async def test_an_event_that_slack_repeats_is_answered_once(ward: World) -> None:
    person = ward.slack.radiographer
    message = ward.slack.add(ward.slack.direct(person.id), person.id, {"text": "threshold foetal"})
    event = person.message_event(message)
    for retry in range(3):
        await ward.slack.event(event, event_id="Ev1", retry=retry)
    await ward.slack.quiet()
    assert len([m for m in ward.slack.direct(person.id).messages if m.by_bot]) == 1


async def test_one_message_under_eleven_event_ids_is_answered_once(ward: World) -> None:
    person = ward.slack.radiographer
    message = ward.slack.add(ward.slack.direct(person.id), person.id, {"text": "threshold foetal"})
    await asyncio.gather(*(ward.slack.event(person.message_event(message)) for _ in range(11)))
    await ward.slack.quiet()
    assert len([m for m in ward.slack.direct(person.id).messages if m.by_bot]) == 1


async def test_an_event_that_comes_only_as_a_repeat_is_answered(ward: World) -> None:
    person = ward.slack.radiographer
    message = ward.slack.add(ward.slack.direct(person.id), person.id, {"text": "threshold foetal"})
    await ward.slack.event(person.message_event(message), retry=2)
    await ward.slack.until(lambda: [m for m in ward.slack.direct(person.id).messages if m.by_bot])
    await ward.slack.quiet()
    assert len([m for m in ward.slack.direct(person.id).messages if m.by_bot]) == 1


async def test_a_repeat_after_a_restart_is_answered_once(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        person = slack.radiographer
        message = slack.add(slack.direct(person.id), person.id, {"text": "threshold foetal"})
        for _ in range(2):
            async with bot_for(slack, file):
                await slack.event(person.message_event(message), event_id="Ev1")
                await slack.quiet()
        assert len([m for m in slack.direct(person.id).messages if m.by_bot]) == 1


async def test_a_button_pressed_twice_at_once_is_pressed_once(ward: World) -> None:
    person = ward.slack.radiographer
    shown = await person.command("help")
    await asyncio.gather(person.press("Check an incident", shown), person.press("Check an incident", shown))
    await ward.filled(person)
    await ward.slack.quiet()
    assert [c.method for c in ward.slack.calls].count("views.open") == 1


# --- posts


@pytest.mark.parametrize("fault", ["500", "reset_before", "reset_after", "bad_json"])
async def test_a_post_of_unknown_fate_is_looked_for_before_it_is_sent_again(ward: World, fault: str) -> None:
    ward.slack.fault("chat.postMessage", fault)
    root = await ward.slack.radiographer.mention("threshold foetal")
    await ward.slack.until(lambda: replies(ward, root))
    await ward.slack.until(lambda: any(c.method == "conversations.replies" for c in ward.slack.calls))
    await ward.slack.quiet(1.2)
    assert len(replies(ward, root)) == 1


async def test_a_post_that_is_limited_waits_as_long_as_slack_asks(ward: World) -> None:
    ward.slack.fault("chat.postMessage", "429", seconds=1.0)
    root = await ward.slack.radiographer.mention("threshold foetal")
    await ward.slack.until(lambda: replies(ward, root))
    first, second = [c.at for c in ward.slack.calls if c.method == "chat.postMessage"]
    assert second - first >= 1.0
    assert len(replies(ward, root)) == 1


async def test_a_channel_gets_one_message_a_second_and_no_refusal(file: Path) -> None:
    async with FakeSlack(seconds_a_message=0.3) as slack, bot_for(slack, file, pace=0.3) as ward:
        root = await slack.radiographer.mention("threshold foetal")
        for number in range(4):
            await slack.physicist.mention(f"threshold {number + 1}", thread=root.ts)
        await slack.until(lambda: len(replies(ward, root)) == 5)
        assert not [c for c in slack.calls if c.answer and c.answer.get("error") == "ratelimited"]


async def test_a_private_answer_that_slack_drops_goes_by_direct_message(ward: World) -> None:
    person = ward.slack.radiographer
    shown = await person.command("help")
    assert shown is not None
    ward.slack.fault("response_url", "500")
    block = next(b for b in shown.blocks if b["type"] == "actions")
    await person.act(shown, block, {"type": "button", "action_id": "0:gone.forever"})
    direct = ward.slack.direct(person.id)
    await ward.slack.until(lambda: direct.messages)
    assert "no longer" in words(direct.messages[-1])


async def test_a_response_url_that_is_used_up_is_followed_by_a_direct_message(ward: World) -> None:
    person = ward.slack.radiographer
    shown = await person.command("help")
    assert shown is not None
    block = next(b for b in shown.blocks if b["type"] == "actions")
    for url in ward.slack.response_urls.values():
        url.uses = 5
    made = ward.slack.response_url

    def used_up(*about: object) -> str:
        address = made(*about)  # type: ignore[arg-type]
        ward.slack.response_urls[address.rsplit("/", 1)[1]].uses = 5
        return address

    ward.slack.response_url = used_up  # type: ignore[method-assign, assignment]
    await person.act(shown, block, {"type": "button", "action_id": "0:gone.forever"})
    direct = ward.slack.direct(person.id)
    await ward.slack.until(lambda: direct.messages)


async def test_a_bot_that_is_not_in_the_channel_answers_by_direct_message(ward: World) -> None:
    ward.slack.fault("chat.postMessage", "error", error="not_in_channel")  # it was removed just now
    await ward.slack.radiographer.mention("threshold foetal")
    direct = ward.slack.direct(ward.slack.radiographer.id)
    await ward.slack.until(lambda: direct.messages)
    assert "10 mGy" in words(direct.messages[-1])


@pytest.mark.parametrize("fault", ["500", "reset_before", "reset_after", "bad_json"])
async def test_a_form_that_slack_stumbles_over_is_filled_all_the_same(ward: World, fault: str) -> None:
    ward.slack.fault("views.update", fault)
    assert "What kind of exposure" in words(await ward.form(ward.slack.radiographer))


@pytest.mark.parametrize("fault", ["500", "reset_before"])
async def test_a_form_that_did_not_open_is_offered(ward: World, fault: str) -> None:
    ward.slack.fault("views.open", fault)
    await ward.slack.radiographer.command("check")
    offered = await ward.slack.until(ward.slack.radiographer.private)
    await ward.slack.radiographer.press("Open the form", offered[-1])
    await ward.filled(ward.slack.radiographer)


@pytest.mark.parametrize("fault", ["reset_after", "bad_json"])
async def test_a_form_that_opened_without_our_hearing_of_it_is_filled(ward: World, fault: str) -> None:
    ward.slack.fault("views.open", fault)
    await ward.slack.radiographer.command("check")
    await ward.filled(ward.slack.radiographer)
    assert ward.slack.radiographer.private() == []


# --- the workspace and its channels


async def test_a_revoked_token_turns_health_red_and_is_written_down(
    ward: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert await ward.server.problems() == []
    ward.slack.revoked = True
    await ward.slack.radiographer.mention("threshold foetal")
    await ward.slack.until(lambda: "token_revoked" in caplog.text)
    async with ward.slack.http.get(f"{ward.server.url}/health") as answer:
        health = await answer.json()
    assert answer.status == 503
    assert "token" in health["problems"][0]
    ward.slack.revoked = False
    await ward.slack.radiographer.mention("threshold foetal again")
    await ward.slack.quiet()
    assert await ward.server.problems() == []


@pytest.mark.parametrize(
    "event", [{"type": "tokens_revoked", "tokens": {"bot": ["U0IRMER"]}}, {"type": "app_uninstalled"}]
)
async def test_slack_s_word_of_a_lost_token_turns_health_red(ward: World, event: dict[str, object]) -> None:
    await ward.slack.event(event)
    (problem,) = await ward.server.problems()
    assert "SLACK_BOT_TOKEN" in problem


@pytest.mark.parametrize("kind", ["channel_left", "channel_archive", "channel_deleted", "group_left"])
async def test_who_closes_a_channel_to_the_bot_and_the_fallback_channel_are_told(
    ward: World, kind: str
) -> None:
    fallback = ward.slack.add_channel("governance")
    await ward.slack.radiographer.command("settings fallback_channel #governance")
    who = {"actor_id" if kind.endswith("left") else "user": ward.slack.governance.id}
    closed(ward, kind)
    for _ in range(2):
        await ward.slack.event({"type": kind, "channel": ward.slack.incidents.id, "event_ts": "1.1", **who})
    direct = ward.slack.direct(ward.slack.governance.id)
    await ward.slack.until(lambda: direct.messages and fallback.messages)
    await ward.slack.quiet()
    for told in (direct.messages, fallback.messages):
        assert len(told) == 1
        assert "can no longer reach" in words(told[0])


def closed(ward: World, kind: str) -> None:
    if kind.endswith("left"):
        ward.slack.incidents.members.discard("U0IRMER")
    elif kind.endswith("archive"):
        ward.slack.incidents.archived = True
    else:
        del ward.slack.channels[ward.slack.incidents.id]


@pytest.mark.parametrize("kind", ["channel_left", "channel_archive", "group_left"])
async def test_nobody_is_told_of_a_channel_that_is_open_again(ward: World, kind: str) -> None:
    """Slack tells of it late, or repeats it, when the bot is back."""
    who = {"actor_id" if kind.endswith("left") else "user": ward.slack.governance.id}
    at = ward.slack.now()
    ward.slack.advance(3_600)
    told = {"type": kind, "channel": ward.slack.incidents.id, "event_ts": f"{at:.6f}", **who}
    await ward.slack.event(told, retry=3, at=at)
    await ward.slack.quiet(0.5)
    assert ward.slack.direct(ward.slack.governance.id).messages == []


# --- the same again after a restart, when nothing is remembered but what is stored


async def test_a_form_that_is_sent_off_again_after_a_restart_opens_no_second_case(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        person = slack.radiographer
        async with bot_for(slack, file) as first:
            await filled_in(first, person, "25 mSv", "2 mSv")
            await person.submit()
            view = person.view
            assert view is not None
            form = dict(view.content)
            await person.submit()
            assert "C26-0001" in words(view)
        async with bot_for(slack, file) as second:
            view.content = form
            await person.submit()
            assert "Kept already, as C26-0001. Nothing was changed." in words(view)
            assert [case.ref for case in second.store.cases(second.tenant)] == ["C26-0001"]
            assert len(second.store.records(second.tenant)) == 1


async def test_a_check_that_is_typed_again_after_a_restart_is_the_same_check(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        person = slack.radiographer
        kept = []
        for _ in range(2):
            async with bot_for(slack, file) as world:
                await world.form(person, "check wrong patient had a CT head")
                kept.append([draft.state["id"] for draft in world.store.drafts(world.tenant)])
                await person.close()
        assert len(kept[0]) == 1
        assert kept[1] == kept[0]


@pytest.mark.parametrize("word", ["msg_blocks_too_long", "invalid_blocks", "msg_too_long"])
async def test_an_answer_that_slack_would_not_draw_comes_as_a_line_and_not_as_silence(
    ward: World, word: str
) -> None:
    person = ward.slack.radiographer
    ward.slack.fault("chat.postMessage", "error", error=word)
    await person.say("threshold foetal")
    direct = ward.slack.direct(person.id)
    (answer,) = await ward.slack.until(lambda: [m for m in direct.messages if m.by_bot])
    assert answer.blocks == []
    assert answer.text.splitlines()[-1].startswith("The rest of it could not be shown here: ask me for it")


async def test_a_dialog_that_slack_would_not_draw_says_where_to_go_on(ward: World) -> None:
    person = ward.slack.radiographer
    ward.slack.fault("views.update", "error", error="invalid_blocks")
    await person.command("check")
    await ward.slack.until(lambda: person.view and "direct message" in words(person.view))


async def test_an_answer_that_cannot_be_sent_is_not_silence(ward: World) -> None:
    person = ward.slack.radiographer
    ward.slack.fault(
        "chat.postMessage", "error", error="restricted_action", times=2
    )  # here, and in their own
    await person.mention("threshold foetal")
    direct = ward.slack.direct(person.id)
    (answer,) = await ward.slack.until(lambda: [m for m in direct.messages if m.by_bot])
    assert "Not all of my answer could be sent" in words(answer)
