"""What is let in, and what is refused before anything is stored or done."""

from __future__ import annotations

import json
import logging
import socket
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.teams.activity import service_host
from bot.teams.door import MAX_BODY
from bot.teams.settings import SettingsError, configured, from_environment
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import TENANT
from tests.teams.running import Running

CHAT = "a:alex"
FOREIGN = "12345678-aaaa-bbbb-cccc-dddddddddddd"
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


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


def test_a_body_just_within_the_limit_is_taken(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHAT, text="help", padding="")
    activity["padding"] = "x" * (MAX_BODY - len(json.dumps(activity)))
    assert teams.deliver(activity).status == 200


def test_only_posts_are_taken(teams: FakeTeams, bot: Running):
    with socket.create_connection(("127.0.0.1", bot.port), timeout=10) as connection:
        connection.sendall(b"GET /api/messages HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 405 " in connection.recv(4096)


SHARED = "0123456789abcdef0123456789abcdef"
FORGERIES = {
    "none at all": lambda teams, now: "",
    "not a token": lambda teams, now: "x.y.z",
    "another's key": lambda teams, now: teams.token(key=OTHER_KEY),
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


def test_a_genuine_token_is_taken(teams: FakeTeams, bot: Running):
    assert teams.deliver(teams.activity(where=CHAT, text="help")).status == 200
    assert not nothing_happened(teams, bot)


def test_where_the_keys_cannot_be_fetched_nothing_is_let_in(teams: FakeTeams, tmp_path):
    running = Running(teams, tmp_path / "irmer.sqlite", keys_url="http://127.0.0.1:9/openidconfiguration")
    assert teams.deliver(teams.activity(where=CHAT, text="help")).status == 401
    running.stop()


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


@pytest.mark.parametrize(
    "change",
    [
        {"entities": "x"},
        {"entities": [7, {"type": "mention"}]},
        {"recipient": 7},
        {"membersAdded": {"id": 1}},
        {"value": 3},
    ],
    ids=str,
)
def test_parts_that_do_not_matter_may_be_anything(teams: FakeTeams, bot: Running, change):
    assert teams.deliver(teams.activity(where=CHAT, text="help") | change).status == 200


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "event", "somethingNew", "installationUpdate"])
def test_what_is_none_of_the_bots_business_is_taken_and_left(teams: FakeTeams, bot: Running, kind):
    assert teams.deliver(teams.activity(kind, CHAT)).status == 200
    bot.settle()
    assert teams.posted() == []


def test_an_unknown_invoke_is_not_implemented(teams: FakeTeams, bot: Running):
    assert teams.deliver(teams.activity("invoke", CHAT, name="task/fetch", value={})).status == 501


def test_whoever_has_no_id_in_the_directory_gets_no_answer(teams: FakeTeams, bot: Running):
    activity = teams.activity(where=CHAT, text="threshold foetal")
    del activity["from"]["aadObjectId"]
    assert teams.deliver(activity).status == 200
    bot.settle()
    assert "directory" in teams.last(CHAT).text
    assert "mGy" not in teams.last(CHAT).text


@pytest.mark.parametrize("text", ["help \ud800", "help \x00", "help \udfff\ud800", "‮help", "h\u0301elp"])
def test_text_that_is_hardly_text_does_no_harm(teams: FakeTeams, bot: Running, text):
    assert teams.deliver(teams.activity(where=CHAT, text=text)).status == 200
    bot.settle()
    assert teams.posted(CHAT)


def test_what_is_refused_is_logged_without_what_was_sent(teams: FakeTeams, bot: Running, caplog):
    secret = "999 123 4560"
    with caplog.at_level(logging.DEBUG):
        teams.send(secret.encode())
        teams.deliver(teams.activity(where=CHAT, text=secret), teams.token(aud=secret))
        teams.deliver(teams.activity(where=CHAT, text=secret, type=secret * 2, channelId=secret))
        teams.deliver(teams.activity(where=CHAT, text=secret, id=f"{secret}/"))
    assert "refused with 401" in caplog.text
    assert secret not in caplog.text


GOOD = {
    "TEAMS_CLIENT_ID": FakeTeams.app_id,
    "TEAMS_CLIENT_SECRET": "secret",
    "TEAMS_TENANT_ID": TENANT.upper(),
}


def test_the_settings_come_from_the_environment():
    settings = from_environment(GOOD)
    assert settings.allowed_tenants == {TENANT}
    assert settings.service_scheme == "https"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("value", ["1", "true", "yes", "on", "TRUE", "whatever"])
def test_without_checking_signatures_it_does_not_start(value):
    with pytest.raises(SettingsError, match="every request must be signed"):
        from_environment({**GOOD, "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS": value})


@pytest.mark.parametrize("name", GOOD)
def test_a_setting_that_is_missing_is_named(name):
    with pytest.raises(SettingsError) as raised:
        from_environment({**GOOD, name: " "})
    assert raised.value.lines == (f"{name} is not set",)


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(SettingsError) as raised:
        from_environment({"TEAMS_CLIENT_ID": "irmer", "TEAMS_TENANT_ID": "trust.nhs.uk"})
    assert len(raised.value.lines) == 3


def test_nothing_set_means_that_teams_is_not_wanted():
    assert not configured({})
    assert configured({"TEAMS_CLIENT_ID": "x"})
