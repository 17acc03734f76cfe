"""Held against a package that follows what is proclaimed; `make lock UPGRADE=--upgrade` brings its newest."""

from datetime import date

import pytest
from holidays import country_holidays

from bot.core.days.bank_holidays import bank_holidays
from rules.authorities import NATION_NAMES

CODES = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}


@pytest.mark.parametrize("nation", sorted(NATION_NAMES))
def test_they_are_those_of_each_nation(nation: str) -> None:
    for year in range(2024, 2061):
        listed = country_holidays("GB", subdiv=CODES[nation], years=year)
        assert sorted(bank_holidays(nation, year)) == sorted(listed), year


def test_christmas_at_a_weekend_is_kept_on_the_next_days_that_are_worked() -> None:
    kept = {day for day in bank_holidays("wales", 2027) if day.month == 12}
    assert kept == {date(2027, 12, day) for day in (25, 26, 27, 28)}
    kept = {day for day in bank_holidays("wales", 2033) if day.month == 12}
    assert kept == {date(2033, 12, day) for day in (25, 26, 27)}
