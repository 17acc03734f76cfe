"""The row of one connection, as whatever serves it writes to it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from storage.chat_connection_model import BY_ENVIRONMENT, ChatConnection, ConnectionPlan
from storage.model import BOT
from storage.store import Store

log = logging.getLogger("irmer")


class OwnRow:
    """Each verb asks the store, and blocks. Without a store nothing is written: it is only looked at."""

    def __init__(self, store: Store | None, id: str, clock: Callable[[], datetime]) -> None:  # noqa: A002
        self._store, self.id, self._clock = store, id, clock
        self._since: datetime | None = None

    @property
    def again(self) -> str:
        """What is to be done where Slack takes its token no more."""
        how = " and set SLACK_BOT_TOKEN" if self.id in BY_ENVIRONMENT else ", then irmer connect slack"
        return f"install the app again{how}"

    def connected(self, plan: ConnectionPlan, at: datetime) -> str:
        """The platform has taken the token, and says so of it; a line about what nobody knew before. `at`: by
        the platform's clock."""
        self._since = at
        if not self._store:
            return ""
        last = self._last()
        as_it_was = last is not None and last.state == "live" and _whose(last.plan) == _whose(plan)
        if self.id in BY_ENVIRONMENT and not as_it_was:
            self._store.connect(plan, {}, None, id=self.id, installed_at=at, by=BOT, now=self._clock())
        told = {
            name: value
            for name in ("enterprise", "bot_user", "called", "scopes")
            if (value := getattr(plan, name)) and last and value != getattr(last.plan, name)
        }
        return self._changed(last, told)

    def joined(self, enterprise: str) -> str:
        """A payload tells of an enterprise; a line where nobody knew."""
        return self._changed(self._last(), {"enterprise": enterprise})

    def lost(self, why: str, told_at: datetime | None) -> bool:
        """The platform tells that its token has ended: False where that is of before it was installed
        anew."""
        if told_at is not None and self._since is not None and told_at < self._since:
            return False
        if not self._store:
            return True
        self._store.end_connection(self.id, "revoked", why, told_at=told_at, by=BOT, now=self._clock())
        last = self._last()
        return last is None or last.state == "revoked"

    def _last(self) -> ChatConnection | None:
        there = self._store.connections() if self._store else ()
        return next((one for one in there if one.id == self.id), None)

    def _changed(self, last: ChatConnection | None, told: Mapping[str, str]) -> str:
        if not told or not last or not self._store:
            return ""
        if self._store.connection_changed(self.id, told, by=BOT, now=self._clock()) is None:
            return ""
        if "enterprise" not in told:
            return ""
        log.warning("the workspace belongs to an enterprise now: %(what)s", {"what": self.id})
        was = f", and to {last.plan.enterprise} before" if last.plan.enterprise else ""
        return (
            f"the workspace {last.plan.team} belongs to the enterprise {told['enterprise']} now{was}: it "
            "leads where it led, and people may come to have other ids"
        )


def _whose(plan: ConnectionPlan) -> tuple[str, ...]:
    return (plan.app, plan.team, plan.organisation)
