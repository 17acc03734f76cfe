"""What can be typed is shown as it is typed there: with the mention where others talk, without it in
somebody's own chat, wherever it was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.core.actions.table import ACTS, BY_WORD
from bot.core.messages import not_sent
from bot.core.word_table import WORD_OF, WORDS
from bot.teams.deliver import REST
from bot.teams.hints import as_typed_in
from rules.deciding import decide
from rules.parsing import parse
from storage.model import Assessment, Person
from tests.core.cases.ward import NOTIFY
from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_connector import Fault
from tests.fakes.teams_world import ALEX, CHANNEL, GROUP, Message
from tests.teams.running import Running

CHAT = "a:alex"
_WORDS = sorted({one for one in (*WORD_OF, *BY_WORD, "edit") if one[0].isalpha()}, key=len, reverse=True)
_SUBJECT = r"(?:C26-\d{4}|2026-\d{4}|T26-\d{4})"
_DOES = r"(?= (?:shows|lists|keeps|opens|gives|goes|does|begins|confirms)\b)"
HINT = re.compile(
    rf"(?<![\w-])((?:@IRMER )?(?:add to )?)({'|'.join(_WORDS)})"
    rf"(?: {_SUBJECT}| page \d| <| me\b| here\b|{_DOES})"
)
TAILS = ("", " xyz", " page 9")


def texts(message: Message) -> Iterator[str]:
    yield message.activity.get("text") or ""
    for attachment in message.activity.get("attachments", ()):
        for _, node in walk(attachment["content"]):
            for key in ("text", "title", "label", "placeholder", "errorMessage", "fallbackText"):
                if isinstance(said := node.get(key), str):
                    yield said
            for fact in node.get("facts", ()):
                yield from (fact["title"], fact["value"])


@pytest.mark.parametrize("where", [CHAT, CHANNEL, GROUP])
def test_every_hint_is_what_is_typed_where_it_is_read(tmp_path, where: str) -> None:
    teams = FakeTeams(strict_rate=False).start()
    bot = Running(teams, tmp_path / "irmer.sqlite")
    facts = parse(NOTIFY, bot.clock().date())
    kept = Assessment({**facts.stated, "account": "wrong patient"}, decide(facts).as_dict())
    by = Person(ALEX.object_id)
    number = bot.store.keep(teams.tenant, kept, by=by, now=bot.clock()).number
    for words in ("hello", f"open {number}"):
        teams.say(words, CHAT)
        bot.settle()
    said = [f"{act.verb} {one}".strip() for act in ACTS for one in ("C26-0001", number, "")]
    for words in (*said, *(f"{word.verb}{tail}" for word in WORDS for tail in TAILS)):
        teams.say(words, where)
        bot.settle()
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for message in teams.posted():
        own = message.conversation.startswith("a:")
        for text in texts(message):
            assert not (own and "@IRMER" in text)
            assert "/irmer" not in text.replace("org.uk/irmer", "")
            for hint in HINT.finditer(text):
                mentioned = hint[1].startswith("@IRMER ")
                assert mentioned is not own, (message.conversation, hint[0], text)
                seen[own].add(hint[2])
    assert len(seen[True]) > 15
    assert (len(seen[False]) > 15) is (where != CHAT)
    bot.stop()
    teams.stop()


@pytest.mark.parametrize(("where", "hint"), [(CHAT, "such as case C"), (CHANNEL, "such as @IRMER case C")])
def test_what_could_not_be_sent_is_asked_for_as_it_is_typed_there(
    teams: FakeTeams, bot: Running, where: str, hint: str
) -> None:
    for fault in (Fault(409), Fault(413)):
        teams.faults.append(fault)
        teams.say("threshold foetal", where)
        bot.settle()
        assert hint in teams.last(where).text
    assert REST in teams.last(where).text
    assert "such as case C26-0001." in not_sent("")


def test_what_somebody_typed_and_what_a_button_brings_back_stay_as_they_are() -> None:
    card = {
        "type": "AdaptiveCard",
        "body": [
            {"type": "TextBlock", "text": "@IRMER cases lists them; mention @IRMER or @IRMER Ward."},
            {
                "type": "Input.Text",
                "id": "note",
                "label": "Say @IRMER note <text>",
                "value": "@IRMER due",
            },
            {"type": "FactSet", "facts": [{"title": "Next", "value": "@IRMER due"}]},
        ],
        "actions": [{"type": "Action.Execute", "title": "Due", "data": {"of": "@IRMER due"}}],
    }
    own = as_typed_in(CHAT, card)
    assert own["body"][0]["text"] == "cases lists them; mention @IRMER or @IRMER Ward."
    assert own["body"][1] == {**card["body"][1], "label": "Say note <text>"}
    assert own["body"][2]["facts"] == [{"title": "Next", "value": "due"}]
    assert own["actions"] == card["actions"]
    assert as_typed_in(CHANNEL, card) == card
