"""A reminder is judged by the time that it was planned for: late it is named, given up it goes elsewhere, and
whatever a platform answers it arrives in time if any place takes it."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.reminders.delivery import Delivery
from bot.core.reminders.late_and_lost import findings
from bot.core.reminders.sending import Found, NotPosted, Outcome, Unknown, Unreadable
from bot.core.reminders.watch import Watch
from storage.model import Destination
from storage.plans import PostPlan
from tests.core.cases.ward import BUTTONS, T, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain, run
from tests.core.reminders.test_reminders import at

NINE = at(7).replace(minute=0)  # the last day's reminder
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHANNELS = {"incidents_channel": "C0INC", "fallback_channel": "C0FALL", "escalation_channel": "C0LEAD"}
PLACES = (*CHANNELS.values(), "U1", "U9")
NOTIFY = "notify the authority"


class Scene:
    """A case whose every reminder but the last day's was sent, and one worker, at nine of that day; or at
    `begin`, with what was to come after it."""

    def __init__(self, path: Path, *channels: str, begin: datetime | None = None) -> None:
        self.ward = Ward(path / "irmer.sqlite", BUTTONS)
        for key in channels or CHANNELS:
            self.ward.say(f"settings {key} {CHANNELS[key]}")
        self.ward.say("settings role_governance U9")
        self.ref = self.ward.case()
        self.store, self.time = self.ward.store, Time(begin or at(6))
        self.platform = Platform(self.time)
        self.worker: Delivery = delivery(self.store, self.platform, BUTTONS)
        drain(self.worker)
        if not begin:
            self.time.pass_(NINE - self.time.now)
        self.platform.messages.clear()
        self.watch = self.watching()

    def watching(self) -> Watch:
        return Watch(self.store, Destination(BUTTONS.name, BUTTONS.name), self.worker.clock)

    def until(self, when: datetime) -> None:
        run(self.worker, self.time, when)

    def arrived(self, *texts: str) -> list[str]:
        """Where the reminder to notify came, in turn."""
        every = [m for place in PLACES for m in self.platform.said(place, NOTIFY, *texts)]
        return [m.place.conversation for m in sorted(every, key=lambda m: m.at)]

    def next_one(self) -> bool:
        """Is tomorrow's reminder planned?"""
        waiting = [o for o in self.store.outgoing(T, self.ref) if o.rule == "notify" and o.state == "due"]
        return any(o.planned_at == NINE + timedelta(days=1) and not o.escalation for o in waiting)

    def close(self) -> None:
        assert self.store.verify(now=self.time.wall()) == []
        self.store.close()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def in_place(**answers: Outcome | None) -> object:
    """An answer for each place; else it is taken."""
    return lambda place: answers.get(place.conversation)


LIMITED, BROKEN = NotPosted("ratelimited", passes=True, retry_after=30.0), Unknown("internal_error")


@pytest.mark.parametrize(
    "answer", [LIMITED, BROKEN, NotPosted("ratelimited", passes=True, retry_after=86_400)]
)
def test_what_is_a_quarter_of_an_hour_late_is_named_with_its_last_error(
    scene: Scene, answer: Outcome
) -> None:
    scene.platform.answer = lambda _: answer
    scene.until(NINE + 15 * MINUTE)
    assert findings(scene.store, T, scene.time.wall()) == []
    scene.until(NINE + 16 * MINUTE)
    (line,) = findings(scene.store, None, scene.time.wall())
    assert line == (
        f"{scene.ref}: the reminder to notify the authority by Mon 7 December 2026 should have left "
        f"Mon 7 December 2026 at 09:00, and has not: {answer.error}"  # type: ignore[union-attr]
    )
    assert scene.watch.look() == line
    scene.close()


@pytest.mark.parametrize("answer", [LIMITED, BROKEN, NotPosted("unreachable", passes=True)])
def test_what_is_refused_for_two_hours_goes_to_the_fallback_and_says_so(
    scene: Scene, answer: Outcome
) -> None:
    scene.platform.answer = in_place(C0INC=answer)  # type: ignore[assignment]
    scene.until(NINE + HOUR)
    assert scene.arrived() == []
    scene.until(NINE + 2 * HOUR)
    assert scene.arrived("could not be delivered where it belongs") == ["C0FALL"]
    assert scene.watch.look() == ""
    assert scene.next_one()
    scene.close()


def test_what_is_refused_for_good_goes_to_the_fallback_at_once(scene: Scene) -> None:
    scene.platform.answer = in_place(C0INC=NotPosted("a_word_of_tomorrow"))  # type: ignore[assignment]
    drain(scene.worker)
    assert scene.arrived("could not be delivered where it belongs") == ["C0FALL"]
    assert scene.next_one()
    scene.close()


def test_a_fallback_that_is_the_channel_that_failed_is_another_place(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "incidents_channel")
    scene.ward.say("settings fallback_channel C0INC")
    scene.platform.answer = in_place(C0INC=NotPosted("is_archived"))  # type: ignore[assignment]
    drain(scene.worker)
    assert scene.arrived() == ["U1"]
    scene.close()


def test_where_no_place_takes_it_that_is_named_at_once_and_tried_again_until_one_does(scene: Scene) -> None:
    scene.platform.answer = lambda _: NotPosted("token_revoked")
    drain(scene.worker)
    assert {place.conversation for _, place in scene.platform.tries[-5:]} == set(PLACES)
    assert "reached nobody: token_revoked" in scene.watch.look()
    scene.platform.answer = lambda _: None
    scene.time.pass_(16 * MINUTE)
    scene.watch.look()
    drain(scene.worker)
    assert scene.arrived() == ["C0INC"]
    assert scene.watch.look() == ""
    scene.close()


def test_what_nobody_can_look_for_is_sent_once_more_in_words_that_say_so_then_elsewhere(scene: Scene) -> None:
    scene.platform.reads_back = False
    scene.platform.answer = in_place(C0INC=BROKEN)  # type: ignore[assignment]
    scene.until(NINE + 10 * MINUTE)
    assert len([p for _, p in scene.platform.tries if p.conversation == "C0INC"][-2:]) == 2
    assert scene.arrived() == ["C0FALL"]
    assert scene.arrived("may have arrived there as well") == ["C0FALL"]
    scene.close()


def test_where_looking_fails_for_two_hours_it_is_sent_once_more_in_words_that_say_so(scene: Scene) -> None:
    answers = iter([BROKEN])
    scene.platform.answer = lambda _: next(answers, None)
    scene.platform.finds = lambda _: Unknown("internal_error")
    scene.until(NINE + HOUR)
    assert scene.arrived() == []
    scene.until(NINE + 2 * HOUR)
    assert scene.arrived("may have reached you already") == ["C0INC"]
    scene.close()


def test_after_an_outage_of_our_own_a_first_refusal_does_not_give_it_up(scene: Scene) -> None:
    scene.time.pass_(6 * HOUR)
    answers = iter([LIMITED])
    scene.platform.answer = lambda _: next(answers, None)
    scene.until(scene.time.now + 5 * MINUTE)
    assert scene.arrived() == ["C0INC"]
    scene.close()


@pytest.mark.parametrize("answer", [NotPosted("edit_window_closed"), LIMITED, BROKEN])
def test_a_change_of_a_card_that_is_refused_is_dropped_and_named(scene: Scene, answer: Outcome) -> None:
    drain(scene.worker)
    plan = PostPlan("card:x", Destination("pressed", "C0INC"), {"shows": "case"}, "update", subject=scene.ref)
    scene.store.post(T, plan, now=scene.time.wall())
    scene.platform.answer = lambda _: answer
    scene.until(NINE + 2 * HOUR)
    assert scene.store.late(None, before=scene.time.wall()) == ()
    assert scene.watch.look() == ""
    (note,) = scene.worker.notes
    assert note.startswith(f"{scene.ref}: the card's change was given up: ")
    assert note.endswith(answer.error)  # type: ignore[union-attr]
    scene.close()


# Whatever a platform answers

ANSWERS: st.SearchStrategy[Outcome | None] = st.sampled_from(
    [
        None, NotPosted("is_archived"), NotPosted("a_new_word"), NotPosted("unreachable", passes=True),
        LIMITED,
        NotPosted("ratelimited", passes=True, retry_after=7_200.0), BROKEN, Unknown("no answer in time"),
        Unknown("ratelimited", 3_600.0),
    ]
)  # fmt: skip
FINDS: st.SearchStrategy[Found | None] = st.sampled_from([None, Unknown("500"), Unreadable("missing_scope")])


class Whim:
    """What one place answers: a list, over and over."""

    def __init__(self, answers: list[Outcome | None], finds: list[Found | None], taken: list[bool]) -> None:
        self._lists = (answers, finds, taken)
        self._count = [0, 0, 0]

    def next(self, which: int) -> object:
        values = self._lists[which]
        self._count[which] += 1
        return values[self._count[which] % len(values)]


WHIMS = st.builds(
    Whim, st.lists(ANSWERS, min_size=1, max_size=5), st.lists(FINDS, min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=1, max_size=3),
)  # fmt: skip
ALWAYS_NEW = Whim([BROKEN], [None], [False])


@pytest.mark.long
@settings(max_examples=settings.default.max_examples // 4)  # each of them is three hours of many places
@given(st.lists(WHIMS, min_size=5, max_size=5), st.none() | st.integers(0, 4))
@example([ALWAYS_NEW] * 5, 4)
@example([Whim([LIMITED], [None], [False])] * 5, None)
@example([Whim([BROKEN], [Unknown("500")], [True])] * 5, 2)
def test_for_any_answers_a_reminder_arrives_in_two_hours_if_a_place_takes_it_or_health_is_red(
    whims: list[Whim], sound: int | None
) -> None:
    with tempfile.TemporaryDirectory() as made:
        scene = Scene(Path(made))
        of = dict(zip(PLACES, whims, strict=True))
        takes = PLACES[sound] if sound is not None else ""
        scene.platform.answer = lambda p: None if p.conversation == takes else of[p.conversation].next(0)  # type: ignore[return-value]
        scene.platform.finds = lambda p: None if p.conversation == takes else of[p.conversation].next(1)  # type: ignore[return-value]
        scene.platform.taken = lambda p: bool(of[p.conversation].next(2))
        while scene.time.now < NINE + 3 * HOUR:
            scene.until(scene.time.now + 5 * MINUTE)
            health = scene.watch.look()
            if scene.time.now > NINE + 15 * MINUTE and not scene.arrived():
                assert scene.ref in health, scene.time.now
            if scene.time.now >= NINE + 2 * HOUR and takes:
                assert scene.arrived(), scene.platform.tries
        assert scene.next_one()
        scene.close()
