"""What the bot signs in to Microsoft with, until when that is good, and the token that it is given for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from bot.reaching import why_not_reached
from bot.teams.certificate import end_of
from bot.teams.keys import Aside
from bot.teams.post_errors import Later
from bot.teams.settings import CERTIFICATE, TeamsSettings
from bot.teams.settings import NAMES as VARIABLES

# Before which the end of what the bot signs in with is spoken of.
CERTIFICATE_SOON, SECRET_SOON = timedelta(days=30), timedelta(days=14)
TOKEN_TIMEOUT = 8.0  # seconds for Microsoft to give the bot a token of its own
TOKEN_WAIT = 60.0  # seconds until it is asked again where it gave none
TOKEN_GOOD = 60.0  # seconds for which it is not asked for again; a token lives an hour, and is renewed before
SECRET = VARIABLES[1]


class SigningIn:
    """`ask` has Microsoft give a token. Left to itself its SDK asks for it, and takes it apart, with each
    message."""

    def __init__(self, settings: TeamsSettings, ask: Callable[[], Awaitable[object]], aside: Aside) -> None:
        self._settings, self._ask, self._aside = settings, ask, aside
        self._credential = CERTIFICATE if settings.certificate else SECRET
        self._good_until = 0.0
        self.token = ""
        self.trouble = ""

    async def have_token(self) -> None:
        """Raises Later where Microsoft gives the bot no token: asked for before anything can be sent."""
        if time.monotonic() <= self._good_until:
            return
        try:
            self.token = await asyncio.wait_for(self._aside.run(self._given()), TOKEN_TIMEOUT)
        except Exception as error:  # noqa: BLE001  the library raises whatever its parts raise
            self.trouble = f"Teams: Microsoft gives no token for sending: {self._check(error)}"
            raise Later(f"no token for sending ({type(error).__name__})", TOKEN_WAIT) from None
        self._good_until = time.monotonic() + TOKEN_GOOD

    async def _given(self) -> str:
        given = await self._ask()
        if given is None:
            raise ValueError("no token")
        return str(given)

    def _check(self, error: BaseException) -> str:
        """What to look at: a network that does not let us there is no fault of the secret's."""
        why = why_not_reached(error)
        return f"check {self._credential}" if why == type(error).__name__ else f"its login host: {why}"

    def refused(self) -> None:
        """The token was: another is asked for before the next message."""
        self._good_until = 0.0

    def taken(self) -> None:
        self.trouble = ""

    async def why_not(self) -> str:
        """Why Microsoft gives the bot no token, in a line; empty where it does."""
        try:
            await self.have_token()
        except Later:
            return self.trouble
        return ""

    @property
    def end(self) -> date | None:
        """The day on which the certificate ends, or the secret where somebody has set it: Microsoft alone
        knows of a secret else."""
        path = self._settings.certificate
        return end_of(path) if path else self._settings.secret_expires

    def ends_soon(self, now: datetime) -> str:
        """A line where it does."""
        end, certificate = self.end, bool(self._settings.certificate)
        if end is None or end - now.date() > (CERTIFICATE_SOON if certificate else SECRET_SOON):
            return ""
        what = "the certificate" if certificate else "the client secret"
        then = "upload another" if certificate else "make another, and set TEAMS_SECRET_EXPIRES anew"
        verb = "ends" if end >= now.date() else "ended"
        return f"Teams: {what} {verb} on {end:%Y-%m-%d}, and nothing can be sent after it: {then}"
