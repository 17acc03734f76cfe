"""Who people are in Slack, where that changes."""

from __future__ import annotations

from tests.fakes.slack_people import words
from tests.slack.conftest import World


async def test_somebody_who_has_another_name_goes_by_it_at_once(ward: World) -> None:
    radiographer = ward.slack.radiographer
    await radiographer.command("settings role_mpe @physicist")
    await ward.slack.physicist.becomes("Physics Lead")
    assert (await ward.service.face.people.of("U0PHYS")).name == "Physics Lead"
    kept = ward.store.person(ward.tenant, "U0PHYS", "slack")
    assert kept is not None
    assert (kept.name, kept.standing) == ("Physics Lead", "member")


async def test_somebody_who_leaves_holds_nothing_from_that_moment(ward: World) -> None:
    radiographer, physicist = ward.slack.radiographer, ward.slack.physicist
    await radiographer.command("settings role_mpe @physicist")
    await physicist.becomes(deleted=True)
    ward.slack.advance(6)
    settings = await radiographer.command("settings")
    assert settings is not None
    assert "deactivated" in words(settings)


async def test_of_colleagues_whom_it_never_met_the_bot_keeps_nothing(ward: World) -> None:
    await ward.slack.governance.becomes("Governance Lead")
    assert ward.store.person(ward.tenant, "U0GOV", "slack") is None
