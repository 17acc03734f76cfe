"""A clock that is wrong sends nothing and says so; the platform's decides, and sending goes on by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reminders.clock import APART, Clock, tick, told_by
from bot.core.reminders.sending import Unknown
from bot.slack.sender import SlackSender
from bot.slack.web import Web
from bot.terminal.pings import Printer
from tests.core.cases.ward import BUTTONS, T
from tests.core.reminders.platform import delivery, drain
from tests.core.reminders.test_patience import HOUR, MINUTE, NINE, Scene
from tests.core.reminders.test_reminders import at
from tests.fakes.slack import FakeSlack

DAY, YEAR = timedelta(days=1), timedelta(days=365)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def restarted(scene: Scene) -> None:
    scene.worker = delivery(scene.store, scene.platform, BUTTONS)
    scene.watch = scene.watching()


@pytest.mark.parametrize("wrong", [6 * MINUTE, -6 * MINUTE, DAY, -DAY, YEAR, -YEAR])
def test_a_clock_that_is_wrong_at_the_start_sends_nothing_until_it_is_right(
    scene: Scene, wrong: timedelta
) -> None:
    scene.time.wrong = wrong
    restarted(scene)
    drain(scene.worker)
    assert scene.platform.messages == []
    assert "this machine's clock says" in scene.worker.health
    assert "the platform's says Mon 7 December 2026 at 09:00" in scene.worker.health
    assert scene.watch.look() == ""
    scene.time.wrong = timedelta()
    drain(scene.worker)
    assert scene.worker.health == ""
    assert scene.arrived() == ["C0INC"]
    scene.close()


@pytest.mark.parametrize("wrong", [4 * MINUTE, -4 * MINUTE])
def test_a_little_wrong_is_right(scene: Scene, wrong: timedelta) -> None:
    scene.time.wrong = wrong
    restarted(scene)
    scene.until(NINE + 5 * MINUTE)
    assert scene.arrived() == ["C0INC"]
    scene.close()


@pytest.mark.parametrize("wrong", [HOUR, -HOUR, DAY, -DAY, YEAR, -YEAR])
def test_after_a_step_the_platform_s_clock_decides_and_sending_goes_on_by_itself(
    scene: Scene, wrong: timedelta
) -> None:
    scene.time.pass_(-HOUR)
    scene.time.wrong = wrong
    restarted(scene)
    scene.worker.clock.believe()  # as a release before did
    scene.time.wrong = timedelta()
    scene.until(NINE - MINUTE)
    assert scene.arrived() == []
    assert scene.worker.health == ""
    scene.until(NINE + MINUTE)
    assert scene.arrived() == ["C0INC"]
    scene.close()


def test_a_step_with_nobody_to_ask_stops_sending_and_says_by_how_much(scene: Scene) -> None:
    scene.platform.tells_time = lambda: None
    scene.time.wrong = YEAR
    drain(scene.worker)
    assert scene.platform.messages == []
    assert "moved by 365 days" in scene.worker.health
    scene.time.wrong = timedelta()
    drain(scene.worker)
    assert scene.arrived() == ["C0INC"]
    scene.close()


def test_a_platform_that_cannot_be_asked_leaves_a_clock_that_ran_evenly_believed(scene: Scene) -> None:
    scene.platform.tells_time = lambda: Unknown("unreachable")
    scene.time.pass_(HOUR)
    drain(scene.worker)
    assert scene.arrived() == ["C0INC"]
    restarted(scene)
    scene.time.pass_(DAY)
    drain(scene.worker)
    assert scene.arrived() == ["C0INC"]
    assert "cannot be asked for the time: unreachable" in scene.worker.health
    scene.platform.tells_time = None
    drain(scene.worker)
    assert len(scene.arrived()) == 3  # and the escalation
    scene.close()


def test_where_no_platform_has_a_clock_what_was_written_last_decides(scene: Scene) -> None:
    scene.platform.tells_time = lambda: None
    scene.time.wrong = -2 * DAY
    restarted(scene)
    drain(scene.worker)
    assert "but something was written Sun 6 December 2026 at 09:0" in scene.worker.health
    scene.time.wrong = timedelta()
    drain(scene.worker)
    assert scene.arrived() == ["C0INC"]
    scene.close()


def test_what_was_sent_and_planned_under_a_clock_that_was_ahead_is_planned_anew(tmp_path: Path) -> None:
    """At one start the clock was a month ahead, and nobody told: every reminder was overdue."""
    scene = Scene(tmp_path, begin=at(24, 10, 11))
    scene.platform.tells_time = lambda: None
    scene.time.wrong = timedelta(days=30)
    restarted(scene)
    drain(scene.worker)
    assert scene.arrived("OVERDUE by 17 days")
    scene.platform.messages.clear()
    scene.platform.tells_time = None
    scene.time.wrong = timedelta()
    restarted(scene)
    drain(scene.worker)
    scene.watch.look()
    for day, month, left in (
        (30, 11, "7 left"),
        (4, 12, "3 left"),
        (6, 12, "1 left"),
        (7, 12, "today is the last day"),
    ):
        scene.until(at(day, 9, month))
        (message,) = scene.platform.said("C0INC", "notify the authority", left)
        assert message.at.date() == at(day, 9, month).date()
    scene.until(at(8, 10))
    assert scene.arrived("OVERDUE by 1 day") == ["C0INC", "C0LEAD"]
    assert scene.platform.said("C0INC", "submit the report") == []
    scene.close()


def test_what_somebody_has_put_off_is_not_planned_anew(scene: Scene) -> None:
    scene.ward.now = scene.time.now
    shown = scene.ward.say(f"snooze {scene.ref} report 2 days")
    assert "the next reminder comes" in shown
    before = [(o.key, o.state) for o in scene.store.outgoing(T, scene.ref) if o.rule == "report"]
    drain(scene.worker)
    scene.watch.look()
    assert [(o.key, o.state) for o in scene.store.outgoing(T, scene.ref) if o.rule == "report"] == before
    scene.close()


# The clocks themselves

HOURS = st.integers(-9_000, 9_000)


@given(HOURS, HOURS, st.booleans())
def test_a_clock_is_believed_exactly_while_it_agrees_with_the_platform_s(
    first: int, then: int, asked: bool
) -> None:
    true, gone = datetime(2026, 12, 7, 9, tzinfo=UTC), 0.0
    wrong = timedelta(minutes=first)
    clock = Clock(lambda: true + timedelta(seconds=gone) + wrong, lambda: gone)
    clock.compare(true, None)
    assert clock.trusted == (abs(wrong) <= APART)
    assert clock.trusted == (clock.trouble == "")
    before, wrong, gone = wrong, timedelta(minutes=then), 3_600.0
    if asked:
        clock.compare(true + timedelta(hours=1), None)
        assert clock.trusted == (abs(wrong) <= APART)
    elif abs(before) <= APART:
        assert clock.trusted == (abs(wrong - before) <= APART)


def test_seconds_run_on_while_a_machine_sleeps_where_it_can_tell() -> None:
    assert tick() <= tick()


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Date": "Mon, 07 Dec 2026 09:00:00 GMT"}, "2026-12-07T09:00:00+00:00"),
        ({"Date": "Mon, 07 Dec 2026 09:00:00 GMT", "Age": "90"}, "2026-12-07T09:01:30+00:00"),
        ({"Date": "Mon, 07 Dec 2026 09:00:00 -0000"}, "2026-12-07T09:00:00+00:00"),
        ({"Date": "soon"}, None), ({"Date": ""}, None), ({}, None),
        ({"Date": "Mon, 07 Dec 2026 09:00:00 GMT", "Age": "a while"}, None),
        ({"Date": "Mon, 99 Dec 2026 09:00:00 GMT"}, None),
    ],
)  # fmt: skip
def test_an_answer_tells_the_time_by_its_date_and_age(headers: dict[str, str], told: str | None) -> None:
    found = told_by(headers)
    assert (found and found.isoformat()) == told


@pytest.mark.parametrize("refused", [False, True])
async def test_slack_tells_the_time_whatever_it_answers(refused: bool) -> None:
    async with FakeSlack(began=None) as slack:
        slack.advance(7_200)
        web = Web("xoxb-wrong" if refused else slack.bot_token, api_url=slack.api_url)
        await web.start()
        told = await SlackSender(web).clock()
        assert isinstance(told, datetime)
        assert abs(told - datetime.now(UTC) - timedelta(hours=2)) < timedelta(seconds=30)
        await web.close()


async def test_a_slack_that_nobody_reaches_tells_no_time() -> None:
    web = Web("xoxb-1", api_url="http://127.0.0.1:9/api/")
    await web.start()
    assert await SlackSender(web).clock() == Unknown("it refuses the connection")
    await web.close()


async def test_a_terminal_has_no_clock_of_its_own() -> None:
    assert await Printer(None, "terminal").clock() is None  # type: ignore[arg-type, func-returns-value]
