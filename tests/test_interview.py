"""`irmer interview`: the check as JSON Lines, with the questions and verdicts that the faces give."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.core.check.answers import read_answer
from bot.core.check.check import Check
from bot.core.draft import read_draft
from bot.lines import BadLine, interview_line
from bot.schemas import SCHEMAS
from rules.deadlines import UK, uk_date
from rules.deciding import decide
from rules.facts import FACTS, FLAGS, NOT_FOR_MALE_OR_YOUNG_CHILD, Kind
from rules.parsing import parse
from tests.fakes.teams import FakeTeams
from tests.processes import NOW as NOW_OPTION
from tests.processes import STORY, irmer
from tests.rules.incidents import complete_incident, many
from tests.rules.test_planner import answer as truth
from tests.slack.player import FormPlayer, SlackPlayer, WordsPlayer
from tests.slack.screen import seen
from tests.stories import Story, stories
from tests.teams.player import TeamsPlayer
from tests.terminal.player import TerminalPlayer

NOW = datetime(2026, 11, 5, 10, 0, tzinfo=UK)
step = interview_line(NOW)
SCHEMA = Draft202012Validator(SCHEMAS["interview"]())
NOTHING = {"deterministic_effect": "none", "individuals_exposed": 1}


def said(asked: tuple[str, ...], answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What a story's person answers to a question, as an interview takes it."""
    if len(asked) > 1:
        if "person" in answers and {*asked} & {*NOT_FOR_MALE_OR_YOUNG_CHILD}:
            return dict.fromkeys(NOT_FOR_MALE_OR_YOUNG_CHILD, False)
        ticked = {n: ">=2" if n == "individuals_exposed" else True for n in answers.get("flags", ())}
        return {name: ticked.get(name, NOTHING.get(name, False)) for name in asked}
    (name,) = asked
    given = answers.get(name, answers.get("age_group") if name == "age_years" else None)
    if name not in answers and name in answers.get("flags", ()):
        given = "yes"
    if given is None:
        return {name: "unknown"}
    return dict([read_answer(name, str(given), now)])


def interviewed(line: dict[str, Any], answers: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The questions in the order in which they came, and the last step."""
    questions: list[str] = []
    now = datetime.fromisoformat(line["now"]).replace(tzinfo=UK)
    for _ in range(40):
        found = step(line)
        SCHEMA.validate(found)
        if found["ask"]:
            questions.append(found["ask"]["question"])
            line["answers"] = {**line.get("answers", {}), **said(found["ask"]["facts"], answers, now)}
        elif found["agree"]:
            line["agreed"] = [*line.get("agreed", []), *found["agree"]]
        else:
            return questions, found
    raise AssertionError("no verdict after 40 questions")


@contextmanager
def in_the_terminal(path: Path, story: Story) -> Iterator[Any]:
    player = TerminalPlayer(path, story.now, story.nation)
    yield player, lambda: [card.title for card in player.screen.cards]
    player.store.close()


@contextmanager
def in_slack(path: Path, story: Story, player: type[SlackPlayer]) -> Iterator[Any]:
    made = player(path, story.now, story.nation)
    yield (
        made,
        lambda: [shown.title for m in made.slack.direct(made.person.id).messages if (shown := seen(m))],
    )
    made.close()


@contextmanager
def in_teams(path: Path, story: Story) -> Iterator[Any]:
    teams = FakeTeams().start()
    player = TeamsPlayer(teams, path, story.now, story.nation)
    yield player, list
    player.stop()
    teams.stop()
    assert teams.complaints == []


# Each with the titles of what was shown, in the order in which it came.
FACES = {
    "terminal": in_the_terminal,
    "Slack": partial(in_slack, player=WordsPlayer),
    "Slack's dialogs": partial(in_slack, player=FormPlayer),
    "Teams": in_teams,
}
BY_FORMS = ("Slack's dialogs", "Teams")
ASKS = {fact.ask for fact in FACTS.values()} | {"Which of these apply?", "What is in doubt?"}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_a_face_and_the_interview_ask_the_same_and_come_to_the_same_verdict(story, face, tmp_path):
    first = next(one for one in story.steps if one["do"] == "check")
    text, answers = first.get("text", ""), {**story.answers, **first.get("answers", {})}
    line = {"text": text or None, "now": story.now.isoformat()[:16], "nation": story.nation or None}
    questions, found = interviewed(line, answers)
    with FACES[face](tmp_path / "a.sqlite", story) as (player, titles):
        player.check(text, answers)
        (kept,) = player.store.drafts(player.tenant)
        check = Check(read_draft(kept), uk_date(story.now))
        shown = [title for title in titles() if title in ASKS]
    assert check.verdict.outcome == found["verdict"]["outcome"]
    asked = line.get("answers", {}).keys() - {"age_group"}
    if face in BY_FORMS:  # a form asks several questions at once, and learns more
        assert asked <= {*check.draft.facts, *check.draft.skipped, *NOT_FOR_MALE_OR_YOUNG_CHILD}
        assert {*found["verdict"]["codes"]} <= {*check.verdict.codes}
        return
    assert shown == questions
    assert check.facts.stated == {n: v for n, v in found["facts"].items() if n in FACTS}
    assert json.loads(json.dumps(check.verdict.as_dict())) == found["verdict"]


# ------------------------------------------------------------------------------------------ what it gives
def test_a_line_of_text_gives_what_was_read_with_its_words_and_the_first_question():
    found = step(
        {"text": "Wrong patient had a chest x-ray, her visitor was exposed as well", "nation": "england"}
    )
    SCHEMA.validate(found)
    assert {"fact": "category", "value": "diagnostic", "words": "x-ray", "sure": True} in found["read"]
    assert found["facts"]["nation"] == "england"
    assert "exposure" not in found["facts"]
    assert found["ask"]["facts"] == ["exposure"]
    assert found["ask"]["options"][0]["value"] in {one["value"] for one in found["read"] if not one["sure"]}
    assert (found["agree"], found["verdict"]) == ([], None)


def test_an_assumption_stands_among_what_was_read_and_is_agreed_to_before_a_no():
    line = {
        "text": "9 year old girl, hand x-ray of the wrong side, 0.001 mSv intended, 0.002 mSv in total",
        "nation": "england",
        "answers": {"exposure": "unintended", "individuals_exposed": 1, "clinically_significant": False},
    }
    found = step(line)
    assumed = {"fact": "unintended_foetal_exposure", "value": False, "words": "9 year old", "sure": True}
    assert assumed in found["read"]
    assert found["facts"]["unintended_foetal_exposure"] is False
    assert "unintended_foetal_exposure" in found["agree"]
    assert found["verdict"] is None
    done = step({**line, "agreed": found["agree"]})
    assert (done["agree"], done["verdict"]["outcome"]) == ([], "do_not_notify")
    taken_back = step({**line, "answers": {**line["answers"], "unintended_foetal_exposure": "unknown"}})
    assert "unintended_foetal_exposure" not in taken_back["facts"]
    assert (taken_back["agree"], taken_back["ask"]["facts"]) == ([], ["discovered_on"])  # undecided by now


def test_an_answer_beats_the_text_and_unknown_takes_back_what_was_read():
    text = "CT head instead of chest x-ray, total 5 mSv, England"
    assert step({"text": text})["facts"]["total_dose"] == "5 mSv"
    assert step({"text": text, "answers": {"total_dose": "7 mSv"}})["facts"]["total_dose"] == "7 mSv"
    gone = step({"text": text, "answers": {"total_dose": "unknown"}})
    assert "total_dose" not in gone["facts"]
    against = step({"text": "CT, 2 mSv intended, 5 mSv given", "answers": {"exposure": "accidental"}})
    assert against["facts"]["exposure"] == "accidental"
    assert "intended_dose" not in against["facts"]


def test_facts_that_were_answered_are_never_to_be_agreed_to():
    rng = Random(3)
    for _ in many(40):
        incident = complete_incident(rng)
        incident.pop("exposed_person", None)
        line: dict[str, Any] = {"answers": {}}
        for _ in range(len(FACTS)):
            found = step(line)
            assert found["agree"] == []
            if not found["ask"]:
                break
            for name in found["ask"]["facts"]:
                value = {} if FACTS[name].kind is Kind.DATE else truth(incident, name)
                line["answers"] |= {
                    n: str(v) if not isinstance(v, bool | int) else v for n, v in value.items()
                } or {name: "unknown"}
        stated = {n: v for n, v in found["facts"].items() if n in FACTS}
        assert found["verdict"] == json.loads(json.dumps(decide(parse(stated, uk_date(NOW))).as_dict()))


def test_unknown_to_everything_leads_to_undecided_after_all_that_could_settle_it_was_asked():
    line: dict[str, Any] = {"answers": {"category": "radiotherapy_treatment", "exposure": "unintended"}}
    while (found := step(line))["ask"]:
        line["answers"] |= dict.fromkeys(found["ask"]["facts"], "unknown")
    assert found["verdict"]["outcome"] == "undecided"
    assert {"geographical_miss", "target_dose_ratio", "clinically_significant"} <= line["answers"].keys()


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ({"answers": {"total_dose": "5 mGy"}}, {"total_dose"}),
        ({"answers": {"total_dos": 5}}, {"total_dos"}),
        ({"answers": {"exposure": "accidental", "intended_dose": 3}}, {"exposure", "intended_dose"}),
        ({"answers": {"exposure": "as_intended", "dose_ratio": 2}}, {"exposure", "dose_ratio"}),
        ({"answers": []}, {"answers"}),
        ({"agreed": ["dose"]}, {"agreed"}),
        ({"agreed": "nation"}, {"agreed"}),
        ({"text": 3}, {"text"}),
        ({"text": "x" * 40_000}, {"text"}),
        ({"now": "soon"}, {"now"}),
        ({"nation": "france"}, {"nation"}),
        ({"site": "x"}, {"site"}),
    ],
)
def test_a_bad_line_names_what_is_wrong(line, facts):
    with pytest.raises(BadLine) as bad:
        step(line)
    assert {fact for fact, _ in bad.value.errors} == facts
    assert all(message and "\n" not in message for _, message in bad.value.errors)


def test_lines_are_answered_in_a_real_process_and_a_bad_one_in_its_place():
    given = "\n".join([json.dumps({"text": STORY}), "{", "{}"])
    status, out, err = irmer("interview", *NOW_OPTION, given=given)
    first, bad, last = (json.loads(line) for line in out.splitlines())
    assert (status, err) == (1, "")
    assert first["facts"]["age_years"] == 9
    assert bad == {"error": [{"fact": None, "message": "the line is not JSON: a line is one JSON object"}]}
    assert last["ask"]["facts"] == ["category"]


TEXTS = (
    "hand x-ray twice by mistake, adult man, nobody pregnant, one patient, wales",
    "near miss: wrong patient on the table, stopped before exposure",
    "a member of staff was in the room during a CT",
    "CT head twice, 2 mSv intended, 4 mSv in total, a boy of 9, England, unintended",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_no_rests_on_answers_and_agreement_and_never_on_words_alone(text):
    """With the answers and what is agreed to alone the same outcome is settled; with less there is none."""
    line: dict[str, Any] = {"text": text, "answers": {"clinically_significant": False}}
    while (found := step(line))["ask"]:
        names = found["ask"]["facts"]
        line["answers"] |= {name: NOTHING.get(name, False) if name in FLAGS else "unknown" for name in names}
    if found["verdict"]:
        assert found["verdict"]["outcome"] in ("notify", "undecided")
        return
    agreed = found["agree"]
    done = step({**line, "agreed": agreed})["verdict"]
    assert done["outcome"] in ("do_not_notify", "not_irmer")
    vouched = {n: v for n, v in found["facts"].items() if n in {*line["answers"], *agreed}}
    assert decide(parse(vouched, uk_date(NOW))).outcome == done["outcome"]
    for name in agreed:
        assert step({**line, "agreed": [one for one in agreed if one != name]})["verdict"] is None
