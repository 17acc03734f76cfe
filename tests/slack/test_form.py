"""The form: from the first question to the verdict and the record, in dialogs."""

from __future__ import annotations

from tests.fakes.slack_people import Person, buttons, labels, words
from tests.slack.conftest import World

INTENDED, KIND = "Was any exposure", "What kind of exposure"
TOTAL, PLANNED, FLAGS = "What effective dose did", "What effective dose was intended", "Which of these"
NONE = "None of these, or none of the others"
ONE_WAS = "Yes, but not the exposure they got"
X_RAY = "X-ray, CT, mammography, dental, DXA, diagnostic fluoroscopy"


async def changed(ward: World, person: Person, label: str, value: str) -> None:
    """Fill an input that changes the form, and wait for the new one."""
    before = person.view
    assert before is not None
    was = before.hash
    await person.fill(label, value)
    await ward.slack.until(lambda: person.view and person.view.hash != was)


async def filled_in(ward: World, person: Person, total: str, intended: str, *, channel: str = "") -> None:
    await person.command("check", channel)
    await ward.filled(person)
    await changed(ward, person, INTENDED, ONE_WAS)
    await changed(ward, person, KIND, X_RAY)
    await person.fill("How old", "40")
    await person.fill(TOTAL, total)
    await person.fill(PLANNED, intended)
    await person.fill("When did anybody", "2026-11-20")
    await person.fill(FLAGS, [NONE])


def submit_of(person: Person) -> str:
    """What stands on the open dialog's own button."""
    assert person.view is not None
    label: str = person.view.content["submit"]["text"]
    return label


async def test_the_nation_is_filled_in_from_the_settings(ward: World) -> None:
    await ward.form(ward.slack.radiographer)
    assert ward.slack.radiographer.value("Where in the UK")["text"]["text"] == "England"


async def test_the_inputs_follow_the_category_and_the_answers(either: World) -> None:
    person = either.slack.radiographer
    view = await either.form(person)
    assert not any("planning scans" in label or "effective dose" in label for label in labels(view))
    await changed(either, person, INTENDED, ONE_WAS)
    await changed(either, person, KIND, "Radiotherapy planning scan")
    assert any("planning scans" in label for label in labels(person.view))
    await changed(either, person, KIND, X_RAY)
    assert not any("planning scans" in label for label in labels(person.view))
    assert any("effective dose" in label for label in labels(person.view))


async def test_what_was_typed_stays_when_the_form_changes(ward: World) -> None:
    person = ward.slack.radiographer
    await ward.form(person)
    await person.fill("How old", "9")
    await changed(ward, person, INTENDED, ONE_WAS)
    assert person.value("How old") == "9"


async def test_what_was_typed_is_not_lost_with_the_question(ward: World) -> None:
    """Nobody exposed, and a dose: that is said, and the verdict rests on neither."""
    person = ward.slack.radiographer
    await ward.form(person)
    await changed(ward, person, INTENDED, "No, none at all")
    await changed(ward, person, KIND, X_RAY)
    await person.fill("What effective dose did", "25 mSv")
    await person.fill("Which of these", ["An equipment fault was the direct cause (software counts)"])
    await changed(ward, person, KIND, "Nuclear medicine scan, PET, sentinel node")
    await changed(ward, person, INTENDED, "Nobody was exposed: it was caught in time")
    assert person.value("What effective dose did") == "25 mSv"
    assert [one["value"] for one in person.value("Which of these")] == ["equipment_fault"]
    errors = await person.submit()
    assert any("so nobody was exposed: correct it" in error for error in errors.values())


async def test_a_time_without_its_day_is_not_passed_over(ward: World) -> None:
    person = ward.slack.radiographer
    await ward.form(person)
    await person.fill("At what time", "14:30")
    errors = await person.submit()
    assert "not clear as a day" in errors["When did anybody in the organisation first know of it?"]
    assert person.value("At what time") == "14:30"


async def test_a_question_that_comes_back_has_forgotten_its_old_answer(ward: World) -> None:
    person = ward.slack.radiographer
    await ward.form(person)
    await changed(ward, person, INTENDED, ONE_WAS)
    await changed(ward, person, KIND, X_RAY)
    first = [b["block_id"] for b in person.view.content["blocks"] if b["type"] == "input"]  # type: ignore[union-attr]
    await changed(ward, person, KIND, "Radiotherapy planning scan")
    assert person.view is not None
    assert len(set(first)) == len(first)
    assert person.value(KIND)["text"]["text"] == "Radiotherapy planning scan"


async def test_every_question_can_be_answered_with_don_t_know(ward: World) -> None:
    person = ward.slack.radiographer
    await ward.form(person)
    await changed(ward, person, INTENDED, ONE_WAS)
    await changed(ward, person, KIND, X_RAY)
    assert person.view is not None
    for block in person.view.content["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        offered = [option["text"]["text"] for option in element.get("options", [])]
        unknown = any("know" in text or "Not known" in text for text in offered)
        assert unknown or block["optional"], block["label"]["text"]


async def test_errors_stand_on_the_field_and_the_rest_stays(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "about 3 mSv", "2 mSv")
    errors = await person.submit()
    (label,) = errors
    assert label.startswith(TOTAL)
    assert person.value(PLANNED) == "2 mSv"
    await person.fill(TOTAL, "3 mSv")
    assert await person.submit() == {}
    assert "DO NOT NOTIFY" in words(person.view)


async def test_answers_that_contradict_each_other_are_refused_beside_them(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "3 mSv", "2 mSv")
    await person.fill("When did anybody", "2027-01-01")
    assert any("discover" in text or "future" in text for text in (await person.submit()).values())


async def details_of_kept(ward: World, person: Person) -> None:
    """The verdict that stands is kept, and the form of its record's details opened."""
    assert await person.submit() == {}
    await ward.slack.until(lambda: "Kept as record" in words(person.view))
    await person.press("Add details")
    await ward.slack.until(lambda: "Details of" in words(person.view))


async def test_the_verdict_replaces_the_form_and_says_what_it_must(either: World) -> None:
    person = either.slack.radiographer
    await filled_in(either, person, "25 mSv", "2 mSv")
    assert await person.submit() == {}
    verdict = words(person.view)
    assert "NOTIFY" in verdict
    assert "2.2" in verdict
    assert "employer decides" in verdict
    assert "Change an answer" in buttons(person.view)  # type: ignore[arg-type]
    assert submit_of(person) == "Open a case"
    assert buttons(person.view)[0] == "Record only"  # type: ignore[arg-type]
    assert await person.submit() == {}
    await either.slack.until(lambda: "Kept as record" in words(person.view))
    assert either.store.cases(either.tenant)


async def test_a_verdict_that_needs_no_notification_is_kept_as_such(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "3 mSv", "2 mSv")
    await person.submit()
    assert submit_of(person) == "Keep as not notifiable"
    assert buttons(person.view) == ["Show reasons", "Change an answer", "Discard"]  # type: ignore[arg-type]


async def test_reasons_stand_in_the_dialog_once_they_are_asked_for(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "25 mSv", "2 mSv")
    await person.submit()
    assert "Next: " in words(person.view)
    assert "Criteria met" not in words(person.view)
    await person.press("Show reasons")
    await ward.slack.until(lambda: "Criteria met" in words(person.view))
    assert "Show reasons" not in buttons(person.view)  # type: ignore[arg-type]
    assert submit_of(person) == "Open a case"
    assert await person.submit() == {}
    await ward.slack.until(lambda: "Kept as record" in words(person.view))


async def test_an_answer_can_be_changed_after_the_verdict(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "3 mSv", "2 mSv")
    await person.submit()
    assert "DO NOT NOTIFY" in words(person.view)
    was = person.view.hash  # type: ignore[union-attr]
    await person.press("Change an answer")
    await ward.slack.until(lambda: person.view and person.view.hash != was)
    assert person.value(TOTAL) == "3 mSv"
    await person.fill(TOTAL, "25 mSv")
    assert await person.submit() == {}
    assert "DO NOT NOTIFY" not in words(person.view)
    assert "2.2" in words(person.view)


async def test_a_verdict_is_kept_as_a_record_with_who_and_why(either: World) -> None:
    person = either.slack.radiographer
    await filled_in(either, person, "3 mSv", "2 mSv")
    await person.submit()
    await details_of_kept(either, person)
    await person.fill("What happened", "Scanned twice by mistake & nobody was harmed <really>")
    assert await person.submit() == {}
    assert "2026-0001" in words(person.view).replace("2027-", "2026-")
    (record,) = either.store.records(either.tenant)
    assert record.outcome == "do_not_notify"
    assert record.by.id == person.id
    assert record.by.name == person.name
    assert record.details[0].value == "Scanned twice by mistake & nobody was harmed <really>"
    assert str(record.assessment.facts["total_dose"]).startswith("3")


async def test_a_patient_s_number_is_refused_on_the_field_and_kept_nowhere(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "3 mSv", "2 mSv")
    await person.submit()
    await details_of_kept(ward, person)
    await person.fill("What happened", "Patient 999 000 0018 was scanned twice")
    errors = await person.submit()
    assert errors
    assert "0018" not in str(errors)
    assert ward.store.records(ward.tenant)[0].details == ()


async def test_the_same_form_sent_off_twice_makes_one_record(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "3 mSv", "2 mSv")
    await person.submit()
    view = person.view
    assert view is not None
    verdict = view.content
    await person.submit()
    ward.slack.stacks[person.id] = [view]
    view.content = verdict
    await person.submit()
    assert len(ward.store.records(ward.tenant)) == 1


async def test_a_form_that_was_closed_is_taken_up_again(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "3 mSv", "2 mSv")
    await person.submit()
    await person.close()
    ward.slack.advance(10)
    await ward.form(person)
    await person.fill("What is next?", "Go on with it")
    await person.submit()
    assert "What this check holds" in words(person.view)
    assert "DO NOT NOTIFY" in words(person.view)


async def test_a_form_of_a_check_that_is_over_says_so(ward: World) -> None:
    person = ward.slack.radiographer
    old = await ward.form(person)
    ward.slack.advance(10)
    await person.command("check new")
    await ward.slack.until(
        lambda: person.view is not old and person.view and person.view.content["callback_id"] == "form"
    )
    ward.slack.stacks[person.id] = [old]
    await person.submit()
    assert "over" in words(person.view)


async def test_two_people_fill_in_their_own_forms(ward: World) -> None:
    one, other = ward.slack.radiographer, ward.slack.physicist
    await filled_in(ward, one, "3 mSv", "2 mSv")
    await filled_in(ward, other, "25 mSv", "2 mSv")
    await one.submit()
    await other.submit()
    assert "DO NOT NOTIFY" in words(one.view)
    assert "DO NOT NOTIFY" not in words(other.view)


async def test_what_is_filled_in_already_stands_below_what_is_asked(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "3 mSv", "2 mSv")
    asked = labels(person.view)  # type: ignore[arg-type]
    assert asked[0].startswith("When did anybody")
    assert [label.split(" ")[0] for label in asked[-4:]] == ["Where", "Who", "Which", "What"]


async def test_the_details_ask_for_days_by_a_picker_and_a_record_alone_opens_no_case(ward: World) -> None:
    person = ward.slack.radiographer
    await filled_in(ward, person, "25 mSv", "2 mSv")
    await person.submit()
    await person.press("Record only")
    await ward.slack.until(lambda: "It has no case" in words(person.view))
    assert ward.store.cases(ward.tenant) == ()
    await person.press("Add details")
    await ward.slack.until(lambda: "Details of" in words(person.view))
    assert person.view is not None
    happened = next(
        b for b in person.view.content["blocks"] if b.get("block_id", "").startswith("occurred_on~")
    )
    assert happened["element"]["type"] == "datepicker"
    assert "hint" not in happened


async def test_an_account_longer_than_a_field_of_slack_s_is_kept_whole(ward: World) -> None:
    person = ward.slack.radiographer
    told = "wrong patient had a CT head, found out today. " + " ".join(
        f"Then {n} was said." for n in range(220)
    )
    assert 3_700 < len(told) < 4_500
    await person.shortcut("check_message", await person.say(told, ward.slack.incidents.id))
    await ward.slack.until(lambda: person.view and person.view.content["callback_id"] == "form")
    if person.value(KIND) is None:
        await changed(ward, person, KIND, X_RAY)
    await changed(ward, person, INTENDED, ONE_WAS)
    answers = {
        "How old": "40",
        TOTAL: "25 mSv",
        PLANNED: "2 mSv",
        FLAGS: [NONE],
    }
    for label, value in (answers | {"When did anybody": "2026-11-20"}).items():
        await person.fill(label, value)
    assert await person.submit() == {}
    assert "NOTIFY" in words(person.view)
    await details_of_kept(ward, person)
    shown = [label for label in labels(person.view) if label.startswith("What happened")]  # type: ignore[arg-type]
    assert len(shown) == 2
    assert await person.submit() == {}
    (record,) = ward.store.records(ward.tenant)
    assert record.assessment.facts["account"] == told
    assert record.details == ()  # what was sent off as it stood is nobody's new word


async def test_what_is_too_long_for_anything_is_refused_in_a_line(either: World) -> None:
    person, direct = either.slack.radiographer, either.slack.direct(either.slack.radiographer.id)
    for text in ("check " + "CT head, " * 2_300, "<http:" * 4_000):
        before = len(direct.messages) + 1
        await person.say(text)
        await either.slack.until(lambda before=before: len(direct.messages) > before)
        assert "too long, and nothing of it was taken" in words(direct.messages[-1])
    assert either.store.drafts(either.tenant) == ()
