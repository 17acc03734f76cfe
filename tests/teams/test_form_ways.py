"""What can be done at a check's card in Teams beside filling it in: as a button, and as a word."""

from __future__ import annotations

import pytest

from bot.core.check import form_ways
from bot.core.draft import Draft
from tests.fakes.card_limits import complaints, walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import Message
from tests.teams.running import Running

CHAT = "a:alex"
BASICS = {"exposure": "accidental", "category": "diagnostic", "age_years": "40", "nation": "england"}
DOSE = "total_dose"


def say(teams: FakeTeams, bot: Running, text: str) -> Message:
    teams.say(text, CHAT)
    bot.settle()
    return teams.last(CHAT)


def at_second(teams: FakeTeams, bot: Running) -> Message:
    form = say(teams, bot, "check")
    teams.press(form, "Continue", **BASICS)
    assert DOSE in ids(form)
    return form


def ids(message: Message) -> dict[str, object]:
    return {node["id"]: node.get("value") for _, node in walk(message.card) if "id" in node}


def titles(message: Message) -> list[str]:
    return [action["title"] for action in message.card["actions"]]


def draft(teams: FakeTeams, bot: Running) -> dict:
    (kept,) = bot.store.drafts(teams.tenant)
    return kept.state


def test_every_way_is_a_button_in_one_row(teams: FakeTeams, bot: Running):
    first = say(teams, bot, "check")
    assert titles(first) == ["Continue", "Don't know the rest", "That is all I know", "Why?"]
    teams.press(first, "Continue", **BASICS)
    assert titles(first)[4:] == ["Back", "Change an answer"]
    assert complaints(first.card) == []


def test_back_shows_the_form_before_with_what_was_answered(teams: FakeTeams, bot: Running):
    form = at_second(teams, bot)
    teams.press(form, "Back")
    assert (ids(form)["exposure"], ids(form)["category"]) == ("accidental", "diagnostic")
    teams.press(form, "Continue", category="diagnostic")
    assert DOSE in ids(form)


@pytest.mark.parametrize("way", ["Back", "Change an answer"])
def test_what_is_typed_goes_along_to_the_form_that_is_gone_to(teams: FakeTeams, bot: Running, way: str):
    """A dose that was typed, and nobody exposed: that contradicts itself wherever it was typed."""
    form = at_second(teams, bot)
    teams.press(form, way, total_dose="25 mSv", flags="clinically_significant")
    shown = ids(form)
    assert (shown["exposure"], shown[DOSE]) == ("accidental", "25 mSv")
    assert shown["flags"] == "clinically_significant"
    assert DOSE not in draft(teams, bot)["facts"], "it was not sent off"
    teams.press(form, "Continue", exposure="near_miss")
    assert "so nobody was exposed: correct it" in form.text
    assert ids(form)[DOSE] == "25 mSv"
    assert draft(teams, bot)["facts"]["exposure"] == "accidental"


def test_a_time_without_its_day_is_not_passed_over(teams: FakeTeams, bot: Running):
    form = say(teams, bot, "check")
    teams.press(form, "Continue", **BASICS, **{"discovered_on~time": "14:30"})
    assert "⚠ not clear as a day" in form.text
    assert ids(form)["discovered_on~time"] == "14:30"
    teams.press(form, "Continue", discovered_on="2026-11-30")
    assert draft(teams, bot)["facts"]["discovered_on"] == "2026-11-30T14:30:00"


def test_what_is_filled_in_is_taken_when_the_rest_is_not_known(teams: FakeTeams, bot: Running):
    form = at_second(teams, bot)
    teams.press(form, "Don't know the rest", total_dose="25 mSv")
    state = draft(teams, bot)
    assert state["facts"][DOSE] == "25 mSv"
    assert state["skipped"]


def test_that_is_all_i_know_takes_what_is_filled_in_and_comes_to_the_verdict(teams: FakeTeams, bot: Running):
    form = at_second(teams, bot)
    teams.press(form, "That is all I know", total_dose="25 mSv")
    assert "NOTIFY — code 1" in form.text
    assert draft(teams, bot)["enough"] is True


def test_why_says_it_of_each_input_and_the_form_stays(teams: FakeTeams, bot: Running):
    form = at_second(teams, bot)
    before = form.card
    teams.press(form, "Why?")
    bot.settle()
    assert "Why this is asked" in teams.last(CHAT).text
    assert ids(form).keys() == {node["id"] for _, node in walk(before) if "id" in node}


@pytest.mark.parametrize(
    ("word", "shows"),
    [
        ("back", "exposure"),
        ("undo", "exposure"),
        ("edit", "category"),
        ("edit total dose", DOSE),
    ],
)
def test_words_do_what_the_buttons_do(teams: FakeTeams, bot: Running, word: str, shows: str):
    form = at_second(teams, bot)
    shown = say(teams, bot, word)
    assert shown is not form
    assert shows in ids(shown)


@pytest.mark.parametrize("words", ["edit total dose 30 mSv", "change the total dose to 30 mSv"])
def test_a_change_with_its_value_fills_it_in(teams: FakeTeams, bot: Running, words: str):
    at_second(teams, bot)
    assert ids(say(teams, bot, words))[DOSE] == "30 mSv"


def test_why_and_not_knowing_and_the_end_work_as_words(teams: FakeTeams, bot: Running):
    at_second(teams, bot)
    assert "Why this is asked" in say(teams, bot, "why").text
    assert "UNDECIDED" in say(teams, bot, "that is all I know").text
    assert draft(teams, bot)["facts"]["exposure"] == "accidental"


def test_not_known_as_a_word_confirms_nothing_that_was_only_read(teams: FakeTeams, bot: Running):
    say(teams, bot, "check CT head wrong patient, adult, 3 mSv")
    say(teams, bot, "don't know")
    sources = draft(teams, bot)["sources"]
    assert {sources[name]["how"] for name in ("category", DOSE)} == {"read"}


def test_a_verdict_is_kept_explained_and_changed_by_words(teams: FakeTeams, bot: Running):
    form = at_second(teams, bot)
    teams.press(form, "That is all I know", total_dose="25 mSv")
    assert "Criteria met" in say(teams, bot, "reasons").text
    assert DOSE in ids(say(teams, bot, "edit total dose"))
    teams.press(teams.last(CHAT), "That is all I know")
    assert "Kept as record" in say(teams, bot, "record only").text


@pytest.mark.parametrize("stage", ["asking", "agreeing", "verdict", "discarding", "why", "details"])
@pytest.mark.parametrize(
    "text",
    ["yes", "No.", "that is right", "keep", "record only", "discard", "threshold foetal", "cases", "2", ""],
)
def test_whatever_answers_a_card_is_looked_at_as_an_answer(stage: str, text: str):
    draft = Draft("1", "2026-11-24", stage=stage)
    assert form_ways.may_answer(text) or not form_ways.is_answer(draft, text)
