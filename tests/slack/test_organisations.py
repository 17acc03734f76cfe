"""A workspace leads to an organisation, which stays what it is when the workspace's id is another one."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from storage.model import UNLINKED, Destination, NewCase, Person
from storage.organisation_model import Outside
from storage.plans import Also, DeadlinePlan, PingPlan, PostPlan
from storage.sqlite import SqliteStore
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person as SlackPerson
from tests.fakes.slack_people import words
from tests.fakes.slack_state import TEAM, Message
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_form import filled_in
from tests.storage.helpers import assessment

BEFORE = "T0BEFORE"  # the workspace's id, until it was another
OPERATOR = Person("os:root", "root")
HERE = Outside("slack", "workspace", TEAM)


def now(slack: FakeSlack) -> datetime:
    return datetime.fromtimestamp(slack.now(), UTC)


def shown(slack: FakeSlack, person: SlackPerson, holding: str) -> Message | None:
    """To them alone."""
    every = [m for channel in slack.channels.values() for m in channel.messages if m.by_bot]
    theirs = [m for m in every if m.only_for == person.id or m in slack.direct(person.id).messages]
    return next((m for m in theirs if holding in words(m)), None)


def reminded_case(ward: World, tenant: str = BEFORE) -> str:
    """A case whose owner is nobody yet, and a reminder of it that is due."""
    today = date(2026, 11, 26)
    place = Destination("slack", ward.slack.incidents.id)
    ping = PingPlan("0d", today, place)
    new = NewCase("Wrong patient, CT head", today - timedelta(days=3), (assessment(),))
    also = Also(deadlines=(DeadlinePlan("notify", today + timedelta(days=7), (ping,)),))
    return ward.store.open_case(tenant, new, by=OPERATOR, now=now(ward.slack), also=also).ref


def posted(slack: FakeSlack, holding: str) -> Message | None:
    return next((m for m in slack.incidents.messages if m.by_bot and holding in words(m)), None)


async def test_an_organisation_whose_workspace_id_changes_goes_on_with_its_cases_reminders_and_roles(
    file: Path,
) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        person = slack.radiographer
        async with bot_for(slack, file, tenant=BEFORE) as ward:
            assert ward.service.tenants == (BEFORE,)
            ref = reminded_case(ward)
            ward.store.set_setting(BEFORE, "role_governance", [person.id], by=OPERATOR, now=now(ward.slack))
            reminder = await slack.until(lambda: posted(slack, ref))
        async with bot_for(slack, file) as ward:  # the id is another from now on
            assert ward.service.tenants == ()
            assert "leads to no organisation" in words(await person.command("cases"))
            await person.press("Take over", reminder)
            await slack.until(lambda: shown(slack, person, "another organisation's name"))
            assert ward.store.case(BEFORE, ref).owner is None
            (line,) = await asyncio.to_thread(ward.service.astray)
            assert f"irmer org bind {BEFORE} slack workspace {TEAM}" in line
            ward.store.bind(BEFORE, HERE, how="on the machine", by=OPERATOR, now=now(ward.slack))
            ward.service.settle()
            assert ward.service.tenants == (BEFORE,)
            slack.offset += 60
            assert ref in words(await person.command("cases"))
            await person.press("Take over", reminder)
            await slack.until(lambda: ward.store.case(BEFORE, ref).owner)
            assert ward.store.case(BEFORE, ref).owner.id == person.id  # type: ignore[union-attr]
            await person.command(f"stand down {ref} it was ruled out")  # which a governance lead may
            plan = PostPlan("again", Destination("slack", slack.incidents.id), {"text": "sent as before"})
            ward.store.post(BEFORE, plan, now=now(ward.slack))
            await slack.until(lambda: posted(slack, "sent as before"))
            assert [one.id for one in ward.store.organisations()] == [BEFORE]


async def test_where_a_workspace_leads_nowhere_a_verdict_is_given_and_not_kept(file: Path) -> None:
    async with FakeSlack(seconds_a_message=PACE) as slack:
        person = slack.radiographer
        async with bot_for(slack, file) as ward:
            ward.store.add_organisation("other", "Other Trust", by=OPERATOR, now=now(ward.slack))
            await filled_in(ward, person, "25 mSv", "2 mSv")
            await person.submit()
            assert person.view is not None
            verdict = str(person.view.content)
            for said in ("NOTIFY", "Nothing of this is kept", "type /irmer link and the code here"):
                assert said in verdict
            assert "submit" not in person.view.content
            await slack.quiet()
            assert ward.store.drafts(UNLINKED) == ward.store.drafts(TEAM) == ()
            assert ward.store.tenants() == ("other",)
            assert sum(one.times for one in ward.store.unlinked(since=now(ward.slack))) >= 1
            code = ward.store.ask_link("other", Destination("slack", "D1"), by=OPERATOR, now=now(ward.slack))
            assert "leads to Other Trust from now on" in words(await person.command(f"link {code}"))
            assert ward.store.bound([HERE]) == "other"
            assert "Open cases: none" in words(await person.command("cases"))


async def test_what_another_process_binds_and_takes_away_is_so_from_the_next_word_on(
    ward: World, file: Path
) -> None:
    slack, person = ward.slack, ward.slack.radiographer
    ward.store.keep(TEAM, assessment(), by=OPERATOR, now=now(slack))
    another = SqliteStore(file)
    another.add_organisation("other", "Other Trust", by=OPERATOR, now=now(slack))
    another.keep("other", assessment(), by=OPERATOR, now=now(slack))
    for number in range(1, 4):
        another.add_note("other", "2026-0001", f"theirs {number}", by=OPERATOR, now=now(slack))
        slack.offset += 60
        assert "theirs" not in words(await person.command("record 2026-0001"))
        another.bind("other", HERE, how="by hand", by=OPERATOR, now=now(slack))
        slack.offset += 60
        assert f"theirs {number}" in words(await person.command("record 2026-0001"))
        another.unbind("other", HERE, how="by hand", by=OPERATOR, now=now(slack))
    another.close()


async def test_a_look_up_reads_nothing_from_the_store_while_nobody_writes_to_it(ward: World) -> None:
    person = ward.slack.radiographer
    ward.store.keep(TEAM, assessment(), by=OPERATOR, now=now(ward.slack))
    reader = ward.store._connections._reader  # type: ignore[attr-defined]
    statements: list[str] = []
    before = read = None
    while before is None or before != ward.store.data_version():  # until the server wrote nothing meanwhile
        assert "10 mGy" in words(await person.command("threshold foetal"))
        before = ward.store.data_version()
        statements.clear()
        reader.set_trace_callback(statements.append)
        assert "10 mGy" in words(await person.command("threshold foetal"))
        reader.set_trace_callback(None)
        read = [one for one in statements if "binding_open" in one or "organisation" in one]
    assert read == []
