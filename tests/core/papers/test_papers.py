"""The papers of a case: what they hold, what they lack, and what never stands in one."""

from __future__ import annotations

import pytest

from bot.core.check.record_details import held
from bot.core.messages import Command, Give, Open
from bot.core.paper import Paper
from bot.core.papers.kinds import KINDS
from bot.core.papers.rendered import as_text
from bot.core.papers.report import POINTS
from storage.model import Person
from tests.core.cases.ward import BEN, NOT, NOTIFY, UNDECIDED, T, Ward

ANY = [kind.name for kind in KINDS]


def given(ward: Ward, words: str) -> Paper:
    (made,) = [one.paper for one in ward.ask(Command(words)) if isinstance(one, Give)]
    return made


def section(text: str, title: str) -> str:
    """What stands below a heading of the plain text, to the next blank line."""
    _, _, rest = text.partition(f"\n{title}\n")
    assert rest, f"no {title} in {text}"
    return rest.partition("\n\n")[0]


def test_a_report_is_filled_step_by_step_and_says_at_any_time_what_it_lacks(ward: Ward) -> None:
    ref = ward.case()
    begun = ward.say(f"case {ref} report")
    assert f"Report of the investigation, {ref}: 0 of 8 points filled" in begun
    assert "2 Dose: estimated by (role)" in begun
    ward.say(f"details {ref} dose estimated by MPE")
    ward.say(f"details {ref} dose estimated how from the DLP")
    ward.say(f"learning {ref} the list is read aloud by two")
    text = as_text(given(ward, f"paper {ref} report"))
    assert [line for line in text.splitlines() if line[:1].isdigit()] == [
        f"{number} {title}" for number, title in enumerate(POINTS, 1)
    ]
    assert "Total dose: 40 mSv" in section(text, "2 Dose")
    assert "How it was estimated: from the DLP" in section(text, "2 Dose")
    assert "Learning: the list is read aloud by two" in section(text, "7 Learning, and how it was shared")
    assert "MISSING. Ask whoever investigates." in section(text, "8 Corrective measures")


@pytest.mark.parametrize("which", ANY)
def test_every_paper_says_the_same_as_a_document_and_as_text_and_stands_in_the_trail(
    ward: Ward, which: str
) -> None:
    ref = ward.case()
    made = given(ward, f"paper {ref} {which}")
    shown = ward.say(f"paper {ref} {which} as text")
    for _, line in made.lines:
        assert line.label in shown
        assert (line.text or line.gap).splitlines()[:1] == [] or (line.text or line.gap)[:40] in shown
    entries = [e for e in ward.store.audit(T, subject=ref) if e.what == "paper made"]
    assert [entry.detail["as"] for entry in entries] == ["document", "text"]
    assert {entry.detail["paper"] for entry in entries} == {which}
    assert {entry.detail["missing"] for entry in entries} == {made.missing}


def test_the_draft_goes_by_the_steps_of_the_portal_and_never_calls_itself_the_authority_s(ward: Ward) -> None:
    text = as_text(given(ward, f"paper {ward.case()} notification"))
    assert [line for line in text.splitlines() if line[:1].isdigit()] == [
        "1 Start", "2 Organisation", "3 Organisation, confirmed", "4 Contact", "5 The incident",
        "6 By modality", "7 Summary",
    ]  # fmt: skip
    assert "Address: https://portal.cqc.org.uk/irmer-saue" in section(text, "1 Start")
    assert "Notification codes: 1" in section(text, "5 The incident")
    assert "the form" not in text.replace("the form's own first screen", "").lower()


@pytest.mark.parametrize(
    ("told", "said"),
    [("2026-11-23T08:15", "Mon 23 November 2026 at 08:15"), ("2026-11-23", "Mon 23 November 2026")],
)
def test_when_it_was_discovered_is_said_with_the_hour_that_was_told(ward: Ward, told: str, said: str) -> None:
    ref = ward.case({**NOTIFY, "discovered_on": told})
    for which, title in (("notification", "5 The incident"), ("report", "1 What happened")):
        lines = section(as_text(given(ward, f"paper {ref} {which}")), title).splitlines()
        assert f"When it was discovered: {said}" in lines


@pytest.mark.parametrize(
    ("nation", "way"),
    [("wales", "Word file"), ("scotland", "account"), ("northern_ireland", "not known here")],
)
def test_each_nation_s_draft_says_its_own_way(ward: Ward, nation: str, way: str) -> None:
    text = as_text(given(ward, f"paper {ward.case({**NOTIFY, 'nation': nation})} notification"))
    assert way in section(text, "1 Start")


def test_the_physicist_is_asked_what_is_missing_with_what_this_kind_needs(ward: Ward) -> None:
    ref = ward.case(UNDECIDED)
    ward.say(f"details {ref} modality ct")
    text = as_text(given(ward, f"paper {ref} mpe"))
    assert "Total dose: What effective dose did the whole incident give" in section(text, "What is asked")
    assert "DLP and CTDIvol for each series: (to be filled in)" in text
    assert "kV and mAs" not in text
    assert f"estimate {ref}" in text


def test_whoever_was_told_all_the_same_of_what_is_not_significant_stands_in_its_papers(ward: Ward) -> None:
    ref = ward.case()  # not clinically significant
    ward.say(f"details {ref} person told: today")
    paper = as_text(given(ward, f"paper {ref} csaue"))
    assert "Not needed: It is not clinically significant" in paper
    told = "The person exposed or their representative told of the exposure: Tue 24 November 2026"
    assert told in section(paper, "Who is told")
    assert "The referrer told" not in paper
    assert told in as_text(given(ward, f"paper {ref} report"))


def test_a_record_without_a_case_has_its_decision_and_no_report(ward: Ward) -> None:
    number = ward.record(NOT)
    text = as_text(given(ward, f"paper {number} decision"))
    assert "Verdict: DO NOT NOTIFY — every criterion is ruled out" in text
    assert "Total dose: 4 mSv — Radiographer A" in text
    assert "Confirmed: MISSING. Ask the MPE, the RPS or the governance lead." in text
    assert f"open {number}" in ward.say(f"paper {number} report")
    listed = ward.say(f"papers {number}")
    assert "Decision record" in listed
    assert "Report of the investigation" not in listed


def test_a_record_s_own_paper_has_the_day_of_discovery_of_its_case(ward: Ward) -> None:
    ref = ward.case()
    ward.say(f"discovered {ref} 20 November the ward knew it then")
    for subject in (ref, "2026-0001"):
        text = as_text(given(ward, f"paper {subject} candour"))
        assert "Discovered: Fri 20 November 2026" in text
        assert "23 November" not in text


def test_a_confirmed_decision_says_by_whom(ward: Ward) -> None:
    ward.name_roles()
    number = ward.record(NOT)
    ward.say(f"confirm {number} as MPE", BEN)
    text = as_text(given(ward, f"paper {number} decision"))
    assert "by Physicist B as MPE" in section(text, "Confirmation")


def test_a_paper_that_there_is_not_is_refused_with_those_that_there_are(ward: Ward) -> None:
    assert "notification, report, mpe, candour, csaue or decision" in ward.say(f"paper {ward.case()} invoice")


def test_a_button_asks_which_and_as_what(pressed: Ward) -> None:
    ref = pressed.case()
    pressed.say(f"case {ref}")
    pressed.press("Papers")
    assert pressed.form is not None
    assert [one.name for one in pressed.form.inputs] == ["which", "as", "texts"]
    replies = pressed.ask_submit(which="report")
    assert [one.paper.kind for one in replies if isinstance(one, Give)] == ["report"]
    assert not any(isinstance(one, Open) for one in replies)


# What never stands in one


@pytest.mark.parametrize(
    ("account", "why"),
    [
        ("the wrong one, 999 000 0018 on the list", "held a patient's number"),
        ("seen: [number removed]", "held a patient's number"),
        ("born, it said, on: DOB 03/04/1961", "seems to hold a date of birth"),
        ("of 14 Acacia Avenue", "seems to hold an address"),
        ("call 0161 496 0123", "seems to hold a telephone number"),
        ("hospital number T1234567", "seems to hold a hospital number"),
    ],
)
@pytest.mark.parametrize("which", ["notification", "report", "decision"])
def test_no_paper_is_made_of_what_holds_a_number_that_is_somebody_s(
    ward: Ward, which: str, account: str, why: str
) -> None:
    ref = ward.case()
    (number,) = ward.store.case(T, ref).records
    ward.store.give_details(T, number, {"account": account}, by=Person(BEN.id, BEN.name), now=ward.now)
    held_there = held(ward.store.record(T, number))["account"].value
    replies = ward.ask(Command(f"paper {ref} {which}"))
    assert not any(isinstance(one, Give) for one in replies)
    assert why in ward.shown
    assert "“What happened" in ward.shown or "“Account”" in ward.shown
    assert held_there not in ward.shown
    assert [e for e in ward.store.audit(T, subject=ref) if e.what == "paper made"] == []
    assert why in ward.say(f"papers {ref}")


def test_a_text_that_seems_to_name_somebody_stays_behind_until_somebody_says_that_it_does_not(
    ward: Ward,
) -> None:
    ref = ward.case()
    (number,) = ward.store.case(T, ref).records
    told = "Mrs Testperson was called in place of another"
    ward.store.give_details(T, number, {"account": told}, by=Person(BEN.id, BEN.name), now=ward.now)
    made = given(ward, f"paper {ref} report")
    assert "Testperson" not in as_text(made)
    assert "Left out, since it seems to name somebody" in as_text(made)
    assert f"Where it names nobody: paper {ref} report with texts" in ward.shown
    assert "Testperson" in as_text(given(ward, f"paper {ref} report with texts"))
    assert ward.store.audit(T, subject=ref)[-1].detail["texts"] == "kept"


def test_corrective_measures_stand_in_the_report_with_a_role_and_a_day_and_no_name(ward: Ward) -> None:
    ref = ward.case()
    number = ward.store.case(T, ref).records[0]
    assert f"measures {number}" in ward.say(f"case {ref} report")
    ward.say(f"measure {ref} lead radiographer, CT by 20 December: two people check the list")
    ward.say(f"measure {ref} <@U2> by 21 December: a second screen")
    text = section(as_text(given(ward, f"paper {ref} report")), "8 Corrective measures")
    assert "two people check the list\n  lead radiographer, CT, by Sun 20 December 2026" in text
    assert "a second screen\n  its owner is named in the record, by Mon 21 December 2026" in text
    assert "Physicist B" not in text
    assert "8 Corrective measures: filled" in ward.say(f"case {ref} report")


def test_whoever_takes_a_text_out_is_told_of_the_papers_that_have_it_still(ward: Ward) -> None:
    ward.name_roles(governance="U1")
    ref = ward.case()
    (number,) = ward.store.case(T, ref).records
    given(ward, f"paper {ref} report")
    ward.say(f"redact {number} account it names somebody")
    assert f"the paper of Tue 24 November 2026 at 09:30 ({ref}-report-r1)" in ward.shown
    text = as_text(given(ward, f"paper {ref} report"))
    assert "What happened, in order of time: MISSING. Ask whoever was there." in text


def test_the_draft_asks_of_a_kind_what_is_kept_nowhere_here(ward: Ward) -> None:
    facts: dict[str, object] = {
        "nation": "england", "discovered_on": "2026-11-23", "exposure": "unintended",
        "category": "radiotherapy_treatment", "target_dose_ratio": "1.2", "age_years": 60,
    }  # fmt: skip
    text = section(as_text(given(ward, f"paper {ward.case(facts)} notification")), "6 By modality")
    assert "Fractions planned, and affected: (to be filled in)" in text
    assert "Skin dose" not in text
    assert "1.2" in text


def test_told_all_of_it_a_report_is_whole_and_so_is_the_draft(ward: Ward) -> None:
    ward.name_roles()
    ref = ward.case()
    (number,) = ward.store.case(T, ref).records
    told = {
        "occurred_on": "2026-11-22", "examination_intended": "none", "examination_performed": "CT head",
        "equipment": "CT 2", "immediate_actions": "the list was printed anew", "modality": "ct",
        "discovered_how": "on reading the images", "discovered_by": "operator", "began_with": "operator",
        "cause": "wrong patient identified", "root_cause": "the list was old", "site": "Main Hospital",
        "contributory_factors": "task, people", "contributory_causes": "two of the same first name",
        "similar_incidents": "none of this cause", "learning_shared": "at the monthly meeting",
        "csaue_asked_on": "2026-11-23", "csaue_asked_of": "practitioner", "csaue_why": "below our level",
        "candour": "2026-11-23", "local_incident_number": "W88101", "lfpse_number": "LF-12",
    }  # fmt: skip
    ward.store.give_details(T, number, told, by=Person(BEN.id), now=ward.now)
    for key in ("organisation", "organisation_type", "provider_id", "contact_name", "contact_role"):
        ward.store.set_setting(T, key, "of ours", by=Person(BEN.id), now=ward.now)
    ward.store.set_setting(T, "contact_email", "irmer@example.org", by=Person(BEN.id), now=ward.now)
    ward.store.set_setting(T, "contact_telephone", "0151 496 0000", by=Person(BEN.id), now=ward.now)
    ward.say(f"estimate {ref} final, from the DLP", BEN)
    ward.say(f"measure {ref} lead radiographer by 20 December: two people read it")
    ward.say(f"analysis {ref} the list was not read aloud")
    assert "7 of 8 points filled" in ward.say(f"case {ref} report")
    ward.say(f"learning {ref} read it aloud")
    shown = ward.say(f"case {ref} report")
    assert "8 of 8 points filled" in shown
    assert "Missing" not in shown
    for which in ("report", "notification"):
        assert "MISSING" not in as_text(given(ward, f"paper {ref} {which}"))
    assert f"Draft for the notification, {ref}: complete." in ward.shown


def test_an_abbreviation_keeps_its_capitals_where_a_paper_says_what_it_lacks(ward: Ward) -> None:
    assert "number in the incident system (whoever investigates); LFPSE number" in ward.say(
        f"paper {ward.case()} notification as text"
    )


def test_what_is_alike_stands_in_the_report_for_whoever_may_read_it(ward: Ward) -> None:
    told: dict[str, object] = {**NOTIFY, "cause": ["wrong side"], "site": "East"}
    others = [ward.record(told) for _ in range(2)]
    ref = ward.case(told)
    alike = section(as_text(given(ward, f"paper {ref} report")), "4 Similar incidents and trends")
    assert all(number in alike for number in others)
    assert ward.store.case(T, ref).records[0] not in alike
    ward.store.set_setting(T, "may_read", [], by=Person(BEN.id), now=ward.now)
    alike = section(as_text(given(ward, f"paper {ref} report")), "4 Similar incidents and trends")
    assert "Alike in the register: MISSING. Ask somebody who may read every record." in alike
    assert not any(number in alike for number in others)
