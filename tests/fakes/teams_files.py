"""Files in the fake Teams: a consent card in a personal chat, what a person answers to it, and the place
where the bytes go, which knows no token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.teams import FakeTeams
    from tests.fakes.teams_world import Answer, Member, Message

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"


@dataclass
class Place:
    """Where a file is to go, and what came."""

    name: str
    size: int
    made: bytes | None = None


class Files:
    """`allowed`: the app's package says that it gives files. `statuses` are what the next bytes are answered
    with instead of being taken."""

    def __init__(self, teams: FakeTeams) -> None:
        self.teams = teams
        self.allowed = True
        self.statuses: list[int] = []
        self.places: dict[str, Place] = {}

    def wrong_with(self, attachment: Mapping[str, Any], kind: str) -> str:
        """What the Connector would refuse of a file's card; empty where nothing is wrong."""
        content, name = attachment.get("content") or {}, attachment.get("name")
        if kind != "personal":
            return "a file outside of a personal chat"
        if not self.allowed:
            return "supportsFiles is not set"
        if not name or not isinstance(content, dict):
            return "a file without a name"
        if attachment["contentType"] == INFO:
            place = self.places.get(str(content.get("uniqueId")))
            there = place is not None and place.made is not None and attachment.get("contentUrl")
            return "" if there and content.get("fileType") else "a link to a file that is not there"
        size, contexts = content.get("sizeInBytes"), ("acceptContext", "declineContext")
        whole = isinstance(size, int) and size > 0 and all(isinstance(content.get(c), dict) for c in contexts)
        return "" if whole and content.get("description") else "an offer that says not what of"

    def answer(
        self, message: Message, who: Member, *, accept: bool = True, host: str = "", **changes: Any
    ) -> Answer:
        """Somebody presses Allow or Decline on an offer."""
        (attachment,) = message.activity["attachments"]
        assert attachment["contentType"] == CONSENT, attachment["contentType"]
        content = attachment["content"]
        value: dict[str, Any] = {
            "type": "fileUpload", "action": "accept" if accept else "decline",
            "context": content["acceptContext" if accept else "declineContext"],
        }  # fmt: skip
        if accept:
            unique = f"u{len(self.places) + 1}"
            self.places[unique] = Place(attachment["name"], content["sizeInBytes"])
            at = host or self.teams.connector.address
            value["uploadInfo"] = {
                "contentUrl": f"https://ward-my.sharepoint.com/personal/{attachment['name']}",
                "name": attachment["name"], "uploadUrl": f"{at}/upload/{unique}", "uniqueId": unique,
                "fileType": attachment["name"].rpartition(".")[2],
            }  # fmt: skip
        activity = self.teams.activity(
            "invoke", message.conversation, who, name="fileConsent/invoke", value=value | changes,
            replyToId=message.id,
        )  # fmt: skip
        return self.teams.deliver(activity)

    def put(self, path: str, headers: Mapping[str, str], raw: bytes) -> int:
        """A status: 201 once all bytes are there."""
        place = self.places.get(path.rpartition("/")[2])
        if headers.get("Authorization"):
            self.teams.complaints.append("a token where a file goes, which is none of its business")
        if self.statuses:
            return self.statuses.pop(0)
        if place is None:
            return 404
        ranged = re.fullmatch(r"bytes 0-(\d+)/(\d+)", headers.get("Content-Range", ""))
        if not ranged or int(ranged[1]) + 1 != int(ranged[2]) or not len(raw) == int(ranged[2]) == place.size:
            return 416
        place.made = raw
        return 201
