"""Pings in the terminal: printed when they fall due, at the start, after every command, and while waiting."""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

from bot.core.actions.delivery_cards import CaseContents
from bot.core.cards import Card, Severity
from bot.core.messages import Capabilities
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.replan import rewatch
from bot.core.reminders.sending import Found, Outcome, Posted, Timings, Unreadable
from bot.terminal.screen import Screen
from storage.errors import StoreError
from storage.model import Destination
from storage.store import Store

# Nobody else's limits are to be kept here, and a printed line is certain.
TIMINGS = Timings(lease=30.0, settle=0.0, poll=1.0, pace=0.0, backoff=5.0)
AT_A_TIME = 100


class Printer:
    """core's `Sender` onto a screen. What was printed cannot be read back, nor changed: a case's card is
    shown anew by whatever changed it."""

    def __init__(self, screen: Screen, platform: str) -> None:
        self._screen, self.platform = screen, platform

    async def send(self, tenant: str, place: Destination, card: Card, keys: Sequence[str]) -> Outcome:  # noqa: ARG002
        self._screen.show(card)
        return Posted(secrets.token_hex(8))

    async def update(self, tenant: str, place: Destination, message: str, card: Card) -> Outcome:  # noqa: ARG002
        return Posted(message)

    async def find(self, tenant: str, place: Destination, key: str, since: datetime) -> Found:  # noqa: ARG002
        return Unreadable("a terminal cannot be read back")

    async def clock(self) -> None:
        """A terminal has no other than the machine's."""


class Pings:
    """Prints what is due whenever it is asked to, and from a thread of its own while somebody waits."""

    def __init__(
        self, store: Store, screen: Screen, face: Capabilities, tenant: str, now: Callable[[], datetime]
    ) -> None:
        self._store, self._tenant, self._now = store, tenant, now
        self._here = Destination(face.name, face.name)
        self._delivery = Delivery(
            store, Printer(screen, face.name), CaseContents(store, face),
            worker=f"{face.name}-{os.getpid()}-{secrets.token_hex(3)}",
            clock=Clock(now), timings=TIMINGS, tenant=lambda: tenant,
        )  # fmt: skip
        self._screen, self._told = screen, ""
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pings")
        self._thread: threading.Thread | None = None

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Nothing is printed meanwhile: what somebody asked for comes whole."""
        with self._turn:
            yield

    def print_due(self) -> None:
        """Everything that is due by now. Ctrl-C does not end what is being printed. Raises StoreError."""
        due = self._store.next_due(self._tenant, self._here.platform)
        if due is not None and due <= self._now():
            self._pool.submit(self._print_due).result()

    def _print_due(self) -> None:
        with self._turn:
            asyncio.run(self._drain())

    async def _drain(self) -> None:
        for _ in range(AT_A_TIME):
            if not await self._delivery.step():
                break
        if (health := self._delivery.health) != self._told:
            self._told = health
            if health:
                self._screen.show(Card(f"Reminders are held up: {health}", severity=Severity.ALARM))

    def start(self) -> None:
        """What has no reminder to come gets one; what is due is printed; then, whatever the store said, the
        watch begins. Raises StoreError."""
        self._thread = threading.Thread(target=self._watch, name="pings", daemon=True)
        try:
            self._pool.submit(self._print_due).result()  # and the clock is looked at
            if self._delivery.clock.trusted:
                rewatch(self._store, self._tenant, self._here, self._now())
                self.print_due()
        finally:
            self._thread.start()

    def stop(self) -> None:
        """Once what is being printed is written down."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._pool.shutdown()

    def _watch(self) -> None:
        while not self._stop.wait(self._pause()):
            try:
                self.print_due()
            except StoreError:
                continue  # told at the next command, and tried again

    def _pause(self) -> float:
        try:
            due = self._store.next_due(self._tenant, self._here.platform)
        except StoreError:
            return TIMINGS.poll
        wait = TIMINGS.poll if due is None else (due - self._now()).total_seconds()
        return min(max(wait, 0.05), TIMINGS.poll)
