"""Whom the bot asks, and by which way."""

from __future__ import annotations

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from microsoft_teams.api.auth.cloud_environment import PUBLIC

from bot.teams.certificate import MICROSOFT
from bot.teams.settings import SERVICE_HOSTS
from tests.fakes.teams import FakeTeams
from tests.teams.running import Running

PAGE = Path(__file__).parents[2] / "docs" / "teams.md"


def test_the_hosts_of_the_page_are_those_that_are_asked() -> None:
    said = PAGE.read_text().partition("**The network.**")[2].partition("Microsoft\n   asks")[0]
    asked = {urlsplit(url).hostname for url in (PUBLIC.login_endpoint, PUBLIC.openid_metadata_url, MICROSOFT)}
    for host in asked | SERVICE_HOSTS:
        assert f"`{host}`" in said
    assert said.count("`") == 2 * len(asked | SERVICE_HOSTS)


class _Proxy(BaseHTTPRequestHandler):
    """Passes on what is asked of it, and keeps the addresses."""

    passed: list[str]

    def do_GET(self) -> None:
        self.pass_on()

    def do_POST(self) -> None:
        self.pass_on()

    def do_PUT(self) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
        kept = {name: self.headers[name] for name in ("Authorization", "Content-Type") if self.headers[name]}
        asked = urllib.request.Request(self.path, body, kept, method=self.command)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=5) as answer:
            content = answer.read()
            self.passed.append(f"{self.command} {urlsplit(self.path).path}")
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: object) -> None: ...


def test_what_goes_out_goes_through_the_proxy_that_is_set(teams: FakeTeams, tmp_path, monkeypatch) -> None:
    handler = type("Proxy", (_Proxy,), {"passed": []})
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    running = Running(teams, tmp_path / "irmer.sqlite")
    try:
        answer = teams_say_directly(teams)
        assert answer == 200
        running.settle()
        assert teams.posted("a:alex")
        assert "GET /v1/.well-known/keys" in handler.passed
        assert any(line.startswith("POST /teams/v3/conversations/") for line in handler.passed)
    finally:
        running.stop()
        proxy.shutdown()
        proxy.server_close()


def teams_say_directly(teams: FakeTeams) -> int:
    """Microsoft's side of it knows no proxy."""
    body = json.dumps(teams.activity(where="a:alex", text="help")).encode()
    headers = {"Authorization": f"Bearer {teams.token()}", "Content-Type": "application/json"}
    asked = urllib.request.Request(teams.bot, body, headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=15) as answer:
        return int(answer.status)
