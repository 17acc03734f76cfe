"""A register full of what tells who somebody is gives no paper with any of it."""

from __future__ import annotations

from pathlib import Path

from bot.core.identifying import find
from bot.core.messages import Command, Place, Request
from bot.core.paper import LEFT_OUT, Paper
from bot.core.papers.dossier import Dossier
from bot.core.papers.kinds import KINDS, make
from bot.core.papers.rendered import as_text
from bot.core.patient_numbers import holds_number
from bot.core.refused import Refused
from bot.core.turn import Defaults, Turn
from storage.model import Person
from tests.core.cases.ward import ANA, BEN, T, Ward

LINES = (Path(__file__).parents[2] / "privacy" / "identifying.txt").read_text(encoding="utf-8").splitlines()
# What is found by its form or its words; how much of it all that is, its own tests say.
FOUND = [line for line in LINES if line and line[0] != "#" and (find(line) or holds_number(line))]
BY = Person(BEN.id, BEN.name)
# Whatever people's words of a record or its case a paper is made of.
DETAILS = (
    "account", "immediate_actions", "site", "equipment", "examination_intended", "examination_performed",
    "dose_as_measured", "dose_estimated_by", "dose_estimated_how", "local_incident_number", "discovered_how",
    "root_cause", "contributory_causes", "similar_incidents", "learning_shared", "csaue_why",
    "csaue_asked_of", "others_told", "equipment_make",
)  # fmt: skip


def papers(ward: Ward, ref: str) -> list[Paper | Refused]:
    request = Request(T, ANA, Place("c1", personal=True), ward.now, Command("paper"))
    known = Dossier.of(Turn(ward.store, request, ward.face, Defaults()), ref)
    made: list[Paper | Refused] = []
    for kind in KINDS:
        try:
            made.append(make(known, kind))
        except Refused as refused:
            made.append(refused)
    return made


def test_no_paper_holds_any_of_it_wherever_it_stands(ward: Ward) -> None:
    """Texts of every kind, each in another field of a case of its own, and among its learning."""
    assert len(FOUND) > 180
    for number, text in enumerate(FOUND[:: len(FOUND) // len(DETAILS)]):
        ref, field = ward.case(), DETAILS[number % len(DETAILS)]
        record = ward.store.case(T, ref).records[0]
        ward.store.give_details(T, record, {field: text}, by=BY, now=ward.now)
        ward.store.add_note(T, ref, text, kind="learning", by=BY, now=ward.now)
        told = 0
        for made in papers(ward, ref):
            shown = str(made) if isinstance(made, Refused) else as_text(made)
            told += isinstance(made, Refused) or LEFT_OUT in shown
            assert text not in shown, field
        assert told > 1, field


def test_a_measure_a_title_and_a_note_of_a_confirmation_are_looked_at_as_well(ward: Ward) -> None:
    ref = ward.case()
    record = ward.store.case(T, ref).records[0]
    ward.say(f"measure {ref} lead radiographer by 20 December: two people read it")
    assert any("two people read it" in as_text(one) for one in papers(ward, ref) if isinstance(one, Paper))
    said = "as Mrs Testperson said"
    ward.store.confirm(T, record, revision=1, role="mpe", note=said, same_person=False, by=BY, now=ward.now)
    assert not any("Testperson" in as_text(one) for one in papers(ward, ref) if isinstance(one, Paper))
