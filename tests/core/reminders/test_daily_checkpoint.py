"""Once a day the trail is signed, and a line of it stands where those who govern see it."""

from datetime import timedelta
from pathlib import Path

from bot.core.reminders.clock import Clock
from bot.core.reminders.watch import Watch
from storage.checkpoints import read
from storage.model import Destination
from storage.signing import SigningKeys, Witness, make_key
from storage.sqlite import SqliteStore
from tests.core.reminders.platform import Time
from tests.storage.helpers import ANA, NOW, T, open_case

GOVERNANCE = {"platform": "chat", "conversation": "governance"}


def test_a_line_a_day_goes_where_those_who_govern_see_it(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "irmer.key", tmp_path / "irmer.checkpoints")
    store = SqliteStore(tmp_path / "irmer.sqlite", witness=witness)
    ref = open_case(store)
    time = Time(NOW)
    clock = Clock(time.wall, time.monotonic)
    clock.believe()
    watch = Watch(store, Destination("chat", "here"), clock)
    store.set_setting(T, "governance_channel", GOVERNANCE, by=ANA, now=NOW)
    assert watch.look() == ""
    assert not witness.file.exists()  # no key, no line, no complaint
    make_key(witness.keys)
    for hours in (0, 1, 2, 24):
        time.pass_(NOW + timedelta(hours=hours) - time.wall())
        clock.believe()
        watch.look()
    posts = [one for one in store.outgoing(T, "") if one.key.startswith("checkpoint:")]
    assert [one.key for one in posts] == ["checkpoint:2026-11-23", "checkpoint:2026-11-24"]
    assert {one.place for one in posts} == {Destination("chat", "governance")}
    lines = "\n".join(str(one.body["text"]) for one in posts)
    keys = SigningKeys.of(witness.keys)
    assert store.held_to(lines, keys) == []
    notes = [note for _, note in read(witness.file.read_text(encoding="utf-8"))]
    assert [note and note.line for note in notes] == lines.splitlines()
    Watch(store, Destination("chat", "here"), clock).look()  # another process, the same day
    assert [one for one in store.outgoing(T, "") if one.key.startswith("checkpoint:")] == posts
    assert store.verify() == []
    file, witness.file = witness.file, tmp_path / "gone" / "file"
    store.confirm(T, store.case(T, ref).records[0], revision=1, role="mpe", by=ANA, now=time.wall())
    assert "No such file or directory" in watch.look()  # said as long as it is so
    witness.file = file
    assert "checkpoints" not in watch.look()
    (*_, (_, last)) = read(file.read_text(encoding="utf-8"))
    assert last is not None
    assert last.checkpoint.size == store.audit(T)[-1].seq
    store.close()
