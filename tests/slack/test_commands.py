"""`/irmer` as people type it, in both modes."""

from __future__ import annotations

from tests.fakes.slack_people import buttons, words
from tests.slack.conftest import World


async def test_a_look_up_is_answered_privately_within_the_acknowledgement(either: World) -> None:
    answer = await either.slack.radiographer.command("threshold foetal")
    assert answer is not None
    assert answer.only_for == either.slack.radiographer.id
    assert "10 mGy" in words(answer)
    await either.slack.quiet()
    assert [call.method for call in either.slack.calls if call.method.startswith("chat.")] == []


async def test_the_bare_command_shows_what_it_can_do_with_a_button(either: World) -> None:
    answer = await either.slack.radiographer.command("")
    assert answer is not None
    assert "/irmer check" in words(answer)
    assert "Check an incident" in buttons(answer)


async def test_check_opens_the_form_as_a_skeleton_and_fills_it(either: World) -> None:
    await either.slack.radiographer.command("check")
    view = await either.slack.until(
        lambda: (v := either.slack.radiographer.view) and v.content["callback_id"] == "form" and v
    )
    assert "What kind of exposure was it?" in words(view)
    assert [call.method for call in either.slack.calls if call.method.startswith("views.")] == [
        "views.open",
        "views.update",
    ]
