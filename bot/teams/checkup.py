"""Can the bot write where the settings say? Each answer is a line for `/health` and `irmer doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.teams.contacts import PLATFORM, Contacts
from bot.teams.names import PERSON
from storage.model import Destination


def of_places(contacts: Contacts, tenant: str, places: Mapping[str, Destination]) -> Iterator[str]:
    """`places` are conversations by what they are for. Nothing where all is well."""
    for what, place in places.items():
        if place.platform != PLATFORM or PERSON.fullmatch(place.conversation):
            continue
        known = contacts.conversation(tenant, place.conversation)
        if known is None:
            yield f"Teams: the {what} has never written to the bot: mention it there once"
        elif known.dead:
            yield f"Teams: the bot has no place in the {what} any more: add the app to its team again"
