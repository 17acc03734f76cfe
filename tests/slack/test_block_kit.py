"""The limits checker itself: it refuses what Slack refuses, and passes what Slack takes."""

import copy
from typing import Any

import pytest

from tests.fakes.block_kit import message_problems, view_problems

PLAIN = {"type": "plain_text", "text": "x"}
BUTTON = {"type": "button", "text": PLAIN, "action_id": "a"}
OPTION = {"text": PLAIN, "value": "v"}
SELECT = {"type": "static_select", "action_id": "s", "options": [OPTION]}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
INPUT = {
    "type": "input",
    "block_id": "i",
    "label": PLAIN,
    "element": {"type": "plain_text_input", "action_id": "t"},
}
MODAL = {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [INPUT]}


def of(length: int) -> dict[str, str]:
    return {"type": "plain_text", "text": "x" * length}


def message(*blocks: dict[str, Any], text: str = "x", **more: Any) -> dict[str, Any]:
    return {"text": text, "blocks": list(blocks), **more}


GOOD = [
    message({"type": "section", "text": of(3000)}),
    message({"type": "section", "fields": [of(2000)] * 6}),
    message({"type": "header", "text": of(150)}, {"type": "divider"}, RICH, TABLE),
    message({"type": "context", "elements": [of(2000), of(2000)]}),
    message({"type": "actions", "elements": [{**BUTTON, "action_id": str(n)} for n in range(25)]}),
    message(*[{"type": "divider"}] * 50),
    message(text="a &lt; b &amp; c <@U0ABC> <!date^1^{date}|1 May> <https://example.org|here>"),
]


@pytest.mark.parametrize("sent", GOOD)
def test_what_slack_takes_has_no_problem(sent: dict[str, Any]) -> None:
    assert message_problems(sent) == []


def test_a_modal_that_slack_takes_has_no_problem() -> None:
    assert view_problems(MODAL) == []


BAD = {
    "no fallback text": message(RICH, text=""),
    "51 blocks": message(*[{"type": "divider"}] * 51),
    "13,201 characters": message(*[{"type": "section", "text": of(2641)}] * 5),
    "an unknown block": message({"type": "video"}),
    "an unknown key": message({"type": "divider", "color": "red"}),
    "a section of 3,001": message({"type": "section", "text": of(3001)}),
    "an empty section": message({"type": "section"}),
    "an empty text": message({"type": "section", "text": of(0)}),
    "11 fields": message({"type": "section", "fields": [of(1)] * 11}),
    "a field of 2,001": message({"type": "section", "fields": [of(2001)]}),
    "a header of 151": message({"type": "header", "text": of(151)}),
    "a header in markup": message({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
    "11 context elements": message({"type": "context", "elements": [of(1)] * 11}),
    "26 buttons": message({"type": "actions", "elements": [{**BUTTON,
    "action_id": str(n)} for n in range(26)]}),
    "two buttons of one id": message({"type": "actions", "elements": [BUTTON, BUTTON]}),
    "a label of 76": message({"type": "actions", "elements": [{**BUTTON, "text": of(76)}]}),
    "a value of 2,001": message({"type": "actions", "elements": [{**BUTTON, "value": "v" * 2001}]}),
    "an empty value": message({"type": "actions", "elements": [{**BUTTON, "value": ""}]}),
    "an unknown style": message({"type": "actions", "elements": [{**BUTTON, "style": "default"}]}),
    "a confirmation without words": message({"type": "actions", "elements": [{**BUTTON, "confirm": {}}]}),
    "101 options": message(
        {"type": "actions", "elements": [{**SELECT, "options": [{**OPTION,
        "value": str(n)} for n in range(101)]}]}
    ),
    "options of one value": message({"type": "actions", "elements": [{**SELECT, "options": [OPTION,
    OPTION]}]}),
    "an empty option value": message({"type": "actions", "elements": [{**SELECT, "options": [{**OPTION,
    "value": ""}]}]}),
    "a foreign initial option": message(
        {"type": "actions", "elements": [{**SELECT, "initial_option": {**OPTION, "value": "w"}}]}
    ),
    "a block id twice": message({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}),
    "a block id of 256": message({"type": "divider", "block_id": "a" * 256}),
    "two tables": message(TABLE, TABLE),
    "101 rows": message({**TABLE, "rows": TABLE["rows"] * 101}),
    "an empty cell": message({"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}),
    "uneven rows": message({"type": "table", "rows": [*TABLE["rows"], TABLE["rows"][0] * 2]}),
    "an alert in a message": message({"type": "alert", "text": PLAIN}),
    "an empty rich text": message({"type": "rich_text", "elements": []}),
    "bare markup in the text": message(text="<!channel> come"),
    "a bare ampersand": message(text="a & b"),
    "bare markup in a section": message({"type": "section", "text": {"type": "mrkdwn", "text": "dose < 3"}}),
    "metadata without payload": message(RICH, metadata={"event_type": "e"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_slack_refuses_is_a_problem(name: str) -> None:
    assert message_problems(BAD[name])


BAD_VIEWS: dict[str, dict[str, Any]] = {
    "a title of 25": {"title": of(25)},
    "a submit of 25": {"submit": of(25)},
    "no blocks": {"blocks": []},
    "101 blocks": {"blocks": [{"type": "divider"}] * 101},
    "metadata of 3,001": {"private_metadata": "m" * 3001},
    "a callback id of 256": {"callback_id": "c" * 256},
    "an unknown key": {"color": "red"},
    "a table": {"blocks": [TABLE]},
    "a label of 2,001": {"blocks": [{**INPUT, "label": of(2001)}]},
    "a day that is none": {
        "blocks": [{**INPUT, "element": {"type": "datepicker", "action_id": "d",
        "initial_date": "2026-02-30"}}]
    },
    "a time that is none": {
        "blocks": [{**INPUT, "element": {"type": "timepicker", "action_id": "d", "initial_time": "24:00"}}]
    },
    "a person that is none": {
        "blocks": [{**INPUT, "element": {"type": "users_select", "action_id": "d", "initial_user": "me"}}]
    },
    "11 checkboxes": {
        "blocks": [
            {**INPUT, "element": {"type": "checkboxes", "action_id": "c", "options": [
                {**OPTION, "value": str(n)} for n in range(11)]}}
        ]
    },
    "a text of 3,001": {
        "blocks": [{**INPUT, "element": {"type": "plain_text_input", "action_id": "t",
        "initial_value": "x" * 3001}}]
    },
    "a button for an input": {"blocks": [{**INPUT, "element": BUTTON}]},
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_view_that_slack_refuses_is_a_problem(name: str) -> None:
    assert view_problems({**MODAL, **BAD_VIEWS[name]})


def test_a_modal_with_inputs_wants_a_submit() -> None:
    view = copy.deepcopy(MODAL)
    del view["submit"]
    assert view_problems(view)


def test_a_home_tab_has_no_title() -> None:
    assert view_problems({"type": "home", "blocks": [RICH]}) == []
    assert view_problems({"type": "home", "blocks": [RICH], "title": PLAIN})
