"""A plain model beside the store: whatever is done in whatever order, both say the same, and no ping is lost
or sent twice."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from storage.case_states import STEPS, StepKind
from storage.errors import Conflict, NotFound, OutOfOrder
from storage.model import Step
from storage.plans import Also, Batch, DeadlinePlan, PingPlan
from storage.sqlite import SqliteStore
from storage.verbs import Verbs
from tests.storage.helpers import ANA, BEN, FOUND, LEADS, NOW, WARD, T, assessment, open_case
from tests.storage.plain import Kept, Ping, supersede
from tests.storage.test_cases import WHOLE

LEASE, SETTLE = timedelta(minutes=2), timedelta(seconds=1)
KINDS = ("notify", "report")
WAIT = st.sampled_from([0, 1, 3, 1440])
ENDS = ("posted", "posted, then died", "died", "not posted", "unknown")


class StoreAndModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        # In memory where that can be: a thousand waits for a disk find nothing that ten would not.
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name) / "irmer.sqlite"
        self.store: Verbs = self.opened()
        self.now = NOW
        self.cases: dict[str, Kept] = {}
        self.pings: list[Ping] = []
        self.posted: list[str] = []
        """The keys of the pings as people saw them."""
        self.held: list[tuple[Batch, int]] = []
        """What slow workers hold, and which claim it was."""
        self.claims = 0
        self.busy: dict[str, datetime] = {}
        """Until when a conversation is another's."""
        self.set_a_deadline(self.open_a_case(), "notify", 1, {0, 1}, elsewhere=False)

    def opened(self) -> Verbs:
        return SqliteStore(self.path)

    def teardown(self) -> None:
        self.drain()
        assert len(self.posted) == len(set(self.posted))
        assert self.store.verify() == []
        assert self.store.doctor(now=self.now).overdue == 0
        self.store.close()
        self.directory.cleanup()

    # Few rules with much to choose from: of many rules Hypothesis leaves most out in any one run.

    @rule(
        what=st.sampled_from(["open", "step", "confirm", "deadline", "deadline", "end", "snooze"]),
        which=st.integers(0, 2), step=st.sampled_from(sorted(WHOLE)), kind=st.sampled_from(KINDS),
        days=st.integers(0, 2), before=st.sets(st.integers(0, 2)), other=st.booleans(),
    )  # fmt: skip
    def somebody_acts(
        self, what: str, which: int, step: StepKind, kind: str, days: int, before: set[int], other: bool
    ) -> None:
        case = sorted(self.cases)[which % len(self.cases)]
        if what == "open" and len(self.cases) < 3:
            self.open_a_case()
        elif what == "step":
            self.take_a_step(case, step, stale=other)
        elif what == "confirm":
            self.confirm_its_record(case, old=other)
        elif what == "deadline":
            self.set_a_deadline(case, kind, days, before, elsewhere=other)
        elif what == "end":
            self.end_a_deadline(case, kind, met=other)
        elif what == "snooze":
            self.snooze(case, kind, hours=1 + 24 * days)

    @rule(minutes=WAIT, limit=st.sampled_from([1, 50]), end=st.sampled_from([*ENDS, "slow"]))
    def a_worker_works(self, minutes: int, limit: int, end: str) -> None:
        self.now += timedelta(minutes=minutes)
        held = self.claim(limit)
        if held and end == "slow":
            self.held.append(held)
        elif held:
            self.finish(held, end)

    @rule(minutes=WAIT, end=st.sampled_from(ENDS))
    def a_slow_worker_ends(self, minutes: int, end: str) -> None:
        self.now += timedelta(minutes=minutes)
        if self.held:
            self.finish(self.held.pop(0), end)

    @rule()
    def everything_starts_anew(self) -> None:
        self.store.close()
        self.store = self.opened()

    # What people do

    def open_a_case(self) -> str:
        ref = open_case(self.store, also=Also())
        self.cases[ref] = Kept(self.store.case(T, ref).records[0])
        assert ref == f"C26-{len(self.cases):04}"
        return ref

    def take_a_step(self, case: str, kind: StepKind, stale: bool) -> None:
        kept = self.cases[case]
        expected = kept.version - 1 if stale else kept.version
        step = Step(
            kind, "why", "REF " + case, BEN, kept.record,
            assessment() if kind == "redecide" else None, FOUND if kind == "correct_discovery" else None,
        )  # fmt: skip
        allowed, leads_to = STEPS[kind]
        try:
            made = self.store.take_step(T, case, step, expected=expected, by=ANA, now=self.now)
        except Conflict:
            assert stale
            return
        except OutOfOrder:
            assert kept.state not in allowed
            return
        assert not stale
        assert kept.state in allowed
        if kind == "redecide":
            kept.revision, kept.confirmed = kept.revision + 1, False
        if leads_to in ("notified", "reported", "closed", "stood_down"):
            kept.before[leads_to] = kept.state
        kept.state = kept.before[kept.state] if kind == "reopen" else leads_to or kept.state
        kept.version += 1
        assert (made.state, made.version) == (kept.state, kept.version)

    def confirm_its_record(self, case: str, old: bool) -> None:
        kept = self.cases[case]
        revision = kept.revision - 1 if old else kept.revision
        try:
            self.store.confirm(T, kept.record, revision=revision, role="MPE", by=BEN, now=self.now)
        except Conflict:
            assert old or kept.confirmed
            return
        assert not old
        assert not kept.confirmed
        kept.confirmed = True

    def set_a_deadline(self, case: str, kind: str, days: int, before: set[int], elsewhere: bool) -> None:
        place = LEADS if elsewhere else WARD
        due = self.now.date() + timedelta(days=days)
        plans = tuple(PingPlan(f"-{n}d", due - timedelta(days=n), place) for n in sorted(before))
        self.store.set_deadlines(T, case, [DeadlinePlan(kind, due, plans)], by=ANA, now=self.now)
        state, version, old = self.cases[case].deadlines.get(kind, ("", 0, due))
        mine = [ping for ping in self.pings if (ping.case, ping.kind) == (case, kind)]
        if (state, old) != ("open", due):
            version += 1
            for ping in mine:
                ping.end("cancelled")
        else:
            for ping in mine:
                wanted = ping.offset in {plan.offset for plan in plans} or ping.offset.startswith("snooze")
                if ping.round == version and ping.planned > self.now and not wanted:
                    ping.end("cancelled")
                stays = ping.offset.startswith("snooze") or ping.planned <= self.now
                if ping.round == version and ping.state == "due" and stays and plans:
                    ping.place = place.conversation
        self.cases[case].deadlines[kind] = ("open", version, due)
        for plan in plans:
            at = datetime(plan.on.year, plan.on.month, plan.on.day, 9, tzinfo=UTC)
            there = next((p for p in mine if (p.round, p.offset) == (version, plan.offset)), None)
            if there is None:
                self.pings.append(
                    Ping(case, kind, version, plan.offset, place.conversation, at, at, len(self.pings))
                )
            elif there.state in ("due", "cancelled"):
                there.place, there.planned = place.conversation, at
                there.revive(at)

    def end_a_deadline(self, case: str, kind: str, met: bool) -> None:
        state, version, due = self.cases[case].deadlines.get(kind, ("", 0, FOUND))
        try:
            if met:
                self.store.meet(T, case, kind, by=ANA, now=self.now)
            else:
                self.store.withdraw(T, case, kind, why="x", by=ANA, now=self.now)
        except (Conflict, NotFound):
            assert state != "open"
            return
        assert state == "open"
        self.cases[case].deadlines[kind] = ("met" if met else "withdrawn", version, due)
        for ping in self.pings:
            if (ping.case, ping.kind) == (case, kind):
                ping.end("cancelled")

    def snooze(self, case: str, kind: str, hours: int) -> None:
        state, version, _ = self.cases[case].deadlines.get(kind, ("", 0, FOUND))
        mine = [ping for ping in self.pings if (ping.case, ping.kind) == (case, kind)]
        until = self.now + timedelta(hours=hours)
        try:
            made = self.store.snooze(T, case, kind, until=until, by=BEN, now=self.now)
        except (Conflict, NotFound):
            assert state != "open" or not mine
            return
        assert state == "open"
        for ping in mine:
            if ping.state in ("due", "unknown") and ping.next < until:
                ping.state = "superseded"
        there = next((ping for ping in mine if ping.key == made.key), None)
        if there is None:
            self.pings.append(
                Ping(case, kind, version, made.offset, made.place.conversation, until, until, len(self.pings))
            )
        elif there.state in ("cancelled", "superseded"):
            there.revive(until)

    # What workers do

    def claim(self, limit: int) -> tuple[Batch, int] | None:
        worker = f"w{self.claims % 2}"
        batch = self.store.claim(None, "chat", worker=worker, now=self.now, lease=LEASE, limit=limit)
        supersede(self.pings, self.now)
        busy = {place for place, until in self.busy.items() if until > self.now}
        due = [ping for ping in self.pings if ping.open and ping.next <= self.now and ping.place not in busy]
        if batch is None:
            assert due == []
            return None
        self.claims += 1
        taken = [self.by_key(item.key) for item in batch.items]
        for ping in taken:
            assert ping in due
            assert ping.place == batch.place.conversation
            ping.doubt = ping.state != "due"
            assert ping.doubt == batch.check_first
            ping.state, ping.lease, ping.next = "sending", self.claims, self.now + LEASE + SETTLE
            ping.lease_until, ping.tries = self.now + LEASE, ping.tries + 1
        assert min(self.deadline(ping) for ping in due) == self.deadline(taken[0])
        self.busy[batch.place.conversation] = self.now + LEASE + SETTLE
        return batch, self.claims

    def finish(self, held: tuple[Batch, int], end: str) -> None:
        """As a worker does: it posts under its lease alone, and what may be there it looks for first."""
        batch, claim = held
        pings = [self.by_key(item.key) for item in batch.items]
        mine = [ping for ping in pings if ping.state == "sending" and ping.lease == claim]
        if end in ("posted", "posted, then died"):
            if self.now >= batch.lease_until:
                end = "died"
            else:
                self.posted += [p.key for p in pings if not (batch.check_first and p.key in self.posted)]
        where = batch.place.conversation
        if end in ("posted", "not posted", "unknown") and self.busy[where] == batch.lease_until + SETTLE:
            self.busy[where] = self.now
        if end == "posted":
            self.store.sent(T, batch, message="m", now=self.now)
            for ping in pings:
                ping.state = "sent"
        elif end in ("not posted", "unknown"):
            give_back = self.store.later if end == "not posted" else self.store.unknown
            assert give_back(T, batch, at=self.now, now=self.now) == bool(mine)
            for ping in mine:
                certain = end == "not posted" and not batch.check_first
                ping.state, ping.next = "due" if certain else "unknown", self.now

    # How the two compare

    @invariant()
    def the_outbox_is_the_same(self) -> None:
        stored = {
            item.key: (item.state, item.place.conversation)
            for ref in self.cases
            for item in self.store.outgoing(T, ref)
        }
        assert stored == {ping.key: (ping.state, ping.place) for ping in self.pings}

    @invariant()
    def the_cases_are_the_same(self) -> None:
        for case in self.store.cases(T):
            kept = self.cases[case.ref]
            record = self.store.record(T, kept.record)
            assert (case.state, case.version) == (kept.state, kept.version)
            assert (record.revision, record.status == "confirmed") == (kept.revision, kept.confirmed)
            assert {d.kind: (d.state, d.version, d.due_on) for d in case.deadlines} == kept.deadlines

    # The model's own rules

    def by_key(self, key: str) -> Ping:
        return next(ping for ping in self.pings if ping.key == key)

    def deadline(self, ping: Ping) -> date:
        return self.cases[ping.case].deadlines[ping.kind][2]

    def drain(self) -> None:
        """Nothing is lost: whatever is still open goes out once its time has come and a worker lives."""
        self.now += timedelta(days=30)
        while batch := self.store.claim(None, "chat", worker="w3", now=self.now, lease=LEASE):
            supersede(self.pings, self.now)
            for item in batch.items:
                ping = self.by_key(item.key)
                if not (batch.check_first and ping.key in self.posted):
                    self.posted.append(ping.key)
                ping.state = "sent"
            self.store.sent(T, batch, message="m", now=self.now)
        supersede(self.pings, self.now)  # as the claim did that found nothing more
        assert not [ping for ping in self.pings if ping.open]
        assert {ping.key for ping in self.pings if ping.state == "sent"} <= set(self.posted)


TestStoreAndModel = StoreAndModel.TestCase
TestStoreAndModel.settings = settings(
    max_examples=int(os.environ.get("MODEL_EXAMPLES", "40")), stateful_step_count=40, deadline=None
)
