"""Which organisation an activity of Teams leads to. In somebody's own chat that hangs on the bound teams that
they are in: Teams is asked of each whether it knows them, and what it says is taken for so for a day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.whose import Resolver, Whence, Whose
from bot.teams.activity import Activity
from bot.teams.contacts import PLATFORM
from bot.teams.post_errors import PostError, Rejected
from bot.teams.posts import Posts, Target
from bot.whose_memory import WhoseMemory

FRESH = timedelta(days=1)  # for how long somebody is taken to be in a team
ABSENT = timedelta(minutes=10)  # and for how long not to be
PATIENCE = 5.0  # seconds, of the ten in which Teams wants an answer
SIDE_BY_SIDE = 8  # questions at once
KEPT = 5_000
SHARED = (
    "Teams: the directory is shared by several organisations, and no team of it is bound: irmer org bind ID "
    "teams team 19:... binds one, or link, typed where the bot knows the organisation"
)
NOT_THERE = frozenset({403, 404})  # they are not in it, or the bot is not


class Whereabouts:
    """`directory` and `app` are those of the registration, `own` the organisation that it is of."""

    def __init__(
        self, resolver: Resolver, posts: Posts, clock: Callable[[], datetime], app: str, directory: str,
        own: str,
    ) -> None:  # fmt: skip
        self._resolver, self._posts, self._clock = resolver, posts, clock
        self._memory = WhoseMemory(resolver)
        self._app, self._directory, self._own = app, directory, own
        self._in: dict[tuple[str, str], tuple[bool, datetime]] = {}  # by team and person

    async def of(self, activity: Activity) -> tuple[Whence, Whose]:
        whence = self._whence(activity)
        teams = await self._memory.to_be_asked(whence)
        member_of, sure = await self._member_of(activity, teams) if activity.object_id else (None, True)
        whence = whence if sure else replace(whence, unsure=True)
        return whence, await self._memory.of(whence, member_of)

    def served(self) -> tuple[str, ...]:
        """The organisations whose messages this registration sends; it blocks."""
        whence = Whence(PLATFORM, self._app, directory=self._directory, own=self._own)
        return self._resolver.sent_for(
            whence,
            lambda one: (
                one.platform == PLATFORM
                and one.app in ("", self._app)
                and (one.kind != "directory" or one.external.lower() == self._directory)
            ),
        )

    def begin(self) -> None:
        """The registration's own organisation, where it is the first; it blocks."""
        whole = Whence(PLATFORM, self._app, directory=self._directory, own=self._own)
        self._resolver.begin(whole, now=self._clock())

    def astray(self) -> list[str]:
        """What leads nowhere here, and which command binds it; it blocks."""
        if self._directory in self._resolver.shared:
            return [] if self.served() else [SHARED]
        whole = Whence(PLATFORM, self._app, directory=self._directory, own=self._own)
        return self._resolver.astray(whole)

    def _whence(self, activity: Activity) -> Whence:
        return Whence(
            PLATFORM, self._app, activity.conversation, "" if activity.personal else activity.team_id,
            activity.object_id if activity.personal else "", directory=min(activity.tenants), own=self._own,
            personal=activity.personal,
        )  # fmt: skip

    async def _member_of(
        self, activity: Activity, teams: Sequence[tuple[str, str]]
    ) -> tuple[frozenset[str], bool]:
        """The organisations of the teams that know the person, and whether each has said. Of one that has not
        it is taken that they are not in it: then less is shown to them, and never more."""
        if not teams:
            return frozenset(), True
        some = asyncio.Semaphore(SIDE_BY_SIDE)

        async def ask(team: str) -> bool | None:
            async with some:
                return await self._is_in(team, activity)

        asked = [asyncio.ensure_future(ask(team)) for _, team in teams]
        await asyncio.wait(asked, timeout=PATIENCE)
        for task in asked:
            task.cancel()
        said = [task.result() if task.done() and not task.cancelled() else None for task in asked]
        found = frozenset(one for (one, _), there in zip(teams, said, strict=True) if there)
        return found, None not in said

    async def _is_in(self, team: str, activity: Activity) -> bool | None:
        key, now = (team, activity.object_id), self._clock()
        known = self._in.get(key)
        if known and now - known[1] < (FRESH if known[0] else ABSENT):
            return known[0]
        try:
            entry = await self._posts.member(Target("", team, activity.service_url), activity.object_id)
            found = entry.role != "guest"
        except Rejected as refused:
            if refused.status not in NOT_THERE:
                return None
            found = False
        except PostError:
            return None
        if len(self._in) > KEPT:
            self._in.clear()
        self._in[key] = found, now
        return found
