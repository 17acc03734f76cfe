"""Pings and posts into Slack: outcomes are told apart, and what is unknown can be looked up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.core.cards import Card, Text
from bot.core.reminders.sending import Absent, NotPosted, Posted, Unknown, Unreadable
from bot.slack.sender import SlackSender
from bot.slack.web import Web
from storage.model import Destination
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import words
from tests.fakes.slack_state import BOT_USER
from tests.fakes.slack_words import FOR_GOOD, LIMITS, OF_A_PERSON, OF_SLACK_ITSELF
from tests.slack.conftest import PACE

CARD = Card("Notify by Fri 4 December 2026", (Text("3 days are left"),))
CHANNEL = Destination("slack", "C0INCIDENTS")


@dataclass
class Post:
    slack: FakeSlack
    sender: SlackSender

    @property
    def posted(self) -> list[str]:
        return [words(m) for m in self.slack.incidents.messages]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with FakeSlack(began=None, seconds_a_message=PACE) as slack:
        web = Web(slack.bot_token, api_url=slack.api_url, seconds_a_message=PACE)
        await web.start()
        yield Post(slack, SlackSender(web))
        await web.close()
    assert slack.complaints == []


async def test_what_is_posted_is_known_by_its_key(post: Post) -> None:
    outcome = await post.sender.send("T", CHANNEL, CARD, ["key-1"])
    assert outcome == Posted(post.slack.incidents.messages[0].ts)
    assert await post.sender.find("T", CHANNEL, "key-1", datetime.now(UTC)) == outcome
    assert await post.sender.find("T", CHANNEL, "key-2", datetime.now(UTC)) == Absent()


@pytest.mark.parametrize("many", [3, 50])
async def test_a_message_is_known_by_each_of_what_it_stands_for_and_by_no_other(
    post: Post, many: int
) -> None:
    keys = [f"C26-{number:04}/notify/1/+0d" for number in range(1, many + 1)]
    outcome = await post.sender.send("T", CHANNEL, CARD, keys)
    for key in (keys[0], keys[1], keys[-1]):
        assert await post.sender.find("T", CHANNEL, key, datetime.now(UTC)) == outcome
    assert await post.sender.find("T", CHANNEL, "C26-0001/notify/1/+0", datetime.now(UTC)) == Absent()


async def test_what_names_too_much_is_posted_all_the_same(post: Post) -> None:
    outcome = await post.sender.send("T", CHANNEL, CARD, [f"C26-{number:04}/x" for number in range(900)])
    assert isinstance(outcome, Posted)
    assert await post.sender.find("T", CHANNEL, "C26-0000/x", datetime.now(UTC)) == outcome
    assert await post.sender.find("T", CHANNEL, "C26-0899/x", datetime.now(UTC)) == Absent()


async def test_a_post_in_a_thread_is_found_in_it(post: Post) -> None:
    root = await post.sender.send("T", CHANNEL, CARD, ["root"])
    assert isinstance(root, Posted)
    thread = Destination("slack", "C0INCIDENTS", root.message)
    outcome = await post.sender.send("T", thread, CARD, ["key-1"])
    assert post.slack.incidents.messages[1].thread_ts == root.message
    assert await post.sender.find("T", thread, "key-1", datetime.now(UTC)) == outcome


async def test_a_post_is_found_among_many(post: Post) -> None:
    for number in range(450):
        metadata = {"event_type": "irmer_post", "event_payload": {"key": f"key-{number}"}}
        post.slack.add(post.slack.incidents, BOT_USER, {"text": "x", "metadata": metadata})
    found = await post.sender.find("T", CHANNEL, "key-0", datetime.now(UTC))
    assert found == Posted(post.slack.incidents.messages[0].ts)


async def test_a_limit_is_definite_and_brings_its_time(post: Post) -> None:
    post.slack.fault("chat.postMessage", "429", seconds=7)
    assert await post.sender.send("T", CHANNEL, CARD, ["k"]) == NotPosted(
        "ratelimited", passes=True, retry_after=7.0
    )
    assert post.posted == []


async def test_every_word_for_a_refusal_known_or_new_is_for_good(post: Post) -> None:
    for word in FOR_GOOD:
        post.slack.fault("chat.postMessage", "error", error=word)
        assert await post.sender.send("T", CHANNEL, CARD, ["k"]) == NotPosted(word), word
        post.slack.fault("chat.update", "error", error=word)
        assert await post.sender.update("T", CHANNEL, "1.1", CARD) == NotPosted(word), word
    assert post.posted == []


async def test_whoever_cannot_be_written_to_is_refused_for_good(post: Post) -> None:
    for word in OF_A_PERSON:
        post.slack.fault("conversations.open", "error", error=word)
        assert await post.sender.send("T", Destination("slack", "U0PHYS"), CARD, ["k"]) == NotPosted(word), (
            word
        )


async def test_of_slack_s_words_for_a_refusal_its_own_troubles_and_its_limits_alone_pass(post: Post) -> None:
    for word in OF_SLACK_ITSELF:
        post.slack.fault("chat.postMessage", "error", error=word)
        assert await post.sender.send("T", CHANNEL, CARD, ["k"]) == Unknown(word)
    for word in LIMITS:
        post.slack.fault("chat.postMessage", "error", error=word)
        outcome = await post.sender.send("T", CHANNEL, CARD, ["k"])
        assert isinstance(outcome, NotPosted)
        assert outcome.passes


@pytest.mark.parametrize(
    ("status", "good"), [(400, True), (403, True), (413, True), (408, False), (502, False)]
)
async def test_a_status_without_a_word_is_for_good_unless_it_is_a_time_out_or_the_server_s(
    post: Post, status: int, good: bool
) -> None:
    post.slack.fault("chat.postMessage", "status", status=status)
    outcome = await post.sender.send("T", CHANNEL, CARD, ["k"])
    assert outcome == (NotPosted(f"http_{status}") if good else Unknown(str(status)))


@pytest.mark.parametrize(
    ("fault", "is_there"),
    [("500", False), ("reset_before", False), ("reset_after", True), ("bad_json", True), ("error", False)],
)
async def test_what_nobody_knows_is_unknown_and_can_be_looked_up(
    post: Post, fault: str, is_there: bool
) -> None:
    post.slack.fault("chat.postMessage", fault, error="internal_error")
    since = datetime.now(UTC)
    assert isinstance(await post.sender.send("T", CHANNEL, CARD, ["k"]), Unknown)
    found = await post.sender.find("T", CHANNEL, "k", since)
    assert isinstance(found, Posted) == is_there
    assert len(post.posted) == is_there


async def test_nobody_at_the_other_end_is_definite() -> None:
    web = Web("xoxb-1", api_url="http://127.0.0.1:9/api/", seconds_a_message=PACE)
    await web.start()
    assert await SlackSender(web).send("T", CHANNEL, CARD, ["k"]) == NotPosted("unreachable", passes=True)
    await web.close()


async def test_a_look_up_that_fails_is_unknown(post: Post) -> None:
    post.slack.fault("conversations.history", "500", times=5)
    assert isinstance(await post.sender.find("T", CHANNEL, "k", datetime.now(UTC)), Unknown)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("missing_scope", Unreadable("missing_scope")),
        ("unknown_method", Unreadable("unknown_method")),
        ("token_revoked", Unreadable("token_revoked")),
        ("channel_not_found", Unreadable("channel_not_found")),
        ("internal_error", Unknown("internal_error")),
    ],
)
async def test_a_look_up_that_is_refused_does_not_say_that_nothing_is_there(
    post: Post, error: str, outcome: object
) -> None:
    await post.sender.send("T", CHANNEL, CARD, ["k"])
    post.slack.fault("conversations.history", "error", error=error, times=3)
    assert await post.sender.find("T", CHANNEL, "k", datetime.now(UTC)) == outcome


async def test_nobody_at_the_other_end_does_not_say_that_nothing_is_there() -> None:
    web = Web("xoxb-1", api_url="http://127.0.0.1:9/api/", seconds_a_message=PACE)
    await web.start()
    assert await SlackSender(web).find("T", CHANNEL, "k", datetime.now(UTC)) == Unknown("unreachable")
    await web.close()


async def test_who_cannot_be_talked_to_directly_is_written_to_by_their_id(post: Post) -> None:
    post.slack.fault("conversations.open", "error", error="missing_scope")
    await post.sender.send("T", Destination("slack", "U0PHYS"), CARD, ["k"])
    sent = next(c for c in post.slack.calls if c.method == "chat.postMessage")
    assert sent.arguments["channel"] == "U0PHYS"


async def test_a_message_is_brought_up_to_date(post: Post) -> None:
    first = await post.sender.send("T", CHANNEL, CARD, ["k"])
    assert isinstance(first, Posted)
    outcome = await post.sender.update("T", CHANNEL, first.message, Card("Done"))
    assert outcome == first
    assert post.posted == ["Done\n"]


async def test_a_message_that_was_deleted_can_no_longer_be_updated(post: Post) -> None:
    first = await post.sender.send("T", CHANNEL, CARD, ["k"])
    assert isinstance(first, Posted)
    post.slack.incidents.messages[0].deleted = True
    outcome = await post.sender.update("T", CHANNEL, first.message, Card("Done"))
    assert outcome == NotPosted("message_not_found")


async def test_a_thread_whose_first_message_was_deleted_is_answered_outside_of_it(post: Post) -> None:
    thread = Destination("slack", "C0INCIDENTS", "1.000001")
    outcome = await post.sender.send("T", thread, CARD, ["k"])
    assert isinstance(outcome, Posted)
    assert post.slack.incidents.messages[0].thread_ts == ""
    assert await post.sender.find("T", thread, "k", datetime.now(UTC)) == outcome


async def test_a_person_is_reached_in_their_direct_message(post: Post) -> None:
    assert isinstance(await post.sender.send("T", Destination("slack", "U0PHYS"), CARD, ["k"]), Posted)
    assert len(post.slack.direct("U0PHYS").messages) == 1
