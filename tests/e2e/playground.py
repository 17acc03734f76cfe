"""Microsoft's own test client for Teams beside the bot, on loopback: to try it by hand, and for the test.

The client draws what Teams draws but signs nothing, so a small proxy between the two signs what it sends,
with a key of its own: the bot checks every request as it would Microsoft's. Posts it numbers as Teams does.

    python -m tests.e2e.playground             serves until Ctrl-C
    python -m tests.e2e.playground --missing   says in a line what is not there for the test
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.connectable import delivery
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Timings
from bot.teams.asked import CAPABILITIES
from bot.teams.people import MeetingPlace
from bot.teams.service import TeamsService
from storage.model import Standing
from storage.store import Store
from tests.fakes.teams import FakeTeams
from tests.teams.running import Running, free_port

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".e2e"
MODULES = INSTALLED / "node_modules"
CLIENT = MODULES / "@microsoft" / "m365agentsplayground" / "cli.js"
LOOPBACK = Path(__file__).with_name("loopback.cjs")  # left to itself it would listen on every address
CONFIGURATION = Path(__file__).with_name("playground.yml")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PORT = 56150
JUST_NOW = 5.0  # seconds: nobody answers a post of the bot's sooner


def missing(*, browser: bool = False) -> str:
    """What is not there, in one line with what to do; empty where all is."""
    if not shutil.which("node"):
        return (
            "there is no Node here, which Microsoft's test client runs on: install Node 18 or later with npm"
        )
    if not CLIENT.exists():
        return "Microsoft's test client is not installed: `make teams-e2e` installs it into .e2e"
    if browser and not find_browser():
        return f"there is no browser here: install one of {', '.join(BROWSERS)}, or name one in E2E_BROWSER"
    return ""


def find_browser() -> str:
    named = os.environ.get("E2E_BROWSER", "")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), "")


def in_use(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def reminding(clock: Callable[[], datetime]) -> Callable[[TeamsService, Store], list[Delivery]]:
    """What sends pings and cases, with that clock."""

    def loops(service: TeamsService, store: Store) -> list[Delivery]:
        watched = Clock(clock, time.monotonic)
        watched.believe()  # the client goes by the machine's
        return [delivery(store, service.sender, CAPABILITIES, clock=watched, timings=Timings(poll=1.0))]

    return loops


class Playground:
    """The client, the proxy and the bot. `url` is where the client's page is."""

    def __init__(
        self,
        directory: Path,
        *,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        **running: Any,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}/"
        self._keys = FakeTeams().start()
        self.tenant = self._keys.tenant
        self._database, self._running = directory / "irmer.sqlite", running
        self.start_bot(clock)
        self._proxy = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Signing", (_Signing,), {"keys": self._keys, "threads": set()})
        )
        threading.Thread(target=self._proxy.serve_forever, args=(0.1,), daemon=True).start()
        shutil.copy(CONFIGURATION, directory / ".m365agentsplayground.yml")
        endpoint = f"http://127.0.0.1:{self._proxy.server_port}/api/messages"
        self._client = subprocess.Popen(
            [
                "node",
                "--require",
                str(LOOPBACK),
                str(CLIENT),
                "start",
                "-e",
                endpoint,
                "-c",
                "msteams",
                "-p",
                str(self.port),
                "--dt",
            ],
            cwd=directory,
            env={**os.environ, "BROWSER": "none", "NODE_OPTIONS": f"--require {LOOPBACK}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def start_bot(self, clock: Callable[[], datetime]) -> None:
        """Also once it was stopped, with another clock: what it knows is on disk."""
        own: dict[str, Any] = {
            "loops": reminding(clock),
            "nation": "england",
            "service_url": self.url,
            "administrator": RADIOGRAPHER,
        }
        self.bot = Running(self._keys, self._database, clock=clock, **{**own, **self._running})
        self.bot.service.people.of = _members  # this client keeps no rosters: it says 404 of everybody

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.url, timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("Microsoft's test client did not start")

    def stop(self) -> None:
        self._client.terminate()
        self._client.wait(10)
        self._proxy.shutdown()
        self._proxy.server_close()
        self.bot.stop()
        self._keys.stop()


# The one who sits at the client, as the configuration beside this names them.
RADIOGRAPHER = "00000000-0000-0000-0000-0000000000a0"


async def _members(tenant: str, users: Iterable[str], here: MeetingPlace) -> dict[str, Standing]:
    return dict.fromkeys(users, "member")


def _number(activity: dict[str, Any], threads: set[str]) -> None:
    """In Teams the message that begins a thread has the thread's number for its id; this client gives it
    another. It is the first of its thread, and no older than the thread."""
    _, _, thread = activity["conversation"]["id"].partition(";messageid=")
    if activity["type"] != "message" or not thread.isdecimal() or thread in threads:
        return
    threads.add(thread)
    written = datetime.fromisoformat(activity["timestamp"])
    if written.timestamp() - int(thread) / 1000 < JUST_NOW:
        activity["id"] = thread


class _Signing(BaseHTTPRequestHandler):
    """Signs what goes by, as the Bot Connector does."""

    keys: FakeTeams
    threads: set[str]
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer(200, b"")

    def do_GET(self) -> None:
        self.answer(200, b"{}")

    def do_POST(self) -> None:
        activity = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.keys.lock:
            _number(activity, self.threads)
        raw = json.dumps(activity).encode()
        token = self.keys.token(serviceurl=activity.get("serviceUrl"))
        to = urlsplit(self.keys.bot)
        connection = http.client.HTTPConnection(str(to.hostname), to.port, timeout=30)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        connection.request("POST", to.path, raw, headers)
        response = connection.getresponse()
        self.answer(response.status, response.read())
        connection.close()

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main(arguments: Sequence[str]) -> int:
    if arguments == ["--missing"]:
        print(missing(browser=True))
        return 0
    if problem := missing():
        print(f"irmer: {problem}", file=sys.stderr)
        return 1
    if in_use(PORT):
        print(f"irmer: port {PORT} is in use: perhaps it runs already, in another window", file=sys.stderr)
        return 1
    directory = ROOT / ".e2e" / "tried"
    directory.mkdir(parents=True, exist_ok=True)
    playground = Playground(directory, port=PORT)
    print(
        f"IRMER in Microsoft's test client: {playground.url}\nIts records are in {directory}. Ctrl-C ends it."
    )
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        playground.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
