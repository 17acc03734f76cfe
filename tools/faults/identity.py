"""A workspace comes to have another id, again and again: its organisation goes on with what is its own."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.model import Destination, NewCase, Person
from storage.plans import Also, DeadlinePlan, PingPlan
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person as SlackPerson
from tests.fakes.slack_people import words
from tests.fakes.slack_state import Message
from tests.processes import irmer
from tests.slack.conftest import World, bot_for
from tests.storage.helpers import assessment
from tools.faults.rows import Row, fresh, whole

OURS, OTHERS = "northern", "other-trust"
OPERATOR = Person("os:root", "root")
BIND = re.compile(rf"irmer (org bind {OURS} slack workspace \w+)")
AFTER = timedelta(minutes=10)  # a reminder that falls due once the id is another


@dataclass
class Trouble:
    """What did not go on, by what it is; `refs`: the organisation's cases so far."""

    refs: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)

    def unless(self, good: object, what: str) -> None:
        self.found[what] += not good


def _now(slack: FakeSlack) -> datetime:
    return datetime.fromtimestamp(slack.now(), UTC)


def _case(world: World, tenant: str, pings: tuple[datetime, ...]) -> str:
    """With reminders at these times, in the channel of incidents."""
    now, place = _now(world.slack), Destination("slack", world.slack.incidents.id)
    local = [at.astimezone(ZoneInfo("Europe/London")) for at in pings]
    plans = tuple(
        DeadlinePlan(f"local:{n}", at.date(), (PingPlan("0d", at.date(), place, at=at.time()),))
        for n, at in enumerate(local)
    )
    new = NewCase("Wrong patient, CT head", date(2026, 11, 23), (assessment(),))
    return world.store.open_case(tenant, new, by=OPERATOR, now=now, also=Also(deadlines=plans)).ref


def _reminders(slack: FakeSlack, ref: str) -> list[Message]:
    return [m for m in slack.incidents.messages if m.by_bot and words(m).startswith(f"⏳ {ref}")]


async def _shown(person: SlackPerson, text: str) -> str:
    slack = person.slack
    slack.offset += 10  # the same again within five seconds is one press
    answer = await person.command(text)
    await slack.quiet(0.1)
    return words(answer) if answer else ""


async def _before(path: Path, slack: FakeSlack, told: Trouble) -> tuple[str, Message]:
    """A case with a reminder that has come, and one that is to come; the reminder that has."""
    async with bot_for(slack, path) as world:
        now = _now(slack)
        ref = _case(world, OURS, (now, now + AFTER))
        told.unless(ref not in told.refs, "number given twice")
        told.refs.append(ref)
        await slack.until(lambda: _reminders(slack, ref))
        return ref, _reminders(slack, ref)[0]


async def _after(
    path: Path, slack: FakeSlack, told: Trouble, number: int, ref: str, reminder: Message
) -> None:
    async with bot_for(slack, path) as world:
        store, owner = world.store, slack.radiographer
        told.unless("leads to no organisation" in await _shown(owner, "cases"), "taken for another's")
        await owner.press("Take over", reminder)
        await slack.quiet()
        told.unless(store.case(OURS, ref).owner is None, "acted before it was bound")
        lines = await asyncio.to_thread(world.service.astray)
        named = BIND.search("\n".join(lines))
        told.unless(named, "command not named")
        if named:
            status, _, _ = await asyncio.to_thread(irmer, *named[1].split(), database=path)
            told.unless(status == 0, "command refused")
        await asyncio.to_thread(world.service.settle)
        shown = await _shown(owner, "cases")
        told.unless(ref in shown, "case lost")
        slack.offset += AFTER.total_seconds()
        await owner.press("Take over", reminder)
        await slack.until(lambda: store.case(OURS, ref).owner)
        told.unless(store.case(OURS, ref).owner.id == owner.id, "old button astray")  # type: ignore[union-attr]
        await slack.until(lambda: len(_reminders(slack, ref)) > 1)
        await slack.quiet()
        sent = [item.state for item in store.outgoing(OURS, ref) if item.key.endswith("/0d")]
        told.unless(set(sent) == {"sent"}, "reminder lost")
        told.unless(len(_reminders(slack, ref)) == len(sent), "reminder doubled")
        days = f"{number + 3}, 2"
        for person, may in ((slack.physicist, False), (slack.governance, True)):
            await _shown(person, f"settings ping_days {days}")
            took = str(store.settings(OURS).get("ping_days")) == str([number + 3, 2])
            told.unless(took == may, "role lost" if may else "role given away")


async def _changed(path: Path, times: int) -> tuple[Trouble, list[str]]:
    told = Trouble()
    async with FakeSlack(seconds_a_message=0.02, limits=False, strict=False) as slack:
        _named(slack, "T0BEFORE")
        async with bot_for(slack, path, tenant=OURS) as world:
            world.store.add_organisation(OURS, "Northern Trust", by=OPERATOR, now=_now(slack))
            world.store.add_organisation(OTHERS, "Other Trust", by=OPERATOR, now=_now(slack))
            lead = [slack.governance.id]
            world.store.set_setting(OURS, "role_governance", lead, by=OPERATOR, now=_now(slack))
        irmer("org", "bind", OURS, "slack", "workspace", "T0BEFORE", database=path)
        for number in range(times):
            ref, reminder = await _before(path, slack, told)
            _named(slack, f"T0AFTER{number}")
            await _after(path, slack, told, number, ref, reminder)
        async with bot_for(slack, path) as world:
            told.unless(world.store.cases(OTHERS) == (), "another's case changed")
            return told, world.store.verify()


def _named(slack: FakeSlack, team: str) -> None:
    slack.team = team
    for person in slack.people.values():
        person.team = team


def changes(place: Path, *, times: int) -> Row:
    told, problems = asyncio.run(_changed(fresh(place, "identity"), times))
    wrong = ", ".join(f"{many} {what}" for what, many in told.found.items() if many) or "nothing of it lost"
    found = f"{times} times, {len(told.refs)} cases, {2 * times} reminders: {wrong}, {whole(problems)}"
    return Row("identity", found, not (any(told.found.values()) or problems))
