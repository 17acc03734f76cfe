"""What is heard of a text: mentions, of the bot and of others, and marks that are no words."""

from __future__ import annotations

import pytest

from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import APP, CHANNEL, GROUP, OTHER_CHANNEL, SAM
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
def test_of_what_was_pasted_the_words_are_heard_and_none_of_its_marks(
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


QUOTED = (
    '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1700000000123">'
    '<strong itemprop="mri" itemid="{by}">Sam Physicist</strong><span itemprop="time" itemid="1"></span>'
    '<p itemprop="preview">CT head, 60 mSv given</p></blockquote><p>{own}</p>'
)
BY_SAM, NOT_USED = QUOTED.replace("{by}", SAM.id), "Not used: what is"


@pytest.mark.parametrize("where", [CHAT, GROUP, CHANNEL])
@pytest.mark.parametrize(
    ("written", "said", "aside"),
    [
        (BY_SAM.format(own="check adult, 5 mSv"), "check adult, 5 mSv", ("quoted",)),
        (BY_SAM.format(own="check"), "check", ("quoted",)),
        ("<p>check</p><blockquote>one<blockquote>two</blockquote>three</blockquote>", "check", ("quoted",)),
        ("<p>check <s>60 mSv</s> 5 mSv</p>", "check 5 mSv", ("struck out",)),
        ("<p>check 5<del>0</del> mSv, <strike>not</strike> CT</p>", "check 5 mSv, CT", ("struck out",)),
        (
            '<p>check <span style="text-decoration:line-through">a <span>b</span></span> 5 mSv</p>',
            "check 5 mSv", ("struck out",),
        ),
        (BY_SAM.format(own="check <s>adult</s>") + "<s>", "check", ("quoted", "struck out")),
        ("<p>check <s>60 mSv", "check", ("struck out",)),
        ('<codeblock class="x"><code>check<br>5 &lt; 6 &lt;b&gt;</code></codeblock>', "check\n5 < 6 <b>", ()),
        ("<p>check <s></s><s/>5 mSv</p>", "check 5 mSv", ()),
        ("<p>check ~60 mSv~ 5 mSv</p>", "check 5 mSv", ("struck out",)),
        (
            "<p>check</p><table><tr><td>meant</td><td>5 mSv</td></tr>"
            "<tr><td>given</td><td>9 mSv</td></tr></table>",
            "check\nmeant 5 mSv\ngiven 9 mSv", (),
        ),
        (QUOTED.format(by=f"28:{APP}", own="check adult"), "check adult", ()),
    ],
)  # fmt: skip
def test_only_what_the_author_says_now_is_heard(
    teams: FakeTeams, bot: Running, monkeypatch, where, written, said, aside
):
    """Teams runs the text together: what is quoted and what is struck out is seen in the HTML beside it."""
    heard = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: heard.append(request.what) or [])
    teams.say("", where, html=written)
    assert [(one.text, one.aside) for one in heard] == [(said, aside)]


@pytest.mark.parametrize("text", ["", "check CT head, wrong patient"])
@pytest.mark.parametrize(
    "kind", ["application/vnd.microsoft.teams.file.download.info", "reference", "image/png"]
)
def test_a_file_beside_the_words_is_said_not_to_be_used(teams: FakeTeams, bot: Running, kind, text):
    teams.say(text, CHAT, attachments=[{"contentType": kind, "name": "dose report.pdf", "content": {}}])
    bot.settle()
    assert len([one for one in teams.posted() if "Not used: what is attached" in one.text]) == 1


@pytest.mark.parametrize("by", [SAM.id, f"28:{APP}"], ids=["a person", "the bot"])
def test_a_quotation_whose_words_teams_keeps_apart_is_known_by_its_entity(
    teams: FakeTeams, bot: Running, monkeypatch, by
):
    heard = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: heard.append(request.what) or [])
    entity = {"type": "quotedReply", "quotedReply": {"messageId": "17", "senderId": by, "preview": "60 mSv"}}
    teams.say('<quoted messageId="17"/> check adult', CHAT, entities=[entity])
    assert [(one.text, one.aside) for one in heard] == [("check adult", ("quoted",) if by == SAM.id else ())]


@pytest.mark.parametrize("where", [CHAT, GROUP, CHANNEL])
def test_whoever_quotes_or_strikes_out_a_dose_is_told_that_it_was_not_taken(
    teams: FakeTeams, bot: Running, where
):
    teams.say("", where, html=BY_SAM.format(own="check CT head, wrong patient, <s>50 mSv given</s>"))
    bot.settle()
    assert [one.conversation for one in teams.posted() if NOT_USED in one.text] == [where]
    (draft,) = bot.store.drafts(teams.tenant)
    assert draft.state["facts"]["category"] == "diagnostic"
    assert "0 mSv" not in str(draft.state)
    teams.say("", where, html="<p>due</p>")
    bot.settle()
    assert len([one for one in teams.posted() if NOT_USED in one.text]) == 1


def test_who_is_quoted_is_not_taken_for_the_bot_where_nobody_says_who_that_is(
    teams: FakeTeams, bot: Running, monkeypatch
):
    heard = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: heard.append(request.what) or [])
    html = BY_SAM.replace("itemscope", 'itemscope=""').format(own="check adult")
    for beside in (
        {"attachments": [{"contentType": "text/html", "content": html}]},
        {"entities": [{"type": "quotedReply", "quotedReply": {"messageId": "17"}}]},
    ):
        teams.deliver(teams.activity(where=CHAT, text="check adult", recipient={}, **beside))
    assert [(one.text, one.aside) for one in heard] == [("check adult", ("quoted",))] * 2


def test_text_beside_which_the_html_says_something_else_is_read_as_it_is(
    teams: FakeTeams, bot: Running, monkeypatch
):
    heard = []
    monkeypatch.setattr(bot.bot, "handle", lambda request, face: heard.append(request.what) or [])
    beside = [
        {"contentType": "text/html", "content": "<p>a preview of something</p>"},
        {"contentType": "text/html", "content": {"x": 1}},
        {"contentType": 7},
        {"contentType": "application/vnd.microsoft.card.thumbnail", "content": {"title": "a page"}},
        "x",
    ]
    teams.deliver(teams.activity(where=CHAT, text="check 5 mSv", attachments=beside))
    assert [(one.text, one.aside) for one in heard] == [("check 5 mSv", ())]


@pytest.mark.parametrize(
    ("kind", "aside"),
    [
        ("image/*", "attached"),
        ("application/vnd.microsoft.teams.file.download.info", "attached"),
        ("forwardedMessageReference", "forwarded"),
    ],
)
@pytest.mark.parametrize("text", ["check CT head", ""])
def test_a_file_or_a_message_beside_the_words_is_said_not_to_be_used(
    teams: FakeTeams, bot: Running, text, kind, aside
):
    teams.deliver(
        teams.activity(where=CHAT, text=text, attachments=[{"contentType": kind, "name": "dose.pdf"}])
    )
    bot.settle()
    first, second = teams.posted(CHAT)
    assert f"Not used: what is {aside}" in first.text
    assert ("Is it notifiable?" if text else "IR(ME)R") in second.text
