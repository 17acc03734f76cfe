"""The tests' strict Slack, on a port that the machine knows. It goes by the real clock, as the bot does."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from aiohttp import web

from tests.fakes.slack import FakeSlack

PORT = 4000


async def main() -> None:
    site = web.TCPSite
    web.TCPSite = lambda runner, host, _: site(runner, host, PORT)  # type: ignore[assignment,misc]
    async with FakeSlack(began=None, strict=False):
        await asyncio.Event().wait()


asyncio.run(main())
