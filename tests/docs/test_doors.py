"""The table of doors in `docs/data.md` is what happens at each door."""

import pytest

from bot.core.messages import Command
from tools import doors


def test_the_table_says_what_becomes_of_an_identifier_at_each_door():
    """Some 3 s: 75 doors twice, and the bytes of the file after each."""
    made = doors.table()
    told = doors.PAGE.read_text(encoding="utf-8")
    assert len(doors.DOORS) >= 60
    assert len({door.name for door in doors.DOORS}) == len(doors.DOORS)
    assert f"{doors.BEGIN}{made}{doors.END}" in told, "python -m tools.doors writes it anew"


def test_a_name_that_is_kept_is_found(tmp_path):
    """Else the table would find nothing anywhere."""
    ward = doors.Ward(tmp_path / "a.sqlite")
    kept = doors.Door("in a note", lambda w, x: w.ask(Command(f"note {w.case()} {x} told")))
    with pytest.raises(AssertionError, match="in a note: kept zqzz"):
        doors.outcome(ward, kept, "zqzz")
    ward.store.close()
