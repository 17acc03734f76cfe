"""Teams over its fake: somebody's own chat with the bot, or a thread of a channel with a colleague."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.cards import Card, Form
from bot.core.messages import Command, Edited, Open, Pressed, Reply, Said, Show, Submitted, What
from bot.teams.asked import CAPABILITIES, PERSONAL
from tests.fakes.card_limits import walk
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_world import ALEX, CHANNEL, PEOPLE, SAM, Answer, Member, Message, shown_values
from tests.teams.player import CHAT, TeamsPlayer
from tests.teams.screen import TIME, seen
from tests.truthful.doors import Gone


class TeamsDoor(TeamsPlayer):
    edits = True

    def __init__(self, path: Path, now: datetime, way: str) -> None:
        self.people = 2 if way == "thread" else 1
        self.face = CAPABILITIES if way == "thread" else PERSONAL
        self._root = ""
        self._kept: list[Message] = []
        super().__init__(FakeTeams().start(), path, now, where=CHANNEL if way == "thread" else CHAT)

    def do(self, what: What, who: int, now: datetime) -> list[Reply]:
        return self._seen_after(lambda: [self._act(what, (ALEX, SAM)[who])], now)

    def both(self, what: What, now: datetime) -> list[Reply]:
        def act() -> list[Answer]:
            with ThreadPoolExecutor(2) as pool:
                return [done.result() for done in [pool.submit(self._act, what, one) for one in (ALEX, SAM)]]

        return self._seen_after(act, now)

    def close(self) -> None:
        self.stop()
        self.teams.stop()
        assert self.teams.complaints == []

    def _seen_after(self, act: Callable[[], list[Answer]], now: datetime) -> list[Reply]:
        self.now = now
        before = {m.id: json.dumps(m.card) for m in self.teams.posted()}
        answers = act()
        self.bot.settle()
        assert all(answer.status == 200 for answer in answers)
        after = self.teams.posted()
        changed = [m for m in after if before.get(m.id) != json.dumps(m.card)]
        changed.sort(key=lambda m: m.id not in before)
        self._kept += map(copy, changed)
        shown = [seen(m.card) if m.card else Card(m.text) for m in changed]
        if not shown:  # a line beside the card, or the card as one sees it on another device
            shown = [one for answer in answers for one in _answered(answer)]
        return [Open(one) if isinstance(one, Form) else Show(one) for one in shown]

    def _act(self, what: What, who: Member) -> Answer:
        match what:
            case Command(text) | Said(text):
                place = {"thread": self._root} if self._root else {}
                answer = self.teams.say(text, self.where, who=who, **place)
                if self.where == CHANNEL and not self._root:
                    self._root = next(m.thread for m in reversed(self.teams.messages) if not m.by_bot)
                return answer
            case Edited(deleted):
                return self._corrected(deleted)
            case Pressed(action, value, inputs):
                return self._press(who, dict(inputs), do=action, of=value)
            case Submitted(form, key, inputs):
                return self._press(who, dict(inputs), form=form, key=key)
        raise Gone(type(what).__name__)

    def _corrected(self, deleted: bool) -> Answer:
        own = [m for m in self.teams.messages if not m.by_bot]
        if not own:
            raise Gone("nothing was said yet")
        author = PEOPLE[own[-1].activity["from"]["id"]]
        if deleted:
            if own[-1].id == self._root:  # nothing can be said there any more
                self._root = ""
            return self.teams.delete(own[-1], author)
        return self.teams.edit(own[-1], own[-1].activity["text"] + ", or so", author)

    def _press(self, who: Member, inputs: dict[str, str], **wanted: str) -> Answer:
        """Newest first; what stands no more may still stand on another device."""
        for message in (*reversed(self.teams.posted()), *reversed(self._kept)):
            for _, node in walk(message.card):
                ours = (
                    (node.get("data") or {}).get("irmer", {}) if node.get("type") == "Action.Execute" else {}
                )
                if ours and all(ours.get(name) == value for name, value in wanted.items()):
                    return self.teams.invoke(
                        message, self._value(message, node, inputs), self._reader(message, who)
                    )
        raise Gone(str(wanted))

    def _value(self, message: Message, node: dict[str, Any], inputs: dict[str, str]) -> dict[str, Any]:
        put = shown_values(message.card)
        if "form" in node["data"]["irmer"]:  # filled in by hand: what is not given was emptied
            put = dict.fromkeys(put, "")
        for name, value in inputs.items():
            day, _, clock = value.partition("T") if f"{name}{TIME}" in put else (value, "", "")
            put |= {n: v for n, v in ((name, day), (f"{name}{TIME}", clock[:5])) if n in put}
        if node.get("associatedInputs") == "none":
            put = {}
        # What is left empty is left out of what is sent, as Microsoft's own renderer does it.
        sent = {name: value for name, value in put.items() if value}
        data = {**node["data"], **sent}
        action = {"type": "Action.Execute", "verb": node["verb"], "title": node["title"], "data": data}
        return {"action": action, "trigger": "manual"}

    def _reader(self, message: Message, who: Member) -> Member:
        members = self.teams.conversations[message.conversation].members
        return who if who.id in members else PEOPLE[min(members)]


def _answered(answer: Answer) -> list[Card | Form]:
    value = answer.body.get("value") if isinstance(answer.body, dict) else None
    if isinstance(value, dict) and "body" in value:
        return [seen(value)]
    return [Card(value)] if isinstance(value, str) else []
