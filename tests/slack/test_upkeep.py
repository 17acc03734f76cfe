"""What whoever looks after it does in Slack: tries the way of the reminders, and asks for the digest."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_seen import words
from tests.fakes.slack_state import BOT_USER, Message
from tests.processes import irmer_here
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_cases import buttons, opened, pinged, three_days_before


def tried_in(ward: World, channel: str) -> list[str]:
    found: list[Message] = ward.slack.channels[channel].messages
    return [words(one) for one in found if one.by_bot and "TEST by" in words(one)]


async def test_a_test_of_the_reminders_goes_where_they_go_and_says_what_became_of_it(ward: World) -> None:
    person, direct = ward.slack.radiographer, ward.slack.direct(ward.slack.radiographer.id)
    ward.slack.add_channel("elsewhere", "C0ELSEWHERE")
    await person.command("settings incidents_channel #incidents")
    await person.command("settings fallback_channel #elsewhere")
    ward.slack.channels["C0ELSEWHERE"].members.discard(BOT_USER)
    shown = await person.command("settings test_ping")
    assert "What became of it" in buttons(shown)
    await ward.slack.until(lambda: tried_in(ward, ward.slack.incidents.id) and tried_in(ward, direct.id))
    assert "Nothing is due" in tried_in(ward, ward.slack.incidents.id)[0]
    ward.slack.advance(60)
    await ward.slack.quiet(0.3)
    after = words(await person.command("settings test_ping"))
    assert "the incidents channel" in after
    assert "you, by direct message" in after
    assert after.count("arrived") >= 2
    assert "not delivered" in after
    assert len(tried_in(ward, direct.id)) == 1


async def test_the_digest_is_shown_to_who_asks_and_says_what_is_open(ward: World) -> None:
    await opened(ward)
    shown = await ward.slack.radiographer.command("digest")
    assert "C26-0001" in words(shown)
    assert shown.only_for == ward.slack.radiographer.id


async def test_reminders_come_to_the_owner_as_well_where_a_setting_says_so(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        async with bot_for(slack, file) as first:
            card = await opened(first)
            await slack.radiographer.command("settings owner_reminders also by direct message")
            due = next(d for d in first.store.deadlines(first.tenant) if d.kind == "notify").due_on
        three_days_before(slack, due)
        async with bot_for(slack, file) as second:
            await pinged(second, card, 1)
            direct = slack.direct(slack.radiographer.id)
            await slack.until(lambda: [m for m in direct.messages if m.by_bot and "C26-0001" in words(m)])
    assert slack.complaints == []


async def test_the_doctor_says_that_it_is_none_of_slacks_and_tries_the_way_of_the_reminders(
    file: Path,
) -> None:
    async with FakeSlack(began=None) as slack:
        async with bot_for(slack, file) as ward:
            await slack.radiographer.command("settings incidents_channel #incidents")
            assert ward.store.settings(ward.tenant)
        given = {
            "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url,
            "SLACK_APP_TOKEN": slack.app_token,
        }  # fmt: skip
        tried = [
            (await asyncio.to_thread(lambda: irmer_here("doctor", "--ping", database=file, **given)))[1]
            for slack.incidents.members in (slack.incidents.members, {slack.radiographer.id})
        ]
    assert all("in the place of Slack" in said for said in tried)
    assert "test ping  slack, the incidents channel: arrived" in tried[0]
    assert any(words(one).startswith("TEST by irmer doctor") for one in slack.incidents.messages)
    assert "wrong      test ping, slack, the incidents channel: not_in_channel" in tried[1]
