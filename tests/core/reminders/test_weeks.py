"""Stories over weeks, drawn at random: what is reminded of is held each morning against a plain reading, two
weeks to notify and twelve to report from the day of discovery, whatever was told meanwhile."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from rules.deadlines import UK, uk_date
from tests.core.cases.ward import NOTIFY, T, Ward
from tests.core.reminders.test_reminders import post_all

WITHIN = {"notify": timedelta(weeks=2), "report": timedelta(weeks=12)}
BEFORE = (7, 3, 1)
TO_DO = {"opened": ("notify", "report"), "notified": ("report",), "reported": (), "closed": ()}
NOT_SO = ("not yet", "CQC-9 tomorrow", "draft saved, not sent", "once the dose is known", "?")


@dataclass
class Story:
    """One case as somebody would keep it on paper."""

    ward: Ward
    drawn: random.Random
    discovered: date
    opened: date
    state: str = "opened"
    ref: str = ""
    touched: set[date] = field(default_factory=set)

    def somebody_acts(self) -> None:
        ward, ref = self.ward, self.ref
        self.touched.add(ward.now.date())
        what = self.drawn.choice(
            ["notified", "reported", "close", "reopen", "discovered", "not so", "not so"]
        )
        if what == "not so":
            word = self.drawn.choice(["notified", "reported", "close"])
            shown = ward.say(f"{word} {ref} {self.drawn.choice(NOT_SO)}")
            assert "nothing was changed" in shown
        elif what == "discovered":
            self.correct(
                ward.now.date() - timedelta(days=self.drawn.choice([0, 1, 7, 13, 14, 15, 40, 84, 90]))
            )
        else:
            ward.say(f"{what} {ref} {'a second look' if what == 'reopen' else ''}".strip())
            back = {"closed": "reported", "reported": "notified", "notified": "opened"}
            ahead = {"notified": "opened", "reported": "notified", "close": "reported"}
            if what == "reopen":
                # Said twice of a case that had ended it takes nothing back.
                twice = ward.store.case(T, ref).last.kind == "reopen" and "counts as not" not in ward.shown
                self.state = (
                    self.state if twice and self.state != "closed" else back.get(self.state, self.state)
                )
            elif ahead[what] == self.state:
                self.state = {"close": "closed"}.get(what, what)

    def correct(self, day: date) -> None:
        shown = self.ward.say(f"discovered {self.ref} {day} it stood in the log")
        if self.state != "closed" and day <= self.opened and day != self.discovered:
            assert "is corrected" in shown
            self.discovered = day
        else:
            assert "is corrected" not in shown

    def holds(self, day: date) -> None:
        case = self.ward.store.case(T, self.ref)
        due = {kind: self.discovered + WITHIN[kind] for kind in TO_DO[self.state]}
        assert self.ward.due(self.ref) == due
        assert case.discovered_on == self.discovered
        pings = [
            one for one in self.ward.store.outgoing(T, self.ref) if one.kind == "ping" and one.rule in WITHIN
        ]
        waiting = {one.rule for one in pings if one.state == "due"}
        assert waiting == set(due)
        dated = [one for one in pings if one.offset not in ("inspector", "account") and one.sent_at]
        today = [(one.rule, one.due_on) for one in dated if one.sent_at and uk_date(one.sent_at) == day]
        assert len(today) == len(set(today)), "no date is told twice on a day"
        if day not in self.touched:
            left = {kind: (last - day).days for kind, last in due.items()}
            wanted = {kind for kind, days in left.items() if days <= 0 or days in BEFORE}
            assert {kind for kind, _ in today} == wanted


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_told_over_weeks_each_date_is_reminded_of(ward: Ward, seed: int) -> None:
    drawn = random.Random(seed)
    ward.now = datetime(2026, drawn.choice([3, 10, 12]), drawn.randint(1, 27), 10, 30, tzinfo=UK)
    first = ward.now.date()
    discovered = first - timedelta(days=drawn.choice([0, 1, 13, 14, 20, 80]))
    story = Story(ward, drawn, discovered, first, touched={first})
    story.ref = ward.case({**NOTIFY, "discovered_on": discovered.isoformat()})
    for day in (first + timedelta(days=n) for n in range(1, 31)):
        post_all(ward, datetime(day.year, day.month, day.day, 9, 1, tzinfo=UK))
        story.holds(day)
        if drawn.random() < 0.3:
            ward.later(hours=drawn.randint(1, 8))
            story.somebody_acts()
            post_all(ward, ward.now)
            story.holds(day)
