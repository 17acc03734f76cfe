"""Who may speak to the bot: whatever is not Slack's own, fresh and new is refused, and leaves no trace."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.core.bot import Bot
from bot.core.reminders.leavers import named_to_who_leads
from storage.store import Store
from tests.fakes.slack_people import words
from tests.fakes.slack_state import BOT_USER, OTHER_TEAM, TEAM, Refused
from tests.slack.conftest import World, world

FORM = "application/x-www-form-urlencoded"


def command_body(world: World, **other: str) -> bytes:
    fields = {
        "team_id": TEAM, "user_id": "U0RADIO", "user_name": "radiographer", "channel_id": "C0INCIDENTS",
        "command": "/irmer", "text": "threshold foetal", "trigger_id": "1.2.t", "api_app_id": "A0IRMER",
        "response_url": world.slack.response_url("U0RADIO", "C0INCIDENTS"), "is_enterprise_install": "false",
    }  # fmt: skip
    return urlencode({**fields, **other}).encode()


async def post(world: World, body: bytes, headers: dict[str, str], kind: str = FORM) -> tuple[int, str]:
    async with world.slack.http.post(
        world.slack.bot_url, data=body, headers={"Content-Type": kind, **headers}
    ) as answer:
        return answer.status, await answer.text()


def rows(world: World) -> list[Any]:
    """Everything in the store that a request could have left behind."""
    return [
        *world.store.drafts(world.tenant),
        *world.store.audit(world.tenant),
        *world.store.records(world.tenant),
    ]


async def test_a_signed_request_is_answered(ward: World) -> None:
    body = command_body(ward)
    status, text = await post(ward, body, ward.slack.sign(body))
    assert status == 200
    assert "10 mGy" in text


BROKEN_HEADERS: dict[str, dict[str, str]] = {
    "no signature": {"X-Slack-Signature": ""},
    "no timestamp": {"X-Slack-Request-Timestamp": ""},
    "a timestamp in words": {"X-Slack-Request-Timestamp": "abc"},
    "a timestamp of 5,000 digits": {"X-Slack-Request-Timestamp": "1" * 5_000},
    "a negative timestamp": {"X-Slack-Request-Timestamp": "-1"},
    "a timestamp with other digits": {"X-Slack-Request-Timestamp": "١٧٩٥"},
    "a signature with an accent": {"X-Slack-Signature": "v0=é"},
    "a short signature": {"X-Slack-Signature": "v0=00"},
    "another version": {"X-Slack-Signature": "v1=" + "0" * 64},
    "zeros": {"X-Slack-Signature": "v0=" + "0" * 64},
}


@pytest.mark.parametrize("name", BROKEN_HEADERS)
async def test_a_request_with_a_broken_signature_is_refused(
    ward: World, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = command_body(ward, text="check new")
    headers = {**ward.slack.sign(body), **BROKEN_HEADERS[name]}
    assert (await post(ward, body, headers))[0] == 401
    assert rows(ward) == []
    assert {call.method for call in ward.slack.calls} <= {"auth.test"}
    assert "Traceback" not in caplog.text


async def test_a_forged_request_is_refused(ward: World) -> None:
    body = command_body(ward)
    assert (await post(ward, body, ward.slack.sign(body, secret="another")))[0] == 401


async def test_a_changed_body_is_refused(ward: World) -> None:
    body = command_body(ward)
    assert (await post(ward, command_body(ward, text="cases"), ward.slack.sign(body)))[0] == 401


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_stale_request_and_one_from_the_future_are_refused(ward: World, seconds: int) -> None:
    body = command_body(ward)
    assert (await post(ward, body, ward.slack.sign(body, at=ward.slack.now() + seconds)))[0] == 401


async def test_a_replayed_request_is_refused(ward: World) -> None:
    body = command_body(ward)
    headers = ward.slack.sign(body)
    assert (await post(ward, body, headers))[0] == 200
    assert (await post(ward, body, headers))[0] == 401


MALFORMED = {
    "no text at all": (b"\xff\xfe\x00", FORM),
    "no payload": (b"", FORM),
    "another form": (b"a=b", FORM),
    "a payload that is no JSON": (b"payload=%7B", FORM),
    "a payload that is a list": (b"payload=%5B%5D", FORM),
    "JSON that is none": (b"{", "application/json"),
    "a list": (b"[1]", "application/json"),
    "a number": (b"5", "application/json"),
    "an object of no type": (b"{}", "application/json"),
    "a type that is no word": (b'{"type": 5}', "application/json"),
    "a deep nest": (b"[" * 100_000, "application/json"),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_signed_request_of_no_shape_is_refused(
    ward: World, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    body, kind = MALFORMED[name]
    assert (await post(ward, body, ward.slack.sign(body), kind))[0] == 401
    assert rows(ward) == []
    assert "Traceback" not in caplog.text


SENT = {"user": {"id": "U0RADIO", "team_id": TEAM}}
STRANGE: list[dict[str, Any]] = [
    {"type": "block_suggestion", "action_id": "a", "value": "x"},
    {"type": "view_submission", **SENT, "view": {"callback_id": "form"}},
    {"type": "view_submission", **SENT, "view": {"callback_id": "x", "id": "V1"}},
    {"type": "view_closed", **SENT, "view": {"callback_id": "form", "id": "V1"}},
    {"type": "block_actions", **SENT, "actions": []},
    {"type": "block_actions", "user": {"id": "U0RADIO"}, "actions": [{"type": "button", "action_id": "x"}]},
    {"type": "block_actions", "user": "U0RADIO", "actions": [{"type": "button", "action_id": "x"}]},
    {
        "type": "block_actions", **SENT, "state": {"values": {"b": "x"}},
        "actions": [{"type": "button", "action_id": "0:check.start", "action_ts": "1.1", "block_id": "b"}],
    },
    {"type": "shortcut", "callback_id": "unknown", **SENT},
    {"type": "something_new"},
]  # fmt: skip


@pytest.mark.parametrize("payload", STRANGE)
async def test_a_signed_request_that_nobody_knows_is_taken_and_does_nothing(
    ward: World, payload: dict[str, Any]
) -> None:
    body = urlencode({"payload": json.dumps({"team": {"id": TEAM}, **payload})}).encode()
    assert (await post(ward, body, ward.slack.sign(body)))[0] == 200
    assert rows(ward) == []


@pytest.mark.parametrize(
    "event", [{"type": "star_added"}, {"type": "message"}, {"type": "app_home_opened"}, {}]
)
async def test_an_event_that_nobody_knows_is_taken_and_does_nothing(
    ward: World, event: dict[str, Any]
) -> None:
    body = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": event}).encode()
    assert (await post(ward, body, ward.slack.sign(body), "application/json"))[0] == 200
    assert rows(ward) == []


def told(world: World) -> list[str]:
    """What the radiographer was told in private."""
    seen = [*world.slack.radiographer.private(), *world.slack.direct("U0RADIO").messages]
    return [words(message) for message in seen]


async def test_an_unknown_shortcut_gets_a_helpful_word(ward: World) -> None:
    message = await ward.slack.physicist.say("a message", ward.slack.incidents.id)
    for on in (message, None):
        before = len(told(ward))
        await ward.slack.radiographer.shortcut("gone", on)
        await ward.slack.until(lambda before=before: len(told(ward)) > before)
        assert "/irmer help" in told(ward)[-1]


async def test_an_unknown_input_gets_a_helpful_word(ward: World) -> None:
    shown = await ward.slack.radiographer.command("help")
    assert shown is not None
    block = next(b for b in shown.blocks if b["type"] == "actions")
    chosen = {"type": "static_select", "action_id": "gone", "selected_option": {"value": "x"}}
    await ward.slack.radiographer.act(shown, block, chosen)
    await ward.slack.until(lambda: any("no longer" in line for line in told(ward)))


async def test_an_unknown_form_gets_a_helpful_word(ward: World) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "gone", "state": {"values": {}}}
    body = urlencode({"payload": json.dumps({"type": "view_submission", **SENT, "view": view})}).encode()
    status, text = await post(ward, body, ward.slack.sign(body))
    assert status == 200
    assert "no longer in use" in text


async def test_slack_s_own_look_at_the_certificate_is_answered_unsigned(ward: World) -> None:
    assert await post(ward, b"ssl_check=1&token=t", {}) == (200, "")
    for more in (b"ssl_check=1&command=/irmer&text=help", b"ssl_check=0", b"ssl_check=1&token=" + b"t" * 999):
        assert (await post(ward, more, {}))[0] == 401


async def test_slack_s_own_check_of_the_address_is_answered(ward: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    status, text = await post(ward, body, ward.slack.sign(body), "application/json")
    assert (status, "abc" in text) == (200, True)


async def test_an_overlarge_body_is_refused_unread(ward: World) -> None:
    body = b"a" * (2**20 + 1)
    assert (await post(ward, body, ward.slack.sign(body)))[0] == 413


async def test_only_post_is_taken(ward: World) -> None:
    async with ward.slack.http.get(ward.slack.bot_url) as answer:
        assert answer.status == 405


async def test_a_request_that_is_broken_off_leaves_nothing(ward: World) -> None:
    host, port = ward.slack.bot_url.split("/")[2].split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\ncommand=")
    await writer.drain()
    writer.transport.abort()
    await ward.slack.quiet()
    assert rows(ward) == []
    assert await ward.slack.radiographer.command("threshold foetal") is not None


async def test_a_request_for_another_workspace_is_taken_and_does_nothing(ward: World) -> None:
    body = command_body(ward, team_id=OTHER_TEAM, text="cases")
    status, text = await post(ward, body, ward.slack.sign(body))
    assert status == 200
    assert "serves the staff of the organisation" in text
    assert ward.store.drafts(ward.tenant) == ()


async def test_a_visitor_from_another_workspace_is_told_so_and_does_nothing(ward: World) -> None:
    visitor = ward.slack.add_visitor()
    answer = await visitor.command("cases")
    assert "serves the staff of the organisation" in words(answer)
    shown = await ward.slack.radiographer.command("help")
    await visitor.press("Check an incident", shown)
    told = await ward.slack.until(visitor.private)
    assert "serves the staff of the organisation" in words(told[-1])
    await ward.slack.quiet()
    before = len(visitor.private())
    for _ in range(2):
        await visitor.mention("check wrong patient")
    await ward.slack.quiet()
    assert len(visitor.private()) == before  # said once where others hear it
    assert visitor.view is None
    assert ward.store.drafts(ward.tenant) == ()
    assert [one.what for one in ward.store.audit(ward.tenant)] == ["refused"]


@pytest.mark.parametrize(
    "flags",
    [{"is_restricted": True}, {"is_restricted": True, "is_ultra_restricted": True}, {"deleted": True}],
    ids=["a guest of several channels", "a guest of one", "deactivated"],
)
async def test_guests_and_deactivated_people_are_told_apart_by_slacks_flags(
    ward: World, flags: dict[str, bool]
) -> None:
    person = ward.slack.physicist
    person.flags |= flags
    for asked in ("cases", "settings", "check CT of the wrong patient"):
        answer = await person.command(asked)
        told = answer or (await ward.slack.until(person.private))[-1]
        assert "serves the staff of the organisation" in words(told)
    assert ward.store.drafts(ward.tenant) == ()
    assert "10 mGy" in words(await person.command("threshold foetal"))


async def test_roles_and_owners_are_people_whom_slack_knows(ward: World) -> None:
    person, channel = ward.slack.radiographer, ward.slack.incidents.id
    ward.slack.governance.flags["is_restricted"] = True
    for asked, told in (
        ("role_mpe bob", "Who bob is cannot be found out"),
        ("role_mpe U0NOSUCH", "is nobody that is known here"),
        ("role_mpe @governance", "governance is a guest account"),
        (f"role_mpe <#{channel}|incidents>", "is a channel"),
        ("role_mpe U0IRMER", "is a bot"),
    ):
        assert told in words(await person.command(f"settings {asked}")), asked
    assert ward.store.settings(ward.tenant) == {}
    assert "Medical physics experts: physicist" in words(await person.command("settings role_mpe U0PHYS"))


async def test_an_owner_of_the_workspace_administers_and_nobody_by_being_first(ward: World) -> None:
    shown = words(await ward.slack.physicist.command("settings ping_hour 8"))
    assert "Settings are changed by an owner or administrator of the workspace" in shown
    ward.slack.governance.flags["is_owner"] = True
    assert "08:00" in words(await ward.slack.governance.command("settings ping_hour 8"))


async def test_an_administrator_by_a_typing_error_locks_nobody_out_and_is_named_in_health(
    file: Path,
) -> None:
    def mistyped(store: Store) -> Bot:
        return Bot(store, nation="england", admins=("slack:U0TYPO",))

    async with world(file, make_bot=mistyped) as ward:
        line = "the administrator slack:U0TYPO is nobody that is known here"
        await ward.slack.until(lambda: any(line in one for one in ward.service._lines))
        assert "08:00" in words(await ward.slack.radiographer.command("settings ping_hour 8"))
        shown = words(await ward.slack.physicist.command("settings ping_hour 9"))
        assert "by an owner or administrator of the workspace" in shown


async def test_who_left_and_holds_a_role_still_is_known_without_anybody_asking(ward: World) -> None:
    await ward.slack.radiographer.command("settings role_mpe U0PHYS")
    ward.slack.physicist.flags["deleted"] = True
    await ward.service.face.people.review(())
    (line,) = named_to_who_leads(ward.store, "slack", datetime.now(UTC))
    assert "physicist (U0PHYS) is deactivated and is still named in role_mpe" in line


async def test_what_slack_said_before_holds_while_it_says_nothing(ward: World) -> None:
    await ward.slack.physicist.command("cases")
    ward.slack.advance(3_600)
    ward.slack.api.methods["users.info"] = (_fails, ())
    assert "Open cases" in words(await ward.slack.physicist.command("cases"))
    answer = await ward.slack.governance.command("cases")
    assert "Who you are cannot be found out now" in words(answer)


def _fails(_arguments: object) -> dict[str, object]:
    raise Refused("internal_error")


@pytest.mark.parametrize(
    ("kind", "joined", "shared", "told"),
    [
        ("channel", True, False, "is public"),
        ("group", True, True, "is shared with another organisation"),
        ("channel", False, False, "the bot is not in the incidents channel"),
    ],
)
async def test_who_else_reads_the_incidents_channel_is_said_when_it_is_set(
    ward: World, kind: str, joined: bool, shared: bool, told: str
) -> None:
    place = ward.slack.add_channel("radiation", "C0RADIATION", kind=kind)
    place.shared = shared
    if not joined:
        place.members.remove(BOT_USER)
    answer = await ward.slack.radiographer.command("settings incidents_channel here", channel=place.id)
    assert told in words(answer)


async def test_tenant_and_person_come_from_the_payload_and_not_from_a_button(ward: World) -> None:
    person, other = ward.slack.radiographer, ward.slack.physicist
    await ward.form(person)
    (draft,) = ward.store.drafts(ward.tenant)
    shown = await other.command("help")
    assert shown is not None
    block = next(b for b in shown.blocks if b["type"] == "actions")
    forged = {
        **block["elements"][0],
        "action_id": "0:check.discard",
        "value": draft.state["id"],
        "type": "button",
    }
    await other.act(shown, block, forged)
    await ward.slack.quiet()
    assert [kept.state["id"] for kept in ward.store.drafts(ward.tenant)] == [draft.state["id"]]


async def test_a_button_that_no_card_has_any_more_gets_a_helpful_word(ward: World) -> None:
    shown = await ward.slack.radiographer.command("help")
    assert shown is not None
    block = next(b for b in shown.blocks if b["type"] == "actions")
    await ward.slack.radiographer.act(
        shown, block, {"type": "button", "action_id": "0:gone.forever", "value": "x" * 2_000}
    )
    told = await ward.slack.until(
        lambda: [m for m in ward.slack.radiographer.private() if "no longer" in words(m)]
    )
    assert told


async def test_an_answer_never_goes_to_a_foreign_address(ward: World) -> None:
    heard: list[str] = []

    async def listen(request: Any) -> Any:
        heard.append(await request.text())
        return aiohttp.web.Response()

    runner = aiohttp.web.ServerRunner(aiohttp.web.Server(listen))
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/1"
    payload = {
        "type": "block_actions", "team": {"id": TEAM}, **SENT,
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C0X", "is_ephemeral": True},
        "channel": {"id": "C0INCIDENTS"}, "response_url": address, "trigger_id": "t",
        "actions": [{"type": "button", "action_id": "0:gone", "action_ts": "1.2", "block_id": "b"}],
    }  # fmt: skip
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert (await post(ward, body, ward.slack.sign(body)))[0] == 200
    direct = ward.slack.direct("U0RADIO")
    await ward.slack.until(lambda: direct.messages)
    assert heard == []
    await runner.cleanup()


async def test_the_tokens_are_written_nowhere(
    file: Path, ward: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    ward.slack.fault("views.open", "500")
    await ward.slack.radiographer.command("check")
    await ward.slack.radiographer.command("threshold foetal")
    await ward.slack.quiet()
    kept = await asyncio.to_thread(file.read_bytes)
    for secret in (ward.slack.bot_token, ward.slack.app_token, ward.slack.signing_secret):
        assert secret not in caplog.text
        assert secret.encode() not in kept
