"""`irmer restore`: the drill, as somebody does it whose disk has failed."""

import re

from bot.core.accounts import own_account
from storage.sqlite import open_store
from tests.processes import CHECK, NOW, chat, irmer_here

MORE = ("--now", "2026-11-06T10:00")


def test_a_restored_database_goes_on_where_the_copy_ended_and_gives_no_number_twice(tmp_path):
    database, copy = tmp_path / "a.sqlite", tmp_path / "copy.sqlite"
    chat(database, *CHECK, "yes")
    assert irmer_here("backup", str(copy), *NOW, database=database)[0] == 0
    chat(database, *CHECK, "yes", args=MORE)
    status, out, err = irmer_here("restore", str(copy), *MORE, database=database)
    assert (status, err) == (0, "")
    assert "1 records, 1 cases; numbers go on after 2026-0002 and C26-0002" in out
    assert irmer_here("verify", *MORE, database=database)[0] == 0
    _, out, _ = chat(database, "cases", *CHECK, "yes", args=MORE)
    assert "C26-0002" not in out
    assert "Kept as record 2026-0003, case C26-0003 opened" in out
    store = open_store(database)
    entry = next(one for one in store.audit("local") if one.what == "restored")
    store.close()
    assert entry.by.id == own_account()


def test_a_lost_database_asks_for_the_last_numbers_and_takes_them(tmp_path):
    database, copy = tmp_path / "a.sqlite", tmp_path / "copy.sqlite"
    chat(database, *CHECK, "yes")
    irmer_here("backup", str(copy), *NOW, database=database)
    lost = tmp_path / "new.sqlite"
    status, out, err = irmer_here("restore", str(copy), *MORE, database=lost)
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "--last C26-0005,2026-0007, or --last none" in err
    assert not lost.exists()
    status, out, _ = irmer_here("restore", str(copy), "--last", "C26-0005, 2026-0007", *MORE, database=lost)
    assert (status, "numbers go on after 2026-0007 and C26-0005" in out) == (0, True)


def test_what_cannot_be_restored_is_told_in_a_line_and_leaves_everything_as_it_was(tmp_path):
    database, wrong = tmp_path / "a.sqlite", tmp_path / "wrong.sqlite"
    chat(database, *CHECK, "yes")
    wrong.write_text("no database")
    before = database.read_bytes()
    for words, told in (
        ([], "irmer restore wants one file"),
        (["none.sqlite"], "there is no file"),
        ([str(wrong)], "is no copy of a database of ours"),
        ([str(database)], "is the database itself"),
        ([str(wrong), "--last", "soon"], "soon is no number of a case or record"),
    ):
        status, out, err = irmer_here("restore", *words, *MORE, database=database)
        assert (status in (1, 2), out, err.count("\n")) == (True, "", 1)
        assert re.search(re.escape(told), err)
    assert database.read_bytes() == before
