"""The interview in words and clicks: by direct message, by mention in a thread, over restarts and weeks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person, buttons, labels, words
from tests.fakes.slack_state import BOT_USER, Message
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_cases import opened, three_days_before


async def answered(ward: World, channel: str, thread: str | None = None) -> Message:
    """The bot's next message there."""
    messages = ward.slack.channels[channel].messages
    heard = len(messages)

    def there() -> Message | None:
        new = [m for m in messages[heard - 1 :] if m.by_bot and thread in (None, m.thread_ts)]
        return new[-1] if new else None

    found: Message = await ward.slack.until(there)
    return found


async def told(ward: World, person: Person, text: str) -> str:
    await person.say(text)
    return words(await answered(ward, person.direct))


ANSWERS = {
    "Where in the UK": "England",
    "What kind of exposure": "ct",
    "Was any exposure": "yes, but not the exposure they got",
    "How old": "adult",
    "What effective dose did": "3 mSv",
    "What effective dose was intended": "2 mSv",
    "Which of these": "none",
    "Is it clinically significant": "no",
    "When did anybody": "yesterday",
    "Was an equipment fault": "no",
    "When did the exposure": "yesterday",
}


def typed_answer(question: str) -> str:
    return next(answer for ask, answer in ANSWERS.items() if ask in question)


async def test_the_interview_goes_from_the_first_question_to_the_verdict_in_words(either: World) -> None:
    person = either.slack.radiographer
    said = await told(either, person, "check")
    for _ in range(12):
        if "NOTIFY" in said:
            break
        said = await told(either, person, "diagnostic" if "What kind" in said else typed_answer(said))
    assert "DO NOT NOTIFY" in said
    assert "employer decides" in said


async def test_few_answers_are_buttons_and_many_are_a_list(ward: World) -> None:
    person = ward.slack.radiographer
    await person.say("check")
    question = await answered(ward, person.direct)
    assert "What kind of exposure" in words(question)
    assert labels(question) == ["Answer"]
    await person.fill("Answer", "Nuclear medicine scan, PET, sentinel node", question)
    await person.press("Answer", question)
    nxt = await answered(ward, person.direct)
    while "NOTIFY" not in words(nxt) and "What effective dose" not in words(nxt):
        assert "Don't know" in [*buttons(nxt)]
        seen = len(ward.slack.channels[person.direct].messages)
        await person.press("Don't know", nxt)
        await ward.slack.until(lambda seen=seen: len(ward.slack.channels[person.direct].messages) > seen)
        nxt = ward.slack.channels[person.direct].messages[-1]


async def test_an_answered_question_shows_its_answer_and_no_buttons(ward: World) -> None:
    person = ward.slack.radiographer
    await person.say("check")
    question = await answered(ward, person.direct)
    await person.press("Don't know", question)
    await ward.slack.until(lambda: question.edits)
    assert "Not known" in words(question)
    assert buttons(question) == []


async def test_why_is_answered_with_the_reason(ward: World) -> None:
    person = ward.slack.radiographer
    await told(ward, person, "check")
    assert "criteria" in await told(ward, person, "why")


async def test_a_mention_is_answered_in_a_thread_of_its_own(ward: World) -> None:
    asked = await ward.slack.radiographer.mention("threshold foetal")
    answer = await answered(ward, ward.slack.incidents.id, asked.ts)
    assert "10 mGy" in words(answer)
    assert answer.only_for == ""


async def test_a_mention_that_arrives_as_two_events_is_one(ward: World) -> None:
    asked = await ward.slack.radiographer.mention("threshold foetal")
    await ward.slack.quiet()
    assert len([m for m in ward.slack.incidents.messages if m.thread_ts == asked.ts]) == 1


async def test_several_people_answer_in_one_thread(ward: World) -> None:
    channel = ward.slack.incidents.id
    root = await ward.slack.radiographer.mention("check")
    await answered(ward, channel, root.ts)
    await ward.slack.radiographer.say("diagnostic", channel, thread=root.ts)
    assert "Was any exposure" in words(await answered(ward, channel, root.ts))
    last = words(ward.slack.incidents.messages[-1])
    await ward.slack.physicist.say(typed_answer(last), channel, thread=root.ts)
    await answered(ward, channel, root.ts)
    (draft,) = ward.store.drafts(ward.tenant)
    givers = {source["id"] for source in draft.state["sources"].values() if not source.get("because")}
    assert givers == {ward.slack.radiographer.id, ward.slack.physicist.id}
    assert {source["name"] for source in draft.state["sources"].values()} == {"radiographer", "physicist"}


async def test_a_channel_s_talk_is_not_listened_to(ward: World) -> None:
    await ward.slack.radiographer.say("check wrong patient had a CT", ward.slack.incidents.id)
    root = await ward.slack.radiographer.say("shall we have lunch", ward.slack.incidents.id)
    for talk in ("threshold is a fine word", "check the room", "help", "due"):
        await ward.slack.physicist.say(talk, ward.slack.incidents.id, thread=root.ts)
    await ward.slack.quiet()
    assert not [m for m in ward.slack.incidents.messages if m.by_bot]
    assert ward.store.drafts(ward.tenant) == ()


async def test_edits_joins_and_other_bots_are_not_answers(ward: World) -> None:
    person = ward.slack.radiographer
    await told(ward, person, "check")
    before = len(ward.slack.channels[person.direct].messages)
    for subtype in ("message_changed", "message_deleted", "channel_join", "bot_message"):
        await person.say("diagnostic", person.direct, subtype=subtype)
    event = person.message_event(
        ward.slack.add(ward.slack.direct(person.id), person.id, {"text": "diagnostic"})
    )
    await ward.slack.event({**event, "bot_id": "B0OTHER"})
    await ward.slack.quiet()
    assert not [m for m in ward.slack.channels[person.direct].messages[before:] if m.by_bot]


async def test_the_bot_does_not_answer_itself(ward: World) -> None:
    channel = ward.slack.direct(ward.slack.radiographer.id)
    own = ward.slack.add(channel, BOT_USER, {"text": "check"})
    event = ward.slack.radiographer.message_event(own)
    await ward.slack.event({**event, "user": BOT_USER, "bot_id": "B0IRMER"})
    await ward.slack.quiet()
    assert channel.messages == [own]


async def test_a_check_is_taken_up_again_after_a_restart_and_a_week(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        async with bot_for(slack, file) as first:
            person = slack.radiographer
            await told(first, person, "check")
            question = await told(first, person, "diagnostic")
            assert "Was any exposure" in question
            old = slack.channels[person.direct].messages[-1]
        slack.advance(7 * 24 * 3600)
        async with bot_for(slack, file) as second:
            said = await told(second, person, "where was I?")
            assert "Another check is unfinished" in said
            assert "What this check holds" in await told(second, person, "yes")
            shown = slack.channels[person.direct].messages
            await slack.until(lambda: "Was any exposure" in words(shown[-1]))
            await person.press("Don't know", old)
            await slack.until(lambda: old.edits)
    assert slack.complaints == []


async def test_the_home_tab_shows_what_waits_and_a_button_to_check(either: World) -> None:
    person = either.slack.radiographer
    await person.open_home()
    home = await either.slack.until(lambda: person.home)
    assert "Check an incident" in buttons(home)
    await person.press("Check an incident", home)
    assert "What kind of exposure" in words(await either.filled(person))
    await person.open_home()
    await either.slack.until(lambda: "unfinished" in words(person.home))


async def test_the_home_tab_shows_my_cases_and_what_falls_due(ward: World) -> None:
    await opened(ward)
    await ward.slack.radiographer.open_home()
    home = await ward.slack.until(lambda: ward.slack.radiographer.home)
    assert "C26-0001" in words(home)
    await ward.slack.physicist.open_home()
    await ward.slack.until(lambda: ward.slack.physicist.home)


async def test_the_home_tab_shows_every_deadline_of_the_week_to_come(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        async with bot_for(slack, file) as first:
            await opened(first)
            due = next(d for d in first.store.deadlines(first.tenant) if d.kind == "notify").due_on
        three_days_before(slack, due)
        async with bot_for(slack, file):
            await slack.radiographer.open_home()
            home = words(await slack.until(lambda: slack.radiographer.home))
            assert "Confirm the verdict" in home
            assert "Notify the authority" in home
            assert "3 days left" in home
            assert "Submit the report" not in home


async def test_the_messages_tab_is_not_the_home_tab(ward: World) -> None:
    await ward.slack.radiographer.open_home("messages")
    await ward.slack.quiet()
    assert ward.slack.radiographer.home is None


async def test_the_global_shortcut_opens_the_form(either: World) -> None:
    await either.slack.radiographer.shortcut("check")
    assert "What kind of exposure" in words(await either.filled(either.slack.radiographer))


async def test_the_message_shortcut_takes_the_message_s_words_into_the_check(either: World) -> None:
    message = await either.slack.physicist.say(
        "Wrong pt had CT head & neck yesterday", either.slack.incidents.id
    )
    await either.slack.radiographer.shortcut("check_message", message)
    await either.filled(either.slack.radiographer)
    (draft,) = either.store.drafts(either.tenant)
    assert "CT head & neck" in str(draft.state)


async def test_the_message_shortcut_bears_any_message(ward: World) -> None:
    for text in ("x" * 15_000, "🚑 مرحبا <!here>"):
        message = ward.slack.add(ward.slack.incidents, ward.slack.physicist.id, {"text": text})
        ward.slack.advance(10)
        await ward.slack.radiographer.shortcut("check_message", message)
        await ward.filled(ward.slack.radiographer)
        await ward.slack.radiographer.close()


async def test_whatever_is_said_to_the_bot_is_answered(ward: World) -> None:
    person = ward.slack.radiographer
    for text in (
        "x" * 40_000,
        "🚑🫀 مرحبا بالعالم \u202eabc\u202c",
        "<!channel> & <@U0PHYS>",
        "wrong patient " * 2_500,
    ):
        await person.say(text)
        assert words(await answered(ward, person.direct))


async def test_a_deleted_message_s_button_answers_all_the_same(ward: World) -> None:
    person = ward.slack.radiographer
    await person.say("check")
    question = await answered(ward, person.direct)
    question.deleted = True
    await person.press("Don't know", question)
    await ward.slack.until(lambda: len([m for m in person.sees(person.direct) if m.by_bot]) >= 1)


async def test_an_archived_channel_s_thread_is_answered_by_direct_message(ward: World) -> None:
    ward.slack.fault("chat.postMessage", "error", error="is_archived")  # just now
    await ward.slack.radiographer.mention("threshold foetal")
    channel = ward.slack.channels[ward.slack.radiographer.direct]
    await ward.slack.until(lambda: channel.messages)
    assert "10 mGy" in words(channel.messages[-1])


async def test_a_mention_without_words_shows_what_there_is(ward: World) -> None:
    root = await ward.slack.radiographer.mention("")
    answer = await ward.slack.until(
        lambda: [m for m in ward.slack.incidents.messages if m.thread_ts == root.ts]
    )
    assert "Is a radiation incident notifiable" in words(answer[0])
    assert "/irmer" not in words(answer[0]), "Slack refuses its commands in threads"


@pytest.mark.parametrize("subtype", ["thread_broadcast", "me_message"])
async def test_an_answer_that_is_also_sent_to_the_channel_or_acted_is_one_answer(
    ward: World, subtype: str
) -> None:
    person, here = ward.slack.radiographer, ward.slack.incidents
    root = await person.mention("check")
    await ward.slack.until(lambda: [m for m in here.messages if m.thread_ts == root.ts])
    await person.say("diagnostic", here.id, thread=root.ts, subtype=subtype)
    await ward.slack.quiet(0.5)
    asked = [m for m in here.messages if m.by_bot and m.thread_ts == root.ts]
    assert len(asked) == 2
    assert "Was any exposure" in words(asked[-1])


async def test_two_people_who_answer_at_once_in_a_thread_leave_one_question_and_no_trouble(
    ward: World,
) -> None:
    one, other, here = ward.slack.radiographer, ward.slack.physicist, ward.slack.incidents
    root = await one.mention("check")
    await ward.slack.until(lambda: [m for m in here.messages if m.thread_ts == root.ts])
    await asyncio.gather(
        one.say("diagnostic", here.id, thread=root.ts), other.say("diagnostic", here.id, thread=root.ts)
    )
    await ward.slack.quiet()
    said = [words(m) for m in here.messages if m.by_bot and m.thread_ts == root.ts]
    assert "Was any exposure" in "".join(said[1:])
    assert "Something went wrong" not in "".join(said)


TOLD = "Wrong patient had a CT head, 40 years old"


async def shown_form(ward: World, person: Person) -> str:
    await ward.slack.until(lambda: person.view and person.view.content["callback_id"] == "form")
    assert person.view is not None
    return str(person.view.content)


async def test_the_shortcut_reads_a_message_that_was_forwarded(ward: World) -> None:
    person, here = ward.slack.radiographer, ward.slack.incidents
    told = await ward.slack.physicist.say(TOLD, here.id)
    await person.shortcut("check_message", person.forward(told, here.id))
    await shown_form(ward, person)
    assert person.value("What kind of exposure") is not None
    assert person.value("How old") == "40"


async def test_the_shortcut_reads_words_that_stand_in_blocks_or_in_what_a_program_attached(
    ward: World,
) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": TOLD}}
    runs = [{"type": "text", "text": part} for part in (TOLD[:9], TOLD[9:])]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": runs}]}
    for content, attached in (
        ({"blocks": [section]}, []),
        ({"blocks": [rich]}, []),
        ({}, [{"blocks": [section]}]),
        ({}, [{"text": TOLD}]),
    ):
        person = ward.slack.add_person("somebody")
        message = ward.slack.add(ward.slack.incidents, ward.slack.physicist.id, content)
        message.attachments = attached
        await person.shortcut("check_message", message)
        await shown_form(ward, person)
        assert person.value("How old") == "40"


async def test_the_shortcut_says_where_it_can_read_no_words(ward: World) -> None:
    person, here = ward.slack.radiographer, ward.slack.incidents
    await person.shortcut("check_message", ward.slack.add(here, ward.slack.physicist.id, {"text": ""}))
    await ward.slack.until(lambda: person.private())
    assert "no words in that message" in words(person.private()[-1])
    assert person.view is None


async def test_where_a_thread_takes_no_message_the_direct_message_has_no_button_that_does_nothing(
    ward: World,
) -> None:
    slack, person, channel = ward.slack, ward.slack.physicist, ward.slack.incidents.id
    root = await person.mention("check", channel)
    await answered(ward, channel, root.ts)
    slack.fault("chat.postMessage", "error", error="not_in_channel")
    await person.say("nuclear medicine scan", channel, thread=root.ts)
    refused = await answered(ward, person.direct)
    assert "a thread in which I cannot write" in words(refused)
    assert "Was any exposure" in words(refused), "what it asks is read there"
    assert not [label for label in buttons(refused) if label != "What is due"]
    assert labels(refused) == []
    await person.mention("check", channel, thread=root.ts)
    await person.press("Go on with it", await answered(ward, channel, root.ts))

    def asks() -> list[Message]:
        return [m for m in slack.incidents.messages if m.by_bot and "Was any exposure" in words(m)]

    (question,) = await slack.until(asks)
    assert "Answer" in buttons(question)


FORWARDED, FILED = "Not used: what is forwarded", "Not used: what is attached"


@pytest.mark.parametrize("text", ["", "check wrong patient had a CT head", "threshold foetal"])
@pytest.mark.parametrize("in_channel", [False, True])
async def test_what_is_forwarded_or_attached_to_words_is_said_not_to_be_used(
    ward: World, text: str, in_channel: bool
) -> None:
    person, here = ward.slack.radiographer, ward.slack.incidents.id
    told = await ward.slack.physicist.say("It was 25 mSv in all", here)
    place, call = (here, f"<@{BOT_USER}> ") if in_channel else (person.direct, "")
    await person.say(call + text, place, files=("dose report.pdf",))
    await ward.slack.until(lambda: said(ward, FILED))
    ward.slack.advance(10)
    await person.say(call + text, place, forwarding=told)
    await ward.slack.until(lambda: said(ward, FORWARDED))
    assert "25 mSv" not in str([draft.state for draft in ward.store.drafts(ward.tenant)])


def said(ward: World, words_of_it: str) -> list[Message]:
    every = (m for channel in ward.slack.channels.values() for m in channel.messages)
    return [m for m in every if m.by_bot and words_of_it in words(m)]


async def test_of_what_people_forward_and_attach_among_themselves_nothing_is_said(ward: World) -> None:
    one, other, here = ward.slack.radiographer, ward.slack.physicist, ward.slack.incidents
    root = await one.mention("check")
    await ward.slack.until(lambda: [m for m in here.messages if m.thread_ts == root.ts])
    await other.say("here is the rota", here.id, thread=root.ts, files=("rota.xlsx",))
    await ward.slack.quiet()
    assert said(ward, FILED) == []
