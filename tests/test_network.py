"""In the network of a hospital: a proxy that is to be gone by, an authority that inspects, and what is said
where they are in the way."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import httpx
import pytest
import requests

from bot.hosts import HOSTS, looked_at
from bot.reaching import why_not_reached
from bot.slack.web import Failed, Web
from tests.fakes.network import Authority, Inspected, Proxy
from tests.fakes.slack import FakeSlack

ROOT = Path(__file__).parents[1]
SLACK = "slack.com", "hooks.slack.com", "files.slack.com", "wss-primary.slack.com"
PROXIES = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "ALL_PROXY",
)


@contextmanager
def by(proxy: str, **more: str) -> Iterator[None]:
    """The environment of a machine behind it."""
    kept = {name: value for name, value in os.environ.items() if name not in PROXIES}
    with mock.patch.dict(os.environ, {**kept, "HTTPS_PROXY": proxy, **more}, clear=True):
        yield


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, SLACK)


async def asked(web: Web, do: str) -> Failed:
    wanted = {
        "the Web API": lambda: web.once("auth.test"),
        "a response URL": lambda: web.respond("https://hooks.slack.com/actions/T/1/2", {"text": "x"}),
    }
    with pytest.raises(Failed) as failed:
        await wanted[do]()
    return failed.value


@pytest.mark.parametrize("do", ["the Web API", "a response URL"])
async def test_everything_to_slack_goes_by_the_proxy_and_what_is_in_the_way_is_named(
    do: str, authority: Authority
):
    host = "slack.com:443" if do == "the Web API" else "hooks.slack.com:443"
    async with Inspected(authority) as inspected:
        for proxy, url, wanted in (
            (Proxy(dict.fromkeys(SLACK, inspected.port)), "", "its certificate is not trusted here"),
            (Proxy(), "", "the proxy refuses it (403)"),
            (
                Proxy(password="trust:secret"),
                "http://127.0.0.1:{port}",
                "the proxy wants a name and a password (407)",
            ),
        ):
            async with proxy:
                with by(url.format(port=proxy.port) or proxy.url):
                    web = Web("xoxb-test")
                    await web.start()
                    try:
                        failed = await asked(web, do)
                    finally:
                        await web.close()
            assert wanted in str(failed)
            assert (failed.error, failed.passes) == ("unreachable", True)
            assert set(proxy.asked) == {host}


async def test_no_proxy_is_heeded(authority: Authority) -> None:
    async with Proxy() as proxy, FakeSlack() as slack:
        with by(proxy.url, HTTP_PROXY=proxy.url, NO_PROXY="127.0.0.1"):
            web = Web(slack.bot_token, api_url=slack.api_url)
            await web.start()
            try:
                assert (await web.once("auth.test"))["ok"]
            finally:
                await web.close()
    assert proxy.asked == []


async def test_what_each_library_says_is_one_of_few_words(authority: Authority, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()[1]
    async with Inspected(authority) as inspected, Proxy() as proxy:
        for url, given, wanted in (
            (f"https://localhost:{inspected.port}/", "", "its certificate is not trusted here"),
            (f"https://127.0.0.1:{nobody}/", "", "it refuses the connection"),
            ("https://slack.invalid/", "", "no address is found for it"),
            ("https://slack.com/", proxy.url, "the proxy refuses it (403)"),
        ):
            with by(given):
                with pytest.raises(httpx.HTTPError) as one:
                    async with httpx.AsyncClient(timeout=5) as client:
                        await client.get(url)
                with pytest.raises(requests.RequestException) as other:
                    await asyncio.to_thread(requests.get, url, timeout=5)
            assert wanted in why_not_reached(one.value)
            assert wanted in why_not_reached(other.value)
    assert why_not_reached(TimeoutError()) == "no answer in time"
    assert why_not_reached(ValueError("a secret")) == "ValueError"


async def test_the_doctor_names_each_host_its_way_and_who_inspects_it(authority: Authority) -> None:
    async with Inspected(authority) as inspected, Proxy(dict.fromkeys(SLACK, inspected.port)) as proxy:
        with by(proxy.url, SSL_CERT_FILE=str(authority.file)):
            well = await asyncio.to_thread(lambda: list(looked_at(frozenset({"slack"}))))
        assert all(reached for _, reached in well)
        assert len(well) == 4
        assert all("by the proxy" in line and "Hospital Inspecting Proxy" in line for line, _ in well)
        proxy.leads.pop("hooks.slack.com")
        with by(proxy.url):
            told = dict(await asyncio.to_thread(lambda: list(looked_at(frozenset({"slack"})))))
        lines = "\n".join(told)
        assert not any(told.values())
        assert "hooks.slack.com: the proxy refuses it (403)" in lines
        assert "slack.com: its certificate is not trusted here" in lines
        assert "made by O=Hospital Inspecting Proxy: set SSL_CERT_FILE" in lines
    with by("http://127.0.0.1:1"):
        gone = await asyncio.to_thread(lambda: list(looked_at(frozenset({"slack"}))))
    assert gone[0] == ("slack.com: the proxy cannot be reached", False)


async def test_behind_a_proxy_that_inspects_all_of_slack_works(authority: Authority, tmp_path: Path) -> None:
    """A process of its own, as an administrator starts it: nothing but the environment says so."""
    async with FakeSlack(began=None) as slack:
        port = int(slack.base.rpartition(":")[2])
        async with (
            Inspected(authority, port) as inspected,
            Proxy({"slack.com": inspected.port}, password="trust:s@fe") as proxy,
        ):
            given = {
                "PATH": os.environ["PATH"], "HOME": str(tmp_path), "SSL_CERT_FILE": str(authority.file),
                "HTTPS_PROXY": f"http://trust:s%40fe@127.0.0.1:{proxy.port}", "NO_PROXY": "127.0.0.1",
                "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token,
                "IRMER_DATABASE": str(tmp_path / "a.sqlite"),
            }  # fmt: skip
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "doctor", cwd=ROOT, env=given,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            out, err = await asyncio.wait_for(process.communicate(), 60)
    assert err == b""
    assert b"wrong" not in out, out.decode()
    assert b"slack's is" in out, "its clock was asked, by the proxy"
    assert set(proxy.asked) == {"slack.com:443"}


def test_the_table_of_hosts_is_what_is_asked() -> None:
    page = (ROOT / "docs" / "running.md").read_text()
    for host in HOSTS:
        also = f"; open {host.also}" if host.also else ""
        assert f"| `{host.name}` | {host.platform.capitalize()} | {host.why}{also} |" in page
