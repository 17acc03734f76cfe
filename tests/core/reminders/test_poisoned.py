"""One row never keeps the others, nor itself, from being sent: what cannot be worded comes in plain words."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.reminders.delivery import Delivery
from storage.model import Destination
from storage.plans import PostPlan
from storage.tables import triggers
from tests.core.cases.ward import BUTTONS, NOTIFY, UNDECIDED, T, Ward
from tests.core.reminders.platform import Platform, Time, delivery, drain
from tests.core.reminders.test_reminders import at
from tests.storage.helpers import raw

SECRET = "Mrs Nobody, NHS 999 000 0018"


def another_tool(path: Path) -> Any:
    """A connection as somebody has who opens the file with another tool, and is stopped by no trigger."""
    conn = raw(path)
    for name in triggers():
        conn.execute(f"drop trigger if exists {name}")
    return conn


def written(path: Path, sql: str, *values: object) -> None:
    conn = another_tool(path)
    conn.execute(sql, values)
    conn.close()


def opened(path: Path) -> Ward:
    return Ward(path, BUTTONS)


def worker(ward: Ward, day: int) -> tuple[Delivery, Platform]:
    platform = Platform(Time(at(day)))
    return delivery(ward.store, platform, BUTTONS), platform


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An undecided case that waits for everything."""
    path = tmp_path_factory.mktemp("case") / "irmer.sqlite"
    ward = opened(path)
    ward.case(UNDECIDED)
    ward.store.close()
    return path


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key of a JSON value, however deep; of what stands in a list in the same form, of the first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    forms: list[object] = []
    for key, one in inside:
        yield (*path, key)
        form = sorted(one) if isinstance(one, dict) else type(one)
        if isinstance(value, dict) or form not in forms:
            forms.append(form)
            yield from paths(one, (*path, key))


def without(value: Any, path: tuple[Any, ...]) -> Any:
    copy = json.loads(json.dumps(value))
    *way, last = path
    held = copy
    for key in way:
        held = held[key]
    del held[last]
    return copy


@pytest.mark.long
def test_with_any_key_of_a_stored_verdict_gone_all_of_its_messages_come(case: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(case, tmp_path))
    conn = another_tool(path)
    (verdict, facts) = map(json.loads, conn.execute("select verdict, facts from decision_record").fetchone())
    ward = opened(path)
    for column, whole in (("verdict", verdict), ("facts", facts)):
        for key in paths(whole):
            changed = json.dumps(without(whole, key))
            conn.execute(f"update decision_record set {column} = ?", (changed,))
            conn.execute("update outbox set state = 'due', ripe = 0, attempts = 0, next_at = planned_at")
            sending, platform = worker(ward, 8)
            drain(sending)
            told = "\n".join(message.words for message in platform.messages)
            for wanted in ("C26-0001", "notify the authority", "the medical physics expert's estimate"):
                assert wanted in told, (column, key)
            assert ("cannot be shown" in told) == bool(sending.health), (column, key)
        conn.execute(f"update decision_record set {column} = ?", (json.dumps(whole),))
    conn.close()
    ward.store.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", "{"), ("body", "[]"), ("body", SECRET), ("due_on", "soon"), ("first_try", "x"),
        ("next_at", ""), ("next_at", "2026-12-01"), ("planned_at", "never"), ("rule", "no such rule"),
        ("subject", "C26-9999"), ("sent_at", "?"), ("thread", "\x00"),
    ],
)  # fmt: skip
def test_a_row_that_somebody_wrote_into_is_sent_and_so_are_the_others(
    case: Path, tmp_path: Path, column: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(shutil.copy(case, tmp_path))
    ward = opened(path)
    healthy = ward.case(NOTIFY)
    conn = raw(path)
    (row,) = conn.execute("select id from outbox where key = 'C26-0001/notify/1/0d'").fetchone()
    conn.execute(f"update outbox set {column} = ? where id = ?", (value, row))
    sending, platform = worker(ward, 7)
    drain(sending)
    assert conn.execute("select state from outbox where id = ?", (row,)).fetchone() == ("sent",)
    conn.close()
    assert any(f"{healthy} " in message.words for message in platform.messages)
    assert SECRET not in caplog.text
    ward.store.close()


def test_what_cannot_be_worded_says_by_when_and_health_names_it_and_the_log_tells_nothing_else(
    case: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(shutil.copy(case, tmp_path))
    ward = opened(path)
    ward.case(NOTIFY)
    drain(worker(ward, 1)[0])
    written(
        path, "update decision_record set verdict = ? where number = '2026-0001'", json.dumps({"x": SECRET})
    )
    written(path, "update decision_record set facts = ? where number = '2026-0001'", SECRET)
    sending, platform = worker(ward, 7)
    with caplog.at_level(logging.ERROR):
        drain(sending)
    told = "\n".join(message.words for message in platform.messages)
    by = "notify the authority by Mon 7 December 2026"
    assert f"C26-0001: {by}, its details cannot be shown" in told
    assert "C26-0002 Diagnostic, accidental exposure, 40 years: notify the authority" in told
    assert "C26-0001" in sending.health
    assert caplog.records
    assert "Nobody" not in caplog.text
    assert "Nobody" not in told
    written(path, "update decision_record set facts = '{}', verdict = '{}' where number = '2026-0001'")
    platform.time.pass_(timedelta(days=1))
    drain(sending)
    assert sending.health == ""
    ward.store.close()


def test_what_a_face_cannot_show_comes_in_plain_words(tmp_path: Path) -> None:
    ward = opened(tmp_path / "irmer.sqlite")
    ref = ward.case(NOTIFY)
    drain(worker(ward, 1)[0])
    sending, platform = worker(ward, 7)
    platform.raises = KeyError(SECRET)
    drain(sending)
    platform.raises = None
    platform.time.pass_(timedelta(minutes=6))
    drain(sending)
    (message,) = platform.messages
    assert f"{ref}: notify the authority by Mon 7 December 2026, its details cannot be shown" in message.words
    assert ref in sending.health
    assert "KeyError" in sending.health
    ward.store.close()


def test_whatever_claiming_raises_the_loop_goes_on_and_health_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ward = opened(tmp_path / "irmer.sqlite")
    ward.store.post(T, PostPlan("hello", Destination(BUTTONS.name, "c1")), now=at(1))
    sending, platform = worker(ward, 7)
    claim, left = ward.store.claim, [ZeroDivisionError(SECRET)] * 3

    def failing(*args: Any, **given: Any) -> Any:
        if left:
            raise left.pop()
        return claim(*args, **given)

    stop, healths = asyncio.Event(), []

    async def waited(*_: Any) -> None:
        healths.append(sending.health)
        await asyncio.sleep(0.01)
        if platform.messages:
            stop.set()

    monkeypatch.setattr(type(ward.store), "claim", lambda _, *args, **given: failing(*args, **given))
    monkeypatch.setattr("bot.core.reminders.delivery._wait", waited)
    asyncio.run(sending.run(stop, lanes=1))
    assert ["ZeroDivisionError" in health for health in healths[:4]] == [True] * 3 + [False]
    assert [message.words for message in platform.messages]
    assert sending.health == ""
    assert "Nobody" not in caplog.text
    ward.store.close()


def test_settings_that_cannot_be_read_do_not_keep_a_reminder(tmp_path: Path) -> None:
    path = tmp_path / "irmer.sqlite"
    ward = opened(path)
    ward.case(NOTIFY)
    ward.say("settings fallback_channel C0FALL")
    written(path, "update setting set value = '{'")
    sending, platform = worker(ward, 7)
    drain(sending)
    assert any("its details cannot be shown" in message.words for message in platform.messages)
    assert sending.health
    ward.store.close()
