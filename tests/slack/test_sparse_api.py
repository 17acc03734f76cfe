"""A Web API that tells less than Slack's own: people are answered and forms are opened all the same."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.slack_state import TEAM, Refused
from tests.slack.conftest import PACE, World, bot_for
from tests.slack.test_form import filled_in


def unknown(_arguments: Any) -> dict[str, Any]:
    raise Refused("unknown_method")


def silent(_arguments: Any) -> dict[str, Any]:
    return {}


@pytest.fixture(params=[silent, unknown], ids=["auth.test tells nothing", "auth.test is unknown"])
async def sparse(request: pytest.FixtureRequest, file: Path) -> AsyncIterator[World]:
    """Nothing is known of the workspace or of anybody in it, and no conversation can be looked up."""
    answer: Callable[[Any], dict[str, Any]] = request.param
    async with FakeSlack(seconds_a_message=PACE) as slack:
        slack.api.methods["auth.test"] = (answer, ())
        opens, scopes = slack.api.methods["views.open"]
        slack.api.methods["views.open"] = (lambda arguments: opens(arguments) and {}, scopes)
        for method in ("users.info", "conversations.history", "conversations.replies"):
            slack.api.methods[method] = (unknown, ())
        async with bot_for(slack, file) as made:
            yield made
        assert slack.complaints == []


async def test_a_look_up_is_answered(sparse: World) -> None:
    assert "not named yet" in sparse.service.says
    assert "10 mGy" in words(await sparse.slack.radiographer.command("threshold foetal"))
    assert sparse.tenant == TEAM


async def test_a_form_is_filled_that_slack_gave_no_id_for(sparse: World) -> None:
    assert "What kind of exposure" in words(await sparse.form(sparse.slack.radiographer))


async def test_a_check_goes_from_the_form_to_its_case(sparse: World) -> None:
    person = sparse.slack.radiographer
    await filled_in(sparse, person, "25 mSv", "2 mSv")
    for _ in range(2):
        assert await person.submit() == {}
    (case,) = sparse.store.cases(TEAM)
    direct = sparse.slack.direct(person.id)
    await sparse.slack.until(lambda: any(case.ref in words(message) for message in direct.messages))


async def test_a_mention_is_known_by_its_kind_and_its_authorization(sparse: World) -> None:
    root = await sparse.slack.radiographer.mention("threshold foetal")
    thread = await sparse.slack.until(
        lambda: [m for m in sparse.slack.incidents.messages if m.thread_ts == root.ts]
    )
    assert "10 mGy" in words(thread[0])
    await sparse.slack.quiet()
    assert sparse.store.drafts(TEAM) == ()


async def test_after_the_first_payload_a_visitor_is_told_apart(sparse: World) -> None:
    await sparse.slack.radiographer.command("help")
    answer = await sparse.slack.add_visitor().command("cases")
    assert "serves the staff of the organisation" in words(answer)


async def test_a_payload_with_nothing_but_who_and_what_is_answered(ward: World) -> None:
    body = urlencode({"command": "/irmer", "text": "threshold foetal", "user_id": "U0RADIO"}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", **ward.slack.sign(body)}
    async with ward.slack.http.post(ward.slack.bot_url, data=body, headers=headers) as answer:
        assert "10 mGy" in await answer.text()


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "D0RADIO", "user": "U0RADIO", "text": "threshold foetal", "ts": "1.1"},
        {"type": "app_home_opened", "user": "U0RADIO"},
    ],
)
async def test_an_event_with_nothing_but_what_it_must_have_is_answered(
    ward: World, event: dict[str, Any]
) -> None:
    body = json.dumps({"type": "event_callback", "event": event}).encode()
    headers = {"Content-Type": "application/json", **ward.slack.sign(body)}
    ward.slack.direct("U0RADIO")
    async with ward.slack.http.post(ward.slack.bot_url, data=body, headers=headers) as answer:
        assert answer.status == 200
    person = ward.slack.radiographer
    await ward.slack.until(lambda: person.home or ward.slack.direct(person.id).messages)
