"""A workspace becomes part of an enterprise, and Slack calls its people by other ids."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from storage.model import MACHINE, Destination, Person
from storage.plans import PostPlan
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.slack_state import TEAM, Message
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_organisations import posted, reminded_case

OPERATOR = Person("os:root", "root")
OLD, LEAD = "U0RADIO", "U0GOV"


def now(slack: FakeSlack) -> datetime:
    return datetime.fromtimestamp(slack.now(), UTC)


async def typed(slack: FakeSlack, person, text: str) -> str:
    slack.offset += 10  # the same again within five seconds is one press
    answer = await person.command(text)
    await slack.quiet(0.1)
    return words(answer) if answer else ""


async def owned_case(ward: World) -> tuple[str, Message]:
    slack = ward.slack
    ref = reminded_case(ward, TEAM)
    reminder = await slack.until(lambda: posted(slack, ref))
    await slack.radiographer.press("Take over", reminder)
    await slack.until(lambda: ward.store.case(TEAM, ref).owner)
    ward.store.set_setting(TEAM, "role_governance", [slack.governance.id], by=OPERATOR, now=now(slack))
    return ref, reminder


def moved(slack: FakeSlack) -> None:
    slack.enterprise = "E0TRUST"
    slack.radiographer.flags["is_admin"] = False
    slack.radiographer.moves("W0RADIO")
    slack.governance.moves("W0GOV")


async def test_roles_owners_and_mentions_go_on_under_the_ids_that_people_have_now(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        async with bot_for(slack, file) as ward:
            ref, reminder = await owned_case(ward)
            moved(slack)
            await typed(slack, slack.physicist, "cases")  # the first request that tells of it
            await slack.until(lambda: len(ward.store.moved_people("slack")) == 2)
            assert ward.store.moved_people("slack") == {"W0RADIO": OLD, "W0GOV": LEAD}
            await slack.until(lambda: ward.service.face.moved.before("W0GOV") == LEAD)
            for person, may in ((slack.physicist, False), (slack.governance, True)):
                await typed(slack, person, "settings ping_days 9, 2")
                assert (ward.store.setting(TEAM, "ping_days") == [9, 2]) == may
            assert f"<@{OLD}>" in words(reminder)
            await slack.governance.press("Take over", reminder)
            await slack.until(lambda: "<@W0GOV>" in words(reminder))
            assert ward.store.case(TEAM, ref).owner == Person(LEAD, "governance")
            assert "people moved" in [entry.what for entry in ward.store.audit(TEAM)]
        async with bot_for(slack, file) as ward:  # what was learnt is kept
            assert ward.store.case(TEAM, ref).owner == Person(LEAD, "governance")
            await typed(slack, slack.governance, "settings ping_days 8, 2")
            assert ward.store.setting(TEAM, "ping_days") == [8, 2]
            where = Destination("slack", LEAD)  # the direct message of somebody who is now called otherwise
            ward.store.post(TEAM, PostPlan("told", where, {"text": "still reached"}), now=now(slack))
            await slack.until(lambda: slack.direct("W0GOV").messages)
            assert ward.store.verify() == []


async def test_what_slack_does_not_tell_at_once_is_asked_for_at_the_next_look(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack, bot_for(slack, file) as ward:
        await owned_case(ward)
        moved(slack)
        told, slack.moved = slack.moved, {}
        await typed(slack, slack.physicist, "cases")
        assert not ward.store.moved_people("slack")
        slack.moved = told
        await ward.service.face.moved.ask()
        assert ward.store.moved_people("slack") == {"W0RADIO": OLD, "W0GOV": LEAD}


async def test_who_administers_is_known_by_either_id(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack, bot_for(slack, file) as ward:
        await owned_case(ward)
        moved(slack)
        await ward.service.face.moved.ask()
        await typed(slack, slack.physicist, "cases")
        await slack.until(lambda: ward.store.moved_people("slack"))
        for number, name in enumerate(("W0RADIO", OLD)):
            ward.store.set_setting(MACHINE, "administrators", [f"slack:{name}"], by=OPERATOR, now=now(slack))
            days = [12 + number, 1]
            await typed(slack, slack.radiographer, f"settings ping_days {days[0]}, 1")
            assert ward.store.setting(TEAM, "ping_days") == days
