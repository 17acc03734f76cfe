"""`irmer org`: organisations, and what leads to them, by the commands that an operator types."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.configuration import Settings
from bot.core.whose import KNOWN_SHARED
from bot.process import Process
from bot.usage import NotReady
from storage.model import Person
from storage.sqlite import open_store
from tests.processes import irmer_here
from tests.storage.helpers import NOW, open_case

(NHSMAIL,) = KNOWN_SHARED
OPERATOR = Person("os:root", "root")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "irmer.sqlite"


def org(file: Path, *words: str, **settings: str) -> tuple[int, str, str]:
    done: tuple[int, str, str] = irmer_here("org", *words, database=file, **settings)
    return done


def test_an_organisation_is_added_bound_unbound_and_listed_and_its_trail_says_so(file: Path) -> None:
    assert org(file, "add", "north", "North", "Trust", "--ods", "rxx")[0] == 0
    assert org(file, "bind", "north", "slack", "workspace", "T1")[0] == 0
    assert org(file, "bind", "north", "slack", "enterprise", "E1")[0] == 0
    assert org(file, "unbind", "north", "slack", "enterprise", "E1")[0] == 0
    store = open_store(file)
    assert [entry.what for entry in store.audit("north")] == [
        "organisation added", "bound", "bound", "unbound",
    ]  # fmt: skip
    assert {entry.by.id.partition(":")[0] for entry in store.audit("north")} == {"os"}
    open_case(store, tenant="north")
    store.close()
    code, shown, _ = org(file, "list")
    assert code == 0
    assert "North Trust (north), ODS RXX, 2 open deadlines" in shown
    assert "the workspace T1 on slack, on the machine" in shown
    assert "E1" not in shown


WRONG = (
        (("bind", "n\udcff", "slack", "workspace", "T1"), "a text has a character in it that is none"),
        ((), "irmer org wants one of: add ID"),
        (("remove",), "irmer org wants one of: add ID"),
        (("add",), "irmer org add wants: add ID [name]"),
        (("add", "north"), "there is an organisation north already: North Trust"),
        (("add", "9990000034"), "an id that is nobody's number"),
        (("add", "new", "--ods", "no code"), "an ODS code has three to six letters and figures"),
        (("bind", "north"), "irmer org bind wants: bind ID PLATFORM KIND EXTERNAL"),
        (("bind", "nowhere", "slack", "workspace", "T9"), "there is no organisation nowhere: irmer org list"),
        (("bind", "south", "slack", "workspace", "T1"), "bound to another organisation: unbind it"),
        (("bind", "north", "slack", "workspace", "T1"), "is bound to north already"),
        (("bind", "north", "irc", "workspace", "T9"), "a platform is one of: slack, teams"),
        (("bind", "north", "slack", "team", "T9"), "of slack can be bound: conversation, person, workspace"),
        (("bind", "north", "slack", "workspace", "ward"), "the id of a workspace on slack looks like T0123"),
        (("bind", "north", "teams", "directory", NHSMAIL), "is never bound whole: bind its teams"),
        (("bind", "north", "slack", "enterprise", "E9"), "is never bound whole: bind its workspaces"),
        (("unbind", "south", "slack", "workspace", "T1"), "is not bound to south"),
        (("list", "north"), "irmer org list wants: list"),
)  # fmt: skip


def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(file: Path) -> None:
    store = open_store(file)
    store.add_organisation("north", "North Trust", by=OPERATOR, now=NOW)
    store.add_organisation("south", "South Trust", by=OPERATOR, now=NOW)
    store.close()
    org(file, "bind", "north", "slack", "workspace", "T1")
    before = org(file, "list")
    for words, line in WRONG:
        code, shown, said = org(file, *words, IRMER_SHARED_DIRECTORIES="E9")
        assert code in (1, 2), words
        assert shown == ""
        assert line in said
        assert said.count("\n") == 1
    assert org(file, "list") == before


def test_a_name_under_which_nothing_is_kept_is_refused_at_the_start_while_others_have_data(
    file: Path,
) -> None:
    set_up = {"IRMER_TENANT": "trust", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "5ec7e7"}
    settings = Settings.of(set_up)
    store = open_store(file)
    Process(settings, store, print)  # the first of all
    open_case(store, tenant="T0BEFORE")
    with pytest.raises(NotReady, match="IRMER_TENANT=T0BEFORE goes on with it") as refused:
        Process(settings, store, print)
    assert len(refused.value.lines) == 1
    store.close()
    assert org(file, "add", "trust")[0] == 0
    store = open_store(file)
    Process(settings, store, print)
    store.close()
