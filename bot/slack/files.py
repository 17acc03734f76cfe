"""A file into a conversation, as Slack takes one: an address is asked for, the bytes go there, and the file
is shared. Until the last step nobody sees anything of it, so what came before may be done again."""

from __future__ import annotations

import asyncio
from textwrap import shorten
from urllib.parse import urlsplit

import aiohttp

from bot.slack.web import TRIES, Failed, Web

MOST_WORDS = 1000  # of an alternative text
# What an administrator can do about it; whatever else Slack says is told by its own word.
_WHY = {
    "missing_scope": "the app may not give files yet: an administrator updates it by manifest.yml "
    "(files:write) and installs it again",
    **dict.fromkeys(
        ("file_uploads_disabled", "file_uploads_except_images_disabled", "file_type_not_allowed"),
        "this workspace does not let files of this kind in: an administrator of it can",
    ),
    "storage_limit_reached": "this workspace's room for files is used up",
}


def why_not(failed: Failed) -> str:
    """Why no file came, in a line."""
    return _WHY.get(failed.error, f"Slack did not take the file ({failed.error})")


async def share(web: Web, channel: str, name: str, made: bytes, *, title: str, words: str = "") -> None:
    """`words` say what a picture shows to whoever does not see it. Raises Failed, where there is nothing; or
    Unsure, where the file may be there."""
    alternative = {"alt_txt": shorten(words, MOST_WORDS, placeholder="…")} if words else {}
    there = await web.call("files.getUploadURLExternal", filename=name, length=len(made), **alternative)
    await _uploaded(web, str(there.get("upload_url", "")), made)
    files = [{"id": str(there.get("file_id", "")), "title": title}]
    await web.call("files.completeUploadExternal", files=files, channel_id=channel)


async def _uploaded(web: Web, url: str, made: bytes) -> None:
    """The bytes, to where Slack said, without our token. Raises Failed."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.netloc != urlsplit(web.client.base_url).netloc:
        raise Failed("foreign_upload_url")
    assert web.client.session is not None
    problem = ""
    for attempt in range(TRIES):
        await asyncio.sleep(0.2 * attempt)
        try:
            async with web.client.session.post(url, data=made) as answer:
                if answer.status == 200:
                    return
                problem = f"upload_{answer.status}"
                if answer.status != 429 and answer.status < 500:
                    break
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = f"upload_{type(error).__name__}"
    raise Failed(problem)
