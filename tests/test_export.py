"""`irmer export`: what an auditor asks for, for whom the settings name, and written down."""

import json
import stat

from bot.core.accounts import own_account
from storage.model import Person
from storage.sqlite import open_store
from tests.processes import CHECK, NOW, chat, irmer_here


def test_an_export_is_for_those_named_in_the_settings_and_a_refusal_is_written_down(tmp_path):
    database, file = tmp_path / "a.sqlite", tmp_path / "out.jsonl"
    chat(database, *CHECK, "yes", "done", "settings may_export os:nobody")
    status, out, err = irmer_here("export", str(file), *NOW, LOGNAME="nobody", database=database)
    assert (status, out) == (1, "")
    assert "only those named for it in the settings may export: irmer settings may_export" in err
    assert [one.name for one in tmp_path.iterdir() if "out" in one.name] == []
    store = open_store(database)
    refused = store.audit("local")[-1]
    store.close()
    assert (refused.what, refused.detail["what"], refused.by.id) == ("refused", "export", own_account())


def test_everything_that_was_kept_is_in_it_as_it_was_kept_and_so_is_the_export(tmp_path):
    database, file = tmp_path / "a.sqlite", tmp_path / "out.jsonl"
    chat(
        database, *CHECK, "yes", "done", "settings may_export me", "settings role_mpe me",
        "settings confirm_own yes", "confirm 2026-0001 as MPE",
        "note C26-0001 the patient, NHS 999 000 0018, was told", "notified C26-0001 CQC-1",
    )  # fmt: skip
    status, out, err = irmer_here("export", str(file), *NOW, database=database)
    assert (status, err) == (0, "")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert out == f"{file}: {len(rows)} rows\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    tables = list(dict.fromkeys(row["table"] for row in rows))
    assert tables == [
        "decision_record", "confirmation", "case_file", "case_record", "case_step", "deadline", "outbox",
        "setting", "audit",
    ]  # fmt: skip
    (record,) = [row for row in rows if row["table"] == "decision_record"]
    assert record["verdict"]["outcome"] == "notify"
    assert record["facts"]["total_dose"]
    assert [row["step"] for row in rows if row["table"] == "case_step"] == ["open", "notify"]
    (confirmation,) = [row for row in rows if row["table"] == "confirmation"]
    assert (confirmation["same_person"], confirmation["confirmed_by_id"]) == (1, own_account())
    assert rows[-1]["what"] == "exported"
    assert rows[-1]["by_id"] == own_account()
    assert "9990000018" not in file.read_text(encoding="utf-8").replace(" ", "")
    assert irmer_here("verify", database=database)[0] == 0
    status, _, err = irmer_here("export", str(file), *NOW, database=database)
    assert status == 2
    assert "overwrites nothing" in err
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(rows)


def test_of_several_tenants_one_is_named_and_nothing_of_another_is_in_it(tmp_path):
    database, file = tmp_path / "a.sqlite", tmp_path / "out.jsonl"
    chat(database, *CHECK, "yes", "done", "settings may_export me")
    store = open_store(database)
    store.set_setting("T0OTHER", "nation", "wales", by=Person("U1"), now=store.audit("local")[-1].at)
    store.close()
    status, _, err = irmer_here("export", str(file), *NOW, database=database)
    assert status == 2
    assert "--tenant wants one of: T0OTHER, local" in err
    assert irmer_here("export", str(file), "--tenant", "local", *NOW, database=database)[0] == 0
    assert {json.loads(line)["tenant"] for line in file.read_text(encoding="utf-8").splitlines()} == {"local"}


def test_a_place_that_cannot_be_written_is_told_and_nothing_is_said_to_be_exported(tmp_path):
    database = tmp_path / "a.sqlite"
    chat(database, *CHECK, "yes", "done", "settings may_export me")
    status, _, err = irmer_here("export", str(tmp_path / "no" / "out.jsonl"), *NOW, database=database)
    assert status == 2
    assert "cannot be written" in err
    store = open_store(database)
    assert "exported" not in [entry.what for entry in store.audit("local")]
    store.close()
