"""`/irmer` as people type it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.core.bot import Bot
from bot.core.messages import Capabilities, Reply, Request
from tests.fakes.slack_people import buttons, words
from tests.fakes.slack_state import Message
from tests.slack.conftest import World, world


async def test_a_look_up_is_answered_privately_within_the_acknowledgement(either: World) -> None:
    answer = await either.slack.radiographer.command("threshold foetal")
    assert answer is not None
    assert answer.only_for == either.slack.radiographer.id
    assert "10 mGy" in words(answer)
    await either.slack.quiet()
    assert [call.method for call in either.slack.calls if call.method.startswith("chat.")] == []


LOOKS = {
    "Thresholds": "10 mGy",
    "Open cases": "Open cases: none",
    "What is due": "Nothing falls due",
    "Settings": "incidents_channel",
    "All commands": "/irmer snooze",
}


async def test_the_bare_command_shows_what_it_can_do_with_buttons(either: World) -> None:
    answer = await either.slack.radiographer.command("")
    assert answer is not None
    assert "/irmer check" in words(answer)
    assert buttons(answer) == ["Check an incident", *LOOKS]


@pytest.mark.parametrize("label", LOOKS)
async def test_a_button_of_the_bare_command_shows_what_it_says(ward: World, label: str) -> None:
    person = ward.slack.radiographer
    answer = await person.command("")
    await person.press(label, answer)
    shown = await ward.slack.until(lambda: person.private()[1:])
    assert LOOKS[label] in words(shown[0])


async def test_the_help_s_button_opens_the_form(either: World) -> None:
    answer = await either.slack.radiographer.command("help")
    await either.slack.radiographer.press("Check an incident", answer)
    assert "What kind of exposure was it?" in words(await either.filled(either.slack.radiographer))


async def test_check_opens_a_form_as_a_skeleton_and_fills_it(either: World) -> None:
    view = await either.form(either.slack.radiographer)
    assert "What kind of exposure was it?" in words(view)
    views = [call for call in either.slack.calls if call.method.startswith("views.")]
    assert [call.method for call in views] == ["views.open", "views.update"]
    assert views[0].arguments["view"]["callback_id"] == "loading"


async def test_an_unknown_word_gets_a_helpful_one(ward: World) -> None:
    answer = await ward.slack.radiographer.command("chek the patient")
    assert "/irmer check" in words(answer)


async def test_a_command_of_another_bot_gets_a_helpful_word(ward: World) -> None:
    answer = await ward.slack.radiographer.command("x", command="/other")
    assert "/irmer help" in words(answer)


async def test_settings_name_people_and_channels_as_slack_does(ward: World) -> None:
    person, channel = ward.slack.radiographer, ward.slack.incidents.id
    answer = await person.command("settings incidents_channel here", channel=channel)
    assert answer is not None
    (changed,) = answer.blocks
    assert changed["elements"][0]["elements"] == [
        {"type": "text", "text": "Incidents channel: ", "style": {"bold": True}},
        {"type": "channel", "channel_id": channel},
        {
            "type": "text",
            "text": ". Careful: the incidents channel is public: everybody here may join it and read every "
            "case that is posted there.",
            "style": {"bold": True},
        },
    ]
    await person.command("settings role_mpe @physicist")
    shown = await person.command("settings")
    assert shown is not None
    parts = [part for block in shown.blocks for part in block.get("elements", ())]
    runs = [run for part in parts for run in part.get("elements", ())]
    assert {"type": "channel", "channel_id": channel} in runs
    assert "Medical physics experts (role_mpe): physicist" in words(shown)
    assert "U0PHYS" not in str(shown.blocks)
    asked = await person.say("settings", person.direct)

    def told() -> list[Message]:
        return [m for m in person.sees(person.direct) if m.by_bot and m.ts > asked.ts]

    (answer,) = await ward.slack.until(told)
    assert str({"type": "channel", "channel_id": channel}) in str(answer.blocks)


async def test_enter_pressed_twice_is_one_command(ward: World) -> None:
    words_of = "settings ping_hour 10:00"
    first, second = await asyncio.gather(
        ward.slack.radiographer.command(words_of), ward.slack.radiographer.command(words_of)
    )
    assert [answer is None for answer in (first, second)].count(True) == 1
    assert await ward.slack.physicist.command(words_of) is not None
    ward.slack.advance(6)
    assert await ward.slack.radiographer.command(words_of) is not None


@pytest.mark.parametrize("words_of", ["", "threshold foetal", "cases", "due", "case 2026-0099"])
async def test_a_look_up_is_answered_as_often_as_it_is_asked(ward: World, words_of: str) -> None:
    for _ in range(2):
        assert await ward.slack.radiographer.command(words_of) is not None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("CT head of the wrong patient, NHS 999 000 0018", "A patient's number was taken out"),
        ("wrong patient had a CT head, " * 600, "characters were read"),
    ],
)
async def test_what_its_author_must_know_of_their_words_stands_in_the_form(
    ward: World, typed: str, told: str
) -> None:
    view = await ward.form(ward.slack.radiographer, f"check {typed}")
    await ward.slack.quiet()
    assert told in words(view)
    assert words(view).index(told) < words(view).index("Where in the UK")
    assert ward.slack.radiographer.private() == []


async def test_check_entered_twice_opens_one_form(ward: World) -> None:
    await asyncio.gather(ward.slack.radiographer.command("check"), ward.slack.radiographer.command("check"))
    await ward.filled(ward.slack.radiographer)
    await ward.slack.quiet()
    assert [c.method for c in ward.slack.calls].count("views.open") == 1


@pytest.mark.parametrize(
    "typed",
    [
        "threshold " + "x" * 40_000,
        "check " + "wrong patient had a CT head, " * 600,
        "threshold 🚑🫀 مرحبا بالعالم \u202eevil\u202c",
        "<!channel> & <@U0PHYS> *bold*",
        "threshold \x00\x07",
    ],
)
async def test_whatever_is_typed_is_answered(ward: World, typed: str) -> None:
    answer = await ward.slack.radiographer.command(typed)
    await ward.slack.quiet()
    assert answer is not None or ward.slack.radiographer.view is not None


async def test_a_trigger_that_has_expired_is_answered_with_a_button_that_opens_the_form(ward: World) -> None:
    ward.slack.fault("views.open", "error", error="expired_trigger_id")
    await ward.slack.radiographer.command("check")
    offered = await ward.slack.until(ward.slack.radiographer.private)
    await ward.slack.radiographer.press("Open the form", offered[-1])
    assert "What kind of exposure was it?" in words(await ward.filled(ward.slack.radiographer))


async def test_the_offered_button_takes_up_what_was_written(ward: World) -> None:
    ward.slack.fault("views.open", "error", error="expired_trigger_id")
    await ward.slack.radiographer.command("check wrong patient had a CT head")
    offered = await ward.slack.until(ward.slack.radiographer.private)
    await ward.slack.radiographer.press("Open the form", offered[-1])
    await ward.filled(ward.slack.radiographer)
    (draft,) = ward.store.drafts(ward.tenant)
    assert "CT head" in str(draft.state)


class Slow(Bot):
    """A core on a machine that is short of breath."""

    seconds = 2.8

    def handle(self, request: Request, face: Capabilities) -> list[Reply]:
        time.sleep(self.seconds)
        return super().handle(request, face)


async def test_a_slow_answer_is_acknowledged_in_time_and_follows(file: Path) -> None:
    async with world(file, make_bot=Slow) as slow:
        assert await slow.slack.radiographer.command("case 2026-0001") is None
        (answer,) = await slow.slack.until(slow.slack.radiographer.private)
        assert "2026-0001" in words(answer)


async def test_a_slow_form_opens_its_skeleton_in_time(file: Path) -> None:
    class Slower(Slow):
        seconds = 3.5

    async with world(file, make_bot=Slower) as slow:
        await slow.slack.radiographer.command("check")
        assert "One moment" in words(await slow.filled(slow.slack.radiographer, "loading"))
        assert "What kind of exposure" in words(await slow.filled(slow.slack.radiographer))


class Broken(Bot):
    def handle(self, request: Request, face: Capabilities) -> list[Reply]:
        raise KeyError("the words that somebody typed: 999 000 0018")


async def test_a_fault_of_ours_is_told_in_one_line_and_written_down_without_anybody_s_words(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(file, make_bot=Broken) as broken:
        answer = await broken.slack.radiographer.command("threshold foetal")
        assert "Something went wrong" in words(answer)
    assert "KeyError" in caplog.text
    assert "999" not in caplog.text


async def test_a_fault_behind_an_open_form_is_told_in_the_form(file: Path) -> None:
    async with world(file, make_bot=Broken) as broken:
        await broken.slack.radiographer.command("check")
        assert "Something went wrong" in words(await broken.filled(broken.slack.radiographer, "card"))


async def test_a_record_that_does_not_exist_is_told_in_one_line(ward: World) -> None:
    answer = await ward.slack.radiographer.command("case 2026-0099")
    assert "2026-0099" in words(answer)


async def test_only_a_channel_is_set_as_one(ward: World) -> None:
    """A name that Slack did not turn into an id, and one's own chat with the bot, reach nobody else."""
    person = ward.slack.radiographer
    for words_, place in (("nowhere", ""), ("incidents", ""), (person.direct, ""), ("here", person.direct)):
        ward.slack.advance(10)
        answer = await person.command(f"settings incidents_channel {words_}", place)
        assert answer is not None
        assert "Name a channel: here, in the channel itself" in words(answer)
    assert "incidents_channel" not in ward.store.settings(ward.tenant)
