"""A check in Microsoft's own client, from the mention to the verdict, a case, and a ping in its thread.

`make teams-e2e` installs the client and runs this; elsewhere it is skipped, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage.plans import Outgoing
from tests.e2e.browser import Browser
from tests.e2e.playground import INSTALLED, Playground, missing
from tests.teams.running import until

PICTURES = INSTALLED / "pictures"
CHANNEL, BOT = "Incidents", "IRMER"


class Shifted:
    """A clock that runs, from wherever it was set."""

    def __init__(self, moment: datetime) -> None:
        self._shift = moment - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._shift


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    if problem := missing(browser=True):
        pytest.skip(problem)
    running = Playground(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def browser(playground: Playground) -> Iterator[Browser]:
    browser = Browser(PICTURES)
    browser.do("size", width=1280, height=2400)  # the longest card stands in it whole
    browser.do("open", url=playground.url)
    yield browser
    browser.stop()


def test_from_the_mention_to_the_verdict_a_case_and_a_ping_in_its_thread(
    playground: Playground, browser: Browser
):
    browser.do("go", place=CHANNEL)
    browser.do("write", mention=BOT, text="settings incidents_channel here", button="Post")
    browser.do("wait", text="I have answered in our own chat")
    browser.do("write", mention=BOT, text="check", button="Post")
    browser.do("go", place="Personal Chat")
    browser.do("wait", text="Incidents channel: Incidents")
    form = {"within": "Is it notifiable?"}
    browser.do("wait", text="Is it notifiable?")
    browser.picture("form")
    browser.do("today", label="When did anybody in the organisation first know of it?", **form)
    browser.do("tick", option="No, none at all", **form)
    browser.do("pick", label="What kind of exposure was it?", option="X-ray, CT", **form)
    browser.do("fill", label="How old was the person", text="forty", **form)
    browser.do("press", title="Continue", **form)
    browser.do("wait", text="⚠")
    browser.picture("what is wrong beside its input", **form)
    browser.do("fill", label="How old was the person", text="40", **form)
    browser.do("press", title="Continue", **form)

    browser.do("wait", text="What effective dose did")
    browser.do("fill", label="What effective dose did", text="5 mSv", **form)
    browser.do("tick", option="None of these, or none of the others", **form)
    browser.picture("second step", **form)
    browser.do("press", title="Continue", **form)

    verdict = {"within": "NOTIFY — code 1"}
    browser.do("wait", text="NOTIFY — code 1")
    browser.picture("verdict", **verdict)
    assert "the employer decides" in browser.do("text", **verdict)
    browser.do("press", title="Open a case", **verdict)
    browser.do("wait", text="Kept as record 2026-0001, case C26-0001 opened")
    browser.do("press", title="Add details", within="Kept as record 2026-0001")
    record = {"within": "Details of 2026-0001"}
    browser.do("wait", text="Details of 2026-0001")
    browser.do("fill", label="What happened, in words?", text="Two patients of a like name.", **record)
    browser.picture("record", **record)
    browser.do("press", title="Keep", **record)
    browser.do("wait", text="Kept with 2026-0001")

    browser.do("go", place=CHANNEL)
    case = {"within": "Begin investigation"}
    browser.do("wait", text="Begin investigation")
    browser.picture("case", **case)
    browser.picture("channel")
    browser.do("press", title="Begin investigation", **case)
    until(lambda: playground.bot.store.case(playground.tenant, "C26-0001").state == "investigating")

    playground.bot.stop()
    in_a_week = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=7)
    playground.start_bot(Shifted(in_a_week.replace(hour=9, minute=1)))
    browser.do("wait", text="Snooze C26-0001")
    browser.picture("ping", within="Snooze C26-0001")
    browser.do("size", width=1280, height=1600)
    browser.picture("ping in the thread")
    post = browser.do("post", within="Snooze C26-0001")
    assert "under preliminary investigation" in post, "it stands in the case's own thread"
    assert "incidents_channel" not in post
    until(lambda: bool(sent_pings(playground)))

    (record_kept,) = playground.bot.store.records(playground.tenant)
    assert record_kept.assessment.facts["total_dose"] == "5 mSv"
    assert str(record_kept.assessment.facts["age_years"]).startswith("40")


def sent_pings(playground: Playground) -> list[Outgoing]:
    every = playground.bot.store.outgoing(playground.tenant, "C26-0001")
    return [one for one in every if one.kind == "ping" and one.state == "sent"]
