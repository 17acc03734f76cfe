"""Teams as one of the faces that a server runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.core.settings.chosen import Chosen
from bot.core.trouble import note
from bot.own_row import OwnRow
from bot.teams.checkup import of_places
from bot.teams.contacts import PLATFORM, Contacts
from bot.teams.deliver import Deliver
from bot.teams.door import Door
from bot.teams.face import Conversation, TeamsFace
from bot.teams.giving import Giving
from bot.teams.people import People
from bot.teams.posts import Posts
from bot.teams.sdk import Sdk
from bot.teams.sender import TeamsSender
from bot.teams.settings import TeamsSettings
from bot.teams.whereabouts import Whereabouts
from storage.chat_connection_model import ConnectionPlan
from storage.store import Store

PATH = "/api/messages"
REVIEW = 600.0  # seconds between two looks at who still is where they were
log = logging.getLogger(__name__)


class TeamsService:
    """`routes` are ASGI apps by path, `sender` is what pings go through, `says` the line for the log.

    `tenant_of` says which organisation the registration's own directory is taken for; `tenants` are those
    whose messages it sends.
    """

    name = PLATFORM

    def __init__(
        self,
        settings: TeamsSettings,
        bot: Conversation,
        store: Store,
        clock: Callable[[], datetime],
        *,
        tenant_of: Callable[[str], str] = lambda directory: directory,
        row: OwnRow | None = None,
        path: str = PATH,
    ) -> None:
        self.tenants: tuple[str, ...] = ()
        self._own = tenant_of(settings.tenant_id)
        self._sdk, self._store, self._clock = Sdk(settings, lambda: clock().timestamp()), store, clock
        self._settings, self._row = settings, row or OwnRow(None, PLATFORM, clock)
        posts, contacts = Posts(self._sdk), Contacts(store, settings.client_id)
        self._contacts = contacts
        giving = Giving(posts, clock, settings.file_hosts)
        deliver = Deliver(store, contacts, posts, clock, giving)
        self.people = People(store, contacts, posts, clock, settings.tenant_id)
        self._whereabouts = Whereabouts(
            bot.whose, posts, clock, settings.client_id, settings.tenant_id, self._own
        )
        self.face = TeamsFace(
            bot, store, contacts, deliver, clock, self.people, self._whereabouts, self._sdk.time
        )
        self.settle()
        self._looking: asyncio.Task[None] | None = None
        self.sender = TeamsSender(contacts, deliver, posts, clock, settings.tenant_id)
        self.routes: Mapping[str, Door] = {path: Door(settings, self._sdk, self.face.take)}
        self.says = ", ".join(
            filter(None, [f"Teams: app {settings.client_id} by HTTP at {path}", settings.in_place])
        )

    async def start(self) -> None:
        """What arrives, arrives by `routes`; who left is looked for."""
        directory = self._settings.tenant_id
        whose = "" if self._own == directory else self._own
        plan = ConnectionPlan(PLATFORM, self._settings.client_id, directory, organisation=whose)
        await asyncio.to_thread(self._row.connected, plan, self._clock())
        self._looking = asyncio.get_running_loop().create_task(self._look())

    def settle(self) -> None:
        """Whom it serves, as it is bound now. Blocks."""
        self.tenants = self._whereabouts.served()

    def begin(self) -> None:
        """Its own organisation, where it is the first. Blocks."""
        self._whereabouts.begin()

    def astray(self) -> list[str]:
        """Which command binds what leads nowhere, a line; for a start and `/health`. Blocks."""
        return self._whereabouts.astray()

    @property
    def tenant(self) -> str:
        """The one that it serves, where it is one alone."""
        return self.tenants[0] if len(self.tenants) == 1 else ""

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(REVIEW)
            try:
                for tenant in self.tenants:
                    await self.people.review(tenant)
            except Exception as error:  # noqa: BLE001 - the next look may go better
                note(log, error)

    @property
    def hears_by(self) -> Mapping[str, int]:
        return {PLATFORM: 0}

    async def leave(self) -> None:
        """Nothing is fetched: Teams calls whoever is ready."""

    async def close(self) -> None:
        if self._looking:
            self._looking.cancel()
        await self.face.rest()
        await self._sdk.close()

    async def problems(self) -> list[str]:
        """What is wrong, a line each; for /health."""
        ends = self._sdk.signing_in.ends_soon(self._clock())
        places = await asyncio.to_thread(lambda: [*self.astray(), *self._places()])
        return [*self._sdk.problems, *([ends] if ends else []), *places]

    def _places(self) -> list[str]:
        found: list[str] = []
        for tenant in self.tenants:
            places = Chosen(self._store.settings(tenant)).places
            found += of_places(self._contacts, tenant, places)
        return found

    @property
    def credential_end(self) -> date | None:
        """The day on which nothing can be sent any more, where it is known."""
        return self._sdk.signing_in.end

    async def checkup(self) -> list[str]:
        """The same, Microsoft having been asked for the bot's own token; for `irmer doctor`."""
        said = [await self._sdk.signing_in.why_not(), *await self.problems()]
        return list(dict.fromkeys(filter(None, said)))
