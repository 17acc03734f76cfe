"""Whose request it is: from the verified payload alone, also in organisations of many workspaces."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.incoming import Malformed
from bot.slack import parse
from bot.slack.parse import Installation
from bot.slack.payloads import Event, Interaction, Payload, SlashCommand
from bot.slack.views import Origin
from storage.model import UNLINKED

NOW = datetime(2026, 11, 23, 3, 10, tzinfo=UTC)
WARD = Installation("T0WARD", bot_user="U0IRMER")
TRUST = Installation("T0WARD", "E0TRUST", organisation_wide=True, bot_user="U0IRMER")


def typed(team: str, enterprise: str = "") -> dict[str, Any]:
    body = {"team_id": team, "user_id": "U1", "user_name": "somebody", "channel_id": "C1", "text": "help"}
    return {**body, "enterprise_id": enterprise} if enterprise else body


def command(team: str, enterprise: str = "") -> Payload:
    return SlashCommand.read(typed(team, enterprise))


def click(team: str, users_team: str, enterprise: str = "") -> Payload:
    body = {
        "team": {"id": team}, "user": {"id": "U1", "team_id": users_team},
        "enterprise": {"id": enterprise} if enterprise else None,
    }  # fmt: skip
    return Interaction.read(body)


def message(team: str, users_team: str, enterprise: str = "", bot: str = "") -> Payload:
    body = {
        "team_id": team, "enterprise_id": enterprise or None,
        "event": {"type": "message", "user_team": users_team},
        "authorizations": [{"team_id": team, "enterprise_id": enterprise or None, "user_id": bot}],
    }  # fmt: skip
    return Event.read(body)


@pytest.mark.parametrize(
    "payload", [command("T0WARD"), click("T0WARD", "T0WARD"), message("T0WARD", "T0WARD")]
)
def test_people_of_the_workspace_are_served(payload: Payload) -> None:
    assert WARD.is_for(payload)
    assert not WARD.is_visitor(payload)


@pytest.mark.parametrize(
    "payload", [command("T0OTHER"), click("T0OTHER", "T0OTHER"), message("T0WARD", "T0OTHER")]
)
def test_people_of_another_workspace_are_visitors(payload: Payload) -> None:
    assert WARD.is_visitor(payload)


@pytest.mark.parametrize(
    "payload",
    [
        command("T0NEXT", "E0TRUST"),
        click("T0NEXT", "T0NEXT", "E0TRUST"),
        message("T0NEXT", "T0NEXT", "E0TRUST"),
    ],
)
def test_an_organisation_wide_bot_serves_every_workspace_of_the_organisation(payload: Payload) -> None:
    assert TRUST.is_for(payload)
    assert not TRUST.is_visitor(payload)


@pytest.mark.parametrize("payload", [command("T0WARD", "E0OTHER"), click("T0WARD", "T0WARD", "E0OTHER")])
def test_an_organisation_wide_bot_serves_no_other_organisation(payload: Payload) -> None:
    assert not TRUST.is_for(payload)
    assert TRUST.is_visitor(payload)


def test_where_nothing_is_bound_it_is_its_workspace_or_its_enterprise_or_what_both_platforms_are_tied_to():
    assert WARD.own == "T0WARD"
    assert TRUST.own == "E0TRUST"
    assert Installation("T0WARD", tied="trust").own == "trust"


def test_whose_a_request_is_comes_from_what_is_bound_and_not_from_what_it_says() -> None:
    asked = parse.command(SlashCommand.read(typed("T0OTHER")), WARD, NOW)
    assert asked.request.tenant == UNLINKED  # until the face has looked up where it leads
    assert WARD.whence("T0OTHER", "C1", "U1").workspace == "T0WARD"


def test_a_command_of_nobody_is_malformed() -> None:
    body = typed("T0WARD")
    del body["user_id"]
    with pytest.raises(Malformed, match="user_id is missing"):
        SlashCommand.read(body)


@pytest.mark.parametrize(
    "change", [{"text": 5}, {"user_id": ""}, {"user_id": ["U1"]}, {"trigger_id": {"a": "secret"}}]
)
def test_a_command_of_another_form_is_refused_in_a_line_that_repeats_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refused:
        SlashCommand.read({**typed("T0WARD"), **change})
    assert next(iter(change)) in str(refused.value)
    assert "secret" not in str(refused.value)


def test_what_slack_adds_to_its_payloads_and_what_it_says_of_nothing_are_left_alone() -> None:
    body = {**typed("T0WARD"), "new_thing": {"deep": [1]}, "response_url": None, "enterprise_id": None}
    assert SlashCommand.read(body) == SlashCommand.read(typed("T0WARD"))


def test_what_slack_did_not_say_of_itself_is_learnt_once() -> None:
    unsaid = Installation("")
    unsaid.learn(message("T0WARD", "T0WARD", bot="U0B"))
    unsaid.learn(message("T0OTHER", "T0OTHER"))
    assert (unsaid.team, unsaid.bot_user) == ("T0WARD", "U0B")


def test_what_a_dialog_carries_comes_back_and_anything_else_is_nothing() -> None:
    origin = Origin(form="check", key="key", channel="C1", thread="1.2")
    assert Origin.loaded(origin.model_dump_json()) == origin
    for other in ("", "{", "[]", "5", '{"form": 5}'):
        assert Origin.loaded(other).channel == ""
