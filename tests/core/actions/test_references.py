"""The case that was meant: however its reference is dressed up, it is that one or none."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.actions.table import ACTS
from bot.core.messages import Command, Place, Said
from bot.core.words.references import named
from storage.model import Destination
from tests.core.cases.ward import NOW, TYPED, T, Ward

HERE, OTHER = "C26-0001", "C26-0002"
THREAD = Place("c1", thread="m1")
FULL_WIDTH = {ord(mark): ord(mark) + 0xFEE0 for mark in "C0123456789-"}
AFTER = {"assign": "U7", "discovered": "20 November found in the log", "snooze": "tomorrow busy"}


def words_after(name: str) -> str:
    return AFTER.get(name, "by portal on Friday")


@pytest.fixture(scope="module")
def afresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Ward]:
    """A hospital with two cases, the first with a thread of its own; the same again at each call."""
    folder = tmp_path_factory.mktemp("hospitals")
    first, count = Ward(folder / "first.sqlite"), iter(range(100_000))
    first.case()
    first.case()
    first.store.remember_address(T, HERE, Destination("typed", "c1", "m1"), "m1", now=NOW)
    first.store.close()

    def made() -> Ward:
        path = folder / f"{next(count)}.sqlite"
        shutil.copy(folder / "first.sqlite", path)
        return Ward(path, TYPED)

    return made


def state(ward: Ward, ref: str) -> object:
    """All that is kept of a case and of its records."""
    case = ward.store.case(T, ref)
    return case, [
        (
            ward.store.notes(T, one),
            ward.store.deadlines(T, subject=one, state="", history=True),
            [(p.rule, p.offset, p.state, p.planned_at) for p in ward.store.outgoing(T, one)],
        )
        for one in (ref, *case.records)
    ] + [ward.store.revisions(T, one) for one in case.records]


def said_in_the_thread(ward: Ward, words: str) -> None:
    ward.ask(Said(words, mentioned=True), place=THREAD)


dashes = st.sampled_from([*"-‐‑‒–—−－_/ ", "", " - ", "--", "\u00ad"])
around = st.sampled_from(
    [("", ""), ("(", ")"), ("[", "]"), ("“", "”"), ("'", "'"), ("*", "*"), ("**", "**"), ("_", "_"),
     ("`", "`"), ("<", ">"), ("#", ""), ("~", "~"), ("", "."), ("", ","), ("", ":"), ("", "!"),
     ("", "'s"), ("¿", "?"),
     ("\u200b", "\u200b"), ("x", ""), ("", "x"), ("1. ", ""), ("C26-0002/", "")]
)  # fmt: skip
lead = st.sampled_from(
    ["", "case ", "Case: ", "the case ", "record ", "no. ", "ref ", "our ", "to CQC ", "- "]
)
dress = st.sampled_from([str, str.lower, lambda t: t.translate(FULL_WIDTH), "\u200b".join, "\u0336".join])
numbers = st.sampled_from(["0002", "2", "OOO2"])
acts = st.sampled_from([act for act in ACTS if act.name != "show"])


@settings(max_examples=60, deadline=None)
@given(
    act=acts,
    dash=dashes,
    put=around,
    first=lead,
    dressed=dress,
    number=numbers,
)
def test_a_reference_in_any_dress_is_that_case_or_none_and_never_the_thread_s_own(
    afresh: Callable[[], Ward], act, dash, put, first, dressed, number
) -> None:
    short = number != "0002"  # then "C26 2" and "xC26-2" may be anything
    assume(not short or (dash.strip(" \u00ad") and "x" not in put))
    ward = afresh()
    before = state(ward, HERE)
    reference = dressed(f"C26{dash}{number}")
    said_in_the_thread(ward, f"{act.verb} {first}{put[0]}{reference}{put[1]} {words_after(act.name)}")
    assert state(ward, HERE) == before
    assert [draft.state["case"] for draft in ward.store.drafts(T) if draft.state["case"] == HERE] == []
    ward.store.close()


@settings(max_examples=30, deadline=None)
@given(act=acts, dash=dashes, put=around, dressed=dress)
def test_a_reference_further_on_in_the_words_is_no_free_text_of_the_thread_s_own_case(
    afresh: Callable[[], Ward], act, dash, put, dressed
) -> None:
    ward = afresh()
    before = state(ward, HERE)
    reference = dressed(f"C26{dash}0002")
    said_in_the_thread(ward, f"{act.verb} {words_after(act.name)} {put[0]}{reference}{put[1]}")
    assert state(ward, HERE) == before
    ward.store.close()


@pytest.mark.parametrize(
    "reference",
    ["C26-0002.", "(C26-0002)", "case C26-0002", "C26‑0002", "“C26-0002”", "*C26-0002*", "Ｃ２６－０００２",
     "c26–0002:", "C26 0002", "`C26-0002`,", "#C26-0002", "С26-0002"],
)  # fmt: skip
def test_what_people_write_is_read(afresh: Callable[[], Ward], reference: str) -> None:
    ward = afresh()
    said_in_the_thread(ward, f"notified {reference} CQC-77")
    assert ward.store.case(T, OTHER).authority_reference == "CQC-77"
    assert ward.store.case(T, HERE).state == "opened"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("close C26-2", "C26-2 is no whole reference"),
        ("close C26-0002 and C26-0001", "One at a time: C26-0002 or C26-0001"),
        ("notified by phone, see C26-0002", "name the case first: it is not clear whether C26-0002 is meant"),
        ("notified CQC26-0002", "name the case first"),
        ("close C26-0002x", "C26-0002 stands against other letters"),
        ("correct C26-0002", "C26-0002 is a case: name the record"),
        ("notified 2026‑0001", "2026-0001 is a record: name the case"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    afresh: Callable[[], Ward], words: str, told: str
) -> None:
    ward = afresh()
    before = state(ward, HERE), state(ward, OTHER)
    said_in_the_thread(ward, words)
    assert told.lower() in ward.shown.lower()
    assert len(ward.cards) == 1
    assert (state(ward, HERE), state(ward, OTHER)) == before


@pytest.mark.parametrize(
    "words", ["by portal", "C5-6 fracture seen", "C50.9, staged", "on 2026-11-23 at 14:30"]
)
def test_what_only_looks_a_little_like_one_is_text_of_the_thread_s_own_case(
    afresh: Callable[[], Ward], words: str
) -> None:
    ward = afresh()
    said_in_the_thread(ward, f"note {words}")
    assert [note.text for note in ward.store.notes(T, HERE)] == [words]


def test_a_second_case_may_be_spoken_of_once_the_first_is_named(afresh: Callable[[], Ward]) -> None:
    ward = afresh()
    ward.ask(Command("note C26-0001 the same scanner as in C26-0002"))
    assert [note.text for note in ward.store.notes(T, HERE)] == ["the same scanner as in C26-0002"]


def test_a_note_keeps_its_lines(afresh: Callable[[], Ward]) -> None:
    ward = afresh()
    ward.ask(Command("note C26-0001 seen at once\n\ntold the ward"))
    assert [note.text for note in ward.store.notes(T, HERE)] == ["seen at once\n\ntold the ward"]


@given(st.text(max_size=60))
def test_what_follows_a_reference_is_what_was_typed(rest: str) -> None:
    found = named(f"{OTHER} and so: {rest}")
    assert found.wrong or (found.subject == OTHER and found.rest == f"and so: {rest}".strip())
