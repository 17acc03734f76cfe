"""What no message says: deadlines that nothing will remind of, and what is late or reached nobody."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.late_and_lost import findings
from bot.core.reminders.leavers import named_to_who_leads
from bot.core.reminders.patience import AGAIN
from bot.core.reminders.replan import by_schedule, rewatch
from bot.core.reminders.sending import Became
from bot.core.reminders.serving import Pair, Pairs, unserved
from bot.core.reminders.turning import Turning
from bot.core.reminders.weekly import plan_digest, week_of
from bot.core.settings.chosen import Chosen
from bot.core.trouble import note
from rules.deadlines import uk_date
from storage.errors import StoreError
from storage.memory_model import AGAIN_BY, OF_ALL
from storage.model import UNLINKED, Destination
from storage.plans import PostPlan
from storage.store import Store

EVERY = 60.0  # seconds between two looks
LONGEST = 600.0  # seconds that one may take
TURN = timedelta(seconds=150)
"""For how long one process looks for all, where it does not ask again."""
MOMENTS = timedelta(minutes=10)
"""For how long it is kept what somebody did a moment ago."""
SOON = 0.5  # seconds, until the clock is believed
LINKS = timedelta(days=15)  # for how long it is kept from where people asked that leads nowhere
WHO_LEFT = 10  # looks between two for those who left: platforms are asked about people no more often
BY_SCHEDULE = 60  # looks between two in which every deadline is held against its schedule

log = logging.getLogger(__name__)


class Watch:
    """Sees to it, and says in `health` what it cannot see to, a line each. `here`: where reminders go of a
    subject of which no place is known; `mine`: whom this process serves; `instead`: what takes up what waits
    for a tenant on a platform that nobody serves.

    Of several processes one sees to it for all: the one that has the turn (`my_turn`, for how long); each
    says whom it serves, and looks for what is late. `looked` is told of each full look, and says what was
    wrong with that."""

    repeats = 0  # it sends nothing
    notes: tuple[str, ...] = ()

    def __init__(
        self, store: Store, here: Destination, clock: Clock, *, mine: Pairs = frozenset,
        instead: Callable[[str, str], Delivery] | None = None,
        my_turn: Callable[[timedelta], bool] = lambda _: True,
        looked: Callable[[], Awaitable[str]] | None = None,
    ) -> None:  # fmt: skip
        self._store, self._here, self._clock = store, here, clock
        self._mine, self._instead = mine, instead
        self._my_turn, self._looked_at_all, self._not_told = my_turn, looked, ""
        self._mine_to_do = False
        self._full = False  # was the last look one at everything, and did nothing go wrong with it?
        self._unserved: list[Pair] = []
        self._lines = ""
        self._held_up: list[str] = []  # of what is moved on
        self.outcomes: Counter[Became] = Counter()  # of what goes on to another place
        self._turning = Turning(LONGEST)
        self._day: dict[str, str] = {}  # by tenant, of the last checkpoint
        self._digests: dict[str, str] = {}  # by tenant, the week that was seen to
        self._looked = 0  # since the clock was last not to be believed
        self._left: list[str] = []
        self._tenants: dict[str, Chosen] = {}  # what each has set, by the last look that could read it

    @property
    def health(self) -> str:
        stuck = "the watch stands still: the store holds it up" if self.stuck else ""
        lines = (stuck, self._lines, self._not_told, *self._held_up)
        return "\n".join(line for line in lines if line)

    @property
    def stuck(self) -> float:
        """For how many seconds it has not come round, where that is more than it may; else 0."""
        return self._turning.stuck

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._turning.turn()
            self._lines = await asyncio.to_thread(self.look)
            await self.move_on()
            if self._full and self._looked_at_all is not None:
                self._not_told = await self._looked_at_all()
            try:
                await asyncio.wait_for(stop.wait(), EVERY if self._clock.trusted else SOON)
            except TimeoutError:
                continue
        self._turning.end()

    def look(self) -> str:
        """One look. Whatever goes wrong with one part of it, the others are looked at. By a clock that is not
        believed nothing is planned, and nothing is late."""
        self._full = False
        if not self._clock.trusted:
            self._looked = 0
            return ""
        now, lines, failed = self._clock.wall(), list[str](), list[str]()
        for_all = (
            self._plan, self._try_again, self._forget, self._checkpoint, self._leavers, self._digest,
        )  # fmt: skip
        for part in (self._serve, self._read, self._turn, *for_all, self._find):
            if part in for_all and not self._mine_to_do:
                continue
            try:
                lines += part(now)
            except StoreError as problem:
                failed.append(f"the store: {problem}")
            except Exception as error:  # noqa: BLE001 - whatever it was
                note(log, error)
                failed.append(f"a part of the watch failed ({type(error).__name__}): see the log")
        self._full = self._mine_to_do and not failed
        return "\n".join(dict.fromkeys([*lines, *failed]))

    def _turn(self, _: datetime) -> list[str]:
        self._mine_to_do = False  # where the store cannot be asked, nobody's
        self._mine_to_do = self._my_turn(TURN)
        if not self._mine_to_do:
            self._unserved, self._not_told = [], ""
        return []

    async def move_on(self) -> None:
        """What waits on a platform that nobody serves is tried there in vain, so that it goes elsewhere."""
        self._held_up = []
        if self._instead is None:
            return
        for tenant, platform in self._unserved:
            try:
                delivery = self._instead(tenant, platform)
                while await delivery.step():
                    self._turning.turn()
                self.outcomes += delivery.outcomes
            except StoreError as problem:
                self._held_up.append(f"what is not served is held up: the store: {problem}")
            except Exception as error:  # noqa: BLE001 - whatever it was, the next one is not to blame
                note(log, error)
                self._held_up.append(f"what is not served is held up ({type(error).__name__}): see the log")

    def _serve(self, now: datetime) -> list[str]:
        """Says whom this process serves, and finds whom nobody does."""
        self._unserved, mine = [], self._mine()
        for tenant, platform in sorted(mine):
            if tenant == UNLINKED:
                continue
            self._store.serves(tenant, platform, now=now)
        if not mine:
            return []
        self._unserved, lines = unserved(self._store, mine, now)
        return lines

    def _read(self, _: datetime) -> list[str]:
        self._tenants = {tenant: Chosen(self._store.settings(tenant)) for tenant in self._store.tenants()}
        return []

    def _plan(self, now: datetime) -> list[str]:
        lines = rewatch(self._store, None, self._here, now)
        if self._looked % BY_SCHEDULE == 0:
            for tenant in self._tenants:
                lines += by_schedule(self._store, tenant, self._here, now)
        self._looked += 1
        return lines

    def _digest(self, now: datetime) -> list[str]:
        for tenant, chosen in self._tenants.items():
            week = week_of(now, chosen)
            if self._digests.get(tenant) != week:
                self._digests[tenant] = plan_digest(self._store, tenant, now)
        return []

    def _try_again(self, now: datetime) -> list[str]:
        self._store.try_again(None, before=now - AGAIN, now=now)
        return []

    def _forget(self, now: datetime) -> list[str]:
        for tenant, chosen in self._tenants.items():
            days = chosen.get("retention_deliveries")
            self._store.forget_deliveries(tenant, before=now - timedelta(days=days))
        self._store.forget_deliveries(OF_ALL, before=now - MOMENTS, of=AGAIN_BY)
        self._store.forget_links(before=now - LINKS)
        self._store.scrub()
        return []

    def _checkpoint(self, now: datetime) -> list[str]:
        """Once a day for each tenant: signed, and a line of it where those who govern see it."""
        for tenant, chosen in self._tenants.items():
            day = uk_date(now).isoformat()
            if self._store.not_signed():  # the place may be there again: a later one says all of an earlier
                self._store.checkpoint(tenant, now=now)
            if self._day.get(tenant) == day or not self._store.signs():
                continue
            self._day[tenant] = day
            if not self._store.first_time(tenant, f"checkpoint:{day}", now=now):
                continue
            made = self._store.checkpoint(tenant, now=now)
            place = chosen.place("governance_channel")
            if made and place:
                self._store.post(tenant, PostPlan(f"checkpoint:{day}", place, {"text": made.line}), now=now)
        return [problem] if (problem := self._store.not_signed()) else []

    def _leavers(self, now: datetime) -> list[str]:
        if self._looked % WHO_LEFT == 1:
            self._left = named_to_who_leads(self._store, self._here.platform, now)
        return self._left

    def _find(self, now: datetime) -> list[str]:
        return findings(self._store, None, now)
