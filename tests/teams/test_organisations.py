"""One directory of several organisations: each team leads to its own, and somebody's own chat to those of the
teams that they are in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.actions.delivery_cards import CaseContents
from bot.teams.face import PERSONAL
from storage.model import UNLINKED, Destination, Person
from storage.organisation_model import Outside
from storage.plans import PostPlan
from storage.sqlite import SqliteStore
from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, CHANNEL, ROBIN, SAM, TEAM, TENANT, Conversation, Member, Message
from tests.storage.helpers import open_case
from tests.teams.running import NOW, Running

NORTH, SOUTH = "19:north@thread.tacv2", "19:south@thread.tacv2"
NORTH_CHANNEL, SOUTH_CHANNEL = "19:north-incidents@thread.tacv2", "19:south-incidents@thread.tacv2"
OPERATOR = Person("os:root", "root")
OUTSIDER = Member("29:kim", "00000000-0000-0000-0000-00000000000d", "Kim Dosimetrist")
NOWHERE = "This place leads to no organisation yet"


@pytest.fixture
def bot(teams: FakeTeams, tmp_path: Path) -> Iterator[Running]:
    """Two organisations in a directory that is known to be shared: a team each, and a case of one number."""
    teams.add_team(NORTH, NORTH_CHANNEL, ALEX, ROBIN)
    teams.add_team(SOUTH, SOUTH_CHANNEL, SAM, ROBIN)
    teams.conversations[chat(ROBIN)].installed = True
    teams.people[OUTSIDER.id] = OUTSIDER
    teams.conversations[chat(OUTSIDER)] = Conversation(chat(OUTSIDER), "personal", {OUTSIDER.id})
    running = Running(teams, tmp_path / "irmer.sqlite", shared=(TENANT,))
    for id_, name, team in (("north", "North Trust", NORTH), ("south", "South Trust", SOUTH)):
        running.store.add_organisation(id_, name, by=OPERATOR, now=NOW)
        running.store.bind(id_, Outside("teams", "team", team), how="", by=OPERATOR, now=NOW)
        assert open_case(running.store, tenant=id_) == "C26-0001"
        running.store.add_note(id_, "C26-0001", f"seen in the {id_}", by=OPERATOR, now=NOW)
    running.service.settle()
    yield running
    running.stop()


def chat(who: Member) -> str:
    return f"a:{who.id[3:]}"


def said(teams: FakeTeams, bot: Running, text: str, where: str, who: Member = ALEX) -> str:
    """What the bot answers."""
    before = len(teams.posted())
    assert teams.say(text, where, who=who).status == 200
    bot.settle()
    return "\n".join(message.text for message in teams.posted()[before:])


def test_each_team_has_its_own_cases_and_a_chat_those_of_the_team_that_its_person_is_in(
    teams: FakeTeams, bot: Running
) -> None:
    assert bot.service.tenants == ("north", "south")
    for where, who, id_ in (
        (NORTH_CHANNEL, ALEX, "north"), (SOUTH_CHANNEL, SAM, "south"), (chat(ALEX), ALEX, "north"),
        (chat(SAM), SAM, "south"),
    ):  # fmt: skip
        shown = said(teams, bot, "case C26-0001", where, who)
        assert f"seen in the {id_}" in shown
        assert shown.count("seen in") == 1


def test_somebody_in_two_is_asked_which_and_each_card_names_it(teams: FakeTeams, bot: Running) -> None:
    asked = said(teams, bot, "case C26-0001", chat(ROBIN), ROBIN)
    assert "Which organisation is this chat about?" in asked
    assert "seen in" not in asked
    teams.press(teams.last(chat(ROBIN)), "South Trust (south)", ROBIN)
    bot.settle()
    assert "seen in the south" in teams.last(chat(ROBIN)).text  # what was asked goes on
    for words in ("cases", "check"):  # it is remembered
        assert "South Trust · type organisation to change" in said(teams, bot, words, chat(ROBIN), ROBIN)
    said(teams, bot, "organisation", chat(ROBIN), ROBIN)
    teams.press(teams.last(chat(ROBIN)), "North Trust (north)", ROBIN)
    bot.settle()
    assert "seen in the north" in said(teams, bot, "case C26-0001", chat(ROBIN), ROBIN)


def test_who_left_a_team_is_asked_about_anew_after_a_day(teams: FakeTeams, bot: Running) -> None:
    now = NOW
    bot.clock = lambda: now
    assert "C26-0001" in said(teams, bot, "cases", chat(ALEX))
    teams.conversations[NORTH].members.clear()
    now = NOW + timedelta(days=1, minutes=1)
    assert NOWHERE in said(teams, bot, "cases", chat(ALEX))
    teams.conversations[NORTH].members.add(ALEX.id)
    now += timedelta(minutes=11)
    assert "C26-0001" in said(teams, bot, "cases", chat(ALEX))


def test_a_team_that_does_not_say_is_told_of_and_nothing_is_shown(teams: FakeTeams, bot: Running) -> None:
    teams.unsaid.add(NORTH)
    assert "try again in a minute" in said(teams, bot, "case C26-0001", chat(ALEX))
    teams.unsaid.clear()
    assert "seen in the north" in said(teams, bot, "case C26-0001", chat(ALEX))


def test_where_nothing_leads_nothing_is_kept_or_shown_and_no_name_is_written_down(
    teams: FakeTeams, bot: Running
) -> None:
    before = content(bot)
    for words in ("cases", "case C26-0001", "note C26-0001 x", "settings nation england", "due", "link"):
        assert "to no organisation" in said(teams, bot, words, CHANNEL)
    said(teams, bot, "check wrong patient, CT head", CHANNEL)
    assert "4.2b" in said(teams, bot, "threshold 4.2b", CHANNEL)  # what the guidance says
    after = content(bot)
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed <= {"unlinked", "delivery", "draft"}
    assert ("teams", "team", TEAM) in [row[:3] for row in after["unlinked"]]
    assert "Alex" not in str([after["unlinked"], after["delivery"], after["audit"], after["person"]])


def content(bot: Running) -> dict[str, list[tuple[object, ...]]]:
    with bot.store._connections.read(None) as sql:  # type: ignore[attr-defined]
        names = [row["name"] for row in sql.all("select name from sqlite_schema where type = 'table'")]
        return {name: [tuple(row.values()) for row in sql.all(f"select * from {name}")] for name in names}


def test_a_card_of_one_that_is_pressed_where_another_is_at_home_does_nothing(
    teams: FakeTeams, bot: Running
) -> None:
    said(teams, bot, "case C26-0001", chat(ALEX))
    card = teams.last(chat(ALEX))
    title = next(node["title"] for _, node in walk(card.card) if node.get("type") == "Action.Execute")

    def trails() -> object:
        return bot.store.audit("north"), bot.store.audit("south", subject="C26-0001")

    before = trails()
    moved = Message(card.id, chat(SAM), "", True, card.activity)  # forwarded, say
    teams.messages.append(moved)
    answer = teams.press(moved, title, SAM)
    bot.settle()
    assert "made in another organisation's name" in f"{answer.body} {teams.last(chat(SAM)).text}"
    assert trails() == before


def test_a_code_brings_a_team_to_an_organisation_and_both_see_who_did_it(
    teams: FakeTeams, bot: Running
) -> None:
    assert "Settings are changed by an administrator" in said(teams, bot, "link", chat(SAM), SAM)
    said(teams, bot, "link", chat(ALEX))  # who administers the bot
    code = teams.last(chat(ALEX)).text.split()[0]
    assert "North Trust already" in said(teams, bot, f"link {code}", chat(ALEX))
    said(teams, bot, f"link {code}", CHANNEL, SAM)
    outside = Outside("teams", "team", TEAM, bot.settings.client_id)
    assert bot.store.bound([outside]) == ""
    question = teams.wait(lambda: next(m for m in teams.posted() if "Is this team private?" in m.text))
    teams.press(question, "It is private: link it", SAM)
    bot.settle()
    assert bot.store.bound([outside]) == "north"
    assert SAM.name in {one.by.name for one in bot.store.bindings("north")}
    assert "seen in the north" in said(teams, bot, "case C26-0001", CHANNEL, SAM)
    assert "no such code" in said(teams, bot, "link ABCD2345", chat(OUTSIDER), OUTSIDER)
    assert "used already" in said(teams, bot, f"link {code}", chat(OUTSIDER), OUTSIDER)
    assert bot.store.next_due("north", "teams") is not None  # where it was asked for is told
    assert "link code used" in [entry.what for entry in bot.store.audit("north")]
    assert "linked by a code" in [entry.what for entry in bot.store.audit(UNLINKED)]


def test_what_another_process_binds_and_takes_away_is_so_from_the_next_word_on(
    teams: FakeTeams, bot: Running, tmp_path: Path
) -> None:
    another, team = SqliteStore(tmp_path / "irmer.sqlite"), Outside("teams", "team", NORTH)
    for id_, other in (("north", "south"), ("south", "north")):
        for where in (NORTH_CHANNEL, chat(ALEX)):
            assert f"seen in the {id_}" in said(teams, bot, "case C26-0001", where)
        another.unbind(id_, team, how="", by=OPERATOR, now=NOW)
        for where in (NORTH_CHANNEL, chat(ALEX)):
            assert "seen in" not in said(teams, bot, "case C26-0001", where)
        another.bind(other, team, how="", by=OPERATOR, now=NOW)
    another.close()


def test_a_reminder_in_somebodys_own_chat_says_whose_it_is_and_one_in_a_channel_need_not(
    bot: Running,
) -> None:
    contents = CaseContents(bot.store, PERSONAL)
    shown, batches = {}, {}
    for name, conversation in (("own", ROBIN.object_id), ("own too", chat(ROBIN)), ("team", NORTH_CHANNEL)):
        place = Destination("teams", conversation)
        bot.store.post("north", PostPlan(name, place, {"text": "told"}), now=NOW)
        batch = bot.store.claim("north", "teams", worker=name, now=NOW, lease=timedelta(minutes=1))
        assert batch is not None
        batches[name] = batch
        shown[name] = str(contents.card(batch, NOW, repeat=False))
    assert {name for name, card in shown.items() if "North Trust" in card} == {"own", "own too"}
    bot.store.unbind("south", Outside("teams", "team", SOUTH), how="", by=OPERATOR, now=NOW)
    assert "North Trust" not in str(contents.card(batches["own"], NOW, repeat=False))
