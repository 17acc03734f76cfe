"""Evidence that stands outside the file: whoever writes the trail anew is told of by what was signed."""

import base64
import hashlib
import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from storage.checkpoints import Checkpoint, Signed, read
from storage.errors import Duplicate, StoreError
from storage.model import Step
from storage.signing import SigningKeys, Witness, make_key
from storage.sqlite import SqliteStore
from tests.storage.helpers import ANA, BEN, NOW, T, assessment, open_case, raw
from tests.storage.test_audit import tamper

ORIGIN = f"irmer-bot/{T}"


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    elsewhere = tmp_path / "elsewhere"
    make_key(elsewhere / "irmer.key")
    return Witness(elsewhere / "irmer.key", elsewhere / "irmer.checkpoints")


@pytest.fixture
def signed(path: Path, witness: Witness) -> SqliteStore:
    """A case, confirmed and notified: two checkpoints."""
    store = SqliteStore(path, witness=witness)
    ref = open_case(store)
    store.confirm(T, "2026-0001", revision=1, role="mpe", by=BEN, now=NOW)
    store.take_step(T, ref, Step("notify"), expected=1, by=ANA, now=NOW)
    return store


def held(store: SqliteStore, witness: Witness) -> list[str]:
    return store.held_to(witness.file.read_text(encoding="utf-8"), SigningKeys.of(witness.keys))


def chain_anew(path: Path) -> None:
    """As whoever knows all of this does: every hash worked out again."""
    conn = raw(path)
    columns = "tenant, seq, at, by_id, by_name, what, subject, detail"
    rows = conn.execute(f"select {columns} from audit where tenant = ? order by seq", (T,)).fetchall()
    statements, last = [], ""
    for row in rows:
        made = hashlib.sha256(json.dumps([*row, last], ensure_ascii=False).encode()).hexdigest()
        statements.append(
            f"update audit set previous_hash = '{last}', hash = '{made}' "
            f"where tenant = '{T}' and seq = {row[1]}"
        )
        last = made
    tamper(path, *statements)


def test_each_confirmation_and_notification_is_signed_and_put_away(
    signed: SqliteStore, witness: Witness
) -> None:
    (_, first), (_, second) = read(witness.file.read_text(encoding="utf-8"))
    assert first is not None
    assert second is not None
    trail = {entry.seq: entry for entry in signed.audit(T)}
    assert trail[first.checkpoint.size].what == "record confirmed"
    assert trail[second.checkpoint.size].what == "case step: notify"
    assert second.checkpoint.head == trail[second.checkpoint.size].hash
    assert held(signed, witness) == []
    assert witness.file.stat().st_mode & 0o777 == 0o600
    assert witness.keys.stat().st_mode & 0o777 == 0o600


def test_it_can_be_checked_with_nothing_of_ours(
    signed: SqliteStore, witness: Witness, tmp_path: Path
) -> None:
    """By the formats of signed notes and of openssl alone."""
    note = witness.file.read_text(encoding="utf-8").split("\n\n— ")[0] + "\n"
    line = witness.file.read_text(encoding="utf-8").splitlines()[5]
    assert note.splitlines()[0] == ORIGIN
    name, _, made = line.removeprefix("— ").partition(" ")
    public = SigningKeys.of(witness.keys).public(T)
    named, key_id, key = public.split("+", 2)
    raw_key = base64.b64decode(key)
    assert raw_key[0] == 1
    assert name == named == ORIGIN
    assert hashlib.sha256(f"{name}\n".encode() + raw_key).digest()[:4].hex() == key_id
    assert base64.b64decode(made)[:4].hex() == key_id
    (tmp_path / "text").write_text(note, encoding="utf-8")
    (tmp_path / "signature").write_bytes(base64.b64decode(made)[4:])
    checked = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-inkey", witness.keys, "-in", tmp_path / "text",
         "-sigfile", tmp_path / "signature"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "Verified Successfully" in checked.stdout


def test_a_tail_that_is_cut_off_shows(signed: SqliteStore, witness: Witness, path: Path) -> None:
    size = len(signed.audit(T))
    tamper(path, f"delete from audit where tenant = '{T}' and seq = {size}")
    assert not [line for line in signed.verify() if "cut off" in line]
    assert held(signed, witness) == [
        f"the trail of trust had {size} entries by the checkpoint of 2026-11-23T09:00:00.000000Z, and has "
        f"{size - 1}: its end was cut off"
    ]


def test_a_chain_that_is_worked_out_anew_shows(signed: SqliteStore, witness: Witness, path: Path) -> None:
    tamper(path, f"update audit set by_name = 'Nobody' where tenant = '{T}' and seq = 1")
    chain_anew(path)
    assert signed.verify() == []
    told = held(signed, witness)
    assert len(told) == 2
    assert all("is not the one that the checkpoint of" in line for line in told)


def test_what_comes_later_takes_nothing_from_it(signed: SqliteStore, witness: Witness) -> None:
    signed.keep(T, assessment(), by=ANA, now=NOW + timedelta(days=1))
    signed.redact(T, "2026-0001", "account", why="a name", by=BEN, now=NOW)
    assert held(signed, witness) == []


def test_entries_that_are_to_be_read_anew_after_the_first_checkpoint_show(
    signed: SqliteStore, witness: Witness
) -> None:
    with signed._work(T, ANA, NOW) as work:
        entry = work.audit("erased", "", {"entries": {"1-2": "0" * 64}})
    assert held(signed, witness) == [
        f"entry {entry['seq']} of trust would have older ones read anew, after the first checkpoint"
    ]


def test_a_line_of_the_chat_is_as_good_as_the_file(signed: SqliteStore, witness: Witness) -> None:
    made = signed.checkpoint(T, now=NOW)
    assert made is not None
    assert "\n" not in made.line
    assert read(f"{made.line}\n").__next__() == (1, made)
    assert signed.held_to(f"\n{made.line}\r\n", SigningKeys.of(witness.keys)) == []


@pytest.mark.parametrize(("change", "told"), [
    (lambda text: text.replace(ORIGIN, "irmer-bot/other"),
     "line 1 is a checkpoint of another organisation, irmer-bot/other: this database is of irmer-bot/trust"),
    (lambda text: text.replace("T09:00", "T09:01"),
     "line 1, of 2026-11-23T09:01:00.000000Z, has a bad signature: by another key, or changed since"),
    (lambda text: text[: text.index("— ")], "line 1 is no checkpoint, or one that was cut short"),
    (lambda text: text.replace("— irmer-bot/trust", "— somebody"),
     "line 1, of 2026-11-23T09:00:00.000000Z, has a bad signature: by another key, or changed since"),
    (lambda text: "dear colleague,\nhere it is", "line 1 is no checkpoint, or one that was cut short"),
])  # fmt: skip
def test_what_says_nothing_is_told_in_a_line(
    signed: SqliteStore, witness: Witness, change, told: str
) -> None:  # type: ignore[no-untyped-def]
    first = witness.file.read_text(encoding="utf-8").split("\n\n")
    text = "\n\n".join(first[:2]) + "\n"
    assert signed.held_to(text, SigningKeys.of(witness.keys)) == []
    assert signed.held_to(change(text), SigningKeys.of(witness.keys)) == [told]


def test_another_key_says_nothing_and_an_earlier_one_does(
    signed: SqliteStore, witness: Witness, tmp_path: Path
) -> None:
    other = tmp_path / "other.key"
    make_key(other)
    text = witness.file.read_text(encoding="utf-8")
    assert all("has a bad signature" in line for line in signed.held_to(text, SigningKeys.of(other)))
    with other.open("a") as file:
        file.write(f"{SigningKeys.of(witness.keys).public(T)}\n")
    assert signed.held_to(text, SigningKeys.of(other)) == []
    public = tmp_path / "public"
    public.write_text(SigningKeys.of(witness.keys).public(T))
    assert signed.held_to(text, SigningKeys.of(public)) == []
    with pytest.raises(StoreError, match="only the public key is here"):
        SigningKeys.of(public).sign(Checkpoint(ORIGIN, 1, "0" * 64, "x"))


def test_keys_that_cannot_be_had_are_said_in_a_line(tmp_path: Path, witness: Witness) -> None:
    with pytest.raises(StoreError, match=r"there is no key .*none: irmer keys makes one"):
        SigningKeys.of(tmp_path / "none")
    (tmp_path / "bad").write_text("-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n")
    with pytest.raises(StoreError, match="is damaged: put back the copy"):
        SigningKeys.of(tmp_path / "bad")
    (tmp_path / "text").write_text("hello")
    with pytest.raises(StoreError, match="holds no Ed25519 key"):
        SigningKeys.of(tmp_path / "text")
    with pytest.raises(Duplicate, match="a key is never written over"):
        make_key(witness.keys)


def test_without_a_key_nothing_is_made(path: Path, tmp_path: Path) -> None:
    store = SqliteStore(path, witness=Witness(tmp_path / "none", tmp_path / "file"))
    open_case(store)
    store.confirm(T, "2026-0001", revision=1, role="mpe", by=BEN, now=NOW)
    assert not (tmp_path / "file").exists()
    assert store.checkpoint(T, now=NOW) is None
    assert store.not_signed() == ""
    store.close()


def test_a_file_that_cannot_be_written_keeps_nobody_from_confirming(path: Path, witness: Witness) -> None:
    store = SqliteStore(path, witness=Witness(witness.keys, path.parent / "nowhere" / "file"))
    open_case(store)
    assert store.confirm(T, "2026-0001", revision=1, role="mpe", by=BEN, now=NOW).confirmations
    assert store.not_signed().startswith("checkpoints cannot be added to ")
    assert store.not_signed().endswith(": No such file or directory")
    store.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_file_that_keeps_one_waiting_keeps_nobody_from_confirming(
    path: Path, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.signing.PATIENCE", 0.05)
    pipe = path.with_name("pipe")
    os.mkfifo(pipe)
    store = SqliteStore(path, witness=Witness(witness.keys, pipe))
    open_case(store)
    assert store.confirm(T, "2026-0001", revision=1, role="mpe", by=BEN, now=NOW).confirmations
    assert store.not_signed().endswith("it takes too long")
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
    store.close()


def test_an_export_ends_with_the_checkpoint_that_it_stands_on(signed: SqliteStore, witness: Witness) -> None:
    with signed.export(T, by=BEN, now=NOW) as found:
        *_, last, made = found
    assert (last["table"], made["table"]) == ("audit", "checkpoint")
    ((_, note),) = read(made["note"])
    assert isinstance(note, Signed)
    assert (note.checkpoint.size, note.checkpoint.head) == (last["seq"], last["hash"])
    assert held(signed, witness) == []
