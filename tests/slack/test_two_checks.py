"""Two checks in one conversation: words answer the one whose question stands there, whatever somebody does in
a dialog that nobody else sees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack_people import Person, words
from tests.slack.conftest import World
from tests.slack.test_cases import opened
from tests.slack.test_crossing import ELSEWHERE, Thread, in_direct, in_thread
from tests.slack.test_crossing import TOTAL as ASKED
from tests.slack.test_form import TOTAL, changed

KIND = "What kind of exposure"


async def begun_anew(ward: World, talk: Thread, person: Person) -> None:
    """Another check, whose first question stands from now on."""
    ward.slack.advance(10)
    if talk.root:
        await person.mention("check new", talk.channel, thread=talk.root)
    else:
        await person.say("check new")
    await ward.slack.until(lambda: talk.asked and KIND in words(talk.asked[-1]))


def categories(ward: World) -> set[str]:
    return {str(d.state["facts"].get("category")) for d in ward.store.drafts(ward.tenant)}


async def looked_at(ward: World, person: Person) -> None:
    await ward.filled(person)


async def closed(ward: World, person: Person) -> None:
    await ward.filled(person)
    await person.close()


async def changed_live(ward: World, person: Person) -> None:
    await ward.filled(person)
    await changed(ward, person, "Was any exposure", "No, none at all")


async def sent_off(ward: World, person: Person) -> None:
    await ward.filled(person)
    await person.fill(TOTAL, "40 mSv")
    await person.submit()
    await ward.slack.quiet()
    assert "What this check holds" in words(person.view)


@pytest.mark.parametrize("done", [looked_at, closed, changed_live, sent_off])
@pytest.mark.parametrize("where", [in_thread, in_direct])
async def test_words_answer_the_question_that_stands_whatever_a_dialog_does(
    ward: World, where: Any, done: Any
) -> None:
    one, other = ward.slack.radiographer, ward.slack.physicist
    talk = await where(ward)
    verdict = await talk.upto(one, "NOTIFY")
    await begun_anew(ward, talk, one)
    whose = other if talk.root else one
    await whose.press("Change an answer", verdict)
    await done(ward, whose)
    await one.say("radiotherapy treatment", talk.channel, thread=talk.root)
    await ward.slack.quiet(0.5)
    assert categories(ward) == {"diagnostic", "radiotherapy_treatment"}


# --- a check in the thread of a case


@pytest.mark.parametrize("stands", ["Was any exposure", "NOTIFY"])
async def test_what_is_said_to_a_case_in_its_thread_is_heard_while_a_check_is_under_way_there(
    ward: World, stands: str
) -> None:
    one, other = ward.slack.radiographer, ward.slack.physicist
    card = await opened(ward)
    talk = Thread(ward, card.channel, card.ts)
    await begun_anew(ward, talk, one)
    await talk.upto(one, stands)
    await other.say("note The dose was worked out again", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: ward.store.notes(ward.tenant, "C26-0001"))
    await other.say("notified CQC-77", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: ward.store.case(ward.tenant, "C26-0001").state == "notified")
    await other.say("reported the second one", talk.channel, thread=talk.root)
    await ward.slack.until(lambda: other.private() and "taken as talk" in words(other.private()[-1]))
    await ward.slack.quiet()
    count = len(talk.asked)
    await other.say("I am on my way", talk.channel, thread=talk.root)
    await ward.slack.quiet()
    assert len(talk.asked) == count
    before = ward.store.drafts(ward.tenant)
    assert len(before) == 1


# --- threads within somebody's direct messages


async def test_a_reply_under_an_older_message_answers_no_question_that_stands_elsewhere(ward: World) -> None:
    person = ward.slack.radiographer
    talk = await in_direct(ward)
    verdict = await talk.upto(person, "NOTIFY")
    await begun_anew(ward, talk, person)
    await talk.upto(person, ASKED)
    await person.say("40 mSv", thread=verdict.ts)
    under = Thread(ward, person.direct, verdict.ts)
    await ward.slack.until(lambda: under.asked, 5)
    await ward.slack.quiet()
    assert ELSEWHERE in words(under.asked[-1])
    assert ASKED in words(under.asked[-1])
    assert "40 mSv" not in doses(ward)
    await person.say("40 mSv", thread=verdict.ts)
    await ward.slack.quiet()
    assert "40 mSv" in doses(ward), "it stands there by now"
    await person.say("2 mSv")
    await ward.slack.quiet()
    assert "2 mSv" not in intended(ward), "and the next one, too"


async def test_a_reply_under_the_question_itself_answers_it(ward: World) -> None:
    person = ward.slack.radiographer
    talk = await in_direct(ward)
    question = await talk.upto(person, ASKED)
    await person.say("40 mSv", thread=question.ts)
    await ward.slack.quiet()
    assert doses(ward) == {"40 mSv"}
    await person.say("3 mSv", thread=question.ts)
    await ward.slack.quiet()
    assert intended(ward) == {"3 mSv"}


def doses(ward: World) -> set[str]:
    return {str(d.state["facts"].get("total_dose")) for d in ward.store.drafts(ward.tenant)}


def intended(ward: World) -> set[str]:
    fresh = max(ward.store.drafts(ward.tenant), key=lambda d: str(d.state["started"]))
    return {str(fresh.state["facts"].get("intended_dose"))}
