"""A document in a personal chat: Teams asks the person first, and says then where to put the bytes.

What is offered waits in the process until it is taken or declined, so that what comes is what was offered;
after a restart, or an hour, it is asked for anew.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx

from bot.core.paper import Paper
from bot.documents import ENDING
from bot.incoming import Incoming, Text, at

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
INVOKE = "fileConsent/invoke"
OFFERED = timedelta(hours=1)
MOST = 200  # offers at a time, the oldest gives way
# Where Teams has a person's files: nothing is put anywhere else.
FILE_HOSTS = (".sharepoint.com",)
TRIES, TIMEOUT = 3, 20.0


class Consent(Incoming):
    """What somebody answered: of which offer, and where the bytes go where they said yes."""

    action: Literal["accept", "decline"]
    offer: str = at("context", "offer")
    upload_url: Text = at("uploadInfo", "uploadUrl", default="")
    content_url: Text = at("uploadInfo", "contentUrl", default="")
    unique_id: Text = at("uploadInfo", "uniqueId", default="")
    file_type: Text = at("uploadInfo", "fileType", default="")
    name: Text = at("uploadInfo", "name", default="")


@dataclass(frozen=True)
class OfferedFile:
    tenant: str
    user: str  # by the directory's id
    paper: Paper
    made: bytes
    at: datetime

    @property
    def name(self) -> str:
        return f"{self.paper.stem}{ENDING}"


class NotTaken(Exception):
    """The bytes are not there; one word says why."""


class Offers:
    """Of one process."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, OfferedFile] = OrderedDict()

    def made(self, offer: OfferedFile) -> dict[str, Any]:
        """The card that asks, as an activity."""
        key = secrets.token_urlsafe(12)
        self._open[key] = offer
        while len(self._open) > MOST:
            self._open.popitem(last=False)
        content = {
            "description": offer.paper.title, "sizeInBytes": len(offer.made),
            "acceptContext": {"offer": key}, "declineContext": {"offer": key},
        }  # fmt: skip
        card = {"contentType": CONSENT, "name": offer.name, "content": content}
        return {"type": "message", "attachments": [card], "summary": offer.paper.title}

    def taken(self, key: str, tenant: str, user: str, now: datetime) -> OfferedFile | None:
        """Once, by whom it was offered to, and while it stands."""
        offer = self._open.get(key)
        if offer is None or (offer.tenant, offer.user) != (tenant, user):
            return None
        del self._open[key]
        return offer if now - offer.at <= OFFERED else None


def info(consent: Consent, offer: OfferedFile) -> dict[str, Any]:
    """The link to the file that is there, as an activity."""
    content = {"uniqueId": consent.unique_id, "fileType": consent.file_type}
    name = consent.name or offer.name
    card = {"contentType": INFO, "contentUrl": consent.content_url, "name": name, "content": content}
    return {"type": "message", "attachments": [card], "summary": offer.paper.title}


async def put(url: str, made: bytes, hosts: frozenset[str]) -> None:
    """The bytes to where Teams said, without a token of ours; `hosts` stand in for Microsoft's in a test.
    Twice the same is once. Raises NotTaken."""
    if not is_for_files(url, hosts):
        raise NotTaken("an address that is not one of Teams")
    size = len(made)
    headers: Mapping[str, str] = {
        "Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Type": "application/octet-stream",
    }  # fmt: skip
    why = ""
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        for attempt in range(TRIES):
            await asyncio.sleep(0.3 * attempt)
            try:
                answer = await client.put(url, content=made, headers=headers)
            except httpx.HTTPError as error:
                why = type(error).__name__
                continue
            if answer.status_code in (200, 201):
                return
            why = str(answer.status_code)
            if answer.status_code != 429 and answer.status_code < 500:
                break
    raise NotTaken(why)


def is_for_files(url: str, hosts: frozenset[str]) -> bool:
    """Is it an address where Teams has people's files, or in a test of a stand-in's?"""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if hosts:
        return parts.scheme == "http" and parts.netloc in hosts
    plain = parts.scheme == "https" and not parts.username and parts.port in (None, 443)
    return plain and host.endswith(FILE_HOSTS)
