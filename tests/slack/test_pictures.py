"""Trends in Slack: the words where they were asked for, the picture in the direct messages."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest

from storage.model import Assessment, Person
from tests.fakes.slack_people import words
from tests.slack.conftest import World
from tests.slack.test_papers import given


def filled(ward: World) -> None:
    """Four a month over two years."""
    for n in range(100):
        facts = {
            "category": "diagnostic",
            "occurred_on": (date(2026, 1, 1) - timedelta(days=7 * n)).isoformat(),
        }
        kept = Assessment(facts, {"outcome": "do_not_notify"})
        ward.store.keep(ward.tenant, kept, by=Person("U1"), now=ward.service.face._clock())


def alone(ward: World) -> str:
    return "\n".join(words(message) for message in ward.slack.radiographer.private())


async def test_the_words_come_where_it_was_asked_and_the_picture_into_the_direct_messages(
    either: World,
) -> None:
    filled(either)
    person = either.slack.radiographer
    said = await person.command("trends 2025", channel=either.slack.incidents.id)
    assert "Incidents, 2025: nothing unusual" in words(said)
    (file,) = await either.slack.until(lambda: given(either))
    assert file.name.startswith("irmer-trends-")
    assert file.made is not None
    assert file.made.startswith(b"\x89PNG")
    assert file.words.startswith("Incidents, 2025 by month, January 2025 to December 2025: ")
    await either.slack.until(lambda: any("picture is in our direct" in words(m) for m in person.private()))
    assert [m for m in either.slack.incidents.messages if m.files] == []


async def test_where_no_file_is_let_in_the_words_stay_and_the_reason_is_said(ward: World) -> None:
    filled(ward)
    ward.slack.files.not_let_in = "file_uploads_disabled"
    await ward.slack.radiographer.command("trends 2025")
    await ward.slack.until(lambda: "No picture: this workspace does not let files" in alone(ward))
    assert given(ward) == []


async def test_without_the_library_a_word_says_what_is_wanted(
    ward: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(ward)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    await ward.slack.radiographer.command("trends 2025")
    await ward.slack.until(lambda: "install irmer-bot[charts]" in alone(ward))
