"""A case in a channel: its card and thread, what is done in it, and the pings that come in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.connectable import delivery
from bot.core.cards import Card
from bot.core.messages import Place, Refresh, Show
from bot.core.reminders.clock import Clock
from bot.core.reminders.sending import Timings
from bot.teams.asked import CAPABILITIES
from storage.model import Person
from storage.organisation_model import Outside
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_connector import Fault
from tests.fakes.teams_world import ALEX, CHANNEL, OTHER_CHANNEL, SAM, TENANT, Message, shown_values
from tests.teams.player import CHAT, TeamsPlayer
from tests.teams.running import until

QUICK = Timings(request=3.0, lease=12.0, settle=0.5, poll=0.05, pace=0.0, backoff=0.3)
ANSWERS = {"exposure": "no", "category": "1", "total_dose": "5 mSv", "age_years": "40", "flags": []}
BEGAN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Ward(TeamsPlayer):
    """A person, and a clock that runs from wherever it was set."""

    def __init__(self, teams: FakeTeams, path) -> None:
        self._shift = timedelta()
        self.at(BEGAN)
        super().__init__(teams, path, BEGAN, "england", clock=self.clock, loops=self.loops)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def at(self, moment: datetime) -> None:
        self._shift = moment - datetime.now(UTC)

    def loops(self, service, store):
        clock = Clock(self.clock, time.monotonic)
        clock.believe()  # the fake goes by the machine's
        return [delivery(store, service.sender, CAPABILITIES, clock=clock, timings=QUICK)]

    def open(self) -> Message:
        """A case, and its card in the incidents channel."""
        self.teams.deliver(self.teams.activity("conversationUpdate", CHANNEL))
        self.teams.deliver(self.teams.activity("conversationUpdate", OTHER_CHANNEL))
        self.say(f"settings incidents_channel {CHANNEL}")
        self.say(f"settings fallback_channel {OTHER_CHANNEL}")
        self.check("", {**ANSWERS, "discovered_on": "2026-11-23"})
        self.press("Open a case")
        assert "case C26-0001 opened" in self.card.text
        until(lambda: bool(self.teams.posted(CHANNEL)))
        return self.teams.posted(CHANNEL)[0]

    def later(self, moment: datetime) -> None:
        """The bot was off, and is on again at that time."""
        self.bot.stop()
        self.at(moment)
        self._start()


@pytest.fixture
def ward(teams: FakeTeams, tmp_path) -> Iterator[Ward]:
    ward = Ward(teams, tmp_path / "irmer.sqlite")
    yield ward
    ward.stop()


def pings(teams: FakeTeams, where: str = CHANNEL) -> list[Message]:
    return [m for m in teams.posted(where) if "Snooze" in m.text]


def test_the_case_is_posted_in_the_channel_with_its_thread(teams: FakeTeams, ward: Ward):
    card = ward.open()
    assert card.thread == ""
    assert "Mon 7 December 2026" in card.text
    until(lambda: bool(ward.store.addresses(teams.tenant, "C26-0001")))
    (address,) = ward.store.addresses(teams.tenant, "C26-0001")
    assert (address.place.conversation, address.place.thread) == (CHANNEL, card.id)


def test_what_is_typed_in_its_thread_is_about_the_case(teams: FakeTeams, ward: Ward):
    card = ward.open()
    teams.say("note The scanner is out of use.", CHANNEL, thread=card.id, who=SAM)
    ward.bot.settle()
    (note,) = ward.store.notes(teams.tenant, "C26-0001")
    assert note.text == "The scanner is out of use."
    assert note.by.id == SAM.object_id


def test_a_step_by_button_keeps_the_card_up_to_date_for_all(teams: FakeTeams, ward: Ward):
    card = ward.open()
    answer = teams.press(card, "Begin investigation", SAM)
    assert answer.body["statusCode"] == 200
    until(lambda: card.edits > 0)
    assert ward.store.case(teams.tenant, "C26-0001").state == "investigating"
    assert "investigat" in card.text


def test_whoever_is_given_a_case_goes_by_their_name_at_once(teams: FakeTeams, ward: Ward):
    card = ward.open()
    called = {"type": "mention", "mentioned": {"id": SAM.id, "name": SAM.name}, "text": "<at>Sam</at>"}
    activity = teams.activity(where=CHANNEL, text="<at>IRMER</at> assign C26-0001 <at>Sam</at>")
    bot = {"type": "mention", "mentioned": activity["recipient"], "text": "<at>IRMER</at>"}
    teams.deliver(activity | {"entities": [bot, called]})
    ward.bot.settle()
    until(lambda: SAM.name in card.text)
    owner = ward.store.case(teams.tenant, "C26-0001").owner
    assert owner is not None
    assert (owner.id, owner.name) == (SAM.object_id, SAM.name)


def test_a_form_of_a_step_opens_in_the_thread_and_the_card_stays(teams: FakeTeams, ward: Ward):
    card = ward.open()
    teams.press(card, "Notified")
    ward.bot.settle()
    form = teams.last(CHANNEL, card.id)
    assert form.id != card.id
    assert "Begin investigation" in card.text
    teams.press(form, form.card["actions"][0]["title"], SAM, reference="CQC-1")
    ward.bot.settle()
    case = ward.store.case(teams.tenant, "C26-0001")
    assert (case.state, case.authority_reference) == ("notified", "CQC-1")
    assert not any(n.get("id") == "reference" for n in form.card["body"]), "the form has given way"
    until(lambda: "CQC-1" in card.text)


def test_an_old_button_is_answered_with_what_the_other_did(teams: FakeTeams, ward: Ward):
    card = ward.open()
    old = dict(card.activity)
    teams.press(card, "Begin investigation", SAM)
    until(lambda: card.edits > 0)
    card.activity = old
    answer = teams.press(card, "Begin investigation", ALEX)
    assert answer.status == 200
    assert "Sam" in str(answer.body["value"])
    assert len(ward.store.steps(teams.tenant, "C26-0001")) == 2


def test_a_ping_comes_into_the_thread_and_calls_the_owner(teams: FakeTeams, ward: Ward):
    card = ward.open()
    ward.later(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    until(lambda: bool(pings(teams)))
    (ping,) = pings(teams)
    assert ping.thread == card.id
    assert "C26-0001" in ping.text
    assert [one["id"] for one in ping.called] == [ALEX.id]


def test_restarted_again_and_again_it_pings_once(teams: FakeTeams, ward: Ward):
    ward.open()
    for minute in (1, 2, 3):
        ward.later(datetime(2026, 11, 30, 9, minute, tzinfo=UTC))
        until(lambda: bool(pings(teams)))
        time.sleep(0.3)
    assert len(pings(teams)) == 1


def test_after_an_unknown_outcome_the_ping_says_that_it_may_be_the_second(teams: FakeTeams, ward: Ward):
    card = ward.open()
    teams.faults.append(Fault(504, taken=True))
    ward.later(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    until(lambda: len(pings(teams)) == 2)
    first, second = pings(teams)
    assert first.thread == second.thread == card.id
    assert "may have reached you already" not in first.text
    assert "may have reached you already" in second.text
    until(lambda: ward.bot.beside[0].repeats == 1)


def test_where_the_channel_is_gone_the_fallback_tells_a_human(teams: FakeTeams, ward: Ward):
    ward.open()
    teams.conversations[CHANNEL].installed = False
    ward.later(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    until(lambda: bool(pings(teams, OTHER_CHANNEL)))
    (ping,) = pings(teams, OTHER_CHANNEL)
    assert "could not be delivered" in ping.text
    reference = ward.store.reference(teams.tenant, "teams", CHANNEL)
    assert reference is not None
    assert reference.dead


def test_a_ping_can_be_put_off_from_its_button(teams: FakeTeams, ward: Ward):
    ward.open()
    ward.later(datetime(2026, 11, 30, 9, 1, tzinfo=UTC))
    until(lambda: bool(pings(teams)))
    ping = pings(teams)[0]
    teams.press(ping, "Snooze 2026-0001")
    ward.bot.settle()
    form = teams.last(CHANNEL, ping.thread)
    teams.press(form, "Snooze", until="tomorrow")
    assert "say why" in form.text, "it goes past a deadline"
    teams.press(form, "Snooze", why="The MPE is back tomorrow.")
    ward.bot.settle()
    assert "the next reminder comes Tue 1 December 2026" in form.text


def test_a_case_that_is_shown_where_it_was_asked_for_is_found_again_and_changed(
    teams: FakeTeams, ward: Ward, monkeypatch
):
    ward.open()
    replies = [Show(Card("Case C26-0001"), private=False, place=Place(OTHER_CHANNEL), case="C26-0001")]
    monkeypatch.setattr(ward.bot.bot, "handle", lambda request, face: replies)
    ward.say("whatever")
    shown = teams.last(OTHER_CHANNEL)
    places = [address.place for address in ward.store.addresses(teams.tenant, "C26-0001")]
    assert (OTHER_CHANNEL, shown.id) in [(place.conversation, place.thread) for place in places]
    replies[:] = [Refresh("C26-0001", Card("Case C26-0001: closed"))]
    ward.say("whatever else")
    assert "closed" in shown.text
    assert all("closed" in m.text for m in teams.posted(CHANNEL) if not m.thread)


def test_the_settings_name_people_and_channels_and_keep_their_ids(teams: FakeTeams, ward: Ward):
    activity = teams.activity("conversationUpdate", CHANNEL)
    activity["conversation"]["name"] = "Radiation_incidents"
    teams.deliver(activity)
    teams.say("help", CHAT)
    assert "Radiation\\_incidents" in ward.say(f"settings incidents_channel {CHANNEL}")
    ward.say("settings role_mpe me")
    shown = ward.say("settings")
    assert "Radiation\\_incidents" in shown
    assert ALEX.name in shown
    assert CHANNEL not in shown
    assert ALEX.object_id not in shown
    teams.press(ward.card, "Change")
    ward.bot.settle()
    assert shown_values(ward.card.card)["role_mpe"] == ALEX.object_id
    assert shown_values(ward.card.card)["incidents_channel"] == CHANNEL


def test_what_a_list_shows_is_not_for_everybody_in_a_channel(teams: FakeTeams, ward: Ward):
    ward.open()
    before = len(teams.posted(CHAT))
    teams.say("cases", CHANNEL)
    ward.bot.settle()
    assert "C26-0001" in teams.last(CHAT).text
    assert len(teams.posted(CHAT)) == before + 1


@pytest.mark.parametrize("command", ["cases", "case C26-0001", "due", "settings", "help", "case 2026-0001"])
def test_every_command_answers_with_a_card(teams: FakeTeams, ward: Ward, command):
    ward.open()
    shown = ward.say(command)
    assert ward.card.card["body"]
    assert "not understood" not in shown


def test_what_was_shown_in_another_tenants_name_is_refused_in_a_line(ward: Ward):
    card = ward.open()
    case = ward.store.case(ward.tenant, "C26-0001")
    by, now = Person("os:root", "root"), ward.bot.clock()
    ward.store.add_organisation("the-trust", "The Trust", by=by, now=now)
    ward.store.bind("the-trust", Outside("teams", "directory", TENANT), how="", by=by, now=now)
    answer = ward.teams.press(card, "Begin investigation")
    assert "another organisation's name" in answer.body["value"]
    assert ward.store.case(ward.tenant, "C26-0001") == case
