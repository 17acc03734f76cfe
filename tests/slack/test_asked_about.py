"""What seems to name a person, in Slack: asked about where its author alone sees it, and kept after that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person
from tests.fakes.slack_people import words
from tests.slack.conftest import World

NAME = "Testina Okonkwo"


@pytest.fixture
def record(ward: World) -> str:
    now = datetime.fromtimestamp(ward.slack.now(), UTC)
    facts = parse({"nation": "england"}, now.date())
    kept = Assessment({**facts.stated, "account": "wrong patient"}, decide(facts).as_dict(), {})
    return ward.store.keep(ward.tenant, kept, by=Person("U1"), now=now).number


async def test_a_typed_note_waits_for_its_authors_press_and_the_question_goes(
    ward: World, record: str, file: Path
) -> None:
    person = ward.slack.radiographer
    answer = await person.command(f"note {record} {NAME} was told")
    assert answer is not None
    assert answer.only_for == person.id
    assert NAME in words(answer)
    assert ward.store.notes(ward.tenant, record) == ()
    await person.press("Keep without it", answer)
    await ward.slack.until(lambda: ward.store.notes(ward.tenant, record))
    assert [note.text for note in ward.store.notes(ward.tenant, record)] == ["[removed] was told"]
    assert not any(b"Okonkwo" in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    await ward.slack.until(lambda: not any(NAME in words(message) for message in person.private()))


async def test_a_dialog_comes_again_with_the_question_in_it(ward: World, record: str) -> None:
    person = ward.slack.radiographer
    shown = await person.command(f"case {record}")
    await person.press("Add details", shown)
    await ward.filled(person)
    await person.fill("What was done at once?", f"{NAME} was told")
    await person.submit()
    assert NAME in words(person.view)
    assert person.value("What was done at once?") == f"{NAME} was told"
    await person.fill("Does this tell who somebody is?", "It is not a person's")
    await person.submit()
    await ward.slack.until(lambda: ward.store.record(ward.tenant, record).details)
    assert f"{NAME} was told" in str(ward.store.record(ward.tenant, record).details)
    told = [entry.what for entry in ward.store.audit(ward.tenant)]
    assert "said to be nobody's" in told
