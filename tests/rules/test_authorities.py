"""Contacts: each with its source and the source's own date, and none that looks newer than that."""

import re
from datetime import date

import pytest

from rules.authorities import ARSAC, AUTHORITIES, DEVICES, SAFETY, UNDATED, contact_of, dated

BODIES = {body.name: body for body in (*AUTHORITIES.values(), *DEVICES.values(), *SAFETY.values(), ARSAC)}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_contact_has_a_source_and_that_sources_own_date_or_none(body):
    assert body.source
    assert body.how
    if not body.as_of.startswith(UNDATED):
        assert date.fromisoformat(body.as_of) < date(2026, 1, 1)  # no later source is known
    if body.address:
        assert re.fullmatch(r"https://\S+|\S+@\S+", body.address)


def test_retired_addresses_are_offered_nowhere():
    said = " ".join(f"{body.how} {body.address}" for body in BODIES.values()).lower()
    assert "gsi.gov.uk" not in said
    assert "nhs.net" not in said


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2023-04-19", "19 April 2023"),
        ("2026-11", "November 2026"),
        ("undated", "undated"),
        ("undated, after October 2022", "undated, after October 2022"),
        ("", "undated"),
    ],
)
def test_the_date_of_a_source_in_words(as_of, words):
    assert dated(as_of) == words


def test_a_kept_contact_is_shown_as_it_is_known_now():
    assert contact_of("Care Quality Commission") is AUTHORITIES["england"]
    assert contact_of("Nobody") is None
