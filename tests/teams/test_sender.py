"""Messages that nobody just asked for: into the thread, with a mention, counted, and past what is dead."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.core.cards import Card, Mention, Text
from bot.core.reminders.clock import Clock
from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Timings
from bot.teams.service import TeamsService
from storage.chat_connection_model import ConnectionPlan
from storage.model import Destination, Person
from storage.plans import Batch, Outgoing, PingPlan, PostPlan
from storage.store import Store
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_connector import Fault
from tests.fakes.teams_world import ALEX, CHANNEL, GROUP, OTHER_CHANNEL, SAM, Message
from tests.teams.running import Running, until

CHAT = "a:alex"
ROOT = Person("os:root", "root")
QUICK = Timings(request=3.0, lease=12.0, settle=0.5, poll=0.1, pace=0.0, backoff=0.3)


def now() -> datetime:
    return datetime.now(UTC)


class Words:
    """The least that a ping can say."""

    def card(self, batch: Batch, now: datetime, *, repeat: bool) -> Card:
        again = (Text("This may have reached you already."),) if repeat else ()
        calls = Mention((ALEX.object_id,))
        return Card(str(batch.items[0].body["title"]), (calls, *again))

    def unseen(self, batch: Batch) -> str:
        return ""

    def instead(self, batch: Batch) -> tuple[Destination, ...]:
        return (Destination("teams", OTHER_CHANNEL),)

    def beside(self, item: Outgoing) -> tuple[()]:
        return ()

    def copies(self, *_: object) -> tuple[()]:
        return ()

    def follow(self, item: Outgoing, now: datetime) -> PingPlan | None:
        return None


@pytest.fixture
def sending(teams: FakeTeams, tmp_path) -> Iterator[Running]:
    def loops(service: TeamsService, store: Store) -> list[Delivery]:
        clock = Clock(now, time.monotonic)
        return [Delivery(store, service.sender, Words(), worker="w1", clock=clock, timings=QUICK)]

    running = Running(teams, tmp_path / "irmer.sqlite", clock=now, loops=loops)
    for where in (CHAT, CHANNEL, OTHER_CHANNEL, GROUP):
        teams.deliver(teams.activity("conversationUpdate", where))
    yield running
    running.stop()


def plan(
    running: Running, teams: FakeTeams, where: str = CHANNEL, thread: str = "", key: str = "ping", **more
) -> None:
    body = {"title": f"Notify by Friday: {key}"}
    place = Destination("teams", where, thread)
    running.store.post(teams.tenant, PostPlan(key, place, body, **more), now=now())


def sent(teams: FakeTeams, where: str) -> list[Message]:
    return [message for message in teams.posted(where) if "Notify by Friday" in message.text]


def state(running: Running, teams: FakeTeams, key: str = "ping") -> str:
    return next(one.state for one in running.store.outgoing(teams.tenant, "") if one.key == key)


def test_a_ping_is_posted_into_its_thread_with_a_mention(teams: FakeTeams, sending: Running):
    teams.say("help", CHANNEL)
    root = teams.messages[0].id
    plan(sending, teams, thread=root)
    until(lambda: bool(sent(teams, CHANNEL)))
    (ping,) = sent(teams, CHANNEL)
    assert ping.thread == root
    assert ping.called == [{"id": ALEX.id, "name": ALEX.name}]
    until(lambda: state(sending, teams) == "sent")


def test_a_ping_reaches_a_group_chat_and_a_person(teams: FakeTeams, sending: Running):
    teams.say("help", CHAT)
    plan(sending, teams, GROUP, thread="1700000000001", key="group")  # there are no threads in it
    plan(sending, teams, ALEX.object_id, key="person")
    until(lambda: bool(sent(teams, GROUP)) and bool(sent(teams, CHAT)))
    assert len(sent(teams, GROUP)) == len(sent(teams, CHAT)) == 1


def test_it_is_posted_after_a_restart_from_the_reference_on_disk(teams: FakeTeams, tmp_path):
    first = Running(teams, tmp_path / "irmer.sqlite")
    teams.deliver(teams.activity("conversationUpdate", CHANNEL))
    first.stop()
    second = Running(teams, tmp_path / "irmer.sqlite")
    outcome = second.run(
        second.service.sender.send(teams.tenant, Destination("teams", CHANNEL), Card("Due"), ["k"])
    )
    assert teams.last(CHANNEL).id == outcome.message
    second.stop()


@pytest.mark.parametrize("status", [412, 429])
def test_what_was_refused_for_now_is_sent_later_and_once(teams: FakeTeams, sending: Running, status):
    teams.faults.append(Fault(status, retry_after=1))
    plan(sending, teams)
    until(lambda: state(sending, teams) == "sent")
    assert len(sent(teams, CHANNEL)) == 1
    assert "already" not in sent(teams, CHANNEL)[0].text
    assert sending.beside[0].repeats == 0


def test_a_token_that_is_refused_is_asked_for_anew_once(teams: FakeTeams, sending: Running):
    teams.faults.append(Fault(401))
    plan(sending, teams)
    until(lambda: state(sending, teams) == "sent")
    assert len(sent(teams, CHANNEL)) == 1
    assert sending.run(sending.service.problems()) == []


@pytest.mark.parametrize("status", [400, 402, 405, 409, 413, 422, 451, 499])
def test_every_other_refusal_is_for_good_and_goes_to_the_fallback_at_once(
    teams: FakeTeams, sending: Running, status
):
    teams.faults.append(Fault(status))
    plan(sending, teams)
    until(lambda: len(sent(teams, OTHER_CHANNEL)) == 1)
    assert sent(teams, CHANNEL) == []


def test_where_the_bots_own_token_is_refused_for_good_health_says_so_and_no_conversation_is_to_blame(
    teams: FakeTeams, sending: Running
):
    teams.takes_tokens = False
    plan(sending, teams)
    until(lambda: state(sending, teams) == "dead")
    (problem,) = sending.run(sending.service.problems())
    assert "token is refused" in problem
    reference = sending.store.reference(teams.tenant, "teams", CHANNEL)
    assert reference is not None
    assert not reference.dead


def test_that_its_token_is_taken_to_look_says_nothing_of_writing(teams: FakeTeams, sending: Running):
    teams.takes_tokens = False
    plan(sending, teams)
    until(lambda: [one.state for one in sending.store.outgoing(teams.tenant, "")] == ["dead"] * 2)
    teams.takes_tokens = True  # the fallback was refused as well: nothing else is written meanwhile
    sending.run(sending.service._sdk.member(teams.service_url, CHANNEL, ALEX.object_id))
    assert sending.run(sending.service.problems())
    sending.run(sending.service._sdk.personal_chat(teams.service_url, teams.tenant, ALEX.id))
    assert sending.run(sending.service.problems()) == []


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "lost"])
@pytest.mark.parametrize("status", [0, 500, 502, 504], ids=["reset", "500", "502", "504"])
def test_after_an_unknown_outcome_it_is_repeated_once_in_words_that_say_so(
    teams: FakeTeams, sending: Running, status, taken
):
    teams.faults.append(Fault(status, taken=taken))
    plan(sending, teams)
    until(lambda: state(sending, teams) == "sent")
    *before, last = sent(teams, CHANNEL)
    assert len(before) == (1 if taken else 0)
    assert "may have reached you already" in last.text
    with urllib.request.urlopen(f"{sending.url}/health", timeout=10) as health:
        assert json.load(health)["repeats"] == 1


def test_an_answer_that_makes_no_sense_leaves_the_outcome_unknown(teams: FakeTeams, sending: Running):
    teams.faults.append(Fault(201, taken=True, body=b"<html>"))
    plan(sending, teams)
    until(lambda: state(sending, teams) == "sent")
    assert sending.beside[0].repeats == 1


def test_unknown_twice_goes_to_a_human_in_the_fallback_channel(teams: FakeTeams, sending: Running):
    teams.faults += [Fault(504), Fault(504)]
    plan(sending, teams)
    until(lambda: bool(sent(teams, OTHER_CHANNEL)))
    assert sent(teams, CHANNEL) == []
    assert sending.beside[0].repeats == 1


@pytest.mark.parametrize("how", ["the app was removed", "the conversation is gone"])
def test_a_dead_conversation_is_marked_and_the_rest_go_on(teams: FakeTeams, sending: Running, how):
    if how == "the app was removed":
        teams.conversations[CHANNEL].installed = False
    else:
        del teams.conversations[CHANNEL]
    plan(sending, teams, key="one")
    plan(sending, teams, GROUP, key="two")
    until(lambda: bool(sent(teams, GROUP)) and bool(sent(teams, OTHER_CHANNEL)))
    reference = sending.store.reference(teams.tenant, "teams", CHANNEL)
    assert reference is not None
    assert reference.dead
    assert state(sending, teams, "one") == "dead"
    before = len(teams.refusals)
    plan(sending, teams, key="three")
    until(lambda: len(sent(teams, OTHER_CHANNEL)) == 2)
    assert len(teams.refusals) == before, "nothing more is tried there"


def test_what_arrives_from_a_dead_conversation_brings_it_back(teams: FakeTeams, sending: Running):
    teams.conversations[CHANNEL].installed = False
    plan(sending, teams, key="one")
    until(lambda: bool(sent(teams, OTHER_CHANNEL)))
    teams.conversations[CHANNEL].installed = True
    teams.say("help", CHANNEL)
    plan(sending, teams, key="two")
    until(lambda: bool(sent(teams, CHANNEL)))


def test_a_conversation_that_was_never_heard_of_goes_to_the_fallback(teams: FakeTeams, sending: Running):
    plan(sending, teams, "19:elsewhere@thread.tacv2")
    until(lambda: bool(sent(teams, OTHER_CHANNEL)))


def test_where_another_registration_is_it_waits_for_that_one_and_is_sent_here_once_that_has_ended(
    teams: FakeTeams, sending: Running
):
    """Which another process may serve, that claims it in its turn."""
    store = sending.store
    made = store.connect(
        ConnectionPlan("teams", "another-app", teams.tenant), {}, None, installed_at=now(), by=ROOT, now=now()
    )
    known = store.reference(teams.tenant, "teams", CHANNEL)
    assert known is not None
    data = {**known.data, "app": "another-app"}
    store.remember_reference(teams.tenant, "teams", CHANNEL, data, now=now())
    plan(sending, teams)
    (waiting,) = teams.wait(lambda: [one for one in store.outgoing(teams.tenant, "") if one.error])
    assert (waiting.state, waiting.error) == ("due", "another registration is there")
    assert sent(teams, CHANNEL) == sent(teams, OTHER_CHANNEL) == []
    store.end_connection(made.id, "ended", "", by=ROOT, now=now())
    teams.wait(lambda: sent(teams, CHANNEL), 30)
    until(lambda: state(sending, teams) == "sent")


def test_a_thread_whose_root_is_gone_is_answered_in_its_channel(teams: FakeTeams, sending: Running):
    plan(sending, teams, thread="1600000000000")
    until(lambda: bool(sent(teams, CHANNEL)))
    assert sent(teams, CHANNEL)[0].thread == ""
    reference = sending.store.reference(teams.tenant, "teams", CHANNEL)
    assert reference is not None
    assert not reference.dead


def test_a_message_is_changed_where_it_stands(teams: FakeTeams, sending: Running):
    place = Destination("teams", CHANNEL)
    outcome = sending.run(sending.service.sender.send(teams.tenant, place, Card("Case C26-0001"), ["k"]))
    sending.run(
        sending.service.sender.update(teams.tenant, place, outcome.message, Card("Case C26-0001: closed"))
    )
    assert teams.last(CHANNEL).edits == 1
    assert "closed" in teams.last(CHANNEL).text


def test_a_card_that_grew_far_too_long_is_cut_rather_than_lost(teams: FakeTeams, sending: Running):
    card = Card("Due", tuple(Text("å" * 900) for _ in range(300)))
    outcome = sending.run(
        sending.service.sender.send(teams.tenant, Destination("teams", CHANNEL), card, ["k"])
    )
    assert teams.last(CHANNEL).id == outcome.message


@pytest.mark.usefixtures("real_pace")
def test_sixty_pings_to_one_channel_keep_to_the_pace_that_teams_allows(teams: FakeTeams, sending: Running):
    for number in range(20):
        plan(sending, teams, key=f"p{number}")
    until(lambda: len(sent(teams, CHANNEL)) == 20)
    assert teams.refusals == []


def test_somebody_who_never_wrote_is_looked_up_and_mentioned(teams: FakeTeams, sending: Running):
    card = Card("Due", (Mention((SAM.object_id,)),))
    for _ in range(2):
        sending.run(sending.service.sender.send(teams.tenant, Destination("teams", CHANNEL), card, ["k"]))
        assert [one["id"] for one in teams.last(CHANNEL).called] == [SAM.id]
    reference = sending.store.reference(teams.tenant, "teams", f"person:{SAM.object_id}")
    assert reference is not None
    assert reference.data["name"] == SAM.name


def test_whoever_is_not_there_is_not_mentioned_and_the_message_goes_out(teams: FakeTeams, sending: Running):
    card = Card("Due", (Mention(("00000000-0000-0000-0000-0000000000ff",), ("Physicist B",)),))
    sending.run(sending.service.sender.send(teams.tenant, Destination("teams", CHANNEL), card, ["k"]))
    assert teams.last(CHANNEL).called == []
    assert "Physicist B" in teams.last(CHANNEL).text
