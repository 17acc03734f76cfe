"""A paper in Slack: a document in the direct messages of whoever asked, or its words and why it is none."""

from __future__ import annotations

import sys
from datetime import date
from io import BytesIO

import docx
import pytest

from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, NewCase, Person
from tests.core.cases.ward import NOTIFY
from tests.fakes.slack_people import words
from tests.fakes.slack_state import File
from tests.slack.conftest import World

DAY = date(2026, 11, 23)


def case(ward: World) -> str:
    me = Person(ward.slack.radiographer.id, "Radiographer")
    now = ward.service.face._clock()
    kept = Assessment(NOTIFY, decide(parse(NOTIFY, now.date())).as_dict())
    number = ward.store.keep(ward.tenant, kept, by=me, now=now).number
    new = NewCase("CT head", DAY, (number,), owner=me)
    return ward.store.open_case(ward.tenant, new, by=me, now=now).ref


def given(ward: World) -> list[File]:
    person = ward.slack.radiographer
    return [one for message in person.sees(person.direct) for one in message.files]


def text_of(file: File) -> str:
    assert file.made is not None
    made = docx.Document(BytesIO(file.made))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in made.paragraphs), *cells])


def in_direct(ward: World) -> str:
    person = ward.slack.radiographer
    return "\n".join(words(message) for message in person.sees(person.direct))


async def test_a_paper_asked_for_in_a_channel_comes_as_a_document_into_the_direct_messages(
    either: World,
) -> None:
    ref = case(either)
    person = either.slack.radiographer
    said = await person.command(f"paper {ref} report", channel=either.slack.incidents.id)
    assert "0 of 8 points filled" in words(said)
    (file,) = await either.slack.until(lambda: given(either))
    assert (file.name, file.title) == (f"{ref}-report-r1.docx", f"Report of the investigation, {ref}")
    assert "MISSING. Ask the medical physics expert." in text_of(file)
    await either.slack.until(lambda: any("in our direct messages" in words(m) for m in person.private()))
    assert either.slack.files.tokens == []
    others = [m for m in either.slack.incidents.messages if not m.only_for]
    assert [m for m in others if m.files or "report" in words(m).lower()] == []


async def test_a_button_of_the_case_makes_one(ward: World) -> None:
    ref, person = case(ward), ward.slack.radiographer
    card = await person.command(f"case {ref}")
    await person.press("Papers", card)
    await ward.filled(person)
    await person.fill("Which paper?", "mpe")
    assert await person.submit() == {}
    (file,) = await ward.slack.until(lambda: given(ward))
    assert file.name == f"{ref}-mpe-r1.docx"


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        ("file_uploads_disabled", "does not let files of this kind in"),
        ("file_type_not_allowed", "does not let files of this kind in"),
        ("storage_limit_reached", "room for files is used up"),
        ("something_new", "did not take the file (something_new)"),
    ],
)
async def test_where_no_file_is_let_in_its_words_come_with_the_reason(
    ward: World, refused: str, why: str
) -> None:
    ref = case(ward)
    ward.slack.files.not_let_in = refused
    await ward.slack.radiographer.command(f"paper {ref} report")
    await ward.slack.until(lambda: "8 Corrective measures" in in_direct(ward))
    assert why in in_direct(ward)
    assert "MISSING. Ask the medical physics expert." in in_direct(ward)
    assert given(ward) == []


async def test_an_app_installed_before_it_could_give_files_says_what_to_do(ward: World) -> None:
    ref = case(ward)
    ward.slack.scopes.discard("files:write")
    await ward.slack.radiographer.command(f"paper {ref} candour")
    await ward.slack.until(lambda: "To tick by hand" in in_direct(ward))
    assert "updates it by manifest.yml (files:write) and installs it again" in in_direct(ward)
    assert ward.slack.complaints.pop().startswith("files.getUploadURLExternal needs the scope files:write")


async def test_without_the_library_its_words_come_and_say_what_is_wanted(
    ward: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = case(ward)
    monkeypatch.setitem(sys.modules, "docx", None)
    await ward.slack.radiographer.command(f"paper {ref} decision")
    await ward.slack.until(lambda: "How it was arrived at" in in_direct(ward))
    assert "install irmer-bot[papers]" in in_direct(ward)


@pytest.mark.parametrize("statuses", [[500], [503, 429]])
async def test_what_passes_on_the_way_is_tried_again(ward: World, statuses: list[int]) -> None:
    ref = case(ward)
    ward.slack.files.statuses = statuses
    await ward.slack.radiographer.command(f"paper {ref} report")
    assert len(await ward.slack.until(lambda: given(ward))) == 1


async def test_bytes_that_are_not_taken_are_no_file_and_their_words_come(ward: World) -> None:
    ref = case(ward)
    ward.slack.files.statuses = [403]
    await ward.slack.radiographer.command(f"paper {ref} report")
    await ward.slack.until(lambda: "8 Corrective measures" in in_direct(ward))
    assert "upload_403" in in_direct(ward)


async def test_a_file_that_may_have_come_is_not_sent_twice(ward: World) -> None:
    ref = case(ward)
    ward.slack.fault("files.completeUploadExternal", "reset_after")
    await ward.slack.radiographer.command(f"paper {ref} report")
    await ward.slack.until(lambda: "Not all of my answer could be sent" in in_direct(ward))
    assert len(given(ward)) == 1
