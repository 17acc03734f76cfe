"""Commands typed where the bot is not: between two people, and in channels that it was never asked into."""

from __future__ import annotations

from tests.fakes.slack_people import words
from tests.slack.conftest import World
from tests.slack.test_form import filled_in


async def test_a_case_that_is_opened_between_two_people_is_reminded_of_where_its_owner_is_reached(
    ward: World,
) -> None:
    person = ward.slack.radiographer
    theirs = ward.slack.between(person, ward.slack.physicist)
    await filled_in(ward, person, "25 mSv", "2 mSv", channel=theirs.id)
    for _ in range(2):
        assert await person.submit() == {}
    await ward.slack.until(lambda: "Kept as record" in words(person.view), 5)
    await ward.slack.quiet(0.5)
    places = {one.place.conversation for one in ward.store.outgoing(ward.tenant, "C26-0001")}
    assert places == {person.id}
    card = next(m for m in ward.slack.direct(person.id).messages if "C26-0001" in words(m))
    assert "could not be delivered" not in words(card)
