"""The files of the fake Slack: an address for each, good once; the bytes, all or none; shared once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack_state import BOT_USER, File, Refused

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack


class Files:
    """`not_let_in` is the word with which the workspace refuses every file; `statuses` are what the next
    uploads are answered with instead of being taken."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.every: dict[str, File] = {}
        self.not_let_in = ""
        self.statuses: list[int] = []
        self.tokens: list[str] = []  # that came with bytes, where none belongs

    def upload_url(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        name, length = str(arguments.get("filename", "")), arguments.get("length")
        if not name or not isinstance(length, str) or not length.isdecimal() or int(length) == 0:
            raise Refused("invalid_arguments")  # a number would be JSON's: of a form everything is text
        if self.not_let_in:
            raise Refused(self.not_let_in)
        words = str(arguments.get("alt_txt", ""))
        if len(words) > 1000:
            raise Refused("invalid_arguments")
        file = File(self.slack.ids("F"), name, int(length), words=words)
        self.every[file.id] = file
        return {"upload_url": f"{self.slack.base}/upload/{file.id}", "file_id": file.id}

    async def take(self, request: web.Request) -> web.Response:
        file, made = self.every.get(request.match_info["ticket"]), await request.read()
        if token := request.headers.get("Authorization"):
            self.tokens.append(token)
        if self.statuses:
            return web.Response(status=self.statuses.pop(0), text="not now")
        if file is None or file.made is not None:
            return web.Response(status=404, text="no such address")
        if len(made) != file.length:
            return web.Response(status=400, text="another length was announced")
        file.made = made
        return web.Response(text=f"OK - {len(made)}")

    def complete_upload(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """All of its files are there, and whoever shares them is in the channel."""
        given = arguments.get("files")
        if not isinstance(given, list) or not given:
            raise Refused("invalid_arguments")
        found = [file for one in given if (file := self.every.get(str(one.get("id"))))]
        if len(found) < len(given) or any(one.made is None or one.shared for one in found):
            raise Refused("file_not_found")
        target = self.slack.channels.get(str(arguments.get("channel_id")))
        if target is None:
            raise Refused("channel_not_found")
        if BOT_USER not in target.members:
            raise Refused("not_in_channel")
        self.slack.pace(target.id)
        posted = self.slack.add(target, BOT_USER, {"text": str(arguments.get("initial_comment", ""))})
        for one, said in zip(found, given, strict=True):
            one.title, one.shared = str(said.get("title") or one.name), target.id
            posted.files.append(one)
        return {"files": [{"id": one.id, "title": one.title} for one in found]}
