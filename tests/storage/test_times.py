import os
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import Invalid
from storage.times import at_local, moment, stamp

DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(3652)]
UK = ZoneInfo("Europe/London")


@pytest.fixture(params=["UTC", "Pacific/Auckland", "America/New_York"])
def host_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(clock, "tzset"):
        pytest.skip("this host's zone cannot be changed")
    monkeypatch.setenv("TZ", request.param)
    clock.tzset()
    yield
    monkeypatch.undo()
    clock.tzset()


@pytest.mark.usefixtures("host_zone")
def test_nine_in_the_uk_is_nine_on_every_day_of_ten_years_wherever_the_host_stands() -> None:
    assert DAYS[-1] == date(2035, 12, 31)
    for day in DAYS:
        shown = moment(stamp(at_local(day, time(9), "Europe/London"))).astimezone(UK)
        assert (shown.date(), shown.time()) == (day, time(9))


def test_a_zone_that_is_none_is_refused() -> None:
    for wrong in ("Mars/Olympus", "", "../etc/passwd"):
        with pytest.raises(Invalid, match="time zone"):
            at_local(DAYS[0], time(9), wrong)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(Invalid):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001


moments = st.datetimes(
    datetime(1900, 1, 2), datetime(2999, 1, 1), timezones=st.builds(  # noqa: DTZ001
        lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-1439, 1439)
    )
)  # fmt: skip


@given(moments, moments)
def test_stamps_sort_as_the_instants_do_and_come_back(one: datetime, two: datetime) -> None:
    assert moment(stamp(one)) == one
    assert moment(stamp(one)).tzinfo == UTC
    assert (stamp(one) < stamp(two)) == (one < two)
    assert len(stamp(one)) == len(stamp(two))


def test_the_host_zone_fixture_left_nothing_behind() -> None:
    assert os.environ.get("TZ") not in ("Pacific/Auckland", "America/New_York")
