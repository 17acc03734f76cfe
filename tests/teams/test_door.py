"""What is refused before anything is stored or done. One bot serves all of these: it is none the worse."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.teams.activity import service_host
from bot.teams.door import MAX_BODY
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import TENANT
from tests.teams.running import Running

CHAT = "a:alex"
FOREIGN = "12345678-aaaa-bbbb-cccc-dddddddddddd"


@pytest.fixture(scope="module")
def teams() -> Iterator[FakeTeams]:
    fake = FakeTeams().start()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def bot(teams: FakeTeams, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(teams, tmp_path_factory.mktemp("door") / "irmer.sqlite")
    yield running
    running.stop()


def nothing_happened(teams: FakeTeams, bot: Running, tenant: str = TENANT) -> bool:
    bot.settle()
    return not teams.posted() and bot.store.reference(tenant, "teams", CHAT) is None


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b'"text"', b"12", b"null"])
def test_a_body_that_is_no_json_object_is_a_bad_request(teams: FakeTeams, bot: Running, body):
    assert teams.send(body).status == 400
    assert teams.send(body, teams.token()).status == 400
    assert nothing_happened(teams, bot)


def test_a_body_over_the_limit_is_not_read(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHAT, text="x" * MAX_BODY)
    assert teams.deliver(activity).status == 413
    assert nothing_happened(teams, bot)


def test_a_body_over_the_limit_that_names_no_length_is_not_read_to_its_end(teams: FakeTeams, bot: Running):
    with socket.create_connection(("127.0.0.1", bot.port), timeout=10) as connection:
        connection.sendall(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        for _ in range(MAX_BODY // 0x4000 + 2):
            connection.sendall(chunk)
        assert connection.recv(4096).split(b"\r\n")[0] == b"HTTP/1.1 413 Request Entity Too Large"


def test_only_posts_are_taken(teams: FakeTeams, bot: Running):
    with socket.create_connection(("127.0.0.1", bot.port), timeout=10) as connection:
        connection.sendall(b"GET /api/messages HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 405 " in connection.recv(4096)


SHARED = "0123456789abcdef0123456789abcdef"
FORGERIES = {
    "none at all": lambda teams, now: "",
    "not a token": lambda teams, now: "x.y.z",
    "another's key": lambda teams, now: teams.token(
        key=rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ),
    "an unknown key": lambda teams, now: teams.token(kid="k9"),
    "no signature": lambda teams, now: jwt.encode(
        {"aud": teams.app_id, "exp": now + 9}, None, algorithm="none"
    ),
    "a shared secret": lambda teams, now: teams.token(key=SHARED, algorithm="HS256"),
    "for another bot": lambda teams, now: teams.token(aud="22222222-2222-3333-4444-555555555555"),
    "by another issuer": lambda teams, now: teams.token(iss="https://example.org"),
    "by a directory": lambda teams, now: teams.token(iss=f"https://sts.windows.net/{TENANT}/", tid=TENANT),
    "for another service": lambda teams, now: teams.token(serviceurl="https://smba.trafficmanager.net/uk/"),
    "for no service": lambda teams, now: teams.token(serviceurl=None),
    "run out": lambda teams, now: teams.token(exp=now - 3600, iat=now - 7200, nbf=now - 7200),
    "never running out": lambda teams, now: teams.token(exp=None),
    "not valid yet": lambda teams, now: teams.token(nbf=now + 3600),
    "far too long": lambda teams, now: teams.token(padding="x" * 40_000),
}


@pytest.mark.parametrize("which", FORGERIES)
def test_a_token_that_is_not_genuine_is_refused(teams: FakeTeams, bot: Running, which):
    token = FORGERIES[which](teams, int(time.time()))
    assert teams.deliver(teams.activity(where=CHAT, text="help"), token).status == 401
    assert nothing_happened(teams, bot)


@pytest.mark.parametrize("where", ["conversation", "channelData", "both", "neither"])
def test_another_tenant_is_refused_wherever_it_is_named(teams: FakeTeams, bot: Running, where):
    activity = teams.activity(where=CHAT, text="help")
    if where in ("conversation", "both"):
        activity["conversation"]["tenantId"] = FOREIGN
    if where in ("channelData", "both"):
        activity["channelData"]["tenant"]["id"] = FOREIGN
    if where == "neither":
        del activity["conversation"]["tenantId"], activity["channelData"]["tenant"]
    assert teams.deliver(activity).status == 403
    assert nothing_happened(teams, bot)
    assert nothing_happened(teams, bot, FOREIGN)


@pytest.mark.parametrize(
    "service_url",
    [None, "", "https://evil.example/", "http://127.0.0.1:1/teams/", "ftp://127.0.0.1/", "//127.0.0.1/", 7],
)
def test_a_service_address_that_is_not_of_teams_is_refused(teams: FakeTeams, bot: Running, service_url):
    activity = teams.activity(where=CHAT, text="help")
    activity["serviceUrl"] = service_url
    claim = service_url if isinstance(service_url, str) and service_url else teams.service_url
    assert teams.deliver(activity, teams.token(serviceurl=claim)).status in (400, 403)
    assert nothing_happened(teams, bot)


@pytest.mark.parametrize(
    ("service_url", "host"),
    [
        ("https://smba.trafficmanager.net/uk/", "smba.trafficmanager.net"),
        ("https://SMBA.trafficmanager.net:443/uk/", "smba.trafficmanager.net"),
        ("http://smba.trafficmanager.net/uk/", ""),
        ("https://smba.trafficmanager.net:8443/", "smba.trafficmanager.net:8443"),
        ("https://smba.trafficmanager.net@evil.example/", ""),
        ("https://evil.example\\@smba.trafficmanager.net/", ""),
        ("https://smba.trafficmanager.net.evil.example/", "smba.trafficmanager.net.evil.example"),
        ("https://smba.trafficmanager.net/?x=1", ""),
        ("https://[::1", ""),
        ("https://smba.trafficmanager.net:x/", ""),
    ],
)
def test_the_host_of_a_service_address_cannot_be_dressed_up(service_url, host):
    assert service_host(service_url, "https") == host


@pytest.mark.parametrize("key", ["type", "from", "conversation"])
def test_an_activity_without_its_parts_is_a_bad_request(teams: FakeTeams, bot: Running, key):
    activity = teams.activity(where=CHAT, text="help")
    del activity[key]
    assert teams.deliver(activity).status == 400
    assert nothing_happened(teams, bot)


@pytest.mark.parametrize(
    "change",
    [
        {"conversation": {"id": "a:alex/../../evil", "tenantId": TENANT}},
        {"conversation": {"id": "a:alex?x=1", "tenantId": TENANT}},
        {"conversation": {"id": "a:alex%2f..", "tenantId": TENANT}},
        {"conversation": {"id": 7, "tenantId": TENANT}},
        {"conversation": "a:alex"},
        {"id": "1/2"},
        {"id": ["1"]},
        {"from": ["29:alex"]},
        {"from": {"id": "", "aadObjectId": "x"}},
        {"type": 7},
        {"text": ["help"]},
        {"channelId": "webchat"},
        {"replyToId": "../1"},
    ],
    ids=str,
)
def test_an_activity_of_the_wrong_form_is_a_bad_request(teams: FakeTeams, bot: Running, change):
    assert teams.deliver(teams.activity(where=CHAT, text="help") | change).status == 400
    assert nothing_happened(teams, bot)


def test_what_is_refused_is_logged_without_what_was_sent(teams: FakeTeams, bot: Running, caplog):
    secret = "999 123 4560"
    with caplog.at_level(logging.DEBUG):
        teams.send(secret.encode())
        teams.deliver(teams.activity(where=CHAT, text=secret), teams.token(aud=secret))
        teams.deliver(teams.activity(where=CHAT, text=secret, type=secret * 2, channelId=secret))
        teams.deliver(teams.activity(where=CHAT, text=secret, id=f"{secret}/"))
    assert "refused with 401" in caplog.text
    assert secret not in caplog.text
