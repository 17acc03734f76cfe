"""Words that are bold, slanted or shown as code are read as those that are not."""

from __future__ import annotations

import pytest

from tests.fakes.slack_people import words
from tests.slack.conftest import World
from tests.slack.test_cases import opened


@pytest.mark.parametrize("doubt", ["_not_ yet", "*_not_* yet", "*tomorrow*", "(_draft only_)"])
async def test_what_is_said_not_to_be_done_yet_takes_no_step_however_it_looks(ward: World, doubt: str):
    await opened(ward)
    ward.slack.advance(6)
    before = ward.store.case(ward.tenant, "C26-0001").state
    await ward.slack.radiographer.command(f"notified C26-0001 {doubt}")
    await ward.slack.quiet()
    assert ward.store.case(ward.tenant, "C26-0001").state == before


async def test_a_dose_in_bold_is_read(ward: World) -> None:
    await ward.slack.radiographer.mention("check CT head, *50 mSv* given, `5 mSv` intended")
    shown = await ward.slack.until(
        lambda: next((m for m in ward.slack.incidents.messages if m.by_bot and "50 mSv" in words(m)), None)
    )
    assert "5 mSv" in words(shown)


async def test_a_dose_that_is_quoted_or_struck_out_is_not_taken_and_that_is_said(ward: World) -> None:
    await ward.slack.radiographer.mention("check CT head, wrong patient, ~50 mSv given~\n> 60 mSv given")
    said = await ward.slack.until(
        lambda: [m for m in ward.slack.incidents.messages if "is quoted and what is struck" in words(m)]
    )
    assert len(said) == 1
    await ward.slack.quiet()
    (draft,) = ward.store.drafts(ward.tenant)
    assert draft.state["facts"]["category"] == "diagnostic"
    assert "total_dose" not in str(draft.state)
    assert "0 mSv" not in str(draft.state)
