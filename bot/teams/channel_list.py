"""Which channels a form offers: those in which the bot is, and the others of their teams, as Teams lists
them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.teams.contacts import Contacts
from bot.teams.post_errors import PostError
from bot.teams.posts import Posts

FRESH = timedelta(minutes=10)  # how long a team's list is taken for so
PATIENCE = 3.0  # seconds, of the ten in which Teams wants an answer
FIRST = "General"  # what Teams calls the channel that it lists without a name
# One of these does not take the app over from its team: it is offered once the bot was heard in it.
CLOSED_OFF = frozenset({"private", "shared"})
log = logging.getLogger(__name__)


class ChannelList:
    def __init__(self, contacts: Contacts, posts: Posts, clock: Callable[[], datetime]) -> None:
        self._contacts, self._posts, self._clock = contacts, posts, clock
        self._teams: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def of(self, tenant: str) -> dict[str, str]:
        """Their names by their ids, in the order of their names; with the team's where there are several."""
        known = await asyncio.to_thread(self._contacts.shared, tenant)
        teams = {one.team: one.service_url for one in known if one.team}
        try:
            names = await asyncio.wait_for(self._listed(tenant, teams), PATIENCE)
        except TimeoutError:
            names = {}
        known = await asyncio.to_thread(self._contacts.shared, tenant)
        several = len(teams) > 1
        found = {
            one.id: f"{team}: {one.name}" if several and (team := names.get(one.team, "")) else one.name
            for one in known
            if one.name
        }
        return dict(sorted(found.items(), key=lambda item: item[1].casefold()))

    async def _listed(self, tenant: str, teams: dict[str, str]) -> dict[str, str]:
        """Each team's name, its channels having been kept as places to write to."""
        names = await asyncio.gather(*(self._list(tenant, team, url) for team, url in teams.items()))
        return dict(zip(teams, names, strict=True))

    async def _list(self, tenant: str, team: str, service_url: str) -> str:
        now = self._clock()
        name, at = self._teams.get((tenant, team), ("", None))
        if at is not None and now - at < FRESH:
            return name
        try:
            name, listed = await self._posts.team(service_url, team)
        except PostError as error:
            log.warning("a team's channels were not listed: %(error)s", {"error": error})
            return name
        open_ = {one.id: one.name or FIRST for one in listed if one.id and one.kind not in CLOSED_OFF}
        await asyncio.to_thread(
            lambda: self._contacts.remember_channels(tenant, team, service_url, open_, now=now)
        )
        self._teams[tenant, team] = name, now
        return name
