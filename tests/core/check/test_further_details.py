"""What the papers want of a record beside its verdict: asked for in short forms, and deciding nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.cards import Heading
from bot.core.check.detail_field import NOT_KNOWN
from bot.core.check.further_details import missing, standing
from bot.core.check.further_fields import FURTHER, SECTIONS
from bot.core.check.record_fields import BY_NAME
from bot.core.messages import Open, Pressed, Said
from rules.facts import FACTS
from storage.model import Person, Step
from tests.core.cases.ward import BEN, NOT, NOTIFY, T, Ward

SIGNIFICANT = {**NOTIFY, "clinically_significant": True, "equipment_fault": True}


def told(ward: Ward, number: str = "2026-0001") -> dict[str, str]:
    return {one.field: one.value for one in ward.store.record(T, number).details}


def opened(ward: Ward, section: str, subject: str = "2026-0001") -> list[str]:
    """The short form of a section, and its inputs."""
    ward.ask(Pressed("case.details", f"{subject}/{section}:"))
    assert ward.form is not None
    return [one.name for one in ward.form.inputs]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("began with: operator", "operator"),
        ("began with not known", NOT_KNOWN),
        ("began with: don't know", NOT_KNOWN),
        ("discovered by MPE", "medical physics expert"),
        ("discovered by: medical physics expert", "medical physics expert"),
        ("dose estimated on yesterday", "2026-11-23"),
        ("MHRA told 23 November 2026, ref 2026/012/345", "2026-11-23 2026/012/345"),
        ("HSE told: yesterday", "2026-11-23"),
        ("HSE told: not needed, nobody of the staff was exposed", "not: nobody of the staff was exposed"),
        ("candour: told yesterday", "2026-11-23"),
        ("candour not needed because nobody was harmed", "not: nobody was harmed"),
        ("person told yesterday 14:05", "2026-11-23"),
        ("ukhsa code PRIA24/L1/E1/MG/P7/3.2b/CF1b/CF4a", "PRIA24/L1/E1/MG/P7/3.2b/CF1b/CF4a"),
        ("ukhsa code TSRT9/Level 3/13i/MD13a/CF1c", "TSRT9/Level 3/13i/MD13a/CF1c"),
        ("contributory factors: people, task", "task, people"),
        ("lfpse W-123", "W-123"),
        ("root cause: two lists with one name", "two lists with one name"),
    ],
)
def test_each_is_told_in_words_and_kept_as_it_is_meant(ward: Ward, words: str, value: str) -> None:
    ward.record(SIGNIFICANT)
    shown = ward.say(f"details 2026-0001 {words}")
    assert list(told(ward).values()) == ([value] if value else []), shown


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("candour: 30 November 2026", "Candour: that day lies in the future: give it once it is done."),
        ("dose estimated on 30 November 2026", "that day lies in the future"),
        ("dose estimated on 3/2", "Dose estimated on: "),
        ("candour not yet", "Candour: leave it open until it is done."),
        ("candour no", "Candour: say why not: give the day; or write: not needed, because and the reason."),
        ("candour soon", "Candour: give the day; or write: not needed, because and the reason."),
        ("candour yesterday, by letter", "give the day alone: what else there is to say is a note"),
        ("MHRA told soon", "MHRA told: give the day, and its reference after it if there is one; or write"),
        ("ukhsa code PRIA/L1", "UKHSA code: a UKHSA code begins with PRIA and two figures, or TSRT and"),
        ("ukhsa code 24/L1", "a UKHSA code begins with PRIA"),
        ("began with the printer", "It began with: "),
        ("lfpse 999 000 0018", "NHS, CHI or H&C"),
        (
            "root cause",
            "What was the root cause, the main one? Type it after the command: details 2026-0001",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_line(ward: Ward, words: str, answer: str) -> None:
    ward.record(SIGNIFICANT)
    shown = ward.say(f"details 2026-0001 {words}")
    assert answer in shown
    assert len(shown.splitlines()) == 1
    assert told(ward) == {}


def test_no_detail_is_a_fact_and_none_changes_the_verdict(ward: Ward) -> None:
    """Each is told, and the verdict, its codes and its reasons stay what they were."""
    for facts in (SIGNIFICANT, NOT):
        number = ward.record(facts)
        before = ward.store.record(T, number)
        for field in FURTHER:
            assert field.name not in FACTS
            words = field.choices[0] if field.choices else "yesterday" if field.takes != "words" else "words"
            if field.shape:
                words = "PRIA24/L1"
            assert "Kept with" in ward.say(f"details {number} {field.name}: {words}"), field.name
        after = ward.store.record(T, number)
        assert (after.revision, after.assessment) == (before.revision, before.assessment)
        assert told(ward, number).keys() == {field.name for field in FURTHER}
    assert ward.store.verify() == []


def test_every_one_stands_in_one_short_form() -> None:
    assert max(len(section.title) for section in SECTIONS.values()) <= 24  # as a dialog shows it
    placed = [name for section in SECTIONS.values() for name in section.fields]
    assert len(placed) == len(set(placed))
    assert {field.name for field in FURTHER} <= set(placed) <= BY_NAME.keys()


def test_what_is_missing_is_said_by_section_and_by_who_knows_it(ward: Ward) -> None:
    ref = ward.case(SIGNIFICANT)
    ward.say(f"details {ref} began with operator")
    shown = ward.say(f"details {ref}")
    assert "How it was found (discovery): 1 of 3; missing: how it was discovered and discovered by" in shown
    assert "Other bodies told (bodies): 0 of 1; missing: MHRA told" in shown
    shown = ward.say(f"details {ref} tellings")
    assert "Referrer told: missing: the practitioner knows" in shown
    assert "details 2026-0001 candour <day | not needed, because ...>" in shown


def test_only_what_a_paper_needs_is_wanted(ward: Ward) -> None:
    """Nobody is told of what is not clinically significant, nor asked of a scanner that was not at fault."""
    ward.record({**NOTIFY, "nation": "wales"})
    record = ward.store.record(T, "2026-0001")
    names = [field.name for field in missing((record,), BY_NAME)]
    assert not {"referrer_told", "person_told_outcome", "equipment_make", "mhra_told", "lfpse_number"} & {
        *names
    }
    assert {"root_cause", "candour", "csaue_asked_on", "began_with", "dose_estimate"} <= {*names}
    ward.say("details 2026-0001 began with equipment")
    ward.say("details 2026-0001 candour yesterday")
    record = ward.store.record(T, "2026-0001")
    assert "equipment_make" in [field.name for field in missing((record,), BY_NAME)]
    (candour,) = standing((record,), ["candour"])
    assert candour.held is not None
    assert (candour.held.value, candour.held.source.name) == ("2026-11-23", "Radiographer A")


def test_a_short_form_asks_one_section_and_takes_out_what_was_emptied(pressed: Ward) -> None:
    pressed.record(SIGNIFICANT)
    assert opened(pressed, "causes") == [
        "root_cause", "contributory_factors", "contributory_causes", "similar_incidents", "learning_shared",
    ]  # fmt: skip
    pressed.submit(root_cause="two lists", contributory_factors="people,task")
    assert told(pressed) == {"root_cause": "two lists", "contributory_factors": "task, people"}
    opened(pressed, "causes")
    shown = pressed.submit(BEN, root_cause="", similar_incidents="none found")
    assert "Root cause is taken out (it was two lists, by Radiographer A" in shown
    assert told(pressed)["contributory_factors"] == "task, people"
    assert pressed.store.record(T, "2026-0001").details[0].value == "two lists"


def test_what_a_colleague_told_while_the_form_was_open_stands(pressed: Ward) -> None:
    pressed.record(SIGNIFICANT)
    opened(pressed, "tellings")
    form = pressed.form
    pressed.say("details 2026-0001 candour yesterday", BEN)
    pressed.form = form
    pressed.submit(person_told="2026-11-24")
    assert told(pressed) == {"candour": "2026-11-23", "person_told": "2026-11-24"}


def test_what_is_wrong_stands_beside_its_input_and_nothing_is_kept(pressed: Ward) -> None:
    pressed.record(SIGNIFICANT)
    opened(pressed, "tellings")
    pressed.submit(person_told="yesterday", candour="soon")
    assert pressed.errors == {
        "candour": "Candour: give the day; or write: not needed, because and the reason"
    }
    assert told(pressed) == {}
    pressed.submit(person_told="yesterday", candour="not needed, because nobody was harmed")
    assert told(pressed) == {"person_told": "2026-11-23", "candour": "not: nobody was harmed"}


def test_the_form_of_bodies_shows_the_usual_ones_and_those_that_the_verdict_names(pressed: Ward) -> None:
    pressed.record({**SIGNIFICANT, "nation": "northern_ireland"})
    assert opened(pressed, "bodies") == [
        "hse_told", "mhra_told", "niaic_told", "ukhsa_told", "icb_told", "others_told",
    ]  # fmt: skip


def test_the_details_card_opens_each_section(pressed: Ward) -> None:
    pressed.record(SIGNIFICANT)
    pressed.say("details 2026-0001")
    pressed.press("Causes and learning")
    assert pressed.form is not None
    assert pressed.form.title == "Causes and learning"
    assert pressed.form.blocks[0] == Heading("2026-0001 Diagnostic, accidental exposure, 40 years")


def test_a_form_of_a_section_that_is_no_more_says_so(pressed: Ward) -> None:
    pressed.record(SIGNIFICANT)
    replies = pressed.ask(Pressed("case.details", "2026-0001/carrots:"))
    assert not any(isinstance(one, Open) for one in replies)
    assert "That form is no longer in use." in pressed.shown


def test_the_form_of_clinical_significance_shows_the_answer_and_never_asks_it(pressed: Ward) -> None:
    """The verdict hangs on it, so it is answered where verdicts are."""
    ref = pressed.case({name: value for name, value in NOTIFY.items() if name != "clinically_significant"})
    assert opened(pressed, "significance") == ["csaue_asked_on", "csaue_asked_of", "csaue_why"]
    assert "not answered, and the verdict depends on it: /irmer redecide C26-0001" in str(pressed.form)
    assert "not answered: clinically significant" in pressed.say(f"details {ref}")
    pressed.record(SIGNIFICANT)
    opened(pressed, "significance", "2026-0002")
    assert "Yes — Radiographer A, Tue 24 November 2026 at 09:30" in str(pressed.form)


def test_a_form_without_a_field_is_not_offered(pressed: Ward) -> None:
    near_miss = {"nation": "england", "exposure": "near_miss", "category": "diagnostic"}
    pressed.record({**near_miss, "discovered_on": "2026-11-23"})
    pressed.say("details 2026-0001")
    labels = [button.label for card in pressed.cards for button in card.buttons]
    assert "Causes and learning" in labels
    assert "The dose estimate" not in labels


def test_what_was_taken_out_stands_in_no_form_and_is_not_taken_out_again(pressed: Ward) -> None:
    pressed.say("settings role_governance U1")
    pressed.record(SIGNIFICANT)
    for words in ("dose estimated on yesterday", "dose estimate final", "candour yesterday"):
        pressed.say(f"details 2026-0001 {words}")
    for name in ("dose estimated on", "dose estimate", "candour"):
        assert "is taken out" in pressed.say(f"redact 2026-0001 {name} a mistake")
    opened(pressed, "estimate")
    assert pressed.form is not None
    assert {one.name: one.value for one in pressed.form.inputs}["dose_estimate"] == ""
    assert "Nothing new was said" in pressed.submit()
    assert "[taken out 2026-11-24]" in pressed.say("details 2026-0001 tellings")
    assert pressed.store.verify() == []


def test_what_another_record_of_the_case_tells_is_not_asked_again(ward: Ward) -> None:
    """An incident that spans two categories is one investigation."""
    ref = ward.case(SIGNIFICANT)
    ward.say("details 2026-0001 candour yesterday")
    second = replace(ward.store.record(T, "2026-0001").assessment)
    ward.store.take_step(
        T, ref, Step("redecide", "the CT part", assessment=second), expected=1, by=Person("U1"), now=ward.now
    )
    assert ward.store.case(T, ref).records == ("2026-0001", "2026-0002")
    shown = ward.say(f"details {ref} tellings")
    assert "Candour: Mon 23 November 2026 — Radiographer A" in shown
    assert "of another record of its case" in shown
    assert "details 2026-0002 candour" not in shown


def test_nobody_is_asked_for_them_while_no_paper_wants_them(pressed: Ward) -> None:
    pressed.say("settings nation england")
    for words in ("check", "CT", "2", "40 mSv", "yesterday", "none"):
        pressed.ask(Said(words, mentioned=True))
    kept = pressed.press("Open a case")
    assert "Still to be added" in kept
    assert "root cause" not in kept
    pressed.press("Add details")
    assert pressed.form is not None
    assert not {one.name for one in pressed.form.inputs} & {field.name for field in FURTHER}


def test_nothing_is_told_or_estimated_before_the_incident_in_whatever_order(ward: Ward) -> None:
    ref = ward.case(SIGNIFICANT)  # discovered on 23 November 2026
    for word in ("candour", "person told", "dose estimated on", "csaue asked on", "mhra told"):
        shown = ward.say(f"details {ref} {word}: 2026-11-20")
        assert "Fri 20 November 2026 is before it was discovered, on Mon 23 November 2026" in shown, word
    assert told(ward) == {}
    ward.say(f"details {ref} happened: 2026-11-19")
    ward.say(f"details {ref} candour: 2026-11-20")
    assert told(ward)["candour"] == "2026-11-20"
    shown = ward.say(f"details {ref} happened: 2026-11-21")
    assert "Candour: Fri 20 November 2026 is before it happened, on Sat 21 November 2026" in shown
    assert told(ward)["occurred_on"] == "2026-11-19"
    ward.say(f"details {ref} candour: not needed, because nobody was harmed")
    assert "Kept with" in ward.say(f"details {ref} happened: 2026-11-21")


def test_no_case_was_discovered_before_it_happened_as_its_details_tell(ward: Ward) -> None:
    ref = ward.case(SIGNIFICANT)
    ward.say(f"details {ref} happened: 2026-11-19")
    assert "discovered before it occurred" in ward.say(f"discovered {ref} 2026-11-18 the log").lower()
    ward.say(f"discovered {ref} 2026-11-20 the log")
    assert "discovered before it occurred" in ward.say(f"details {ref} happened: 2026-11-21").lower()
    assert told(ward)["occurred_on"] == "2026-11-19"


def test_the_day_of_discovery_that_a_case_was_corrected_to_counts(ward: Ward) -> None:
    ref = ward.case(SIGNIFICANT)
    ward.say(f"discovered {ref} 2026-11-18 it stood in the log")
    assert "Kept with" in ward.say(f"details {ref} candour: 2026-11-20")
