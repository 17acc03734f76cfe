"""What is promised of what people write, held on every face: a no rests on what was agreed to, a hint is
asked about, and the words of another incident meet no old check."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.core.messages import Said, Submitted
from tests.test_principles import Played, begun
from tests.truthful.plays import FACES


@pytest.fixture(scope="module", params=FACES)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    yield from begun(request.param, tmp_path_factory.mktemp("principles"))


BESIDE = {"nation": "england", "discovered_on": "2025-12-30", "exposure": "unintended", "flags": "none"}


def answer(played: Played, **more: str) -> None:
    """What is asked, and was not told in words; what a form shows as it was read is left as it is."""
    told = {**BESIDE, **more}
    if form := played.form:
        given = {one.name: more.get(one.name, one.value or BESIDE.get(one.name, "")) for one in form.inputs}
        played.do(Submitted(form.name, form.key, given))
    else:
        asked = played.draft()["standing"]
        played.do(Said("none" if len(asked) > 1 else told.get(asked[0], "don't know"), mentioned=True))


def choose(played: Played, value: str) -> str:
    """From the choice among checks that stands."""
    if form := played.form:
        (asked,) = form.inputs
        wanted = next(one.value for one in asked.options if one.value.startswith(value))
        return played.do(Submitted(form.name, form.key, {asked.name: wanted}))
    listed = played.draft()["listed"]
    number = next(n for n, one in enumerate(listed, 1) if one.startswith(value))
    return played.do(Said(str(number), mentioned=True))


def test_a_no_rests_on_what_was_agreed_to_and_names_what_was_not_used(played: Played) -> None:
    played.do(Said("check new", mentioned=True))
    said = "CXR of a man of 40 repeated, total dose 0.04 mSv instead of 0.02 mSv, Hb 92 before the second"
    assert "Not used: “Hb 92”" in played.do(Said(said, mentioned=True))
    before, sent = "", set[str]()
    while played.draft()["stage"] == "asking":
        assert "DO NOT NOTIFY" not in played.shown
        before += played.shown
        sent |= {one.name for one in played.form.inputs} if played.form else set()
        answer(played)
    if played.draft()["stage"] == "agreeing":
        assert "“0.04 mSv” → Total dose: 0.04 mSv" in played.shown
        assert "DO NOT NOTIFY" not in played.shown
        played.say_or_press("yes", "check.agree")
    else:  # a form was sent off in which it stood with its words
        assert {"category", "total_dose"} <= sent
        assert "“0.04 mSv”" in before
    assert "DO NOT NOTIFY" in played.shown
    assert "Not used: “Hb 92”" in played.shown
    sources = played.draft()["sources"]
    assert sources["total_dose"]["how"] == "answered" or sources["total_dose"]["agreed"]["id"]
    assert "Discarded" in played.say_or_press("no", "check.discard")


def test_an_effect_that_is_hinted_at_is_asked_though_the_outcome_is_settled(played: Played) -> None:
    played.do(Said("check new", mentioned=True))
    said = (
        "CT head of a man of 40 twice by mistake, 60 mSv in total instead of 4 mSv, he lost hair in patches"
    )
    played.do(Said(said, mentioned=True))
    asked: list[str] = []
    while played.draft()["stage"] == "asking":
        asked += [one.name for one in played.form.inputs] if played.form else played.draft()["standing"]
        answer(played)
    assert "NOTIFY" in played.shown
    assert "deterministic_effect" in asked
    played.say_or_press("no", "check.discard")
    played.say_or_press("yes", "check.discard")


def test_who_was_exposed_is_asked_before_all_else_where_words_speak_of_somebody_else(played: Played) -> None:
    played.do(Said("check new", mentioned=True))
    shown = played.do(Said("visitor walked into xray room during exposure, pt exam fine", mentioned=True))
    assert "were they exposed, or a patient?" in shown.lower()
    asked = [one.name for one in played.form.inputs] if played.form else played.draft()["standing"]
    assert "exposed_person" in asked
    while played.draft()["stage"] == "asking":
        answer(played, exposed_person="member_of_public")
    assert "NOT FOR IR(ME)R" in played.shown
    assert "Discarded" in played.say_or_press("no", "check.discard")


def test_a_check_that_is_taken_up_again_shows_what_it_holds_before_its_verdict(played: Played) -> None:
    played.to_verdict()
    assert "unfinished" in played.command("check")
    shown = choose(played, "go:")
    assert "What this check holds" in shown
    assert "60 mSv" in shown
    played.say_or_press("no", "check.discard")
    played.say_or_press("yes", "check.discard")


@pytest.mark.parametrize(
    ("new", "category"),
    [
        ("check bone scan repeated by mistake, a woman of 50", "nuclear_medicine"),
        ("planning CT of a woman of 62 done twice by mistake", "radiotherapy_planning"),
    ],
)
def test_words_of_another_incident_meet_no_old_check_and_both_survive(
    played: Played, new: str, category: str
) -> None:
    played.do(Said("check new", mentioned=True))
    played.do(Said("knee x-ray of the wrong patient, a man of 61", mentioned=True))
    before = played.draft()
    shown = played.do(Said(new, mentioned=True))
    choice = ("unfinished", "Go on with ", "Begin with the new words", "Look at ")
    assert [words for words in choice if words not in shown] == []
    choose(played, "new")
    held = [one.state for one in played.door.store.drafts(played.door.tenant)]
    assert before["facts"] in [one["facts"] for one in held]
    assert category in str([one["facts"] for one in held])
