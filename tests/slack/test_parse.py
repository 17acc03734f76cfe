"""Whose request it is: from the verified payload alone, also in organisations of many workspaces."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.slack import parse
from bot.slack.parse import Installation, Malformed, is_ours, is_visitor
from bot.slack.views import Origin

NOW = datetime(2026, 11, 23, 3, 10, tzinfo=UTC)
WARD = Installation("T0WARD", bot_user="U0IRMER")
TRUST = Installation("T0WARD", "E0TRUST", organisation_wide=True, bot_user="U0IRMER")


def command(team: str, enterprise: str = "") -> dict[str, Any]:
    body = {"team_id": team, "user_id": "U1", "user_name": "somebody", "channel_id": "C1", "text": "help"}
    return {**body, "enterprise_id": enterprise} if enterprise else body


def click(team: str, users_team: str, enterprise: str = "") -> dict[str, Any]:
    return {
        "team": {"id": team}, "user": {"id": "U1", "team_id": users_team},
        "enterprise": {"id": enterprise} if enterprise else None,
    }  # fmt: skip


def message(team: str, users_team: str, enterprise: str = "") -> dict[str, Any]:
    return {
        "team_id": team, "enterprise_id": enterprise or None, "event": {"user_team": users_team},
        "authorizations": [{"team_id": team, "enterprise_id": enterprise or None}],
    }  # fmt: skip


@pytest.mark.parametrize("body", [command("T0WARD"), click("T0WARD", "T0WARD"), message("T0WARD", "T0WARD")])
def test_people_of_the_workspace_are_served(body: dict[str, Any]) -> None:
    assert is_ours(body, WARD)
    assert not is_visitor(body, WARD)


@pytest.mark.parametrize(
    "body", [command("T0OTHER"), click("T0OTHER", "T0OTHER"), message("T0WARD", "T0OTHER")]
)
def test_people_of_another_workspace_are_visitors(body: dict[str, Any]) -> None:
    assert is_visitor(body, WARD)


@pytest.mark.parametrize(
    "body",
    [
        command("T0NEXT", "E0TRUST"),
        click("T0NEXT", "T0NEXT", "E0TRUST"),
        message("T0NEXT", "T0NEXT", "E0TRUST"),
    ],
)
def test_an_organisation_wide_bot_serves_every_workspace_of_the_organisation(body: dict[str, Any]) -> None:
    assert is_ours(body, TRUST)
    assert not is_visitor(body, TRUST)


@pytest.mark.parametrize("body", [command("T0WARD", "E0OTHER"), click("T0WARD", "T0WARD", "E0OTHER")])
def test_an_organisation_wide_bot_serves_no_other_organisation(body: dict[str, Any]) -> None:
    assert not is_ours(body, TRUST)
    assert is_visitor(body, TRUST)


def test_the_tenant_is_the_workspace_or_the_organisation_or_what_both_platforms_are_tied_to() -> None:
    assert WARD.tenant == "T0WARD"
    assert TRUST.tenant == "E0TRUST"
    assert Installation("T0WARD", tied="trust").tenant == "trust"
    asked = parse.command(command("T0OTHER"), WARD, NOW)
    assert asked.request.tenant == "T0WARD"


def test_a_command_of_nobody_is_malformed() -> None:
    body = command("T0WARD")
    del body["user_id"]
    with pytest.raises(Malformed):
        parse.command(body, WARD, NOW)


def test_what_slack_did_not_say_of_itself_is_learnt_once() -> None:
    unsaid = Installation("")
    unsaid.learn({**message("T0WARD", "T0WARD"), "authorizations": [{"team_id": "T0WARD", "user_id": "U0B"}]})
    unsaid.learn(message("T0OTHER", "T0OTHER"))
    assert (unsaid.team, unsaid.bot_user) == ("T0WARD", "U0B")


def test_what_a_dialog_carries_comes_back_and_anything_else_is_nothing() -> None:
    origin = Origin("check", "key", "C1", "1.2")
    assert Origin.loaded(origin.dumped()) == origin
    for other in ("", "{", "[]", "5", '{"form": 5}'):
        assert Origin.loaded(other).channel == ""
