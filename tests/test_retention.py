"""`irmer retention`: what would go, and that it goes once somebody says so."""

import pytest

from tests.processes import CHECK, chat, irmer_here


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("old") / "a.sqlite"
    chat(path, *CHECK, "yes", "done", "check", "a CT head")
    return path


def test_it_lists_what_would_go_and_deletes_it_when_told_to(database, tmp_path):
    later = ("--now", "2027-11-05T10:00")
    status, out, err = irmer_here("retention", *later, database=database)
    assert (status, err) == (0, "")
    assert "records kept            for good" in out
    assert "unfinished checks" not in out
    chat(database, "settings retention_drafts 30 days")
    status, out, err = irmer_here("retention", *later, database=database)
    assert "drafts kept             30 days" in out
    assert "would go                1 unfinished checks" in out
    assert "Nothing was deleted. irmer retention --go deletes it, for good." in out
    irmer_here("backup", str(tmp_path / "copy.sqlite"), database=database)
    status, out, err = irmer_here("retention", "--go", *later, database=database)
    assert (status, err) == (0, "")
    assert "deleted                 1 unfinished checks" in out
    assert "still with it           backup made " in out
    status, out, _ = irmer_here("retention", "--go", *later, database=database)
    assert "nothing is older than it is kept" in out
    assert irmer_here("verify", database=database)[0] == 0


def test_what_cannot_be_set_is_said_in_a_line(database):
    _, out, _ = chat(database, "settings retention_records 2 years", "settings retention_drafts often",
                     "settings retention_deliveries 1", "settings retention_records none")  # fmt: skip
    assert "Records are kept for good (none), or for 10 to 100 years" in out
    assert "Drafts are kept for good (none), or for 1 to 3650 days" in out
    assert "Deliveries wants a number of days from 7 to 366" in out
