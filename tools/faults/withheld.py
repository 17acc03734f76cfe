"""What could withhold a reminder for ever: refusals, clocks that are wrong, a machine that sleeps, rows that
somebody wrote into, a copy that is put back, a change of the schedule that is cut short."""

from __future__ import annotations

import shutil
import time
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.core.reminders.delivery import Delivery
from bot.core.reminders.sending import Outcome
from bot.core.reminders.watch import Watch
from bot.slack import web
from bot.slack.sender import outcome_of
from rules.deadlines import UK
from storage.model import Destination, Person
from storage.restore import restore
from tests.core.cases.ward import BUTTONS, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain, run
from tests.fakes.slack_words import FOR_GOOD, LIMITS, OF_SLACK_ITSELF
from tests.storage.helpers import raw
from tools.faults.rows import PROCESSES, Processes, Row, fresh

NINE = datetime(2026, 11, 30, 9, tzinfo=UK)
HOUR = timedelta(hours=1)
NOTIFY = ("notify the authority", "7 of 14 days used")
COLUMNS = {
    "body": ("{", "[]", ""), "due_on": ("soon", ""), "first_try": ("x",), "next_at": ("", "2026-11-30"),
    "planned_at": ("never",), "rule": ("none",), "subject": ("C26-9999",), "sent_at": ("?",),
    "thread": ("\x00",),
}  # fmt: skip


class Scene:
    """A case with an incidents channel and a fallback, whose first reminder falls due at nine."""

    def __init__(self, path: Path) -> None:
        self.ward = Ward(path, BUTTONS)
        self.ward.say("settings incidents_channel C0INC")
        self.ward.say("settings fallback_channel C0FALL")
        self.ref = self.ward.case()
        self.time = Time(self.ward.now)
        self.platform = Platform(self.time)
        self.worker = self.started()
        drain(self.worker)
        self.platform.messages.clear()

    def started(self) -> Delivery:
        return delivery(self.ward.store, self.platform, BUTTONS)

    def until(self, when: datetime) -> None:
        self.time.pass_(max(NINE - timedelta(minutes=1) - self.time.now, timedelta()))
        run(self.worker, self.time, when)

    def look(self) -> str:
        return Watch(self.ward.store, Destination("pressed", "pressed"), self.worker.clock).look()

    def arrived(self) -> list[str]:
        every = (m for place in ("C0INC", "C0FALL", "U1") for m in self.platform.said(place, *NOTIFY))
        return [m.place.conversation for m in every]


def _refusal(word: str) -> Outcome:
    """As the sender of Slack takes a word."""
    if word in OF_SLACK_ITSELF:
        return outcome_of(web.Unsure(word))
    return outcome_of(web.RateLimited(30.0) if word in LIMITS else web.Failed(word))


def refusals(place: Path, *, every: int = 1) -> Row:
    good, passing = FOR_GOOD[::every], (*LIMITS, *OF_SLACK_ITSELF)
    late = withheld = 0
    for n, word in enumerate((*good, *passing)):
        scene = Scene(fresh(place, f"refused{n}"))
        refused = _refusal(word)
        scene.platform.answer = lambda p, refused=refused: refused if p.conversation == "C0INC" else None
        scene.until(NINE if word in good else NINE + 2 * HOUR)
        late += word in good and scene.arrived() != ["C0FALL"]
        withheld += scene.arrived() != ["C0FALL"]
        scene.ward.store.close()
    return Row(
        "refusals",
        f"{len(good)} for good, {len(passing)} that pass: {withheld} withheld, {late} not at once",
        not (late or withheld),
    )


def ahead(place: Path) -> Row:
    """Once told by the platform, and once by a release that asked nobody and sent everything."""
    early = green = lost = 0
    sizes = [timedelta(hours=2), timedelta(days=1), timedelta(days=30), timedelta(days=365)]
    for n, size in enumerate(sizes):
        scene = Scene(fresh(place, f"ahead{n}"))
        for believed in (False, True):
            scene.time.wrong = size
            scene.worker = scene.started()
            if believed:
                scene.worker.clock.believe()
            drain(scene.worker)
            early += bool(scene.platform.messages) and not believed
            green += not scene.worker.health and not believed
        scene.platform.messages.clear()
        scene.time.wrong = timedelta()
        scene.worker = scene.started()
        drain(scene.worker)
        scene.look()
        scene.until(NINE + HOUR)
        lost += scene.arrived() != ["C0INC"]
        scene.ward.store.close()
    return Row(
        "ahead", f"{len(sizes)} sizes: {early} early, {green} times green, {lost} lost",
        not (early or green or lost),
    )  # fmt: skip


def asleep(place: Path) -> Row:
    """The machine sleeps with a message in its hands, before it has left and after."""
    lost = doubled = red = 0
    naps = [timedelta(minutes=10), timedelta(hours=8), timedelta(days=3)]
    for n, nap in enumerate([*naps, *naps]):
        scene = Scene(fresh(place, f"asleep{n}"))
        slept: list[int] = []

        def answer(
            _: Destination, nap: timedelta = nap, scene: Scene = scene, slept: list[int] = slept
        ) -> None:
            if not slept:
                slept.append(1)
                scene.time.pass_(nap)

        scene.platform.answer = answer
        scene.until(NINE + nap + HOUR)
        lost += not scene.arrived()
        doubled += len(scene.arrived()) > 1
        red += bool(scene.worker.health)
        scene.ward.store.close()
    return Row(
        "asleep", f"{2 * len(naps)} times: {lost} lost, {doubled} doubled, {red} times it did not go on",
        not (lost or doubled or red),
    )  # fmt: skip


def poisoned(place: Path) -> Row:
    values = [(column, value) for column, some in COLUMNS.items() for value in some]
    ended = withheld = others = 0
    for n, (column, value) in enumerate(values):
        path = fresh(place, f"poisoned{n}")
        scene = Scene(path)
        second = scene.ward.case()
        conn = raw(path)
        (row,) = conn.execute(
            "select id from outbox where key = ?", (f"{scene.ref}/notify/1/-7d",)
        ).fetchone()
        conn.execute(f"update outbox set {column} = ? where id = ?", (value, row))
        try:
            scene.until(NINE + timedelta(minutes=5))
        except Exception:  # noqa: BLE001 - whatever it is, it is what must not be
            ended += 1
        state = conn.execute("select state from outbox where id = ?", (row,)).fetchone()
        conn.close()
        withheld += state != ("sent",)
        others += not any(f"{second} " in m.words for m in scene.platform.messages)
        scene.ward.store.close()
    return Row(
        "poisoned",
        f"{len(values)} rows: {ended} ended the loop, {withheld} withheld, {others} kept others back",
        not (ended or withheld or others),
    )


def restored(place: Path, *, times: int) -> Row:
    """A copy is put back after messages have gone out and a case was opened."""
    lost = doubled = twice = 0
    for n in range(times):
        path = fresh(place, f"restored{n}")
        scene = Scene(path)
        copy = path.with_name("copy.sqlite")
        scene.ward.store.backup(copy, now=scene.time.now)
        scene.until(NINE + timedelta(minutes=n))
        given = scene.ward.case()
        scene.ward.store.close()
        shutil.copy(copy, path.with_name("kept.sqlite"))
        restore(path, copy, last=None, by=Person("U1"), now=scene.time.now)
        messages, now = scene.platform.messages, scene.time.now
        ward = Ward(path, BUTTONS)
        worker = delivery(ward.store, scene.platform, BUTTONS)
        run(worker, scene.time, now + HOUR)
        lost += not scene.arrived()
        doubled += len(scene.arrived()) > 1
        ward.now = scene.time.now
        twice += ward.case() == given or not messages
        ward.store.close()
    return Row(
        "restored", f"{times} times: {lost} lost, {doubled} doubled, {twice} numbers given twice",
        not (lost or doubled or twice),
    )  # fmt: skip


def change_schedule(path: Path, begun: Connection, _name: str) -> None:
    ward = Ward(path, BUTTONS)
    begun.send("now")
    ward.say("settings ping_days 10, 5")


def schedules(place: Path, *, kills: int, cases: int) -> Row:
    path = fresh(place, "schedules")
    scene = Scene(path)
    for _ in range(cases - 1):
        scene.ward.case()
    scene.ward.store.close()
    half = cut = 0
    for n in range(kills):
        here = Path(shutil.copy(path, fresh(place, f"schedule{n}")))
        mine, theirs = PROCESSES.Pipe(duplex=False)
        writer = Processes(change_schedule, here, theirs)
        writer.start("writer")
        mine.recv()
        time.sleep(0.02 * n)
        writer.kill("writer")
        half += not _all_alike(here)
        cut += _days(here) == {"-7d"}
    return Row("schedules", f"{kills} kills, {cut} before its end, {cases} cases: {half} half done", not half)


def _days(path: Path) -> set[Any]:
    conn = raw(path)
    found = conn.execute(
        "select offset from outbox where rule = 'notify' and state = 'due' and offset in ('-7d', '-10d')"
    ).fetchall()
    conn.close()
    return {offset for (offset,) in found}


def _all_alike(path: Path) -> bool:
    return len(_days(path)) == 1
