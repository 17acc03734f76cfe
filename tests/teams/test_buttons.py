"""Presses of buttons: the card gives way to its successor, and nothing that is made up does harm."""

from __future__ import annotations

import pytest

from bot.teams import render
from bot.teams.button_row import OURS
from bot.teams.execute import ELSEWHERE, ERROR, LINE
from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL, SAM, find_button
from tests.teams.player import TeamsPlayer
from tests.teams.running import NOW, Running

CHAT = "a:alex"
NEW = {"exposure": "accidental", "category": "diagnostic", "age_years": "40"}


def begun(teams: FakeTeams, bot: Running):
    teams.say("check", CHAT)
    bot.settle()
    return teams.last(CHAT)


def test_the_card_replaces_itself_for_the_one_who_pressed_and_for_all(teams: FakeTeams, bot: Running):
    form = begun(teams, bot)
    answer = teams.press(form, "Continue", **NEW)
    assert answer.body["type"] == render.CARD
    assert "total_dose" in {node.get("id") for _, node in walk(answer.body["value"])}
    bot.settle()
    assert teams.posted(CHAT) == [form]
    assert form.edits == 1


def test_what_is_wrong_is_said_beside_its_input_and_the_rest_is_kept(teams: FakeTeams, bot: Running):
    form = begun(teams, bot)
    teams.press(form, "Continue", **{**NEW, "age_years": "four hundred"})
    shown = {node["id"]: node.get("value") for _, node in walk(form.card) if "id" in node}
    assert shown["exposure"] == "accidental"
    assert shown["category"] == "diagnostic"
    body = form.card["body"]
    position = next(n for n, item in enumerate(body) if item.get("id") == "age_years")
    assert body[position + 1]["text"].startswith("⚠ ")
    assert body[position + 1]["color"] == "Attention"


def test_a_check_goes_on_after_a_restart(teams: FakeTeams, tmp_path):
    first = Running(teams, tmp_path / "irmer.sqlite")
    form = begun(teams, first)
    teams.press(form, "Continue", **NEW)
    first.stop()
    second = Running(teams, tmp_path / "irmer.sqlite")
    teams.press(form, "Continue", total_dose="5 mSv", flags="none")
    second.settle()
    (draft,) = second.store.drafts(teams.tenant)
    assert draft.state["facts"]["total_dose"] == "5 mSv"
    assert draft.state["facts"]["exposure"] == "accidental"
    second.stop()


def test_the_button_of_a_check_that_is_over_changes_nothing(teams: FakeTeams, tmp_path):
    player = TeamsPlayer(teams, tmp_path / "irmer.sqlite", NOW, "england")
    answers = {**NEW, "exposure": "no", "category": "1", "total_dose": "5 mSv", "discovered_on": "2026-11-30"}
    player.check("", answers)
    verdict = player.card
    old = dict(verdict.activity)
    player.keep({})
    verdict.activity = old  # on another device, which has not heard of it
    answer = teams.press(verdict, "Open a case")
    player.bot.settle()
    assert "Kept already, as C26-0001" in str(answer.body)
    assert len(player.store.records(teams.tenant)) == 1
    player.stop()


def test_yes_keeps_what_a_verdict_asks_also_in_words(teams: FakeTeams, tmp_path):
    player = TeamsPlayer(teams, tmp_path / "irmer.sqlite", NOW, "england")
    answers = {**NEW, "exposure": "no", "category": "1", "total_dose": "5 mSv", "discovered_on": "2026-11-30"}
    player.check("", answers)
    assert "Discard it all the same?" in player.say("no")
    assert "NOTIFY" in player.say("no")
    assert "Kept as record 2026-0001, case C26-0001 opened" in player.say("yes")
    player.stop()


def test_somebody_elses_check_cannot_be_pressed(teams: FakeTeams, bot: Running):
    form = begun(teams, bot)
    form.conversation = "a:sam"  # forwarded to a chat of their own
    teams.press(form, "Continue", SAM, **NEW)
    bot.settle()
    assert "This check is over" in teams.last("a:sam").text
    (draft,) = bot.store.drafts(teams.tenant)
    assert "exposure" not in draft.state["facts"]


def test_two_presses_at_once_are_worked_on_once(teams: FakeTeams, bot: Running):
    form = begun(teams, bot)
    action = {"type": "Action.Execute", "verb": "submit", "data": {**form.card["actions"][0]["data"], **NEW}}
    activity = teams.activity(
        "invoke", CHAT, name="adaptiveCard/action", replyToId=form.id, value={"action": action}
    )
    first, second = teams.deliver(activity), teams.deliver(activity)
    assert first.status == second.status == 200
    assert first.body == second.body
    bot.settle()
    assert form.edits == 1


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"action": None},
        {"action": {"data": None}},
        {"action": {"data": "x"}},
        {"action": {"data": {}}},
        {"action": {"data": {"irmer": "x"}}},
        {"action": {"data": {"irmer": {}}}},
        {"action": {"data": {"irmer": {"do": 7}}}},
        {"action": {"data": {"irmer": {"do": ["check.keep"]}}}},
        {"action": {"data": {"irmer": {"do": "x" * 20_001}}}},
        {"action": {"data": {"irmer": {"of": "only"}}}},
    ],
    ids=str,
)
def test_a_press_of_no_card_of_ours_is_an_error_in_one_line(teams: FakeTeams, bot: Running, value):
    activity = teams.activity("invoke", CHAT, name="adaptiveCard/action", value=value)
    answer = teams.deliver(activity)
    assert answer.status == 200
    assert answer.body["type"] == ERROR
    assert answer.body["statusCode"] == 400


@pytest.mark.parametrize(
    "ours",
    [
        {"do": "no.such.button", "of": ""},
        {"do": "check.keep", "of": "made-up"},
        {"do": "check.answer", "of": ":::"},
        {"do": "record.correct", "of": "2026-0001"},
        {"do": "record.correct", "of": "'; drop table record; --"},
        {"form": "check", "key": "made-up"},
        {"form": "no such form", "key": ""},
    ],
    ids=str,
)
def test_made_up_data_of_a_card_changes_nothing(teams: FakeTeams, bot: Running, ours):
    form = begun(teams, bot)
    value = {
        "action": {
            "type": "Action.Execute",
            "verb": "x",
            "data": {OURS: ours, "exposure": "accidental"},
        }
    }
    answer = teams.invoke(form, value)
    assert answer.status == 200
    assert answer.body["type"] in (LINE, render.CARD)
    bot.settle()
    assert bot.store.records(teams.tenant) == ()
    (draft,) = bot.store.drafts(teams.tenant)
    assert "exposure" not in draft.state["facts"]


def test_inputs_that_were_never_asked_for_are_no_facts(teams: FakeTeams, bot: Running):
    form = begun(teams, bot)
    data = {
        **form.card["actions"][0]["data"],
        **NEW,
        "__class__": "x",
        "tenant": "other",
        "irmer2": {"do": "x"},
    }
    teams.invoke(form, {"action": {"type": "Action.Execute", "verb": "submit", "data": data}})
    bot.settle()
    (draft,) = bot.store.drafts(teams.tenant)
    assert set(draft.state["facts"]) <= {"nation", "exposure", "category", "age_years", "discovered_on"}


def test_a_form_that_was_asked_for_in_a_channel_opens_in_the_personal_chat(teams: FakeTeams, bot: Running):
    teams.say("help", CHANNEL)
    bot.settle()
    root = teams.messages[0]
    shown = teams.posted()[0]
    value = {
        "action": {
            "type": "Action.Execute",
            "verb": "x",
            "data": find_button(shown.card, "Check an incident")["data"],
        }
    }
    activity = teams.activity("invoke", CHANNEL, name="adaptiveCard/action", value=value, replyToId=shown.id)
    answer = teams.deliver(activity)
    bot.settle()
    assert answer.body == {"statusCode": 200, "type": LINE, "value": ELSEWHERE}
    assert "Is it notifiable?" in teams.last(CHAT).text
    assert root.conversation == CHANNEL


def test_the_answer_of_an_older_client_comes_as_a_message_and_is_taken(teams: FakeTeams, bot: Running):
    form = begun(teams, bot)
    data = {**form.card["actions"][0]["data"], **NEW}
    activity = teams.activity("message", CHAT, value=data, replyToId=form.id)
    assert teams.deliver(activity).status == 200
    bot.settle()
    assert "What effective dose" in teams.last(CHAT).text


def test_an_error_of_the_bots_own_is_one_line_and_the_card_stays(teams: FakeTeams, bot: Running, monkeypatch):
    form = begun(teams, bot)

    def fail(*_: object) -> list[object]:
        raise RuntimeError("boom")

    monkeypatch.setattr(bot.bot, "handle", fail)
    answer = teams.press(form, "Continue", **NEW)
    assert answer.status == 200
    assert "went wrong" in answer.body["value"]["message"]
    assert form.edits == 0


def test_the_reasons_of_a_verdict_fold_and_open_without_a_press_of_ours(teams: FakeTeams, bot: Running):
    form = begun(teams, bot)
    teams.press(form, "Continue", **NEW)
    teams.press(form, "Continue", total_dose="25 mSv", flags="none")
    body = form.card["body"]
    assert [line["text"].partition(":** ")[0] for line in body[1:4]] == ["**Next", "**By whom", "**By when"]
    fold = next(item for item in body if item["type"] == "Container" and len(item["items"]) == 2)
    button, reasons = fold["items"]
    assert button["actions"][0]["title"] == "Reasons: show or hide"
    assert reasons["isVisible"] is False
    assert "Criteria met" in str(reasons)
    assert "Criteria met" not in str([item for item in body if item is not fold])
    assert "Show reasons" not in {action["title"] for action in form.card["actions"]}


def test_what_was_said_meanwhile_is_not_taken_back_by_whoever_left_it_empty(teams: FakeTeams, bot: Running):
    """Two people at one card in a thread: the second has it as it was before the first one sent it."""
    teams.say("hello", CHANNEL)
    teams.say("check", CHANNEL, thread=teams.messages[0].id)
    bot.settle()
    form = teams.last(CHANNEL)
    old = form.activity
    teams.press(form, "Continue", **{**NEW, "age_years": "9"})
    form.activity = old
    teams.press(form, "Continue", SAM, category="interventional")
    assert "Age: 9 years (Alex Radiographer)" in form.text
    shown = {node["id"]: node.get("value") for _, node in walk(form.card) if "id" in node}
    assert (shown["exposure"], shown["age_years"]) == ("accidental", "9")
    assert shown["category"] == "interventional"
    teams.press(form, "Continue", SAM)
    (draft,) = bot.store.drafts(teams.tenant)
    kept = {name: draft.state["facts"].get(name) for name in NEW}
    assert kept == {"exposure": "accidental", "category": "interventional", "age_years": 9}
