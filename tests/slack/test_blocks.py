"""Cards and forms as Block Kit: within every limit, and with every word as it was written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
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
)
from bot.incoming import Malformed
from bot.slack.blocks import blocks, message, messages
from bot.slack.inputs import ShownInput, as_option, shown, values
from bot.slack.payloads import Interaction
from bot.slack.text import cut, escape, heard, pieces, unescape
from bot.slack.views import home, modal
from rules.facts import FACTS
from storage.model import UNNAMED
from tests.fakes.block_kit import message_problems, texts, view_problems
from tests.fakes.slack_state import chosen, elements_of, values_of

# Texts, parts and buttons beyond anything that core says, if not beyond all bounds.
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400) | st.sampled_from(
    [
        "",
        "<!channel>",
        "a & b < 3 mSv > 1",
        "*bold* _it_ `c` ~s~",
        "x" * 9000,
        "schön 🚑 مرحبا",
        "see https://e.org/a?b=1.",
    ]
)
names = st.text("abcdefgh_", min_size=1, max_size=20)
options = st.lists(st.tuples(names, words), max_size=40, unique_by=lambda pair: pair[0]).map(
    lambda pairs: tuple(Option(value, label) for value, label in pairs)
)
inputs = st.builds(
    Input, names, words, st.sampled_from(InputKind), options.filter(bool),
    value=words | st.sampled_from(["2026-11-03", "2026-11-03T09:15", "U0RADIO", "a,b"]), hint=words,
    error=words,
    required=st.booleans(), live=st.booleans(),
)  # fmt: skip
parts = st.one_of(
    st.builds(Text, words, st.sampled_from(Weight)),
    st.builds(Heading, words),
    st.builds(Bullets, st.lists(words, max_size=60).map(tuple)),
    st.builds(Pairs, st.lists(st.tuples(words, words), max_size=30).map(tuple)),
    st.builds(Table, st.tuples(words, words), st.lists(st.tuples(words, words), max_size=120).map(tuple)),
    st.builds(
        Mention,
        st.lists(st.sampled_from(["U0RADIO", "@physicist", "", "u1"])).map(tuple),
        st.lists(words).map(tuple),
    ),
    st.just(Divider()),
    st.builds(Folded, words, st.lists(st.builds(Text, words), max_size=3).map(tuple)),
    inputs,
)
buttons = st.lists(
    st.builds(
        Button,
        words,
        names,
        words.map(lambda v: v[:500]),
        st.sampled_from(["default", "primary", "danger"]),
        words,
    ),
    max_size=12,
).map(tuple)
bodies = st.lists(parts, max_size=60, unique_by=lambda p: p.name if isinstance(p, Input) else object()).map(
    tuple
)
cards = st.builds(Card, words, bodies, buttons, st.sampled_from(Severity), words)


@given(cards)
def test_no_card_breaks_a_limit_of_a_message(card: Card) -> None:
    assert message_problems(message(card)) == []
    for sent in messages(card):
        assert message_problems(sent) == []


@given(cards)
def test_no_card_breaks_a_limit_of_the_home_tab_or_of_a_dialog(card: Card) -> None:
    assert view_problems(home(card)) == []
    assert view_problems(modal(Form("f", "k", card.title, card.blocks, buttons=card.buttons))) == []


@given(cards)
def test_every_button_of_a_card_is_there_however_long_it_is(card: Card) -> None:
    for body in (message(card)["blocks"], messages(card)[-1]["blocks"], home(card)["blocks"]):
        actions = [e["action_id"].split(":", 1)[1] for _, e in elements_of(body) if e["type"] == "button"]
        assert actions == [button.action for button in card.buttons]


def shown_text(payload: Any) -> str:
    return "\n".join(texts(payload))


def test_markup_that_somebody_typed_comes_out_as_typed() -> None:
    typed = "<!channel> *wrong* _patient_ & <@U0RADIO> :skull:"
    card = Card(typed, (Text(typed), Bullets((typed,)), Pairs(((typed, typed),)), Text(typed, Weight.SUBTLE)))
    sent = message(card)
    assert message_problems(sent) == []
    assert shown_text(sent["blocks"]).count(typed) == 6
    assert sent["text"] == escape(typed)


def test_a_link_can_be_followed_and_its_full_stop_is_none_of_it() -> None:
    sent = message(Card("t", (Text("See https://www.gov.uk/a?b=1. Then go."),)))
    (link,) = [e for e in sent["blocks"][1]["elements"][0]["elements"] if e["type"] == "link"]
    assert link["url"] == "https://www.gov.uk/a?b=1"


def test_a_mention_calls_the_person_and_does_not_name_them_once_more() -> None:
    sent = message(Card("t", (Mention(("U0PHYS",), ("Physicist B",)),)))
    assert sent["blocks"][1]["elements"][0]["elements"] == [{"type": "user", "user_id": "U0PHYS"}]


def test_a_person_who_is_none_of_slack_s_is_named_and_the_message_goes_out() -> None:
    sent = message(Card("t", (Mention(("8a-1f", "U0PHYS", "8a-2f"), ("Physicist B",)),)))
    assert message_problems(sent) == []
    assert "Physicist B" in shown_text(sent["blocks"])
    assert UNNAMED in shown_text(sent["blocks"])
    assert "8a" not in shown_text(sent["blocks"])


def test_what_does_not_fit_into_one_message_goes_on_in_the_next_with_the_buttons_at_the_end() -> None:
    long = Card("t", tuple(Text(f"{n} " + "word " * 400) for n in range(9)), (Button("Go", "go"),))
    first, second, *rest = messages(long)
    assert not rest
    assert "actions" not in [block["type"] for block in first["blocks"]]
    assert [block["type"] for block in second["blocks"]][-1] == "actions"
    for n in range(9):
        assert f"{n} word" in shown_text(first) + shown_text(second)


def test_a_hundred_choices_are_a_list_and_what_is_beyond_is_left_out() -> None:
    many = Input("c", "Which?", InputKind.CHOICE, tuple(Option(f"v{n}", f"Label {n}") for n in range(130)))
    assert view_problems(modal(form(many))) == []


def test_many_buttons_stand_in_several_rows() -> None:
    card = Card("t", (), tuple(Button(f"Do {n}", "do", str(n)) for n in range(60)))
    assert message_problems(message(card)) == []
    assert [len(b["elements"]) for b in message(card)["blocks"][1:]] == [25, 25, 10]


def test_a_message_that_must_be_one_says_that_it_was_cut() -> None:
    sent = message(Card("t", tuple(Text("word " * 500) for _ in range(12)), (Button("Go", "go"),)))
    assert "Cut here" in shown_text(sent)
    assert sent["blocks"][-1]["type"] == "actions"


def test_a_table_becomes_lines_where_there_can_be_none() -> None:
    card = Card("t", (Table(("Case", "Due"), (("C26-0001", "Mon"),)),))
    assert [block["type"] for block in blocks(card, "message")] == ["header", "table"]
    assert "C26-0001\n\nDue: Mon" in shown_text(blocks(card, "home"))


def test_a_table_of_many_columns_stands_in_lines_that_a_phone_has_room_for() -> None:
    rows = (("1.", "C26-0001", "CT head", "A"), ("2.", "C26-0002", "", ""))
    sent = message(Card("t", (Table(("No.", "Case", "What", "Owner"), rows),)))
    assert [block["type"] for block in sent["blocks"]] == ["header", "rich_text"]
    (section,) = sent["blocks"][1]["elements"]
    assert [run["text"] for run in section["elements"]] == [
        "1. C26-0001 CT head", "\nOwner: A", "\n2. C26-0002",
    ]  # fmt: skip


def test_rows_that_do_not_fit_into_a_table_are_counted() -> None:
    card = Card("t", (Table(("Case",), tuple((f"C26-{n:04}",) for n in range(150))),))
    assert "and 51 more" in shown_text(message(card))


def test_every_answer_to_every_question_fits_uncut() -> None:
    """As an option; a longer one is no button, and its second part stands below the first."""
    for fact in FACTS.values():
        for answer in fact.answers:
            option = as_option(Option(answer.value, answer.label))
            shown = "; ".join(option[part]["text"] for part in ("text", "description") if part in option)
            assert shown == answer.label


def state_of(raw: Any) -> Any:
    """As a payload of Slack's brings it."""
    return Interaction.read({"user": {"id": "U1"}, "state": {"values": raw}}).state


def form(*inputs: Input) -> Form:
    return Form("f", "k", "Title", inputs)


CHOICE = Input(
    "nation", "Where?", InputKind.CHOICE, (Option("england", "England"), Option("", "Don't know")), live=True
)


@pytest.mark.parametrize(
    ("spec", "typed", "comes_back"),
    [
        (CHOICE, "England", "england"),
        (CHOICE, "Don't know", ""),
        (Input("c", "Kind?", InputKind.CHOICE, tuple(Option(f"v{n}", f"Label {n}") for n in range(7))),
        "Label 3", "v3"),
        (Input("f", "Any?", InputKind.CHOICES, (Option("a", "A"), Option("b", "B"))), ["A", "B"], "a,b"),
        (Input("f", "Any?", InputKind.CHOICES, tuple(Option(f"v{n}", f"L{n}") for n in range(12))),
        ["L0", "L9"], "v0,v9"),
        (Input("t", "Dose?", InputKind.TEXT), "25 mSv", "25 mSv"),
        (Input("t", "What?", InputKind.LINES), "a\nb", "a\nb"),
        (Input("t", "Dose?", InputKind.TEXT), "", ""),
        (Input("d", "Day?", InputKind.DATE), "2026-11-03", "2026-11-03"),
        (Input("d", "When?", InputKind.DATETIME), "2026-11-03", "2026-11-03"),
        (Input("u", "Who?", InputKind.USER), "U0PHYS", "U0PHYS"),
        (Input("u", "Who?", InputKind.USERS, value="U0GOV"), ["U0PHYS", "U0RADIO"], "U0PHYS,U0RADIO"),
        (Input("u", "Who?", InputKind.USERS, value="U0GOV,somebody-elsewhere"), "U0GOV, x", "U0GOV, x"),
        (Input("c", "Where?", InputKind.CHANNEL, value="C0INCIDENTS"), "C0GOVERN", "C0GOVERN"),
        (Input("c", "Where?", InputKind.CHANNEL, value="19:a@thread.tacv2"), "here", "here"),
    ],
)  # fmt: skip
def test_an_input_brings_back_what_was_put_in(spec: Input, typed: Any, comes_back: str) -> None:
    body = modal(form(spec))["blocks"]
    block, element = next(elements_of(body))
    typed_in = {(block["block_id"], element["action_id"]): chosen(element, typed)}
    assert values(state_of(values_of(body, typed_in)))[spec.name] == comes_back


def test_a_day_can_have_a_time_and_both_come_back_as_one() -> None:
    body = modal(form(Input("d", "When?", InputKind.DATETIME, value="2026-11-03T09:15")))["blocks"]
    assert values(state_of(values_of(body, {}))) == {"d": "2026-11-03T09:15"}


def test_an_input_that_is_as_the_person_left_it_keeps_its_place() -> None:
    first = modal(form(CHOICE))["blocks"]
    left = {"nation": ShownInput(first[0]["block_id"], "england")}
    same = modal(Form("f", "k", "T", (Input(**{**vars(CHOICE), "value": "england"}),)), shown=left)["blocks"]
    assert same[0]["block_id"] == first[0]["block_id"]


def test_an_input_that_core_changed_gets_a_new_place_so_that_the_client_forgets_the_old_value() -> None:
    first = modal(form(CHOICE))["blocks"]
    left = {"nation": ShownInput(first[0]["block_id"], "england")}
    changed = modal(form(CHOICE), shown=left)["blocks"]
    assert changed[0]["block_id"] != first[0]["block_id"]
    again = modal(form(CHOICE), shown={"nation": ShownInput(changed[0]["block_id"], "england")})["blocks"]
    assert again[0]["block_id"] not in (first[0]["block_id"], changed[0]["block_id"])


def test_a_question_with_other_answers_is_another_input() -> None:
    other = Input("nation", "Where?", InputKind.CHOICE, (Option("wales", "Wales"),))
    first = modal(form(CHOICE))["blocks"][0]["block_id"]
    assert modal(form(other), shown={"nation": ShownInput(first, "")})["blocks"][0]["block_id"] != first


@given(inputs)
def test_what_stands_in_a_form_from_the_start_is_found_there(spec: Input) -> None:
    state = state_of(values_of(modal(form(spec))["blocks"], {}))
    assert set(values(state)) == {spec.name} == set(shown(state))


long_texts = st.text(st.sampled_from("ab \n"), max_size=60).map(lambda text: (text + "x" * 97) * 95)


@given(long_texts, st.integers(0, 9_500))
def test_a_text_that_is_longer_than_a_field_holds_comes_back_whole(text: str, length: int) -> None:
    spec = Input("account", "What happened?", InputKind.LINES, value=text[:length])
    body = modal(form(spec))["blocks"]
    assert view_problems(modal(form(spec))) == []
    state = values_of(body, {})
    for of_slack in (state, dict(reversed(state.items()))):
        assert values(state_of(of_slack)) == {"account": text[:length]}


def test_a_text_in_several_fields_is_read_whole_after_somebody_changed_one_of_them() -> None:
    spec = Input("account", "What happened?", InputKind.LINES, value="word " * 1_000)
    body = modal(form(spec))["blocks"]
    first, second = [(block["block_id"], element["action_id"]) for block, element in elements_of(body)]
    typed = {first: {"type": "plain_text_input", "value": "Begun."}}
    left = state_of(values_of(body, typed))
    assert values(left)["account"].startswith("Begun. word word")
    again = modal(form(Input(**{**vars(spec), "value": values(left)["account"]})), shown=shown(left))[
        "blocks"
    ]
    assert again[0]["block_id"] != first[0], "its client would keep what the other fields no longer hold"
    assert values(state_of(values_of(again, {}))) == values(left)
    emptied = {key: {"type": "plain_text_input", "value": None} for key in (first, second)}
    assert values(state_of(values_of(body, emptied))) == {"account": ""}


def test_a_state_of_no_shape_is_refused() -> None:
    for state in ("x", {"b": "x"}, {"b": {"a": 1}}, {"b": ["a"]}, {"b": {"a": {"value": 5}}}):
        with pytest.raises(Malformed, match=r"state\.values"):
            state_of(state)


@given(words, st.integers(2, 60))
def test_text_in_pieces_loses_nothing_but_blanks(text: str, longest: int) -> None:
    found = list(pieces(text, longest))
    assert all(0 < len(piece) <= longest for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@given(words)
def test_what_slack_escapes_is_read_as_typed(text: str) -> None:
    assert unescape(escape(text)) == text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("notified C26-0001 _not_ yet", "notified C26-0001 not yet"),
        ("CT head, dose *50 mSv*, `5 mSv` intended", "CT head, dose 50 mSv, 5 mSv intended"),
        ("*_50 mSv_* given, _*pregnant*_", "50 mSv given, pregnant"),
        ("(_not_) *not*, \u201c_no_\u201d", "(not) not, \u201cno\u201d"),
        ("```dose\n50 mSv```", "dose\n50 mSv"),
        ("* CT head\n* 50 mSv", "* CT head\n* 50 mSv"),
        ("2*3*4, 5*10^3 and role_mpe, x_y_z", "2*3*4, 5*10^3 and role_mpe, x_y_z"),
        ("~5 mSv or ~6 mSv, 5~6 mSv", "~5 mSv or ~6 mSv, 5~6 mSv"),
        ("&gt;25 mSv", ">25 mSv"),
        ("a * b * c _ d _", "a * b * c _ d _"),
        ("*one\ntwo*", "*one\ntwo*"),
    ],
)
def test_words_are_heard_without_the_marks_of_how_they_look(typed: str, words: str) -> None:
    assert heard(typed) == (words, ())


@pytest.mark.parametrize(
    ("typed", "words", "aside"),
    [
        ("dose ~50 mSv~ 5 mSv", "dose 5 mSv", ("struck out",)),
        ("dose ~*50 mSv*~, 5 mSv, ~~adult~~", "dose , 5 mSv, ", ("struck out",)),
        ("check\n&gt; CT head\n&gt; 50 mSv\nadult", "check\n\n\nadult", ("quoted",)),
        ("check ~adult~\n&gt;&gt;&gt; CT head\n50 mSv", "check \n", ("quoted", "struck out")),
    ],
)
def test_what_is_quoted_or_struck_out_is_none_of_its_authors_words(
    typed: str, words: str, aside: tuple[str, ...]
) -> None:
    assert heard(typed) == (words, aside)


def test_links_that_slack_makes_of_words_are_read_as_the_words() -> None:
    assert unescape("see <http://e.org|e.org> and <https://a.b/c>") == "see e.org and https://a.b/c"


def test_a_text_is_cut_at_a_word_and_says_so() -> None:
    assert cut("one two three", 9) == "one two…"
    assert cut("one", 3) == "one"
