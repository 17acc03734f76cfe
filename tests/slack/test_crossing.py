"""Words that come late, or cross the bot's own on the way: nobody answers what they had not read, and a day
is the one that it was when they wrote."""

from __future__ import annotations

import asyncio
import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person, buttons, words
from tests.fakes.slack_state import Message
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_cases import opened
from tests.slack.test_conversation import typed_answer

TOTAL, INTENDED, FLAGS = "What effective dose did", "What effective dose was intended", "Which of these"
NOT_TAKEN = "was written before this stood here, and nothing of it was taken"
DOSES = ("total_dose", "intended_dose")


class Thread:
    """A check in words, in a thread of the incidents channel or in somebody's direct messages."""

    def __init__(self, ward: World, channel: str, root: str = "") -> None:
        self.ward, self.channel, self.root = ward, channel, root

    @property
    def asked(self) -> list[Message]:
        every = self.ward.slack.channels[self.channel].messages
        return [m for m in every if m.by_bot and m.thread_ts == self.root and not m.only_for]

    async def upto(self, person: Person, question: str) -> Message:
        """Answered by them until this is asked."""
        await self.ward.slack.until(lambda: self.asked)
        while question not in words(last := self.asked[-1]):
            told = "diagnostic" if "What kind" in words(last) else typed_answer(words(last))
            await person.say(told, self.channel, thread=self.root)
            await self.ward.slack.until(lambda last=last: self.asked[-1] is not last)
        return last

    def lost(self, person: Person, text: str) -> Message:
        """What they write, and the bot does not hear yet."""
        place = self.ward.slack.channels[self.channel]
        return self.ward.slack.add(place, person.id, {"text": text}, thread_ts=self.root)

    async def heard(self, person: Person, *lost: Message) -> None:
        for message in lost:
            event = person.message_event(message)
            await self.ward.slack.event(event, retry=1, at=float(message.ts))
        await self.ward.slack.quiet()

    def facts(self) -> dict[str, Any]:
        (draft,) = self.ward.store.drafts(self.ward.tenant)
        facts: dict[str, Any] = draft.state["facts"]
        return facts


async def in_thread(ward: World) -> Thread:
    root = await ward.slack.radiographer.mention("check")
    return Thread(ward, ward.slack.incidents.id, root.ts)


async def in_direct(ward: World) -> Thread:
    await ward.slack.radiographer.say("check")
    return Thread(ward, ward.slack.radiographer.direct)


@pytest.mark.parametrize("where", [in_thread, in_direct])
async def test_an_answer_that_comes_once_more_and_late_answers_no_other_question(
    ward: World, where: Any
) -> None:
    person = ward.slack.radiographer
    talk = await where(ward)
    await talk.upto(person, TOTAL)
    late = talk.lost(person, "25 mSv")
    ward.slack.advance(30)
    await person.say("25 mSv", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: INTENDED in words(talk.asked[-1]))
    ward.slack.advance(30)
    await talk.heard(person, late)
    assert NOT_TAKEN in words(talk.asked[-1])
    assert "“25 mSv”" in words(talk.asked[-1])
    assert INTENDED in words(talk.asked[-1]), "it is asked once more"
    assert [talk.facts().get(name) for name in DOSES] == ["25 mSv", None]
    await person.say("2 mSv", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: talk.facts().get("intended_dose") == "2 mSv")


async def test_so_it_is_where_the_bot_was_started_anew_in_between(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        person = slack.radiographer
        async with bot_for(slack, file) as first:
            talk = await in_direct(first)
            await talk.upto(person, TOTAL)
            late = talk.lost(person, "25 mSv")
            slack.advance(30)
            await person.say("25 mSv")
            await slack.until(lambda: INTENDED in words(talk.asked[-1]))
        async with bot_for(slack, file) as second:
            talk.ward = second
            slack.advance(30)
            await talk.heard(person, late)
            assert NOT_TAKEN in words(talk.asked[-1])
            assert "intended_dose" not in talk.facts()


async def test_what_was_written_twice_while_the_bot_was_away_is_one_answer(ward: World) -> None:
    person = ward.slack.radiographer
    talk = await in_direct(ward)
    await talk.upto(person, TOTAL)
    first = talk.lost(person, "25 mSv")
    ward.slack.advance(20)
    second = talk.lost(person, "25 mSv")
    ward.slack.advance(20)
    await talk.heard(person, first, second)
    assert "intended_dose" not in talk.facts()


@pytest.mark.parametrize("theirs", ["25 mSv", "24 mSv"])
async def test_of_two_people_who_answer_at_once_one_answers(ward: World, theirs: str) -> None:
    one, other = ward.slack.radiographer, ward.slack.physicist
    talk = await in_thread(ward)
    await talk.upto(one, TOTAL)
    await asyncio.gather(
        one.say("25 mSv", talk.channel, thread=talk.root), other.say(theirs, talk.channel, thread=talk.root)
    )
    await ward.slack.quiet()
    assert talk.facts()["total_dose"] in ("25 mSv", theirs)
    assert "intended_dose" not in talk.facts()
    assert NOT_TAKEN in words(talk.asked[-1])
    assert INTENDED in words(talk.asked[-1])


@pytest.mark.parametrize("theirs", ["2.4 mSv", "?"])
async def test_of_two_who_press_at_one_question_with_other_answers_it_is_asked_which_holds(
    ward: World, theirs: str
) -> None:
    one, other = ward.slack.radiographer, ward.slack.physicist
    talk = await in_thread(ward)
    mine = await talk.upto(one, TOTAL)
    seen = copy.deepcopy(mine)
    await one.fill("Answer", "25 mSv", mine)
    await one.press("Answer", mine)
    if theirs == "?":
        await other.press("Don't know", seen)
    else:
        await other.fill("Answer", theirs, seen)
        await other.press("Answer", seen)
    await ward.slack.until(lambda: "Which holds?" in words(talk.asked[-1]), 5)
    assert "Total dose: radiographer said 25 mSv, physicist says" in words(talk.asked[-1])
    assert talk.facts()["total_dose"] == "25 mSv"
    await other.say("24 mSv", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: talk.facts().get("total_dose") == "24 mSv", 5)


async def test_a_press_and_an_answer_at_once_are_one_answer(ward: World) -> None:
    one, other = ward.slack.radiographer, ward.slack.physicist
    talk = await in_thread(ward)
    question = await talk.upto(one, TOTAL)
    await asyncio.gather(
        one.press("Don't know", question), other.say("25 mSv", talk.channel, thread=talk.root)
    )
    await ward.slack.quiet()
    assert "intended_dose" not in talk.facts()


@pytest.mark.parametrize("fault", [{"kind": "error", "error": "not_in_channel"}, {"kind": "500", "times": 3}])
async def test_a_question_that_did_not_reach_its_thread_is_not_answered_there(
    ward: World, fault: dict[str, Any]
) -> None:
    one, other = ward.slack.radiographer, ward.slack.physicist
    talk = await in_thread(ward)
    await talk.upto(one, TOTAL)
    ward.slack.fault("chat.postMessage", **fault)
    await one.say("25 mSv", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: [m for m in ward.slack.direct(one.id).messages if m.by_bot], 10)
    await other.say("25 mSv", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: INTENDED in words(talk.asked[-1]), 5)
    assert NOT_TAKEN in words(talk.asked[-1])
    assert "intended_dose" not in talk.facts()
    await other.say("2 mSv", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: talk.facts().get("intended_dose") == "2 mSv", 5)


async def test_a_yes_of_before_the_verdict_keeps_nothing(ward: World) -> None:
    person, other = ward.slack.radiographer, ward.slack.physicist
    talk = await in_thread(ward)
    await talk.upto(person, INTENDED)
    late = talk.lost(other, "yes")
    ward.slack.advance(10)
    await talk.upto(person, "NOTIFY")
    await talk.heard(other, late)
    assert ward.store.records(ward.tenant) == ()


async def test_words_that_were_asked_about_answer_no_question_that_stands_by_then(ward: World) -> None:
    person, other = ward.slack.radiographer, ward.slack.physicist
    talk = await in_thread(ward)
    await talk.upto(person, TOTAL)
    ward.slack.advance(5)
    await other.mention("25 mSv, Testina Okonkwo", thread=talk.root)
    card = await ward.slack.until(lambda: other.private() and other.private()[-1])
    ward.slack.advance(5)
    await person.say("25 mSv", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: INTENDED in words(talk.asked[-1]))
    ward.slack.advance(5)
    await other.press("It is not a person's", card)
    await ward.slack.until(lambda: NOT_TAKEN in words(talk.asked[-1]))
    assert "intended_dose" not in talk.facts()


async def test_talk_that_crosses_a_question_is_let_be(ward: World) -> None:
    person, other = ward.slack.radiographer, ward.slack.physicist
    talk = await in_thread(ward)
    await talk.upto(person, FLAGS)
    late = talk.lost(other, "I am on my way")
    ward.slack.advance(10)
    await talk.upto(person, TOTAL)
    count = len(talk.asked)
    await talk.heard(other, late)
    assert len(talk.asked) == count


# --- the day that it was when they wrote


NOTICED = "Wrong patient had a CT head, noticed today, 40 years old"


def discovered(ward: World) -> set[str]:
    return {str(draft.state["facts"].get("discovered_on")) for draft in ward.store.drafts(ward.tenant)}


async def test_a_message_that_comes_after_midnight_says_today_of_the_day_before(ward: World) -> None:
    person = ward.slack.radiographer
    ward.slack.advance(14 * 3600 + 58 * 60)  # two minutes before midnight
    talk = Thread(ward, person.direct)
    ward.slack.direct(person.id)
    late = talk.lost(person, f"check {NOTICED}")
    ward.slack.advance(300)
    await talk.heard(person, late)
    assert discovered(ward) == {"2026-11-26"}


@pytest.mark.parametrize("forwarded", [False, True])
async def test_a_message_of_days_ago_that_is_checked_says_today_of_its_own_day(
    ward: World, forwarded: bool
) -> None:
    person, here = ward.slack.radiographer, ward.slack.incidents.id
    message = await ward.slack.physicist.say(NOTICED, here)
    ward.slack.advance(3 * 86_400)
    message = person.forward(message, here) if forwarded else message
    await person.shortcut("check_message", message)
    await ward.filled(person)
    assert discovered(ward) == {"2026-11-26"}
    assert person.value("When did anybody") == "2026-11-26"


async def test_words_that_waited_for_a_choice_say_today_of_the_day_they_were_written_on(ward: World) -> None:
    person = ward.slack.radiographer
    await person.say("check wrong side in radiotherapy on Monday, 61 years old")
    talk = Thread(ward, person.direct)
    await ward.slack.until(lambda: talk.asked)
    await person.say(f"check {NOTICED}")
    choice = await ward.slack.until(lambda: next((m for m in talk.asked if "Begin with" in words(m)), None))
    ward.slack.advance(2 * 86_400)
    await person.press(next(one for one in buttons(choice) if one.startswith("Begin with")), choice)
    await ward.slack.quiet()
    assert "2026-11-26" in discovered(ward)
    assert "2026-11-28" not in discovered(ward)


@pytest.mark.parametrize("late", ["notified CQC-77", "done notify", "take over", "investigate"])
async def test_a_step_that_comes_late_is_not_taken_where_the_case_was_changed_since(
    ward: World, late: str
) -> None:
    card = await opened(ward)
    one, other = ward.slack.radiographer, ward.slack.physicist
    talk = Thread(ward, card.channel, card.ts)
    lost = talk.lost(other, late)
    ward.slack.advance(60)
    await one.command("notified C26-0001 CQC-77")
    ward.slack.advance(60)
    await one.command("reopen C26-0001 it was not notified")
    await ward.slack.quiet()
    before = ward.store.case(ward.tenant, "C26-0001")
    ward.slack.advance(60)
    await talk.heard(other, lost)
    assert ward.store.case(ward.tenant, "C26-0001") == before
    told = [words(m) for m in [*talk.asked, *other.private()]]
    assert any("has changed meanwhile: radiographer reopened it" in one for one in told)
    await other.say("notified CQC-77", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: ward.store.case(ward.tenant, "C26-0001").state == "notified", 5)


async def test_an_offer_of_cases_is_not_accepted_by_words_of_before_it_was_made(ward: World) -> None:
    await opened(ward)
    giver, other = ward.slack.radiographer, ward.slack.physicist
    await giver.command("hand over to @physicist")
    theirs = Thread(ward, other.direct)
    await ward.slack.until(lambda: theirs.asked, 5)
    lost = theirs.lost(other, "hand over accept")
    ward.slack.advance(60)
    await other.command("hand over decline")
    await giver.command("hand over to @physicist")
    await ward.slack.quiet()
    ward.slack.advance(60)
    await theirs.heard(other, lost)
    owner = ward.store.case(ward.tenant, "C26-0001").owner
    assert owner is not None
    assert owner.id == giver.id
    assert "has made a new offer since" in words(theirs.asked[-1])
    await other.say("hand over accept")
    await ward.slack.until(lambda: ward.store.case(ward.tenant, "C26-0001").owner.id == other.id, 5)  # type: ignore[union-attr]


async def test_a_note_that_comes_late_is_kept(ward: World) -> None:
    card = await opened(ward)
    talk = Thread(ward, card.channel, card.ts)
    lost = talk.lost(ward.slack.physicist, "note The dose was worked out again")
    ward.slack.advance(60)
    await ward.slack.radiographer.command("notified C26-0001 CQC-77")
    await ward.slack.quiet()
    await talk.heard(ward.slack.physicist, lost)
    assert len(ward.store.notes(ward.tenant, "C26-0001")) == 1


async def test_a_verdict_that_was_corrected_since_is_not_confirmed_by_late_words(ward: World) -> None:
    person, mpe = ward.slack.radiographer, ward.slack.physicist
    await person.command("settings role_mpe @physicist")
    talk = await in_direct(ward)
    verdict = await talk.upto(person, "NOTIFY")
    await person.press("Keep as not notifiable", verdict)
    await ward.slack.until(lambda: ward.store.records(ward.tenant), 5)
    theirs = Thread(ward, mpe.direct)
    ward.slack.direct(mpe.id)
    lost = theirs.lost(mpe, "confirm 2026-0001 as MPE")
    ward.slack.advance(60)
    record = ward.store.record(ward.tenant, "2026-0001")
    now = datetime.fromtimestamp(ward.slack.now(), UTC)
    ward.store.correct(
        ward.tenant, "2026-0001", record.assessment, why="a typing error", expected=1, by=record.by, now=now
    )
    ward.slack.advance(60)
    await theirs.heard(mpe, lost)
    assert ward.store.record(ward.tenant, "2026-0001").status == "provisional"
    assert any("was corrected meanwhile by radiographer" in words(m) for m in theirs.asked)


async def test_a_step_that_is_told_of_late_counts_from_the_day_on_which_it_was_told(ward: World) -> None:
    card = await opened(ward)
    person = ward.slack.radiographer
    ward.slack.advance(14 * 3600 + 55 * 60)
    talk = Thread(ward, card.channel, card.ts)
    late = talk.lost(person, "notified CQC-77")
    ward.slack.advance(600)
    await talk.heard(person, late)
    case = ward.store.case(ward.tenant, "C26-0001")
    assert case.state == "notified"
    assert str(case.last.done_on) == "2026-11-26"


# --- where it stands, in somebody's direct messages


ELSEWHERE = "was written in another place than this stood in, and nothing of it was taken"


@pytest.mark.parametrize("anew", [False, True], ids=["running", "started anew"])
async def test_a_thread_of_the_direct_messages_is_answered_in(file: Path, anew: bool) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        person = slack.radiographer
        async with bot_for(slack, file) as first:
            talk = await in_direct(first)
            question = await talk.upto(person, TOTAL)
            below = Thread(first, person.direct, question.ts)
            await person.say("25 mSv", thread=question.ts)
            await slack.until(lambda: below.asked)
            assert INTENDED in words(below.asked[-1])
            if not anew:
                await person.say("2 mSv", thread=question.ts)
                await slack.until(lambda: below.facts().get("intended_dose") == "2 mSv", 5)
                return
        async with bot_for(slack, file) as below.ward:
            slack.advance(30)
            await person.say("2 mSv", thread=question.ts)
            await slack.until(lambda: below.facts().get("intended_dose") == "2 mSv", 5)


async def test_who_answers_in_another_place_afterwards_is_told_so(ward: World) -> None:
    person = ward.slack.radiographer
    talk = await in_direct(ward)
    question = await talk.upto(person, TOTAL)
    below = Thread(ward, person.direct, question.ts)
    await person.say("25 mSv", thread=question.ts)
    await ward.slack.until(lambda: below.asked)
    ward.slack.advance(30)
    await person.say("2 mSv")
    await ward.slack.until(lambda: INTENDED in words(talk.asked[-1]), 5)
    assert ELSEWHERE in words(talk.asked[-1])
    assert "“2 mSv”" in words(talk.asked[-1])
    assert NOT_TAKEN not in words(talk.asked[-1])
    assert "intended_dose" not in talk.facts()
    await person.say("2 mSv")
    await ward.slack.until(lambda: talk.facts().get("intended_dose") == "2 mSv", 5)


async def test_what_was_written_elsewhere_before_it_stood_anywhere_was_written_before(ward: World) -> None:
    person = ward.slack.radiographer
    talk = await in_direct(ward)
    question = await talk.upto(person, TOTAL)
    below = Thread(ward, person.direct, question.ts)
    late = talk.lost(person, "25 mSv")
    ward.slack.advance(30)
    await person.say("25 mSv", thread=question.ts)
    await ward.slack.until(lambda: below.asked)
    ward.slack.advance(30)
    await talk.heard(person, late)
    assert NOT_TAKEN in words(talk.asked[-1])
    assert "intended_dose" not in talk.facts()
