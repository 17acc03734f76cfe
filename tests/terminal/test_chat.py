"""`irmer chat` with lines from a pipe: a check from the first question to the record, and talk on the way."""

import re

from tests.core.cases.ward import NOTIFY, Ward
from tests.processes import CHECK, STORY, chat, irmer_here


def test_a_check_goes_from_the_first_question_to_the_record(tmp_path):
    status, out, err = chat(
        tmp_path / "a.sqlite",
        *CHECK,
        "yes",
        "details 2026-0001 account: Wrong patient called.",
        "case 2026-0001",
    )
    assert (status, err) == (0, "")
    assert "NOTIFY — code 1" in out
    verdict = out.partition("NOTIFY — code 1\n")[2].splitlines()
    assert verdict[:3] == [
        "  Next: Notify the Care Quality Commission: https://portal.cqc.org.uk/irmer-saue",
        "  By whom: The employer, or whoever its procedure names; the medical physics expert confirms.",
        "  By when: As soon as possible, by Wed 18 November 2026 (1 day of 14 used, 13 days left) at the "
        "latest.",
    ]
    assert "Kept as record 2026-0001, case C26-0001 opened\n  Outcome: NOTIFY — code 1\n" in out
    assert f"Where: {tmp_path / 'a.sqlite'}" in out
    record = out.partition("> case 2026-0001")[2]
    assert re.search(r"What happened:\n  Account: Wrong patient called. — .*\nThe verdict:\n", record)
    told, history = record.partition("Who gave what:")[2].split("History:")
    assert {"Total dose", "Discovered"} <= {*re.split(r": |, |\n", told)}
    assert re.search(r"Revision 1, .*, notify\n", history)


def test_a_draft_left_by_the_end_of_input_is_taken_up_again(tmp_path):
    database = tmp_path / "a.sqlite"
    status, out, _ = chat(database, *CHECK[:4])
    assert status == 0
    assert out.rstrip().endswith("Goodbye. The check is unfinished, and kept: type check next time to go on.")
    later = ("--now", "2026-11-12T09:00")
    status, out, _ = chat(database, "check", "1", *CHECK[4:], args=later)
    assert "Another check is unfinished" in out
    assert "What effective dose did the whole incident give" in out
    assert "NOTIFY — code 1" in out


def test_a_draft_can_be_left_for_a_new_check(tmp_path):
    database = tmp_path / "a.sqlite"
    chat(database, *CHECK[:4])
    _, out, _ = chat(database, "check", "begin a new check", "quit", "quit")
    assert "What kind of exposure was it?" in out
    assert "Set aside, nothing is lost" in out


def test_why_back_edit_and_an_answer_that_is_not_understood(tmp_path):
    _, out, _ = chat(
        tmp_path / "a.sqlite",
        "check",
        "1",
        "perhaps",
        "why",
        "back",
        "2",
        "yes",
        "edit",
        "edit 3",
        "edit 1",
        "1",
    )
    assert "Accidental means that no exposure of any kind was intended" in out
    assert "Type a number from 1 to 4, the words of an answer, or don't know." in out
    assert "Category: Interventional radiology or cardiology, interventional CT" in out
    assert "Type edit and a number from 1 to 2" in out
    assert out.count("What kind of exposure was it?") == 2
    assert out.count("Was any exposure of this person intended?") == 5


def test_a_patients_number_is_refused_without_being_repeated_and_never_kept(tmp_path):
    database = tmp_path / "a.sqlite"
    number = "999 000 0018"
    told = (f"details 2026-0001 account: Scanned {number}", "details 2026-0001 account: Scanned in error")
    _, out, _ = chat(database, *CHECK, "yes", *told)
    assert "looks like an NHS, CHI or H&C number" in out
    assert number not in out
    assert number.encode() not in database.read_bytes()
    assert number.replace(" ", "").encode() not in database.read_bytes()


def test_what_may_tell_who_the_patient_is_is_asked_about_before_it_is_kept(tmp_path):
    typed = (*CHECK, "yes", "details 2026-0001 account: Patient born 3/4/1950", "1")
    _, out, _ = chat(tmp_path / "a.sqlite", *typed)
    assert "“born 3/4/1950” seems to be a date of birth" in out
    assert "3/4/1950" not in (tmp_path / "a.sqlite").read_text(encoding="latin-1")
    assert "Kept as record 2026-0001" in out


def test_a_record_is_corrected_by_a_revision_that_says_why(tmp_path):
    database = tmp_path / "a.sqlite"
    chat(database, *CHECK, "yes")
    _, out, _ = chat(
        database,
        *("correct 2026-0001", "edit total dose", "0.5 mSv", "male", "yes", ""),
        *("The dose was in the wrong unit", "case 2026-0001"),
    )
    assert "Give a reason" in out
    assert "C26-0001 decided anew: the outcome has changed" in out
    assert "Revision: 2, corrects revision 1: The dose was in the wrong unit" in out
    assert "Revision 1, Thu 5 November 2026 at 10:00" in out


SMALL = ("settings role_mpe me", "settings confirm_own yes")  # one person at one machine


def test_a_record_that_is_not_notifiable_has_its_details_in_words_and_asks_for_what_follows(tmp_path):
    database = tmp_path / "a.sqlite"
    typed = ("check repeat CT head, wrong patient caught before the scan", "3", "yes")
    _, out, _ = chat(database, *typed, *SMALL, "confirm 2026-0001 mpe", "case 2026-0001")
    record = out.partition("> case 2026-0001")[2]
    assert re.search(r"  Confirmed: Thu 5 .* as MPE, the same person who had kept or changed it\n", record)
    assert "Modality: CT — " in record
    assert "Not notifiable is a result, not an end: it is analysed (regulation 8(3)).\n" in record
    assert ", do not notify\n" in record


def test_a_case_is_named_by_what_is_known_of_what_happened(tmp_path):
    told = "wrong patient, a 9 year old, total dose 5 mSv, intended 0 mSv, discovered yesterday, England"
    for exam, name in (("CT head,", "CT"), ("CT head done on the", "CT head")):
        _, out, _ = chat(
            tmp_path / f"{name}.sqlite", f"check {exam} {told}", "no", "none", "none", "yes", "yes"
        )
        assert f"C26-0001 {name}, accidental exposure, 9 years: open" in out


def test_who_is_said_to_be_male_is_told_what_is_left_out_and_ticking_none_says_no_more(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "check", "1", "1", "male", "none")
    assert "The person is said to be male: pregnancy and breast-feeding are left out." in out
    assert "Individuals exposed: 1" not in out


def test_going_back_from_a_change_leaves_every_answer_as_it_was(tmp_path):
    typed = ("check", "mammography", "no", "england", "edit exposure", "back", "edit foetal dose", "back")
    _, out, _ = chat(tmp_path / "a.sqlite", *typed, "edit")
    assert "So far: accidental: none was intended (back leaves it so)" in out
    assert out.count("What effective dose did the whole incident give") == 3
    assert "3. Category: X-ray" in out.partition("What is known so far")[2]


def test_beside_the_question_whether_to_keep_it_stand_the_outcome_and_that_there_are_cautions(tmp_path):
    typed = ("check", "1", "1", "male", "none", "edit deterministic effect", "observable")
    _, out, _ = chat(tmp_path / "a.sqlite", *typed, "edit dose ratio", "2", "don't know", "don't know")
    verdict = out.rpartition("Read this before acting")[2]
    assert (
        "\n! Read the cautions above before acting.\nDO NOT NOTIFY — every criterion is ruled out\nKeep"
        in verdict
    )


def test_the_reasons_of_a_verdict_come_when_they_are_asked_for_and_the_question_stands_below_them(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", *CHECK, "reasons")
    verdict, _, reasons = out.partition("> reasons")
    assert "Criteria met:" not in verdict
    assert "Criteria met:" in reasons
    assert "Ruled out:\n" in reasons
    assert "Keep it and open its case? yes · record only" in reasons


def test_every_way_that_a_verdict_offers_can_be_typed(tmp_path):
    database = tmp_path / "a.sqlite"
    _, out, _ = chat(database, *CHECK)
    assert "Keep it and open its case? yes · record only · no · reasons · edit · back\n" in out
    _, out, _ = chat(database, "check", "go on", "edit", "back", "none", "record only", "cases")
    assert "What is known so far" in out
    assert out.count("Which of these apply?") == 1
    assert "Kept as record 2026-0001\n" in out
    assert "It has no case, so nobody is reminded of its deadlines: open 2026-0001 opens one." in out
    assert "Open cases: none" in out
    _, out, _ = chat(database, *CHECK, "no", "yes")
    assert "Discard it all the same?" in out
    assert "Discarded: nothing of it was kept." in out


def test_what_is_not_a_patients_goes_to_another_regulator_and_is_kept_all_the_same(tmp_path):
    typed = ("check", "edit exposed person", "member of staff", "yes")
    _, out, _ = chat(tmp_path / "a.sqlite", *typed, IRMER_NATION="scotland")
    assert "NOT FOR IR(ME)R — HSE is told if it is an over-exposure" in out
    assert "Notify by" not in out
    assert "Kept as record 2026-0001" in out


def test_an_unknown_command_suggests_one(tmp_path):
    _, out, _ = chat(
        tmp_path / "a.sqlite", "treshold foetal", "case 2026-0099", "/irmer help", "threshold qq"
    )
    assert "Look up a code (threshold 4.2b), a word (threshold foetal), or an intended dose" in out
    assert "Did you mean threshold?" in out
    assert "2026-0099" in out
    assert "case <case or record>" in out


def test_the_nation_of_the_environment_begins_every_check(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "check", "1", "no", IRMER_NATION="wales")
    assert "Where in the UK" not in out
    status, _, err = chat(tmp_path / "a.sqlite", "check", IRMER_NATION="cornwall")
    assert (status, err) == (
        2,
        "irmer: IRMER_NATION wants one of: england, wales, scotland, northern_ireland\n",
    )


def test_what_happened_is_read_shown_and_only_the_rest_asked(tmp_path):
    typed = (f"check {STORY}", "no", "2.5 mSv", "today", "none", "yes", "case 2026-0001")
    _, out, _ = chat(tmp_path / "a.sqlite", *typed)
    assert "Age: 9 years\nNation: England\nHappened: Wed 4 November 2026 at 14:00\nThe person is male" in out
    assert "Wrong patient: was this person due any exposure of their own?" in out
    assert "“about 2 mSv” is not a limit" in out
    assert "NOTIFY — code 1" in out
    assert f"Account: {STORY}" in out


def test_an_incident_told_without_a_command_begins_a_check_and_other_talk_does_not(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", "good morning to you all", STORY)
    assert "Sorry, that was not understood" in out
    assert "Understood so far" in out


def test_a_correction_in_words_changes_the_fact_it_is_about(tmp_path):
    _, out, _ = chat(tmp_path / "a.sqlite", f"check {STORY}", "no", "3 mSv", "actually she was 17", "edit")
    assert "Age: 17 years" in out


def test_a_patients_number_in_a_message_is_masked_and_the_author_told(tmp_path):
    database = tmp_path / "a.sqlite"
    _, out, _ = chat(database, f"check NHS 999 000 0018, {STORY}")
    assert "A patient's number was taken out of what you wrote" in out
    assert (
        b"999 000 0018" not in database.read_bytes() + (tmp_path / "a.sqlite-wal").read_bytes()
        if (tmp_path / "a.sqlite-wal").exists()
        else b"999 000 0018" not in database.read_bytes()
    )


def test_a_single_command_says_that_nothing_was_kept_until_somebody_answers(tmp_path):
    database = tmp_path / "a.sqlite"
    later = ("--now", "2026-11-24T10:00")
    ward = Ward(database)
    ward.record(NOTIFY, "local")
    ward.store.close()
    irmer_here("open", "2026-0001", *later, database=database)
    told = ("Testina", "Okonkwo", "was told", *later)
    status, out, _ = irmer_here("note", "2026-0001", *told, database=database)
    assert "“Testina Okonkwo” seems to be a name" in out
    assert "Nothing of it is kept yet" in out
    assert status == 1
    assert b"Okonkwo" not in database.read_bytes()
    status, out, _ = irmer_here("notified", "C26-0001", *told, database=database)
    assert "It is kept with C26-0001 without these words" in out
    assert status == 0
    assert b"Okonkwo" not in database.read_bytes()
