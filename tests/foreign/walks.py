"""The same walk through three doors: the conversation itself, the real face for Slack and that for Teams."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.core.messages import Capabilities, Changed, Pressed, Said, Submitted
from bot.slack.views import Origin
from bot.teams.activity import EXECUTE
from bot.teams.button_row import OURS
from storage.model import Person
from storage.organisation_model import Outside
from tests.core.cases.ward import BUTTONS, T, Ward
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_state import BOT_USER, Message, View
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import CHANNEL, TENANT, Channel, Conversation
from tests.fakes.teams_world import Message as TeamsMessage
from tests.foreign.ids import (
    INPUTS,
    MARKS,
    Walk,
    fill,
    filled_file,
    forms,
    presses,
    watching,
    words_of_every_act,
)
from tests.slack.conftest import bot_for
from tests.teams.running import Running

One = TypeVar("One")
OURS_TEAM = "19:ours@thread.tacv2"
OPERATOR = Person("os:root", "root")
IN_A_ROOM = 4  # so many go to one room, which Teams lets take six messages at once


def some(all_: Iterator[One], every: int) -> list[One]:
    return list(itertools.islice(all_, 0, None, every))


def by_the_core(path: Path, face: Capabilities) -> Walk:
    walk, ward = Walk(), Ward(path, BUTTONS)
    draft = fill(ward)
    ward.face = face
    with watching(ward.store, walk):
        for words in words_of_every_act():
            walk.saw(ward.say(words))
            ward.ask(Said(words, mentioned=True))
            walk.saw(ward.shown)
            walk.tried += 2
        for action, value in presses(draft):
            for mark in MARKS:
                ward.ask(Pressed(action, value, {"note": "x"}, "m1", mark))
                walk.saw(ward.shown)
                walk.tried += 1
        for form, key in forms(draft):
            for mark in MARKS:
                for what in (Submitted(form, key, INPUTS, mark), Changed(form, key, "note", INPUTS, mark)):
                    walk.saw(str(ward.ask(what)))
                    walk.tried += 1
    ward.store.close()
    return walk


async def by_slack(path: Path, *, every: int = 1) -> Walk:
    """A person types, presses and sends off what another organisation's cards would have brought back."""
    walk, draft = Walk(), filled_file(path)
    async with FakeSlack(seconds_a_message=0.0, limits=False, strict=False) as slack:
        async with bot_for(slack, path, tenant=T, pace=0.0) as world:
            person, numbers = slack.radiographer, itertools.count()
            with watching(world.store, walk):
                for words in some(words_of_every_act(), every):
                    await person.command(words)
                    await person.mention(words)
                    walk.tried += 2
                for (action, value), mark in some(itertools.product(presses(draft), MARKS), every):
                    number = f"{next(numbers)}{'.' if mark else ''}{mark}"
                    button = {"type": "button", "action_id": f"{number}:{action}", "value": value}
                    await person.act(_card(slack), {"block_id": "b"}, button)
                    walk.tried += 1
                for (form, key), mark in some(itertools.product(forms(draft), MARKS), every):
                    view = _view(slack, person.id, Origin(form=form, key=key, tenant=mark))
                    body = {**person._interaction("view_submission"), "view": view.as_json()}
                    await person._interact(body)
                    typed = {"type": "plain_text_input", "action_id": "note", "value": "x"}
                    await person.act(view, {"block_id": "note"}, typed)
                    walk.tried += 2
                await world.service.face.work.rest()
        walk.saw(json.dumps([slack.rendered, [repr(call) for call in slack.calls]]))
        walk.saw(repr([*slack.views.values(), *slack.channels.values()]))
    return walk


def _card(slack: FakeSlack) -> Message:
    return slack.add(slack.incidents, BOT_USER, {"text": "a card"})


def _view(slack: FakeSlack, user: str, origin: Origin) -> View:
    blocks = [
        {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": name},
         "element": {"type": "plain_text_input", "action_id": name, "initial_value": value}}
        for name, value in INPUTS.items()
    ]  # fmt: skip
    content = {
        "type": "modal", "callback_id": "form", "private_metadata": origin.model_dump_json(),
        "blocks": blocks,
    }  # fmt: skip
    view = View(slack.ids("V"), user, content, slack.ids("h"))
    slack.views[view.id] = view
    slack.stacks[user] = [view]
    return view


def by_teams(path: Path, *, every: int = 1) -> Walk:
    """In a directory of several: somebody of the one organisation's team, with the other's ids."""
    walk, draft = Walk(), filled_file(path)
    teams = FakeTeams(strict_rate=False).start()
    running = Running(teams, path, shared=(TENANT,))
    now = datetime.now(UTC)
    running.store.bind(T, Outside("teams", "team", OURS_TEAM), how="", by=OPERATOR, now=now)
    running.service.settle()
    rooms = _rooms(teams)
    with watching(running.store, walk):
        for words in some(words_of_every_act(), every):
            teams.say(words, next(rooms))
            running.settle()
            walk.tried += 1
        ours = [
            *({"do": action, "of": value} for action, value in presses(draft)),
            *({"form": form, "key": key} for form, key in forms(draft)),
        ]
        for one, mark in some(itertools.product(ours, MARKS), every):
            walk.saw(_executed(teams, next(rooms), {**one, "tenant": mark}))
            running.settle()
            walk.tried += 1
    walk.saw(repr(teams.posted()))
    running.stop()
    teams.stop()
    return walk


def _rooms(teams: FakeTeams) -> Iterator[str]:
    members = teams.conversations[CHANNEL].members
    teams.teams[OURS_TEAM] = [Channel(OURS_TEAM, None)]
    for number in itertools.count():
        room = f"19:room{number}@thread.tacv2"
        teams.conversations[room] = Conversation(room, "channel", members)
        teams.team_of[room] = OURS_TEAM
        teams.messages.append(TeamsMessage("1", room, "", True, {"attachments": []}))
        yield from [room] * IN_A_ROOM


def _executed(teams: FakeTeams, room: str, ours: dict[str, str]) -> str:
    data: dict[str, Any] = {OURS: {**ours, "shown": ",".join(INPUTS)}, **INPUTS}
    value = {"action": {"type": "Action.Execute", "verb": "do", "data": data}, "trigger": "manual"}
    activity = teams.activity("invoke", room, thread="1", name=EXECUTE, value=value, replyToId="1")
    answer = teams.deliver(activity)
    assert answer.status == 200, answer
    return repr(answer.body)
