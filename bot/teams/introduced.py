"""Whether Microsoft takes what a registration signs in with: asked once, before a connection is kept."""

from __future__ import annotations

from bot.teams.contacts import PLATFORM
from bot.teams.sdk import Sdk
from bot.teams.settings import TeamsSettings
from bot.usage import NotReady
from storage.chat_connection_model import ConnectionPlan


async def introduced(settings: TeamsSettings) -> ConnectionPlan:
    """Raises NotReady."""
    sdk = Sdk(settings)
    try:
        if line := await sdk.signing_in.why_not():
            raise NotReady(line)
    finally:
        await sdk.close()
    return ConnectionPlan(PLATFORM, settings.client_id.lower(), settings.tenant_id)
