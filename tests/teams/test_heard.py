"""What is heard of a text: mentions, of the bot and of others, and marks that are no words."""

from __future__ import annotations

import pytest

from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL, GROUP, OTHER_CHANNEL, SAM
from tests.teams.running import Running

CHAT = "a:alex"


def mentioning(teams: FakeTeams, where: str, text: str, *others: dict[str, str]) -> dict[str, object]:
    """An activity whose text mentions the bot first, then the others by their marks."""
    activity = teams.activity(where=where, text=f"<at>IRMER</at> {text}")
    bot = {"type": "mention", "mentioned": activity["recipient"], "text": "<at>IRMER</at>"}
    called = [{"type": "mention", "mentioned": one, "text": f"<at>{one['name']}</at>"} for one in others]
    return activity | {"entities": [bot, *called]}


@pytest.mark.parametrize("known", [True, False], ids=["who wrote before", "who never wrote"])
def test_people_and_channels_in_a_text_reach_the_conversation_by_their_ids(
    teams: FakeTeams, bot: Running, monkeypatch, known
):
    said = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: said.append(request.what.text) or [])
    if known:
        teams.say("help", CHANNEL, who=SAM)
    channel = {"id": OTHER_CHANNEL, "name": "Governance", "type": "channel"}
    text = "assign C26-0001 <at>Sam Physicist</at>, tell <at>Governance</at>"
    teams.deliver(mentioning(teams, CHANNEL, text, {"id": SAM.id, "name": SAM.name}, channel))
    assert said[-1] == f"assign C26-0001 <@{SAM.object_id}>, tell <#{OTHER_CHANNEL}>"
    reference = bot.store.reference(teams.tenant, "teams", OTHER_CHANNEL)
    assert reference is not None
    assert reference.data["kind"] == "channel"


def test_a_mention_whose_entity_says_no_text_is_found_by_its_name(
    teams: FakeTeams, bot: Running, monkeypatch
):
    said = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: said.append(request.what.text) or [])
    teams.say("help", CHANNEL, who=SAM)
    activity = mentioning(
        teams, CHANNEL, "assign C26-0001 <at>Sam Physicist</at>", {"id": SAM.id, "name": SAM.name}
    )
    for entity in activity["entities"]:
        del entity["text"]
    teams.deliver(activity)
    assert said[-1] == f"assign C26-0001 <@{SAM.object_id}>"


def test_the_names_of_strangers_in_a_text_stay(teams: FakeTeams, bot: Running):
    stranger = {"id": "29:nobody", "name": "foetal"}
    teams.deliver(mentioning(teams, CHAT, "threshold <at>foetal</at>", stranger))
    bot.settle()
    assert "10 mGy" in teams.last(CHAT).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "<at>Sam Physicist</at> and <at>IRMER</at> threshold foetal",
            f"<@{SAM.object_id}> and threshold foetal",
        ),
        ("note C26-0001 5 &lt; 6 &amp; 7 &gt; 6 <at>IRMER</at>", "note C26-0001 5 < 6 & 7 > 6"),
        ("note C26-0001 &lt;b&gt; one<br>two", "note C26-0001 <b> one\ntwo"),
    ],
)
def test_only_the_bots_own_mention_is_taken_off_and_the_text_is_as_it_was_written(
    teams: FakeTeams, bot: Running, monkeypatch, text, said
):
    heard = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: heard.append(request.what.text) or [])
    teams.say("help", CHANNEL, who=SAM)
    activity = mentioning(teams, CHANNEL, "", {"id": SAM.id, "name": SAM.name}) | {"text": text}
    assert teams.deliver(activity).status == 200
    assert heard[-1] == said


def test_a_mark_of_its_name_is_a_mention_also_without_an_entity(teams: FakeTeams, bot: Running):
    teams.deliver(teams.activity(where=GROUP, text="<at>IRMER</at> threshold foetal"))
    teams.deliver(teams.activity(where=GROUP, text="<at>Sam</at> threshold foetal"))
    bot.settle()
    assert len(teams.posted(GROUP)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<at id="0">Sam Physicist</at> assign C26-0001',
        "assign C26-0001 @Sam Physicist",
        "assign C26-0001 Sam Physicist please",
    ],
)
def test_a_mention_that_no_mark_stands_for_is_found_by_its_name(
    teams: FakeTeams, bot: Running, monkeypatch, text
):
    said = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: said.append(request.what.text) or [])
    teams.say("help", CHANNEL, who=SAM)
    activity = mentioning(teams, CHANNEL, text, {"id": SAM.id, "name": SAM.name})
    for entity in activity["entities"][1:]:
        del entity["text"]
    assert teams.deliver(activity).status == 200
    assert f"<@{SAM.object_id}>" in said[-1]
    assert "Physicist" not in said[-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "check <table><tr><td>intended dose</td><td>5 mSv</td></tr>"
            "<tr><td>dose given</td><td>50&nbsp;mSv</td></tr></table>",
            "check\nintended dose 5 mSv\ndose given 50 mSv",
        ),
        ('check <TABLE><TR><TH scope="col">dose</TH><TD>5 mSv</TD></TR></TABLE>', "check\ndose 5 mSv"),
        (
            'check <blockquote itemscope itemid="1700000000123"><strong>Sam</strong>'
            "<p>CT head</p></blockquote><p>50 mSv</p>",
            "check\nSam\nCT head\n50 mSv",
        ),
        ('<quoted messageId="1700000000123"/> check CT head 50 mSv', "check CT head 50 mSv"),
        ('<attachment id="9"></attachment> check CT head', "check CT head"),
        ("check <h1>CT</h1><pre>head</pre><ul><li>50 mSv</li></ul>", "check\nCT\nhead\n50 mSv"),
        ('check <a href="https://pacs.example/50">CT</a> <code>50 mSv</code>', "check CT 50 mSv"),
        ("check 10<sup>6</sup> Bq, 2<sup>nd</sup> scan", "check 10^6 Bq, 2nd scan"),
        ('check <emoji id="x" alt="🤰" title="Pregnant"></emoji> CT', "check 🤰 CT"),
        ("notified C26-0001 _not_ yet", "notified C26-0001 not yet"),
        ("check <i>_not_</i> *pregnant*, role_mpe", "check not pregnant, role_mpe"),
        ("check one<br><br/>two", "check one\n\ntwo"),
        ("check dose<5 mSv and age>3", "check dose<5 mSv and age>3"),
        ("check &lt;td&gt;50 mSv", "check <td>50 mSv"),
    ],
)
def test_of_what_was_pasted_or_quoted_the_words_are_heard_and_none_of_its_marks(
    teams: FakeTeams, bot: Running, monkeypatch, text, said
):
    heard = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: heard.append(request.what.text) or [])
    teams.say(text, CHAT)
    assert heard == [said]


def test_a_dose_in_a_pasted_table_is_not_taken_for_more_than_it(teams: FakeTeams, bot: Running):
    cells = "".join(f"<tr><td>{row[0]}</td><td>{row[1]}</td></tr>" for row in (
        ("CT head", ""), ("intended dose", "5 mSv"), ("dose given", "50 mSv"),
    ))  # fmt: skip
    teams.say(f"check <table>{cells}</table>", CHAT)
    bot.settle()
    shown = teams.last(CHAT).text
    assert "Total dose: 50 mSv" in shown
    assert "Intended dose: 5 mSv" in shown
