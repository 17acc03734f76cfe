"""Pings on their way out: the loop, over a real store, with Slack's sender on a real socket at the strict
fake's, and what the cases say. Long versions, with kills and pauses of processes, are in `tools.faults`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.actions.delivery_cards import CaseContents
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.late_and_lost import findings
from bot.core.reminders.schedule import Channels, Planner
from bot.core.reminders.sending import Outcome, Timings
from bot.core.settings.chosen import Chosen
from bot.slack.capabilities import FORMS
from bot.slack.sender import SlackSender
from bot.slack.web import Web
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Destination, NewCase, Person, Step
from storage.plans import Also, PostPlan
from storage.sqlite import open_store
from storage.store import Store
from tests.core.cases.ward import NOTIFY
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.slack_state import Message

T, OWNER = "T0WARD", Person("U0RADIO", "Radiographer A")
WARD, LEADS = Destination("slack", "C0INCIDENTS"), Destination("slack", "C0LEADS")
DAY_0 = datetime(2026, 12, 7, 9, 0, 5, tzinfo=UTC)
QUICK = Timings(request=0.5, lease=5.0, settle=0.2, poll=0.05, pace=0.0, backoff=0.1)


class Time:
    """A wall clock that somebody sets and a monotonic one that runs on; both move with `pass_`."""

    def __init__(self, now: datetime) -> None:
        self.now, self.moved = now, timedelta()
        self._started = asyncio.get_running_loop().time()
        self._extra = 0.0

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() - self._started + self._extra

    def true(self) -> datetime:
        return self.now + timedelta(seconds=self.monotonic())

    def wall(self) -> datetime:
        return self.true() + self.moved

    def pass_(self, much: timedelta) -> None:
        self._extra += much.total_seconds()


class Desk:
    """One store, one Slack, and any number of workers."""

    def __init__(self, store: Store, slack: FakeSlack, time: Time) -> None:
        self.store, self.slack, self.time = store, slack, time
        self._webs: list[Web] = []
        self.leads = slack.add_channel("leads", LEADS.conversation)

    async def worker(self, name: str = "one", timings: Timings = QUICK) -> Delivery:
        web = Web(self.slack.bot_token, api_url=self.slack.api_url, seconds_a_message=0.0)
        await web.start()
        self._webs.append(web)
        clock = Clock(self.time.wall, self.time.monotonic)
        return Delivery(
            self.store, SlackSender(web), CaseContents(self.store, FORMS), worker=name, clock=clock,
            timings=timings,
        )  # fmt: skip

    async def close(self) -> None:
        for web in self._webs:
            await web.close()

    def case(self, opened: datetime = DAY_0 - timedelta(days=13)) -> str:
        facts = parse(NOTIFY, opened.date())
        planner = Planner(Chosen(self.store.settings(T)), Channels(WARD), opened.date())
        deadlines = planner.for_case("notify", facts.discovered_on)  # type: ignore[arg-type]
        post = PostPlan("card", WARD, {"shows": "case"}, remember=True)
        kept = Assessment(facts.stated, decide(facts).as_dict())
        new = NewCase("CT head", facts.discovered_on, (kept,), owner=OWNER)  # type: ignore[arg-type]
        also = Also(deadlines=deadlines, posts=(post,))
        return self.store.open_case(T, new, by=OWNER, now=opened, also=also).ref

    def posted(self, text: str) -> list[Message]:
        """The messages of the bot that hold a text, in every channel."""
        every = [m for c in self.slack.channels.values() for m in c.messages if m.by_bot]
        return [m for m in every if text in words(m)]

    async def drain(self, worker: Delivery, patience: float = 20.0) -> None:
        """Until nothing is due any more."""
        end = asyncio.get_running_loop().time() + patience
        while asyncio.get_running_loop().time() < end:
            await worker.step()
            due = self.store.next_due(None, "slack")
            if due is None or due > self.time.wall() + timedelta(minutes=1):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("something is due still")

    async def settle(self, worker: Delivery) -> None:
        """The same, also of what is in doubt and waits for its time."""
        await self.drain(worker)
        while (due := self.store.next_due(None, "slack")) and due < self.time.wall() + timedelta(hours=1):
            self.time.pass_(due - self.time.wall() + timedelta(seconds=1))
            await self.drain(worker)


@asynccontextmanager
async def _desk(path: Path) -> AsyncIterator[Desk]:
    async with FakeSlack(seconds_a_message=0.0) as slack:
        time = Time(DAY_0)
        slack.now = lambda: time.true().timestamp()  # type: ignore[method-assign]
        desk = Desk(open_store(path), slack, time)
        yield desk
        await desk.close()
        assert desk.store.verify() == []
        desk.store.close()
        assert slack.complaints == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "irmer.sqlite"


async def test_the_card_is_posted_then_pinged_in_its_thread_and_kept_up_to_date(path: Path) -> None:
    async with _desk(path) as desk:
        ref, worker = desk.case(), await desk.worker()
        await desk.drain(worker)
        (card,) = desk.posted(f"{ref} CT head: open")
        (ping,) = desk.posted("CT head: notify")
        assert ping.thread_ts == card.ts
        assert "<@U0RADIO>" in str(ping.blocks) or "U0RADIO" in str(ping.blocks)
        update = PostPlan("card:slack:C0INCIDENTS", WARD, {"shows": "case"}, "update", subject=ref)
        step, also = Step("notify", authority_reference="CQC-1"), Also(meet=("notify",), posts=(update,))
        desk.store.take_step(T, ref, step, expected=1, by=OWNER, now=desk.time.wall(), also=also)
        await desk.drain(worker)
        assert "CQC-1" in words(card)
        assert card.edits == 2  # beside the ping, and by the step


@pytest.mark.parametrize(
    "fault", ["429", "500", "reset_before", "reset_after", "bad_json", "slow", "slow_before"]
)
async def test_whatever_goes_wrong_on_the_way_each_ping_is_posted_once(path: Path, fault: str) -> None:
    slow = fault.startswith("slow")
    async with _desk(path) as desk:
        ref, worker = desk.case(), await desk.worker(timings=replace(QUICK, settle=300.0))
        await desk.settle(worker)
        for day in (1, 2):
            desk.slack.fault("chat.postMessage", fault, seconds=0.8 if slow else 0.1)
            desk.time.pass_(timedelta(days=1))
            await desk.drain(worker)
            if slow:  # what Slack takes late it takes long before anybody looks for it
                await desk.slack.until(lambda day=day: desk.posted(f"OVERDUE by {day} day"))
            await desk.settle(worker)
            assert len(desk.posted(f"OVERDUE by {day} day")) == 1, (fault, ref)


async def test_where_nobody_may_look_a_ping_of_unknown_fate_comes_again_and_says_so(path: Path) -> None:
    async with _desk(path) as desk:
        desk.case()
        worker = await desk.worker()
        await desk.drain(worker)
        desk.slack.fault("chat.postMessage", "reset_before")
        desk.slack.fault("conversations.replies", "error", error="missing_scope", times=9)
        desk.time.pass_(timedelta(days=1))
        await desk.drain(worker)
        (ping,) = desk.posted("OVERDUE by 1 day")
        assert "may have reached you already" in words(ping)


async def test_two_workers_share_the_work_and_double_nothing(path: Path) -> None:
    async with _desk(path) as desk:
        refs = [desk.case() for _ in range(6)]
        workers = [await desk.worker("one"), await desk.worker("two")]
        stop = asyncio.Event()
        running = [asyncio.create_task(worker.run(stop)) for worker in workers]
        await desk.slack.until(lambda: all(desk.posted(f"{ref} CT head: open") for ref in refs))
        await desk.slack.until(lambda: desk.posted("CT head: notify"))
        await desk.slack.quiet()
        stop.set()
        await asyncio.gather(*running)
        pings = [p for ref in refs for p in desk.store.outgoing(T, ref) if p.rule == "notify"]
        assert sorted(p.offset for p in pings if p.state == "sent") == ["0d"] * 6
        said = "\n".join(words(m) for m in desk.posted("CT head: notify"))
        assert [said.count(f"{ref} CT head: notify") for ref in refs] == [1] * 6


async def test_a_worker_that_slept_through_its_lease_sends_nothing_of_it(path: Path) -> None:
    async with _desk(path) as desk:
        desk.case()
        asleep, awake = await desk.worker("asleep"), await desk.worker("awake")
        await desk.drain(awake)
        desk.time.pass_(timedelta(days=1))
        wake = asleep.contents.card

        def slept(*args: object, **more: object) -> object:
            desk.time.pass_(timedelta(seconds=60))  # the process stood still, with the lease in its hands
            return wake(*args, **more)  # type: ignore[arg-type]

        asleep.contents.card = slept  # type: ignore[method-assign, assignment]
        await asleep.step()
        assert desk.posted("OVERDUE") == []
        await desk.drain(awake)
        assert len(desk.posted("OVERDUE by 1 day")) == 1


@pytest.mark.parametrize("connected", [True, False])
async def test_a_worker_that_stood_still_when_its_request_was_about_to_leave_lets_it_go(
    path: Path, connected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the lease and the request itself there is little time, and a process can be stopped
    in it."""
    async with _desk(path) as desk:
        desk.case()
        asleep, awake = await desk.worker("asleep"), await desk.worker("awake")
        await desk.drain(asleep if connected else awake)
        desk.time.pass_(timedelta(days=1))
        posts = SlackSender.send

        async def slept(*args: Any) -> Outcome:
            desk.time.pass_(timedelta(seconds=60))
            return await posts(*args)

        monkeypatch.setattr(SlackSender, "send", slept)
        await asleep.step()
        assert desk.posted("OVERDUE") == []
        monkeypatch.undo()
        await desk.drain(awake)
        assert len(desk.posted("OVERDUE by 1 day")) == 1
        await desk.drain(asleep)
        assert len(desk.posted("OVERDUE by 1 day")) == 1


@pytest.mark.parametrize("hours", [1, 24, 24 * 365])
@pytest.mark.parametrize("sign", [1, -1])
async def test_a_clock_that_moved_sends_nothing_and_turns_health_red(
    path: Path, hours: int, sign: int
) -> None:
    async with _desk(path) as desk:
        desk.time.now = DAY_0 - timedelta(minutes=30)
        desk.case()
        worker = await desk.worker()
        await desk.drain(worker)
        assert worker.health == ""
        desk.time.moved = sign * timedelta(hours=hours)
        assert not await worker.step()
        assert "this machine's clock says" in worker.health
        assert len(desk.posted("CT head: notify")) == 1  # yesterday's
        desk.time.moved = timedelta()
        desk.time.pass_(timedelta(minutes=31))
        await desk.drain(worker)
        assert worker.health == ""
        assert len(desk.posted("CT head: notify")) == 2


async def test_after_an_outage_the_latest_alone_comes_in_the_order_of_the_deadlines(path: Path) -> None:
    async with _desk(path) as desk:
        desk.case()
        desk.time.now = DAY_0 - timedelta(days=13)
        worker = await desk.worker()
        await desk.drain(worker)
        desk.time.pass_(timedelta(days=12, hours=6))
        await desk.drain(worker)
        states = {p.offset: p.state for p in desk.store.outgoing(T, "C26-0001") if p.rule == "notify"}
        assert states == {"-7d": "superseded", "-3d": "superseded", "-1d": "sent", "0d": "due"}
        assert len(desk.posted("13 of 14 days used, 1 left")) == 1


async def test_overdue_it_comes_daily_and_in_the_second_channel_and_stops_once_done(path: Path) -> None:
    async with _desk(path) as desk:
        value = {"platform": "slack", "conversation": LEADS.conversation}
        desk.store.set_setting(T, "escalation_channel", value, by=OWNER, now=DAY_0)
        ref, worker = desk.case(), await desk.worker()
        await desk.drain(worker)
        for day in (1, 2):
            desk.time.pass_(timedelta(days=1))
            await desk.drain(worker)
            channels = sorted(m.channel for m in desk.posted(f"OVERDUE by {day} day"))
            assert channels == ["C0INCIDENTS", "C0LEADS"]
        step = Step("notify", authority_reference="CQC-1")
        desk.store.take_step(
            T, ref, step, expected=1, by=OWNER, now=desk.time.wall(), also=Also(meet=("notify",))
        )
        desk.time.pass_(timedelta(days=1))
        await desk.drain(worker)
        assert desk.posted("OVERDUE by 3") == []


async def test_from_an_archived_channel_a_ping_goes_to_the_fallback_and_is_seen(path: Path) -> None:
    async with _desk(path) as desk:
        value = {"platform": "slack", "conversation": LEADS.conversation}
        desk.store.set_setting(T, "fallback_channel", value, by=OWNER, now=DAY_0)
        desk.case()
        worker = await desk.worker()
        await desk.drain(worker)
        desk.slack.incidents.archived = True
        desk.time.pass_(timedelta(days=1))
        await desk.drain(worker)
        (ping,) = desk.posted("OVERDUE by 1 day")
        assert ping.channel == LEADS.conversation
        assert "could not be delivered where it belongs" in words(ping)
        assert desk.store.undelivered(T) == ()


async def test_without_a_fallback_it_goes_to_its_owner(path: Path) -> None:
    async with _desk(path) as desk:
        desk.case()
        worker = await desk.worker()
        await desk.drain(worker)
        desk.slack.incidents.archived = True
        desk.time.pass_(timedelta(days=1))
        await desk.drain(worker)
        (ping,) = desk.posted("OVERDUE by 1 day")
        assert ping.channel == desk.slack.direct(OWNER.id).id
        assert desk.store.undelivered(T) == ()


async def test_what_reaches_nobody_is_named_with_why_and_the_next_days_is_planned(path: Path) -> None:
    async with _desk(path) as desk:
        ref = desk.case()
        worker = await desk.worker()
        await desk.drain(worker)
        desk.slack.incidents.archived = True
        desk.slack.fault("conversations.open", "error", error="user_disabled")
        desk.time.pass_(timedelta(days=1))
        await desk.drain(worker)
        assert desk.store.doctor(now=desk.time.wall()).undelivered == 1
        (line,) = findings(desk.store, T, desk.time.wall())
        assert line.startswith(f"{ref}: the reminder to notify the authority by Mon 7 December 2026 reached")
        assert "is_archived" in line
        assert desk.store.next_due(T, "slack") is not None
