"""People whom Slack calls otherwise since their workspace became part of an enterprise. What is kept names
them as before: one id becomes the other as it comes in or goes out, and nothing behind this knows of two."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from bot.core.accounts import is_account
from bot.core.settings.administrators import named_administrators
from bot.core.settings.holders import held
from bot.slack.parse import Installation
from bot.slack.sender import PLATFORM
from bot.slack.text import PERSON
from bot.slack.web import Failed, Unsure, Web
from storage.errors import StoreError
from storage.store import Store

MOST = 400  # that Slack is asked of at once
EXCHANGE = "migration.exchange"
log = logging.getLogger("irmer.slack")
_ID = re.compile(rf"(?<![A-Za-z0-9]){PERSON.pattern}(?![A-Za-z0-9])")
Said = TypeVar("Said")


class Moved:
    def __init__(
        self, web: Web, store: Store, installation: Installation, clock: Callable[[], datetime]
    ) -> None:
        self._web, self._store, self._installation, self._clock = web, store, installation, clock
        self._before: Mapping[str, str] = {}
        web.called_now = self.now
        self.settle()

    def settle(self) -> None:
        """What is known of it, also by another process. Blocks."""
        self._before = self._store.moved_people(PLATFORM)
        self._now = {old: new for new, old in self._before.items()}

    def before(self, said: Said) -> Said:
        """With everybody as they are kept."""
        return _reworded(said, self._before) if self._before else said

    def now(self, shown: Said) -> Said:
        """With everybody as Slack calls them."""
        return _reworded(shown, self._now) if self._now else shown

    async def ask(self, admins: Iterable[str] = ()) -> None:
        """What Slack calls those who hold something. What cannot be had is asked for at the next look."""
        if not self._installation.enterprise:
            return
        try:
            every = await asyncio.to_thread(self._held, admins)
            for first in range(0, len(every), MOST):
                users = ",".join(every[first : first + MOST])
                found = (await self._web.once(EXCHANGE, users=users)).get("user_id_map")
                if isinstance(found, Mapping) and found:
                    await asyncio.to_thread(self._keep, {str(old): str(new) for old, new in found.items()})
            await asyncio.to_thread(self.settle)
        except (Failed, Unsure, StoreError) as problem:
            if str(problem) != "not_enterprise_team":
                log.warning("what Slack calls people now is not known: %(error)s", {"error": problem})

    def _held(self, admins: Iterable[str]) -> list[str]:
        found = dict.fromkeys(named_administrators(self._store, admins, f"{PLATFORM}:"))
        for tenant in self._installation.tenants:
            found |= dict.fromkeys(held(self._store, tenant))
        return [one for one in found if PERSON.fullmatch(one) and not is_account(one)]

    def _keep(self, moved: Mapping[str, str]) -> None:
        new = self._store.people_moved(self._installation.tenants, PLATFORM, moved, now=self._clock())
        if new:
            log.info("Slack calls %(count)s people by another id", {"count": len(new)})


def _reworded(value: Any, by: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _ID.sub(lambda found: by.get(found[0], found[0]), value)
    if isinstance(value, Mapping):
        return {key: _reworded(one, by) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_reworded(one, by) for one in value]
    return value
