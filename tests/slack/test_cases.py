"""A case in Slack: its card and its thread, its steps by buttons, and its pings."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from storage.model import Person
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import buttons, labels, words
from tests.fakes.slack_state import Message
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_form import filled_in

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


async def opened(ward: World) -> Message:
    """A notifiable check, kept: its case's card in the incidents channel."""
    person = ward.slack.radiographer
    await person.command("settings incidents_channel #incidents")
    await filled_in(ward, person, "25 mSv", "2 mSv")
    assert await person.submit() == {}
    assert await person.submit() == {}
    await ward.slack.until(lambda: "Kept as record" in words(person.view))
    await person.close()
    card = await card_of(ward)
    await ward.slack.until(lambda: ward.store.addresses(ward.tenant, "C26-0001"))
    return card


async def card_of(ward: World) -> Message:
    def there() -> Message | None:
        found = [m for m in ward.slack.incidents.messages if m.by_bot and not m.only_for and not m.thread_ts]
        return found[-1] if found else None

    card: Message = await ward.slack.until(there)
    return card


async def stepped(ward: World, card: Message, label: str) -> None:
    """Press one of the card's buttons, and wait until the card says what came of it."""
    before = card.edits
    ward.slack.advance(6)
    await ward.slack.radiographer.press(label, card)
    await ward.slack.until(lambda: card.edits > before)


async def test_a_kept_notifiable_verdict_is_posted_to_the_incidents_channel_once(either: World) -> None:
    card = await opened(either)
    assert "C26-0001" in words(card)
    assert "as soon as possible" in words(card)
    assert {"Notified", "Assign", "Note"} <= set(buttons(card))
    await either.slack.quiet(0.5)
    assert len([m for m in either.slack.incidents.messages if "C26-0001" in words(m) and not m.only_for]) == 1


async def test_the_card_of_a_case_opened_before_a_crash_is_posted_after_the_restart(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        async with bot_for(slack, file) as first:
            slack.fault("chat.postMessage", "500", times=1)
            person = slack.radiographer
            await person.command("settings incidents_channel #incidents")
            await filled_in(first, person, "25 mSv", "2 mSv")
            for _ in range(2):
                await person.submit()
            await slack.until(lambda: "Kept as record" in words(person.view))
        async with bot_for(slack, file) as second:
            assert "C26-0001" in words(await card_of(second))
            await slack.quiet(0.7)
        posted = [m for m in slack.incidents.messages if "C26-0001" in words(m) and not m.only_for]
        assert len(posted) == 1
    assert slack.complaints == []


async def test_people_and_channels_are_picked_in_the_settings_form(ward: World) -> None:
    person = ward.slack.radiographer
    shown = await person.command("settings")
    await person.press("Change", shown)
    await ward.filled(person)
    await person.fill("Incidents channel", ward.slack.incidents.id)
    await person.fill("Medical physics experts", [ward.slack.physicist.id, person.id])
    assert await person.submit() == {}
    kept = ward.store.settings(ward.tenant)
    assert kept["incidents_channel"] == {"platform": "slack", "conversation": ward.slack.incidents.id}
    assert kept["role_mpe"] == [ward.slack.physicist.id, person.id]


async def test_people_and_channels_of_another_platform_stay_in_the_settings_form(ward: World) -> None:
    person, mpe = ward.slack.radiographer, ["U0PHYS", "8f3a0000-0000-4000-8000-000000000001"]
    away = {"platform": "teams", "conversation": "19:a@thread.tacv2"}
    ward.store.change_settings(
        ward.tenant, {"role_mpe": mpe, "incidents_channel": away}, by=Person("U0GOV"), now=NOW
    )
    await person.press("Change", await person.command("settings"))
    await ward.filled(person)
    assert person.value("Medical physics experts") == ",".join(mpe)
    await person.fill("Nation", "Wales")
    assert await person.submit() == {}
    kept = ward.store.settings(ward.tenant)
    assert (kept["role_mpe"], kept["incidents_channel"], kept["nation"]) == (mpe, away, "wales")


async def test_steps_are_taken_by_buttons_and_one_message_is_kept_up_to_date(either: World) -> None:
    card = await opened(either)
    person = either.slack.radiographer
    await stepped(either, card, "Begin investigation")
    assert either.store.case(either.tenant, "C26-0001").state == "investigating"
    either.slack.advance(6)
    await person.press("Notified", card)
    await either.filled(person)
    assert any("reference" in label.lower() for label in labels(person.view))  # type: ignore[arg-type]
    reference = next(label for label in labels(person.view) if "reference" in label.lower())  # type: ignore[arg-type]
    await person.fill(reference, "CQC-1234")
    assert await person.submit() == {}
    await either.slack.until(lambda: "CQC-1234" in words(card))
    case = either.store.case(either.tenant, "C26-0001")
    assert (case.state, case.authority_reference) == ("notified", "CQC-1234")
    assert len([m for m in either.slack.incidents.messages if not m.only_for and not m.thread_ts]) == 1


async def test_an_old_button_on_a_step_that_was_taken_is_told_and_harms_nothing(ward: World) -> None:
    card = await opened(ward)
    old = Message(card.channel, card.ts, card.user, card.text, list(card.blocks))
    await stepped(ward, card, "Begin investigation")
    version = ward.store.case(ward.tenant, "C26-0001").version
    ward.slack.advance(6)
    before = len(ward.slack.physicist.private())
    await ward.slack.physicist.press("Begin investigation", old)
    told = await ward.slack.until(lambda: ward.slack.physicist.private()[before:])
    assert "radiographer" in words(told[-1])
    assert ward.store.case(ward.tenant, "C26-0001").version == version


async def test_a_form_that_came_too_late_says_why_and_shows_the_case_as_it_is(ward: World) -> None:
    card = await opened(ward)
    person = ward.slack.physicist
    await person.press("Notified", card)
    await ward.filled(person)
    await ward.slack.radiographer.command("notified C26-0001 CQC-1")
    assert await person.submit() == {}
    await ward.slack.quiet()
    seen = words(person.view)
    assert "radiographer" in seen
    assert "CQC-1" in seen
    assert ward.store.case(ward.tenant, "C26-0001").authority_reference == "CQC-1"


async def test_an_old_button_on_a_closed_case_says_so(ward: World) -> None:
    card = await opened(ward)
    old = Message(card.channel, card.ts, card.user, card.text, list(card.blocks))
    person = ward.slack.radiographer
    for words_of in ("investigate", "notified CQC-1", "reported", "close"):
        ward.slack.advance(6)
        await person.command(f"{words_of.split()[0]} C26-0001 {' '.join(words_of.split()[1:])}".strip())
    assert ward.store.case(ward.tenant, "C26-0001").state == "closed"
    ward.slack.advance(6)
    before = len(person.private())
    await person.press("Begin investigation", old)
    told = await ward.slack.until(lambda: person.private()[before:])
    assert "closed" in words(told[-1])
    assert ward.store.case(ward.tenant, "C26-0001").state == "closed"


async def test_a_reply_in_the_case_s_thread_can_be_kept_as_a_note(ward: World) -> None:
    card = await opened(ward)
    await ward.slack.physicist.say("note Dose recalculated from the DLP", card.channel, thread=card.ts)
    await ward.slack.until(lambda: ward.store.notes(ward.tenant, "C26-0001"))
    (note,) = ward.store.notes(ward.tenant, "C26-0001")
    assert note.text == "Dose recalculated from the DLP"
    assert (note.by.id, note.by.name) == (ward.slack.physicist.id, "physicist")


async def test_a_step_in_plain_words_in_the_thread_is_answered_in_a_line_that_leads_to_the_card(
    ward: World,
) -> None:
    card = await opened(ward)
    await ward.slack.radiographer.say("notified CQC-77", card.channel, thread=card.ts)

    def answers() -> list[Message]:
        return [m for m in ward.slack.incidents.messages if m.thread_ts == card.ts and m.by_bot]

    (answer,) = await ward.slack.until(answers)
    assert "Notified, with the authority's reference CQC-77" in words(answer)
    assert card.ts.replace(".", "") in str(answer.blocks)
    assert buttons(answer) == []


async def test_a_message_is_added_to_a_case_that_is_picked(ward: World) -> None:
    await opened(ward)
    person = ward.slack.radiographer
    message = await ward.slack.physicist.say("The dose was worked out again", ward.slack.incidents.id)
    await person.shortcut("add_to_case", message)
    view = await ward.filled(person)
    assert "Which case does it belong to?" in labels(view)
    assert person.value("What is kept as a note") == "The dose was worked out again"
    await person.fill("Which case", next(w for w in words(view).splitlines() if w.startswith("C26-0001 ")))
    assert await person.submit() == {}
    await ward.slack.until(lambda: ward.store.notes(ward.tenant, "C26-0001"))
    (note,) = ward.store.notes(ward.tenant, "C26-0001")
    assert note.text == "The dose was worked out again"


async def test_whoever_is_given_a_case_goes_by_their_name_at_once(ward: World) -> None:
    card = await opened(ward)
    ward.slack.advance(6)
    await ward.slack.radiographer.press("Assign", card)
    await ward.filled(ward.slack.radiographer)
    await ward.slack.radiographer.fill("Whose is it from now on?", "U0PHYS")
    assert await ward.slack.radiographer.submit() == {}
    await ward.slack.until(lambda: ward.store.case(ward.tenant, "C26-0001").version == 2)
    owner = ward.store.case(ward.tenant, "C26-0001").owner
    assert owner is not None
    assert (owner.id, owner.name) == ("U0PHYS", ward.slack.physicist.name)
    await ward.slack.radiographer.say("take over C26-0001", thread=card.ts)
    await ward.slack.until(lambda: ward.store.case(ward.tenant, "C26-0001").version == 3)
    await ward.slack.radiographer.say("assign C26-0001 <@U0PHYS>", thread=card.ts)
    await ward.slack.until(lambda: ward.store.case(ward.tenant, "C26-0001").version == 4)
    owner = ward.store.case(ward.tenant, "C26-0001").owner
    assert owner is not None
    assert (owner.id, owner.name) == ("U0PHYS", ward.slack.physicist.name)


async def test_other_talk_in_the_case_s_thread_is_left_alone(ward: World) -> None:
    card = await opened(ward)
    await ward.slack.physicist.say("I am on my way", card.channel, thread=card.ts)
    await ward.slack.quiet()
    assert ward.store.notes(ward.tenant, "C26-0001") == ()


# Of a person, a channel or a workspace, but in a mention, which Slack shows as a name.
RAW_ID = re.compile(r"(?<![@#])\b[UWCT]0[A-Z0-9]{2,}\b")


def shown_in(notification: str) -> set[str]:
    """The references and days in it."""
    return set(re.findall(r"C\d\d-\d{4}|[A-Z][a-z]{2} \d+ [A-Z][a-z]+ \d{4}", notification))


def three_days_before(slack: FakeSlack, due: date) -> None:
    """Move the clock on to the morning of a ping, UK winter time."""
    at = datetime.combine(due - timedelta(days=3), time(9, 1), UTC)
    slack.advance(at.timestamp() - slack.now())


async def pinged(ward: World, card: Message, count: int) -> Message:
    def there() -> Message | None:
        found = [m for m in ward.slack.incidents.messages if m.thread_ts == card.ts and m.by_bot]
        return found[-1] if len(found) >= count else None

    ping: Message = await ward.slack.until(there)
    return ping


async def nearly_due(slack: FakeSlack, file: Path) -> tuple[Message, date]:
    """The card of a case that was opened by a bot which has ended since, and the day by which to notify,
    three days before it."""
    async with bot_for(slack, file) as first:
        card = await opened(first)
        due = next(d for d in first.store.deadlines(first.tenant) if d.kind == "notify").due_on
    three_days_before(slack, due)
    return card, due


async def test_a_ping_comes_in_the_case_s_thread_calls_its_owner_and_can_be_snoozed(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        card, due = await nearly_due(slack, file)
        async with bot_for(slack, file) as second:
            ping = await pinged(second, card, 1)
            assert f"<@{slack.radiographer.id}>" in words(ping)
            assert {"C26-0001", f"{due:%a} {due.day} {due:%B %Y}"} <= shown_in(ping.text)
            assert "/irmer" not in words(ping)
            assert not [m.text for m in slack.incidents.messages if RAW_ID.search(m.text)]
            assert any("now" in label.lower() or "done" in label.lower() for label in buttons(ping))
            snooze = next(label for label in buttons(ping) if "Snooze" in label)
            await slack.radiographer.press(snooze, ping)
            await second.filled(slack.radiographer)
            await slack.quiet(0.5)
            pings = [m for m in slack.incidents.messages if m.thread_ts == card.ts and m.by_bot]
            assert len(pings) == 1
    assert slack.complaints == []


async def test_a_ping_whose_fate_is_unknown_is_looked_for_and_not_doubled(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        card, _ = await nearly_due(slack, file)
        slack.fault("chat.postMessage", "reset_after")
        async with bot_for(slack, file) as second:
            await pinged(second, card, 1)
            await slack.until(lambda: any(c.method == "conversations.replies" for c in slack.calls))
            await slack.quiet(0.7)
            pings = [m for m in slack.incidents.messages if m.thread_ts == card.ts and m.by_bot]
            assert len(pings) == 1
    assert slack.complaints == []


async def test_a_ping_that_its_channel_does_not_take_goes_to_the_fallback_channel(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        fallback = slack.add_channel("governance")
        async with bot_for(slack, file) as first:
            await opened(first)
            slack.advance(6)
            await slack.radiographer.command("settings fallback_channel #governance")
            due = next(d for d in first.store.deadlines(first.tenant) if d.kind == "notify").due_on
        slack.incidents.archived = True
        three_days_before(slack, due)
        async with bot_for(slack, file):
            await slack.until(lambda: fallback.messages)
            assert "could not be delivered" in words(fallback.messages[-1])
    assert slack.complaints == []


async def test_what_was_shown_in_another_tenant_s_name_touches_no_case_of_the_same_number(
    ward: World,
) -> None:
    person = ward.slack.radiographer
    old = await opened(ward)
    ward.slack.advance(6)
    await person.press("Notified", old)
    await ward.filled(person)
    form = person.view
    assert form is not None
    await person.close()
    by, now = Person("os:root", "root"), datetime.fromtimestamp(ward.slack.now(), UTC)
    ward.store.add_organisation("the-trust", "The Trust", by=by, now=now)
    ward.service.face.installation.tied = "the-trust"
    ward.slack.advance(10)
    await opened(ward)
    case = ward.store.case("the-trust", "C26-0001")
    ward.slack.advance(6)
    before = len(person.private())
    await person.press("Begin investigation", old)
    await ward.slack.until(lambda: len(person.private()) > before)
    assert "another organisation's name" in words(person.private()[-1])
    ward.slack.stacks[person.id] = [form]
    await person.submit()
    assert "another organisation's name" in words(person.view)
    assert ward.store.case("the-trust", "C26-0001") == case


async def test_all_cases_are_handed_over_by_a_card_that_the_other_accepts(ward: World) -> None:
    await opened(ward)
    giver, taker = ward.slack.radiographer, ward.slack.physicist
    await giver.command(f"hand over to <@{taker.id}|physicist>")

    def asked() -> Message | None:
        there = ward.slack.direct(taker.id).messages
        return next((one for one in there if "to take over 1 case" in words(one)), None)

    offer: Message = await ward.slack.until(asked)
    owner = ward.store.case(ward.tenant, "C26-0001").owner
    assert owner
    assert owner.id == giver.id
    ward.slack.advance(6)
    await taker.press("Accept", offer)
    await ward.slack.until(lambda: "It is yours now: 1 case" in words(offer))
    assert "Accept" not in buttons(offer)
    owner = ward.store.case(ward.tenant, "C26-0001").owner
    assert owner
    assert owner.id == taker.id
    told = ward.slack.direct(giver.id).messages
    await ward.slack.until(lambda: any("has taken over 1 case of yours" in words(one) for one in told))


async def test_of_two_presses_on_one_message_it_shows_what_the_second_did(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        card, _ = await nearly_due(slack, file)
        async with bot_for(slack, file) as second:
            ping = await pinged(second, card, 1)
            await slack.quiet()
            slack.fault("chat.update", "slow_before", seconds=0.4)
            await slack.physicist.press("Take over", ping)
            await slack.governance.press("Take over", ping)
            await slack.quiet(0.6)
            owner = second.store.case(second.tenant, "C26-0001").owner
            assert owner is not None
            assert owner.id == slack.governance.id
            assert "It is governance's now" in words(ping)
    assert slack.complaints == []
