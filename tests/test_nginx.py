"""The nginx configuration in ops/, tried with a real nginx where there is one, before a bot that serves."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.network import Authority
from tests.fakes.slack import FakeSlack
from tests.slack.conftest import bot_for

TEXT = (Path(__file__).parents[1] / "ops" / "nginx.conf").read_text()
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
NAME = "irmer.example.nhs.uk"


def test_two_paths_are_passed_on_by_post_and_nothing_else() -> None:
    places = re.findall(r"^    location ([^{\n]+) \{\n(.*?)^    \}", TEXT, re.M | re.S)
    assert [place for place, _ in places] == ["= /slack/events", "= /api/messages", "/"]
    for _, what in places[:2]:
        assert "limit_except POST { deny all; }" in what
        assert "client_max_body_size" in what
    assert places[2][1].strip() == "return 404;"
    assert "3001" not in TEXT, "the admin port stays on the machine"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Front:
    """nginx as the file says, with a port, a certificate and a bot of the test's own."""

    def __init__(self, folder: Path, behind: int) -> None:
        self.port, self.authority = free_port(), Authority(folder, (NAME,))
        pem = folder / "host.pem"
        text = TEXT.replace("127.0.0.1:3000", f"127.0.0.1:{behind}")
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = re.sub(r"/etc/ssl/irmer/server\.(?:pem|key)", str(pem), text)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log stderr warn; user root;\n"
            f"events {{ worker_connections 256; }}\nhttp {{ access_log off; {temporary}\n{text}\n}}\n"
        )
        self._process = subprocess.Popen(
            [str(NGINX), "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.PIPE, text=True
        )

    def close(self) -> str:
        self._process.terminate()
        return self._process.communicate()[1]

    def post(self, path: str, body: bytes = b"", method: str = "POST", **headers: str) -> int:
        context = ssl.create_default_context(cafile=str(self.authority.file))
        context.check_hostname = False
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.port}{path}", data=body if method == "POST" else None, method=method,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=10, context=context) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[tuple[Front, FakeSlack]]:
    if NGINX is None:
        pytest.skip("no nginx here")
    async with FakeSlack(strict=False) as slack, bot_for(slack, tmp_path / "a.sqlite") as world:
        one = Front(tmp_path, int(world.server.url.rpartition(":")[2]))
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", one.port)) == 0:
                        break
                await asyncio.sleep(0.05)
            yield one, slack
        finally:
            assert "emerg" not in await asyncio.to_thread(one.close)


async def test_what_is_signed_comes_through_as_it_was_signed(front: tuple[Front, FakeSlack]) -> None:
    nginx, slack = front
    body = b'{"type":"url_verification","challenge":"c","text":"%2B+caf%C3%A9 &amp;"}'

    def send(path: str, given: bytes, **how: Any) -> int:
        return nginx.post(path, given, **{**slack.sign(given), "Content_Type": "application/json", **how})

    assert await asyncio.to_thread(send, "/slack/events", body) == 200
    assert await asyncio.to_thread(send, "/slack/events", body, X_Slack_Signature="v0=00") == 401
    assert await asyncio.to_thread(send, "/slack/events", b"x" * 1_100_000) == 413
    assert await asyncio.to_thread(nginx.post, "/slack/events", method="GET") == 403
    for path in ("/health", "/live", "/metrics", "/", "/slack/events/"):
        assert await asyncio.to_thread(nginx.post, path, method="GET") == 404
