"""Any card and any form of the conversation becomes an Adaptive Card that Teams takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cards import (
    Bullets,
    Button,
    Card,
    Divider,
    Folded,
    Form,
    Heading,
    Input,
    InputKind,
    Mention,
    Option,
    Pairs,
    Severity,
    Table,
    Text,
    Weight,
)  # fmt: skip
from bot.teams import inputs, render
from bot.teams.button_row import OURS
from bot.teams.fitting import SHORTENED
from tests.fakes.card_limits import MAX_BYTES, complaints, schema_complaints, schema_file, size, walk
from tests.fakes.teams_world import find_button, shown_values

PEOPLE = {
    "aad-1": render.Mentionable("29:1", "Alex *Radiographer*"),
    "aad-2": render.Mentionable("29:2", "Sam"),
}

words = st.text(max_size=60)
some = st.text(min_size=1, max_size=60).filter(lambda t: t.strip() != "")
names = st.from_regex(r"[a-z_]{1,20}", fullmatch=True)
options = st.lists(
    st.builds(Option, st.from_regex(r"[a-z]{1,8}", fullmatch=True), some), min_size=1, max_size=9,
    unique_by=lambda option: option.value,
)  # fmt: skip
fields = st.builds(
    Input, names, some, st.sampled_from(InputKind), options.map(tuple), words, words, words, st.booleans()
)
blocks = st.one_of(
    st.builds(Text, words, st.sampled_from(Weight)),
    st.builds(Heading, words),
    st.builds(Bullets, st.lists(words, max_size=5).map(tuple)),
    st.builds(Pairs, st.lists(st.tuples(words, words), max_size=5).map(tuple)),
    st.builds(
        Table,
        st.lists(words, max_size=4).map(tuple),
        st.lists(st.lists(words, max_size=5).map(tuple)).map(tuple),
    ),
    st.builds(
        Mention,
        st.lists(st.sampled_from(["aad-1", "aad-2", "nobody"]), max_size=3).map(tuple),
        st.lists(words, max_size=3).map(tuple),
    ),
    st.just(Divider()),
    st.builds(Folded, some, st.lists(st.builds(Text, words), max_size=3).map(tuple)),
    fields,
)
buttons = st.builds(Button, some, names, words, st.sampled_from(["default", "primary", "danger"]), words)


def distinct(made: list[object]) -> tuple[object, ...]:
    """The blocks, each input's name once."""
    seen: set[str] = set()
    return tuple(b for b in made if not isinstance(b, Input) or not (b.name in seen or seen.add(b.name)))


def check(drawn: dict) -> None:
    assert complaints(drawn) == []
    assert schema_complaints(drawn) == []


@settings(max_examples=60)
@given(
    st.builds(
        Card, some, st.lists(blocks, max_size=8).map(distinct), st.lists(buttons, max_size=20).map(tuple),
        st.sampled_from(Severity), words,
    )
)  # fmt: skip
def test_every_card_is_within_the_limits_and_the_schema(card):
    check(render.card(card, PEOPLE))


@settings(max_examples=60)
@given(
    st.builds(
        Form, names, words, some, st.lists(blocks, max_size=8).map(distinct), some,
        st.lists(buttons, max_size=8).map(tuple),
    )
)  # fmt: skip
def test_every_form_is_within_the_limits_and_the_schema(form):
    check(render.card(form, PEOPLE))


@pytest.mark.parametrize(
    "wrong",
    [
        {"bodyy": []},
        {"body": [{"type": "TextBlock", "text": "Due", "size": "Enormous"}]},
        {"body": [{"type": "TextBlock", "text": 7}]},
        {"body": [{"type": "FactSet", "facts": [{"title": "Due"}]}]},
        {"body": [{"type": "Input.ChoiceSet", "id": "x", "choices": "all"}]},
        {"actions": [{"type": "Action.Execute", "title": "Close", "verbose": True}]},
    ],
    ids=lambda wrong: str(wrong)[:60],
)
def test_what_the_schema_does_not_allow_is_complained_of_and_named(wrong):
    if schema_file() is None:
        pytest.skip("no copy of the Adaptive Card schema at hand: name one in ADAPTIVE_CARD_SCHEMA")
    found = schema_complaints({"type": "AdaptiveCard", "version": "1.5", **wrong})
    assert found != []
    assert "does not say where" not in str(found)


@pytest.mark.parametrize(
    "card",
    [
        Card("Long", (Text("word " * 20_000),)),
        Card("Many lines", (Text("\n".join(f"line {n} of an account" for n in range(3000))),)),
        Card("Wide", (Table(("a", "b"), tuple(("x" * 900, "y" * 900) for _ in range(40))),)),
        Card("Facts", (Pairs(tuple((f"fact {n}", "å" * 3000) for n in range(12))),)),
    ],
    ids=lambda card: card.title,
)
def test_a_card_that_is_too_big_is_cut_and_says_so(card):
    drawn = render.card(card)
    check(drawn)
    assert size(drawn) <= MAX_BYTES
    assert SHORTENED in str(drawn)
    assert card.title in str(drawn["body"][0])


def test_a_list_stands_in_lines_that_a_phone_has_room_for():
    """A phone shows some 40 letters in a line: columns beside one another would break inside words."""
    rows = (
        ("1.", "C26-0001", "CT head", "open", "Mon 7 December 2026", "A"),
        ("2.", "C26-0002", "x", "", "", ""),
    )
    drawn = render.card(Card("Cases", (Table(("No.", "Case", "What", "State", "Due", "Owner"), rows),)))
    assert not [node for _, node in walk(drawn) if node.get("type") in ("Table", "ColumnSet")]
    texts = [node["text"] for _, node in walk(drawn) if node.get("type") == "TextBlock"]
    assert texts[1:3] == [
        r"1\. C26-0001 CT head",
        "State: open\rDue: Mon 7 December 2026\rOwner: A",
    ]
    check(drawn)


def test_cutting_keeps_every_input_and_every_choice():
    options = tuple(Option(f"value-{n}", "label " * 30) for n in range(20))
    form = Form("f", "k", "T", (Text("x" * 50_000), Input("pick", "Pick", InputKind.CHOICE, options)))
    drawn = render.card(form)
    check(drawn)
    (pick,) = [node for _, node in walk(drawn) if node.get("id") == "pick"]
    assert [choice["value"] for choice in pick["choices"]] == [option.value for option in options]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a *b* _c_ [d](e)", r"a \*b\* \_c\_ \[d\](e)"),
        ("1. first", r"1\. first"),
        ("- 3 mSv", r"\- 3 mSv"),
        ("# title", r"\# title"),
        ("<at>Everyone</at>", "<\u2060at>Everyone<\u2060/at>"),
        ("check <what happened>", "check <\u2060what happened>"),
        ("<!-- hidden --> <0.3 mSv", "<\u2060!-- hidden --> <0.3 mSv"),
        ("2.5 mSv - 3 mSv", "2.5 mSv - 3 mSv"),
    ],
)
def test_text_is_shown_as_it_was_written(said, shown):
    drawn = render.card(Card("T", (Text(said),)))
    assert drawn["body"][1]["text"] == shown


def test_a_mention_stands_in_the_card_and_no_text_beside_it():
    activity = render.message(Card("Due", (Mention(("aad-2",), ("S",)),), summary="Notify by Friday"), PEOPLE)
    mark = {"type": "mention", "text": "<at>Sam</at>", "mentioned": {"id": "29:2", "name": "Sam"}}
    card = activity["attachments"][0]["content"]
    assert card["msteams"]["entities"] == [mark]
    assert card["body"][1]["text"] == "<at>Sam</at>"
    assert "text" not in activity
    assert activity["summary"] == "Notify by Friday"


def test_whoever_is_not_known_there_is_named_and_not_mentioned():
    activity = render.message(Card("Due", (Mention(("stranger", "aad-2"), ("Physicist B",)),)), PEOPLE)
    card = activity["attachments"][0]["content"]
    assert len(card["msteams"]["entities"]) == 1
    assert card["body"][1]["text"] == "Physicist B <at>Sam</at>"


def test_a_button_that_asks_first_needs_a_second_press():
    drawn = render.card(Card("T", (), (Button("Close", "close", "C26-0001", "danger", "Really close it?"),)))
    assert drawn["actions"][0]["type"] == "Action.ShowCard"
    sure = find_button(drawn, "Yes: Close")
    assert sure["data"] == {OURS: {"do": "close", "of": "C26-0001"}}


def test_the_seventh_button_is_behind_more():
    drawn = render.card(Card("T", (), tuple(Button(f"B{n}", f"b{n}") for n in range(20))))
    assert [action["title"] for action in drawn["actions"]] == ["B0", "B1", "B2", "B3", "B4", "More …"]
    assert find_button(drawn, "B19")["verb"] == "b19"


def test_the_buttons_beside_a_submit_do_not_wait_for_required_inputs():
    form = Form("f", "k", "T", (Input("dose", "Dose?", required=True),), buttons=(Button("Back", "back"),))
    drawn = render.card(form)
    assert find_button(drawn, "Back")["associatedInputs"] == "none"
    assert "associatedInputs" not in find_button(drawn, "Continue")


def test_what_is_wrong_stands_beside_its_input_and_the_answer_is_kept():
    form = Form("f", "k", "T", (Input("dose", "Dose?", value="25", error="say the unit"),))
    drawn = render.card(form)
    position = next(n for n, item in enumerate(drawn["body"]) if item.get("id") == "dose")
    assert drawn["body"][position]["value"] == "25"
    assert drawn["body"][position + 1]["text"] == "⚠ say the unit"


def test_a_date_and_a_time_come_back_as_one():
    assert inputs.values({"when": "2026-12-01", "when~time": "14:30"}) == {"when": "2026-12-01T14:30"}
    assert inputs.values({"when": "2026-12-01", "when~time": ""}) == {"when": "2026-12-01"}
    assert inputs.values({"when": "", "when~time": "14:30"}) == {"when": "T14:30"}


def test_a_date_and_a_time_are_shown_again_as_they_were_given():
    drawn = render.card(
        Form("f", "k", "T", (Input("when", "When?", InputKind.DATETIME, value="2026-12-01T14:30"),))
    )
    shown = {node["id"]: node.get("value") for _, node in walk(drawn) if "id" in node}
    assert shown == {"when": "2026-12-01", "when~time": "14:30"}


def test_what_is_no_text_is_no_answer():
    assert inputs.values({"a": 3, "b": ["x"], "c": {"d": 1}, "e": None, "f": " 2 mSv "}) == {"f": "2 mSv"}


def test_a_text_too_long_for_a_card_is_said_to_stay_and_is_not_asked_for():
    long = Input("account", "What happened?", InputKind.LINES, value="CT head, twice. " * 1_200)
    other = Input("learning", "What was learnt?", InputKind.LINES, value="Look twice. " * 700)
    drawn = render.card(Form("record", "k", "Keep the record", (long, other)))
    assert complaints(drawn) == []
    assert set(shown_values(drawn)) == {"learning"}
    said = json.dumps(drawn)
    assert "19,200 characters, kept as they are" in said
    assert find_button(drawn, "Continue")["data"]["irmer"]["shown"] == "learning"
