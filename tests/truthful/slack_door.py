"""Slack over its fake: dialogs, the interview in a direct message, or a thread with a colleague."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.cards import Form
from bot.core.messages import (
    Changed,
    Command,
    Done,
    Edited,
    Open,
    Pressed,
    Reply,
    Said,
    Show,
    Submitted,
    What,
)  # fmt: skip
from bot.slack.capabilities import DIRECT, FORMS, TALK
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_people import Person
from tests.fakes.slack_seen import blocks_of
from tests.fakes.slack_state import Message, View, chosen, elements_of, initial
from tests.slack.player import SlackPlayer
from tests.slack.screen import seen, value_of
from tests.truthful.doors import Gone
from tests.truthful.unhurried import LONG

Element = Mapping[str, Any]
ONE_CHOICE = ("radio_buttons", "static_select")


class SlackDoor(SlackPlayer):
    edits = True

    def __init__(self, path: Path, now: datetime, way: str) -> None:
        self.way = way
        self.face = {"dialogs": FORMS, "direct": DIRECT, "thread": TALK}[way]
        self.socket = way == "direct"
        self.people = 2 if way == "thread" else 1
        self._root = ""
        self._kept: list[Message | View] = []  # as they were seen, on a device that is not up to date
        super().__init__(path, now)

    async def _slack(self) -> FakeSlack:
        slack = await FakeSlack(seconds_a_message=0.0, limits=False).__aenter__()
        slack.advance(self.now.timestamp() - slack.now())
        return slack

    @property
    def _persons(self) -> list[Person]:
        return [self.slack.radiographer, self.slack.physicist][: self.people]

    def do(self, what: What, who: int, now: datetime) -> list[Reply]:
        return self._runner.run(self._seen_after(lambda: self._act(what, who), now))

    def both(self, what: What, now: datetime) -> list[Reply]:
        async def act() -> None:
            await asyncio.gather(self._act(what, 0), self._act(what, 1))

        return self._runner.run(self._seen_after(act, now))

    async def _seen_after(self, act: Any, now: datetime) -> list[Reply]:
        self.slack.advance(max(0.0, now.timestamp() - self.slack.now()))
        before = {id(m): m.edits for m in self._messages()}
        views = [(person.view, person.view.hash if person.view else "") for person in self._persons]
        await act()
        await self.world.service.face.work.rest(LONG)
        found: list[Reply] = []
        changed = [m for m in self._messages() if before.get(id(m)) != m.edits]
        for message in sorted(changed, key=lambda m: (id(m) not in before, m.ts)):
            self._keep_sight(message)
            shown = seen(message)
            if shown is not None:
                found.append(Open(shown) if isinstance(shown, Form) else Show(shown))
        for person, (view, hash_) in zip(self._persons, views, strict=True):
            found += self._of_view(person.view, view, hash_)
        return found

    def _of_view(self, now: View | None, before: View | None, hash_: str) -> list[Reply]:
        if now is None:
            return [Done()] if before else []
        if now is before and now.hash == hash_:
            return []
        self._keep_sight(now)
        shown = seen(now)
        if shown is None:
            return []
        return [Open(shown) if isinstance(shown, Form) else Show(shown)]

    def _messages(self) -> list[Message]:
        mine = {"", *(person.id for person in self._persons)}
        return [
            m for c in self.slack.channels.values() for m in c.messages
            if m.by_bot and not m.deleted and m.only_for in mine
        ]  # fmt: skip

    def _keep_sight(self, surface: Message | View) -> None:
        stale = copy(surface)
        stale.typed = dict(surface.typed)
        if isinstance(stale, View):
            stale.content = dict(stale.content)
        self._kept.append(stale)

    # --- what a person does

    async def _act(self, what: What, who: int) -> None:
        person = self._persons[who]
        match what:
            case Command(text):
                await self._closed(person)
                place = self.slack.direct(person.id).id if self.way == "dialogs" else ""
                await person.command(text, place)
            case Said(text):
                await self._said(person, text)
            case Edited(deleted):
                await self._corrected(deleted)
            case Pressed():
                await self._press(what, person)
            case Submitted():
                await self._submit(what, person)
            case Changed():
                surface = self._holding(what.form, what.key)
                await self._put(surface, person, what.input, what.inputs[what.input])

    async def _closed(self, person: Person) -> None:
        while person.view is not None:
            await person.close()

    async def _said(self, person: Person, text: str) -> None:
        if self.way != "thread":
            await person.say(text)
            return
        message = await person.mention(text, thread=self._root)
        self._root = self._root or message.ts

    async def _corrected(self, deleted: bool) -> None:
        own = [m for c in self.slack.channels.values() for m in c.messages if not m.by_bot and not m.deleted]
        if not own:
            raise Gone("nothing was said yet")
        author = self.slack.people[own[-1].user]
        await (author.delete(own[-1]) if deleted else author.edit(own[-1], own[-1].text + ", or so"))

    def _surfaces(self) -> list[Message | View]:
        """Newest first: the open dialogs, what stands in the conversation, and what stood there."""
        live = [*self._messages(), *(person.view for person in self._persons if person.view)]
        return [*reversed(live), *reversed(self._kept)]

    async def _press(self, what: Pressed, person: Person) -> None:
        for surface in self._surfaces():
            for block, element in elements_of(blocks_of(surface)):
                ours = element["type"] == "button" and element["action_id"].partition(":")[2] == what.action
                if ours and element.get("value", "") == what.value:
                    if isinstance(surface, Message):
                        await self._closed(person)
                    for name, value in what.inputs.items():
                        await self._put(surface, person, name, value)
                    reader = self._reader(surface, person)
                    await reader.act(surface, block, {**element, "type": "button"})
                    return
        raise Gone(what.action)

    def _reader(self, surface: Message | View, person: Person) -> Person:
        """Whoever sees it: what is for one alone can be pressed by nobody else."""
        only = surface.user if isinstance(surface, View) else surface.only_for
        return self.slack.people[only] if only else person

    def _holding(self, form: str, key: str) -> Message | View:
        for surface in self._surfaces():
            shown = seen(surface)
            if isinstance(shown, Form) and (shown.name, shown.key) == (form, key):
                return surface
        raise Gone(form)

    async def _submit(self, what: Submitted, person: Person) -> None:
        surface = self._holding(what.form, what.key)
        person = self._reader(surface, person)
        live = isinstance(surface, View) and person.view is surface
        stood = _asked(surface)
        for name in dict(stood):  # what is not told is emptied: what was filled in goes along as it stands
            await self._put(surface, person, name, what.inputs.get(name, ""), live=live)
            if _asked(surface) != stood:  # it asks for something else now: that is read first
                return
        if isinstance(surface, View):
            if not live:  # on another device, where it still stands
                self.slack.stacks.setdefault(person.id, []).append(surface)
            await person.submit()
            if not live and surface in self.slack.stacks[person.id] and len(self.slack.stacks[person.id]) > 1:
                self.slack.stacks[person.id].remove(surface)
            return
        block, button = next(
            (b, e) for b, e in elements_of(surface.blocks)
            if e["type"] == "button" and ":slack.submit:" in e["action_id"]
        )  # fmt: skip
        await person.act(surface, block, {**button, "type": "button"})

    async def _put(
        self, surface: Message | View, person: Person, name: str, value: str, *, live: bool = True
    ) -> None:
        """Fill the inputs of this name; one that tells its changes does so at once."""
        for block, element in elements_of(blocks_of(surface)):
            if block["type"] != "input" or element["action_id"] not in (name, f"{name}.time"):
                continue
            key = (block["block_id"], element["action_id"])
            was = surface.typed.get(key) or initial(element)
            wanted = _state(element, value)
            if value_of(wanted) == value_of(was) or (not value_of(wanted) and element["type"] in ONE_CHOICE):
                continue  # what is chosen can be chosen otherwise, and not be left again
            surface.typed[key] = wanted
            if live and block.get("dispatch_action"):
                await person.act(surface, block, {**wanted, "action_id": element["action_id"]})
                await self.world.service.face.work.rest(LONG)


def _asked(surface: Message | View) -> list[tuple[str, list[str]]]:
    """Each input's name with what can be chosen there."""
    asked = (e for b, e in elements_of(blocks_of(surface)) if b["type"] == "input")
    return [(e["action_id"], [one["value"] for one in e.get("options", ())]) for e in asked]


def _state(element: Element, value: str) -> dict[str, Any]:
    kind = element["type"]
    if kind == "timepicker":
        return {"type": kind, "selected_time": value[11:16] or None}
    if kind == "datepicker":
        return {"type": kind, "selected_date": value[:10] or None}
    if not value and kind in ONE_CHOICE:
        return {"type": kind, "selected_option": None}
    if kind in ("checkboxes", "multi_static_select", "multi_users_select"):
        return chosen(element, [part for part in value.split(",") if part])
    return chosen(element, value)
